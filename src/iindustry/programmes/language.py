"""Documents to frozen trees: what a programme, definition or parameter may say, and nothing else.

Checked before anything is evaluated: types of facts and operators, every reference, limits of size, overflow of amounts.
Invariant: a document that parses can be evaluated; an error names line, field, reason and what to write instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING

from iindustry.programmes.facts import EPOCH, FactSpec, asked_names, spec_of, vocabulary
from iindustry.programmes.tree import (
    Amount,
    Asked,
    CodeMap,
    Condition,
    Derivation,
    Disclose,
    FactRef,
    Flag,
    Fold,
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
    ParamRef,
    Plain,
    Scale,
    Some,
    children,
    conditions,
    depth,
    items,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.programmes.documents import Place

MAX_CONDITIONS = 32
MAX_DEPTH = 6
MAX_BRANCHES = 64
MAX_INT = 2**63 - 1
MAX_DECIMALS = 3

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
_CONDITION_KEYS = ("id", "fact", "op", "value", "cite", "on_missing", "mutability", "disclose")


@dataclass(frozen=True, slots=True)
class Names:
    """What a tree may refer to: citations, parameters and sets by name, and whether establishment facts stand free."""

    cites: frozenset[str] = frozenset()
    params: frozenset[str] = frozenset()
    sets: Mapping[str, frozenset[str]] | None = None
    establishment: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One dated value of a parameter."""

    since: date
    value: int
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated series of one number. `digits`: fixed-point digits of its values. Old values are not known."""

    name: str
    unit: str
    digits: int
    shelf_life_days: int | None
    steps: tuple[Step, ...]

    def at(self, day: date) -> int | None:
        """The value in force on a day; None before the first, and None where the last one is past its shelf life."""
        found = [step for step in self.steps if step.since <= day]
        if not found or (self.shelf_life_days is not None and (day - found[-1].since).days > self.shelf_life_days):
            return None
        return found[-1].value


def tree(place: Place, names: Names) -> Node:
    """The tree of a `conditions`, `if` or `flag`. Raises Rejected `rule-…`."""
    node = _node(place, names, inside=names.establishment)
    count = len(items(node))
    if count > MAX_CONDITIONS:
        raise place.refuse("rule-too-many-conditions", count=str(count), limit=str(MAX_CONDITIONS))
    if depth(node) > MAX_DEPTH:
        raise place.refuse("rule-too-deep", limit=str(MAX_DEPTH))
    if branches(node) > MAX_BRANCHES:
        raise place.refuse("rule-too-many-branches", limit=str(MAX_BRANCHES))
    seen: set[str] = set()
    for one in items(node):
        if one.id in seen:
            raise place.refuse("rule-duplicate-id", id=one.id)
        seen.add(one.id)
    return node


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


def day(place: Place) -> date:
    """An ISO date in quotes."""
    try:
        return date.fromisoformat(place.text())
    except ValueError as fault:
        raise place.refuse("rule-wrong-type", wanted='an ISO date in quotes, such as "2026-01-06"') from fault


def fixed(place: Place, digits: int) -> int:
    """A decimal text or whole number as fixed point with so many digits."""
    if isinstance(place.value, int) and not isinstance(place.value, bool):
        return int(place.value) * 10**digits
    try:
        exact = Decimal(place.text()).scaleb(digits)
    except InvalidOperation as fault:
        raise place.refuse("rule-wrong-type", wanted='a decimal in quotes, such as "3.00"') from fault
    if not exact.is_finite() or exact != exact.to_integral_value():
        raise place.refuse("rule-wrong-type", wanted=f"a decimal in quotes with at most {digits} digits after the point")
    return int(exact)


def steps(place: Place, digits: int, cites: frozenset[str] | None = None) -> tuple[Step, ...]:
    """The dated values of a parameter, in order of date."""
    found = []
    for one in place.items():
        one.only("from", "value", "cite")
        cite = _cite(one, cites) if cites is not None else ""
        found.append(Step(day(one.need("from")), fixed(one.need("value"), digits), cite))
    if not found:
        raise place.refuse("rule-missing-key", key="values")
    for before, after in pairwise(found):
        if before.since >= after.since:
            raise place.refuse("rule-date-order", value=after.since.isoformat())
    return tuple(found)


def derivation(place: Place, names: Names) -> Derivation:
    """What one entry of a definition's `gives` says."""
    place.only("ladder", "flag", "map")
    if (flag := place.get("flag")) is not None:
        return Flag(tree(flag, names))
    if (ladder := place.get("ladder")) is not None:
        return _ladder(ladder)
    table = place.need("map").only("on", "by", "table", "else")
    rows = table.need("table").need_map()
    return CodeMap(
        on=_fact(table.need("on")).name,
        table={str(key): child.text() for key, child in rows.children.items()},
        by_prefix=(by := table.get("by")) is not None and by.choice(("code", "prefix")) == "prefix",
        otherwise=None if (other := table.get("else")) is None else other.text(),
    )


