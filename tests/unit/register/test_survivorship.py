"""Which statement is believed, by which rule: source rank, recency, votes, key."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.reference.fields import field_of
from iindustry.register.enterprise import RULE_WORDS, Rule
from iindustry.register.survivorship import believed, united

OLD, NEW = date(2026, 1, 1), date(2026, 6, 1)
SOURCES = field_of("entity.name_th").sources


def statements(*rows):
    """(content, source, record key, day) of one subject; records are numbered in the order of source and key."""
    keys = sorted({(source, key) for _, source, key, _ in rows})
    newest = {}
    for content, source, key, day in sorted(rows, key=lambda row: row[3]):
        newest[source, key] = (0, keys.index((source, key)), SOURCES.index(source), day, content)
    kinds = {"subject": pl.UInt32, "record": pl.UInt32, "rank": pl.UInt8, "as_of": pl.Date, "value": pl.Utf8}
    return keys, pl.DataFrame(list(newest.values()), schema=kinds, orient="row")


def chosen(*rows):
    keys, said = statements(*rows)
    row = believed(said).row(0, named=True)
    content = dict(zip(said["record"], said["value"], strict=True))
    assert content[row["record"]] == row["value"]
    return row["value"], row["rule"], [(keys[one][0], content[one]) for one in row["rivals"] or ()]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("ก", "diw", "1", OLD)], ("ก", Rule.ONLY, [])),
        ([("ก", "diw", "1", OLD), ("ก", "diw", "2", NEW)], ("ก", Rule.ONLY, [])),
        ([("ก", "diw", "1", NEW), ("ก", "dbd", "1", OLD)], ("ก", Rule.AGREED, [("diw", "ก")])),
        ([("ก", "diw", "1", NEW), ("ข", "dbd", "1", OLD)], ("ข", Rule.SOURCE, [("diw", "ก")])),
        ([("ก", "diw", "1", OLD), ("ข", "diw", "2", NEW)], ("ข", Rule.NEWEST, [("diw", "ก")])),
        ([("ก", "diw", "1", OLD), ("ข", "diw", "2", OLD), ("ข", "tisi", "1", OLD)],
         ("ข", Rule.VOTES, [("diw", "ก"), ("tisi", "ข")])),
        ([("ข", "diw", "1", OLD), ("ก", "diw", "2", OLD)], ("ข", Rule.KEY, [("diw", "ก")])),
        ([("ก", "dbd", "1", OLD), ("ข", "diw", "1", NEW), ("ข", "diw", "2", OLD)], ("ก", Rule.SOURCE, [("diw", "ข")])),
    ],
)  # fmt: skip
def test_the_rule_that_decides(rows, expected):
    assert chosen(*rows) == expected


def test_what_is_gathered_is_of_the_best_ranked_source_alone():
    rows = pl.DataFrame(
        {"subject": [0, 0, 1], "record": [1, 0, 2], "rank": [1, 0, 1], "as_of": [NEW, OLD, NEW],
         "value": [["ข"], ["ก"], ["ค"]]},
        schema_overrides={"subject": pl.UInt32, "record": pl.UInt32, "rank": pl.UInt8},
    )  # fmt: skip
    assert united(rows).select("subject", "record", "value", "rule").rows() == [
        (0, 0, ["ก"], Rule.UNION), (1, 2, ["ค"], Rule.UNION)]  # fmt: skip


ROW = st.tuples(st.sampled_from("กขค"), st.sampled_from(["dbd", "diw", "tisi", "dip"]),
                st.sampled_from("123"), st.sampled_from([OLD, NEW]))  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=10, unique_by=lambda row: row[1:3]), st.randoms())
def test_order_of_arrival_changes_nothing_and_nothing_is_invented(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert chosen(*rows) == chosen(*shuffled)
    assert chosen(*rows)[0] in {row[0] for row in rows}


def test_every_rule_has_words():
    assert set(RULE_WORDS) == set(Rule)
