"""What can go wrong on a bank's side, each with a code and a sentence in Thai and English.

`Refused` is the hub's own word, signed from gate 2 on; `Unverified` is an answer that must not be believed.
"""

from __future__ import annotations

# code -> (Thai, English): what is the matter, where, what to do.
WORDS: dict[str, tuple[str, str]] = {
    "settings-missing": (
        "ไม่พบไฟล์ตั้งค่า connector.json ในโฟลเดอร์ {folder} โปรดสั่ง i-industry-connector init ก่อน",
        "There is no connector.json in {folder}. Run i-industry-connector init first.",
    ),
    "settings-there": (
        "โฟลเดอร์ {folder} มีกุญแจอยู่แล้ว จึงไม่ทำใหม่ทับของเดิม โปรดเลือกโฟลเดอร์อื่น",
        "{folder} already holds keys, and they are not overwritten. Choose another folder.",
    ),
    "keys-missing": (
        "ไม่พบกุญแจ {file} โปรดสั่ง i-industry-connector init หรือกู้คืนจากสำรอง",
        "The key {file} is missing. Run i-industry-connector init, or restore it from your backup.",
    ),
    "keys-open": (
        "ไฟล์กุญแจ {file} เปิดให้ผู้อื่นอ่านได้ โปรดสั่ง chmod 600 กับไฟล์นี้",
        "Others may read the key {file}. Run chmod 600 on it.",
    ),
    "hub-silent": (
        "ติดต่อ {url} ไม่ได้ โปรดตรวจที่อยู่และเครือข่าย แล้วส่งคำขอเดิมซ้ำด้วยรหัสเดิม",
        "{url} does not answer. Check the address and the network, then send the same call with the same id.",
    ),
    "hub-other": (
        "ศูนย์กลางแจ้งที่อยู่ {issuer} ซึ่งไม่ใช่ {url} ที่ตั้งไว้ โปรดใช้ที่อยู่ที่ศูนย์กลางแจ้ง",
        "The hub says its address is {issuer}, not {url}. Use the address that the hub states.",
    ),
    "hub-key-changed": (
        "กุญแจของศูนย์กลางไม่ตรงกับที่จดไว้ใน hub.json โปรดสอบถามสำนักงานก่อน แล้วจึงลบไฟล์นั้น",
        "The hub's keys are not those noted in hub.json. Ask the office first; then remove that file.",
    ),
    "answer-unsigned": (
        "คำตอบสถานะ {status} ไม่มีลายเซ็นของศูนย์กลาง จึงไม่เชื่อถือ โปรดตรวจว่ามีตัวกลางแก้ไขข้อมูลหรือไม่",
        "The answer (status {status}) bears no signature of the hub and is not believed. Look for something in between.",
    ),
    "answer-wrong": (
        "ลายเซ็นหรือเนื้อหาของคำตอบไม่ถูกต้อง จึงไม่เชื่อถือ โปรดเก็บคำตอบนี้ไว้และแจ้งสำนักงาน",
        "The answer's signature or content is wrong and it is not believed. Keep it and tell the office.",
    ),
    "file-wrong": (
        "อ่านไฟล์ {file} บรรทัด {line} ไม่ได้ ต้องเป็น JSON หนึ่งเหตุการณ์ต่อบรรทัด",
        "Line {line} of {file} cannot be read: one event a line, as JSON.",
    ),
    "key-needed": (
        "ต้องใช้กุญแจสาธารณะของบัญชีเหตุการณ์ โปรดระบุ --key หรือเชื่อมต่อศูนย์กลางหนึ่งครั้งก่อน",
        "The log's public key is needed. Give it by --key, or make one call to the hub first.",
    ),
    "refused": ("ศูนย์กลางปฏิเสธคำขอ", "The hub refused the call."),
}


class ConnectorError(Exception):
    """Something a person can mend. `code` is stable; `th` and `en` say what, where and what to do."""

    def __init__(self, code: str, *, th: str | None = None, en: str | None = None, **facts: object) -> None:
        super().__init__(code)
        words = WORDS.get(code, WORDS["refused"])
        self.code = code
        self.th = th if th is not None else words[0].format(**facts)
        self.en = en if en is not None else words[1].format(**facts)
        self.facts = facts

    def as_json(self) -> dict[str, object]:
        """The fault as the commands print it with `--json`."""
        return {"ok": False, "code": self.code, "th": self.th, "en": self.en}


class Unverified(ConnectorError):  # noqa: N818 - reads as what it says
    """An answer that does not bear the hub's good signature: nothing in it may be believed."""


class Refused(ConnectorError):  # noqa: N818
    """The hub said no (RFC 9457). `is_signed`: the refusal itself was verified; at gate 1 the hub does not sign."""

    def __init__(self, problem: dict[str, object], *, status: int, is_signed: bool) -> None:
        self.problem = problem
        self.status = status
        self.gate = problem.get("gate") if isinstance(problem.get("gate"), int) else None
        self.is_retryable = problem.get("retryable") is True
        self.is_signed = is_signed
        super().__init__(
            str(problem.get("code") or "refused"),
            th=str(problem.get("title_th") or WORDS["refused"][0]),
            en=str(problem.get("title") or WORDS["refused"][1]),
        )

    def as_json(self) -> dict[str, object]:
        """The hub's problem, with what was made of it here."""
        return {**super().as_json(), "status": self.status, "gate": self.gate, "is_signed": self.is_signed,
                "retryable": self.is_retryable, "problem": self.problem}  # fmt: skip
