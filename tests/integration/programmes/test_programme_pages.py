"""The open pages of programmes answer without a script, in both languages, and keep nothing."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from iindustry.programmes import published, services
from iindustry.programmes.offer import offer, repayment
from iindustry.programmes.shape import Suspension
from iindustry.web.programme_page import CLOCK

pytestmark = pytest.mark.django_db
ANSWERS = {
    "activity": "food_processing",
    "province": "49",
    "workers": "38",
    "revenue": "42 ล้าน",
    "use": "machinery",
}
OPEN = [one.id for one in services.catalogue() if not one.is_archive]
CARDS = [one.id for one in services.catalogue() if one.is_archive]


def read(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("programme", [one.id for one in services.catalogue()])
def test_every_programme_has_its_page_and_its_document(client, programme, language):
    client.cookies["django_language"] = language
    page = client.get(f"/programmes/{programme}")
    one = services.get_programme(programme)
    assert page.status_code == 200
    assert (one.title_en if language == "en" else one.title_th) in html.unescape(page.content.decode())
    document = client.get(f"/programmes/{programme}/document")
    assert document.status_code == 200
    assert f"programme: {programme}" in document.content.decode()


def test_an_unknown_programme_is_absent(client):
    assert client.get("/programmes/NOTHING").status_code == 404
    assert client.get("/programmes/NOTHING/document").status_code == 404


# the catalogue


def test_the_catalogue_shows_open_editions_first_and_the_past_under_its_own_heading(client):
    text = client.get("/programmes").content.decode()
    assert text.index("SMED-D-LOCAL") < text.index('id="s-archive"') < text.index("SMED-GREENPROD")
    assert "ไม่ใช่ข้อเสนอ" in text[text.index('id="s-archive"') :]
    past = text[text.index('id="s-archive"') :].split("<li")[1]
    assert "ii-card--past" in past


def test_words_are_shown_as_words_whatever_they_hold(client):
    text = client.get("/programmes", {"q": '"><script>alert(1)</script>', "amount": "<i>"}).content.decode()
    assert "<script>alert" not in text
    assert "<i>" not in text
    assert "&amp;lt;" not in text, "escaped twice"
    said = client.post("/check", {**ANSWERS, "workers": "<i>1</i>"}).content.decode()
    assert "<i>" not in said


def test_filters_take_away_and_each_is_a_chip_that_takes_itself_away(client):
    page = client.get("/programmes", {"owner": "exim", "line": "area", "state": "open", "q": "zone"})
    text = page.content.decode()
    assert "/programmes/EXIM-D-ZONE" in text
    assert "/programmes/SMED-D-LOCAL" not in text
    chips = page.context["chips"]
    assert len(chips) == 4
    for chip, key in zip(chips, ("q", "state", "owner", "line"), strict=True):
        assert f"{key}=" not in chip.without
        assert chip.without.count("=") == 3
        assert client.get(chip.without).status_code == 200


def test_nothing_found_says_how_many_there_are_and_leads_on(client):
    page = client.get("/programmes", {"q": "ฮฮฮฮฮ"})
    assert str(page.context["total"]) in read(page)
    assert 'href="/check"' in page.content.decode()


def test_a_sum_that_cannot_be_read_is_said_beside_its_field(client):
    page = client.get("/programmes", {"amount": "มากมาย"})
    assert page.status_code == 422
    assert 'id="amount-error"' in page.content.decode()
    assert 'value="มากมาย"' in page.content.decode()
    assert client.get("/programmes", {"amount": "60 ล้าน", "state": "open"}).context["count"] < len(OPEN)


def test_a_page_of_the_list_holds_no_more_than_it_may_and_the_pages_hold_all(client):
    first = client.get("/programmes")
    seen, page = set(), first
    while True:
        shown = [item.programme.id for section in page.context["sections"] for item in section["items"]]
        assert len(shown) <= 24
        assert not seen & set(shown)
        seen |= set(shown)
        if not page.context["after"]:
            break
        page = client.get(page.context["after"])
    assert seen == {one.id for one in services.catalogue()}
    assert client.get("/programmes", {"page": "999"}).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"state": "<script>"}, {"order": "'"}, {"page": "-1"}, {"q": "x" * 5000}, {"owner": "nobody"}]
)
def test_a_value_that_is_none_of_those_offered_asks_for_nothing(client, wrong):
    page = client.get("/programmes", wrong)
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


# one programme


def test_every_condition_stands_on_the_page_with_its_clause_of_law(client):
    text = read(client.get("/programmes/EXIM-D-ZONE"))
    one = services.get_programme("EXIM-D-ZONE")
    for reference in one.legal_references:
        assert reference.instrument in text
    for words in ("รายได้รวมต่อปี", "50,000,000 บาท", "อยู่ในเขต EEC", "อย่างน้อย 1 ข้อ"):
        assert words in text


def test_the_rates_are_drawn_and_stand_in_a_table_beside_the_drawing(client):
    text = client.get("/programmes/EXIM-D-ZONE").content.decode()
    assert text.count('<svg class="ii-rates"') == 2, "one drawing for each case"
    assert text.count('class="ii-rates__bar"') == 30
    assert "4.25 %" in text
    assert "style=" not in text


def test_the_instalments_are_those_of_the_engine_for_what_was_asked(client):
    page = client.get("/programmes/SMED-D-GREEN", {"amount": "2.5 ล้าน", "tenor": "60", "grace": "6"})
    terms = replace(offer(services.get_programme("SMED-D-GREEN"), CLOCK.today()), grace_months=6)
    wanted = repayment(terms, 250_000_000, 60)
    example = page.context["example"]
    assert example.years == wanted
    assert sum(year.principal_satang for year in example.years) == 250_000_000
    assert example.years[-1].balance_satang == 0
    assert f"{wanted[0].instalment_satang // 100:,}" in read(page)


def test_the_highest_instalment_is_told_where_it_is_the_first_of_no_year(client):
    page = client.get(
        "/programmes/SMED-D-DIGI"
    )  # six months of grace: the seventh has principal and the whole sum's interest
    example = page.context["example"]
    highest = max(year.highest_satang for year in example.years)
    assert example.highest_satang == highest > max(year.instalment_satang for year in example.years)
    assert f"{highest // 100:,}" in read(page)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"amount": "40 ล้าน"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "ล้าน"}, "amount"),
        ({"tenor": "121"}, "tenor"),
        ({"tenor": "0"}, "tenor"),
        ({"grace": "13"}, "grace"),
        ({"tenor": "6", "grace": "6"}, "grace"),
    ],
)
def test_what_the_loan_does_not_allow_is_said_and_what_was_typed_stays(client, asked, field):
    page = client.get("/programmes/SMED-D-GREEN", asked)
    assert page.status_code == 422
    assert [name for name, _ in page.context["errors"]] == [field]
    assert f'id="{field}-error"' in page.content.decode()
    for value in asked.values():
        assert f'value="{value}"' in page.content.decode()


def test_a_short_tenor_alone_shortens_the_grace_period_with_it(client):
    page = client.get("/programmes/SMED-D-GREEN", {"tenor": "6"})
    assert page.status_code == 200
    assert page.context["example"].grace_months == 5


def test_years_whose_base_rate_is_not_known_are_said_to_be_unknown_and_never_zero(client, monkeypatch):
    one = services.get_programme("SMED-D-GREEN")
    name = next(name for name in one.parameters if name.endswith("MLR"))
    old = replace(one.parameters[name], shelf_life_days=1)
    unknown = replace(one, parameters={**one.parameters, name: old})
    monkeypatch.setattr(services, "get_programme", lambda _: unknown)
    page = client.get("/programmes/SMED-D-GREEN")
    text = read(page)
    assert "ยังบอกดอกเบี้ยทั้งหมดไม่ได้" in text
    assert page.context["example"].unknown_years == tuple(range(4, 11))
    assert page.content.decode().count("ii-rates__unknown") == 7 * len(page.context["cases"])
    assert page.context["example"].interest_satang == sum(
        year.interest_satang for year in page.context["example"].years if year.interest_satang is not None
    )


def test_papers_stand_under_who_brings_them_and_days_add_up(client):
    page = client.get("/programmes/SMED-D-GREEN")
    one = services.get_programme("SMED-D-GREEN")
    groups = page.context["papers"]
    assert sum(len(group["items"]) for group in groups) == len(one.requires)
    assert sum(days for _, days in page.context["held"]) == one.working_days
    assert page.context["steps"][-1]["last"] == one.working_days


def test_a_suspended_programme_says_why_and_takes_no_application(client, monkeypatch):
    one = services.get_programme("SMED-D-LOCAL")
    stopped = replace(one, suspension=Suspension(one.id, "วงเงินใกล้เต็ม", datetime(2026, 11, 1, tzinfo=UTC)))
    monkeypatch.setattr(services, "get_programme", lambda _: stopped)
    text = client.get("/programmes/SMED-D-LOCAL").content.decode()
    assert "วงเงินใกล้เต็ม" in text
    assert "พักการรับชั่วคราว" in text
    assert "/my/apply/" not in text


def test_a_card_of_the_past_is_no_offer_and_leads_to_no_application(client):
    for programme in CARDS:
        text = client.get(f"/programmes/{programme}").content.decode()
        assert "ไม่ใช่ข้อเสนอ" in text
        assert "/my/apply/" not in text
        assert "/check?programme=" not in text


def test_the_document_is_the_one_that_answers(client):
    shown = client.get("/programmes/SMED-D-GREEN/document")
    lines = shown.context["lines"]
    assert "\n".join(lines) == published.text_of("SMED-D-GREEN").rstrip()


# the open check


def test_the_check_names_each_question_left_open_and_keeps_what_was_typed(client):
    page = client.post("/check", {**ANSWERS, "workers": "many", "use": ""})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#workers"' in text
    assert 'href="#use"' in text
    assert 'value="42 ล้าน"' in text


def test_the_check_groups_programmes_and_asks_at_most_two_more_questions(client):
    page = client.post("/check", ANSWERS)
    assert page.status_code == 200
    questions = page.context["questions"]
    assert 1 <= len(questions) <= 2
    more = {f"q-{one.fact}": "0" for one in questions}
    again = client.post("/check", {**ANSWERS, **more})
    assert again.context["questions"] == ()
    assert [one.question.fact for one in again.context["given"]] == [one.fact for one in questions]
    assert len(again.context["groups"].one_more) < len(page.context["groups"].one_more)
    for one in questions:
        assert f'name="q-{one.fact}" value="0"' in again.content.decode(), "an answer would be lost by the next press"


@pytest.mark.parametrize("place", ["99", "1" * 5000])
def test_answers_to_questions_that_were_not_asked_change_nothing(client, place):
    page = client.post("/check", ANSWERS)
    asked = {one.fact for one in page.context["questions"]}
    other = next(one for one in ("enterprise.size_class", "enterprise.revenue_satang") if one not in asked)
    forged = client.post("/check", {**ANSWERS, f"q-{other}": "0", f"q-{min(asked)}": place})
    assert forged.context["given"] == ()
    assert len(forged.context["groups"].yes) == len(page.context["groups"].yes)


def test_every_open_programme_stands_in_one_group_with_what_would_change_it(client):
    groups = client.post("/check", ANSWERS).context["groups"]
    shown = [card.row.programme.id for card in groups.all]
    assert sorted(shown) == sorted(one.id for one in services.open_rules(CLOCK.today()))
    for card in groups.one_more:
        assert card.explained.next_steps
    for card in (*groups.one_step, *groups.later):
        assert card.why


def test_a_no_that_hangs_on_one_answer_says_which(client):
    page = client.post("/check", {**ANSWERS, "revenue": "42 ล้าน"})
    assert page.context["hinges"]["EXIM-D-GREEN"] == 4
    assert "ผลนี้เปลี่ยนได้ด้วยคำตอบข้อ 4 ข้อเดียว" in read(page)


def test_the_programme_whose_page_led_here_stands_first(client):
    assert 'name="programme" value="EXIM-D-GREEN"' in client.get("/check?programme=EXIM-D-GREEN").content.decode()
    page = client.post("/check", {**ANSWERS, "programme": "EXIM-D-GREEN"})
    text = page.content.decode()
    assert text.index('id="asked"') < text.index('id="not-now"')
    assert page.context["wanted_card"].row.programme.id == "EXIM-D-GREEN"
    for beside in ("SMED-GREENPROD", "NOTHING", "<b>"):
        assert client.get("/check", {"programme": beside}).context["wanted"] is None


def test_the_other_language_keeps_what_was_typed_and_what_was_found(client):
    typed = client.post("/check", {"workers": "38", "speak": "en"})
    assert typed.status_code == 200
    assert "How many workers" in typed.content.decode()
    assert 'value="38"' in typed.content.decode()
    found = client.post("/check", {**ANSWERS, "shown": "result", "speak": "en"})
    assert "What fits" in found.content.decode()


def test_the_check_makes_no_query_and_sets_no_session(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.post("/check", ANSWERS)
    assert "sessionid" not in client.cookies


def test_nothing_of_the_answers_stands_in_an_address(client):
    text = client.post("/check", ANSWERS).content.decode()
    addresses = re.findall(r'(?:href|action)="([^"]*)"', text)
    assert not [one for one in addresses if "42" in one or "food_processing" in one or "province" in one]


def test_opportunities_are_the_owners(client):
    for path in ("/my/opportunities", "/my/opportunities/compare", "/my/opportunities/SMED-D-LOCAL"):
        assert client.get(path).status_code == 302
