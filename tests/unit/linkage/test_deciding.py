"""What joins by itself and what waits for a person, by who the two sides are."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from iindustry.linkage import deciding, model
from iindustry.linkage.comparisons import COMPARISONS, MISSING
from iindustry.linkage.model import Model

RULES = Model(m={}, u={}, prior=1e-4, auto_weight=2.0, review_weight=0.0, margin=0.0)
COMPANY = {
    "source": "dbd",
    "number": "1",
    "named": True,
    "is_person": False,
    "is_company": True,
    "is_word": False,
    "gate": None,
}
FACTORY = COMPANY | {"source": "diw", "number": None, "named": False, "is_company": False}
OWNER = FACTORY | {"named": True, "is_person": True}


def held(one, other, weight=9.0, rivals=0.0, **levels):
    """The ground on which a pair waits; None: it joins by itself."""
    said = dict.fromkeys((each.name for each in COMPARISONS), MISSING) | levels
    sides = {
        f"{name}_{side}": value for side, told in (("left", one), ("right", other)) for name, value in told.items()
    }
    pair = {"left": 0, "right": 1, "match_weight": weight, "match_probability": 0.9, "rivals": rivals} | said | sides
    kinds = {f"gate_{side}": pl.UInt64 for side in ("left", "right")}
    frame = pl.DataFrame([pair], schema_overrides=kinds)
    return deciding.weighed(frame, replace(RULES, name=model.SHIPPED))["held"][0]


def test_a_word_more_is_a_sibling_but_over_the_gate_at_the_same_door():
    longer = {"name": "longer", "seat_site": "subdistrict"}
    assert held(COMPANY, FACTORY, kin="door", **longer) is None
    assert held(COMPANY, FACTORY, kin="other", **longer) == "middle-weight"
    assert held(COMPANY, FACTORY | {"named": True}, kin="door", **longer) == "middle-weight"
    assert held(COMPANY, FACTORY, kin="door", form="other", **longer) == "middle-weight"


def test_a_factory_that_names_nobody_joins_at_its_door_unless_somebody_else_claims_it():
    at_the_gate = {"name": "longer", "seat_site": "subdistrict", "kin": "door"}
    assert held(COMPANY, FACTORY, weight=0.5, **at_the_gate) is None
    assert held(COMPANY, FACTORY, weight=0.5, rivals=1.0, **at_the_gate) == "middle-weight"
    assert held(COMPANY, FACTORY | {"named": True}, weight=0.5, **at_the_gate) == "middle-weight"
    assert held(COMPANY, FACTORY, weight=0.5, **at_the_gate | {"name": "near_10"}) == "middle-weight"


def test_a_number_of_a_company_and_one_of_a_person_keep_clusters_apart():
    told = pl.DataFrame(
        {"uid": [0, 1, 2, 3], "jid": ["1", None, None, None], "person_tag": [None, "t", "t", None],
         "form": ["co", None, "co", "person"]}
    )  # fmt: skip
    assert deciding.numbers(told).rows() == [(0, "1"), (1, "pt")]


@pytest.mark.parametrize(
    ("is_word", "told", "ground"),
    [
        (True, {"seat_site": "other"}, "middle-weight"),
        (True, {}, "middle-weight"),
        (True, {"seat_site": "other", "phone": "equal"}, None),
        (True, {"seat_site": "province"}, None),
        (False, {"seat_site": "other"}, None),
    ],
)
def test_one_word_of_a_factory_joins_nobody_in_another_province(is_word, told, ground):
    assert held(COMPANY, FACTORY | {"is_word": is_word}, name="equal", **told) == ground


def test_a_persons_two_factories_are_one_owners_where_one_name_stands_over_both_gates():
    far = {"name": "whole", "sites": "other"}
    assert held(OWNER, OWNER, **far) == "person"
    assert held(OWNER | {"gate": 7}, OWNER | {"gate": 8}, **far) == "person"
    assert held(OWNER | {"gate": 7}, OWNER | {"gate": 7}, **far) is None
    assert held(OWNER | {"gate": 7}, COMPANY | {"gate": 7}, **far) == "person"


@pytest.mark.parametrize(
    ("core", "form", "person", "is_word"),
    [("ABCDEFGHI", None, False, True), ("ABCDEFGHIJ", None, False, False), ("ABC", "co", False, False), ("ABC", None, True, False),
     (None, None, False, False)],
)  # fmt: skip
def test_what_one_word_of_a_factory_is(core, form, person, is_word):
    row = {"source": "diw", "core_b": core, "any_b": "GATE", "form": form, "is_person": person, "jid": None,
           "named_b": f"{core}/{form}/" if core and form else None}  # fmt: skip
    told = pl.DataFrame([row], schema_overrides=dict.fromkeys(("core_b", "form", "jid", "named_b"), pl.Utf8))
    found = told.select(**deciding.sides()).row(0, named=True)
    assert (found["is_word"], found["named"]) == (is_word, bool(core and form))
    assert (found["gate"] is not None) == (core is not None)
