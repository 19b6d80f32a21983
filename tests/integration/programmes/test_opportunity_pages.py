"""The owner's opportunities: what fits, what one datum would settle, what does not fit, each with its reasons and next step."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import SystemClock
from iindustry.programmes import services, terms
from iindustry.register import services as register
from iindustry.register.enterprise import Enterprise, Establishment, Value
from iindustry.web.fit_cards import _TELL, KEY_WORDS

pytestmark = pytest.mark.django_db
TODAY = SystemClock().today()
SEEN = TODAY - timedelta(days=10)
CLEAR = {
    "finance.smed_arrears": False, "finance.exim_arrears": False, "finance.fund_arrears": False,
    "obligation.open_orders_in_all": 0, "obligation.fee_overdue": False,
}  # fmt: skip
FIRM = {
    "entity.legal_kind": "company", "entity.status": "active", "entity.registered_on": TODAY - timedelta(days=3000),
    "entity.sector": "manufacturing", "entity.revenue_satang": 4_200_000_000, "entity.worker_count": 38,
    "entity.establishment_count": 1, "entity.accounts_year": TODAY.year - 1, **CLEAR,
}  # fmt: skip
PLANT = {
    "factory.factory_class": "2", "area.eec": False, "area.sez": True, "area.corridor": "none", "standard.green_level": 1,
    "area.s_curve_group": "food_processing",
}  # fmt: skip


def values(row):
    return {name: Value(name, value, "dbd", "row-1", SEEN) for name, value in row.items()}


def enterprise(firm=FIRM, plant=PLANT):
    return Enterprise(
        "ENT-TEST", "2026-11-20.1", "บริษัท ทดสอบ จำกัด", "Test", None, "49", values(firm),
        (Establishment("E1", "โรงงานริมโขง", None, "49", values(plant)),),
    )  # fmt: skip


@pytest.fixture
def owned(monkeypatch):
    """What the register holds of the owner's enterprise; a test may change it."""
    held = {"enterprise": enterprise()}
    monkeypatch.setattr(register, "get_enterprise", lambda _: held["enterprise"])
    return held


