"""An answer kept is an answer given again: the same bytes from its own inputs and documents, whatever has changed since."""

from __future__ import annotations

import json

import pytest

from iindustry.programmes import records, services
from iindustry.programmes.published import bundle_of, load
from tests.unit.programmes import enterprises as people

FIRMS = {
    "rimkhong": people.enterprise(people.RIMKHONG, people.RIMKHONG_SITE),
    "chonparts": people.enterprise(people.CHONPARTS, people.CHONPARTS_SITE),
    "lannawood": people.enterprise(people.LANNAWOOD, people.LANNAWOOD_SITE),
    "two sites": people.enterprise(people.RIMKHONG, people.RIMKHONG_SITE, people.CHONPARTS_SITE),
    "nothing known": people.enterprise({}),
    "no sites": people.enterprise({**people.RIMKHONG, "entity.establishment_count": 0}),
}
KNOWN_AT = "2026-11-22T03:00:00Z"
OVERLAY = {"asked.cost_satang": 500_000_000, "asked.tenor_months": 60}


def recorded(firm: str, programme: str) -> records.Recorded:
    facts = services.facts_of(FIRMS[firm], as_of=people.TODAY, overlay=OVERLAY)
    return records.answered(bundle_of(services.get_programme(programme)), facts, known_at=KNOWN_AT)


RULES = [one.id for one in services.catalogue() if not one.is_archive]


@pytest.mark.parametrize("firm", sorted(FIRMS))
def test_every_answer_is_given_again_byte_for_byte_from_its_own_documents(firm: str) -> None:
    for programme in RULES:
        found = recorded(firm, programme)
        texts = dict(bundle_of(services.get_programme(programme)).documents)
        name, versions = records.documents_named(found.body)
        assert name == programme
        library = load([texts[version] for version in versions])
        again = records.replayed(found.body, bundle_of(library.programmes[name], library))
        assert again.body == found.body
        assert again.sha256 == found.sha256


def test_a_record_says_all_that_an_auditor_asks_and_no_name() -> None:
    body = json.loads(recorded("rimkhong", "SMED-D-GREEN").body)
    assert body["register_version"] == "2026-11-20.1"
    assert body["as_of"] == "2026-11-22"
    assert body["known_at"] == KNOWN_AT
    green = next(one for one in body["conditions"] if one["fact"] == "establishment.green_level")
    assert (green["value"], green["threshold"], green["gap"], green["observed_on"]) == (1, 2, 1, "2026-11-01")
    assert body["inputs"]["enterprise"]["enterprise.revenue_satang"]["value"] == 4_200_000_000
    assert body["inputs"]["asked"]["cost_satang"] == 500_000_000
    text = json.dumps(body, ensure_ascii=False)
    assert "กิจการทดสอบ" not in text
    assert "โรงงานที่" not in text


def test_what_the_rule_does_not_read_is_no_part_of_the_record() -> None:
    facts = services.facts_of(FIRMS["rimkhong"], as_of=people.TODAY)
    bundle = bundle_of(services.get_programme("SMED-D-GREEN"))
    inputs = json.loads(records.answered(bundle, facts, known_at=KNOWN_AT).body)["inputs"]
    assert set(inputs["enterprise"]) <= bundle.facts
    assert "participation.joined" not in inputs["enterprise"]


def test_another_input_gives_another_record() -> None:
    found = recorded("rimkhong", "SMED-D-GREEN")
    document = json.loads(found.body)
    document["inputs"]["establishments"][0]["facts"]["establishment.green_level"]["value"] = 2
    texts = dict(bundle_of(services.get_programme("SMED-D-GREEN")).documents)
    library = load(list(texts.values()))
    again = records.replayed(json.dumps(document).encode(), bundle_of(library.programmes["SMED-D-GREEN"], library))
    assert json.loads(again.body)["eligibility"] == "yes"
    assert found.eligibility == "no"
    assert again.body != found.body


@pytest.mark.parametrize(("key", "value"), [("schema", "i-industry/answer/9"), ("semantics", 99)])
def test_another_meaning_has_no_path_here(key: str, value: object) -> None:
    document = json.loads(recorded("rimkhong", "SMED-D-GREEN").body)
    document[key] = value
    with pytest.raises(ValueError, match="no path"):
        records.replayed(json.dumps(document).encode(), bundle_of(services.get_programme("SMED-D-GREEN")))
