"""Documents to frozen trees: what a programme, definition or parameter may say, and nothing else.

Checked before anything is evaluated: types of facts and operators, every reference, limits of size, overflow of amounts.
Invariant: a document that parses can be evaluated; an error names line, field, reason and what to write instead.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from iindustry.programmes.amounts import MAX_INT, Names, amount, cited, day, fact_of, fixed
from iindustry.programmes.documents import walk
from iindustry.programmes.facts import EPOCH, FactSpec, spec_of
from iindustry.programmes.tree import (
    Amount,
    CodeMap,
    Condition,
    Derivation,
    Disclose,
    FactRef,
    Flag,
    Group,
    Ladder,
    Literal,
    Missing,
    Mutability,
    Node,
    Not,
    OnMissing,
    Op,
    Operand,
    Plain,
    Some,
    children,
    depth,
    items,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.programmes.documents import Faults, Place

MAX_CONDITIONS = 32
MAX_DEPTH = 6
MAX_BRANCHES = 64

_ALL_TYPES = frozenset({Op.EQ, Op.NE, Op.IN, Op.NOT_IN, Op.KNOWN})
_ORDERED = _ALL_TYPES | {Op.LT, Op.LE, Op.GT, Op.GE, Op.BETWEEN}
OPERATORS: Mapping[str, frozenset[Op]] = {
    "bool": frozenset({Op.EQ, Op.NE, Op.IN, Op.NOT_IN, Op.KNOWN}),
    "code": _ALL_TYPES | {Op.PREFIX},
    "int": _ORDERED,
    "money": _ORDERED,
    "decimal": _ORDERED,
    "date": _ORDERED | {Op.WITHIN_DAYS},
    "set": frozenset({Op.EQ, Op.NE, Op.KNOWN, Op.HAS_ANY, Op.HAS_ALL}),
}
"""Which operators each type of fact takes."""
_LISTS = frozenset({Op.IN, Op.NOT_IN, Op.PREFIX, Op.HAS_ANY, Op.HAS_ALL})
_ASK = OnMissing(Missing.ASK)
_NO_TEST: tuple[str, Operand] = ("", Literal(0))
_NOTHING: Node = Group("all", 0, ())
"""Stands where a part could not be read, in a tree that is of no use."""


def tree(place: Place, names: Names) -> Node:
    """The tree of a `conditions`, `if` or `flag`; its shape was checked before.

    Raises Rejected `rule-…`, or gathers what is wrong where the names have a sink for it: then the tree is of no use.
    """
    node = _node(place, names, inside=names.establishment)
    count = len(items(node))
    if count > MAX_CONDITIONS:
        names.sink.add(place.refuse("rule-too-many-conditions", count=str(count), limit=str(MAX_CONDITIONS)))
    if depth(node) > MAX_DEPTH:
        names.sink.add(place.refuse("rule-too-deep", limit=str(MAX_DEPTH)))
    if branches(node) > MAX_BRANCHES:
        names.sink.add(place.refuse("rule-too-many-branches", limit=str(MAX_BRANCHES)))
    _refuse_repeated_ids(place, names.sink)
    return node


def _refuse_repeated_ids(place: Place, sink: Faults) -> None:
    seen: set[str] = set()
    for below in walk(place):
        if "id" not in below.children:
            continue
        name = below.children["id"]
        if name.value in seen:
            sink.add(name.refuse("rule-duplicate-id", id=str(name.value)))
        seen.add(name.value)


def branches(node: Node, *, positive: bool = True) -> int:
    """How many branches the disjunctive form has."""
    if isinstance(node, Condition):
        return 1
    if isinstance(node, Not):
        return branches(node.of, positive=not positive)
    if isinstance(node, Some):
        return branches(node.of, positive=positive)
    need = node.need if positive else len(node.of) - node.need + 1
    ways = [0] * (need + 1)
    ways[0] = 1
    for child in node.of:
        each = branches(child, positive=positive)
        for k in range(need, 0, -1):
            ways[k] += ways[k - 1] * each
    return ways[need]


def derivation(place: Place, names: Names) -> Derivation:
    """What one entry of a definition's `gives` says."""
    if (flag := place.get("flag")) is not None:
        return Flag(tree(flag, names))
    if (ladder := place.get("ladder")) is not None:
        return _ladder(ladder)
    table = place.need("map")
    rows = table.need("table").need_map()
    return CodeMap(
        on=fact_of(table.need("on")).name,
        table={str(key): child.text() for key, child in rows.children.items()},
        by_prefix=(by := table.get("by")) is not None and by.text() == "prefix",
        otherwise=None if (other := table.get("else")) is None else other.text(),
    )


