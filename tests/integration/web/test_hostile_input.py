"""What a browser never sends by itself: no fault of ours comes of it, and no disk is filled by a stranger."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.kernel.actors import Role
from iindustry.kernel.home import Home
from iindustry.kernel.ids import class_thirteen
from iindustry.web import refusals, room
from iindustry.web.pressed import is_number

pytestmark = pytest.mark.django_db
NUL = "a\0b"


@pytest.fixture
def browser(settings, tmp_path, clock):
    settings.HOME = Home(tmp_path)

    def signed_in(role, organisation=None):
        person = accounts.enrol(role.value, "ทดสอบ", "Test", role, organisation, clock=clock)
        client = Client(raise_request_exception=False)
        client.force_login(Person.objects.get(id=person), "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.mark.parametrize(
    ("role", "organisation", "address"),
    [
        (Role.BANK_OFFICER, "smed", "/bank?province=a%00b"),
        (Role.AUDITOR, "auditor", "/audit?kind=%00"),
        (Role.AUDITOR, "auditor", "/audit/consents?enterprise=a%00b"),
        (Role.STEWARD, "oie", "/steward/enterprise/a%00b"),
    ],
)
def test_a_nul_in_an_address_is_answered_as_absent(browser, role, organisation, address):
    assert browser(role, organisation).get(address).status_code == 404


def test_a_nul_in_a_form_is_answered_as_absent(browser):
    owner = browser(Role.OWNER)
    typed = {"number": "0105558197632", "kind": "director", "evidence": NUL}
    assert owner.post("/my/enterprises/add", typed).status_code == 404


def test_digits_that_are_no_number_are_read_as_none(browser):
    assert [is_number(text) for text in ("12", "๑๒", "²", "", "-1", "9" * 5000)] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert class_thirteen("²" * 13)[0] == "invalid"
    typed = {"number": "²" * 13, "kind": "director", "evidence": "x"}
    assert browser(Role.OWNER).post("/my/enterprises/add", typed).status_code == 422


def test_a_stranger_may_send_a_receipt_and_no_more(monkeypatch, browser):
    monkeypatch.setattr(room, "STRANGER", 4096)
    monkeypatch.setattr(room, "MEMBER", 8192)
    small, large = (SimpleUploadedFile("proof.txt", b"x" * size) for size in (100, 5000))
    stranger, owner = Client(), browser(Role.OWNER)
    assert stranger.post("/verify", {"act": "receipt", "receipt_file": small}).status_code != 400
    assert stranger.post("/verify", {"act": "receipt", "receipt_file": large}).status_code == 400
    large.seek(0)
    assert owner.post("/verify", {"act": "receipt", "receipt_file": large}).status_code != 400


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (RequestDataTooBig("x"), ("ใหญ่เกินกว่าที่หน้านี้รับได้", "larger than this page takes")),
        (SuspiciousOperation("x"), ("อ่านคำขอที่เบราว์เซอร์ส่งมาไม่ได้", "cannot be read")),
    ],
)
def test_what_cannot_be_read_is_answered_in_words(rf, fault, words):
    for language, part in zip(("th", "en"), words, strict=True):
        request = rf.post("/my")
        request.LANGUAGE_CODE = language
        with translation.override(language):
            answer = refusals.mistaken(request, fault)
        assert answer.status_code == 400
        assert part in answer.text
