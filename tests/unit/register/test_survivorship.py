"""Which statement is believed, by which rule: source rank, recency, votes, key."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iindustry.register.enterprise import RULE_WORDS, Rule
from iindustry.register.statements import STATEMENT
from iindustry.register.survivorship import believed

OLD, NEW = date(2026, 1, 1), date(2026, 6, 1)


def statements(*rows):
    whole = [("ENT-A", field, value, source, key, "d", day) for field, value, source, key, day in rows]
    return pl.DataFrame(whole, schema=dict.fromkeys(STATEMENT, pl.Utf8) | {"as_of": pl.Date}, orient="row")


def chosen(*rows):
    row = believed(statements(*rows)).row(0, named=True)
    return row["value"], row["rule"], [one["v"] for one in row["competing"] or ()]


NAME = "entity.name_th"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(NAME, "ก", "diw", "1", OLD)], ("ก", Rule.ONLY, [])),
        ([(NAME, "ก", "diw", "1", NEW), (NAME, "ก", "dbd", "1", OLD)], ("ก", Rule.AGREED, ["ก"])),
        ([(NAME, "ก", "diw", "1", NEW), (NAME, "ข", "dbd", "1", OLD)], ("ข", Rule.SOURCE, ["ก"])),
        ([(NAME, "ก", "diw", "1", OLD), (NAME, "ข", "diw", "2", NEW)], ("ข", Rule.NEWEST, ["ก"])),
        ([(NAME, "ก", "diw", "1", OLD), (NAME, "ข", "diw", "2", OLD), (NAME, "ข", "tisi", "1", OLD)],
         ("ข", Rule.VOTES, ["ก", "ข"])),
        ([(NAME, "ข", "diw", "1", OLD), (NAME, "ก", "diw", "2", OLD)], ("ข", Rule.KEY, ["ก"])),
        ([("standard.licences", '["a"]', "tisi", "L1", OLD), ("standard.licences", "[]", "tisi", "", NEW)],
         ('["a"]', Rule.UNION, [])),
        ([("standard.licences", "[]", "tisi", "", NEW)], ("[]", Rule.NO_ROW, [])),
    ],
)  # fmt: skip
def test_the_rule_that_decides(rows, expected):
    assert chosen(*rows) == expected


def test_a_record_speaks_with_its_newest_word_only():
    assert chosen((NAME, "เก่า", "dbd", "1", OLD), (NAME, "ใหม่", "dbd", "1", NEW)) == ("ใหม่", Rule.ONLY, [])


ROW = st.tuples(st.just(NAME), st.sampled_from("กขค"), st.sampled_from(["dbd", "diw", "tisi", "dip"]),
                st.sampled_from("123"), st.sampled_from([OLD, NEW]))  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=10), st.randoms())
def test_order_of_arrival_changes_nothing_and_nothing_is_invented(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert believed(statements(*rows)).equals(believed(statements(*shuffled)))
    assert chosen(*rows)[0] in {row[1] for row in rows}


def test_every_rule_has_words():
    assert set(RULE_WORDS) == set(Rule)
