"""A programme as one line of a list: its words, its limit, its first rate; shared by the catalogue and by what fits whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.accounts.organisations import ORGANISATIONS, OrganisationKind
from iindustry.programmes import describe
from iindustry.programmes.facts import Words
from iindustry.programmes.offer import offer

if TYPE_CHECKING:
    from datetime import date

    from iindustry.programmes.offer import Offer
    from iindustry.programmes.shape import Programme

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One programme in words. `first_rate` and `first_years` are None where no rate is written as a number."""

    programme: Programme
    owner: Words
    owner_short: Words
    kind: Words
    lines: tuple[Words, ...]
    terms: Offer
    limit: Words
    first_rate: Words | None
    first_years: Words | None
    tenor: Words | None


def row_of(one: Programme, today: date, terms: Offer | None = None) -> Row:
    """A programme on a day; `terms` are those of one enterprise where they are known."""
    terms = terms or offer(one, today)
    first = terms.rates[0] if terms.rates else None
    return Row(
        one,
        describe.OWNER_WORDS[one.owner],
        owner_short(one.owner),
        describe.KIND_WORDS[one.kind.value],
        tuple(describe.LINE_WORDS[line] for line in one.policy_lines),
        terms,
        describe.amount_words(terms.amount_max_satang),
        describe.rate_words(first) if first else None,
        describe.years_words(first) if first else None,
        months_words(terms.tenor_months) if terms.tenor_months else None,
    )


def owner_short(owner: str) -> Words:
    """The name people use: a bank by its two short names, everybody else in full."""
    bank = ORGANISATIONS.get(owner)
    if bank is None or bank.kind is not OrganisationKind.BANK:
        return describe.OWNER_WORDS[owner]
    return Words(f"{bank.short_th} ({bank.short_en})", bank.short_en)


def months_words(months: int) -> Words:
    """`10 ปี` where it is whole years, else years and months."""
    years, rest = divmod(months, MONTHS_A_YEAR)
    if not rest:
        return Words(f"{years} ปี", f"{years} year" + ("s" if years > 1 else ""))
    if not years:
        return Words(f"{rest} เดือน", f"{rest} month" + ("s" if rest > 1 else ""))
    return Words(f"{years} ปี {rest} เดือน", f"{years} y {rest} m")
