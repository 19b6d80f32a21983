"""What would change an answer: exact, nothing learned.

A *no*: the failed conditions of a branch are the change; a branch with something fixed, or with no value that meets all
its tests, drops out. An *unknown*: the smallest sets of missing facts that could still make a yes, and the facts that
settle it whatever their value. A *no* beside unknowns that nothing turns into a yes for sure: what ends the no, and what
is not known then. Invariant: what is shown has been tried; a change answers yes, an opening does not answer no.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from iindustry.programmes.closures import TESTS, Ground, compile_tree
from iindustry.programmes.facts import spec_of
from iindustry.programmes.instance import Leaf, branches, lay, leaves
from iindustry.programmes.tree import Mutability, Op, Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iindustry.programmes.closures import Context, Outcome
    from iindustry.programmes.instance import Branch, Laid
    from iindustry.programmes.tree import Node, Plain

SHOWN = 3
MAX_SETS = 16
MAX_TRIES = 256
DAYS_A_MONTH = 30
_MANY_DAYS = 1_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """One condition to meet: at which establishment (None: the enterprise), with a value that meets it."""

    condition: str
    fact: str
    site: int | None
    value: Plain


@dataclass(frozen=True, slots=True)
class Change:
    """One way from no to yes. `months`: how long time alone takes, 0 where it is an act. `kind`: the slowest kind in it.

    `unknown`: facts on which the answer still hangs when it is made; none where it is a yes.
    """

    do: tuple[Target, ...]
    kind: Mutability
    months: int
    unknown: frozenset[str] = frozenset()

    @property
    def conditions(self) -> tuple[str, ...]:
        """The ids of the conditions to meet, without repeats."""
        return tuple(dict.fromkeys(target.condition for target in self.do))


def changes(node: Node, ground: Ground, constants: Context) -> tuple[Change, ...]:
    """At most three minimal changes that turn a no into a yes: fewest acts first, then months."""
    return Ways(node, constants).out_of(lay(node, ground, constants), ground)[0]


def openings(node: Node, ground: Ground, constants: Context) -> tuple[Change, ...]:
    """Of a no beside unknowns that no change turns for sure, at most three minimal changes that end the no.

    Each says which facts decide then: what fails is known, whether the rest is met is not.
    """
    return Ways(node, constants).out_of(lay(node, ground, constants), ground)[1]


@dataclass(frozen=True, slots=True)
class _Sought:
    """Which leaves a way may rest on, what it costs, and which answers it must give."""

    allowed: Callable[[Leaf], bool]
    cost: Callable[[Branch], tuple[int, ...]]
    answers: frozenset[Truth]


class Ways:
    """The ways out of one rule's no. The tree is compiled when the first way is tried: most refusals have none."""

    def __init__(self, node: Node, constants: Context) -> None:
        """Of a tree on a day."""
        self._node = node
        self._constants = constants
        self._evaluate: Callable[[Ground], Outcome] | None = None

    def out_of(self, laid: Laid, ground: Ground) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
        """The changes that make a yes; where there are none, the openings. Both empty unless the answer is no."""
        if laid.truth is not Truth.NO or not _is_open(laid, _may_hold):
            return (), ()
        turned = self._ways(laid, ground, TO_A_YES) if _is_open(laid, _can_change) else ()
        return turned, () if turned else self._ways(laid, ground, OUT_OF_THE_NO)

    def _ways(self, laid: Laid, ground: Ground, sought: _Sought) -> tuple[Change, ...]:
        found: list[Change] = []
        for branch in branches(laid, sought.allowed, sought.cost):
            change = _change(branch, ground, self._constants)
            if change is None or any(_within(one, change) for one in found):
                continue
            if self._gives(sought, ground, change.do) and self._is_minimal(sought, ground, change):
                found.append(change)
        found.sort(key=lambda one: (len(one.do), one.months, len(one.unknown), one.conditions))
        return tuple(found[:SHOWN])

    def _gives(self, sought: _Sought, ground: Ground, targets: Iterable[Target]) -> bool:
        if self._evaluate is None:
            self._evaluate = compile_tree(self._node, self._constants)
        return self._evaluate(apply(ground, targets)).answer in sought.answers

    def _is_minimal(self, sought: _Sought, ground: Ground, change: Change) -> bool:
        if len(change.do) == 1:
            return True
        return not any(self._gives(sought, ground, [one for one in change.do if one is not left]) for left in change.do)


