"""A run calls itself measured only where hidden numbers speak of most records that have none."""

from __future__ import annotations

import polars as pl

from iindustry.linkage import hidden

COLUMNS = {"uid": pl.Int64, "source": pl.Utf8, "jid": pl.Utf8, "is_person": pl.Boolean, "core": pl.Utf8, "form": pl.Utf8,
           "sub": pl.Utf8, "site_only": pl.Boolean}  # fmt: skip
PAIRS = pl.DataFrame({"left": [0], "right": [1], "true": [True], "found": [True]})


def profiles(*rows):
    numbered = [(0, "dbd", "1", False, "a", "co", "100101", False), (1, "dip", "1", False, "a", "co", "100101", False)]
    return pl.DataFrame([*numbered, *rows], schema=COLUMNS, orient="row")


def bare(uid, source="diw", *, person=False, core="a", form="co", sub="100101", site_only=False):
    return (uid, source, None, person, core, form, sub, site_only)


def told(*rows):
    return hidden.told_of(PAIRS, profiles(*rows), pl.Series([1], dtype=pl.Int64))


def test_records_like_those_with_numbers_are_measured():
    quality, unlike = told(bare(2), bare(3), bare(4, person=True, form="person"))
    assert (quality.precision, quality.recall, quality.f1) == (1.0, 1.0, 1.0)
    assert unlike == 0.3333


def test_where_most_are_unlike_nothing_is_measured():
    quality, unlike = told(bare(2), bare(3, form=None), bare(4, form=None))
    assert (quality.precision, quality.recall, quality.f1, quality.pairs) == (None, None, None, 1)
    assert unlike == 0.6667


def test_the_place_is_a_part_of_the_kind_and_places_of_production_are_not_asked():
    assert told(bare(2), bare(3, sub=None))[1] == 0.5
    assert told(bare(2), bare(3, core=None, form=None, site_only=True))[1] == 0.0


def test_with_no_record_without_a_number_there_is_nothing_unlike():
    assert told()[1] is None
