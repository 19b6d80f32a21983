"""Faults of sense in a rule that reads well: what nobody can meet, what everybody meets, what adds nobody, what is dead.

Each finding names the place and the conditions. A rule is looked at on each day on which one of its own numbers changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from iindustry.programmes.closures import context
from iindustry.programmes.soundness import Tangled, dead_facts, implies, reachable, without
from iindustry.programmes.tree import Condition, Group, Not, Some, Truth, conditions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from iindustry.kernel.errors import Rejected
    from iindustry.programmes.amounts import Parameter
    from iindustry.programmes.closures import Context
    from iindustry.programmes.documents import Place
    from iindustry.programmes.tree import Node

MOST_DAYS = 8
KINDS = ("all", "any", "not", "at_least", "some")


@dataclass(frozen=True, slots=True)
class Findings:
    """What a rule's sense lacks: faults, and warnings that may be meant so."""

    faults: tuple[Rejected, ...]
    warnings: tuple[Rejected, ...]


def findings(place: Place, node: Node, parameters: Mapping[str, Parameter], start: date, end: date | None) -> Findings:
    """What is wrong with the sense of a rule in its period. `place`: where its tree stands in the document."""
    days = {start} | {
        step.since for one in parameters.values() for step in one.steps if start < step.since and (end is None or step.since <= end)
    }  # fmt: skip
    faults: dict[tuple[str, str], Rejected] = {}
    warnings: dict[tuple[str, str], Rejected] = {}
    at = dict(_places(place, node))
    for day in sorted(days)[:MOST_DAYS]:
        search = _Search(place, node, context(parameters, day), at)
        for found, kept in ((search.faults, faults), (search.warnings, warnings)):
            for one in found:
                kept.setdefault((one.code, str(one.facts["field"])), one)
    return Findings(tuple(faults.values()), tuple(warnings.values()))


class _Search:
    """One look at a rule on one day."""

    def __init__(self, place: Place, node: Node, constants: Context, at: Mapping[int, Place]) -> None:
        self.node, self.constants, self.at = node, constants, at
        self.faults: list[Rejected] = []
        self.warnings: list[Rejected] = []
        try:
            self._look(place)
        except Tangled:
            self.warnings.append(place.refuse("rule-too-tangled"))

    def _look(self, place: Place) -> None:
        answers = reachable(self.node, self.constants)
        if Truth.YES not in answers:
            self.faults.append(place.refuse("rule-never-yes", ids=_ids(self._core(self.node))))
            return
        if Truth.NO not in answers:
            self.faults.append(place.refuse("rule-never-no", ids=_ids(self.node)))
            return
        for group, positive in _groups(self.node, positive=True):
            self._look_in(group, positive=positive)
        if not self.faults:
            self._look_for_dead()

    def _look_in(self, group: Group, *, positive: bool) -> None:
        if group is not self.node and group.kind == "any" and Truth.NO not in reachable(group, self.constants):
            self._fault(group, "rule-never-no", ids=_ids(group))
            return
        impossible: set[int] = set()
        if group.kind in {"any", "at_least"}:
            impossible = {id(one) for one in group.of if self._is_impossible(group, one, positive=positive)}
            for one in group.of:
                if id(one) in impossible:
                    self._fault(one, "rule-branch-impossible", ids=_ids(one))
        if group.kind in {"any", "all"}:
            rest = [one for one in group.of if id(one) not in impossible]
            self._look_for_implied(group, rest)

    def _is_impossible(self, group: Group, one: Node, *, positive: bool) -> bool:
        if Truth.YES not in reachable(one, self.constants):
            return True
        if not positive or group.kind != "any":
            return False
        alone = without(self.node, group, one)
        return Truth.YES not in reachable(alone, self.constants)

    def _look_for_implied(self, group: Group, rest: list[Node]) -> None:
        # In `any` the narrower of two adds nobody; in `all` the wider keeps nobody out.
        said: set[int] = set()
        for one, other in combinations(rest, 2):
            if not {leaf.fact for leaf in conditions(one)} & {leaf.fact for leaf in conditions(other)}:
                continue
            there, back = implies(one, other, self.constants), implies(other, one, self.constants)
            if not there and not back:
                continue
            # Two that say the same: the later one is too much.
            narrow, wide = (one, other) if there and not back else (other, one)
            extra, against = (narrow, wide) if group.kind == "any" or (there and back) else (wide, narrow)
            if id(extra) in said:
                continue
            said.add(id(extra))
            if group.kind == "any":
                self._fault(extra, "rule-branch-implied", ids=_ids(extra), other=_ids(against))
            else:
                self.warnings.append(
                    self.at[id(extra)].refuse("rule-condition-implied", ids=_ids(extra), other=_ids(against))
                )

    def _look_for_dead(self) -> None:
        for fact in dead_facts(self.node, self.constants):
            first = next(leaf for leaf in conditions(self.node) if leaf.fact == fact)
            self._fault(first, "rule-dead-fact", fact=fact)

    def _fault(self, node: Node, code: str, **facts: str) -> None:
        self.faults.append(self.at[id(node)].refuse(code, **facts))

    def _core(self, node: Node) -> Node:
        """A smaller tree that can still not be met: of an `all`, parts that are not needed for the contradiction go."""
        if isinstance(node, Some):
            return replace(node, of=self._core(node.of)) if self._is_never(node.of) else node
        if not isinstance(node, Group) or node.kind != "all":
            return node
        parts = list(node.of)
        for one in node.of:
            rest = [part for part in parts if part is not one]
            if rest and self._is_never(Group("all", len(rest), tuple(rest))):
                parts = rest
        if len(parts) == 1:
            return self._core(parts[0])
        return Group("all", len(parts), tuple(parts))

    def _is_never(self, node: Node) -> bool:
        return Truth.YES not in reachable(node, self.constants)


def _groups(node: Node, *, positive: bool) -> Iterator[tuple[Group, bool]]:
    if isinstance(node, Group):
        yield node, positive
        for child in node.of:
            yield from _groups(child, positive=positive)
    elif isinstance(node, Not):
        yield from _groups(node.of, positive=not positive)
    elif isinstance(node, Some):
        yield from _groups(node.of, positive=positive)


def _places(place: Place, node: Node) -> Iterator[tuple[int, Place]]:
    yield id(node), place
    kind = next((key for key in KINDS if key in place.children), "")
    if isinstance(node, Condition) or not kind:
        return
    below = place.need(kind)
    walk: Mapping[str, Callable[[], Iterator[tuple[int, Place]]]] = {
        "not": lambda: _places(below, node.of),  # type: ignore[arg-type]
        "some": lambda: _inside_some(below, node),  # type: ignore[arg-type]
        "at_least": lambda: _each(below.need("of"), node),  # type: ignore[arg-type]
    }
    yield from walk.get(kind, lambda: _each(below, node))()  # type: ignore[arg-type]


def _inside_some(below: Place, node: Some) -> Iterator[tuple[int, Place]]:
    yield id(node.of), below
    kind = "all" if "all" in below.children else "any"
    yield from _each(below.need(kind), node.of)  # type: ignore[arg-type]


def _each(below: Place, node: Group) -> Iterator[tuple[int, Place]]:
    for one, child in zip(below.items(), node.of, strict=True):
        yield from _places(one, child)


def _ids(node: Node) -> str:
    return ", ".join(dict.fromkeys(leaf.id for leaf in conditions(node)))
