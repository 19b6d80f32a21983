"""A draft of a mapping for a file whose headings nobody knows: by headings that are near, and by what the cells hold.

Thirteen digits with a valid check digit are a juristic id whatever their heading says; fourteen with a Luhn digit are a
factory's; days, provinces, countries and activity codes are known the same way. Pure: first rows in, a draft out.
Invariant: nothing is guessed that does not show: every column says how it was found and how sure that is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl
import yaml

from iindustry.sources import decoders, evidence, headings, likeness, tables
from iindustry.sources.evidence import OFTEN, SELDOM, tells
from iindustry.sources.mappings import MappedColumn, Mapping
from iindustry.sources.personal import COVER, COVERED_KINDS, masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from iindustry.sources.contracts import Column, Contract, Layout

SAMPLE_ROWS = 20
SURE = 0.9
"""From here on a suggestion is said to be sure: the heading and the cells agree, or the heading is a known word for the column."""
_LOOK_AT = 200
_EXAMPLES = 3
_LEAST = 0.55
_AGAINST = 0.4
_CONTENT, _CONTENT_OF_NAMES = 0.8, 0.6
_BAHT_FROM = 50_000
"""The median from which a column of money can only be in baht: no list of firms has half of them at fifty thousand million."""
_UNIT_UNSAID = 0.7
_DATA = re.compile(r"\d{5}|^[\d๐-๙,.\s-]+$|^\d+/\d+/\d+")  # what no heading looks like
_NAMED = frozenset({"name", "operator", "holder", "site_name"})


@dataclass(frozen=True, slots=True)
class GuessedColumn:
    """A column of ours and the heading of the file that is taken for it, or None.

    `how`: `exact`, `near` (heading), `content`, `split` (part of an address) or `none`; `sure` from 0 to 1, `is_sure` from `SURE` on.
    `examples` are cells as sent, masked. `unit`: of money, where it is not the layout's. `const`: the one text that a mapping gives
    to every row in place of a heading.
    """

    name: str
    title: str
    is_required: bool
    heading: str | None
    how: str
    sure: float
    examples: tuple[str, ...]
    split: str | None = None
    unit: str | None = None
    const: str | None = None

    @property
    def is_sure(self) -> bool:
        """Whether it is more than a guess."""
        return self.heading is not None and self.sure >= SURE


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """How a file would be read. `sample`: its first rows as understood, by our column names; None is not understood."""

    source: str
    layout: str
    header_row: int
    headings: tuple[str, ...]
    columns: tuple[GuessedColumn, ...]
    unknown: tuple[str, ...]
    sample: tuple[dict[str, str | None], ...]

    @property
    def is_whole(self) -> bool:
        """Whether every required column was found."""
        return all(one.heading or one.const is not None for one in self.columns if one.is_required)

    def mapping(self) -> Mapping:
        """The draft as a mapping that `deliver` takes."""
        said = (
            MappedColumn(one.name, one.heading, split=one.split, unit=one.unit) for one in self.columns if one.heading
        )
        return Mapping(self.source, self.layout, tuple(sorted(said, key=lambda one: one.name)))

    def as_yaml(self) -> str:
        """The draft as a file to be checked, completed and passed back; what was not found stands there as a remark."""
        lines = [f"source: {self.source}", f"layout: {self.layout}", "columns:"]
        for one in self.columns:
            said = {"column": one.heading} | {
                key: value for key, value in (("split", one.split), ("unit", one.unit)) if value
            }
            text = yaml.safe_dump(said, allow_unicode=True, default_flow_style=True, width=10_000).strip()
            remark = f"  # {one.how} {one.sure:.2f}: {one.title}"
            lines.append(f"  {one.name}: {text}{remark}" if one.heading else f"  # {one.name}: {{column: ?}}{remark}")
        lines += [f"# not used: {heading}" for heading in self.unknown]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _File:
    """The first rows of a file by columns, and what each column holds: kind → share of its cells."""

    header_row: int
    headings: list[str]
    cells: list[list[str]]
    held: list[dict[str, float]]


def draft(rows: Sequence[Sequence[str]], contract: Contract, *, today: date) -> MappingDraft:
    """The likeliest reading of a file's first rows as one of the contract's layouts."""
    file = _looked_at(rows, contract, today)
    found = [(_fitted(layout, file), layout) for layout in contract.layouts]
    guessed, layout = max(found, key=lambda one: _worth(one[0]))
    return _draft(contract, layout, file, guessed, rows=rows, today=today)


def known(
    rows: Sequence[Sequence[str]],
    contract: Contract,
    match: headings.Match,
    *,
    mapping: Mapping | None = None,
    today: date,
) -> MappingDraft:
    """The same shape for a file whose layout was found, or whose mapping is known."""
    heading = list(rows[match.header_row - 1])
    file = _File(match.header_row, heading, _columns(rows[match.header_row :], len(heading)), [])
    guessed: _Guess = {
        column.name: (match.places.get(column.name), "exact" if column.name in match.places else "none", 1.0, None)
        for column in match.layout.columns
    }
    return _draft(contract, match.layout, file, guessed, rows=rows, today=today, mapping=mapping)


_Guess = dict[str, tuple[int | None, str, float, str | None]]


def _draft(
    contract: Contract,
    layout: Layout,
    file: _File,
    guessed: _Guess,
    *,
    rows: Sequence[Sequence[str]],
    today: date,
    mapping: Mapping | None = None,
) -> MappingDraft:
    columns = []
    for column in layout.columns:
        place, how, sure, split = guessed[column.name]
        unit = None if place is None or not file.held else _unit(column, file.headings[place], file.held[place])
        cells = [] if place is None or column.reads in COVERED_KINDS else file.cells[place]
        examples = tuple(masked(cell) or "" for cell in dict.fromkeys(filter(None, cells)))[:_EXAMPLES]
        heading = None if place is None else file.headings[place].strip()
        columns.append(GuessedColumn(column.name, column.heading, column.required, heading, how,
                                     round(sure, 2) if heading else 0.0, examples, split,
                                     None if how == "exact" or unit == "unsaid" else unit))  # fmt: skip
    taken = {place for place, *_ in guessed.values()}
    unknown = tuple(text.strip() for place, text in enumerate(file.headings) if text.strip() and place not in taken)
    made = MappingDraft(contract.key, layout.name, file.header_row, tuple(file.headings), tuple(columns), unknown, ())
    if mapping is not None:
        made = replace(made, columns=tuple(_as_mapped(one, mapping) for one in made.columns))
    sample = _understood(made, mapping or made.mapping(), layout, guessed, rows=rows[file.header_row :], today=today)
    return replace(made, sample=sample)


def _as_mapped(one: GuessedColumn, mapping: Mapping) -> GuessedColumn:
    """A column with what a mapping says of it beside its heading."""
    said = next((each for each in mapping.columns if each.name == one.name), None)
    return one if said is None else replace(one, split=said.split, unit=said.unit, const=said.const)


def _looked_at(rows: Sequence[Sequence[str]], contract: Contract, today: date) -> _File:
    every = list({column.heading: column for layout in contract.layouts for column in layout.columns}.values())
    first = rows[: headings.LOOK_AT_ROWS]
    most = max(sum(bool(cell.strip()) for cell in row) for row in first)

    def worth(place: int) -> tuple[float, int]:
        cells = {cell for cell in first[place] if cell.strip()}
        if len(cells) < max(2, most / 2):
            return (-1.0 * len(first[place]), -place)
        data = sum(bool(_DATA.search(cell)) for cell in cells)
        return (sum(max(likeness.likeness(column, cell) for column in every) ** 2 for cell in cells) - data, -place)

    best = max(range(len(first)), key=worth)
    heading = list(rows[best])
    body, _ = tables.without_totals(list(map(list, rows[best + 1 :])))
    cells = _columns(body, len(heading))
    return _File(best + 1, heading, cells, [evidence.shares(column, today=today) for column in cells])


def _columns(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    padded = [[*row, *[""] * width][:width] for row in rows[:_LOOK_AT]]
    return [[row[place].strip() for row in padded] for place in range(width)]


def _fitted(layout: Layout, file: _File) -> _Guess:
    """Each column of ours to one of the file's: the surest pair first, each column once."""
    pairs = sorted(
        (
            (-sure, number, place, how)
            for number, column in enumerate(layout.columns)
            for place, heading in enumerate(file.headings)
            for sure, how in [_sureness(column, heading, file.held[place], file.cells[place])]
            if sure >= _LEAST
        ),
    )
    guessed: _Guess = {}
    taken: set[int] = set()
    for minus, number, place, how in pairs:
        name = layout.columns[number].name
        if name not in guessed and place not in taken:
            guessed[name] = (place, how, -minus, None)
            taken.add(place)
    guessed |= dict(_parts(layout, file, guessed))
    return {column.name: guessed.get(column.name, (None, "none", 0.0, None)) for column in layout.columns}