def _is_open(laid: Laid, allowed: Callable[[Leaf], bool]) -> bool:
    """Whether any branch of allowed leaves is left: what `branches` would find out at length."""
    if isinstance(laid, Leaf):
        return allowed(laid)
    left = laid.need
    for number, part in enumerate(laid.of):
        if left <= 0:
            return True
        if left > len(laid.of) - number:
            return False
        left -= _is_open(part, allowed)
    return left <= 0


def apply(ground: Ground, targets: Iterable[Target]) -> Ground:
    """The facts with the changes made."""
    values = dict(ground.values)
    sites = [dict(site) for site in ground.sites]
    for target in targets:
        if target.site is None:
            values[target.fact] = target.value
            for site in sites:
                site[target.fact] = target.value
        else:
            sites[target.site][target.fact] = target.value
    return replace(ground, values=values, sites=tuple(sites))


def needed_for_yes(laid: Laid) -> tuple[frozenset[str], ...]:
    """The smallest sets of missing facts that could still make a yes; empty unless the answer is unknown."""
    if laid.truth is not Truth.UNKNOWN:
        return ()
    found: list[frozenset[str]] = []
    for branch in branches(laid, lambda leaf: leaf.truth is not Truth.NO, _unknowns):
        needed = frozenset(fact for leaf in branch for fact in leaf.missing)
        if needed and not any(one <= needed for one in found):
            found = [one for one in found if not needed < one] + [needed]
    return tuple(sorted(found, key=lambda one: (len(one), sorted(one)))[:MAX_SETS])


def decisive_alone(node: Node, ground: Ground, constants: Context) -> tuple[str, ...]:
    """Missing facts that end the unknown whatever their value; one value is tried for each interval between thresholds."""
    laid = lay(node, ground, constants)
    if laid.truth is not Truth.UNKNOWN:
        return ()
    evaluate = compile_tree(node, constants)
    every = leaves(laid)
    found = []
    for fact in sorted({fact for leaf in every for fact in leaf.missing if not fact.startswith("asked.")}):
        values = candidates(fact, every)
        where = _where_missing(fact, ground)
        if not values or len(values) ** len(where) > MAX_TRIES:
            continue
        tries = product(values, repeat=len(where))
        if all(
            evaluate(apply(ground, [Target("", fact, site, v) for site, v in zip(where, one, strict=True)])).answer
            is not Truth.UNKNOWN
            for one in tries
        ):
            found.append(fact)
    return tuple(found)


def candidates(fact: str, every: Iterable[Leaf]) -> tuple[Plain, ...]:
    """One value of a fact for each interval or class that the tests tell apart."""
    spec = spec_of(fact)
    found: set[Plain] = set()
    if spec.type == "bool":
        return (False, True)
    for leaf in every:
        if leaf.condition is None or leaf.condition.fact != fact or leaf.operand is None:
            continue
        found |= _values_near(leaf.condition.op, leaf.operand)
    if spec.ordered:
        low, high = (spec.least, spec.most) if spec.type != "date" else (-_MANY_DAYS, _MANY_DAYS)
        numbers = sorted(value for value in found if isinstance(value, int) and low <= value <= high)
        return tuple(numbers) or (max(low, min(high, 0)),)
    if spec.type == "set":
        return (frozenset(), *sorted(found, key=lambda one: (len(one), sorted(one))))  # type: ignore[arg-type]
    found |= {next((code for code in reversed(spec.codes) if code not in found), "·other")}
    return tuple(sorted(found, key=str))


def _values_near(op: Op, operand: object) -> set[Plain]:
    if op is Op.KNOWN:
        return set()
    if isinstance(operand, frozenset):
        if op in {Op.HAS_ANY, Op.HAS_ALL, Op.EQ, Op.NE}:
            return {frozenset(operand), *(frozenset({one}) for one in operand), frozenset({"·other"})}
        return set(operand)
    if isinstance(operand, tuple):
        return {near for one in operand for near in _around(one)}
    return _around(operand)


