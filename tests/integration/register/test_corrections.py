"""A correction: one open a value, the value shows disputed until answered, and only the right people ask and answer."""

from __future__ import annotations

import pytest

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Conflict, Denied, NotFound, Rejected
from iindustry.ledger import services as ledger
from iindustry.register import services as register
from iindustry.register.enterprise import CorrectionStatus

from .conftest import JURISTIC

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise(publish, records):
    publish(records)
    return register.find_by_juristic_id(JURISTIC)


@pytest.fixture
def owner(enterprise):
    return Actor(Role.OWNER, person_id="p1", enterprise_id=enterprise.enterprise_id)


STEWARD = Actor(Role.STEWARD, person_id="p2", organisation="oie")


@pytest.fixture
def ask(enterprise, owner, clock):
    def run(field="factory.operator", proposed="บริษัท ริมโขงแปรรูปอาหาร จำกัด", actor=owner, at_site=True):
        site = enterprise.establishments[0].establishment_id if at_site else None
        return register.request_correction(
            enterprise.enterprise_id, field, proposed, "สะกดผิด", actor=actor, clock=clock, establishment_id=site
        )

    return run


def test_a_disputed_value_shows_until_it_is_answered(ask, enterprise, clock):
    asked = ask()
    assert asked.source == "diw"
    site = register.get_enterprise(enterprise.enterprise_id).establishments[0]
    assert site.value_of("factory.operator").disputed
    assert not site.value_of("factory.name").disputed
    register.answer_correction(asked.correction_id, accept=True, ground="ตรวจแล้ว", actor=STEWARD, clock=clock)
    site = register.get_enterprise(enterprise.enterprise_id).establishments[0]
    assert not site.value_of("factory.operator").disputed
    [kept] = register.list_corrections(enterprise.enterprise_id, limit=5)
    assert kept.status is CorrectionStatus.ACCEPTED
    kinds = {entry.kind for entry in ledger.list_entries(limit=10)}
    assert {"correction.requested", "correction.answered"} <= kinds


def test_one_open_correction_a_value(ask):
    ask()
    with pytest.raises(Conflict, match="correction-open-already"):
        ask(proposed="อีกแบบ")
    ask(field="entity.name_th", proposed="บริษัท อื่น จำกัด", at_site=False)


@pytest.mark.parametrize(
    ("changes", "refusal", "code"),
    [
        ({"proposed": " "}, Rejected, "correction-empty"),
        ({"proposed": "บริษัท ริมโขงเปรรูปอาหารร จำกัด"}, Rejected, "correction-same"),
        ({"field": "entity.size_class", "proposed": "micro", "at_site": False}, Rejected, "correction-derived"),
        ({"field": "entity.objective", "at_site": False}, NotFound, "value-unknown"),
        ({"actor": Actor(Role.OWNER, person_id="p9", enterprise_id="ENT-X")}, NotFound, "enterprise-unknown"),
        ({"actor": Actor(Role.BANK_OFFICER, person_id="p9", organisation="smed")}, Denied, "correction-not-yours"),
    ],
)
def test_what_cannot_be_asked(ask, changes, refusal, code):
    with pytest.raises(refusal, match=code):
        ask(**changes)


@pytest.mark.parametrize(
    ("actor", "refusal", "code"),
    [
        (Actor(Role.AGENCY_OFFICER, person_id="a", organisation="dip"), NotFound, "correction-unknown"),
        (Actor(Role.BANK_OFFICER, person_id="b", organisation="exim"), Denied, "correction-not-for-you"),
    ],
)
def test_who_may_not_answer(ask, clock, actor, refusal, code):
    with pytest.raises(refusal, match=code):
        register.answer_correction(ask().correction_id, accept=True, ground="ได้", actor=actor, clock=clock)


def test_answered_once_with_a_ground(ask, clock):
    asked = ask()
    agency = Actor(Role.AGENCY_OFFICER, person_id="a", organisation="diw")
    with pytest.raises(Rejected, match="ground-missing"):
        register.answer_correction(asked.correction_id, accept=False, ground=" ", actor=agency, clock=clock)
    register.answer_correction(asked.correction_id, accept=False, ground="ตามใบอนุญาต", actor=agency, clock=clock)
    with pytest.raises(Conflict, match="correction-answered"):
        register.answer_correction(asked.correction_id, accept=True, ground="ใหม่", actor=agency, clock=clock)
