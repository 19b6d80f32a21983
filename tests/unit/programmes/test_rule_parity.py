"""One tree, two back ends: every answer and every bit is the same, cell by cell, over random rules and registers."""

from __future__ import annotations

import pytest
import random_rules
from random_rules import ASKED, TODAY, Rules

from iindustry.programmes import columns, published, services
from iindustry.programmes.closures import closures, root
from iindustry.programmes.tree import ANSWERS, Op, items

SIZE = 120
TREES = 300
CELLS = 300_000


def compare(seed: int, only: Op | None = None, size: int = SIZE) -> tuple[int, int]:
    """Cells compared and cells that differ, for one random rule and register."""
    return compare_bundle(Rules(seed, only).bundle(), seed, size)


def compare_bundle(bundle, seed: int, size: int) -> tuple[int, int]:
    world = random_rules.world(bundle, seed, size)
    answer = closures(bundle, TODAY)
    frame = columns.evaluate([bundle], world.enterprises, world.establishments, TODAY, asked=ASKED)
    count = len(items(root(bundle)))
    differ = 0
    for facts, row in zip(world.facts, frame.iter_rows(named=True), strict=True):
        outcome = answer(facts)
        assert row["enterprise_id"] == facts.enterprise_id
        differ += ANSWERS[outcome.answer].value != row["answer"]
        assumed = sum(1 << i for i in outcome.assumed)
        differ += ((outcome.fail_bits ^ row["fail_bits"]) | (outcome.unknown_bits ^ row["unknown_bits"])).bit_count()
        differ += (assumed ^ row["assumed"]).bit_count()
    return size * (1 + 3 * count), differ


def test_no_cell_differs_over_random_rules_and_registers():
    cells = differ = 0
    faults = []
    for seed in range(TREES):
        more, wrong = compare(seed)
        cells, differ = cells + more, differ + wrong
        faults += [seed] if wrong else []
    assert cells >= CELLS
    assert (differ, faults) == (0, [])


@pytest.mark.parametrize("op", sorted(columns.TESTS))
def test_an_operator_broken_in_one_back_end_is_caught(op, monkeypatch):
    kept = columns.TESTS[op]
    monkeypatch.setitem(columns.TESTS, op, lambda value, others: ~kept(value, others))
    assert any(compare(seed, only=op, size=30)[1] for seed in range(5))


@pytest.mark.parametrize("programme", [one.id for one in services.open_rules(TODAY)])
def test_no_cell_of_a_published_programme_differs(programme):
    cells, differ = compare_bundle(published.bundle_of(services.get_programme(programme)), 7, 400)
    assert cells > 0
    assert differ == 0
