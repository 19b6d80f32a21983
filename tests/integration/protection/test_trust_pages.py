"""Pages of trust: the owner withdraws, reads who looked, and takes a receipt that anybody can check."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from iindustry.accounts import services as accounts
from iindustry.accounts.authority import AuthorityKind
from iindustry.kernel.actors import SYSTEM, Actor, Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.home import Home
from iindustry.kernel.ids import lasting_id, new_id
from iindustry.ledger import services as ledger
from iindustry.protection import services as protection
from iindustry.register.enterprise import Enterprise, Value

pytestmark = pytest.mark.django_db
CLOCK = SystemClock()
ENT, OTHER = lasting_id("ENT", 1), lasting_id("ENT", 2)
FIELDS = frozenset({"entity.name_th", "entity.tsic"})
PRIVATE_NAME = "กิจการลับเฉพาะ"


@pytest.fixture(autouse=True)
def world(settings, tmp_path):
    settings.HOME = Home(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    protection.seed_agreement(protection.memorandum_document(), actor=SYSTEM, clock=CLOCK)


def person(username, role, organisation=None, enterprise=None):
    made = accounts.enrol(username, username, username, role, organisation, clock=CLOCK)
    if enterprise:
        accounts.claim_authority(made, enterprise, AuthorityKind.DIRECTOR, "หนังสือรับรอง", actor=SYSTEM, clock=CLOCK)
    return accounts.actor_of(made, clock=CLOCK)


@pytest.fixture
def malee(client):
    actor = person("malee", Role.OWNER, enterprise=ENT)
    client.force_login(user(actor), backend="allauth.account.auth_backends.AuthenticationBackend")
    return actor


def user(actor):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=actor.person_id)


def entered(client, actor):
    client.force_login(user(actor), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def consent_and_look(owner, *, enterprise=ENT):
    given = protection.give_consent(
        enterprise,
        recipient="smed",
        purpose="LOAN_UNDERWRITING",
        fields=FIELDS,
        application_id=new_id(),
        actor=owner,
        clock=CLOCK,
    )
    value = Value("entity.name_th", PRIVATE_NAME, "dbd", "r", date(2026, 1, 1))
    seen = protection.disclose(
        Enterprise(enterprise, "v1", PRIVATE_NAME, "", None, None, {"entity.name_th": value}),
        recipient="smed", purpose="LOAN_UNDERWRITING", service="enterprise-profile", consent_id=given.consent_id, fields=FIELDS,
        actor=Actor(Role.BANK_OFFICER, person_id=str(new_id()), organisation="smed"), clock=CLOCK,
    )  # fmt: skip
    return given, seen


def test_the_owner_withdraws_in_one_press_and_a_confirmation(client, malee):
    given, _ = consent_and_look(malee)
    page = client.get("/my/consents")
    assert page.status_code == 200
    text = page.content.decode()
    assert "พิจารณาสินเชื่อ" in text
    assert "1 ครั้ง" in text
    confirm = client.get(f"/my/consents/{given.consent_id}/withdraw")
    assert "ยืนยันการถอน" in confirm.content.decode()
    done = client.post(f"/my/consents/{given.consent_id}/withdraw", follow=True)
    assert "มีผลทันที" in done.content.decode()
    assert protection.get_consent(given.consent_id, actor=malee, clock=CLOCK).status == "revoked"
    assert client.post(f"/my/consents/{given.consent_id}/withdraw").status_code == 302


def test_pausing_and_resuming(client, malee):
    given, _ = consent_and_look(malee)
    for act, status in (("", "paused"), ("resume", "active")):
        client.post(f"/my/consents/{given.consent_id}/pause", {"act": act})
        assert protection.get_consent(given.consent_id, actor=malee, clock=CLOCK).status == status


def test_who_saw_my_data_and_a_receipt_that_verifies_on_the_public_page(client, malee):
    consent_and_look(malee)
    text = client.get("/my/seen").content.decode()
    assert "เจ้าหน้าที่ธนาคาร" in text
    assert "ชื่อกิจการ" in text
    look = protection.list_disclosures(ENT)[0]
    address = f"/my/seen/{look.disclosure_id}/receipt"
    assert client.get(address).status_code == 409
    ledger.seal(clock=CLOCK)
    receipt = client.get(address)
    assert receipt["Content-Disposition"].endswith('.tlog-proof"')
    client.logout()
    for sent in (
        {"receipt": receipt.content.decode()},
        {"receipt_file": SimpleUploadedFile("a.tlog-proof", receipt.content)},
    ):
        answer = client.post("/verify", sent).content.decode()
        assert "หลักฐานถูกต้อง" in answer
        assert "เปิดเผยข้อมูลกิจการ" in answer


def test_whatever_is_not_a_good_receipt_gets_one_answer(client):
    answers = set()
    for text in (
        "hello",
        "c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n\ni-industry/ledger\n1\n"
        + "A" * 43
        + "=\n\n— i-industry/ledger AAAA\n",
    ):
        page = client.post("/verify", {"receipt": text})
        assert page.status_code == 200
        answers.add(page.content.decode().split('id="verdict"')[1].split("<form")[0])
    assert len(answers) == 1
    assert "ใช้ไม่ได้" in answers.pop()
    for nothing in ({}, {"receipt": "x" * 70_000}, {"receipt_file": SimpleUploadedFile("a", b"x" * 70_000)}):
        assert client.post("/verify", nothing).status_code == 422


def test_another_owner_finds_nothing_of_it(client, malee):
    given, _ = consent_and_look(malee)
    ledger.seal(clock=CLOCK)
    look = protection.list_disclosures(ENT)[0]
    entered(client, person("bua", Role.OWNER, enterprise=OTHER))
    for address in ("/my/consents/{}/withdraw", "/my/consents/{}/receipt", "/my/seen/{}/receipt"):
        theirs = client.get(address.format(look.disclosure_id if "seen" in address else given.consent_id))
        absent = client.get(address.format(new_id()))
        assert theirs.status_code == absent.status_code == 404, address
        assert len(theirs.content) == len(absent.content), address
    assert client.post(f"/my/consents/{given.consent_id}/withdraw").status_code == 404
    for address in ("/my/consents", "/my/seen"):
        assert str(given.consent_id) not in client.get(address).content.decode()
    assert protection.get_consent(given.consent_id, actor=malee, clock=CLOCK).status == "active"


@pytest.mark.parametrize("role", [Role.OWNER, Role.BANK_OFFICER, Role.STEWARD, Role.ANALYST, None])
def test_only_the_auditor_reads_the_log(client, role):
    if role:
        entered(client, person("someone", role, {Role.OWNER: None, Role.BANK_OFFICER: "smed"}.get(role, "oie")))
    for address in ("/audit", "/audit/agreements", "/audit/consents", "/audit/verify", f"/audit/entries/{UUID(int=0)}"):
        assert client.get(address).status_code == (404 if role else 302), address


def test_the_auditor_reads_the_trail_and_no_content(client, malee, django_assert_max_num_queries):
    given, seen = consent_and_look(malee)
    ledger.seal(clock=CLOCK)
    consent_and_look(malee)
    entered(client, person("nida", Role.AUDITOR, "auditor"))
    pages = {}
    for address in (
        "/audit", "/audit?kind=consent.changed", f"/audit?subject={ENT}", "/audit?subject=nothing", f"/audit/entries/{seen.entry.entry_id}",
        "/audit/agreements", "/audit/consents", f"/audit/consents?enterprise={ENT}&recipient=smed&status=active",
        "/audit/consents?recipient=zzz&status=zzz", f"/audit/consents/{given.consent_id}", "/audit/verify",
    ):  # fmt: skip
        with django_assert_max_num_queries(12):
            page = client.get(address)
        assert page.status_code == 200, address
        pages[address] = page.content.decode()
        assert PRIVATE_NAME not in pages[address]
        assert client.get(address, headers={"accept-language": "en"}).status_code == 200
    assert "เปิดเผยข้อมูลกิจการ" in pages[f"/audit?subject={ENT}"]
    assert "ไม่พบรายการ" in pages["/audit?subject=nothing"]
    assert "ถูกต้อง" in pages["/audit/agreements"]
    assert client.get(f"/audit/entries/{seen.entry.entry_id}/receipt").status_code == 200
    assert client.get(f"/audit/entries/{new_id()}").status_code == 404


def test_the_auditor_checks_the_whole_log_a_receipt_and_an_older_head(client, malee):
    _, seen = consent_and_look(malee)
    head = ledger.seal(clock=CLOCK).note
    consent_and_look(malee)
    entered(client, person("nida", Role.AUDITOR, "auditor"))
    assert "ครบถ้วน ไม่ถูกแก้ไข" in client.post("/audit/verify", {"act": "log"}).content.decode()
    assert "ต่อเนื่องจากจุดรับรอง" in client.post("/audit/verify", {"act": "head", "head": head}).content.decode()
    forged = head.replace("\n" + head.split("\n")[1] + "\n", "\n99\n")
    assert "พบความผิดปกติ" in client.post("/audit/verify", {"act": "head", "head": forged}).content.decode()
    assert client.post("/audit/verify", {"act": "head", "head": "nonsense"}).status_code == 422
    receipt = ledger.receipt(seen.entry.entry_id)
    assert "หลักฐานถูกต้อง" in client.post("/audit/verify", {"act": "receipt", "receipt": receipt}).content.decode()
    changed = receipt.replace("index ", "index 1")
    assert "หลักฐานใช้ไม่ได้" in client.post("/audit/verify", {"act": "receipt", "receipt": changed}).content.decode()


def test_public_pages_answer_everybody_in_both_languages(client):
    assert client.get("/ledger/checkpoint").status_code == 404
    ledger.seal(clock=CLOCK)
    assert client.get("/ledger/checkpoint").content.decode().startswith("i-industry/ledger\n")
    assert client.get("/ledger/key").content.decode().strip() == ledger.public_key()
    for address in ("/agreements", "/verify", "/privacy"):
        thai = client.get(address)
        assert thai.status_code == 200
        client.cookies["django_language"] = "en"
        english = client.get(address)
        assert english.status_code == 200
        assert thai.content != english.content
        client.cookies.clear()
    assert "สำนักงานเศรษฐกิจอุตสาหกรรม" in client.get("/agreements").content.decode()
