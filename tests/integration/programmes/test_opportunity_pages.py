"""The owner's opportunities: what fits first, what is one step away next, each with its reasons in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.clock import SystemClock
from iindustry.register import services as register
from iindustry.register.enterprise import Enterprise, Establishment, Value

pytestmark = pytest.mark.django_db
TODAY = SystemClock().today()
SEEN = TODAY - timedelta(days=10)


def values(row):
    return {name: Value(name, value, "dbd", "row-1", SEEN) for name, value in row.items()}


def owned(enterprise_id):
    return Enterprise(
        enterprise_id, "2026-11-20.1", "บริษัท ทดสอบ จำกัด", "Test", None, "49",
        values({
            "entity.legal_kind": "company", "entity.status": "active", "entity.registered_on": TODAY - timedelta(days=3000),
            "entity.sector": "manufacturing", "entity.revenue_satang": 4_200_000_000, "entity.worker_count": 38,
            "entity.establishment_count": 1, "entity.accounts_year": TODAY.year - 1,
            "obligation.open_orders_in_all": 0, "obligation.fee_overdue": False, "finance.smed_arrears": False,
            "finance.exim_arrears": False,
        }),
        (Establishment("E1", "โรงงานริมโขง", None, "49", values({
            "factory.factory_class": "2", "area.eec": False, "area.sez": True, "area.corridor": "none",
            "standard.green_level": 1, "area.s_curve_group": "food_processing",
        })),),
    )  # fmt: skip


@pytest.fixture
def owner(client, monkeypatch):
    person = Person.objects.create(username="owner-of-a-test", name_th="ทดสอบ")
    actor = Actor(Role.OWNER, person_id=str(person.pk), enterprise_id="ENT-TEST")
    monkeypatch.setattr(accounts, "actor_of_active", lambda *_, **__: actor)
    monkeypatch.setattr(register, "get_enterprise", owned)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize(
    ("language", "fits", "near"), [("th", "ได้สิทธิตอนนี้", "อีกขั้นเดียว"), ("en", "Fits now", "One step away")]
)
def test_what_fits_stands_first_and_what_is_one_step_away_next(owner, language, fits, near):
    owner.cookies["django_language"] = language
    text = owner.get("/my/opportunities").content.decode()
    places = [
        text.index(mark)
        for mark in (
            f'id="fits">{fits}',
            "/my/apply/SMED-D-LOCAL",
            f'id="near">{near}',
            "/my/opportunities/SMED-D-GREEN",
        )
    ]
    assert places == sorted(places)
    assert text.count("/my/apply/") == 1


def test_one_opportunity_shows_value_source_day_gap_and_next_step(owner):
    text = owner.get("/my/opportunities/SMED-D-GREEN").content.decode()
    for part in (
        "ระดับ 1",
        "ต้องตั้งแต่ ระดับ 2 ขึ้นไป",
        "1 ระดับ",
        "โรงงานริมโขง",
        "กรมพัฒนาธุรกิจการค้า",
        "greenindustry.diw.go.th",
    ):
        assert part in text


def test_a_card_and_an_unknown_programme_are_absent(owner):
    assert owner.get("/my/opportunities/SMED-GREENPROD").status_code == 404
    assert owner.get("/my/opportunities/NOTHING").status_code == 404


def test_another_role_finds_no_such_page(client, monkeypatch):
    person = Person.objects.create(username="officer-of-a-test", name_th="ทดสอบ")
    monkeypatch.setattr(accounts, "actor_of_active", lambda *_, **__: Actor(Role.BANK_OFFICER, str(person.pk), "smed"))
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/my/opportunities").status_code == 404
