"""What waits for somebody is on the page, however much was done since; and one page asks few questions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.kernel.actors import Role
from iindustry.kernel.home import Home
from iindustry.kernel.ids import lasting_id, new_id
from iindustry.linkage.models import LinkAct
from iindustry.register.models import Correction, Enterprise, Member
from iindustry.sources.contracts import contract_of
from iindustry.sources.models import Delivery

pytestmark = pytest.mark.django_db
MANY = 120


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HOME", Home(tmp_path))


@pytest.fixture
def sign_in(client, clock):
    def run(role, organisation):
        person = accounts.enrol("wipa", "วิภา", "Wipa", role, organisation, clock=clock)
        client.force_login(Person.objects.get(id=person), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return run


def asked(number, clock, **more):
    """A correction of another enterprise each, an hour after the one before."""
    told = {"establishment_id": "", "source": "green", "field": "factory.name", "current": f"เดิม{number}", "asked_by": "p",
            "proposed": f"ใหม่{number}", "reason": "สะกดผิด", "asked_at": clock.now() + timedelta(hours=number)}  # fmt: skip
    return Correction(enterprise_id=lasting_id("ENT", number), **(told | more))


def answered(clock):
    return {"status": "accepted", "answered_by": "p", "answered_at": clock.now(), "ground": "จริง"}


@pytest.fixture
def old_one(clock):
    """One that waits behind more than a page of answered ones, of an agency with several registers."""
    people = [Enterprise(enterprise_id=lasting_id("ENT", number), name_th=f"นายสมมติ{number} ไม่มีจริง", is_person=True,
                         search_text="") for number in range(1, MANY)]  # fmt: skip
    Enterprise.objects.bulk_create(people)
    Correction.objects.bulk_create(asked(number, clock, **answered(clock)) for number in range(2, MANY))
    told = {"enterprise_id": people[0].enterprise_id, "link_ground": "single", "observed_on": clock.today()}
    Member.objects.bulk_create(
        [Member(source="green", record_key="C-1", **told), Member(source="tisi", record_key="F-1", **told)]
    )
    waiting = asked(1, clock, proposed="ชื่อที่รออยู่")
    waiting.save()
    return waiting


def test_a_correction_that_waits_is_not_hidden_by_those_answered_since(sign_in, old_one):
    client = sign_in(Role.AGENCY_OFFICER, contract_of("green").agency)
    with CaptureQueriesContext(
        connection,
    ) as asked_of:
        text = client.get("/agency/corrections").content.decode()
    assert old_one.proposed in text
    assert f'action="/agency/corrections/{old_one.correction_id}"' in text
    assert len(asked_of) <= 12
    assert "C-1" in text, "the clerk finds the row by its own key"
    assert "F-1" not in text, "another register's key is not hers to see"
    assert "สมมติ1 ไม่มีจริง" not in text, "a natural person's name may be another register's"


def test_the_agency_that_keeps_the_register_answers(sign_in, old_one):
    """The register of certificates is the factory department's: its key is not the agency's."""
    client = sign_in(Role.AGENCY_OFFICER, contract_of("green").agency)
    answer = client.post(f"/agency/corrections/{old_one.correction_id}", {"answer": "accept", "ground": "ตรวจแล้ว"})
    assert (answer.status_code, answer["Location"]) == (302, "/agency/corrections")
    old_one.refresh_from_db()
    assert old_one.status == "accepted"


def test_an_act_that_waits_for_a_second_person_is_not_hidden_by_acts_done_since(sign_in, clock):
    told = {"kind": "merge", "reason": "ซ้ำ", "asked_by": str(new_id())}
    LinkAct.objects.bulk_create(
        LinkAct(**told, status="done", asked_at=clock.now() + timedelta(hours=number)) for number in range(1, 60)
    )
    waiting = LinkAct.objects.create(**told, status="proposed", asked_at=clock.now())
    text = sign_in(Role.STEWARD, "oie").get("/steward/acts").content.decode()
    assert f"/steward/acts/{waiting.act_id}" in text
    first = min(text.index(f"/steward/acts/{one.act_id}") for one in LinkAct.objects.all() if str(one.act_id) in text)
    assert first == text.index(f"/steward/acts/{waiting.act_id}"), "it stands on top"


def test_a_cell_of_every_column_can_be_mended_on_the_page():
    """`i40_level` has figures in its name."""
    from iindustry.sources.contracts import contracts
    from iindustry.web.agency_mend import _CELL

    names = {one.name for each in contracts().values() for layout in each.layouts for one in layout.columns}
    assert [name for name in sorted(names) if not _CELL.fullmatch(f"r12-{name}")] == []


def test_many_mends_do_not_push_a_delivery_off_the_page(sign_in, clock):
    """Each press of "send the mended rows" is a delivery of its own; 500 of them hid the register's own file."""
    told = {"source": "dip", "layout": "participants", "mode": "event", "scope": "all", "contract_version": "1",
            "effective_on": clock.today(), "encoding": "utf-8", "accepted_count": 1, "quarantined_count": 0,
            "row_count": 1, "findings": [], "received_by": "p", "status": "accepted"}  # fmt: skip
    Delivery.objects.create(id="dip-first", sha256="0", filename="ทะเบียน.csv", received_at=clock.now(), **told)
    Delivery.objects.bulk_create(
        Delivery(id=f"dip-m{number}", sha256=str(number), filename="x", mends="dip-first",
                 received_at=clock.now() + timedelta(minutes=number), **told) for number in range(1, 501)
    )  # fmt: skip
    text = sign_in(Role.AGENCY_OFFICER, "dip").get("/agency").content.decode()
    assert "/agency/deliveries/dip-first" in text


def test_money_asked_for_stands_in_the_unit_of_the_money_beside_it(sign_in, clock):
    """The register keeps satang and people type baht: the one beside the other was a hundred times too much."""
    asked(1, clock, source="dbd", field="entity.capital_satang", current="500000000", proposed="750000050").save()
    text = sign_in(Role.AGENCY_OFFICER, "dbd").get("/agency/corrections").content.decode()
    assert "500000000" not in text
    assert "5,000,000.00" in text
    assert "7,500,000.50" in text
