"""Where the heading row stands and which layout it is, by normalised headings and never by position (trap T8).

Title lines above, line breaks and doubled spaces inside a heading, columns that move, vanish or appear are normal.
Pure: text in, decision out.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from iindustry.kernel.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iindustry.sources.contracts import Column, Contract, Layout

LOOK_AT_ROWS = 20
_NEAR = 0.6
_INSIDE, _LEAST_INSIDE = 0.85, 4


@dataclass(frozen=True, slots=True)
class Match:
    """A layout found. `places`: our column name to its place in the file; `unknown`: headings that no column claims."""

    layout: Layout
    header_row: int
    places: dict[str, int]
    absent: tuple[Column, ...]
    unknown: tuple[str, ...]


@lru_cache(maxsize=8192)
def normalised(heading: str) -> str:
    """A heading ready to be compared: NFC, no spaces, line breaks, zero-width signs or quotes; lower case; `ํา` as `ำ`."""
    text = unicodedata.normalize("NFC", heading).replace("\u0e4d\u0e32", "\u0e33").lower()
    return re.sub(r"[\s\u200b-\u200f\ufeff\"']", "", text)


def find(rows: Sequence[Sequence[str]], contract: Contract, only: str | None = None) -> Match:
    """The heading row among a file's first rows, and the layout it belongs to.

    `rows[0]` is row 1. Raises Rejected `layout-unknown` (with the nearest layout and the headings it needs) or
    `column-missing`.
    """
    layouts = [layout for layout in contract.layouts if only is None or layout.name == only]
    candidates = [
        (score, -number, -place, _match(layout, number + 1, row))
        for number, row in enumerate(rows[:LOOK_AT_ROWS])
        for place, layout in enumerate(layouts)
        if (score := _score(layout, row)) > 0
    ]
    if not candidates:
        raise _no_layout(rows, layouts, contract)
    whole = [one for one in candidates if not _missing(one[3])]
    if whole:
        return max(whole, key=lambda one: one[:3])[3]
    best = max(candidates, key=lambda one: one[:3])
    if best[0] < _LEAST_SCORE:
        raise _no_layout(rows, layouts, contract)
    raise Rejected("column-missing", source=contract.key, layout=best[3].layout.name, row=best[3].header_row,
                   column=_missing(best[3])[0], nearest=_nearest_heading(_missing(best[3])[0], best[3].unknown))  # fmt: skip


_LEAST_SCORE = 0.34


def _no_layout(rows: Sequence[Sequence[str]], layouts: Sequence[Layout], contract: Contract) -> Rejected:
    nearest = _nearest(rows, layouts)
    shown = next((one for one in layouts if one.name == nearest), layouts[0])
    wanted = " · ".join(column.heading for column in shown.columns if column.required)
    return Rejected("layout-unknown", source=contract.key, nearest=nearest, wanted=wanted)


def _names(column: Column) -> tuple[str, ...]:
    return _spellings(column.heading, column.headings)


@lru_cache(maxsize=8192)
def _spellings(heading: str, others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(normalised, (heading, *others)))


def _places(layout: Layout, row: Sequence[str]) -> dict[str, int]:
    """Own heading first, then the other spellings; a place is taken once."""
    headings = [normalised(cell) for cell in row]
    places: dict[str, int] = {}
    for turn in (slice(0, 1), slice(1, None)):
        for column in layout.columns:
            if column.name in places:
                continue
            taken = set(places.values())
            found = [headings.index(name) for name in _names(column)[turn] if name in headings]
            free = [place for place in found if place not in taken]
            if free:
                places[column.name] = free[0]
    return places


def _score(layout: Layout, row: Sequence[str]) -> float:
    """Share of the headings of both sides that meet; nothing below two headings."""
    places = _places(layout, row)
    filled = sum(bool(cell.strip()) for cell in row)
    if len(places) < 2 or any(one.distinguishes and one.name not in places for one in layout.columns):  # noqa: PLR2004
        return 0
    own = sum(normalised(row[place]) == normalised(layout.column(name).heading) for name, place in places.items())
    return (2 * len(places) + 0.1 * own) / (len(layout.columns) + filled)


def _match(layout: Layout, number: int, row: Sequence[str]) -> Match:
    places = _places(layout, row)
    taken = set(places.values())
    absent = tuple(column for column in layout.columns if column.name not in places)
    unknown = tuple(cell.strip() for place, cell in enumerate(row) if cell.strip() and place not in taken)
    return Match(layout, number, places, absent, unknown)


def _missing(match: Match) -> list[str]:
    """Headings without which a row means nothing."""
    wanted = [column.heading for column in match.absent if column.required]
    groups = [names for names in match.layout.any_of if not any(name in match.places for name in names)]
    return wanted + [match.layout.column(names[0]).heading for names in groups]


def _nearest(rows: Sequence[Sequence[str]], layouts: Sequence[Layout]) -> str | None:
    """The layout whose headings look most like any of the first rows, or None where nothing is near."""
    best: tuple[float, str] = (0.0, "")
    for row in rows[:LOOK_AT_ROWS]:
        cells = [normalised(cell) for cell in row if cell.strip()]
        if len(cells) < 2:  # noqa: PLR2004 - a title line
            continue
        for layout in layouts:
            names = [name for column in layout.columns for name in _names(column)[:1]]
            alike = sum(max(SequenceMatcher(None, name, cell).ratio() for cell in cells) for name in names) / len(names)
            best = max(best, (alike, layout.name))
    return best[1] if best[0] >= _NEAR else None


def _nearest_heading(wanted: str, unknown: Sequence[str]) -> str | None:
    """The unclaimed heading of the file that looks most like a missing one."""
    scored = [(SequenceMatcher(None, normalised(wanted), normalised(one)).ratio(), one[:60]) for one in unknown]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= _NEAR else None


def fingerprint(row: Sequence[str]) -> str:
    """64 hexadecimal signs for a heading row, whatever the order of its columns."""
    return hashlib.sha256("\x1f".join(sorted(filter(None, map(normalised, row)))).encode()).hexdigest()


def alike(one: str, other: str) -> float:
    """How near two headings are, 0 to 1; one that holds the other whole is near."""
    first, second = normalised(one), normalised(other)
    if not first or not second:
        return 0.0
    near = fuzz.ratio(first, second) / 100
    shorter, longer = sorted((first, second), key=len)
    is_inside = _LEAST_INSIDE <= len(shorter) < len(longer) and shorter in longer
    return max(near, _INSIDE) if is_inside and near < 1 else near
