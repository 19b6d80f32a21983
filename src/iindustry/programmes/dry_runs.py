"""What a dry run counted: values alone, so that pages and records read them without the engine.

Invariant: yes + no + unknown is the number of enterprises, in the whole and over each way of grouping.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Tally:
    """Enterprises by answer."""

    yes: int
    no: int
    unknown: int


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One item of the rule that alone stands between enterprises and a yes. `baht_satang` None: not known of each."""

    item: str
    th: str
    en: str
    enterprises: int
    baht_satang: int | None


@dataclass(frozen=True, slots=True)
class Settling:
    """One fact whose value alone, whatever it is, would end the unknown of so many enterprises; `source`: who would say."""

    fact: str
    source: str
    th: str
    en: str
    enterprises: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a draft would answer on a register version. Groups by code (`` is not known); `seconds` is wall time.

    `baht_satang`: the most that those with a yes could have, satang; None where it is not known of each of them.
    `winners`, `losers`: a yes that the rule compared with does not give, and the reverse; None where none was compared.
    `bundle`: the hash of all that the answers rested on; `set_hash`: of which rows answer yes. `by_condition`: each item of the tree by itself. `near_miss`, `settling`: the most enterprises first.
    """

    programme: str
    programme_version: str
    bundle: str
    title_th: str
    title_en: str
    version: str
    as_of: date
    enterprises: int
    yes: int
    no: int
    unknown: int
    set_hash: str
    assumed: int
    baht_satang: int | None
    by_province: Mapping[str, Tally]
    by_size: Mapping[str, Tally]
    by_sector: Mapping[str, Tally]
    by_line: Mapping[str, Tally]
    by_condition: Mapping[str, Tally]
    against_version: str | None
    winners: int | None
    losers: int | None
    near_miss: tuple[NearMiss, ...]
    settling: tuple[Settling, ...]
    seconds: float

    def document(self) -> dict[str, Any]:
        """As JSON: days as text, money in satang."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}


@dataclass(frozen=True, slots=True)
class RateChange:
    """Years `first` to `last` of a loan: percent a year before and after, None where the base rate is not known.

    `case`: which of the product's cases of rates, from 1; 0 where it has one.
    """

    case: int
    first: int
    last: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """One open programme under the documents in force and under the draft's. `rates`: those that become others."""

    programme: str
    th: str
    en: str
    before: Tally
    after: Tally
    winners: int
    losers: int
    rates: tuple[RateChange, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What a definition or a base rate does to the open programmes that rest on it; those with most moved first.

    `on`: the day from which it differs, `as_of` that of the facts, `bundle` the hash of what each rests on before and after.
    """

    name: str
    text_version: str
    bundle: str
    version: str
    as_of: date
    on: date
    enterprises: int
    effects: tuple[Effect, ...]
    seconds: float

    def document(self) -> dict[str, Any]:
        """As JSON: days as text."""
        return {**asdict(self), "as_of": self.as_of.isoformat(), "on": self.on.isoformat()}