def _ladder(place: Place) -> Ladder:
    place.only("on", "split", "above", "upto")
    on = _fact(place.need("on"))
    if not on.ordered:
        raise place.refuse("rule-operator-type", op="ladder", fact=on.name, type=on.type)
    upto = place.need("upto").need_map()
    split = place.get("split")
    tables = {str(key): child for key, child in upto.children.items()} if split is not None else {"": upto}
    rows: dict[str, tuple[tuple[str, int], ...]] = {}
    for key, row in tables.items():
        limits = tuple((str(name), child.integer()) for name, child in row.need_map().children.items())
        if any(a[1] >= b[1] for a, b in pairwise(limits)):
            raise row.refuse("rule-value", value=str(limits), known="limits that rise")
        rows[key] = limits
    return Ladder(on.name, None if split is None else _fact(split).name, rows, place.need("above").text())


def _node(place: Place, names: Names, *, inside: bool) -> Node:
    place.need_map()
    kinds = [key for key in ("all", "any", "not", "at_least", "some") if key in place.children]
    if not kinds:
        return _condition(place, names, inside=inside)
    place.only(kinds[0])
    kind, below = kinds[0], place.need(kinds[0])
    if kind == "not":
        return Not(_node(below, names, inside=inside))
    if kind == "some":
        return _some(below, names)
    if kind == "at_least":
        below.only("n", "of")
        of = _children(below.need("of"), names, inside=inside)
        need = below.need("n").integer()
        if not 1 <= need <= len(of):
            raise below.refuse("rule-value", value=str(need), known=f"1 to {len(of)}")
        return Group(kind, need, of)
    of = _children(below, names, inside=inside)
    return Group(kind, len(of) if kind == "all" else 1, of)


def _children(place: Place, names: Names, *, inside: bool) -> tuple[Node, ...]:
    found = tuple(_node(one, names, inside=inside) for one in place.items())
    if not found:
        raise place.refuse("rule-missing-key", key="a condition")
    return found


def _some(place: Place, names: Names) -> Some:
    if names.establishment:
        raise place.refuse("rule-some-inside")
    place.only("id", "at_least", "all", "any")
    kinds = [key for key in ("all", "any") if key in place.children]
    if len(kinds) != 1:
        raise place.refuse("rule-missing-key", key="all or any")
    of = _children(place.need(kinds[0]), names, inside=True)
    inner = Group(kinds[0], len(of) if kinds[0] == "all" else 1, of)
    if any(isinstance(one, Some) for one in _below(inner)):
        raise place.refuse("rule-some-inside")
    need = 1 if (n := place.get("at_least")) is None else n.integer()
    if need < 1:
        raise place.refuse("rule-value", value=str(need), known="1 or more")
    return Some(place.need("id").text(), need, inner)


def _below(node: Node) -> list[Node]:
    return [node, *(below for child in children(node) for below in _below(child))]


