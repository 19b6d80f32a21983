"""A programme is seen on the day it opens and gone the day after it closed, with nobody deciding anything: on every page and in the register's answers."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.config import jobs
from iindustry.flows import services as flows
from iindustry.flows.models import Work
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import SystemClock
from iindustry.ledger import services as ledger
from iindustry.programmes import facts_table, published, services
from iindustry.register import services as register
from tests.integration.programmes import test_evaluate_all as whole
from tests.integration.programmes.test_opportunity_pages import enterprise
from tests.integration.programmes.test_programme_pages import ANSWERS

NAME = "SMED-T-DAY"
BEFORE, FIRST, DEARER, LAST = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 5), date(2026, 12, 10)
AFTER = LAST + timedelta(days=1)
LOAN = """\
schema: i-industry/programme/1
programme: SMED-T-DAY
kind: loan_product
owner: smed
subject: enterprise
title: {th: "สินเชื่อสิบวัน", en: "Ten days' loan"}
policy_lines: [sme_upgrade]
provenance: {basis: demo, confirmed_by_owner: false}
legal_references: [{id: L1, instrument: "terms"}]
valid_from: "2026-12-01"
valid_to: "2026-12-10"
uses: [SMED-T.MLR]
conditions: {all: [{id: c1, fact: enterprise.worker_count, op: ge, value: 1, cite: L1, on_missing: ask}]}
benefit:
  amount_satang: 100000000
  tenor_months: 24
  use_of_funds: [machinery]
  rates: [{rate_bands: [{years: [1, 2], kind: base_plus, base_code: MLR, spread: "0.00"}]}]
