"""What an owner finds who acts for no enterprise yet, and what anybody finds whose form was open too long."""

from __future__ import annotations

import pytest
from django.test import Client

from iindustry.accounts import services as accounts
from iindustry.accounts.models import Person
from iindustry.kernel.actors import SYSTEM, Actor, Role
from iindustry.kernel.home import Home
from iindustry.kernel.ids import lasting_id

pytestmark = pytest.mark.django_db
PAGES = ("/my/enterprise", "/my/opportunities", "/my/consents", "/my/seen")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ONE, TWO = lasting_id("ENT", 1), lasting_id("ENT", 2)


@pytest.fixture
def newcomer(settings, tmp_path, clock):
    settings.HOME = Home(tmp_path)
    return accounts.enrol("newcomer", "ทดสอบ", "Test", Role.OWNER, None, clock=clock)


def browser(person, **more):
    client = Client(raise_request_exception=False, **more)
    client.force_login(Person.objects.get(id=person), BACKEND)
    return client


def claim(person, enterprise_id, clock, actor):
    accounts.claim_authority(person, enterprise_id, "director", "หนังสือรับรอง", actor=actor, clock=clock)


@pytest.mark.parametrize("path", PAGES)
class TestWithoutAnEnterprise:
    def test_who_claims_none_is_told_to_add_one(self, newcomer, path):
        answer = browser(newcomer).get(path)
        assert answer.status_code == 200
        assert "ยังไม่มีกิจการที่ยืนยันแล้ว" in answer.text
        assert answer.text.count('href="/my/enterprises/add"') == 1

    def test_whose_claim_waits_is_told_what_it_waits_for(self, newcomer, clock, path):
        claim(newcomer, ONE, clock, Actor(Role.OWNER, person_id=str(newcomer)))
        english = browser(newcomer)
        english.cookies["django_language"] = "en"
        answer = english.get(path)
        assert answer.status_code == 200
        for words in ("No business confirmed yet", "A data steward is checking", 'href="/my/enterprises/add"'):
            assert words in answer.text
        assert ONE not in answer.text

    def test_who_may_act_for_two_is_asked_which(self, newcomer, clock, path):
        claim(newcomer, ONE, clock, SYSTEM)
        claim(newcomer, TWO, clock, SYSTEM)
        answer = browser(newcomer).get(path)
        assert answer.status_code == 200
        assert "ยังไม่ได้เลือกกิจการ" in answer.text
        assert 'href="/my#businesses"' in answer.text

    def test_nobody_else_finds_it(self, newcomer, clock, path):
        officer = accounts.enrol("officer", "ทดสอบ", "Test", Role.BANK_OFFICER, "smed", clock=clock)
        assert browser(officer).get(path).status_code == 404
        assert Client().get(path).status_code == 302


def test_adding_a_business_tells_everything_that_is_to_be_put_right(newcomer):
    answer = browser(newcomer).post("/my/enterprises/add", {"number": "123", "kind": "sole_owner", "evidence": " "})
    assert answer.status_code == 422
    for field in ("number", "kind", "evidence"):
        assert answer.text.count(f'<a href="#{field}">') == 1
    assert 'value="sole_owner"' not in answer.text  # there is no juristic id to add one by
    assert accounts.list_claims(newcomer) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("th", ("แบบฟอร์มนี้เปิดไว้นานเกินไป", "โหลดหน้านั้นใหม่")),
        ("en", ("This form was open too long", "load that page again")),
    ],
)
@pytest.mark.parametrize("path", ["/my/enterprises/add", "/accounts/login/", "/i18n/setlang/"])
def test_a_press_without_a_token_is_answered_in_words(newcomer, path, language, words):
    client = browser(newcomer, enforce_csrf_checks=True)
    client.cookies["django_language"] = language
    answer = client.post(path, {"number": "0105558197632"})
    assert answer.status_code == 403
    for part in (*words, "form-stale", 'id="main"'):
        assert part in answer.text
    assert accounts.list_claims(newcomer) == []


def test_a_disabled_person_is_a_stranger_at_once(newcomer):
    client = browser(newcomer)
    assert client.get("/my").status_code == 200
    Person.objects.filter(id=newcomer).update(is_active=False)
    assert client.get("/my").headers["location"].startswith("/accounts/login/")
