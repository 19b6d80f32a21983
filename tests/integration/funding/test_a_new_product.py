"""A new product goes from a text to the catalogue, the check, eligibility, the form and the bank's desk without any code."""

from __future__ import annotations

import html
import json
from datetime import date

import polars as pl
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from funding_world import AGREED, ANSWERS, OURS, THEIRS, enterprise

from iindustry.accounts import services as accounts
from iindustry.funding import services as funding
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import FixedClock, SystemClock
from iindustry.kernel.errors import Conflict, NotFound
from iindustry.programmes import checking, published, services, simulate
from iindustry.programmes.frames import ENGINE_TYPES
from iindustry.programmes.services import kept
from iindustry.reference.fields import FIELDS

VERSION = "2026-11-01.1"
TEXT = """\
# Written by a product officer; no code knows it.
schema: i-industry/programme/1
programme: SMED-N-PACKING
kind: loan_product
owner: smed
demo: true
subject: enterprise
title: {th: "สินเชื่อเครื่องบรรจุภัณฑ์", en: "Packing machine loan"}
summary: {th: "วงเงินไม่เกิน 3 ล้านบาท สำหรับกิจการที่รายได้ไม่เกิน 100 ล้านบาทต่อปี", en: "Up to 3 million baht for firms of up to 100 million baht a year"}
policy_lines: [sme_upgrade]
provenance: {basis: demo, confirmed_by_owner: false}
legal_references: [{id: L1, instrument: "เงื่อนไขผลิตภัณฑ์ (ข้อมูลสมมติ)"}]
valid_from: "2026-01-01"
valid_to: "2029-12-31"
parameters:
  amount_max_satang: [{from: "2026-01-01", value: 300000000, cite: L1}]
conditions:
  all:
    - {id: revenue, fact: enterprise.revenue_satang, op: le, value: 10000000000, cite: L1, on_missing: ask}
    - some: {id: plant, any: [{id: workers, fact: establishment.worker_count, op: between, value: [10, 100], cite: L1, on_missing: ask}]}
benefit:
  amount_satang: {min: [{param: amount_max_satang}, {asked: cost_satang}]}
  tenor_months: 60
  rates: [{rate_bands: [{years: [1, 5], kind: fixed, rate: "3.50"}]}]
  collateral: {required: false, guarantee: [TCG]}
  use_of_funds: [machinery]
requires:
  - {id: r1, fact: enterprise.revenue_satang, years: 2, via: [register, ask]}
  - {id: r2, document: quotation, via: [upload]}
process:
  - {step: application, holder: enterprise, working_days: 1}
  - {step: analysis, holder: lender, working_days: 5}
"""


@pytest.fixture
def clock():
    return FixedClock(SystemClock().now())


@pytest.fixture(autouse=True)
def installation(monkeypatch, home):
    """A register of four: two say yes, one no, one lacks a datum."""
    monkeypatch.setattr(settings, "HOME", home)
    monkeypatch.setattr(published, "_kept", kept.kept)  # tests never commit, so no file follows
    (home.root / "keys").mkdir(parents=True, exist_ok=True)
    folder = home.register / VERSION
    folder.mkdir(parents=True)
    firms = [f"ENT-{number}" for number in range(1, 5)]
    revenue = [1_000_000_000, 9_000_000_000, 20_000_000_000, None]
    whole = {
        "entity.revenue_satang": revenue,
        "entity.establishment_count": [1] * 4,
        "entity.sector": ["manufacturing"] * 4,
    }
    wide("enterprise", {"enterprise_id": firms}, whole).write_parquet(folder / "enterprises.parquet")
    ids = {"enterprise_id": firms, "establishment_id": [f"EST-{number}" for number in range(1, 5)]}
    sites = wide("establishment", ids, {"factory.worker_count": [20, 30, 40, 50]})
    sites.write_parquet(folder / "establishments.parquet")
    (home.register / "CURRENT").write_text(VERSION, encoding="ascii")
    return home


def wide(of, ids, held):
    """A table of the register: every field of the kind with its day, null where `held` says nothing of it."""
    columns = [pl.Series(name, values) for name, values in ids.items()]
    height = len(columns[0])
    for field in FIELDS:
        if field.of == of and field.fact is not None:
            kind = {"date": pl.Date(), "decimal": pl.Float64()}.get(field.type, ENGINE_TYPES[field.type])
            columns.append(pl.Series(field.column, held.get(field.name, [None] * height), dtype=kind))
            columns.append(pl.Series(f"{field.column}__as_of", [SystemClock().today()] * height))
    return pl.DataFrame(columns)


