"""The open pages of programmes answer without a script, in both languages, and keep nothing."""

from __future__ import annotations

import pytest

from iindustry.programmes import services

pytestmark = pytest.mark.django_db
ANSWERS = {
    "activity": "food_processing",
    "province": "49",
    "workers": "38",
    "revenue": "42,000,000",
    "use": "machinery",
}


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("programme", [one.id for one in services.catalogue()])
def test_every_programme_has_its_page(client, programme, language):
    client.cookies["django_language"] = language
    page = client.get(f"/programmes/{programme}")
    one = services.get_programme(programme)
    assert page.status_code == 200
    assert (one.title_en if language == "en" else one.title_th) in page.content.decode()


def test_the_catalogue_shows_open_editions_before_cards_and_filters(client):
    text = client.get("/programmes").content.decode()
    assert text.index("SMED-D-LOCAL") < text.index("SMED-GREENPROD") < text.index("EXIM-COVID")
    filtered = client.get("/programmes", {"owner": "exim", "line": "area"}).content.decode()
    assert "EXIM-D-ZONE" in filtered
    assert "SMED-D-LOCAL" not in filtered


def test_an_unknown_programme_is_absent(client):
    assert client.get("/programmes/NOTHING").status_code == 404


def test_the_check_names_each_question_left_open_and_keeps_what_was_typed(client):
    page = client.post("/check", {**ANSWERS, "workers": "many", "use": ""})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#workers"' in text
    assert 'href="#use"' in text
    assert "42,000,000" in text


def test_the_check_groups_programmes_and_asks_at_most_two_more_questions(client):
    page = client.post("/check", ANSWERS)
    text = page.content.decode()
    assert page.status_code == 200
    asked = {line.split('"')[0] for line in text.split('name="more-')[1:]}
    assert len(asked) == 2
    more = {f"more-{fact}": page.context["follow_ups"][i].choices[0].value for i, fact in enumerate(_names(page))}
    again = client.post("/check", {**ANSWERS, **{key: str(value) for key, value in more.items()}})
    assert again.context["follow_ups"] == ()
    assert len(again.context["one_more"]) < len(page.context["one_more"])


def _names(page):
    return [spec.name for spec in page.context["follow_ups"]]


def test_the_check_makes_no_query_and_sets_no_session(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.post("/check", ANSWERS)
    assert "sessionid" not in client.cookies


def test_opportunities_are_the_owners(client):
    assert client.get("/my/opportunities").status_code == 302
