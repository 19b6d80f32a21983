"""Numbers of a document: dates, fixed point, dated series, and amounts; and the names that a document may refer to.

All arithmetic is on integers. Invariant: an amount that by the bounds of its facts could pass 64 bits is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from math import gcd, lcm
from typing import TYPE_CHECKING

from iindustry.programmes.documents import Faults
from iindustry.programmes.facts import FactSpec, asked_names, spec_of, vocabulary
from iindustry.programmes.tree import Amount, Asked, FactRef, Fold, Literal, ParamRef, Scale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.programmes.documents import Place

MAX_INT = 2**63 - 1
MAX_DECIMALS = 3
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_PARAM_BOUND = 10**16
_FACTOR_BOUND = 10**9


@dataclass(frozen=True, slots=True)
class Names:
    """What a tree may refer to: citations, parameters and sets by name, and whether establishment facts stand free.

    `owner`: whose document it is, for facts that not everybody may read. `sink`: where faults go.
    """

    cites: frozenset[str] = frozenset()
    params: frozenset[str] = frozenset()
    sets: Mapping[str, frozenset[str]] | None = None
    establishment: bool = False
    owner: str = ""
    sink: Faults = field(default_factory=Faults)


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


def day(place: Place) -> date:
    """An ISO date in quotes, from FIRST_DAY to LAST_DAY: a year beyond is a slip, as one of the Buddhist era is."""
    try:
        found = date.fromisoformat(place.text())
    except ValueError as fault:
        raise place.refuse("rule-wrong-type", wanted="day") from fault
    if not FIRST_DAY <= found <= LAST_DAY:
        raise place.refuse("rule-value", value=found.isoformat(), known=f"{FIRST_DAY} – {LAST_DAY}")
    return found


def fixed(place: Place, digits: int) -> int:
    """A decimal text or whole number as fixed point with so many digits."""
    if isinstance(place.value, int) and not isinstance(place.value, bool):
        return int(place.value) * int(10**digits)
    try:
        exact = Decimal(place.text()).scaleb(digits)
    except InvalidOperation as fault:
        raise place.refuse("rule-wrong-type", wanted="decimal") from fault
    if not exact.is_finite() or exact != exact.to_integral_value():
        raise place.refuse("rule-wrong-type", wanted=f"decimal-{digits}")
    return int(exact)


def steps(place: Place, digits: int, cites: frozenset[str] | None = None) -> tuple[Step, ...]:
    """The dated values of a parameter, in order of date."""
    found = []
    for one in place.items():
        cite = cited(one, cites) if cites is not None else ""
        found.append(Step(day(one.need("from")), fixed(one.need("value"), digits), cite))
    if not found:
        raise place.refuse("rule-missing-key", key="values")
    for before, after in pairwise(found):
        if before.since >= after.since:
            raise place.refuse("rule-date-order", value=after.since.isoformat())
    return tuple(found)


def cited(place: Place, cites: frozenset[str]) -> str:
    """The citation of an entry, one of the document's legal references; empty where it cites nothing."""
    cite = place.get("cite")
    if cite is None:
        return ""
    if cite.text() not in cites:
        raise cite.refuse("rule-unknown-reference", name=cite.text(), known=", ".join(sorted(cites)) or "—")
    return cite.text()


def fact_of(place: Place) -> FactSpec:
    """The fact that a document names; refused with the nearest where there is none."""
    name = place.text()
    if name not in vocabulary():
        raise place.refuse("rule-unknown-fact", fact=name, nearest=_nearest(name))
    return spec_of(name)


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    return ", ".join(get_close_matches(name, vocabulary(), n=2, cutoff=0.4)) or "—"


def amount(place: Place, names: Names, *, inside: bool = False) -> Amount:
    """An amount; refused where by the bounds of its facts it could pass 64 bits."""
    found = _amount(place, names, inside=inside)
    low, high, unit = bounds(found)
    if max(abs(low), abs(high)) * unit > MAX_INT:
        raise place.refuse("rule-overflow", limit=str(MAX_INT))
    return found


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
    return _bounds_of_fold(one)


def _bounds_of_fold(one: Fold) -> tuple[int, int, int]:
    parts = [bounds(child) for child in one.of]
    lows, highs = [part[0] for part in parts], [part[1] for part in parts]
    least, most = {
        "min": (min(lows), min(highs)),
        "max": (max(lows), max(highs)),
        "add": (sum(lows), sum(highs)),
        "sub": (lows[0] - sum(highs[1:]), highs[0] - sum(lows[1:])),
    }[one.op]
    return least, most, lcm(*(part[2] for part in parts))


def _amount(place: Place, names: Names, *, inside: bool) -> Amount:
    if not isinstance(place.value, dict):
        number = place.integer()
        if abs(number) > _PARAM_BOUND:
            raise place.refuse("rule-overflow", limit=str(_PARAM_BOUND))
        return Literal(number)
    if len(place.need_map().children) != 1:
        raise place.refuse("rule-wrong-type", wanted="amount")
    key, below = next(iter(place.children.items()))
    if key == "fact":
        return _fact_amount(below, inside=inside)
    if key == "param":
        if below.text() not in names.params:
            raise below.refuse(
                "rule-unknown-reference", name=below.text(), known=", ".join(sorted(names.params)) or "—"
            )
        return ParamRef(below.text())
    if key == "asked":
        return Asked(below.choice(tuple(sorted(asked_names()))))
    if key in {"mul", "div"}:
        return _scale(below, str(key), names, inside=inside)
    return _fold(below, str(key), names, inside=inside)


def _fact_amount(place: Place, *, inside: bool) -> FactRef:
    spec = fact_of(place)
    if spec.of == "establishment" and not inside:
        raise place.refuse("rule-establishment-outside", fact=spec.name)
    return FactRef(spec.name)


def _fold(place: Place, key: str, names: Names, *, inside: bool) -> Fold:
    of = tuple(_amount(one, names, inside=inside) for one in place.items())
    if not of:
        raise place.refuse("rule-missing-key", key="an amount")
    for child, one in zip(of, place.items(), strict=True):
        if isinstance(child, FactRef) and not spec_of(child.fact).ordered:
            raise one.refuse("rule-operator-type", op=key, fact=child.fact, type=spec_of(child.fact).type)
    return Fold(key, of)


def _scale(place: Place, key: str, names: Names, *, inside: bool) -> Scale:
    parts = place.items()
    if len(parts) != 2:  # noqa: PLR2004 - an amount and a constant
        raise place.refuse("rule-wrong-type", wanted="scale")
    of = _amount(parts[0], names, inside=inside)
    constant = fixed(parts[1], MAX_DECIMALS)
    unit = 10**MAX_DECIMALS
    if constant <= 0 or constant > _FACTOR_BOUND:
        raise parts[1].refuse("rule-value", value=str(parts[1].value), known="more than 0, at most 1000000")
    common = gcd(constant, unit)
    up, down = (constant, unit) if key == "mul" else (unit, constant)
    return Scale(of, up // common, down // common)
