"""Whoever signs in, by which way ever, leaves an entry that says so and names nobody."""

from __future__ import annotations

import pytest
from django.urls import reverse

from iindustry.accounts import services as accounts
from iindustry.kernel.actors import Role
from iindustry.ledger import services as ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(home, settings):
    settings.HOME = home


def sign_ins():
    return [one.leaf["how"] for one in ledger.list_entries(kind="person.signed-in")]


def test_a_press_on_a_door_is_written_down(client, clock):
    accounts.enrol("steward-of-a-test", "ทดสอบ", "Test", Role.STEWARD, "oie", clock=clock)
    assert client.post(reverse("enter", kwargs={"door": "steward-of-a-test"})).status_code == 302
    assert sign_ins() == ["door"]


def test_a_password_is_written_down_and_a_wrong_one_is_no_sign_in(client, clock):
    person = accounts.enrol(
        "auditor-of-a-test", "ทดสอบ", "Test", Role.AUDITOR, "auditor", password="a long word of a test", clock=clock
    )
    typed = {"login": "auditor-of-a-test", "password": "another long word"}
    assert client.post("/accounts/login/", typed).status_code == 200
    assert sign_ins() == []
    assert client.post("/accounts/login/", typed | {"password": "a long word of a test"}).status_code == 302
    assert sign_ins() == ["password"]
    (entry,) = ledger.list_entries(subject=str(person), kind="person.signed-in")
    assert "auditor-of-a-test" not in str(entry.leaf)
    assert entry.actor_role == Role.AUDITOR  # as what they are, not as a visitor
