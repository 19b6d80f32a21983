"""A held delivery is released or refused, and a claim of authority answered, by a steward on a page; nobody else sees either."""

from __future__ import annotations

import pytest
from django.conf import settings

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Authority, Person
from iindustry.kernel.actors import SYSTEM, Actor, Role
from iindustry.kernel.home import Home
from iindustry.kernel.ids import lasting_id
from iindustry.sources import services as sources
from iindustry.sources.models import Delivery

pytestmark = pytest.mark.django_db
HEADING = "เลขที่ใบอนุญาต,มาตรฐานเลขที่,ผู้รับใบอนุญาต,จังหวัด\n"
ENTERPRISE = lasting_id("ENT", 7)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HOME", Home(tmp_path / "home"))


@pytest.fixture
def sign_in(client, clock):
    def run(username, role, organisation):
        person = accounts.enrol(username, "ชัยทดสอบ", "Chai", role, organisation, clock=clock)
        client.force_login(Person.objects.get(id=person), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return run


@pytest.fixture
def asked(monkeypatch):
    """What was asked of the worker."""
    calls = []
    monkeypatch.setattr("iindustry.web.steward_deliveries.jobs.ask_register", lambda *, actor: calls.append(actor))
    return calls


@pytest.fixture
def held(tmp_path, clock):
    """A full register, then one with a tenth of its rows, which is held."""
    reports = []
    for name, count in (("full.csv", 100), ("less.csv", 10)):
        path = tmp_path / name
        path.write_text(
            HEADING + "".join(f"L-{n},มอก. 1,บริษัท ทดลอง {n} จำกัด,ตาก\n" for n in range(count)), encoding="utf-8"
        )
        reports.append(
            sources.deliver(path, source="tisi", filename=name, actor=SYSTEM, home=settings.HOME, clock=clock)
        )
    assert reports[1].status == "held"
    return reports[1]


@pytest.mark.parametrize(("answer", "status"), [("release", "accepted"), ("refuse", "refused")])
def test_a_held_delivery_is_decided_by_a_steward(sign_in, held, asked, answer, status):
    steward = sign_in("chai", Role.STEWARD, "oie")
    page = steward.get("/steward/deliveries").content.decode()
    for said in ("less.csv", "100 แถว", "90.0", "รอท่านตัดสิน"):
        assert said in page
    assert steward.post(f"/steward/deliveries/{held.delivery_id}", {}).status_code == 422
    done = steward.post(f"/steward/deliveries/{held.delivery_id}", {"answer": answer}, follow=True).content.decode()
    assert "ไม่มีไฟล์ที่รอตัดสิน" in done
    assert Delivery.objects.get(id=held.delivery_id).status == status
    assert len(asked) == (answer == "release"), "its rows join without anybody's asking, or never"
    assert steward.post(f"/steward/deliveries/{held.delivery_id}", {"answer": answer}).status_code == 409


def test_the_agency_is_told_what_became_of_its_file(sign_in, held, asked):
    page = f"/agency/deliveries/{held.delivery_id}"
    waiting = sign_in("tida", Role.AGENCY_OFFICER, "tisi").get(page).content.decode()
    assert "รอผู้ดูแลข้อมูลกลาง" in waiting
    assert "รับครบแล้ว" not in waiting, "a held file is not in use"
    sign_in("chai", Role.STEWARD, "oie").post(f"/steward/deliveries/{held.delivery_id}", {"answer": "refuse"})
    told = sign_in("tida2", Role.AGENCY_OFFICER, "tisi").get(page).content.decode()
    assert "ไม่ใช้ไฟล์นี้" in told
    assert "แล้วส่งไฟล์ใหม่" in told


@pytest.fixture
def claim(clock):
    person = accounts.enrol("malee9", "มาลีทดสอบ", "Malee", Role.OWNER, None, clock=clock)
    own = Actor(Role.OWNER, person_id=str(person))
    return accounts.claim_authority(person, ENTERPRISE, "director", "หนังสือรับรองฉบับทดสอบ", actor=own, clock=clock)


@pytest.mark.parametrize(("answer", "state"), [("accept", "live"), ("refuse", "refused")])
def test_a_claim_is_answered_by_a_steward(sign_in, claim, answer, state):
    steward = sign_in("chai", Role.STEWARD, "oie")
    page = steward.get("/steward/claims").content.decode()
    for said in ("มาลีทดสอบ", "กรรมการผู้มีอำนาจลงนาม", "หนังสือรับรองฉบับทดสอบ"):
        assert said in page
    assert steward.post(f"/steward/claims/{claim.claim_id}", {}).status_code == 422
    done = steward.post(f"/steward/claims/{claim.claim_id}", {"answer": answer}, follow=True).content.decode()
    assert "ไม่มีคำขอที่รอตรวจ" in done
    assert Authority.objects.get(id=claim.claim_id).state == state
    assert steward.post(f"/steward/claims/{claim.claim_id}", {"answer": answer}).status_code == 409


def test_a_natural_persons_business_stays_masked_among_claims(sign_in, claim, monkeypatch):
    from iindustry.register.enterprise import EnterpriseName

    named = {ENTERPRISE: EnterpriseName("นายสมมติ นามทดลอง", "นายสมมติ นามทดลอง", is_person=True)}
    monkeypatch.setattr("iindustry.web.steward_claims.register.names_of", lambda ids: named)
    page = sign_in("chai", Role.STEWARD, "oie").get("/steward/claims").content.decode()
    assert "นายส•••" in page
    assert "นามทดลอง" not in page


@pytest.mark.parametrize("role", [Role.AGENCY_OFFICER, Role.AUDITOR])
def test_nobody_else_decides(sign_in, held, claim, role):
    other = sign_in("other", role, "tisi" if role is Role.AGENCY_OFFICER else "auditor")
    for address in ("/steward/deliveries", "/steward/claims"):
        assert other.get(address).status_code == 404
    assert other.post(f"/steward/deliveries/{held.delivery_id}", {"answer": "release"}).status_code == 404
    assert other.post(f"/steward/claims/{claim.claim_id}", {"answer": "accept"}).status_code == 404
    assert Delivery.objects.get(id=held.delivery_id).status == "held"
    assert Authority.objects.get(id=claim.claim_id).state == "pending"


@pytest.mark.parametrize("path", ["/steward/deliveries", "/steward/claims"])
def test_the_pages_ask_the_database_little(sign_in, held, claim, path, django_assert_max_num_queries):
    steward = sign_in("chai", Role.STEWARD, "oie")
    with django_assert_max_num_queries(12):
        assert steward.get(path).status_code == 200
