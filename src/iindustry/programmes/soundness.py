"""Whether a rule can be met at all, and what in it decides nothing: contradictions, branches that add nobody, dead facts.

Answers that a tree can give are worked out exactly over `patterns`, by parts that share no fact, with a split over the
values of each fact that parts share. Invariant: what is called impossible, implied or dead is so for every enterprise; a
rule that is too tangled to be followed to the end within the budget is let pass, and says so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from iindustry.programmes.closures import opposite
from iindustry.programmes.patterns import Variable, only_values, variables
from iindustry.programmes.tree import Condition, Group, Not, Some, Truth, conditions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iindustry.programmes.closures import Context
    from iindustry.programmes.tree import Node

BUDGET = 150_000
"""Steps, about half a second."""
MOST_STATES = 4_000
SITES = "·sites"
Vector: TypeAlias = tuple[Truth, ...]
Given: TypeAlias = "dict[str, Vector]"
TRUTHS = (Truth.NO, Truth.YES, Truth.UNKNOWN)


class Tangled(Exception):  # noqa: N818 - not an error of anybody: the budget is spent
    """The budget was spent before an answer was found."""


@dataclass(slots=True)
class World:
    """What varies, by leaf; how many steps are left; how many answers are followed side by side."""

    of: Mapping[str, Variable]
    width: int = 1
    left: int = field(default_factory=lambda: BUDGET)
    memo: dict[tuple[int, tuple[tuple[str, Vector], ...]], frozenset[Vector]] = field(default_factory=dict)
    below: dict[int, frozenset[str]] = field(default_factory=dict)

    def spend(self) -> None:
        """One step."""
        self.left -= 1
        if self.left < 0:
            raise Tangled


def reachable(node: Node, constants: Context) -> frozenset[Truth]:
    """The answers that a rule can give. Raises Tangled."""
    return frozenset(one for (one,) in _reach(node, {}, world_of(node, constants)))


def implies(one: Node, other: Node, constants: Context) -> bool:
    """Whether every enterprise with a yes to one has a yes to the other. Raises Tangled."""
    both = Group("all", 2, (one, other))
    found = _joint((one, other), {}, world_of(both, constants))
    return all(second is Truth.YES for (first,), (second,) in found if first is Truth.YES)


def dead_facts(node: Node, constants: Context) -> tuple[str, ...]:
    """The facts of which no value changes any answer, in order of first use. Raises Tangled.

    Where facts of establishments stand in several `some`, one that is dead only through the others may be missed.
    """
    facts = dict.fromkeys(leaf.fact for leaf in conditions(node))
    scopes = [node, *(one.of for one in _somes(node))]
    return tuple(
        fact
        for fact in facts
        if all(_is_dead(fact, scope, constants) or _hangs(scope, node, constants) for scope in scopes)
    )


def world_of(node: Node, constants: Context, width: int = 1) -> World:
    """Everything that varies in a tree: facts outside `some`, and what its `some` can answer together."""
    outer = variables([one for one in _own(node) if isinstance(one, Condition)], constants)
    somes = [one for one in _own(node) if isinstance(one, Some)]
    every = [*outer, *_sites(somes, constants)]
    return World({leaf: one for one in every for leaf in one.leaves}, width)


def _is_dead(fact: str, scope: Node, constants: Context) -> bool:
    """Whether no value of a fact changes the answer of a scope, `some` in it taken as free."""
    leaves = {one.id: one for one in _own(scope) if isinstance(one, Condition)}
    mine = {key for key, leaf in leaves.items() if leaf.fact == fact}
    if not mine:
        return True
    world = world_of(scope, constants)
    own = {one.name: one for one in world.of.values() if set(one.leaves) & mine}
    if any("#" in name for name in own):  # a limit worked out of other facts: its value matters by itself
        return len(own) == 1 and _is_constant(scope, next(iter(own.values())), leaves, world)
    return all(_is_constant(scope, one, leaves, world) for one in own.values())


def _is_constant(scope: Node, variable: Variable, leaves: Mapping[str, Condition], world: World) -> bool:
    tried = only_values(variable, leaves).patterns
    wide = World(world.of, len(tried))
    given = {key: tuple(one[i] for one in tried) for i, key in enumerate(variable.leaves)}
    return all(len(set(vector)) == 1 for vector in _reach(scope, given, wide))


def _hangs(scope: Node, node: Node, constants: Context) -> bool:
    """Whether a `some` decides nothing in the whole, so that what stands in it decides nothing either."""
    some = next((one for one in _somes(node) if one.of is scope), None)
    if some is None:
        return False
    world = world_of(node, constants)
    apart = {key: one for key, one in world.of.items() if one.name != SITES}
    apart |= {one.id: _one_some(one.id, TRUTHS) for one in _somes(node)}
    found = _reach(node, {some.id: TRUTHS}, World(apart, len(TRUTHS)))
    return all(len(set(vector)) == 1 for vector in found)


def _own(node: Node) -> list[Condition | Some]:
    """Leaves of a tree, a `some` being one."""
    if isinstance(node, (Condition, Some)):
        return [node]
    below = node.of if isinstance(node, Group) else (node.of,)
    return [leaf for child in below for leaf in _own(child)]


def _somes(node: Node) -> list[Some]:
    return [one for one in _own(node) if isinstance(one, Some)]


def _reach(node: Node, given: Given, world: World) -> frozenset[Vector]:
    """The answers of a node, side by side for the columns of what is given."""
    below = _leaves(node, world)
    key = (id(node), tuple(sorted((leaf, vector) for leaf, vector in given.items() if leaf in below)))
    if key not in world.memo:
        world.spend()
        world.memo[key] = _reached(node, given, world)
    return world.memo[key]


def _reached(node: Node, given: Given, world: World) -> frozenset[Vector]:
    if isinstance(node, (Condition, Some)):
        if node.id in given:
            return frozenset({given[node.id]})
        variable = world.of[node.id]
        at = variable.leaves.index(node.id)
        return frozenset((pattern[at],) * world.width for pattern in variable.patterns)
    if isinstance(node, Not):
        return frozenset(tuple(opposite(one) for one in vector) for vector in _reach(node.of, given, world))
    shared = _shared(node.of, given, world)
    if shared is None:
        return _counted([_reach(child, given, world) for child in node.of], node.need, world)
    return frozenset().union(*(_reach(node, more, world) for more in _split(shared, given, world)))


def _joint(nodes: Sequence[Node], given: Given, world: World) -> set[tuple[Vector, ...]]:
    """The answers that several nodes can give together."""
    world.spend()
    shared = _shared(nodes, given, world)
    if shared is None:
        return set(product(*(_reach(node, given, world) for node in nodes)))
    return set().union(*(_joint(nodes, more, world) for more in _split(shared, given, world)))


def _shared(nodes: Sequence[Node], given: Given, world: World) -> Variable | None:
    """A variable that more than one of the nodes reads, the one read most; None where they are free of each other."""
    readers: Counter[str] = Counter()
    for node in nodes:
        readers.update({world.of[leaf].name for leaf in _leaves(node, world) if leaf not in given})
    if not readers:
        return None
    most = max(readers, key=lambda name: (readers[name], name))
    if readers[most] == 1:
        return None
    return next(one for one in world.of.values() if one.name == most)


def _split(variable: Variable, given: Given, world: World) -> Iterable[Given]:
    for pattern in variable.patterns:
        yield given | {leaf: (truth,) * world.width for leaf, truth in zip(variable.leaves, pattern, strict=True)}


def _leaves(node: Node, world: World) -> frozenset[str]:
    found = world.below.get(id(node))
    if found is None:
        found = world.below[id(node)] = frozenset(one.id for one in _own(node))
    return found


def _counted(each: Sequence[frozenset[Vector]], need: int, world: World) -> frozenset[Vector]:
    """Answers of a group whose parts are free of each other: how many are yes, and how many may still be, column by column."""
    states: set[tuple[tuple[int, int], ...]] = {((0, 0),) * world.width}
    for vectors in each:
        after = set()
        for state in states:
            for vector in vectors:
                world.left -= 1
                after.add(
                    tuple(
                        (min(need, yes + (one is Truth.YES)), min(need, may + (one is not Truth.NO)))
                        for (yes, may), one in zip(state, vector, strict=True)
                    )
                )
        if world.left < 0:
            raise Tangled
        states = after
    return frozenset(tuple(_of_counts(yes, may, need) for yes, may in state) for state in states)


def _of_counts(yes: int, may: int, need: int) -> Truth:
    if yes >= need:
        return Truth.YES
    return Truth.NO if may < need else Truth.UNKNOWN


def _sites(somes: Sequence[Some], constants: Context) -> list[Variable]:
    """What several `some` can answer together over any number of establishments; each by itself where that is too much."""
    if not somes:
        return []
    inner = Group("all", len(somes), tuple(one.of for one in somes))
    own = variables([one for one in _own(inner) if isinstance(one, Condition)], constants)
    world = World({leaf: one for one in own for leaf in one.leaves})
    try:
        profiles = {tuple(truth for (truth,) in one) for one in _joint([one.of for one in somes], {}, world)}
        together = _populations(profiles, [one.need for one in somes])
    except Tangled:
        return [_one_some(one.id, TRUTHS) for one in somes]
    patterns = tuple(sorted({*together, (Truth.UNKNOWN,) * len(somes)}))
    return [Variable(SITES, tuple(one.id for one in somes), patterns, patterns)]


def _one_some(name: str, truths: tuple[Truth, ...]) -> Variable:
    patterns = tuple((one,) for one in truths)
    return Variable(f"{SITES}#{name}", (name,), patterns, patterns)


def _populations(profiles: set[Vector], needs: Sequence[int]) -> set[Vector]:
    start = ((0, 0),) * len(needs)
    seen, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        for profile in profiles:
            after = tuple(
                (min(need, yes + (one is Truth.YES)), min(need, may + (one is not Truth.NO)))
                for (yes, may), one, need in zip(state, profile, needs, strict=True)
            )
            if after not in seen:
                seen.add(after)
                waiting.append(after)
        if len(seen) > MOST_STATES:
            raise Tangled
    return {tuple(_of_counts(yes, may, need) for (yes, may), need in zip(state, needs, strict=True)) for state in seen}


def without(node: Node, left: Node, instead: Node) -> Node:
    """The tree with another node in place of one of its own."""
    if node is left:
        return instead
    if isinstance(node, Condition):
        return node
    if isinstance(node, Group):
        return replace(node, of=tuple(without(child, left, instead) for child in node.of))
    return replace(node, of=without(node.of, left, instead))
