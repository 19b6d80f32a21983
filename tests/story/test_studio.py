"""The studio in a browser: what is typed is tried on the register at once, and a second person signs it into force.

How long a change takes to be answered is printed, not asserted.
"""

from __future__ import annotations

from statistics import median

import pytest

from story.browser import DESK, PHONE, Theatre, chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
RULE = "DIP-D-UPGRADE"
WORKERS = "details.ii-rule__one:has(summary:has-text('จำนวนคนงาน'))"
SAYS = "words => document.getElementById('result').textContent.includes(words)"
TEXT_HAS = "words => document.getElementById('text').value.includes(words)"


@pytest.fixture(scope="module")
def theatre(stage):
    assert chromium(), "the studio is tried in Chromium, which is not here: apt-get install chromium"
    opened = Theatre(stage.base)
    yield opened
    opened.close()


def enters(theatre, door, viewport=DESK, *, script=True):
    walker = theatre.walker(viewport, script=script)
    walker.page.goto(theatre.base + "/")
    walker.page.locator(f"form[action='/demo/enter/{door}'] button").click()
    walker.page.wait_for_load_state("load")
    return walker


@pytest.fixture
def draft(theatre):
    """A draft of the analyst, open in the editor; withdrawn at the end where it was not published."""
    prasit = enters(theatre, "prasit")
    prasit.page.goto(prasit.base + "/studio")
    prasit.page.select_option("#programme", value=RULE)
    prasit.page.get_by_role("button", name="เริ่มร่าง").click()
    prasit.page.wait_for_selector("#text")
    yield prasit
    if prasit.page.get_by_role("button", name="ยกเลิกร่างนี้").count():
        prasit.page.get_by_role("button", name="ยกเลิกร่างนี้").click()
        prasit.page.wait_for_load_state("load")
    assert prasit.faults == []


def test_form_and_text_are_one_draft_and_each_change_is_answered(draft, capsys):
    page = draft.page
    page.locator(f"{WORKERS} summary").click()
    box = page.locator(f"{WORKERS} input[type=text], {WORKERS} input.govuk-input").first
    took = []
    for low in (11, 12, 13, 14, 15):
        started = page.evaluate("performance.now()")
        box.fill(f"{low} – 300")
        box.press("Tab")
        page.wait_for_function(TEXT_HAS, arg=f"[{low}, 300]")
        took.append(page.evaluate("performance.now()") - started)
    assert page.locator(f"{WORKERS}[open]").count() == 1, "a redrawn form closed what stood open"
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text.replace("[15, 300]", "[20, 250]"))
    page.wait_for_function(
        "() => [...document.querySelectorAll('.ii-rule input')].some(one => one.value === '20 – 250')"
    )
    page.locator("#text").fill(text.replace("op: between", "op: betwen"))
    page.wait_for_function(SAYS, arg="ต้องแก้ก่อนส่ง")
    assert page.get_by_role("button", name="ส่งให้ผู้ตรวจ").count() == 0
    with capsys.disabled():
        print(f"\nstudio: a change answered in {median(took):.0f} ms, 150 of them waiting, most {max(took):.0f} ms")


def test_it_is_sent_back_mended_and_brought_into_force_by_a_second_person(draft, theatre):
    page, url = draft.page, draft.page.url
    summary = page.locator("[name='v:summary.en']")
    was = summary.input_value()
    send(page, summary, was + " (free)")
    assert page.get_by_role("button", name="ลงนามประกาศใช้").count() == 0, "its author may sign it"
    suda = enters(theatre, "suda")
    suda.page.goto(f"{suda.base}/studio")
    suda.page.get_by_role("link", name=RULE).first.click()
    suda.page.get_by_label("เหตุผลที่ส่งกลับ").fill("ขอให้แก้ถ้อยคำ")
    suda.page.get_by_role("button", name="ส่งกลับให้แก้").click()
    page.goto(url)
    assert "ขอให้แก้ถ้อยคำ" in draft.text()
    send(page, summary, was + " (no charge)")
    suda.page.goto(url)
    suda.page.get_by_role("button", name="ลงนามประกาศใช้").click()
    assert "ประกาศแล้ว" in suda.text()
    page.goto(f"{draft.base}/programmes/{RULE}")
    page.locator("header button", has_text="English").click()
    assert "(no charge)" in draft.text()
    page.locator("header button", has_text="ภาษาไทย").click()
    page.goto(url)


def send(page, box, words):
    """Change one line, save, and hand it to the checker."""
    box.fill(words)
    page.get_by_role("button", name="บันทึกร่าง").click()
    page.get_by_role("button", name="ส่งให้ผู้ตรวจ").click()
    page.wait_for_selector("h1 .govuk-tag--yellow")


def test_it_works_without_script(theatre):
    prasit = enters(theatre, "prasit", script=False)
    prasit.page.goto(prasit.base + "/studio")
    prasit.page.select_option("#programme", value="DIW-D-FEE")
    prasit.page.get_by_role("button", name="เริ่มร่าง").click()
    before = prasit.page.locator("#text").input_value()
    prasit.page.locator("button[value='add:conditions.all']").click()
    assert prasit.page.locator("#text").input_value() != before
    assert "ถ้าใช้ร่างนี้กับทะเบียนวันนี้" in prasit.text()
    prasit.page.get_by_role("button", name="ยกเลิกร่างนี้").click()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_every_room_of_the_studio_is_whole_in_both_languages(draft, theatre, viewport):
    before = len(theatre.looks)
    draft.page.set_viewport_size(viewport)
    url = draft.page.url
    draft.go(url.removeprefix(draft.base))
    draft.go("/studio")
    draft.go(f"/studio/compare?draft={url.rsplit('/', 1)[1]}")
    draft.page.goto(url)
    assert [f"{look.address} {look.width} {fault}" for look in theatre.looks[before:] for fault in look.faults] == []