def _fact(place: Place) -> FactSpec:
    name = place.text()
    if name not in vocabulary():
        raise place.refuse("rule-unknown-fact", fact=name, nearest=_nearest(name))
    return spec_of(name)


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    return ", ".join(get_close_matches(name, vocabulary(), n=2, cutoff=0.4)) or "—"


def _condition(place: Place, names: Names, *, inside: bool) -> Condition:
    place.only(*_CONDITION_KEYS)
    spec = _fact(place.need("fact"))
    if spec.of == "establishment" and not inside:
        raise place.refuse("rule-establishment-outside", fact=spec.name)
    op = Op(place.need("op").choice(tuple(Op)))
    if op not in OPERATORS[spec.type]:
        raise place.need("op").refuse("rule-operator-type", op=op.value, fact=spec.name, type=spec.type)
    set_name, value = _operand(place.need("value"), spec, op, names, inside=inside)
    cite = _cite(place, names.cites)
    mutability = place.get("mutability")
    disclose = place.get("disclose")
    return Condition(
        id=place.need("id").text(),
        fact=spec.name,
        op=op,
        value=value,
        on_missing=_on_missing(place, spec, op, inside=inside),
        mutability=spec.mutability if mutability is None else Mutability(mutability.choice(tuple(Mutability))),
        cite=cite,
        disclose=spec.disclose if disclose is None else Disclose(disclose.choice(tuple(Disclose))),
        set_name=set_name,
    )


def _cite(place: Place, cites: frozenset[str]) -> str:
    cite = place.get("cite")
    if cite is None:
        return ""
    if cite.text() not in cites:
        raise cite.refuse("rule-unknown-reference", name=cite.text(), known=", ".join(sorted(cites)) or "—")
    return cite.text()


def _on_missing(place: Place, spec: FactSpec, op: Op, *, inside: bool) -> OnMissing:
    said = place.get("on_missing")
    if op is Op.KNOWN:
        if said is not None:
            raise said.refuse("rule-on-missing-known")
        return OnMissing(Missing.FAIL)
    if said is None:
        raise place.refuse("rule-on-missing-absent", fact=spec.name)
    if isinstance(said.value, dict):
        assume = said.only("assume").need("assume")
        if isinstance(assume.value, dict):
            other = _fact(assume.only("fact").need("fact"))
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
            raise place.refuse("rule-wrong-type", wanted="a list of two values, low and high")
        low, high = (_amount_or_literal(one, spec, names, inside=inside) for one in ends)
        if isinstance(low, Literal) and isinstance(high, Literal) and low.value > high.value:  # type: ignore[operator]
            raise place.refuse("rule-value", value=str(place.value), known="low before high")
        return "", (low, high)
    if spec.type == "set":
        return "", Literal(frozenset(one.text() for one in place.items()))
    return "", _amount_or_literal(place, spec, names, inside=inside)


def _list_operand(place: Place, spec: FactSpec, names: Names) -> tuple[str, Operand]:
    if isinstance(place.value, dict):
        name = place.only("set").need("set").text()
        members = (names.sets or {}).get(name)
        if members is None:
            raise place.refuse("rule-unknown-reference", name=name, known=", ".join(sorted(names.sets or {})) or "—")
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
        raise place.refuse("rule-wrong-type", wanted=f"a value of type {spec.type}")
    found = amount(place, names, inside=inside)
    if isinstance(found, FactRef):
        other = spec_of(found.fact)
        if (other.type, other.digits) != (spec.type, spec.digits):
            raise place.refuse("rule-operator-type", op="fact", fact=other.name, type=other.type)
    return found


def amount(place: Place, names: Names, *, inside: bool = False) -> Amount:
    """An amount; refused where by the bounds of its facts it could pass 64 bits."""
    found = _amount(place, names, inside=inside)
    low, high, unit = bounds(found)
    if max(abs(low), abs(high)) * unit > MAX_INT:
        raise place.refuse("rule-overflow", limit=str(MAX_INT))
    return found