def _sureness(column: Column, heading: str, held: dict[str, float], cells: list[str]) -> tuple[float, str]:
    """How sure it is that a heading is a column of ours, and how that is known.

    Cells that speak against a heading outweigh it; cells alone are believed only where nothing else looks like them.
    """
    if any(headings.normalised(name) == headings.normalised(heading) for name in (column.heading, *column.headings)):
        return 1.0, "exact"
    near = likeness.likeness(column, heading)
    share = evidence.speaks(column, held, cells)
    if share is not None:
        return _by_cells(column, near, share, held, _unit(column, heading, held))
    told = tells(held)
    if told and told not in {column.reads, column.name}:
        return near - _AGAINST, "near"
    return _by_words(column, near, held)


def _by_cells(column: Column, near: float, share: float, held: dict[str, float], unit: str | None) -> tuple[float, str]:
    """The same for a column whose cells show what they are: `share` of them read as it."""
    if share < OFTEN:
        return (near - _AGAINST if share <= SELDOM else near * 0.9), "near"
    near = min(near, _UNIT_UNSAID) if unit == "unsaid" else near
    if near >= _CONTENT:
        return min(near + 0.03, 0.98), "near"
    if tells(held) in {column.reads, column.name}:
        return _CONTENT + 0.1 * near, "content"
    return (0.5 + 0.45 * near if near >= _LEAST else near), "near"


