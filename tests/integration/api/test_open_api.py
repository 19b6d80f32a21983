"""Open data and the description of the API: for anybody, true to what is served, with a row of access for each route."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver

from iindustry.api.access_rows import ACCESS_ROWS
from iindustry.api.urls import urlpatterns


def routes(patterns, prefix=""):
    for one in patterns:
        route = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from routes(one.url_patterns, route)
        else:
            yield route, one.name


def test_each_route_has_its_row_and_each_row_its_route():
    assert sorted(routes(urlpatterns)) == sorted((row.route, row.name) for row in ACCESS_ROWS)


def test_the_first_page_is_not_the_apis():
    assert "" not in dict(routes(urlpatterns))
    assert get_resolver().resolve("/").func.__module__.startswith("iindustry.web")


@pytest.fixture
def anybody(db, settings, tmp_path):
    from iindustry.kernel.home import Home

    settings.HOME = Home(tmp_path)
    return Client()


def test_programmes_are_listed_in_both_languages(anybody):
    answer = anybody.get("/api/open/programmes?limit=3")
    assert answer.status_code == 200
    listed = answer.json()["programmes"]
    assert len(listed) == 3
    assert all(one["title"]["th"] and one["title"]["en"] for one in listed)


def test_a_programme_is_given_whole_and_its_version_can_be_reckoned(anybody):
    import hashlib

    import rfc8785

    one = anybody.get("/api/open/programmes/SMED-D-GREEN").json()
    assert one["version"] == "sha256:" + hashlib.sha256(rfc8785.dumps(one["document"])).hexdigest()
    assert one["document"]["programme"] == one["id"] == "SMED-D-GREEN"
    assert [each["version"] for each in one["editions"]] == [one["version"]]
    assert one["is_suspended"] is False


def test_its_document_is_given_as_it_was_written(anybody):
    from iindustry.programmes.documents import read, version_of

    answer = anybody.get("/api/open/programmes/SMED-D-GREEN/document?as_of=2027-01-01&known_at=2026-11-22T00:00:00Z")
    assert answer["Content-Type"].startswith("application/yaml")
    version = anybody.get("/api/open/programmes/SMED-D-GREEN").json()["version"]
    assert version_of(read(answer.content)[0].plain()) == version


@pytest.mark.parametrize("path", ["NOTHING", "NOTHING/document"])
def test_a_programme_that_is_none_is_absent(anybody, path):
    answer = anybody.get(f"/api/open/programmes/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "programme-absent")


def test_a_moment_needs_its_zone(anybody):
    assert anybody.get("/api/open/programmes/SMED-D-GREEN?known_at=2026-11-22T00:00:00").status_code == 422


def test_a_scoreboard_before_any_register_has_no_numbers(anybody):
    answer = anybody.get("/api/open/scoreboard")
    assert answer.status_code == 200
    assert answer.json()["register_version"] is None
    assert all(one["value"] is None for row in answer.json()["rows"] for one in row["cells"].values())


def test_what_does_not_fit_is_a_problem_that_names_it(anybody):
    answer = anybody.get("/api/open/programmes?limit=1000")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert (answer.json()["code"], answer.json()["facts"]) == ("query-invalid", {"member": "limit"})


def test_the_description_is_openapi_3_1_and_names_every_route(anybody):
    said = anybody.get("/api/openapi.json").json()
    assert said["openapi"].startswith("3.1")
    described = {(path, method.upper()) for path, one in said["paths"].items() for method in one}
    assert len(described) == len(ACCESS_ROWS) - 2  # the document itself and /health/live are not in it


@pytest.mark.parametrize("row", [one for one in ACCESS_ROWS if one.by != "anybody"], ids=lambda one: one.name)
def test_a_stranger_is_refused_with_a_sentence(anybody, row):
    path = "/" + (
        row.route.replace("<instance>", "TH-TEST").replace("<member_class>", "GOV").replace("<member>", "0994000000014")
        .replace("<subsystem>", "iind").replace("<uuidstr:consent_id>", "01a2040c-1670-7856-a372-cce24a5c938b")
    )  # fmt: skip
    answer = anybody.generic(row.method, path, b"", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == row.refused_status
    assert answer.json()["title_th"]
    assert answer["Cache-Control"] == "no-store"


def test_the_metadata_says_where_and_how(anybody, settings):
    settings.PUBLIC_URL = "https://hub.example"
    said = anybody.get("/.well-known/oauth-authorization-server", headers={"host": "localhost"}).json()
    assert said["issuer"] == "https://hub.example"
    assert said["token_endpoint"] == "https://hub.example/oauth/token"
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    keys = anybody.get("/oauth/jwks").json()["keys"]
    assert {key["iind_use"] for key in keys} == {"token", "message"}
    assert not any("d" in key for key in keys)


def test_this_process_answers_without_a_database(anybody, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert anybody.get("/health/live").json()["live"] is True
