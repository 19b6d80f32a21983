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

from iindustry.sources import decoders, headings
from iindustry.sources.contracts import Column
from iindustry.sources.mappings import MappedColumn, Mapping
from iindustry.sources.personal import COVER, COVERED_KINDS, masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from iindustry.sources.contracts import Contract, Layout

SAMPLE_ROWS = 20
_LOOK_AT = 200
_EXAMPLES = 3
_LEAST = 0.55
_OFTEN, _SELDOM = 0.8, 0.3
_CONTENT, _CONTENT_OF_NAMES = 0.8, 0.6
_NAMES = r"บริษัท|ห้าง|จำกัด|ร้าน|บจก|หจก|โรงงาน|โรงสี"
_ADDRESS = r"(?:จังหวัด|จ\.|กรุงเทพ|กทม).*|(?:อำเภอ|อ\.|เขต)"
# Kinds that what a cell holds gives away, and what the decoder of that kind must find there.
_TOLD = (
    "thirteen",
    "factory_id",
    "old_factory_id",
    "date",
    "province",
    "tsic",
    "country",
    "period",
    "fiscal_year",
    "factory_type",
)
_CODE = r"^[A-Za-zก-ฮ0-9./()\-]*(?:[A-Za-zก-ฮ./\-]\(?\d|\d[./\-])[A-Za-zก-ฮ0-9./()\-]*$"
_DATA = re.compile(r"\d{5}|^[\d๐-๙,.\s-]+$|^\d+/\d+/\d+")  # what no heading looks like
_NAMED = frozenset({"name", "operator", "holder", "site_name"})


@dataclass(frozen=True, slots=True)
class GuessedColumn:
    """A column of ours and the heading of the file that is taken for it, or None.

    `how`: `exact`, `near` (heading), `content`, `split` (part of an address) or `none`; `sure` from 0 to 1. `examples` are
    cells as sent, masked.
    """

    name: str
    title: str
    is_required: bool
    heading: str | None
    how: str
    sure: float
    examples: tuple[str, ...]
    split: str | None = None


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
        return all(one.heading for one in self.columns if one.is_required)

    def mapping(self) -> Mapping:
        """The draft as a mapping that `deliver` takes."""
        said = (MappedColumn(one.name, one.heading, split=one.split) for one in self.columns if one.heading)
        return Mapping(self.source, self.layout, tuple(sorted(said, key=lambda one: one.name)))

    def as_yaml(self) -> str:
        """The draft as a file to be checked, completed and passed back; what was not found stands there as a remark."""
        lines = [f"source: {self.source}", f"layout: {self.layout}", "columns:"]
        for one in self.columns:
            said = {"column": one.heading} | ({"split": one.split} if one.split else {})
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
        cells = [] if place is None or column.reads in COVERED_KINDS else file.cells[place]
        examples = tuple(masked(cell) or "" for cell in dict.fromkeys(filter(None, cells)))[:_EXAMPLES]
        heading = None if place is None else file.headings[place].strip()
        columns.append(GuessedColumn(column.name, column.heading, column.required, heading, how,
                                     round(sure, 2) if heading else 0.0, examples, split))  # fmt: skip
    taken = {place for place, *_ in guessed.values()}
    unknown = tuple(text.strip() for place, text in enumerate(file.headings) if text.strip() and place not in taken)
    made = MappingDraft(contract.key, layout.name, file.header_row, tuple(file.headings), tuple(columns), unknown, ())
    sample = _understood(made, mapping or made.mapping(), layout, guessed, rows=rows[file.header_row :], today=today)
    return replace(made, sample=sample)