def _ladder(place: Place) -> Ladder:
    on = fact_of(place.need("on"))
    if not on.ordered:
        raise place.refuse("rule-operator-type", op="ladder", fact=on.name, type=on.type)
    upto = place.need("upto").need_map()
    split = place.get("split")
    tables = {str(key): child for key, child in upto.children.items()} if split is not None else {"": upto}
    rows: dict[str, tuple[tuple[str, int], ...]] = {}
    for key, row in tables.items():
        # By the limit and not as written: the keys of a map have no order in the canonical form, which is the version.
        limits = sorted(((str(name), child.integer()) for name, child in row.need_map().children.items()), key=_limit)
        if any(_limit(a) == _limit(b) for a, b in pairwise(limits)):
            raise row.refuse("rule-value", value=str(limits), known="limits that differ")
        rows[key] = tuple(limits)
    return Ladder(on.name, None if split is None else fact_of(split).name, rows, place.need("above").text())


def _limit(step: tuple[str, int]) -> int:
    return step[1]


def _node(place: Place, names: Names, *, inside: bool) -> Node:
    kinds = [key for key in ("all", "any", "not", "at_least", "some") if key in place.need_map().children]
    if not kinds:
        return _condition(place, names, inside=inside)
    kind, below = kinds[0], place.need(kinds[0])
    if kind == "not":
        return Not(_node(below, names, inside=inside))
    if kind == "some":
        return _some(below, names)
    if kind == "at_least":
        of = _children(below.need("of"), names, inside=inside)
        need = below.need("n").integer()
        if not 1 <= need <= len(of):
            names.sink.add(below.refuse("rule-value", value=str(need), known=f"1–{len(of)}"))
        return Group(kind, need, of)
    of = _children(below, names, inside=inside)
    return Group(kind, len(of) if kind == "all" else 1, of)


def _children(place: Place, names: Names, *, inside: bool) -> tuple[Node, ...]:
    found = tuple(
        names.sink.take(lambda one=one: _node(one, names, inside=inside), _NOTHING)  # type: ignore[misc]
        for one in place.items()
    )
    if not found:
        raise place.refuse("rule-missing-key", key="a condition")
    return found


def _some(place: Place, names: Names) -> Some:
    if names.establishment:
        raise place.refuse("rule-some-inside")
    kind = "all" if "all" in place.need_map().children else "any"
    of = _children(place.need(kind), names, inside=True)
    inner = Group(kind, len(of) if kind == "all" else 1, of)
    if any(isinstance(one, Some) for one in _below(inner)):
        raise place.refuse("rule-some-inside")
    need = 1 if (n := place.get("at_least")) is None else n.integer()
    return Some(place.need("id").text(), need, inner)


def _below(node: Node) -> list[Node]:
    return [node, *(below for child in children(node) for below in _below(child))]


def _condition(place: Place, names: Names, *, inside: bool) -> Condition:
    take = names.sink.take
    cite = take(lambda: cited(place, names.cites), "")
    spec = fact_of(place.need("fact"))
    take(lambda: _check_reading(place, spec, names, inside=inside), None)
    op = Op(place.need("op").choice(tuple(Op)))
    on_missing = take(lambda: _on_missing(place, spec, op, inside=inside), _ASK)
    set_name, value = take(lambda: _tested(place, spec, op, names, inside=inside), _NO_TEST)
    mutability, disclose = place.get("mutability"), place.get("disclose")
    return Condition(
        id=place.need("id").text(),
        fact=spec.name,
        op=op,
        value=value,
        on_missing=on_missing,
        mutability=spec.mutability if mutability is None else Mutability(mutability.text()),
        cite=cite,
        disclose=spec.disclose if disclose is None else Disclose(disclose.text()),
        set_name=set_name,
    )


def _check_reading(place: Place, spec: FactSpec, names: Names, *, inside: bool) -> None:
    if spec.of == "establishment" and not inside:
        raise place.refuse("rule-establishment-outside", fact=spec.name)
    if spec.only and names.owner and names.owner not in spec.only:
        raise place.need("fact").refuse("rule-fact-not-yours", fact=spec.name, known=", ".join(sorted(spec.only)))


def _tested(place: Place, spec: FactSpec, op: Op, names: Names, *, inside: bool) -> tuple[str, Operand]:
    if op not in OPERATORS[spec.type]:
        raise place.need("op").refuse("rule-operator-type", op=op.value, fact=spec.name, type=spec.type)
    return _operand(place.need("value"), spec, op, names, inside=inside)


