"""What a loan costs: the rate of each year, and a repayment table in satang.

`rate(year)` is the fixed rate, or the base rate known for the day plus a spread; a base rate that is not known leaves its
years unquoted, never zero. Principal is repaid in equal monthly parts after the grace period, interest on what is owed;
interest of a month is rate ÷ 12, half a satang rounded up. An example, not an offer: the lender's contract decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from iindustry.programmes.closures import compile_amount, compile_tree, context
from iindustry.programmes.shape import RATE_DIGITS
from iindustry.programmes.tree import Truth

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from iindustry.programmes.closures import Ground
    from iindustry.programmes.shape import Programme, RateCase

MONTHS = 12
_PER_YEAR = int(100 * 10**RATE_DIGITS * MONTHS)
EXAMPLE_SATANG = 100_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Years `first` to `last`: percent a year, None where the base rate is not known for the day."""

    first: int
    last: int
    percent: Decimal | None
    base_code: str | None = None
    spread: Decimal | None = None
    thousandths: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """The terms a rule gives. `amount_max_satang`: the document's ceiling where an ingredient is missing, None where it has none."""

    amount_max_satang: int | None
    tenor_months: int | None
    grace_months: int
    rates: tuple[Rate, ...]
    guarantees: tuple[str, ...]
    collateral_required: bool | None

    def rate_of(self, year: int) -> Rate | None:
        """The rate of a year, from 1."""
        return next((rate for rate in self.rates if rate.first <= year <= rate.last), None)


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the example, satang. `instalment_satang` is its first month's payment, `highest_satang` its largest month's.

    Both None where no rate is known. They differ where the grace period ends within the year.
    """

    year: int
    percent: Decimal | None
    principal_satang: int
    interest_satang: int | None
    instalment_satang: int | None
    highest_satang: int | None
    balance_satang: int


def offer(programme: Programme, as_of: date, ground: Ground | None = None) -> Offer:
    """The terms for one enterprise; without facts, the terms that hold where no case is met."""
    return offers(programme, as_of)(ground)


def offers(programme: Programme, as_of: date) -> Callable[[Ground | None], Offer]:
    """The terms of a programme on a day, as a function of an enterprise's ground; None is nobody's."""
    constants = context(programme.parameters, as_of)
    benefit = programme.benefit
    worked_out = None if benefit.amount is None else compile_amount(benefit.amount, constants)
    ceiling = programme.amount_max_satang
    cases = [
        (None if case.when is None else compile_tree(case.when, constants), rates(programme, case, as_of))
        for case in benefit.rates
    ]

    def of(ground: Ground | None) -> Offer:
        amount = ceiling
        if worked_out is not None:
            found = worked_out({} if ground is None else ground.values, {} if ground is None else ground.asked)
            amount = int(found) if isinstance(found, int) else ceiling
        quoted: tuple[Rate, ...] = ()
        for when, each in cases:
            if when is None or (ground is not None and when(ground).answer is Truth.YES):
                quoted = each
                break
        return Offer(
            amount, benefit.tenor_months, benefit.grace_months, quoted, benefit.guarantees, benefit.collateral_required
        )

    return of


def rates(programme: Programme, case: RateCase, as_of: date) -> tuple[Rate, ...]:
    """The rate of each band of years on a day."""
    found = []
    for band in case.bands:
        if band.base_code is None:
            found.append(Rate(band.first, band.last, _percent(band.rate), thousandths=band.rate))
            continue
        base = programme.parameters[band.base_code].at(as_of)
        whole = None if base is None else base + band.rate
        percent = None if whole is None else _percent(whole)
        found.append(Rate(band.first, band.last, percent, band.base_code, _percent(band.rate), whole))
    return tuple(found)


def repayment(terms: Offer, principal_satang: int, months: int | None = None) -> tuple[Year, ...]:
    """The example by year for a sum and a tenor (months; the product's own where None). Empty without a tenor."""
    tenor = months or terms.tenor_months
    if not tenor or principal_satang <= 0:
        return ()
    grace = min(terms.grace_months, tenor - 1)
    balance, years = principal_satang, []
    for year in range(1, -(-tenor // MONTHS) + 1):
        rate = terms.rate_of(year)
        thousandths = None if rate is None else rate.thousandths
        repaid, interest, paid = 0, 0, list[int]()
        for month in range((year - 1) * MONTHS + 1, min(year * MONTHS, tenor) + 1):
            due = 0 if thousandths is None else _interest(balance, thousandths)
            part = balance if month == tenor else 0 if month <= grace else principal_satang // (tenor - grace)
            paid.append(part + due)
            balance -= part
            repaid += part
            interest += due
        known = thousandths is not None
        years.append(
            Year(year, None if rate is None else rate.percent, repaid, interest if known else None,
                 paid[0] if known else None, max(paid) if known else None, balance)
        )  # fmt: skip
    return tuple(years)


def cost(terms: Offer, principal_satang: int, months: int | None = None) -> int | None:
    """All interest of the example, satang; None where a year has no known rate."""
    years = repayment(terms, principal_satang, months)
    if not years or any(year.interest_satang is None for year in years):
        return None
    return sum(year.interest_satang for year in years if year.interest_satang is not None)


def _interest(balance: int, thousandths: int) -> int:
    return (balance * thousandths * 2 + _PER_YEAR) // (2 * _PER_YEAR)


def _percent(thousandths: int) -> Decimal:
    exact = Decimal(thousandths).scaleb(-RATE_DIGITS)
    return exact.quantize(Decimal("0.01")) if thousandths % 10 == 0 else exact
