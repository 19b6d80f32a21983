"""The value of a condition as a person types it, and as the document holds it: baht, Thai digits, Buddhist years, words.

A policy officer writes “2 ล้าน”, “วิสาหกิจขนาดย่อม” or “1/1/2570”; the document holds 200000000, `small` and
"2027-01-01". Invariant: `typed(spec, op, shown(spec, op, value)) == value` for every value that a rule may hold.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from iindustry.kernel import money, thaidate
from iindustry.kernel.errors import Rejected
from iindustry.programmes import drafting
from iindustry.programmes.tree import Op

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iindustry.programmes.facts import FactSpec

LISTS = frozenset({Op.IN, Op.NOT_IN, Op.PREFIX, Op.HAS_ANY, Op.HAS_ALL})
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_BETWEEN = re.compile(r"\s+(?:–|-|ถึง|to|and|และ)\s+|\s*,\s+")
_SPLIT = re.compile(r"\s*[,;\n]\s*")
_SCALED = re.compile(r"(-?[\d.,]+)\s*(.*)", re.DOTALL)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_BUDDHIST = 2400
_MULTIPLES: Mapping[str, int] = {
    "": 1, "บาท": 1, "baht": 1, "พัน": 1_000, "พันบาท": 1_000, "หมื่น": 10_000, "แสน": 100_000, "แสนบาท": 100_000,
    "ล้าน": 1_000_000, "ล้านบาท": 1_000_000, "ลบ.": 1_000_000, "ลบ": 1_000_000, "million": 1_000_000,
    "million baht": 1_000_000, "mb": 1_000_000, "m": 1_000_000,
}  # fmt: skip
_TRUE = frozenset({"true", "yes", "ใช่", "ต้องใช่", "มี"})
_FALSE = frozenset({"false", "no", "ไม่", "ไม่ใช่", "ไม่มี"})


def shown(spec: FactSpec, op: Op | str, value: Any, *, thai: bool = False) -> str:
    """A value of a document as the form shows it; a reference (`{set: …}`, `{param: …}`) as written.

    `thai`: days are written d/m/y of the Buddhist era, as people type them.
    """
    if value is None:
        return ""
    if isinstance(value, dict):
        return drafting.written(value)
    if op in {Op.KNOWN, Op.WITHIN_DAYS}:
        return drafting.written(value)
    if isinstance(value, list):
        joint = " – " if op == Op.BETWEEN else ", "
        return joint.join(_shown(spec, one, thai=thai) for one in value)
    return _shown(spec, value, thai=thai)


def typed(spec: FactSpec, op: Op | str, text: str) -> Any:
    """What a typed text is as the document's value. Raises Rejected `draft-value` (field, type, example)."""
    text = text.strip().translate(_DIGITS)
    if text.startswith("{") and op != Op.BETWEEN:
        return _reference(spec, text)
    if op == Op.KNOWN:
        return _boolean(spec, text)
    if op == Op.WITHIN_DAYS:
        return _whole(spec, text)
    if op == Op.BETWEEN:
        ends = [one for one in _BETWEEN.split(text) if one]
        return [_typed(spec, one) for one in ends] if len(ends) == len("ab") else _refuse(spec, text)
    if op in LISTS or spec.type == "set":
        parts = [one for one in _SPLIT.split(text) if one]
        return [_typed(spec, one) for one in parts] if parts or spec.type == "set" else _refuse(spec, text)
    return _typed(spec, text)


def example(spec: FactSpec) -> str:
    """What a value of this fact looks like when it is typed."""
    return next(iter(spec.codes), "") or _EXAMPLES[spec.type]


_EXAMPLES: Mapping[str, str] = {
    "int": "24", "money": "2,000,000", "decimal": "0.5", "date": "2570-01-31", "bool": "true", "code": "20",
    "text": "…", "set": "มอก. 866",
}  # fmt: skip


def _typed(spec: FactSpec, text: str) -> Any:
    if not text:
        return _refuse(spec, text)
    if text.startswith("{"):
        return _reference(spec, text)
    return _READERS[spec.type](spec, text)


def _reference(spec: FactSpec, text: str) -> Any:
    found = drafting.plain(f"value: {text}\n")
    return found["value"] if found else _refuse(spec, text)


def _shown(spec: FactSpec, value: Any, *, thai: bool) -> str:
    if isinstance(value, dict):
        return drafting.written(value)
    if spec.type == "money" and isinstance(value, int):
        return money.baht_text(value).removesuffix(".00")
    if spec.type == "bool" and isinstance(value, bool):
        return "true" if value else "false"
    if thai and spec.type == "date" and (found := _ISO.fullmatch(str(value))):
        year, month, day = (int(one) for one in found.groups())
        return f"{day}/{month}/{year + thaidate.BE_OFFSET}"
    return str(value)


def _boolean(spec: FactSpec, text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    return bool(_refuse(spec, text))


def _whole(spec: FactSpec, text: str) -> int:
    bare = text.replace(",", "")
    return int(bare) if re.fullmatch(r"-?\d+", bare) else int(_refuse(spec, text))


def _money(spec: FactSpec, text: str) -> int:
    found = _SCALED.fullmatch(text)
    times = _MULTIPLES.get(found.group(2).strip().lower()) if found else None
    try:
        amount = Decimal(found.group(1).replace(",", "")) * times if found and times else None
    except InvalidOperation:
        amount = None
    if amount is None or amount * money.SATANG_PER_BAHT != int(amount * money.SATANG_PER_BAHT):
        return int(_refuse(spec, text))
    return int(amount * money.SATANG_PER_BAHT)


def _decimal(spec: FactSpec, text: str) -> str:
    bare = text.replace(",", "")
    share = bare.endswith("%")
    try:
        number = Decimal(bare.removesuffix("%").strip()) / (100 if share else 1)
    except InvalidOperation:
        return str(_refuse(spec, text))
    return f"{number:f}" if share else bare


def _date(spec: FactSpec, text: str) -> str:
    for pattern, order in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})", (0, 1, 2)),
        (r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", (2, 1, 0)),
    ):
        if found := re.fullmatch(pattern, text):
            parts = [int(one) for one in found.groups()]
            year, month, day = (parts[i] for i in order)
            try:
                return date(year - (thaidate.BE_OFFSET if year > _BUDDHIST else 0), month, day).isoformat()
            except ValueError:
                break
    return str(_refuse(spec, text))


def _code(spec: FactSpec, text: str) -> str:
    for code, words in spec.code_words.items():
        if text in {words.th, words.en}:
            return code
    return text


def _refuse(spec: FactSpec, text: str) -> Any:
    raise Rejected("draft-value", field=spec.name, value=text[:60], type=spec.type, example=example(spec))


_READERS: Mapping[str, Callable[[FactSpec, str], Any]] = {
    "int": _whole,
    "money": _money,
    "decimal": _decimal,
    "date": _date,
    "bool": _boolean,
    "code": _code,
    "text": _code,
    "set": _code,
}
