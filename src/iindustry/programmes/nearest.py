"""When nothing fits yet: what comes nearest, which single act opens most, and from which day time alone makes it a yes.

Pure: explanations in, values out. Invariant: an act is named only where the engine tried it alone and it gave yes.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from iindustry.programmes.facts import EPOCH, spec_of
from iindustry.programmes.tree import Answer, Mutability

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iindustry.programmes.counterfactual import Change, Target
    from iindustry.programmes.explain import ConditionResult, Explanation
    from iindustry.programmes.facts import Facts, FactSpec

SHOWN = 3
_WHOLE = 1000
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Unlock:
    """One act and the programmes that it alone opens, most money first. Money in satang; measures count as none."""

    fact: FactSpec
    condition: ConditionResult
    opens: tuple[Explanation, ...]
    amount_satang: int


def nearest(explanations: Iterable[Explanation], limit: int = SHOWN) -> tuple[Explanation, ...]:
    """Those that are no and lack least: fewest parts of the rule unmet, then the smallest gap in thousandths of what is asked."""
    refused = [one for one in explanations if one.answer is Answer.NO]
    return tuple(sorted(refused, key=lambda one: (*distance(one), one.programme.id))[:limit])


def distance(one: Explanation) -> tuple[int, int]:
    """Parts of the rule that are not met, and how far off their nearest conditions are, in thousandths of what is asked."""
    unmet = [reason for reason in one.reasons if reason.answer is Answer.NO]
    return len(unmet), sum(
        min(
            (_gap_permille(condition) for condition in reason.conditions if condition.answer is Answer.NO),
            default=_WHOLE,
        )
        for reason in unmet
    )


def unlocks(explanations: Iterable[Explanation], limit: int = SHOWN) -> tuple[Unlock, ...]:
    """Single acts by how many programmes each opens alone, then by how much money they lend together, then by name."""
    by_fact: dict[str, list[Explanation]] = {}
    for one in explanations:
        if one.answer is not Answer.NO:
            continue
        for fact in sorted({change.do[0].fact for change in one.changes if _is_one_act(change)}):
            by_fact.setdefault(fact, []).append(one)
    found = [_unlock(fact, opened) for fact, opened in by_fact.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.opens), -one.amount_satang, one.fact.name))[:limit])


def turns_on(one: Explanation, facts: Facts) -> date | None:
    """The first day on which time alone makes a no a yes; None where an act is needed too, or the day cannot be worked out."""
    days = [found for change in one.changes if (found := _day_of(change, one, facts)) is not None]
    return min(days, default=None)


def starts(one: Explanation) -> tuple[ConditionResult, ...]:
    """Where to begin on a no of which no whole change is known: the failed conditions of the shortest way that ends the no.

    Whether the rest is met is not known (`Explanation.openings`). Empty where a change to a yes is known, and where some
    unmet part can be met by nothing.
    """
    if one.answer is not Answer.NO or not one.openings:
        return ()
    wanted = set(one.openings[0].conditions)
    return tuple(each for each in one.conditions if each.id in wanted and each.answer is Answer.NO)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, its last day where it has no such day."""
    at = day.year * _MONTHS + day.month - 1 + months
    year, month = at // _MONTHS, at % _MONTHS + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _gap_permille(condition: ConditionResult) -> int:
    asked = condition.threshold
    if condition.gap is None or isinstance(asked, bool) or not isinstance(asked, int) or asked == 0:
        return _WHOLE
    return min(_WHOLE, condition.gap * _WHOLE // abs(asked))


def _is_one_act(change: Change) -> bool:
    return len(change.do) == 1 and change.kind in {Mutability.ACTION, Mutability.DATA}


def _unlock(fact: str, opened: Sequence[Explanation]) -> Unlock:
    in_order = sorted(opened, key=lambda one: (-(one.offer.amount_max_satang or 0), one.programme.id))
    condition = next(
        condition
        for one in in_order
        for condition in one.conditions
        if condition.fact == fact and condition.answer is Answer.NO
    )
    return Unlock(spec_of(fact), condition, tuple(in_order), sum(one.offer.amount_max_satang or 0 for one in in_order))


def _day_of(change: Change, one: Explanation, facts: Facts) -> date | None:
    time = {condition.id for condition in one.conditions if condition.mutability is Mutability.TIME}
    if any(target.condition not in time for target in change.do):
        return None
    days = [_target_day(target, facts) for target in change.do]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _target_day(target: Target, facts: Facts) -> date | None:
    spec = spec_of(target.fact)
    base = _value(spec.derived_from or target.fact, target, facts)
    if base is None or isinstance(target.value, (str, frozenset)):
        return None
    if spec.derived_by == "months_since":
        return add_months(EPOCH + timedelta(days=base), int(target.value))
    return EPOCH + timedelta(days=base) if spec.type == "date" and base > (facts.as_of - EPOCH).days else None


def _value(fact: str, target: Target, facts: Facts) -> int | None:
    readings = facts.readings if target.site is None else facts.sites[target.site].readings
    found = readings.get(fact)
    return found.value if found is not None and isinstance(found.value, int) else None
