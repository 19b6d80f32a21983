"""All programmes for one enterprise in three groups, in the declared order.

No place is for sale: the keys are those of the `order` document, each shown, and the last tie is a hash of enterprise
and product. Groups: yes · one more datum (unknown) · not now, where what a change can turn comes first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iindustry.programmes.offer import EXAMPLE_SATANG, cost
from iindustry.programmes.tree import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from iindustry.programmes.explain import Explanation

_LAST = 2**62


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: use of funds, sum (satang), tenor (months); None is not said. Overlay for the order's last keys."""

    use: str | None = None
    amount_satang: int | None = None
    tenor_months: int | None = None
    lender_days: Mapping[str, int] = field(default_factory=dict)
    pool_left_permille: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opportunities:
    """Three groups, each in the declared order."""

    yes: tuple[Explanation, ...]
    one_more: tuple[Explanation, ...]
    not_now: tuple[Explanation, ...]
    as_of: date

    @property
    def one_step(self) -> tuple[Explanation, ...]:
        """Of those not now: the ones that a single act turns into a yes."""
        return tuple(one for one in self.not_now if one.is_one_step_away)

    @property
    def later(self) -> tuple[Explanation, ...]:
        """Of those not now: the others."""
        return tuple(one for one in self.not_now if not one.is_one_step_away)

    @property
    def all(self) -> tuple[Explanation, ...]:
        """Every explanation, group after group."""
        return self.yes + self.one_more + self.not_now


def group(
    explanations: Iterable[Explanation], as_of: date, keys: tuple[str, ...], wish: Wish | None = None
) -> Opportunities:
    """The three groups of explanations."""
    wanted = wish or Wish()
    ordered = sorted(explanations, key=lambda one: _order(one, keys, wanted))
    of = {answer: tuple(one for one in ordered if one.answer is answer) for answer in Answer}
    not_now = sorted(of[Answer.NO], key=lambda one: (_steps(one), _failed(one)))
    one_more = sorted(of[Answer.UNKNOWN], key=lambda one: len(one.missing_facts) or _LAST)
    return Opportunities(of[Answer.YES], tuple(one_more), tuple(not_now), as_of)


def covers_use(one: Explanation, use: str | None) -> bool | None:
    """Whether a programme is for this use; None where either does not say."""
    uses = one.programme.benefit.use_of_funds
    return None if use is None or not uses else use in uses


def covers_sum(one: Explanation, amount_satang: int | None) -> bool | None:
    """Whether a programme lends this much; None where none is asked for, or an ingredient of the limit is missing."""
    limit = one.offer.amount_max_satang
    return None if amount_satang is None or limit is None else limit >= amount_satang


def _steps(one: Explanation) -> int:
    return min((len(change.do) for change in one.changes), default=_LAST)


def _failed(one: Explanation) -> int:
    return sum(reason.answer is Answer.NO for reason in one.reasons)


# Yes before not known before no: what is not known is never read as no.
_SURE_FIRST: Mapping[bool | None, int] = {True: 0, None: 1, False: 2}
_KEYS: Mapping[str, Callable[[Explanation, Wish], int]] = {
    "covers_use": lambda one, wish: _SURE_FIRST[covers_use(one, wish.use)],
    "covers_sum": lambda one, wish: _SURE_FIRST[covers_sum(one, wish.amount_satang)],
    "cost": lambda one, wish: _or_last(
        cost(one.offer, wish.amount_satang or EXAMPLE_SATANG, wish.tenor_months or one.offer.tenor_months)
    ),
    "questions_left": lambda one, wish: len(one.missing_facts),  # noqa: ARG005 - one shape for all keys
    "lender_days": lambda one, wish: wish.lender_days.get(one.programme.id, one.programme.working_days),
    "pool_left": lambda one, wish: -wish.pool_left_permille.get(one.programme.id, 0),
}


def _or_last(value: int | None) -> int:
    return _LAST if value is None else value


def _order(one: Explanation, keys: tuple[str, ...], wish: Wish) -> tuple[int | str, ...]:
    tie = hashlib.sha256(f"{one.enterprise_id}·{one.programme.id}".encode()).hexdigest()
    is_measure = int(not one.offer.tenor_months)
    return (is_measure, *(_KEYS[key](one, wish) for key in keys), tie)