_PARAM_BOUND = 10**16


def bounds(one: Amount) -> tuple[int, int, int]:
    """Least and greatest value an amount can take (whole units), and the denominator it is counted in."""
    if isinstance(one, Literal):
        return int(one.value), int(one.value), 1  # type: ignore[arg-type]
    if isinstance(one, FactRef):
        spec = spec_of(one.fact)
        return spec.least, spec.most, 1
    if isinstance(one, (ParamRef, Asked)):
        return -_PARAM_BOUND // 10, _PARAM_BOUND // 10, 1
    if isinstance(one, Scale):
        low, high, unit = bounds(one.of)
        ends = sorted((low * one.numerator // one.denominator, -(-high * one.numerator // one.denominator)))
        return ends[0], ends[1], unit * one.denominator
    parts = [bounds(child) for child in one.of]
    unit = lcm(*(part[2] for part in parts))
    lows, highs = [part[0] for part in parts], [part[1] for part in parts]
    if one.op in {"min", "max"}:
        pick = min if one.op == "min" else max
        return pick(lows), pick(highs), unit
    if one.op == "add":
        return sum(lows), sum(highs), unit
    return lows[0] - sum(highs[1:]), highs[0] - sum(lows[1:]), unit


def _amount(place: Place, names: Names, *, inside: bool) -> Amount:
    if not isinstance(place.value, dict):
        number = place.integer()
        if abs(number) > _PARAM_BOUND:
            raise place.refuse("rule-overflow", limit=str(_PARAM_BOUND))
        return Literal(number)
    if len(place.children) != 1:
        raise place.refuse("rule-wrong-type", wanted="one of fact, param, asked, min, max, add, sub, mul, div")
    place.only("fact", "param", "asked", "min", "max", "add", "sub", "mul", "div")
    key, below = next(iter(place.children.items()))
    if key == "fact":
        spec = _fact(below)
        if spec.of == "establishment" and not inside:
            raise below.refuse("rule-establishment-outside", fact=spec.name)
        return FactRef(spec.name)
    if key == "param":
        if below.text() not in names.params:
            raise below.refuse("rule-unknown-reference", name=below.text(), known=", ".join(sorted(names.params)) or "—")
        return ParamRef(below.text())
    if key == "asked":
        return Asked(below.choice(tuple(asked_names())))
    if key in {"mul", "div"}:
        return _scale(below, str(key), names, inside=inside)
    of = tuple(_amount(one, names, inside=inside) for one in below.items())
    if not of:
        raise below.refuse("rule-missing-key", key="an amount")
    for child, one in zip(of, below.items(), strict=True):
        if isinstance(child, FactRef) and not spec_of(child.fact).ordered:
            raise one.refuse("rule-operator-type", op=str(key), fact=child.fact, type=spec_of(child.fact).type)
    return Fold(str(key), of)


def _scale(place: Place, key: str, names: Names, *, inside: bool) -> Scale:
    parts = place.items()
    if len(parts) != 2:  # noqa: PLR2004 - an amount and a constant
        raise place.refuse("rule-wrong-type", wanted='a list of an amount and a constant, such as [{fact: …}, "0.5"]')
    of = _amount(parts[0], names, inside=inside)
    constant = fixed(parts[1], MAX_DECIMALS)
    unit = 10**MAX_DECIMALS
    if constant <= 0 or constant > 10**9:  # noqa: PLR2004 - a factor above a million is a mistake
        raise parts[1].refuse("rule-value", value=str(parts[1].value), known="more than 0, at most 1000000")
    from math import gcd

    common = gcd(constant, unit)
    up, down = (constant, unit) if key == "mul" else (unit, constant)
    return Scale(of, up // common, down // common)


def leaf_facts(node: Node) -> tuple[str, ...]:
    """The facts of the conditions, in order of first use."""
    return tuple(dict.fromkeys(one.fact for one in conditions(node)))
