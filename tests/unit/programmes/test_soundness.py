"""What is called impossible, implied or dead is so: held against every combination of values, tried one by one."""

from __future__ import annotations

from datetime import date
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iindustry.programmes import soundness
from iindustry.programmes.closures import Ground, compile_tree, context
from iindustry.programmes.soundness import Tangled, dead_facts, implies, reachable, without
from iindustry.programmes.tree import (
    Condition,
    FactRef,
    Group,
    Literal,
    Missing,
    Mutability,
    Not,
    OnMissing,
    Op,
    Some,
    Truth,
    conditions,
    items,
)

CONSTANTS = context({}, date(2026, 11, 22))
ASK, FAIL = OnMissing(Missing.ASK), OnMissing(Missing.FAIL)
WORKERS, STATUS, PASSED, FEE = "enterprise.worker_count", "enterprise.status", "participation.passed", "arrears.fee"
GREEN, EEC = "establishment.green_level", "establishment.eec"
SETS = [frozenset(one) for one in ((), ("A",), ("B",), ("C",), ("A", "B"), ("A", "C"), ("B", "C"), ("A", "B", "C"))]
VALUES = {
    WORKERS: [None, 0, 1, 2, 3, 4, 5],
    STATUS: [None, "active", "suspended", "closed"],
    PASSED: [None, *SETS],
    FEE: [None, False, True],
    GREEN: [None, 0, 1, 2, 3, 4, 5],
    EEC: [None, False, True],
}
ids = iter(f"c{i}" for i in range(10**9))


def number_test(fact):
    one = st.integers(1, 4)
    plain = st.tuples(st.sampled_from([Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE]), one.map(Literal))
    among = st.tuples(
        st.sampled_from([Op.IN, Op.NOT_IN]), st.lists(one, min_size=1, max_size=3, unique=True).map(literals)
    )
    between = st.tuples(
        st.just(Op.BETWEEN), st.lists(one, min_size=2, max_size=2).map(lambda ends: literals(sorted(ends)))
    )
    return st.tuples(st.just(fact), st.one_of(plain, among, between))


def literals(values):
    return tuple(Literal(one) for one in values)


def code_test(fact, codes):
    plain = st.tuples(st.sampled_from([Op.EQ, Op.NE]), st.sampled_from(codes).map(Literal))
    among = st.tuples(
        st.sampled_from([Op.IN, Op.NOT_IN]), st.lists(st.sampled_from(codes), min_size=1, unique=True).map(literals)
    )
    return st.tuples(st.just(fact), st.one_of(plain, among))


def set_test(fact):
    some = st.lists(st.sampled_from("AB"), min_size=1, unique=True)
    has = st.tuples(st.sampled_from([Op.HAS_ANY, Op.HAS_ALL]), some.map(literals))
    same = st.tuples(st.sampled_from([Op.EQ, Op.NE]), st.sampled_from(SETS[:3]).map(Literal))
    return st.tuples(st.just(fact), st.one_of(has, same))


def flag_test(fact):
    return st.tuples(st.just(fact), st.tuples(st.sampled_from([Op.EQ, Op.NE]), st.booleans().map(Literal)))


def known_test(fact):
    return st.tuples(st.just(fact), st.tuples(st.just(Op.KNOWN), st.booleans().map(Literal)))


@st.composite
def leaf(draw, tests):
    fact, (op, value) = draw(tests)
    missing = FAIL if op is Op.KNOWN else draw(st.sampled_from([ASK, ASK, FAIL, *_assumed(fact)]))
    return Condition(next(ids), fact, op, value, missing, Mutability.FIXED)


def _assumed(fact):
    return [OnMissing(Missing.ASSUME, Literal(next(one for one in reversed(VALUES[fact]) if one is not None)))]


OUTER = st.one_of(
    number_test(WORKERS), number_test(WORKERS), code_test(STATUS, ["active", "suspended", "closed"]), set_test(PASSED),
    flag_test(FEE), known_test(WORKERS), known_test(FEE),
)  # fmt: skip
INNER = st.one_of(number_test(GREEN), number_test(GREEN), flag_test(EEC), known_test(EEC))


