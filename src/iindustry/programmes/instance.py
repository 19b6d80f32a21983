"""One tree laid over one enterprise: each condition at each establishment, with its truth. What explanation walks.

`not` is pushed down to the leaves and `some` becomes a count over establishments, so only leaves and counts remain.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from iindustry.programmes.closures import Context, Ground, count_truths, operand_of, opposite
from iindustry.programmes.facts import COUNT
from iindustry.programmes.tree import Condition, FactRef, Missing, Not, Op, Some, Truth, facts_of_amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from iindustry.programmes.tree import Amount, Node, Plain

MAX_BRANCHES = 64


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition at one place. `site`: index of the establishment, None for the enterprise. `positive`: asked as written.

    `missing`: the facts that are not known and are needed. `condition` None: the list of establishments itself.
    """

    condition: Condition | None
    site: int | None
    truth: Truth
    positive: bool
    missing: frozenset[str]
    operand: object | None
    assumed: bool = False

    @property
    def key(self) -> tuple[str, int | None]:
        """Which condition, at which establishment."""
        return ("" if self.condition is None else self.condition.id, self.site)


@dataclass(frozen=True, slots=True)
class Count:
    """At least `need` of the parts. `some` is the id of the `some` that it comes from."""

    need: int
    of: tuple[Laid, ...]
    truth: Truth
    kind: str
    some: str | None = None


Laid: TypeAlias = Leaf | Count
Branch: TypeAlias = tuple[Leaf, ...]


def lay(node: Node, ground: Ground, constants: Context) -> Laid:
    """The tree over one enterprise. The truth of the whole equals what the closures answer."""
    return _lay(node, ground, constants, site=None, positive=True)


def _lay(node: Node, ground: Ground, constants: Context, *, site: int | None, positive: bool) -> Laid:
    if isinstance(node, Condition):
        return _leaf(node, ground, constants, site=site, positive=positive)
    if isinstance(node, Not):
        return _lay(node.of, ground, constants, site=site, positive=not positive)
    if isinstance(node, Some):
        if not ground.listed:
            return Leaf(None, None, Truth.UNKNOWN, positive, frozenset({COUNT}), None)
        parts = tuple(_lay(node.of, ground, constants, site=i, positive=positive) for i in range(len(ground.sites)))
        return _count(node.need, parts, positive=positive, kind="some", some=node.id)
    parts = tuple(_lay(child, ground, constants, site=site, positive=positive) for child in node.of)
    return _count(node.need, parts, positive=positive, kind=node.kind)


def _count(need: int, parts: tuple[Laid, ...], *, positive: bool, kind: str, some: str | None = None) -> Count:
    wanted = need if positive else len(parts) - need + 1
    return Count(wanted, parts, count_truths([part.truth for part in parts], wanted), kind, some)


def _leaf(node: Condition, ground: Ground, constants: Context, *, site: int | None, positive: bool) -> Leaf:
    from iindustry.programmes.closures import TESTS

    values = ground.values if site is None else ground.sites[site]
    value = values.get(node.fact)
    if node.op is Op.KNOWN:
        wanted = node.value.value is True  # type: ignore[union-attr]
        met = (value is not None) is wanted
        missing = frozenset() if met or not wanted else frozenset({node.fact})
        return Leaf(node, site, _as(Truth.YES if met else Truth.NO, positive=positive), positive, missing, wanted)
    assumed = False
    if value is None and (assume := node.on_missing.assume) is not None:
        value = values.get(assume.fact) if isinstance(assume, FactRef) else assume.value
        assumed = value is not None
    operand = operand_of(node, constants, values, ground.asked)
    if value is None or operand is None:
        truth = Truth.NO if node.on_missing.kind is Missing.FAIL else Truth.UNKNOWN
        missing = _missing(node, values, ground.asked)
        return Leaf(node, site, _as(truth, positive=positive), positive, missing, operand, assumed)
    truth = Truth.YES if TESTS[node.op](value, operand) else Truth.NO
    return Leaf(node, site, _as(truth, positive=positive), positive, frozenset(), operand, assumed)


def _as(truth: Truth, *, positive: bool) -> Truth:
    return truth if positive else opposite(truth)


def _missing(node: Condition, values: Mapping[str, Plain], asked: Mapping[str, int]) -> frozenset[str]:
    wanted = {node.fact, *facts_of_amount(node.value)}
    if node.on_missing.assume is not None and (
        not isinstance(node.on_missing.assume, FactRef) or node.on_missing.assume.fact in values
    ):
        wanted -= {node.fact}
    asks = {f"asked.{name}" for name in _asked(node.value) if name not in asked}
    return frozenset(fact for fact in wanted if fact not in values) | asks


def _asked(amount: Amount | tuple[Amount, ...]) -> Iterable[str]:
    from iindustry.programmes.tree import Asked, Fold, Scale

    if isinstance(amount, tuple):
        for one in amount:
            yield from _asked(one)
    elif isinstance(amount, Asked):
        yield amount.name
    elif isinstance(amount, (Fold, Scale)):
        yield from _asked(amount.of)


def leaves(laid: Laid) -> tuple[Leaf, ...]:
    """All leaves, in order."""
    return (laid,) if isinstance(laid, Leaf) else tuple(leaf for part in laid.of for leaf in leaves(part))


def branches(laid: Laid, allowed: Callable[[Leaf], bool], cost: Callable[[Branch], tuple[int, ...]]) -> list[Branch]:
    """Ways to a yes: each is the leaves chosen. Leaves that are not allowed close their branch; the cheapest 64 are kept."""
    if isinstance(laid, Leaf):
        return [(laid,)] if allowed(laid) else []
    if laid.need <= 0:
        return [()]
    each = [branches(part, allowed, cost) for part in laid.of]
    able = [ways for ways in each if ways]
    if len(able) < laid.need:
        return []
    able.sort(key=lambda ways: min(cost(way) for way in ways))
    found: list[Branch] = []
    for i, chosen in enumerate(combinations(able, laid.need)):
        if i >= MAX_BRANCHES:
            break
        partial: list[Branch] = [()]
        for ways in chosen:
            partial = sorted((done + way for done in partial for way in ways), key=cost)[:MAX_BRANCHES]
        found += partial
    return sorted(found, key=cost)[:MAX_BRANCHES]
