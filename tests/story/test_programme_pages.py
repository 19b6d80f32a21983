"""From a search to what fits, in a browser: a stranger on a phone without a script, and an owner who answers and compares."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from story.browser import DESK, PHONE, Theatre, chromium

if TYPE_CHECKING:
    from story.browser import Walker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LEAST_PX = 44


@pytest.fixture(scope="module")
def theatre(stage):
    assert chromium(), "the pages are read in Chromium, which is not here: apt-get install chromium"
    opened = Theatre(stage.base)
    yield opened
    faults = list(opened.faults())
    opened.close()
    assert not faults, "\n".join(faults)


def press(walker: Walker, locator: str) -> None:
    walker.page.locator(locator).first.click()
    walker.page.wait_for_load_state("load")


def answer_five(walker: Walker) -> None:
    page = walker.page
    page.select_option("#activity", "food_processing")
    page.select_option("#province", "49")
    page.fill("#workers", "38")
    page.fill("#revenue", "42 ล้าน")
    page.check("input[name=use][value=machinery]")
    press(walker, "#check .govuk-button")


def counts(walker: Walker) -> list[int]:
    return [int(text) for text in walker.page.locator(".ii-counts b").all_inner_texts()]


def test_a_stranger_on_a_phone_gets_from_a_search_to_what_fits_without_a_script(theatre):
    walker = theatre.walker(PHONE, script=False)
    page = walker.page
    page.goto(theatre.base + "/programmes")
    page.fill("#q", "กู้เงินซื้อเครื่องจักร")
    press(walker, ".ii-search button")
    assert page.locator(".ii-chips a").count() == 2
    page.get_by_role("link", name="สินเชื่อเพิ่มผลิตภาพสีเขียว").click()
    page.wait_for_load_state("load")
    page.fill("#amount", "2 ล้าน")
    page.fill("#tenor", "60")
    page.get_by_role("button", name="คำนวณ").click()
    page.wait_for_load_state("load")
    assert "2,000,000.00" in walker.text()
    assert "ดอกเบี้ยตลอดสัญญารวม" in walker.text()
    page.get_by_role("link", name="กิจการของฉันได้สิทธินี้ไหม").click()
    page.wait_for_load_state("load")
    answer_five(walker)
    before = counts(walker)
    asked = page.locator("#answers fieldset")
    assert 1 <= asked.count() <= 2
    for place in range(asked.count()):
        page.check(f"#q-{place + 1}-1")
    press(walker, "#answers .govuk-button")
    after = counts(walker)
    assert sum(after) == sum(before)
    assert after[1] < before[1], "two answers settled nothing"
    assert page.locator("#answers fieldset").count() == 0, "a third question"
    assert "food_processing" not in page.url
    assert "ที่ท่านถามถึง" in walker.text()


@pytest.mark.parametrize(
    ("viewport", "paths"),
    [
        (
            PHONE,
            ("/programmes?q=green&state=open&amount=1+million", "/programmes?q=ฮฮฮฮ", "/programmes/EXIM-D-ZONE",
             "/programmes/SMED-D-GREEN?amount=99999999999", "/programmes/SMED-GREENPROD", "/check?programme=SMED-D-GREEN"),
        ),
        (DESK, ("/programmes?owner=exim", "/programmes/SMED-D-GREEN", "/programmes/DIW-D-FEE/document")),
    ],
    ids=["phone", "desk"],
)  # fmt: skip
def test_open_pages_are_whole_in_both_languages(theatre, viewport, paths):
    walker = theatre.walker(viewport)
    for path in paths:
        walker.go(path)
    walker.page.goto(theatre.base + "/check")
    press(walker, "#check .govuk-button")
    walker.look()
    answer_five(walker)
    walker.look()


def test_the_language_is_changed_in_the_middle_and_nothing_typed_is_lost(theatre):
    walker = theatre.walker(PHONE)
    walker.page.goto(theatre.base + "/check")
    walker.page.fill("#workers", "38")
    press(walker, "header button[name='speak']")
    assert walker.page.locator("html").get_attribute("lang") == "en"
    assert walker.page.input_value("#workers") == "38"
    answer_five(walker)
    told = counts(walker)
    press(walker, "header button[name='speak']")
    assert walker.page.locator("html").get_attribute("lang") == "th"
    assert counts(walker) == told
    walker.look()


def test_what_a_thumb_presses_is_large_enough(theatre):
    walker = theatre.walker(PHONE)
    for path in ("/programmes?owner=exim", "/check"):
        walker.page.goto(theatre.base + path)
        small = walker.page.evaluate(
            """least => [...document.querySelectorAll(
                 'main .govuk-button, main .ii-chips a, main .ii-card h3 a, main summary, main input:not([type=radio]):not([type=hidden]), main select')]
               .filter(one => one.offsetParent !== null && one.getBoundingClientRect().height < least)
               .map(one => one.outerHTML.slice(0, 120))""",
            LEAST_PX - 0.5,
        )
        assert small == [], path


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_an_owner_sees_what_fits_answers_in_place_and_compares_three(theatre, viewport):
    walker = theatre.walker(viewport)
    page = walker.page
    page.goto(theatre.base + "/")
    press(walker, "form[action='/demo/enter/malee'] button")
    page.goto(theatre.base + "/my/opportunities?use=machinery&amount=1+million&first=cost")
    if viewport is PHONE:
        walker.look()
    before = counts(walker)
    if page.locator("#answers fieldset").count():
        page.check("#q-1-1")
        press(walker, "#answers .govuk-button")
        if viewport is DESK:
            walker.look()
        assert sum(counts(walker)) == sum(before)
        assert "ท่านตอบไว้" in walker.text()
        assert not re.search(r"q-", page.url), "an answer stands in the address"
    for place in range(3):
        page.locator("input[name=p]:visible").nth(place).check()
    press(walker, "#compare button")
    walker.look()
    assert page.locator(".ii-compare article").count() == 3
    for path in (
        "/my/opportunities?use=machinery&amount=1+million&first=cost",
        "/my/opportunities/SMED-D-LOCAL",
        "/my/opportunities/SMED-D-GREEN",
    ):
        walker.go(path)