def groups(children):
    @st.composite
    def group(draw):
        of = tuple(draw(st.lists(children, min_size=1, max_size=3)))
        kind = draw(st.sampled_from(["all", "any", "at_least"]))
        need = {"all": len(of), "any": 1}.get(kind) or draw(st.integers(1, len(of)))
        return Group(kind, need, of)

    return st.one_of(group(), children.map(Not))


@st.composite
def some(draw):
    of = tuple(draw(st.lists(leaf(INNER), min_size=1, max_size=2)))
    kind = draw(st.sampled_from(["all", "any"]))
    return Some(next(ids), draw(st.integers(1, 2)), Group(kind, len(of) if kind == "all" else 1, of))


FLAT = st.recursive(leaf(OUTER), groups, max_leaves=5)
DEEP = st.recursive(st.one_of(leaf(OUTER), some(), some()), groups, max_leaves=3)


def worlds(node, sizes=(0, 1, 2, 3)):
    """Every combination of values of the facts that a tree reads, with none to three establishments."""
    facts = sorted({one.fact for one in conditions(node)})
    own = [fact for fact in facts if not fact.startswith("establishment")]
    sited = [fact for fact in facts if fact.startswith("establishment")]
    site_values = [known(sited, values) for values in product(*(VALUES[fact] for fact in sited))]
    for values in product(*(VALUES[fact] for fact in own)):
        whole = known(own, values)
        if not sited:
            yield Ground(whole, (), listed=True, asked={})
            continue
        yield Ground(whole, (), listed=False, asked={})
        for size in sizes:
            for sites in combinations_with_replacement(site_values, size):
                yield Ground(whole, tuple({**whole, **one} for one in sites), listed=True, asked={})


def known(facts, values):
    return {fact: value for fact, value in zip(facts, values, strict=True) if value is not None}


def is_small(node):
    """Whether every combination can be tried: what stands in `some` is counted with up to three establishments."""
    facts = {one.fact for one in conditions(node)}
    size = 1
    for fact in facts:
        size *= len(VALUES[fact])
    return size <= 300


SMALL_FLAT, SMALL_DEEP = (
    FLAT.filter(is_small),
    DEEP.filter(lambda node: is_small(node) and any(isinstance(one, Some) for one in items(node))),
)


def answers(node):
    evaluate = compile_tree(node, CONSTANTS)
    found = set()
    for one in worlds(
        node, sizes=(0, 1, 2) if {GREEN, EEC} <= {leaf.fact for leaf in conditions(node)} else (0, 1, 2, 3)
    ):
        found.add(evaluate(one).answer)
        if len(found) == 3:
            break
    return found


def truths(node):
    return {Truth(one) for one in reachable(node, CONSTANTS)}


@settings(max_examples=250, deadline=None)
@given(SMALL_FLAT)
def test_the_answers_a_rule_can_give_are_those_it_gives(node):
    assert truths(node) == answers(node)


@settings(max_examples=60, deadline=None)
@given(SMALL_DEEP)
def test_and_so_over_establishments(node):
    """Every answer that some enterprise gets is held possible; with enough establishments tried, the reverse too."""
    assert answers(node) <= truths(node)


@settings(max_examples=150, deadline=None)
@given(SMALL_FLAT, SMALL_FLAT)
def test_one_implies_the_other_where_every_yes_to_one_is_a_yes_to_the_other(one, other):
    both = Group("all", 2, (one, other))
    if not is_small(both):
        return
    first, second = compile_tree(one, CONSTANTS), compile_tree(other, CONSTANTS)
    held = all(second(ground).answer is Truth.YES for ground in worlds(both) if first(ground).answer is Truth.YES)
    assert implies(one, other, CONSTANTS) is held


@settings(max_examples=200, deadline=None)
@given(SMALL_FLAT)
def test_a_fact_is_dead_where_no_value_of_it_changes_any_answer(node):
    """Values of a fact that is known; and none at all, where the rule asks whether it is known or says no to none."""
    evaluate = compile_tree(node, CONSTANTS)
    found = set(dead_facts(node, CONSTANTS))
    for fact in {one.fact for one in conditions(node)}:
        says_none = any(
            one.op is Op.KNOWN or one.on_missing.kind is Missing.FAIL for one in conditions(node) if one.fact == fact
        )
        values = VALUES[fact] if says_none else VALUES[fact][1:]
        alive = False
        for ground in worlds(node):
            rest = {key: one for key, one in ground.values.items() if key != fact}
            tried = {
                evaluate(Ground({**rest, **known([fact], [value])}, (), listed=True, asked={})).answer
                for value in values
            }
            if len(tried) > 1:
                alive = True
                break
        assert (fact in found) is not alive, fact


