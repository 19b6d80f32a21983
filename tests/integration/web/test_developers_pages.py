"""The developers' pages and the health page: open to all, in both languages, and there when the database is not."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from iindustry.exchange import services as exchange
from iindustry.exchange.events import TYPES
from iindustry.exchange.problems import PROBLEMS


@pytest.fixture(params=["th", "en"])
def reader(request, db, settings, tmp_path):
    from iindustry.kernel.home import Home

    settings.HOME = Home(tmp_path)
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = request.param
    client.language = request.param
    return client


def test_every_event_and_every_refusal_is_on_the_page(reader):
    page = reader.get("/developers")
    text = page.content.decode()
    assert page.status_code == 200
    assert all(name in text for name in TYPES)
    assert all(code in text for code in PROBLEMS if not code.startswith("registration"))
    assert ("เชื่อมระบบของธนาคาร" in text) == (reader.language == "th")


@pytest.mark.parametrize("code", ["consent-revoked", "party-unknown", "audit-unavailable"])
def test_the_type_of_a_problem_leads_to_its_page(reader, code):
    page = reader.get(f"/developers/problems/{code}")
    assert page.status_code == 200
    assert code in page.content.decode()


def test_a_code_that_is_none_is_absent(reader):
    assert reader.get("/developers/problems/no-such-code").status_code == 404


def test_health_says_what_it_knows(reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = reader.get("/health")
    assert page.status_code == 200
    assert ("ข้อมูลยังไม่พอ" in page.content.decode()) == (reader.language == "th")


def test_health_says_so_when_the_database_is_down(reader, monkeypatch):
    def down(*, clock):
        raise OperationalError

    monkeypatch.setattr(exchange, "health_of_services", down)
    page = reader.get("/health")
    assert page.status_code == 503
    assert ("ไม่สูญหาย" in page.content.decode()) == (reader.language == "th")
