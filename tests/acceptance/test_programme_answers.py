"""What the catalogue answers in the demo country: every edition has each answer, and most pairs are definite."""

from __future__ import annotations

import polars as pl
import pytest

from iindustry.kernel.clock import SystemClock
from iindustry.kernel.home import Home, current_version
from iindustry.programmes import services
from iindustry.programmes.shape import Kind

DEFINITE = 0.70  # what the ministry asks before any question; 0.88 on the day this was written


@pytest.fixture(scope="module")
def answers(stage):
    home = Home(stage.home)
    return pl.read_parquet(home.register / current_version(home) / "eligibility.parquet")


def test_each_demo_loan_and_the_guarantee_has_some_yes_some_no_and_some_unknown(answers):
    wanted = [one.id for one in services.open_rules(SystemClock().today()) if one.kind is not Kind.MEASURE]
    assert len(wanted) >= 9
    found = set(answers.select("programme", "answer").unique().iter_rows())
    assert [(one, said) for one in wanted for said in ("yes", "no", "unknown") if (one, said) not in found] == []


def test_each_measure_helps_some_and_not_all(answers):
    wanted = [one.id for one in services.open_rules(SystemClock().today()) if one.kind is Kind.MEASURE]
    found = set(answers.select("programme", "answer").unique().iter_rows())
    assert [(one, said) for one in wanted for said in ("yes", "no") if (one, said) not in found] == []


def test_most_pairs_of_enterprise_and_programme_are_definite_before_any_question(answers):
    assert answers.select((pl.col("answer") != "unknown").mean()).item() >= DEFINITE