def browser(username=None):
    client = Client()
    if username is not None:
        person = get_user_model().objects.get(username=username)
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "th"
    return client


def read(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:800]
    return html.unescape(answer.content.decode())


def in_force(world):
    """Written by one officer of the bank, tried on the register, signed by another and by the ministry."""
    person = accounts.enrol("analyst", "ทดสอบ", "Test", Role.ANALYST, "oie", clock=world.clock)
    ministry = accounts.actor_of(person, clock=world.clock)
    draft = services.save_draft(TEXT, actor=world.smed, clock=world.clock)
    (programme,) = checking.check(TEXT).programmes
    run = simulate.dry_run(programme, home=world.home, as_of=world.clock.today())
    assert (run.yes, run.no, run.unknown) == (2, 1, 1)
    services.submit(draft.draft_id, dry_run=run, actor=world.smed, clock=world.clock)
    services.publish(draft.draft_id, actor=ministry, clock=world.clock)
    return services.publish(draft.draft_id, actor=world.smed_two, clock=world.clock)


def test_a_text_becomes_a_product_at_every_counter(world):
    anybody = browser()
    read(anybody, "/programmes/SMED-N-PACKING", 404)
    with pytest.raises(NotFound):
        funding.start("SMED-N-PACKING", actor=world.owner, clock=world.clock)

    in_force(world)

    # the catalogue, the programme's page, open data
    assert "สินเชื่อเครื่องบรรจุภัณฑ์" in read(anybody, "/programmes")
    page = read(anybody, "/programmes/SMED-N-PACKING")
    assert "3.50" in page
    assert "100,000,000 บาท" in page
    assert json.loads(read(anybody, "/api/open/programmes/SMED-N-PACKING"))["document"]["owner"] == "smed"

    # eligibility of the whole register, and of one enterprise with its reasons
    report = services.evaluate_all(home=world.home, as_of=world.clock.today())
    assert [(one.yes, one.no, one.unknown) for one in report.programmes if one.id == "SMED-N-PACKING"] == [(2, 1, 1)]
    (answer,) = services.explain(enterprise(OURS), as_of=world.clock.today(), programme="SMED-N-PACKING")
    assert answer.answer.value == "yes"
    owner = browser("owner")
    assert "สินเชื่อเครื่องบรรจุภัณฑ์" in read(owner, "/my/opportunities")

    # the application: its form, the consent, the bank's desk
    application = funding.start("SMED-N-PACKING", actor=world.owner, clock=world.clock)
    form = funding.form_of(application.id, actor=world.owner)
    assert form.prefilled
    assert 'name="tenor_months"' in read(owner, f"/my/applications/{application.id}/form")
    funding.save_answers(application.id, ANSWERS, actor=world.owner, clock=world.clock)
    sent = funding.send(application.id, consent_fields=AGREED, **world.how(world.owner))
    desk = browser("smed-officer")
    assert sent.reference in read(desk, "/bank")
    assert "สินเชื่อเครื่องบรรจุภัณฑ์" in read(desk, f"/bank/applications/{sent.id}")
    assert [one.product_id for one in funding.list_for_lender(actor=world.smed, limit=10)] == ["SMED-N-PACKING"]
    assert funding.list_for_lender(actor=world.exim, limit=10) == []


def test_what_is_suspended_takes_no_application_and_says_no_yes(world):
    in_force(world)
    waiting = funding.start("SMED-N-PACKING", actor=world.owner, clock=world.clock)
    funding.save_answers(waiting.id, ANSWERS, actor=world.owner, clock=world.clock)
    services.suspend("SMED-N-PACKING", reason="วงเงินเต็ม", actor=world.smed, clock=world.clock)

    assert "วงเงินเต็ม" in read(browser(), "/programmes/SMED-N-PACKING")
    report = services.evaluate_all(home=world.home, as_of=world.clock.today())
    assert "SMED-N-PACKING" not in {one.id for one in report.programmes}
    with pytest.raises(Conflict, match="product-closed"):
        funding.start("SMED-N-PACKING", actor=accounts_owner(world), clock=world.clock)
    with pytest.raises(Conflict, match="product-closed"):
        funding.send(waiting.id, consent_fields=AGREED, **world.how(world.owner))


def accounts_owner(world):
    assert world.other_owner.enterprise_id == THEIRS
    return world.other_owner


def test_an_amount_above_the_new_products_limit_is_refused_by_its_text(world):
    in_force(world)
    product = funding.product_of("SMED-N-PACKING")
    assert (product.most_satang, product.most_months, product.uses) == (300_000_000, 60, ("machinery",))
    assert product.is_open(date(2029, 12, 31))
    assert not product.is_open(date(2030, 1, 1))