def _by_words(column: Column, near: float, held: dict[str, float]) -> tuple[float, str]:
    """The same for a column whose cells may be any text: names of firms and keys are still known by how they look."""
    if column.name in _NAMED and held.get("name", 0) >= OFTEN and not held.get("address", 0) >= OFTEN:
        if near >= likeness.PART:
            return near, "near"
        return max(0.9 * near, _CONTENT_OF_NAMES + 0.2 * near), "near" if near >= _CONTENT_OF_NAMES else "content"
    if column.key and held.get("code") and near >= SELDOM:
        return max(near, _LEAST + 0.2 * near), "near" if near >= _CONTENT else "content"
    if held.get("serial") and near < likeness.PART:
        return near - _AGAINST, "near"
    return (near if near >= likeness.PART else 0.9 * near), "near"


def _unit(column: Column, heading: str, held: dict[str, float]) -> str | None:
    """The unit of a column of money where it is not the layout's, `unsaid` where neither the heading nor the amounts say it."""
    if column.reads != "money":
        return None
    said = likeness.unit_of(heading)
    if said is None and held:
        said = "baht" if held["median"] >= _BAHT_FROM else None
    if said is None or said == "other":
        return "unsaid"
    return said if said != column.unit else None


def _parts(layout: Layout, file: _File, guessed: _Guess) -> Iterator[tuple[str, tuple[int, str, float, str]]]:
    """Province, district and subdistrict out of one address cell, where no column of their own was found."""
    whole = [place for place, held in enumerate(file.held) if held.get("address", 0) >= OFTEN]
    if len(whole) != 1 or "province" in guessed:
        return
    for name in ("province", "district", "subdistrict", "postcode"):
        if name not in guessed and any(column.name == name for column in layout.columns):
            yield name, (whole[0], "split", _CONTENT_OF_NAMES, name)


def _worth(guessed: _Guess) -> float:
    return sum(sure for place, _, sure, _ in guessed.values() if place is not None) - 0.1 * len(guessed)


def _understood(
    made: MappingDraft,
    mapping: Mapping,
    layout: Layout,
    guessed: _Guess,
    *,
    rows: Sequence[Sequence[str]],
    today: date,
) -> tuple[dict[str, str | None], ...]:
    columns = [column for column in layout.columns if guessed[column.name][0] is not None]
    if not columns:
        return ()
    keys = [place for column in layout.keys if (place := guessed[column.name][0]) is not None]
    body, _ = tables.without_totals(list(map(list, rows)), keys)
    filled = [row for row in body if any(cell.strip() for cell in row)][:SAMPLE_ROWS]
    texts = _columns(filled, len(made.headings))
    places = {column.name: guessed[column.name][0] for column in columns}
    frame = pl.DataFrame(
        {name: texts[place] for name, place in places.items() if place is not None},
        schema=dict.fromkeys(places, pl.Utf8),
    )
    frame = mapping.applied(frame)
    columns = [column for column in layout.columns if column.name in frame.columns]
    ready = decoders.prepared(frame, columns)
    shown: dict[str, pl.Expr] = {}
    for column in columns:
        values = decoders.decode(column, today=today).values
        if column.reads in COVERED_KINDS:
            shown[column.name] = pl.when(pl.col(f"{column.name}~").is_not_null()).then(pl.lit(COVER))
        else:
            shown[column.name] = values[column.name]
            if column.reads == "money":
                shown[column.name] = shown[column.name] / 100
    frame = ready.select(**shown)
    return tuple({name: _text(value) for name, value in row.items()} for row in frame.iter_rows(named=True))


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return f"{value:,.2f}" if isinstance(value, float) else masked(str(value))
