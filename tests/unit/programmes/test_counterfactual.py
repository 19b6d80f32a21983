"""A change that is shown has been tried: it gives yes, and no proper part of it does. An unknown names what settles it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import random_rules
from random_rules import TODAY, Rules

from iindustry.programmes.closures import Ground, closures, compile_tree, context, derived, ground, root
from iindustry.programmes.counterfactual import apply, changes, decisive_alone, needed_for_yes, openings
from iindustry.programmes.instance import lay
from iindustry.programmes.paths import Paths
from iindustry.programmes.tree import Asked, Condition, Group, Literal, Missing, Mutability, OnMissing, Op, Truth

RULES = 150


def cases():
    for seed in range(RULES):
        bundle = Rules(seed).bundle()
        node, constants = root(bundle), context(bundle.programme.parameters, TODAY)
        for facts in random_rules.world(bundle, seed, 8).facts:
            yield bundle, node, constants, facts, ground(derived(facts, bundle.derivations))


def test_a_change_gives_yes_and_no_part_of_it_does():
    shown = 0
    for _, node, constants, _, known in cases():
        evaluate = compile_tree(node, constants)
        for change in changes(node, known, constants):
            shown += 1
            assert evaluate(apply(known, change.do)).answer is Truth.YES
            for size in range(len(change.do)):
                for part in combinations(change.do, size):
                    assert evaluate(apply(known, part)).answer is not Truth.YES
    assert shown > 100


def test_an_opening_ends_the_no_no_part_of_it_does_and_it_names_what_is_not_known_then():
    shown = 0
    for _, node, constants, _, known in cases():
        evaluate = compile_tree(node, constants)
        answer = evaluate(known).answer
        opened = openings(node, known, constants)
        assert answer is Truth.NO or not opened
        for one in opened:
            after = apply(known, one.do)
            assert evaluate(after).answer is not Truth.NO
            for size in range(len(one.do)):
                for part in combinations(one.do, size):
                    assert evaluate(apply(known, part)).answer is Truth.NO
            if evaluate(after).answer is Truth.UNKNOWN:
                shown += 1
                assert one.unknown, "an unknown that names nothing"
                needed = needed_for_yes(lay(node, after, constants))
                assert any(each <= one.unknown for each in needed), "what it names would not be enough"
    assert shown > 10


def test_a_no_beside_an_unknown_is_told_what_ends_it():
    """Fails one condition that an act meets, and one datum is missing: no change is sure, the opening says both."""
    failed = Condition("a", "enterprise.capital_satang", Op.GE, Literal(100), OnMissing(Missing.ASK), Mutability.ACTION)
    asked = Condition("b", "enterprise.worker_count", Op.GE, Literal(10), OnMissing(Missing.ASK), Mutability.ACTION)
    fixed = replace(failed, mutability=Mutability.FIXED)
    constants = context({}, TODAY)
    known = Ground({"enterprise.capital_satang": 50}, (), listed=True, asked={})
    for first, expected in ((failed, [("a", 100)]), (fixed, [])):
        both = Group("all", 2, (first, asked))
        outcome = compile_tree(both, constants)(known)
        assert outcome.answer is Truth.NO
        _, _, turned, opened = Paths(both, constants).of(outcome, known)
        assert turned == ()
        assert [(target.condition, target.value) for one in opened for target in one.do] == expected
        assert all(one.unknown == {"enterprise.worker_count"} for one in opened)


def test_the_tree_laid_over_an_enterprise_answers_as_the_closures_do():
    for bundle, node, constants, facts, known in cases():
        assert lay(node, known, constants).truth is closures(bundle, TODAY)(facts).answer


def test_only_an_unknown_needs_data_and_its_sets_are_smallest():
    asked = 0
    for _, node, constants, _, known in cases():
        laid = lay(node, known, constants)
        needed = needed_for_yes(laid)
        if laid.truth is not Truth.UNKNOWN:
            assert needed == ()
            assert decisive_alone(node, known, constants) == ()
        asked += bool(needed)
        assert all(not (one < other) for one in needed for other in needed)
    assert asked > 50


def test_each_applicant_is_told_of_the_sum_she_asks_and_not_of_the_one_before():
    enough = Condition(
        "c1", "enterprise.capital_satang", Op.GE, Asked("amount_satang"), OnMissing(Missing.ASK), Mutability.ACTION
    )
    constants = context({}, TODAY)
    paths, evaluate = Paths(enough, constants), compile_tree(enough, constants)
    first = Ground({"enterprise.capital_satang": 50}, (), listed=True, asked={"amount_satang": 100})
    for one in (first, replace(first, asked={"amount_satang": 300}), first):
        (change,) = paths.of(evaluate(one), one)[2]
        assert [target.value for target in change.do] == [one.asked["amount_satang"]]
