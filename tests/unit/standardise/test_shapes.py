"""What standard files hold follows the contracts: nothing that is accepted is lost, nothing has two types."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from iindustry.sources import rows
from iindustry.sources.contracts import contract_of, contracts
from iindustry.standardise import records, words
from iindustry.standardise.shapes import FACTS, IDENTITY, NOT_OF_THE_RECORD, TAKEN_AS, USED_UP, digest_of, shape_of

DAY = date(2026, 10, 31)


def _accepted(layout):
    schema = {"row": pl.Int64, "is_ragged": pl.Boolean} | {column.name: pl.Utf8 for column in layout.columns}
    return rows.sort_out(
        pl.DataFrame(schema=schema), layout, today=DAY, tag=str, seal=lambda pairs: [b"sealed"] * len(pairs)
    ).accepted


LAYOUTS = [(source, layout.name) for source, contract in contracts().items() for layout in contract.layouts]


@pytest.mark.parametrize(("source", "layout"), LAYOUTS)
def test_every_accepted_column_has_its_place(source, layout):
    accepted = _accepted(contract_of(source).layout(layout))
    placed = set(IDENTITY) | USED_UP | set(FACTS[source]) | {"juristic_id_state"}
    renamed = {"certificate_no", "status", "person_tag"}
    speaking = {"name_is_person", "operator_is_person", "site_name_is_person"}
    assert set(accepted.columns) - placed - renamed - speaking == set()


@pytest.mark.parametrize(("source", "layout"), LAYOUTS)
def test_every_layout_gives_the_shape_of_its_source(source, layout):
    accepted = _accepted(contract_of(source).layout(layout))
    found = records.standard_of(accepted, source=source, layout=layout, observed_on=DAY)
    assert dict(found.schema) == shape_of(source)
    for name, kind in FACTS[source].items():
        if name in accepted.columns and (source, name) not in words.CODED:
            assert accepted.schema[name] == kind, name


def test_facts_and_identity_share_no_column():
    for source, shape in FACTS.items():
        assert not set(shape) & set(IDENTITY), source


def test_a_director_is_not_the_firm():
    accepted = _accepted(contract_of("dbd_directors").layout("directors"))
    row = {"juristic_id": "0105558197632", "juristic_id_state": "valid", "person_tag": "tag", "signing_seal": True}
    frame = pl.concat([accepted, pl.DataFrame([row])], how="diagonal_relaxed")
    found = records.standard_of(frame, source="dbd_directors", layout="directors", observed_on=DAY).row(0, named=True)
    assert (found["person_tag"], found["director_tag"], found["is_person"]) == (None, "tag", False)
    assert found["signing_seal"] is True
    assert set(NOT_OF_THE_RECORD) == {"dbd_directors"}


def test_the_tables_name_columns_that_exist():
    assert set(TAKEN_AS) <= set(IDENTITY)
    for source, fact in words.CODED:
        assert fact in FACTS[source], (source, fact)
    assert len({digest_of(source) for source in FACTS}) == len(FACTS) - _alike()


def _alike() -> int:
    """Sources whose files have equal columns, beyond the first of each kind."""
    return len(FACTS) - len({str(shape_of(source)) for source in FACTS})


@pytest.mark.parametrize(("source", "fact"), sorted(words.CODED))
def test_every_word_of_a_contract_has_a_code(source, fact):
    codes = {code for code, _ in words.CODED[source, fact]}
    listed = {
        value
        for layout in contract_of(source).layouts
        for column in layout.columns
        if column.name in {fact, "status"} and column.reads == "words"
        for value in column.values
    }
    frame = pl.DataFrame({"said": sorted(listed)}, schema={"said": pl.Utf8})
    read = frame.select(words.code_of(pl.col("said"), words.CODED[source, fact])).to_series()
    assert set(read) <= codes
