"""The steward's bench in a browser: pairs judged and taken back by keyboard alone, an enterprise split and made whole again.

The next pair must come and the judgement must stand; how long a press takes is printed, not asserted.
"""

from __future__ import annotations

import pytest

from story.browser import DESK, Theatre, chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
START = "เริ่มตรวจจากคู่แรก"
SAVED, UNDONE = "บันทึกแล้ว", "ถอนคำตอบล่าสุดแล้ว"
SHOWN = "performance.getEntriesByName('review:shown').map(one => one.duration)"
NOT_THAT = "was => document.getElementById('review').dataset.pair !== was"
SAYS = "words => document.getElementById('review-said').textContent.includes(words)"
PRESSES = 6


@pytest.fixture(scope="module")
def theatre(stage):
    assert chromium(), "the bench is tried in Chromium, which is not here: apt-get install chromium"
    opened = Theatre(stage.base)
    yield opened
    opened.close()


@pytest.fixture
def chai(theatre):
    """The demo country's steward at a desk."""
    walker = theatre.walker(DESK)
    walker.page.goto(theatre.base + "/")
    walker.page.locator("form[action='/demo/enter/chai'] button").click()
    walker.page.wait_for_load_state("load")
    yield walker
    assert walker.faults == []


class Bench:
    """The panel under the keys."""

    def __init__(self, walker) -> None:
        self.page = walker.page

    @property
    def pair(self) -> str:
        return self.page.locator("#review").get_attribute("data-pair") or ""

    def press(self, *keys: str, says: str = "") -> str:
        """Press keys until another pair stands there, and wait for what is to be said of it; the pair that went."""
        was = self.pair
        for key in keys:
            self.page.keyboard.press(key)
        self.page.wait_for_function(NOT_THAT, arg=was)
        if says:
            self.page.wait_for_function(SAYS, arg=says)
        return was


@pytest.fixture
def bench(chai):
    """The first pair of the queue, reached by the keyboard as well."""
    chai.page.goto(chai.base + "/steward")
    chai.page.get_by_role("button", name=START).focus()
    chai.page.keyboard.press("Enter")
    chai.page.wait_for_selector("#review:focus")
    return Bench(chai)


def test_pairs_are_judged_and_taken_back_by_keyboard_alone(bench, chai, capsys):
    matched = bench.press("y", says=SAVED)
    different = bench.press("n", "2", says=SAVED)
    unsure = bench.press("u", says=SAVED)
    passed_over = bench.press("j")
    assert len({matched, different, unsure, passed_over, bench.pair}) == 5
    bench.press("k")
    assert bench.pair == passed_over
    for expected in (unsure, different, matched):
        bench.press("z", says=UNDONE)
        assert bench.pair == expected
    chai.page.reload()
    chai.page.wait_for_selector("#review:focus")
    assert bench.pair == matched, "the address did not follow the pair"
    assert chai.page.locator("#verdict").count() == 1, "a judgement that was taken back still stands"
    with capsys.disabled():
        print(f"\n{figures(bench)}")


def test_a_judgement_stands_with_its_reason_and_shows_the_weights_only_then(bench, chai):
    assert "บิต" not in chai.text(), "the machine's weight shows before the answer"
    judged = bench.press("n", "3", says=SAVED)
    chai.page.goto(f"{chai.base}/steward/pairs/{judged}")
    text = chai.text()
    assert "ชื่อสามัญที่หลายกิจการใช้" in text
    assert "น้ำหนักทีละข้อ" in text
    assert chai.page.locator("table.ii-fall svg rect").count() >= 3
    chai.look()
    chai.page.get_by_role("button", name="ถอนคำตอบ", exact=True).click()
    assert "คู่นี้กลับมารอตรวจ" in chai.text()


def test_keys_go_by_their_place_and_only_where_the_panel_has_the_focus(bench, chai):
    here = bench.pair
    # what a Thai layout sends for the key that an English one calls y
    thai = "code => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {code, key: 'ั', bubbles: true}))"
    chai.page.get_by_role("link", name="ค้นหาทะเบียน").focus()
    chai.page.evaluate(thai, "KeyY")
    chai.page.locator("#reason-words").focus()
    chai.page.keyboard.type("yuj")
    assert bench.pair == here, "a key acted outside the panel, or while words were typed"
    chai.page.locator("#reason-words").fill("")
    chai.page.locator("#review").focus()
    chai.page.keyboard.press("Shift+Slash")
    chai.page.locator("#review-switch").click()
    chai.page.locator("#review").focus()
    chai.page.evaluate(thai, "KeyY")
    assert bench.pair == here, "a key acted although keys are switched off"
    chai.page.locator("#review-switch").click()
    chai.page.locator("#review").focus()
    chai.page.evaluate(thai, "KeyY")
    chai.page.wait_for_function(NOT_THAT, arg=here)
    chai.page.wait_for_function(SAYS, arg=SAVED)
    bench.press("z", says=UNDONE)
    assert bench.pair == here


