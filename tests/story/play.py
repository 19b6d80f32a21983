"""The story of docs/story.md, played in a browser: each step does what a person would, checks the result, and is timed.

Owner at 360 px, officers at 1280 px. EXIM's part is played by the bank's own tool, the connector, over HTTP.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iindustry.kernel.clock import BANGKOK
from iindustry.kernel.thaidate import short_th
from story.browser import DESK, PHONE, Theatre, Walker

if TYPE_CHECKING:
    from collections.abc import Callable

    from stage import Stage

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FORM = {
    "amount_satang": "2500000", "use_words": "ซื้อเครื่องบรรจุสุญญากาศ 1 เครื่อง", "tenor_months": "60",
    "revenue_expected_satang": "48000000", "contact_phone": "0812345678",
}  # fmt: skip
CHOICES = ("use_code", "collateral_code")
PATIENCE_SECONDS = 90


@dataclass
class Play:
    """What the story needs while it runs, and what it found."""

    stage: Stage
    theatre: Theatre
    folder: Path
    pictures: Path | None
    steps: list[tuple[str, float]] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)

    def enter(self, door: str, viewport: dict[str, int]) -> Walker:
        """Somebody enters by a door of the demo country."""
        walker = self.theatre.walker(viewport)
        walker.page.goto(self.theatre.base + "/")
        walker.page.locator(f"form[action='/demo/enter/{door}'] button").click()
        walker.page.wait_for_load_state("load")
        walker.look()
        return walker

    def picture(self, walker: Walker, name: str, path: str) -> None:
        """Renew one of the README's pictures, in both languages."""
        if self.pictures is None:
            return
        for language in ("th", "en"):
            walker.page.goto(self.theatre.base + path)
            if walker.page.locator("html").get_attribute("lang") != language:
                walker.page.locator("form[action='/i18n/setlang/'] button").click()
                walker.page.wait_for_load_state("load")
            walker.page.screenshot(path=self.pictures / f"{name}-{language}.png")
        walker.page.locator("form[action='/i18n/setlang/'] button").click()
        walker.page.wait_for_load_state("load")

    def bank_system(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """EXIM's system makes one call with its own key."""
        done = subprocess.run(
            [sys.executable, "-m", "iindustry_connector", *arguments, "--folder", str(self.stage.home / "demo" / "exim"), "--json"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, json.loads(done.stdout or done.stderr)


def first_page(play: Play) -> None:
    """The strip is full, the memorandum in force, the log verified."""
    visitor = play.theatre.walker(DESK)
    visitor.go("/")
    text = visitor.text()
    for words in ("รู้แล้วไม่ถามซ้ำ", "มีผลบังคับ", "ตรวจแล้วครบถ้วน", "แม่นยำ"):
        assert words in text, words
    assert visitor.page.locator(".ii-map path[class^=c]").count() >= 5, "an empty map"
    play.picture(visitor, "first", "/")
    for path in (
        "/check",
        "/programmes",
        "/agreements",
        "/verify",
        "/developers",
        "/health",
        "/privacy",
        "/terms",
        "/accessibility",
        "/scoreboard",
    ):
        visitor.go(path)
    phone = play.theatre.walker(PHONE)
    for path in ("/", "/check", "/programmes", "/scoreboard", "/agreements"):
        phone.go(path)


def the_clerk(play: Play) -> None:
    """A DIP file that is broken in three places is mended in the page, and its rows join."""
    wipa = play.enter("wipa", DESK)
    wipa.go("/agency/upload")
    with wipa.page.expect_download() as download:
        wipa.page.get_by_role("link", name="dip-broken.csv").click()
    broken = play.folder / "dip-broken.csv"
    download.value.save_as(broken)
    wipa.page.set_input_files("#file", broken)
    wipa.press("ส่งไฟล์")
    assert "รับแล้ว 9 แถว ยังต้องแก้ 3 แถว" in wipa.text(), wipa.text()[:400]
    faulty = wipa.page.locator("input.govuk-input--error")
    assert faulty.count() == 3
    right = _mended(play.stage.home / "demo" / "country" / "samples" / "dip-mended.csv")
    for place in range(3):
        cell = faulty.nth(place)
        row = int((cell.get_attribute("name") or "").removeprefix("r").split("-", 1)[0])
        heading = wipa.page.locator(f"label[for='{cell.get_attribute('id')}']").inner_text()
        cell.fill(right[row][heading])
    wipa.press("ส่งแถวที่แก้แล้ว")
    assert "รับครบแล้วทั้ง 12 แถว" in wipa.text(), wipa.text()[:600]
    address = wipa.page.url
    _until(lambda: _joined(wipa, address), "her rows joined the register")
    wipa.look()
    wipa.go("/agency")


def _mended(file: Path) -> dict[int, dict[str, str]]:
    """What the clerk reads in her own papers: the cells of the mended file, by line and heading."""
    lines = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    top = next(at for at, line in enumerate(lines) if "รหัสผู้เข้าร่วม" in line)
    return {at + 1: dict(zip(lines[top], line, strict=True)) for at, line in enumerate(lines) if at > top}


def _joined(wipa: Walker, address: str) -> bool:
    wipa.page.goto(address)
    return "รุ่นถัดไป" not in wipa.text()


def the_owner_sees(play: Play) -> None:
    """Malee, on a phone: her enterprise with sources and dates, a name misspelt elsewhere, one correction asked."""
    malee = play.enter("malee", PHONE)
    play.seen["malee"] = malee
    malee.go("/my/enterprise")
    text = malee.text()
    assert "ริมโขงแปรรูปอาหาร" in text
    assert "กรมพัฒนาธุรกิจการค้า" in text and "พ.ศ." not in malee.page.title()
    assert "อีกทะเบียนระบุว่า" in text, "the misspelt name of the factory register does not show"
    play.picture(malee, "owner", "/my/enterprise")
    malee.go("/my/enterprise")
    malee.page.locator("a[href^='/my/enterprise/correct/factory.worker_count']").first.click()
    malee.page.wait_for_load_state("load")
    malee.look()
    malee.page.fill("#proposed", "45")
    malee.page.fill("#reason", "แบบแจ้งประกันสังคม ต.ค. 2569")
    malee.press("ส่งคำขอแก้ไข")
    malee.go("/my/enterprise")
    assert "อยู่ระหว่างขอแก้ไข" in malee.text()


def what_fits(play: Play) -> None:
    """What fits can be applied for at once; another is one step away, and the page says which step."""
    malee: Walker = play.seen["malee"]
    malee.go("/my/opportunities")
    text = malee.text()
    fits, rest = text.split("อีกขั้นเดียว (", 1)
    assert "สินเชื่อเสริมแกร่งเศรษฐกิจพื้นที่" in fits
    fitting = malee.page.locator("section[aria-labelledby=fits] a[href='/my/apply/SMED-D-LOCAL']")
    assert fitting.count() == 1, "what fits cannot be applied for"
    assert "สินเชื่อเพิ่มผลิตภาพสีเขียว" in rest.split("ต้องเปลี่ยนมากกว่านั้น")[0]
    assert "greenindustry.diw.go.th" in rest


def one_application(play: Play) -> None:
    """At most ten fields typed, the rest from the registers; consent read, sent."""
    malee: Walker = play.seen["malee"]
    malee.go("/my/apply/SMED-D-LOCAL")
    malee.press("เริ่มคำขอ")
    play.seen["case"] = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", malee.page.url)[0]  # type: ignore[index]
    malee.page.get_by_role("link", name="กรอกแบบคำขอ").click()
    malee.page.wait_for_load_state("load")
    malee.look()
    page = malee.page
    typed = page.locator("main form[method=post]:not([action]) :is(input:not([type=hidden]), select, textarea)").count()
    assert typed <= 10, f"{typed} fields to type"
    malee.press("บันทึกและกลับไปรายการ")
    page.get_by_role("link", name="กรอกแบบคำขอ").click()
    for name, text in FORM.items():
        page.fill(f"#f-{name}", text)
    for name in CHOICES:
        page.select_option(f"#f-{name}", index=1)
    malee.press("บันทึกและกลับไปรายการ")
    share = re.search(r"คิดเป็น (\d+\.\d) %", malee.text())
    assert share, malee.text()[:300]
    play.seen["prefilled"] = float(share[1])
    assert play.seen["prefilled"] >= 80
    page.get_by_role("link", name="ตรวจคำตอบ").click()
    page.wait_for_load_state("load")
    malee.look()
    page.get_by_role("button", name="ถัดไป: ความยินยอม").click()
    page.wait_for_load_state("load")
    malee.look()
    malee.press("ยินยอมและส่งคำขอ")
    assert "ยังส่งไม่ได้" in malee.text(), "sent without a tick"
    page.check("#agree")
    malee.press("ยินยอมและส่งคำขอ")
    assert re.search(r"I-[0-9A-Z]{4}-[0-9A-Z]{2}", malee.text()), malee.text()[:300]


def the_desk_asks(play: Play) -> None:
    """Anan opens her file under her consent and asks for one paper."""
    anan = play.enter("anan", DESK)
    play.seen["anan"] = anan
    anan.go("/bank")
    anan.go(f"/bank/applications/{play.seen['case']}")
    assert "ริมโขงแปรรูปอาหาร" in anan.text()
    play.picture(anan, "bank", f"/bank/applications/{play.seen['case']}")
    anan.go(f"/bank/applications/{play.seen['case']}")
    anan.press("รับเรื่องนี้")
    anan.page.select_option("#ask-code", index=1)
    anan.page.fill("#ask-words", "ขอใบเสนอราคาเครื่องบรรจุ")
    due = anan.page.locator("#due_day"), anan.page.locator("#due_month"), anan.page.locator("#due_year")
    for box, text in zip(due, ("30", "12", "2569"), strict=True):
        box.fill(text)
    anan.press("ขอเอกสาร")
    assert "รอ" in anan.text()
    kanya = play.enter("kanya", DESK)
    kanya.page.goto(f"{play.theatre.base}/bank/applications/{play.seen['case']}")
    assert "ไม่พบหน้านี้" in kanya.text(), "the other bank sees the case"


def the_owner_answers(play: Play) -> None:
    """Malee sends the paper from her phone."""
    malee: Walker = play.seen["malee"]
    malee.go("/my")
    malee.go(f"/my/applications/{play.seen['case']}")
    malee.page.locator("main a[href*='/papers/']").first.click()
    malee.page.wait_for_load_state("load")
    malee.look()
    paper = play.folder / "quotation.pdf"
    paper.write_bytes(PDF)
    malee.page.set_input_files("#file", paper)
    malee.press("ส่งเอกสาร")
    assert "ขอเอกสารหนึ่งอย่าง" not in malee.text()


def the_desk_pays(play: Play) -> None:
    """Anan approves, and records a first payment."""
    anan: Walker = play.seen["anan"]
    anan.go(f"/bank/applications/{play.seen['case']}")
    if anan.page.get_by_role("button", name="เริ่มวิเคราะห์").count():
        anan.press("เริ่มวิเคราะห์")
    page = anan.page
    page.fill("#approve-amount_satang", "2500000")
    page.fill("#approve-tenor_months", "60")
    page.fill("#approve-rate", "3.00 % ต่อปี ปีที่ 1–3")
    anan.press(re.compile("^อนุมัติ$"))
    page.fill("#disburse-amount_satang", "1000000")
    anan.press("บันทึกการเบิกจ่าย")
    assert "1,000,000.00" in anan.text()


def the_machine_declines(play: Play) -> None:
    """EXIM's system reads a consented profile and declines with a reason and a date; the owner reads why."""
    code, news = play.bank_system("events", "list")
    assert code == 0, news
    sent = next(one for one in news["events"] if one["type"].endswith("application.submitted"))
    application, consent = sent["data"]["application_id"], sent["data"]["consent_id"]
    play.seen["exim_consent"] = consent
    code, profile = play.bank_system("get", consent, "--purpose", "LOAN_UNDERWRITING")
    assert code == 0 and profile["fields"]["entity.juristic_id"], profile
    now = datetime.now(BANGKOK)
    decision = {
        "specversion": "1.0", "id": "exim-decision-1", "source": "TH-TEST/BANK/0994000000031/loans", "sequence": 1,
        "type": "th.go.industry.loan.application.decided", "subject": application, "time": now.isoformat(),
        "datacontenttype": "application/json",
        "data": {"application_id": application, "consent_id": consent, "occurred_at": now.isoformat(), "decision": "declined",
                 "decided_at": now.isoformat(), "reason_codes": ["R2"], "is_curable": True},
    }  # fmt: skip
    file = play.folder / "decision.ndjson"
    file.write_text(json.dumps(decision) + "\n", encoding="utf-8")
    code, answer = play.bank_system("events", "send", str(file))
    assert code == 0 and answer["ok"], answer
    again_code, again = play.bank_system("events", "send", str(file))
    assert again_code == 0 and again["ok"], "the same event again is not the same answer"
    code, _ = play.bank_system("get", consent, "--purpose", "LOAN_UNDERWRITING")
    assert code == 1, "the consent of a closed case still opens"
    somchai = play.enter("somchai", PHONE)
    play.seen["somchai"] = somchai
    somchai.go(f"/my/applications/{application}")
    assert "หลักประกัน" in somchai.text(), somchai.text()[:400]
    assert short_th(now.date()) in somchai.text()


def the_funnel_moves(play: Play) -> None:
    """The analyst's funnel holds the new cases."""
    prasit = play.enter("prasit", DESK)
    _until(lambda: _disbursed(prasit) >= play.seen["disbursed_before"] + 1, "the funnel moved by one")
    prasit.go("/policy")
    prasit.go("/scoreboard")


def _disbursed(walker: Walker) -> int:
    """Cases that were paid, three years of history among them: fewer than ten of today are told to nobody."""
    walker.page.goto(walker.base + "/policy")
    last_step = walker.page.locator("ol progress").last
    return int(last_step.get_attribute("value") or 0)


def before_the_funnel(play: Play) -> None:
    """What the analyst sees at first."""
    prasit = play.enter("prasit", DESK)
    play.seen["disbursed_before"] = _disbursed(prasit)


def consent_is_taken_back(play: Play) -> None:
    """Malee withdraws the consent; the bank's next look is refused with a sentence, and nothing is lost."""
    malee: Walker = play.seen["malee"]
    malee.go("/my/consents")
    malee.page.get_by_role("button", name=re.compile("ถอนความยินยอม")).first.click()
    malee.page.wait_for_load_state("load")
    malee.look()
    malee.press("ยืนยันการถอน")
    anan: Walker = play.seen["anan"]
    anan.go(f"/bank/applications/{play.seen['case']}")
    text = anan.text()
    assert "ข้อมูลของกิจการปิดแล้ว" in text, text[:500]
    assert "48,000,000" not in text and "42,000,000" not in text, "data shows after the withdrawal"


def the_machine_is_refused(play: Play) -> None:
    """Somchai applies again at EXIM, its system reads; he withdraws; its next call is refused with the code."""
    somchai: Walker = play.seen["somchai"]
    page = somchai.page
    somchai.go("/my/apply/EXIM-D-SCURVE")
    somchai.press("เริ่มคำขอ")
    page.get_by_role("link", name="กรอกแบบคำขอ").click()
    for name, text in FORM.items():
        page.fill(f"#f-{name}", text)
    for name in CHOICES:
        page.select_option(f"#f-{name}", index=1)
    somchai.press("บันทึกและกลับไปรายการ")
    page.get_by_role("link", name="ให้ความยินยอมและส่ง").click()
    page.check("#agree")
    somchai.press("ยินยอมและส่งคำขอ")
    _, news = play.bank_system("events", "list")
    consent = [one for one in news["events"] if one["type"].endswith("application.submitted")][-1]["data"]["consent_id"]
    code, profile = play.bank_system("get", consent, "--purpose", "LOAN_UNDERWRITING")
    assert code == 0, profile
    somchai.go("/my/consents")
    page.get_by_role("button", name=re.compile("ถอนความยินยอม")).first.click()
    page.get_by_role("button", name="ยืนยันการถอน").click()
    page.wait_for_load_state("load")
    code, refused = play.bank_system("get", consent, "--purpose", "LOAN_UNDERWRITING")
    assert code == 1 and refused["code"] == "consent-revoked", refused
    assert refused["th"] and refused["en"], refused


def the_proof(play: Play) -> None:
    """Who saw her data; the receipt verifies in the auditor's page, by the command and by the bank's tool, offline."""
    malee: Walker = play.seen["malee"]
    malee.go("/my/seen")
    assert "ธนาคารพัฒนาวิสาหกิจ" in malee.text() or "ธพว." in malee.text()
    receipt = play.folder / "look.tlog-proof"
    with malee.page.expect_download() as download:
        malee.page.get_by_role("link", name=re.compile("ดาวน์โหลดหลักฐาน")).first.click()
    download.value.save_as(receipt)
    nida = play.enter("nida", DESK)
    for path in ("/audit", "/audit/agreements", "/audit/consents", "/audit/verify"):
        nida.go(path)
    nida.press("ตรวจทั้งบัญชีเดี๋ยวนี้")
    assert "บัญชีครบถ้วน ไม่ถูกแก้ไข" in nida.text(), nida.text()[:400]
    nida.go("/audit/verify")
    nida.page.set_input_files("#receipt_file", receipt)
    nida.press("ตรวจหลักฐาน")
    assert "หลักฐานถูกต้อง" in nida.text(), nida.text()[:400]
    forged = play.folder / "forged.tlog-proof"
    text = receipt.read_text(encoding="utf-8")
    forged.write_text(
        text.replace("LOAN_UNDERWRITING", "LOAN_MONITORING") if "LOAN_UNDERWRITING" in text else text[:-40] + "x" * 40,
        encoding="utf-8",
    )
    visitor = play.theatre.walker(DESK)
    visitor.go("/verify")
    visitor.page.set_input_files("#receipt_file", forged)
    visitor.press("ตรวจหลักฐาน")
    assert "หลักฐานใช้ไม่ได้" in visitor.text(), visitor.text()[:400]


def the_steward(play: Play) -> None:
    """The steward's queue, search and one enterprise with every competing value."""
    chai = play.enter("chai", DESK)
    chai.go("/steward")
    chai.go("/steward/search?q=ริมโขงแปรรูป")
    assert "ริมโขงแปรรูปอาหาร" in chai.text()
    chai.page.locator("main a[href*='/steward/enterprise/ENT-']").first.click()
    chai.page.wait_for_load_state("load")
    chai.look()


def anyone(play: Play) -> None:
    """The scoreboard downloads as CSV with its definitions; an owner without JavaScript reads her pages as well."""
    visitor = play.theatre.walker(DESK)
    visitor.go("/scoreboard")
    with visitor.page.expect_download() as download:
        visitor.page.evaluate("location.href = '/scoreboard.csv'")
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert any(line.startswith("#") for line in lines) and len(lines) > 100
    plain = play.theatre.walker(PHONE, script=False)
    plain.page.goto(play.theatre.base + "/")
    plain.page.locator("form[action='/demo/enter/malee'] button").click()
    plain.page.goto(play.theatre.base + "/my/enterprise")
    assert "ริมโขงแปรรูปอาหาร" in plain.text()


STEPS: tuple[tuple[str, Callable[[Play], None]], ...] = (
    ("the first page, and the pages for everybody", first_page),
    ("the analyst, before", before_the_funnel),
    ("a clerk mends a file broken in three places; her rows join", the_clerk),
    ("the owner sees her business and asks for one correction", the_owner_sees),
    ("one product fits, another is one step away", what_fits),
    ("one application: at most ten fields, consent, sent", one_application),
    ("the officer opens it and asks for one paper; the other bank sees nothing", the_desk_asks),
    ("the owner sends the paper", the_owner_answers),
    ("the officer approves and pays", the_desk_pays),
    ("EXIM's system declines another firm with a reason and a date", the_machine_declines),
    ("the analyst's funnel has moved by one", the_funnel_moves),
    ("she withdraws a consent; the bank's desk is refused", consent_is_taken_back),
    ("another withdraws; the bank's system is refused", the_machine_is_refused),
    ("the auditor verifies the log and her receipt; a forged one is found", the_proof),
    ("the steward finds every value and where it came from", the_steward),
    ("anyone downloads the scoreboard", anyone),
)


def perform(stage: Stage, folder: Path, pictures: Path | None, tell: Callable[[str], None]) -> Play:
    """Play every step in order; a step that fails stops the story with its name."""
    theatre = Theatre(stage.base)
    play = Play(stage, theatre, folder, pictures)
    try:
        for number, (name, step) in enumerate(STEPS, start=1):
            began = time.monotonic()
            try:
                step(play)
            except Exception:
                _leave_a_picture(play, folder)
                raise
            seconds = time.monotonic() - began
            play.steps.append((name, seconds))
            tell(f"  {number:2d}. {name}: {seconds:.1f} s")
        return play
    finally:
        theatre.close()


def _leave_a_picture(play: Play, folder: Path) -> None:
    for number, context in enumerate(play.theatre.contexts()):
        for page in context.pages:
            page.screenshot(path=folder / f"failed-{number}.png", full_page=True)
            (folder / f"failed-{number}.txt").write_text(f"{page.url}\n{page.inner_text('body')}", encoding="utf-8")


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE_SECONDS} s in vain: {what}")
        time.sleep(0.5)  # the worker is another process: nothing tells when it is done but what it leaves
