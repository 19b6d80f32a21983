"""Reach is counted programme by programme as it would be counted enterprise by enterprise."""

from __future__ import annotations

import random
from collections import defaultdict

import polars as pl
import pytest

from iindustry.insight import counting

LOANS = pl.DataFrame({
    "programme": ["a", "b", "c", "d", "e"], "lender": ["smed", "exim", "smed", "smed", "exim"],
    "policy_line": ["area", "area", "green", "green", None],
})  # fmt: skip


def counted_by_hand(answers, provinces):
    """(line, province, lender) to the sets of enterprises that some loan of the group says yes to, or no better than unknown."""
    said = defaultdict(lambda: defaultdict(set))
    loans = {one["programme"]: one for one in LOANS.iter_rows(named=True)}
    for enterprise, programme, answer in answers:
        loan, place = loans[programme], provinces[enterprise]
        for line in {None, loan["policy_line"]}:
            for lender in (None, loan["lender"]):
                for province in {None, place}:
                    said[line, province, lender][answer].add(enterprise)
    return {
        group: (len(of["yes"]), len(of["unknown"] - of["yes"]))
        for group, of in said.items()
        if of["yes"] | of["unknown"] and not (group[0] is None and None not in group[1:])  # no page parts so
    }


@pytest.mark.parametrize("seed", range(10))
def test_reach_counts_each_enterprise_once_by_its_best_answer(seed):
    chance = random.Random(seed)
    ids = [f"E{number:03d}" for number in range(80)]
    provinces = {one: chance.choice(["10", "20", None]) for one in ids}
    answers = [(one, programme, chance.choice(["yes", "no", "no", "unknown"])) for one in ids for programme in "abcde"]
    chance.shuffle(answers)
    frame = pl.DataFrame(answers, schema=["enterprise_id", "programme", "answer"], orient="row")
    places = pl.DataFrame({"enterprise_id": ids, "province_code": list(provinces.values())})
    found = counting.reach(counting.answers_of_loans(frame.lazy(), LOANS, places), LOANS)
    rows = {(line, province, lender): (yes, unknown) for line, province, lender, yes, unknown in found.rows()}
    assert len(rows) == found.height, "one row a group"
    assert rows == counted_by_hand(answers, provinces)


def test_nobody_is_counted_as_none():
    nothing = pl.DataFrame(schema={"enterprise_id": pl.Utf8, "programme": pl.Utf8, "answer": pl.Utf8})
    places = pl.DataFrame({"enterprise_id": ["E1"], "province_code": ["10"]})
    found = counting.reach(counting.answers_of_loans(nothing.lazy(), LOANS, places), LOANS)
    assert found.rows() == [(None, None, None, 0, 0)]
