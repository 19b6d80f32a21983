"""A clerk with a broken spreadsheet, from the refusal to the last row accepted, in a browser.

First a CSV pasted together in two encodings; then the workbook it came from: title lines, headings moved and renamed, numbers whose zeros
are lost, a total line, two rows with faults. How long it takes is printed, not asserted (asked: at most five minutes).
"""

from __future__ import annotations

import csv
import io
import time

import pytest
from openpyxl import Workbook, load_workbook

from story.browser import DESK, PHONE, Theatre, chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TITLE = "รายชื่อผู้เข้าร่วมโครงการ (ข้อมูลสมมติ)"
HEADINGS = ["ที่", "ชื่อกิจการ", "จังหวัดที่ตั้ง", "เลขผู้เสียภาษี", "ปีงบ", "ชื่อโครงการ", "รหัสผู้เข้าร่วมโครงการ"]
CHOICES = {
    "participant_id": "รหัสผู้เข้าร่วมโครงการ",
    "programme": "ชื่อโครงการ",
    "fiscal_year_be": "ปีงบ",
    "name": "ชื่อกิจการ",
    "province": "จังหวัดที่ตั้ง",
    "juristic_id": "เลขผู้เสียภาษี",
}
COUNT, FAULTY = 12, {4: "name", 9: "province"}
PROVINCES = ("มุกดาหาร", "นครพนม", "สกลนคร")


@pytest.fixture(scope="module")
def theatre(stage):
    assert chromium(), "the clerk works in Chromium, which is not here: apt-get install chromium"
    opened = Theatre(stage.base)
    yield opened
    faults = list(opened.faults())
    opened.close()
    assert not faults, "\n".join(faults)


def number(running: int) -> str:
    """A juristic id that is nobody's, with its check digit."""
    twelve = f"04955{99:02d}{running:05d}"
    return twelve + str((11 - sum(int(digit) * (13 - place) for place, digit in enumerate(twelve)) % 11) % 10)


def rows():
    for place in range(1, COUNT + 1):
        name = "" if FAULTY.get(place) == "name" else f"บริษัท เฮือนทอลอง {place} จำกัด"
        province = "เมืองทิพย์" if FAULTY.get(place) == "province" else PROVINCES[place % 3]
        yield [place, name, province, int(number(place)), 2569, "ยกระดับผลิตภาพ", f"MUK-{place:03d}"]


def pasted(path):
    """Six rows in UTF-8, the rest in TIS-620, as two files pasted together."""
    text = io.StringIO()
    csv.writer(text).writerows([[TITLE], HEADINGS, *rows()])
    lines = text.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line.encode("utf-8" if at < 8 else "cp874") for at, line in enumerate(lines)))
    return path


def workbook(path):
    book = Workbook()
    for row in [[TITLE], [], HEADINGS, *rows(), ["", "รวมทั้งสิ้น", "", "", "", "", f"{COUNT} ราย"]]:
        book.active.append(row)
    book.save(path)
    return path


def mended(path, to):
    """The faulty rows as the page gave them, mended as a clerk does: only the marked cells."""
    book = load_workbook(path)
    sheet = book.active
    heading = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        assert row[1].value, "a faulty row without its reason"
        for name, right in (("ชื่อสถานประกอบการ", "บริษัท เฮือนทอลอง 4 จำกัด"), ("จังหวัด", "มุกดาหาร")):
            cell = row[heading.index(name)]
            if cell.value in (None, "", "เมืองทิพย์"):
                cell.value = right
    book.save(to)
    return to


def enter(theatre, viewport):
    walker = theatre.walker(viewport)
    walker.page.goto(theatre.base + "/")
    walker.page.locator("form[action='/demo/enter/wipa'] button").click()
    walker.page.wait_for_load_state("load")
    return walker


def test_a_broken_spreadsheet_becomes_accepted_rows(theatre, tmp_path, capsys):
    began = time.perf_counter()
    wipa = enter(theatre, DESK)
    wipa.go("/agency/upload")
    wipa.page.set_input_files("#file", pasted(tmp_path / "paste.csv"))
    wipa.press("ส่งไฟล์")
    assert "มีตัวอักษรสองแบบปนกัน" in wipa.text()
    assert "แถวที่ 9" in wipa.text(), "the sentence does not say where the second encoding begins"

    wipa.page.set_input_files("#file", workbook(tmp_path / "มุกดาหาร.xlsx"))
    wipa.press("ส่งไฟล์")
    assert "ตรวจว่าระบบเข้าใจคอลัมน์ถูกต้อง" in wipa.text()
    wrong = [one for one, heading in CHOICES.items() if wipa.page.locator(f"#column-{one}").input_value() != heading]
    assert wrong == [], "columns that the clerk has to correct by hand"
    wipa.press("ใช้คอลัมน์เหล่านี้ อ่านไฟล์")
    assert f"รับแล้ว {COUNT - 2} แถว ยังต้องแก้ 2 แถว" in wipa.text(), wipa.text()[:600]

    wipa.page.get_by_text("แก้ในสเปรดชีตแทน").click()
    with wipa.page.expect_download() as download:
        wipa.page.get_by_role("link", name="ดาวน์โหลดแถวที่ต้องแก้").click()
    download.value.save_as(tmp_path / "faulty.xlsx")
    wipa.page.set_input_files("#workbook", mended(tmp_path / "faulty.xlsx", tmp_path / "sent-back.xlsx"))
    wipa.press("ส่งไฟล์ที่แก้แล้ว")
    assert f"รับครบแล้วทั้ง {COUNT} แถว" in wipa.text(), wipa.text()[:600]
    with capsys.disabled():
        print(f"\n  clerk: broken spreadsheet to all {COUNT} rows accepted in {time.perf_counter() - began:.0f} s")


def test_her_own_register_comes_back(theatre, tmp_path):
    wipa = enter(theatre, DESK)
    wipa.go("/agency")
    with wipa.page.expect_download() as download:
        wipa.page.get_by_role("button", name="รับทะเบียนของท่านกลับ").first.click()
    download.value.save_as(tmp_path / "own.csv")
    with (tmp_path / "own.csv").open(encoding="utf-8-sig", newline="") as file:
        back = list(csv.DictReader(file))
    assert len(back) == len({row["รหัสระเบียนของท่าน"] for row in back}) > 100
    assert any(row["เลขทะเบียนนิติบุคคลที่ยืนยันแล้ว"] for row in back)


def test_the_columns_page_fits_a_phone(theatre, tmp_path):
    wipa = enter(theatre, PHONE)
    wipa.page.goto(theatre.base + "/agency/upload")
    path = tmp_path / "others.csv"
    path.write_text("ก,ข,ค\n1,2,3\n", encoding="utf-8")
    wipa.page.set_input_files("#file", path)
    wipa.press("ส่งไฟล์")
    assert "ตรวจว่าระบบเข้าใจคอลัมน์ถูกต้อง" in wipa.text()
