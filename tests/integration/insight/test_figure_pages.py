"""The scoreboard is for everybody, the funnel for analysts; both say what each figure means and as of when."""

from __future__ import annotations

import csv
import io

import pytest

from iindustry.accounts import services as accounts
from iindustry.insight.definitions import DEFINITIONS
from iindustry.kernel.actors import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_home(settings, home):
    settings.HOME = home


@pytest.fixture
def analyst(client, clock, django_user_model):
    person = accounts.enrol("analyst", "นักวิเคราะห์", "Analyst", Role.ANALYST, "oie", clock=clock)
    client.force_login(
        django_user_model.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


@pytest.mark.parametrize("address", ["/scoreboard", "/scoreboard?line=green&lender=exim", "/scoreboard?line=none-such"])
def test_the_scoreboard_opens_for_everybody_with_its_definitions(client, address):
    answer = client.get(address)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count("<h1") == 1
    for key in ("eligible", "applied", "disbursed", "median_days"):
        assert DEFINITIONS[key].label in text
    assert 'href="/scoreboard.csv"' in text


def test_the_scoreboard_speaks_english(client):
    client.cookies["django_language"] = "en"
    text = client.get("/scoreboard").content.decode()
    assert "Loans by policy line" in text
    assert "นิยาม" not in text


def test_csv_opens_in_a_spreadsheet_with_thai_letters(client):
    answer = client.get("/scoreboard.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    assert text[0] == "#"
    assert len(list(csv.reader(io.StringIO(text)))) > 4 * 78 * 3


@pytest.mark.parametrize("by", ["line", "lender", "province", "name"])
def test_the_analyst_sees_the_funnel_by_each_dimension(analyst, by):
    answer = analyst.get(f"/policy?by={by}")
    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1


def test_the_funnel_can_be_downloaded(analyst):
    answer = analyst.get("/policy/funnel.csv?by=lender")
    assert answer.content.decode("utf-8-sig").startswith("# table,funnel/1")


@pytest.mark.parametrize("address", ["/policy", "/policy/funnel.csv"])
def test_the_funnel_is_not_for_everybody(client, address):
    assert client.get(address).status_code == 302


def test_the_funnel_does_not_exist_for_an_owner(client, clock, django_user_model):
    person = accounts.enrol("owner", "เจ้าของ", "Owner", Role.OWNER, None, clock=clock)
    client.force_login(
        django_user_model.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get("/policy").status_code == 404


def test_no_page_here_asks_the_database_more_than_twelve_times(analyst, django_assert_max_num_queries):
    for address in ("/policy", "/scoreboard"):
        with django_assert_max_num_queries(12):
            analyst.get(address)
