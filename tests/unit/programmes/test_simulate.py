"""What a dry run counts equals what one enterprise at a time says: answers, near misses, settling facts, curves."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
import random_rules
from random_rules import TODAY, Rules

from iindustry.kernel.errors import Conflict, Rejected
from iindustry.programmes import columns, curves, facts_table, grouping, near, published, services, simulate
from iindustry.programmes.closures import compile_tree, context, deriver, root
from iindustry.programmes.counterfactual import decisive_alone
from iindustry.programmes.tree import Condition, Group, Literal, Missing, Not, OnMissing, Op, Some, Truth, conditions

OPEN = [one.id for one in services.open_rules(TODAY)]
SIZE = 300


def prepared(bundle, seed, size=SIZE):
    world = random_rules.world(bundle, seed, size)
    over = columns.evaluation(facts_table.of_frames(world.enterprises, world.establishments, TODAY))
    read = deriver(bundle.derivations, TODAY)
    return over, [read(facts)[1] for facts in world.facts]


def truths(node, bundle, grounds):
    evaluate = compile_tree(node, context(bundle.programme.parameters, TODAY))
    return [evaluate(one).answer for one in grounds]


def met(node, wanted, value):
    """The tree with one item always met or never: a fact that is missing from every enterprise, or from none."""
    if isinstance(node, (Condition, Some)) and node.id == wanted:
        always = Condition(node.id, "policy.smart_gov", Op.KNOWN, Literal(False), OnMissing(Missing.FAIL), None)  # noqa: FBT003
        return always if value else replace(always, value=Literal(True))  # noqa: FBT003
    if isinstance(node, Condition):
        return node
    if isinstance(node, Group):
        return replace(node, of=tuple(met(one, wanted, value) for one in node.of))
    return replace(node, of=met(node.of, wanted, value))


def without_line(grounds):
    return [
        replace(one, values={k: v for k, v in one.values.items() if k != "policy.smart_gov"},
                sites=tuple({k: v for k, v in site.items() if k != "policy.smart_gov"} for site in one.sites))
        for one in grounds
    ]  # fmt: skip


@pytest.mark.parametrize("programme", OPEN)
def test_near_misses_are_those_whom_this_one_item_would_let_in(programme):
    bundle = published.bundle_of(services.get_programme(programme))
    over, grounds = prepared(bundle, 11)
    grounds = without_line(grounds)
    node = root(bundle)
    before = truths(node, bundle, grounds)
    answer = over.truth(node, over.constants(bundle))
    worth = near.amounts(bundle.programme, over, over.constants(bundle))
    found = {one.item: one.enterprises for one in near.near_misses(bundle, over, answer, worth)}
    expected = {}
    for item, positive in near.polarities(node):
        if item.id == "site" and bundle.programme.subject == "establishment":
            continue
        after = truths(met(node, item.id, positive), bundle, grounds)
        count = sum(old is Truth.NO and new is Truth.YES for old, new in zip(before, after, strict=True))
        expected |= {item.id: count} if count else {}
    assert found == expected


@pytest.mark.parametrize("programme", OPEN)
def test_settling_facts_are_those_that_alone_end_the_unknown(programme):
    bundle = published.bundle_of(services.get_programme(programme))
    over, grounds = prepared(bundle, 12)
    node, constants = root(bundle), context(bundle.programme.parameters, TODAY)
    answer = over.truth(node, over.constants(bundle))
    found = {one.fact: one.enterprises for one in near.settling(bundle, over, answer)}
    one_place = [len(one.sites) <= 1 and one.listed for one in grounds]
    expected = Counter(fact for one in grounds for fact in decisive_alone(node, one, constants))
    asked = {leaf.fact for leaf in conditions(node)}
    for fact in asked:
        if fact.startswith("establishment."):
            assert found.get(fact, 0) >= sum(
                fact in decisive_alone(node, one, constants)
                for one, small in zip(grounds, one_place, strict=True)
                if small
            )
        else:
            assert found.get(fact, 0) == expected[fact]


def thresholds(node):
    for leaf in conditions(node):
        if leaf.op in curves.THRESHOLDS and not isinstance(leaf.value, tuple):
            yield leaf


def with_threshold(node, wanted, value):
    if isinstance(node, Condition):
        return replace(node, value=Literal(value)) if node.id == wanted else node
    if isinstance(node, Group):
        return replace(node, of=tuple(with_threshold(one, wanted, value) for one in node.of))
    return replace(node, of=with_threshold(node.of, wanted, value))


@pytest.mark.parametrize("seed", range(60))
def test_a_curve_is_the_count_at_each_of_its_thresholds(seed):
    rules = Rules(seed, random.Random(seed).choice(sorted(curves.THRESHOLDS)))
    bundle = rules.bundle()
    node = bundle.programme.conditions
    over, _ = prepared(bundle, seed, 80)
    for leaf in thresholds(node):
        try:
            points = curves.curve(bundle, leaf.id, over, 400)
        except Rejected:
            continue
        assert list(points) == sorted(points)
        for threshold, yes in points[:: max(1, len(points) // 4)]:
            changed = replace(bundle.programme, conditions=with_threshold(node, leaf.id, threshold))
            other = published.Bundle(changed, bundle.derivations, f"sha256:{threshold}")
            assert over.status(other).yes == yes


def test_enough_curves_are_drawn():
    drawn = 0
    for seed in range(60):
        bundle = Rules(seed, random.Random(seed).choice(sorted(curves.THRESHOLDS))).bundle()
        over, _ = prepared(bundle, seed, 20)
        for leaf in thresholds(bundle.programme.conditions):
            try:
                drawn += bool(curves.curve(bundle, leaf.id, over, 400))
            except Rejected:
                continue
    assert drawn >= 20


def test_a_class_that_no_row_of_limits_gives_is_unknown_for_everybody():
    frame = pl.DataFrame(
        {"enterprise_id": ["A", "B"], "entity__revenue_satang": [1, 2], "entity__revenue_satang__as_of": [TODAY] * 2}
    )
    over = columns.evaluation(
        facts_table.of_frames(frame, pl.DataFrame({"enterprise_id": []}, schema={"enterprise_id": pl.String}), TODAY)
    )
    name = over.derive(published.in_order(published.library().derivations))["enterprise.size_class"]
    assert over.enterprises.column(name, "enterprise.size_class").to_list() == [None, None]


@pytest.mark.parametrize("limit", [1, 3, 400])
def test_a_long_curve_is_thinned_and_not_changed(limit):
    bundle = published.bundle_of(services.get_programme("SMED-D-DIGI"))
    over, _ = prepared(bundle, 3)
    leaf = next(thresholds(bundle.programme.conditions), None)
    if leaf is None:
        leaf = next(iter(conditions(bundle.programme.conditions)))
        with pytest.raises(Rejected, match="curve-not-a-number"):
            curves.curve(bundle, leaf.id, over, limit)
        return
    whole = curves.curve(bundle, leaf.id, over, 10_000)
    assert set(curves.curve(bundle, leaf.id, over, limit)) <= set(whole)
    assert len(curves.curve(bundle, leaf.id, over, limit)) <= limit


def test_a_condition_that_is_no_number_has_no_curve():
    bundle = published.bundle_of(services.get_programme("EXIM-D-ZONE"))
    over, _ = prepared(bundle, 3, 20)
    for name in ("status", "no such condition"):
        with pytest.raises(Rejected, match="curve-not-a-number"):
            curves.curve(bundle, name, over, 100)


@pytest.fixture
def register(home):
    folder = home.register / "r1"
    folder.mkdir(parents=True)
    bundle = published.bundle_of(services.get_programme("EXIM-D-ZONE"))
    world = random_rules.world(bundle, 5, SIZE)
    row = pl.int_range(pl.len())
    world.enterprises.with_columns(
        entity__province=pl.when(row % 3 > 0).then((row % 5 + 10).cast(pl.String)),
        entity__province__as_of=pl.lit(TODAY),
    ).write_parquet(folder / "enterprises.parquet")
    world.establishments.write_parquet(folder / "establishments.parquet")
    (home.register / "CURRENT").write_text("r1", encoding="ascii")
    return home


def test_every_grouping_adds_up_to_the_whole(register):
    run = simulate.dry_run(services.get_programme("EXIM-D-ZONE"), home=register, as_of=TODAY)
    assert (run.version, run.enterprises, run.yes + run.no + run.unknown) == ("r1", SIZE, SIZE)
    for groups in (run.by_province, run.by_size, run.by_sector):
        for answer in ("yes", "no", "unknown"):
            assert sum(getattr(one, answer) for one in groups.values()) == getattr(run, answer)
    assert set(run.by_province) == {"10", "11", "12", "13", "14", grouping.UNKNOWN}
    assert all(sum((one.yes, one.no, one.unknown)) == SIZE for one in run.by_condition.values())
    assert run.baht_satang == run.yes * services.get_programme("EXIM-D-ZONE").amount_max_satang


def test_winners_and_losers_are_counted_against_another_rule(register):
    whole = services.get_programme("EXIM-D-ZONE")
    two = tuple(one for one in whole.conditions.of if getattr(one, "fact", "").startswith("enterprise."))[:2]
    rule = replace(whole, conditions=with_fact(Group("all", len(two), two), "enterprise.revenue_satang", 50))
    strict = replace(
        rule, conditions=with_fact(rule.conditions, "enterprise.revenue_satang", 10**15), version="sha256:strict"
    )
    first, second = simulate.compare([rule, strict], home=register, as_of=TODAY)
    assert (first.winners, first.losers, first.against_version) == (None, None, None)
    assert (second.winners, second.losers) == (0, first.yes - second.yes)
    assert second.against_version == rule.version
    (back,) = simulate.compare([strict, rule], home=register, as_of=TODAY)[1:]
    assert (back.winners, back.losers) == (second.losers, second.winners)
    assert first.yes > 0


def with_fact(node, fact, value):
    found = next(leaf for leaf in conditions(node) if leaf.fact == fact)
    return with_threshold(node, found.id, value)


def test_a_changed_number_answers_as_a_fresh_table_does(register):
    rule = services.get_programme("EXIM-D-ZONE")
    simulate.dry_run(rule, home=register, as_of=TODAY)
    for value in (0, 1, 5_000, 7_500, 10**9):
        changed = replace(rule, conditions=with_fact(rule.conditions, "enterprise.revenue_satang", value))
        kept = simulate.dry_run(changed, home=register, as_of=TODAY)
        fresh = columns.Evaluation(facts_table.make(home=register, as_of=TODAY)).status(published.bundle_of(changed))
        assert (kept.yes, kept.no, kept.unknown) == (fresh.yes, fresh.no, fresh.unknown)


def test_a_run_is_json_and_says_what_it_ran(register):
    import json

    rule = services.get_programme("EXIM-D-ZONE")
    found = json.loads(json.dumps(simulate.dry_run(rule, home=register, as_of=TODAY).document(), ensure_ascii=False))
    assert (found["programme"], found["programme_version"], found["as_of"]) == (
        rule.id,
        rule.version,
        TODAY.isoformat(),
    )


def test_before_the_first_version_there_is_nothing_to_try(home):
    with pytest.raises(Conflict, match="register-absent"):
        simulate.dry_run(services.get_programme("EXIM-D-ZONE"), home=home, as_of=date(2026, 11, 22))


def test_an_error_in_one_condition_gives_no_answer_at_all(register, monkeypatch):
    def fails(value, others):
        raise pl.exceptions.ComputeError("broken")

    monkeypatch.setitem(columns.TESTS, Op.GE, fails)
    with pytest.raises(pl.exceptions.ComputeError):
        simulate.dry_run(services.get_programme("EXIM-D-ZONE"), home=register, as_of=TODAY)
    with pytest.raises(pl.exceptions.ComputeError):
        services.evaluate_all(home=register, as_of=TODAY)
    assert not (register.register / "r1" / services.ELIGIBILITY).exists()


def test_a_rule_under_not_counts_who_would_be_let_in_by_failing_less():
    bundle = published.bundle_of(services.get_programme("EXIM-D-ZONE"))
    leaf = next(iter(conditions(bundle.programme.conditions)))
    turned = replace(bundle.programme, conditions=Group("all", 1, (Not(leaf),)))
    other = published.Bundle(turned, bundle.derivations, "sha256:turned")
    over, grounds = prepared(other, 4)
    answer = over.truth(root(other), over.constants(other))
    (found,) = near.near_misses(other, over, answer, near.Amounts(None, None))
    assert found.enterprises == truths(root(other), other, grounds).count(Truth.NO)
    assert found.baht_satang is None