def _on_missing(place: Place, spec: FactSpec, op: Op, *, inside: bool) -> OnMissing:
    said = place.get("on_missing")
    if op is Op.KNOWN:
        if said is not None:
            raise said.refuse("rule-on-missing-known")
        return OnMissing(Missing.FAIL)
    if said is None:
        raise place.refuse("rule-on-missing-absent", fact=spec.name)
    if isinstance(said.value, dict):
        assume = said.need("assume")
        if isinstance(assume.value, dict):
            other = fact_of(assume.need("fact"))
            if (other.type, other.digits) != (spec.type, spec.digits) or (other.of == "establishment" and not inside):
                raise assume.refuse("rule-operator-type", op="assume", fact=other.name, type=other.type)
            return OnMissing(Missing.ASSUME, FactRef(other.name))
        return OnMissing(Missing.ASSUME, Literal(_literal(assume, spec)))
    return OnMissing(Missing(said.choice((Missing.ASK, Missing.FAIL))))


def _operand(place: Place, spec: FactSpec, op: Op, names: Names, *, inside: bool) -> tuple[str, Operand]:
    if op is Op.KNOWN:
        return "", Literal(place.boolean())
    if op is Op.WITHIN_DAYS:
        days = place.integer()
        if not 0 <= days <= 36_600:  # noqa: PLR2004 - a hundred years
            raise place.refuse("rule-value", value=str(days), known="0 to 36600 days")
        return "", Literal(days)
    if op in _LISTS:
        return _list_operand(place, spec, names)
    if op is Op.BETWEEN:
        ends = place.items()
        if len(ends) != 2:  # noqa: PLR2004 - low and high
            raise place.refuse("rule-wrong-type", wanted="two-values")
        low, high = (_amount_or_literal(one, spec, names, inside=inside) for one in ends)
        if isinstance(low, Literal) and isinstance(high, Literal) and low.value > high.value:  # type: ignore[operator]
            raise place.refuse("rule-value", value=str(place.value), known="low before high")
        return "", (low, high)
    if spec.type == "set":
        return "", Literal(frozenset(one.text() for one in place.items()))
    return "", _amount_or_literal(place, spec, names, inside=inside)


def _list_operand(place: Place, spec: FactSpec, names: Names) -> tuple[str, Operand]:
    if isinstance(place.value, dict):
        named = place.need("set")
        name = named.text()
        members = (names.sets or {}).get(name)
        if members is None:
            raise named.refuse("rule-unknown-reference", name=name, known=", ".join(sorted(names.sets or {})) or "—")
        found: list[Plain] = sorted(members)
        for member in found:
            _check_code(place, spec, str(member))
        return name, tuple(Literal(member) for member in found)
    values = [one.text() if spec.type == "set" else _literal(one, spec, prefix=True) for one in place.items()]
    if not values or len(set(values)) != len(values):
        raise place.refuse("rule-value", value=str(place.value), known="one or more different values")
    return "", tuple(Literal(value) for value in values)


def _literal(place: Place, spec: FactSpec, *, prefix: bool = False) -> Plain:
    if spec.type == "date":
        return (day(place) - EPOCH).days
    if spec.type == "decimal":
        return fixed(place, spec.digits)
    if spec.type == "bool":
        return place.boolean()
    if spec.type in {"int", "money"}:
        number = place.integer()
        if abs(number) > MAX_INT // 1000:
            raise place.refuse("rule-overflow", limit=str(MAX_INT // 1000))
        return number
    text = place.text()
    if not prefix or spec.codes:
        _check_code(place, spec, text)
    return text


def _check_code(place: Place, spec: FactSpec, text: str) -> None:
    if spec.codes and text not in spec.codes:
        raise place.refuse("rule-value", value=text, known=", ".join(spec.codes))


def _amount_or_literal(place: Place, spec: FactSpec, names: Names, *, inside: bool) -> Amount:
    if not isinstance(place.value, dict):
        return Literal(_literal(place, spec))
    if spec.type not in {"int", "money", "decimal", "date"} and "fact" not in place.children:
        raise place.refuse("rule-wrong-type", wanted=f"value-{spec.type}")
    found = amount(place, names, inside=inside)
    if isinstance(found, FactRef):
        other = spec_of(found.fact)
        if (other.type, other.digits) != (spec.type, spec.digits):
            raise place.refuse("rule-operator-type", op="fact", fact=other.name, type=other.type)
    return found