"""
RATE = """\
schema: i-industry/parameter/1
parameter: SMED-T.MLR
owner: smed
unit: percent_a_year
shelf_life_days: 400
values: [{from: "2026-01-01", value: "7.000"}, {from: "2026-12-05", value: "9.125"}]
"""


@pytest.fixture
def packaged(monkeypatch):
    """What the package brings beside its own documents; a test may put another text there, as a release does."""
    own, texts = published.seeds(), [LOAN, RATE]
    monkeypatch.setattr(published, "seeds", lambda: own + tuple(published.edition_of(text) for text in texts))
    published._library.cache_clear()
    yield texts
    monkeypatch.undo()
    published._library.cache_clear()


@pytest.fixture
def on(monkeypatch):
    def turned(day):
        at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        monkeypatch.setattr(SystemClock, "now", lambda _: at)

    return turned


@pytest.fixture
def folder(settings, home, monkeypatch):
    settings.HOME = home
    monkeypatch.setattr(ledger, "unsealed_count", lambda: 0)
    folder = home.register / "2026-11-22.1"
    folder.mkdir(parents=True)
    whole.WHOLE["enterprise"].write_parquet(folder / "enterprises.parquet")
    whole.WHOLE["establishment"].write_parquet(folder / "establishments.parquet")
    (home.register / "CURRENT").write_text(folder.name, encoding="ascii")
    return folder


@pytest.fixture
def owner(client, monkeypatch):
    person = Person.objects.create(username="owner-day-by-day", name_th="ทดสอบ")
    actor = Actor(Role.OWNER, person_id=str(person.pk), enterprise_id="ENT-TEST")
    monkeypatch.setattr(accounts, "actor_of_active", lambda *_, **__: actor)
    monkeypatch.setattr(register, "get_enterprise", lambda _: enterprise())
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def read(page):
    assert page.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


@pytest.mark.django_db
@pytest.mark.usefixtures("packaged")
@pytest.mark.parametrize(
    ("day", "is_open"),
    [(BEFORE, False), (FIRST, True), (LAST, True), (AFTER, False)],
    ids=["eve", "first", "last", "after"],
)
def test_every_page_shows_a_programme_from_its_first_day_to_its_last(owner, on, day, is_open):
    on(day)
    assert ("สินเชื่อสิบวัน" in read(owner.get("/my/opportunities"))) is is_open
    assert ("สินเชื่อสิบวัน" in read(owner.post("/check", ANSWERS))) is is_open
    shown = [one.id for one in services.open_rules(day)]
    assert (NAME in shown) is is_open
    catalogue = read(owner.get("/programmes", {"state": "open"}))
    assert ("สินเชื่อสิบวัน" in catalogue) is is_open


@pytest.mark.django_db
@pytest.mark.usefixtures("packaged")
def test_a_base_rate_is_quoted_from_its_first_day(owner, on):
    on(DEARER - timedelta(days=1))
    before = read(owner.get(f"/programmes/{NAME}"))
    on(DEARER)
    after = read(owner.get(f"/programmes/{NAME}"))
    assert ("7.00 %" in before, "9.125 %" in before) == (True, False)
    assert "9.125 %" in after


@pytest.mark.usefixtures("packaged")
def test_the_rules_of_a_day_are_others_whenever_one_begins_changes_or_ends(on):
    on(BEFORE)
    by_day = [published.rules_on(BEFORE + timedelta(days=n)) for n in range(13)]
    turns = [BEFORE + timedelta(days=n) for n in range(1, 13) if by_day[n] != by_day[n - 1]]
    assert turns == [FIRST, DEARER, AFTER]
    assert by_day[0] == by_day[-1], "the same rules, the same hash"


def asked(number=jobs._EVALUATE_EVERY_BEATS - 1):
    jobs.beat(number, is_only=True)
    return list(Work.objects.filter(kind="evaluate_register").order_by("asked_at"))


def answered(folder):
    return set(pl.read_parquet(folder / services.ELIGIBILITY)["programme"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("packaged")
def test_the_register_is_answered_anew_when_the_day_turns(folder, on, home):
    on(BEFORE)
    flows.evaluate(home=home, as_of=BEFORE)
    assert asked() == []
    assert NAME not in answered(folder)
    for day, is_open in ((FIRST, True), (LAST, True), (AFTER, False)):
        on(day)
        work = asked()[-1]
        jobs.evaluate_register(str(work.id))
        assert (NAME in answered(folder)) is is_open, day
        assert [one.name[: len("facts-2026-12-01")] for one in folder.glob("facts-*")] == [f"facts-{day.isoformat()}"]
        assert asked()[-1].status == "done", "asked for again on the same day"


@pytest.mark.django_db(transaction=True)
def test_a_release_that_changes_a_packaged_document_is_followed_by_an_evaluation(folder, on, home, packaged):
    on(FIRST)
    flows.evaluate(home=home, as_of=FIRST)
    assert asked() == []
    packaged[0] = LOAN.replace("value: 1,", "value: 100,")
    published._library.cache_clear()
    (work,) = asked()
    jobs.evaluate_register(str(work.id))
    assert not services.is_behind(home, today=FIRST)


@pytest.mark.django_db(transaction=True)
def test_answers_of_a_release_that_noted_less_are_made_anew(folder, on, home):
    on(FIRST)
    flows.evaluate(home=home, as_of=FIRST)
    (folder / "eligibility.json").write_text('{"library": 0}', encoding="utf-8")
    assert services.is_behind(home, today=FIRST)
    (folder / "eligibility.json").unlink()
    assert services.is_behind(home, today=FIRST)
    (folder / services.ELIGIBILITY).unlink()
    assert not services.is_behind(home, today=FIRST), "whoever makes a version evaluates it"


def test_a_page_reads_the_last_day_s_facts_until_the_worker_has_laid_out_the_new_ones(folder, home, monkeypatch):
    monkeypatch.setattr(facts_table, "AT_ONCE", 3)
    with pytest.raises(facts_table.Conflict, match="facts-being-made"):
        facts_table.at_hand(home=home, as_of=FIRST)
    facts_table.make(home=home, as_of=BEFORE)
    assert facts_table.at_hand(home=home, as_of=FIRST).as_of == BEFORE
    facts_table.make(home=home, as_of=FIRST)  # the worker
    assert facts_table.at_hand(home=home, as_of=FIRST).as_of == FIRST
    with pytest.raises(facts_table.Conflict, match="facts-being-made"):
        facts_table.at_hand(home=home, as_of=BEFORE)  # never a later day's


def test_a_page_lays_out_a_small_register_itself(folder, home):
    assert facts_table.at_hand(home=home, as_of=FIRST).as_of == FIRST
    assert len(list(folder.glob("facts-*"))) == 1


def test_a_table_that_is_taken_away_while_it_is_looked_for_is_no_error(folder, home, monkeypatch):
    monkeypatch.setattr(facts_table, "AT_ONCE", 3)
    facts_table.make(home=home, as_of=BEFORE)
    facts_table._OPEN.clear()

    def gone(*_):
        raise FileNotFoundError

    with monkeypatch.context() as patch:
        patch.setattr(facts_table, "_read", gone)
        with pytest.raises(facts_table.Conflict, match="facts-being-made"):
            facts_table.at_hand(home=home, as_of=FIRST)