def test_an_answer_that_is_refused_brings_its_pair_back(bench, chai):
    here = bench.pair
    chai.page.locator("#review-no button").evaluate("one => { one.value = 'nonsense'; }")
    chai.page.locator("#reason-words").fill("คำที่พิมพ์ไว้")
    chai.page.locator("#review-no button").focus()
    chai.page.keyboard.press("Enter")
    chai.page.wait_for_selector(".govuk-error-summary")
    assert bench.pair == here
    assert chai.page.locator("#reason-words").input_value() == "คำที่พิมพ์ไว้"


def test_pairs_are_judged_without_script(theatre):
    chai = theatre.walker(DESK, script=False)
    chai.page.goto(theatre.base + "/")
    chai.page.locator("form[action='/demo/enter/chai'] button").click()
    chai.page.goto(theatre.base + "/steward")
    chai.page.get_by_role("button", name=START).click()
    first = chai.page.url
    chai.page.locator("#review-no input[value='other-name']").check()
    chai.page.locator("#review-no button").click()
    assert chai.page.url != first
    assert SAVED in chai.text()
    chai.page.get_by_role("button", name="ถอนคำตอบล่าสุด").click()
    assert chai.page.locator("#review").get_attribute("data-pair") in first
    assert UNDONE in chai.text()


def test_every_room_of_the_bench_is_whole_in_both_languages(chai, theatre):
    before = len(theatre.looks)
    chai.go("/steward")
    chai.go("/steward/quality")
    chai.go("/steward/acts")
    chai.go("/steward/versions")
    chai.go("/steward/search?q=ริมโขงแปรรูป")
    chai.page.locator("main a[href*='/steward/enterprise/ENT-']").first.click()
    enterprise = chai.page.url.removeprefix(chai.base)
    chai.go(enterprise)
    chai.go(f"{enterprise}/cluster")
    chai.go(f"{enterprise}/merge")
    faults = [f"{look.address} {fault}" for look in theatre.looks[before:] for fault in look.faults]
    assert [one for one in faults if "Christian year" not in one] == []  # there are companies with a year for a name


def test_an_enterprise_is_split_and_made_whole_again(chai):
    chai.page.goto(chai.base + "/steward/search?q=ริมโขงแปรรูป")
    chai.page.locator("main a[href*='/steward/enterprise/ENT-']").first.click()
    enterprise = chai.page.url.removeprefix(chai.base)
    chai.page.goto(f"{chai.base}{enterprise}/cluster")
    members = chai.page.locator("input[name=record]").evaluate_all("all => all.map(one => one.value)")
    chai.page.locator("input[name=record]").last.check()
    chai.press("ดูผลของการแยกก่อน")
    assert "รหัสใหม่" in chai.text()
    assert "ยังไม่มีอะไรเปลี่ยนแปลง" in chai.text()
    chai.page.locator("#reason").fill("ทดสอบการแยก")
    chai.page.get_by_role("button", name="ยืนยัน").click()
    chai.page.wait_for_selector("h1 .govuk-tag")
    act = chai.page.url
    if "รอผู้อนุมัติคนที่สอง" in chai.text():  # open applications: another steward would have to agree
        chai.press("ถอนเรื่อง")
    else:
        chai.press("ดูผลของการย้อนก่อน")
        chai.page.locator("#reason").fill("ทดสอบการย้อน")
        chai.page.get_by_role("button", name="ยืนยัน").click()
        chai.page.wait_for_selector("h1 .govuk-tag")
        chai.page.goto(act)
        assert "ย้อนแล้ว" in chai.text()
    chai.page.goto(f"{chai.base}{enterprise}/cluster")
    assert chai.page.locator("input[name=record]").evaluate_all("all => all.map(one => one.value)") == members


def figures(bench: Bench) -> str:
    """Milliseconds from a press to the next pair drawn, each press once the next pair stands ready (somebody has read)."""
    for _ in range(PRESSES):
        bench.page.wait_for_selector("#review[data-ready]")
        bench.press("u", says=SAVED)
    for _ in range(PRESSES):
        bench.press("z", says=UNDONE)
    took = sorted(bench.page.evaluate(SHOWN))
    return f"key to next pair: {len(took)} presses, median {took[len(took) // 2]:.0f} ms, most {took[-1]:.0f} ms"
