"""Guessing a password stops being answered, also for who then guesses right."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from iindustry.accounts import services as accounts
from iindustry.kernel.actors import Role
from iindustry.kernel.home import Home

pytestmark = pytest.mark.django_db
PASSWORD = "a long made-up phrase 7"


@pytest.fixture
def guess(settings, tmp_path, clock):
    settings.HOME = Home(tmp_path)
    cache.clear()
    accounts.enrol("guessed", "ทดสอบ", "Test", Role.AUDITOR, "auditor", password=PASSWORD, clock=clock)
    client = Client()
    yield lambda word: client.post("/accounts/login/", {"login": "guessed", "password": word}).status_code
    cache.clear()


def test_the_right_password_signs_in(guess):
    assert guess(PASSWORD) == 302


def test_after_some_wrong_ones_the_right_one_is_not_taken_either(guess):
    for number in range(12):
        guess(f"wrong {number}")
    assert guess(PASSWORD) != 302