@pytest.fixture
def owner(client, monkeypatch, owned):
    person = Person.objects.create(username="owner-of-a-test", name_th="ทดสอบ")
    actor = Actor(Role.OWNER, person_id=str(person.pk), enterprise_id="ENT-TEST")
    monkeypatch.setattr(accounts, "actor_of_active", lambda *_, **__: actor)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def read(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def ids(cards):
    return [card.row.programme.id for card in cards]


@pytest.mark.parametrize(
    ("language", "fits", "near"), [("th", "ได้สิทธิตอนนี้", "อีกขั้นเดียว"), ("en", "Fits now", "One step away")]
)
def test_what_fits_stands_first_and_of_what_does_not_the_one_step_away_first(owner, language, fits, near):
    owner.cookies["django_language"] = language
    page = owner.get("/my/opportunities")
    text = page.content.decode()
    places = [
        text.index(mark)
        for mark in (f'id="fits">{fits}', "/my/apply/SMED-D-LOCAL", 'id="not-now"', f'id="near">{near}')
    ]
    assert places == sorted(places)
    groups = page.context["groups"]
    assert "SMED-D-LOCAL" in ids(groups.yes)
    assert "SMED-D-GREEN" in ids(groups.one_step)
    assert text.count('href="/my/apply/') == sum(card.can_apply for card in groups.all)


def test_every_open_programme_stands_in_exactly_one_group(owner):
    shown = ids(owner.get("/my/opportunities").context["groups"].all)
    assert sorted(shown) == sorted(one.id for one in services.open_rules(TODAY))


def test_a_card_says_the_gap_in_its_unit_and_what_to_do(owner):
    text = read(owner.get("/my/opportunities"))
    assert "ขาดอีก 8,000,000 บาท" in text
    assert "ขาดอีก 1 ระดับ" in text
    assert "greenindustry.diw.go.th" in text


def test_one_opportunity_shows_value_source_day_clause_gap_and_next_step(owner):
    text = read(owner.get("/my/opportunities/SMED-D-GREEN"))
    for part in (
        "ระดับ 1", "ต้องตั้งแต่ ระดับ 2 ขึ้นไป", "1 ระดับ", "โรงงานริมโขง", "กรมพัฒนาธุรกิจการค้า", "greenindustry.diw.go.th",
        "พ.ศ. 2562",
    ):  # fmt: skip
        assert part in text


def test_an_answer_given_in_place_settles_and_is_kept_nowhere(owner, owned):
    left = {name: value for name, value in FIRM.items() if name not in CLEAR}
    owned["enterprise"] = enterprise(left)
    before = owner.get("/my/opportunities")
    questions = before.context["questions"]
    assert 1 <= len(questions) <= 2
    after = owner.post("/my/opportunities", {f"q-{one.fact}": "0" for one in questions})
    assert [one.question.fact for one in after.context["given"]] == [one.fact for one in questions]
    assert len(after.context["groups"].one_more) < len(before.context["groups"].one_more)
    assert "ตามที่ท่านตอบ" in read(after)
    assert "ไม่บันทึกและไม่ส่งให้ใคร" in read(after)
    again = owner.get("/my/opportunities")
    assert again.context["given"] == ()
    assert ids(again.context["groups"].one_more) == ids(before.context["groups"].one_more)


def test_more_is_asked_after_what_was_answered_and_every_answer_travels_on(owner, owned):
    owned["enterprise"] = enterprise({name: value for name, value in FIRM.items() if name not in CLEAR})
    page, posted = owner.get("/my/opportunities"), {}
    for _ in range(3):
        questions = page.context["questions"]
        if not questions:
            break
        posted |= {f"q-{one.fact}": "0" for one in questions}
        page = owner.post("/my/opportunities", posted)
        for name, place in posted.items():
            assert f'name="{name}" value="{place}"' in page.content.decode()
    assert len(posted) > 2


def test_what_a_register_holds_is_not_replaced_by_an_answer(owner):
    before = owner.get("/my/opportunities/SMED-D-GREEN").context["explained"]
    forged = {"q-establishment.green_level": "3", "q-enterprise.revenue_satang": "0", "q-nothing": "1"}
    after = owner.post("/my/opportunities/SMED-D-GREEN", forged).context
    assert after["given"] == ()
    assert after["explained"].answer == before.answer


def test_an_answer_that_makes_a_yes_says_that_proof_will_be_asked(owner, owned):
    owned["enterprise"] = enterprise({name: value for name, value in FIRM.items() if name != "finance.smed_arrears"})
    page = owner.get("/my/opportunities/SMED-D-LOCAL")
    assert page.context["explained"].answer == "unknown"
    assert "/my/apply/SMED-D-LOCAL" in page.content.decode(), "an unknown may be applied for"
    told = owner.post("/my/opportunities/SMED-D-LOCAL", {"q-arrears.smed_loan": "0"})
    assert told.context["explained"].answer == "yes"
    assert "จะขอหลักฐาน" in read(told)


def test_a_range_that_was_answered_is_told_as_the_range_and_gives_no_limit_of_its_own(owner):
    before = owner.get("/my/opportunities/EXIM-D-EXPORT")
    asked = [one.fact for one in before.context["questions"]]
    assert "enterprise.exports_satang" in asked
    page = owner.post("/my/opportunities/EXIM-D-EXPORT", {"q-enterprise.exports_satang": "0"})
    told = page.context["given"][0].words
    one = services.get_programme("EXIM-D-EXPORT")
    assert page.context["card"].limit_is_open
    assert page.context["row"].terms.amount_max_satang == one.amount_max_satang
    text = read(page)
    assert text.count(told.th) >= 2, "the condition does not show what was answered"
    reading = next(each for each in page.context["explained"].conditions if each.fact == "enterprise.exports_satang")
    assert f": {reading.value_words.th}" not in text, "a value that nobody gave is shown"


def test_time_alone_has_its_day_on_the_page(owner, owned):
    registered = TODAY - timedelta(days=100)
    owned["enterprise"] = enterprise(FIRM | {"entity.registered_on": registered})
    page = owner.get("/my/opportunities/SMED-D-LOCAL")
    day = page.context["card"].on
    assert page.context["explained"].answer == "no"
    assert day is not None
    assert day > TODAY
    assert day.day == min(registered.day, 31) or day.day >= 28
    assert "เวลาเพียงอย่างเดียว" in read(page)


def test_where_all_is_no_the_nearest_three_and_the_act_that_opens_most_are_shown(owner, owned, monkeypatch):
    owned["enterprise"] = enterprise(FIRM | {"entity.status": "closed"})
    every = services.explain_facts
    monkeypatch.setattr(services, "explain_facts", lambda facts: [one for one in every(facts) if one.answer == "no"])
    page = owner.get("/my/opportunities")
    groups = page.context["groups"]
    assert len(groups.nearest) == 3
    assert set(ids(groups.nearest)) <= set(ids(groups.one_step) + ids(groups.later))
    assert groups.unlocks[0].fact.name == "enterprise.status"
    assert "SMED-D-LOCAL" in [one.programme.id for one in groups.unlocks[0].opens]
    text = read(page)
    assert "ที่ใกล้ที่สุดคือ" in text
    assert "ทำเรื่องเดียว เปิดได้มากที่สุด" in text
    assert "กรมพัฒนาธุรกิจการค้า" in text


def test_a_key_put_first_orders_the_group_and_is_named_first(owner):
    page = owner.get("/my/opportunities", {"first": "lender_days"})
    days = [card.explained.programme.working_days for card in page.context["groups"].yes if card.row.terms.tenor_months]
    assert days == sorted(days)
    assert page.context["keys"][0] is KEY_WORDS["lender_days"]
    assert set(page.context["keys"]) == set(KEY_WORDS.values())
    assert page.context["keys"] != owner.get("/my/opportunities").context["keys"]


def test_what_is_wished_for_comes_before_what_serves_another_use_and_is_said(owner):
    page = owner.get("/my/opportunities", {"use": "working_capital", "amount": "2 ล้าน", "tenor": "36"})
    cards = page.context["groups"].yes
    serves = [
        "working_capital" in card.row.programme.benefit.use_of_funds
        for card in cards
        if card.row.programme.benefit.use_of_funds
    ]
    assert serves == sorted(serves, reverse=True)
    assert "กู้ 2,000,000 บาท 36 เดือน ดอกเบี้ยรวม" in read(page)


def test_a_wish_that_cannot_be_read_is_said_beside_its_field_and_the_list_stays(owner):
    page = owner.get("/my/opportunities", {"amount": "มาก", "tenor": "999"})
    assert page.status_code == 422
    assert {field for field, _ in page.context["errors"]} == {"amount", "tenor"}
    assert page.context["groups"].all
    assert 'value="มาก"' in page.content.decode()


def test_three_are_compared_side_by_side_and_a_fourth_is_said_to_be_left_out(owner):
    picked = ["SMED-D-LOCAL", "SMED-D-GREEN", "EXIM-D-ZONE", "EXIM-D-GREEN"]
    page = owner.get("/my/opportunities/compare", {"p": picked, "amount": "1 ล้าน", "tenor": "48"})
    columns = page.context["columns"]
    assert [one["row"].programme.id for one in columns] == picked[:3]
    assert "3 รายการแรก" in read(page)
    for one in columns:
        assert one["amount_satang"] == 100_000_000
        assert one["interest_satang"] > 0
    assert page.content.decode().count('href="/my/apply/') == 1, "only what fits may be applied for from here"


@pytest.mark.parametrize("picked", [[], ["SMED-GREENPROD"], ["NOTHING", "<b>"]])
def test_nothing_to_compare_says_how_to_choose(owner, picked):
    page = owner.get("/my/opportunities/compare", {"p": picked})
    assert page.status_code == 200
    assert page.context["columns"] == []
    assert "เลือกมาเทียบ" in read(page)


def test_the_other_language_keeps_the_answers(owner, owned):
    owned["enterprise"] = enterprise({name: value for name, value in FIRM.items() if name not in CLEAR})
    questions = owner.get("/my/opportunities").context["questions"]
    page = owner.post("/my/opportunities", {f"q-{questions[0].fact}": "0", "speak": "en"})
    assert "You answered" in page.content.decode()
    assert len(page.context["given"]) == 1


def test_a_card_and_an_unknown_programme_are_absent(owner):
    assert owner.get("/my/opportunities/SMED-GREENPROD").status_code == 404
    assert owner.get("/my/opportunities/NOTHING").status_code == 404


def test_another_role_finds_no_such_page(client, monkeypatch):
    person = Person.objects.create(username="officer-of-a-test", name_th="ทดสอบ")
    monkeypatch.setattr(accounts, "actor_of_active", lambda *_, **__: Actor(Role.BANK_OFFICER, str(person.pk), "smed"))
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/my/opportunities", "/my/opportunities/compare", "/my/opportunities/SMED-D-LOCAL"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_the_pages_ask_the_database_little(owner, django_assert_max_num_queries):
    for path in ("/my/opportunities", "/my/opportunities/SMED-D-LOCAL", "/my/opportunities/compare?p=SMED-D-LOCAL"):
        with django_assert_max_num_queries(6):
            owner.get(path)


def test_every_key_of_the_order_has_words_and_is_told_on_the_cards():
    assert set(KEY_WORDS) == set(terms.ORDER_KEYS) == set(_TELL)
