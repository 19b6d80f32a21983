"""Figures as pages print them: cells, lines, lenders, provinces, definitions. Shared by the scoreboard and the analyst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.insight.definitions import DEFINITIONS, UNIT_WORDS
from iindustry.insight.tables import MARK_SIGNS, MARK_WORDS, Mark
from iindustry.kernel import money
from iindustry.web.language import is_thai

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iindustry.insight.tables import Cell, Row

LINES: Mapping[str, tuple[str, str]] = {
    "s_curve": ("อุตสาหกรรมเป้าหมาย (S-curve)", "S-curve industries"),
    "sme_upgrade": ("ยกระดับ SME และสตาร์ตอัป", "SMEs and start-ups"),
    "area": ("พัฒนาเชิงพื้นที่", "Areas"),
    "green": ("สังคมและสิ่งแวดล้อม", "Society and environment"),
    "smart_gov": ("ภาครัฐอัจฉริยะ (สินเชื่อดิจิทัล)", "Smart government (digital loans)"),
}
LENDERS: Mapping[str, tuple[str, str]] = {"smed": ("ธพว.", "SME D Bank"), "exim": ("ธสน.", "EXIM Bank")}
ALL = ("ทั้งหมด", "All")
BOTH = ("ทั้งสองธนาคาร", "Both banks")
COUNTRY = ("ทั้งประเทศ", "Whole country")


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: its text, and why it is no number (for ears and for the legend)."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: what it is of, and its cells. `within`: the row above of which this is a part."""

    key: str
    name: str
    cells: tuple[Shown, ...]
    is_total: bool = False
    within: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One definition as the page prints it."""

    key: str
    title: str
    unit: str
    text: str
    label: str


def pick(words: tuple[str, str]) -> str:
    """The Thai or the English of a pair."""
    return words[0 if is_thai() else 1]


def shown(key: str, cell: Cell) -> Shown:
    """A cell by the unit of its column: counts with thousands, money in million baht, shares in per cent."""
    if not cell.is_shown or cell.value is None:
        return Shown(MARK_SIGNS[cell.mark], pick(MARK_WORDS[cell.mark]) if cell.mark in MARK_WORDS else "")
    unit = DEFINITIONS[key].unit
    if unit == "satang":
        return Shown(money.million_text(int(cell.value)))
    if unit == "share":
        return Shown(f"{cell.value * 100:.1f}")
    return Shown(f"{int(cell.value):,}")


def line_of(key: str, name: str, row: Row, columns: Sequence[str], *, is_total: bool = False, within: str = "") -> Line:
    """A row as the page prints it."""
    return Line(key, name, tuple(shown(column, row.cells[column]) for column in columns), is_total, within)


def headings(columns: Iterable[str]) -> list[str]:
    """Column headings with their unit where it is not a plain count."""
    return [_heading(key) for key in columns]


def meanings(columns: Iterable[str]) -> list[Meaning]:
    """The definitions of these columns."""
    found = []
    for key in columns:
        one = DEFINITIONS[key]
        found.append(
            Meaning(
                key, pick((one.th, one.en)), pick(UNIT_WORDS[one.unit]), pick((one.means_th, one.means_en)), one.label
            )
        )
    return found


def legend() -> list[tuple[str, str]]:
    """The signs that stand for a number, with their words."""
    return [(MARK_SIGNS[mark], pick(MARK_WORDS[mark])) for mark in (Mark.SMALL, Mark.HIDDEN, Mark.NONE)]


def _heading(key: str) -> str:
    one = DEFINITIONS[key]
    unit = {"satang": ("ลบ.", "million baht"), "share": ("%", "%"), "working days": ("วันทำการ", "working days")}.get(
        one.unit
    )
    title = pick((one.th, one.en))
    return f"{title} ({pick(unit)})" if unit and one.unit != "working days" else title