def _around(value: object) -> set[Plain]:
    if isinstance(value, int) and not isinstance(value, bool):
        return {value - 1, value, value + 1}
    return {value}  # type: ignore[arg-type]


def _can_change(leaf: Leaf) -> bool:
    if leaf.truth is Truth.YES:
        return True
    if leaf.truth is Truth.UNKNOWN or leaf.condition is None or leaf.condition.op is Op.KNOWN:
        return False
    return leaf.condition.mutability is not Mutability.FIXED and leaf.operand is not None


def _may_hold(leaf: Leaf) -> bool:
    return leaf.truth is Truth.UNKNOWN or _can_change(leaf)


def _cost(branch: Branch) -> tuple[int, ...]:
    failed = {leaf.key for leaf in branch if leaf.truth is Truth.NO}
    return (len(failed), len(branch))


def _cost_beside(branch: Branch) -> tuple[int, ...]:
    failed = {leaf.key for leaf in branch if leaf.truth is Truth.NO}
    return (
        len(failed),
        len({fact for leaf in branch if leaf.truth is Truth.UNKNOWN for fact in leaf.missing}),
        len(branch),
    )


def _unknowns(branch: Branch) -> tuple[int, ...]:
    return (len({fact for leaf in branch for fact in leaf.missing}), len(branch))


def _change(branch: Branch, ground: Ground, constants: Context) -> Change | None:
    failed = {leaf.key: leaf for leaf in branch if leaf.truth is Truth.NO}
    targets, months, kinds = [], 0, set()
    for leaf in failed.values():
        condition = leaf.condition
        if condition is None:
            return None
        alike = [
            one for one in branch if one.condition is not None and one.condition.fact == condition.fact
            and one.operand is not None and (one.site == leaf.site or spec_of(condition.fact).of == "enterprise")
        ]  # fmt: skip
        value = _meeting(condition.fact, alike)
        if value is None:
            return None
        site = leaf.site if spec_of(condition.fact).of == "establishment" else None
        if condition.mutability is Mutability.TIME:
            wait = _months(leaf, ground, constants, value)
            if wait is None:
                return None
            months = max(months, wait)
        kinds.add(condition.mutability)
        targets.append(Target(condition.id, condition.fact, site, value))
    slowest = next(kind for kind in (Mutability.TIME, Mutability.ACTION, Mutability.DATA) if kind in kinds)
    met = {target.fact for target in targets}
    unknown = frozenset(fact for leaf in branch if leaf.truth is Truth.UNKNOWN for fact in leaf.missing) - met
    return Change(tuple(targets), slowest, months, unknown)


def _meeting(fact: str, alike: list[Leaf]) -> Plain | None:
    """A value that meets every test of a fact in a branch, None where there is none."""
    for value in candidates(fact, alike):
        if all(
            TESTS[leaf.condition.op](value, leaf.operand) is leaf.positive
            for leaf in alike
            if leaf.condition is not None and leaf.condition.op is not Op.KNOWN
        ):
            return value
    return None


def _months(leaf: Leaf, ground: Ground, constants: Context, value: Plain) -> int | None:
    """How many months until time alone meets a condition; None where time runs the other way."""
    if leaf.condition is None or not isinstance(value, int):
        return None
    values = ground.values if leaf.site is None else ground.sites[leaf.site]
    now = values.get(leaf.condition.fact)
    if not isinstance(now, int):
        return None
    if spec_of(leaf.condition.fact).derived_by == "months_since":
        return value - now if value > now else None
    if spec_of(leaf.condition.fact).type == "date" and leaf.condition.op is Op.WITHIN_DAYS and now > constants.today:
        return -(-(now - constants.today) // DAYS_A_MONTH)
    return None


def _where_missing(fact: str, ground: Ground) -> list[int | None]:
    if spec_of(fact).of == "enterprise":
        return [None]
    return [i for i, site in enumerate(ground.sites) if fact not in site]


def _within(one: Change, other: Change) -> bool:
    mine = {(target.condition, target.site) for target in one.do}
    return mine <= {(target.condition, target.site) for target in other.do}


TO_A_YES = _Sought(_can_change, _cost, frozenset({Truth.YES}))
OUT_OF_THE_NO = _Sought(_may_hold, _cost_beside, frozenset({Truth.YES, Truth.UNKNOWN}))
