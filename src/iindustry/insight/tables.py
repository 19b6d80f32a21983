"""Tables that are shown: rows of cells, where a cell is a number or says why it is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Number = int | float


class Mark(StrEnum):
    """What stands in a cell."""

    SHOWN = "shown"
    SMALL = "small"  # a count of 1 to 9
    HIDDEN = "hidden"  # withheld so that a small cell cannot be worked out, or a figure of too few cases
    NONE = "none"  # there is nothing to count: not zero


MARK_WORDS: Mapping[Mark, tuple[str, str]] = {
    Mark.SMALL: ("น้อยกว่า 10", "fewer than 10"),
    Mark.HIDDEN: ("ปกปิดเพื่อไม่ให้คำนวณย้อนถึงรายกิจการ", "withheld, so that no single enterprise can be worked out"),
    Mark.NONE: ("ไม่มีข้อมูล", "no data"),
}
MARK_SIGNS: Mapping[Mark, str] = {Mark.SMALL: "<10", Mark.HIDDEN: "·", Mark.NONE: "–"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, or why there is none."""

    value: Number | None
    mark: Mark = Mark.SHOWN

    @property
    def is_shown(self) -> bool:
        """Whether the number may be read."""
        return self.mark is Mark.SHOWN

    @property
    def sign(self) -> str:
        """The number as files write it, or the sign that stands for it."""
        return MARK_SIGNS[self.mark] if self.value is None or self.mark is not Mark.SHOWN else str(self.value)


def cell(value: Number | None) -> Cell:
    """A number as a cell; None is no data."""
    return Cell(value) if value is not None else Cell(None, Mark.NONE)


@dataclass(frozen=True, slots=True)
class Row:
    """One group and its figures. None in a dimension stands for all."""

    line: str | None
    province_code: str | None
    lender: str | None
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a figure rests on: register version, the instant of the snapshot of applications."""

    version: str | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the same columns (keys of `definitions`), what they rest on, and what release did to them."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    stamp: Stamp
    audience: str = ""
    notes: tuple[str, ...] = ()
    hidden_count: int = 0


@dataclass(frozen=True, slots=True)
class Strip:
    """The live strip of the first page. None: not known yet. Counts below 10 come as None with their key in `small`."""

    registers: int | None
    records: int | None
    enterprises: int | None
    precision: float | None
    recall: float | None
    eligible: int | None
    applied: int | None
    approved: int | None
    disbursed: int | None
    disbursed_satang: int | None
    median_days: int | None
    stamp: Stamp
    small: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Area:
    """One province on the map. `class_number` 1 (lightest) to 5, None where the cell is not shown."""

    province_code: str
    th: str
    en: str
    cell: Cell
    class_number: int | None

    @property
    def css(self) -> str:
        """The name of its look: `c1` to `c5`, `small` or `none`."""
        if self.class_number is not None:
            return f"c{self.class_number}"
        return "small" if self.cell.mark in {Mark.SMALL, Mark.HIDDEN} else "none"


@dataclass(frozen=True, slots=True)
class LineTotal:
    """One policy line in the whole country: its figures by key of `definitions`."""

    line: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Choropleth:
    """A map of one line and one step: provinces by code, the upper bound of each class, totals of every line."""

    line: str
    step: str
    provinces: Mapping[str, Area]
    bounds: tuple[Number, ...]
    totals: tuple[LineTotal, ...]
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Reason:
    """Why applications were declined: main reason, how many, baht asked."""

    code: str
    count: Cell
    requested_satang: Cell
    share: float | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """One group followed through, whole and by one dimension; live cases counted apart; reasons of declines."""

    by: str
    total: Row
    live: Row
    rows: tuple[Row, ...]
    reasons: tuple[Reason, ...]
    columns: tuple[str, ...]
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Coverage:
    """Reach by province: eligible, applied among them, paid among them, and the two shares."""

    rows: tuple[Row, ...]
    total: Row
    columns: tuple[str, ...]
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """How long cases lie at one office: median working days and how many cases it rests on."""

    office: str
    days: Cell
    case_count: Cell


@dataclass(frozen=True, slots=True)
class SmartGovernment:
    """The fifth line, measured on the ministry itself. None: not known."""

    fields_spared: int | None
    papers_spared: int | None
    prefilled_share: float | None
    typed_median: int | None
    corrections_answered: int | None
    corrections_asked: int | None
    late_deliveries: int | None
    deliveries: int | None
    offices: tuple[OfficeDays, ...]
    months: tuple[Mapping[str, object], ...] = field(default_factory=tuple)
    stamp: Stamp = Stamp(None, None)