def _looked_at(rows: Sequence[Sequence[str]], contract: Contract, today: date) -> _File:
    every = [column for layout in contract.layouts for column in layout.columns]
    names = {name for column in every for name in (column.heading, *column.headings)}
    first = rows[: headings.LOOK_AT_ROWS]
    most = max(sum(bool(cell.strip()) for cell in row) for row in first)

    def likeness(place: int) -> tuple[float, int]:
        cells = {cell for cell in first[place] if cell.strip()}
        if len(cells) < max(2, most / 2):
            return (-1.0 * len(first[place]), -place)
        data = sum(bool(_DATA.search(cell)) for cell in cells)
        return (sum(max(headings.alike(name, cell) for name in names) ** 2 for cell in cells) - data, -place)

    best = max(range(len(first)), key=likeness)
    heading = list(rows[best])
    cells = _columns(rows[best + 1 :], len(heading))
    return _File(best + 1, heading, cells, [_held(column, today) for column in cells])


def _columns(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    padded = [[*row, *[""] * width][:width] for row in rows[:_LOOK_AT]]
    return [[row[place].strip() for row in padded] for place in range(width)]


def _held(cells: list[str], today: date) -> dict[str, float]:
    """Of the filled cells of a column, the share that each kind reads."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return {}
    frame = pl.DataFrame({"x": filled}, schema={"x": pl.Utf8})
    shares = {kind: _share(frame, kind, today) for kind in _TOLD}
    names = frame.select(pl.col("x").str.contains(_NAMES).mean()).item()
    address = frame.select(pl.col("x").str.contains(_ADDRESS).mean()).item()
    is_code = len(set(filled)) == len(filled) and frame.select(pl.col("x").str.contains(_CODE).all()).item()
    return shares | {"name": float(names), "address": float(address), "code": float(is_code)}


def _share(frame: pl.DataFrame, kind: str, today: date) -> float:
    column = Column("x", "x", kind, "public", at_least=None, at_most=None)
    decoded = decoders.decode(column, today=today)
    ready = decoders.prepared(frame, [column])
    faults = [one.where for one in decoded.faults if one.code not in {"hidden-signs", "citizen-id"}]
    bad = pl.any_horizontal(*faults) if faults else pl.lit(value=False)
    good = ~bad.fill_null(value=False) & pl.col("x~").is_not_null()
    return float(ready.select(good.mean()).item() or 0.0)


def _fitted(layout: Layout, file: _File) -> _Guess:
    """Each column of ours to one of the file's: the surest pair first, each column once."""
    pairs = sorted(
        (
            (-sure, number, place, how)
            for number, column in enumerate(layout.columns)
            for place, heading in enumerate(file.headings)
            for sure, how in [_sureness(column, heading, file.held[place])]
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


def _sureness(column: Column, heading: str, held: dict[str, float]) -> tuple[float, str]:
    near = max(headings.alike(name, heading) for name in (column.heading, *column.headings))
    if near == 1:
        return 1.0, "exact"
    share = held.get(column.reads) if column.reads in _TOLD else None
    if share is not None and held:
        if share >= _OFTEN:
            return max(0.95 * near, _CONTENT + 0.1 * near), "near" if near >= _CONTENT else "content"
        return (near - 0.4 if share <= _SELDOM else near * 0.9), "near"
    if column.name in _NAMED and held.get("name", 0) >= _OFTEN and not held.get("address", 0) >= _OFTEN:
        return max(0.9 * near, _CONTENT_OF_NAMES + 0.2 * near), "near" if near >= _CONTENT_OF_NAMES else "content"
    if column.key and column.reads in {"key", "text"} and held.get("code") and near >= _SELDOM:
        return max(0.9 * near, _LEAST + 0.2 * near), "near" if near >= _CONTENT else "content"
    is_told = any(held.get(kind, 0) >= _OFTEN for kind in ("thirteen", "factory_id", "province"))
    return (near - 0.4 if is_told else 0.9 * near), "near"


def _parts(layout: Layout, file: _File, guessed: _Guess) -> Iterator[tuple[str, tuple[int, str, float, str]]]:
    """Province, district and subdistrict out of one address cell, where no column of their own was found."""
    whole = [place for place, held in enumerate(file.held) if held.get("address", 0) >= _OFTEN]
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
    filled = [row for row in rows if any(cell.strip() for cell in row)][:SAMPLE_ROWS]
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