def condition(fact, op, value, name=None, missing=ASK):
    return Condition(name or next(ids), fact, op, value, missing, Mutability.FIXED)


def every(*of):
    return Group("all", len(of), of)


def either(*of):
    return Group("any", 1, of)


def test_two_some_speak_of_the_same_establishments():
    at_least_3 = Some("s1", 1, every(condition(GREEN, Op.GE, Literal(3))))
    none_of_2 = Not(Some("s2", 1, every(condition(GREEN, Op.GE, Literal(2)))))
    assert Truth.YES not in truths(every(at_least_3, none_of_2))
    assert implies(at_least_3, Some("s3", 1, every(condition(GREEN, Op.GE, Literal(2)))), CONSTANTS)
    apart = every(at_least_3, Some("s4", 1, every(condition(GREEN, Op.LE, Literal(1)))))
    assert Truth.YES in truths(apart)  # two factories


def test_prefixes_have_codes_of_their_own_and_so_has_the_rest():
    food, rice = (condition("enterprise.tsic", Op.PREFIX, (Literal(one),)) for one in ("10", "1061"))
    assert implies(rice, food, CONSTANTS)
    assert not implies(food, rice, CONSTANTS)
    assert Truth.YES in truths(every(food, Not(rice)))
    assert Truth.YES not in truths(every(rice, Not(food)))
    assert Truth.YES in truths(Not(either(food, condition("enterprise.tsic", Op.EQ, Literal("20111")))))


def test_a_limit_worked_out_of_other_facts_contradicts_nothing():
    half = condition("enterprise.equity_satang", Op.GE, FactRef("enterprise.capital_satang"))
    below = condition("enterprise.equity_satang", Op.LT, FactRef("enterprise.capital_satang"))
    assert Truth.YES in truths(every(half, below))  # not seen to be impossible, and so let pass
    assert dead_facts(every(half), CONSTANTS) == ()


def test_a_moving_window_and_fixed_days_are_apart():
    window = condition("enterprise.registered_on", Op.WITHIN_DAYS, Literal(365))
    longer = condition("enterprise.registered_on", Op.WITHIN_DAYS, Literal(730))
    assert implies(window, longer, CONSTANTS)
    old = condition("enterprise.registered_on", Op.LT, Literal(0))
    assert Truth.YES in truths(every(window, old))


def test_thirty_two_conditions_on_as_many_branches_are_followed_to_the_end():
    numbers = [WORKERS, "enterprise.revenue_satang", "enterprise.capital_satang", "enterprise.age_months"]
    pairs = [
        either(
            condition(numbers[i % 4], Op.GE, Literal(10 + i)), condition(numbers[(i + 1) % 4], Op.LT, Literal(5 + i))
        )
        for i in range(6)
    ]
    assert truths(every(*pairs)) == {Truth.NO, Truth.YES, Truth.UNKNOWN}
    wide = Group("at_least", 2, tuple(condition(one, Op.GE, Literal(i + 1)) for i in range(2) for one in numbers))
    assert truths(wide) == {Truth.NO, Truth.YES, Truth.UNKNOWN}


def test_a_rule_that_is_too_tangled_is_let_pass_and_says_so(monkeypatch):
    monkeypatch.setattr(soundness, "BUDGET", 3)
    pairs = [either(condition(WORKERS, Op.EQ, Literal(i)), condition(STATUS, Op.EQ, Literal("active"))) for i in (1, 2)]
    with pytest.raises(Tangled):
        truths(every(*pairs))


def test_a_node_is_replaced_in_its_tree_alone():
    one, other = condition(WORKERS, Op.GE, Literal(1)), condition(STATUS, Op.EQ, Literal("active"))
    inner = either(one, other)
    assert without(every(inner, other), inner, one) == every(one, other)
