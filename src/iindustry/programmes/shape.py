"""A programme as read: who may have what, on which terms, with which papers.

Invariant: `version` is the hash of the document as written; nothing that reading fills in is part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from iindustry.programmes.tree import Amount, Derivation, Literal, Node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from iindustry.programmes.amounts import Parameter
    from iindustry.programmes.facts import Words

RATE_DIGITS = 3


class Kind(StrEnum):
    """What a programme is."""

    LOAN_PRODUCT = "loan_product"
    MEASURE = "measure"
    GUARANTEE = "guarantee"


@dataclass(frozen=True, slots=True)
class LegalReference:
    """An instrument that a condition or number rests on."""

    id: str
    instrument: str
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RateBand:
    """Years `first` to `last` of a loan. `rate`: fixed rate or spread, percent a year in thousandths."""

    first: int
    last: int
    base_code: str | None
    rate: int


@dataclass(frozen=True, slots=True)
class RateCase:
    """Rate bands that hold where `when` is yes; without `when` they hold for all."""

    when: Node | None
    bands: tuple[RateBand, ...]


@dataclass(frozen=True, slots=True)
class Benefit:
    """What one gets. A loan has an amount (satang), tenor and grace (months), rates; a measure says what it gives."""

    amount: Amount | None = None
    tenor_months: int | None = None
    grace_months: int = 0
    rates: tuple[RateCase, ...] = ()
    collateral_required: bool | None = None
    guarantees: tuple[str, ...] = ()
    use_of_funds: tuple[str, ...] = ()
    waives: str | None = None
    share: str | None = None
    gives: Words | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One fact or paper of the application, and the ways to it in order."""

    id: str
    fact: str | None
    document: str | None
    via: tuple[str, ...]
    years: int | None = None
    max_age_days: int | None = None
    title: Words | None = None


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """One step of the application: who holds it and its usual working days."""

    step: str
    holder: str
    working_days: int
    title: Words | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """The pool of a programme, satang."""

    pool_satang: int | None
    subsidy_satang: int | None
    count: str
    when_spent: str


@dataclass(frozen=True, slots=True)
class Card:
    """A real product as reported, terms as text: who, rate, limit, security, and where it was reported."""

    who: Words
    rate: Words
    limit: Words
    security: Words
    years_be: str
    sources: tuple[str, ...]
    pool_satang: int | None = None
    limit_satang: int | None = None
    tenor_months: int | None = None
    grace_months: int | None = None
    line_is_weak: bool = False


@dataclass(frozen=True, slots=True)
class Suspension:
    """A programme that takes no applications for now: why, and since when. `until` is None while it lasts."""

    programme_id: str
    reason: str
    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime | None) -> bool:
        """Whether it held at a moment; None is now."""
        return self.until is None if at is None else self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Programme:
    """One measure or product. `conditions` is None for a card, which no rule evaluates. `written`: its canonical JSON."""

    id: str
    kind: Kind
    owner: str
    title: Words
    summary: Words
    policy_lines: tuple[str, ...]
    subject: str
    valid_from: date
    valid_to: date | None
    basis: str
    confirmed_by_owner: bool
    is_demo: bool
    version: str
    legal_references: tuple[LegalReference, ...] = ()
    uses: tuple[str, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    conditions: Node | None = None
    benefit: Benefit = Benefit()
    requires: tuple[Requirement, ...] = ()
    process: tuple[ProcessStep, ...] = ()
    budget: Budget | None = None
    approval_limit_satang: int | None = None
    card: Card | None = None
    written: str = field(default="", repr=False)
    suspension: Suspension | None = None

    @property
    def is_archive(self) -> bool:
        """Whether it is a card of a real product, as reported, without a rule."""
        return self.card is not None

    @property
    def title_th(self) -> str:
        """The title in Thai."""
        return self.title.th

    @property
    def title_en(self) -> str:
        """The title in English."""
        return self.title.en

    @property
    def working_days(self) -> int:
        """Usual working days from the application to its end."""
        return sum(step.working_days for step in self.process)

    @property
    def amount_max_satang(self) -> int | None:
        """The most one may have where the document says one number, else None."""
        if self.card is not None:
            return self.card.limit_satang
        ceiling = self.parameters.get("amount_max_satang")
        if ceiling is not None:
            return ceiling.steps[-1].value
        return int(self.benefit.amount.value) if isinstance(self.benefit.amount, Literal) else None  # type: ignore[arg-type]

    def is_open(self, on: date) -> bool:
        """Whether it takes applications on a day; both ends of the period are included. Suspended: it does not."""
        if self.suspension is not None:
            return False
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def reference(self, cite: str) -> LegalReference | None:
        """The legal reference of a citation."""
        return next((one for one in self.legal_references if one.id == cite), None)


@dataclass(frozen=True, slots=True)
class Definition:
    """A named, dated set of derived facts, and sets of codes."""

    name: str
    version: str
    gives: Mapping[str, Derivation]
    sets: Mapping[str, frozenset[str]]
    valid_from: date


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a programme may refer to: definitions and parameters by name. `written`: their canonical JSON by version."""

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    parameters: Mapping[str, tuple[Parameter, str]] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    def sets(self, uses: tuple[str, ...]) -> dict[str, frozenset[str]]:
        """The sets that a programme's `uses` bring, as `definition.set` without the definition's version."""
        return {
            f"{name.split('@')[0]}.{key}": members
            for name in uses
            if name in self.definitions
            for key, members in self.definitions[name].sets.items()
        }
