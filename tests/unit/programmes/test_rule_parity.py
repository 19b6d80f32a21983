"""One tree, two back ends: every answer and every bit is the same, cell by cell, over random rules and registers."""

from __future__ import annotations

import os

import pytest
import random_rules
from random_rules import ASKED, TODAY, Rules

from iindustry.programmes import bitmaps, columns, conditions, facts_table, published, services
from iindustry.programmes import closures as closures_module
from iindustry.programmes.closures import closures, compile_amount, context, deriver, root
from iindustry.programmes.tree import Op, items

IS_PROOF = os.environ.get("IINDUSTRY_PROOF") == "1"
SIZE = 300
CELLS = 10_000_000 if IS_PROOF else 1_000_000
MOST_TREES = 5_000


def compare(seed: int, only: Op | None = None, size: int = SIZE) -> tuple[int, int]:
    """Cells compared and cells that differ, for one random rule and register."""
    return compare_bundle(Rules(seed, only).bundle(), seed, size)


def compare_bundle(bundle, seed: int, size: int) -> tuple[int, int]:
    """Answers, the three bits of every item, and the amount, of every enterprise of a random register."""
    world = random_rules.world(bundle, seed, size)
    table = facts_table.of_frames(world.enterprises, world.establishments, TODAY)
    (found,) = columns.matrix([bundle], table, ASKED)
    outcomes = [one(facts) for one in [closures(bundle, TODAY)] for facts in world.facts]
    differ = sum(a != b for a, b in zip((one.answer for one in outcomes), found.answer.to_list(), strict=True))
    for bits, of in (
        (found.fail_bits, lambda one: one.fail_bits),
        (found.unknown_bits, lambda one: one.unknown_bits),
        (found.assumed, lambda one: sum(1 << i for i in one.assumed)),
    ):
        pairs = zip(map(of, outcomes), bits.to_list(), strict=True)
        differ += sum((one ^ other).bit_count() for one, other in pairs)
    return size * (2 + 3 * len(items(root(bundle)))), differ + differing_amounts(bundle, table, world)


def differing_amounts(bundle, table, world) -> int:
    amount = bundle.programme.benefit.amount
    if amount is None:
        return 0
    over = columns.evaluation(table)
    column = over.enterprises.amount(amount, over.constants(bundle, ASKED)).to_list()
    worked_out = compile_amount(amount, context(bundle.programme.parameters, TODAY))
    prepared = deriver(bundle.derivations, TODAY)
    grounds = [prepared(facts)[1] for facts in world.facts]
    return sum(worked_out(one.values, one.asked) != other for one, other in zip(grounds, column, strict=True))


@pytest.mark.timeout(7200 if IS_PROOF else 600)
def test_no_cell_differs_over_random_rules_and_registers():
    cells = differ = seed = 0
    faults = []
    while cells < CELLS and seed < MOST_TREES:
        more, wrong = compare(seed)
        cells, differ, seed = cells + more, differ + wrong, seed + 1
        faults += [seed] if wrong else []
    assert cells >= CELLS
    assert (differ, faults) == (0, [])


def is_caught(only: Op | None = None) -> bool:
    return any(compare(seed, only=only, size=30)[1] for seed in range(12))


@pytest.mark.parametrize("op", sorted(columns.TESTS))
def test_an_operator_broken_in_the_columns_is_caught(op, monkeypatch):
    kept = columns.TESTS[op]
    monkeypatch.setitem(columns.TESTS, op, lambda value, others: ~kept(value, others))
    assert is_caught(op)


@pytest.mark.parametrize("op", sorted(one for one in Op if one is not Op.KNOWN))
def test_an_operator_broken_in_the_closures_is_caught(op, monkeypatch):
    kept = closures_module.TESTS[op]
    monkeypatch.setitem(closures_module.TESTS, op, lambda value, other: not kept(value, other))
    assert is_caught(op)


def test_every_operator_but_known_is_tested_in_both_back_ends():
    assert set(columns.TESTS) == set(closures_module.TESTS) == set(Op) - {Op.KNOWN}


BREAKS = {
    "known": (conditions.Asking, "truths", lambda kept: lambda self, node, constants: (
        kept(self, node, constants).opposite if node.op is Op.KNOWN else kept(self, node, constants))),
    "a missing fact is no": (conditions.Asking, "truths", lambda kept: lambda self, node, constants: (
        bitmaps.Truths(*[kept(self, node, constants).yes] * 2))),
    "not": (bitmaps.Truths, "opposite", lambda kept: property(lambda self: self)),
    "groups": (bitmaps, "at_least", lambda kept: lambda need, parts: kept(need + 1, parts)),
    "the list of places": (bitmaps.Truths, "known_where", lambda kept: lambda self, rows: self),
    "no place": (bitmaps.Truths, "within", lambda kept: lambda self, rows: self),
    "the further places": (columns._Walk, "_joined", lambda kept: lambda self, first, further, need: first),
    "what is assumed": (conditions.Asking, "_spare", lambda kept: lambda self, met, *rest: met),
}  # fmt: skip


@pytest.mark.parametrize("part", BREAKS)
def test_a_part_broken_in_the_columns_is_caught(part, monkeypatch):
    where, name, broken = BREAKS[part]
    monkeypatch.setattr(where, name, broken(getattr(where, name)))
    assert is_caught(Op.KNOWN if part == "known" else None)


@pytest.mark.parametrize("programme", [one.id for one in services.open_rules(TODAY)])
def test_no_cell_of_a_published_programme_differs(programme):
    cells, differ = compare_bundle(published.bundle_of(services.get_programme(programme)), 7, 400)
    assert cells > 0
    assert differ == 0
