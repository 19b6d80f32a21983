"""The JSON Schema that editors are given says the same as the reader, in every document and every way to spoil one."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.kernel.errors import Rejected
from iindustry.programmes import published, schemas
from iindustry.programmes.documents import Faults, read
from iindustry.programmes.facts import vocabulary
from iindustry.programmes.shape import Kind
from iindustry.programmes.tree import Op

VALIDATORS = {
    schema: jsonschema.Draft202012Validator(schemas.json_schema(schema), format_checker=None)
    for schema in schemas.DOCUMENTS
}
ANY = jsonschema.Draft202012Validator(schemas.any_schema())
REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "schemas"


@pytest.mark.parametrize("edition", published.seeds(), ids=lambda one: one.name)
def test_every_packaged_document_is_valid(edition):
    value = read(edition.text)[0].value
    assert [one.message for one in VALIDATORS[edition.schema].iter_errors(value)] == []
    assert ANY.is_valid(value)


@pytest.mark.parametrize("schema", schemas.DOCUMENTS)
def test_each_schema_is_one(schema):
    jsonschema.Draft202012Validator.check_schema(schemas.json_schema(schema))
    assert not VALIDATORS[schema].is_valid({})


def test_the_committed_files_are_printed_from_the_tables():
    for schema in schemas.DOCUMENTS:
        path = REFERENCE / f"{schema.split('/')[1]}-1.json"
        assert json.loads(path.read_text(encoding="utf-8")) == schemas.json_schema(schema), path.name
    assert json.loads((REFERENCE / "document.json").read_text(encoding="utf-8")) == schemas.any_schema()


def test_codes_of_the_language_are_all_offered():
    condition = schemas.CONDITION.schema()["properties"]
    assert set(condition["op"]["enum"]) == set(Op)
    assert set(condition["fact"]["enum"]) == set(vocabulary())
    assert set(schemas.json_schema(schemas.PROGRAMME)["properties"]["kind"]["enum"]) == set(Kind)


def is_shapely(place):
    sink = Faults(gather=True)
    schemas.check_shape(place, sink)
    return not sink.found


def is_read(text):
    try:
        return is_shapely(read(text)[0])
    except Rejected:  # a number that has no canonical form
        return False


SPOILS = st.sampled_from(
    [None, "", "x", 0, -1, 10**18 + 1, True, False, [], {}, [None], {"x": 1}, {"fact": "x"}, {"param": "a"}, "2026-02-40", "2026-01-01",
     ["a", "b"], [1, 2], [1, 2, 3], {"set": "a"}, {"assume": "x"}, {"all": []}, {"min": [1]}, {"mul": [1, "0.5"]}, {"mul": [1]}, "3.00", "-0.5"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(published.seeds()), st.data())
def test_a_spoiled_document_is_refused_by_both_or_by_neither(edition, data):
    place = read(edition.text)[0]
    steps = data.draw(st.sampled_from([one for one in paths(place.value) if one != ("schema",)]))
    act = data.draw(st.sampled_from(["put", "drop", "add", "rename"]))
    value = json.loads(json.dumps(place.value))
    spoil(value, steps, act, data.draw(SPOILS))
    is_good = is_read(json.dumps(value, ensure_ascii=False))
    assert VALIDATORS[edition.schema].is_valid(value) is is_good
    assert ANY.is_valid(value) is is_good


def paths(value, above=()):
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*above, key)
        yield from paths(one, (*above, key))


def spoil(value, steps, act, instead):
    at = value
    for step in steps[:-1]:
        at = at[step]
    last = steps[-1]
    if act == "put":
        at[last] = instead
    elif act == "drop":
        del at[last]
    elif act == "add" and isinstance(at[last], dict):
        at[last]["added"] = instead
    elif act == "rename" and isinstance(at, dict):
        at[f"{last}x"] = at.pop(last)
