"""Spark is asked nothing that it does not know, and what it is asked means the same."""

from __future__ import annotations

import re

import pytest

from iindustry.linkage import dialects
from iindustry.linkage.comparisons import COMPARISONS, level_case
from iindustry.linkage.services import scoring


@pytest.mark.parametrize("one", COMPARISONS, ids=lambda one: one.name)
def test_conditions_call_only_functions_seen_equal_on_both_engines(one):
    assert dialects.functions(level_case(one)) <= dialects.KNOWN


def test_nothing_of_duckdb_is_left_in_what_spark_reads():
    texts = [scoring.SQL_CANDIDATES, scoring.SQL_REACHED, scoring.SQL_RULES, scoring.SQL_PAIRS, scoring.SQL_SCORED]
    for text in [*texts, *map(level_case, COMPARISONS)]:
        assert not re.search(r'::|<<|"|list_has_any|starts_with', dialects.spark(text)), text


def test_each_difference_is_rewritten():
    assert (
        dialects.spark('list_has_any(a_l, a_r) and starts_with("b", c)')
        == "arrays_overlap(a_l, a_r) and startswith(`b`, c)"
    )
    assert dialects.spark("bit_or(1::INTEGER << l.rule)") == "bit_or(shiftleft(1, l.rule))"


def test_literals_of_weights_are_doubles_and_those_of_conditions_stay_exact():
    written = 'CASE "name" WHEN 0 THEN log2(0.95 / coalesce(greatest(tf_a_l, tf_a_r), 1e-06)) ELSE 0.0 END'
    assert dialects.spark_weight(written) == (
        "CASE `name` WHEN 0 THEN log2(0.95D / coalesce(greatest(tf_a_l, tf_a_r), 1e-06)) ELSE 0.0D END"
    )
    assert dialects.spark("levenshtein(a, b) <= 0.1 * 7") == "levenshtein(a, b) <= 0.1 * 7"
