"""A mapping says which heading of an unknown file is which column of ours (SOURCES.md); it is written as YAML.

`source`, `layout`, `mode`, `scope`, and per column of ours `column` (the heading in the file) or `const`, with `unit`, `era`
and `split` where needed. Pure: documents in, decisions out.
Invariant: a document with a key or a column that is not known is refused; nothing of it is passed over silently.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml

from iindustry.kernel.errors import Rejected
from iindustry.sources import headings, scopes
from iindustry.sources.contracts import Column, Contract, Layout, Mode

if TYPE_CHECKING:
    from collections.abc import Mapping as AnyMapping
    from collections.abc import Sequence

    import polars as pl

UNITS = ("baht", "million_baht")
ERAS = ("be", "ce", "either")
SPLITS = {
    "province": r"(?:จังหวัด|จ\.)\s*([ก-๙]+)|(กรุงเทพมหานคร|กรุงเทพฯ|กทม\.?)",
    "district": r"(?:อำเภอ|เขต|อ\.)\s*([ก-๙]+)",
    "subdistrict": r"(?:ตำบล|แขวง|ต\.)\s*([ก-๙]+)",
    "postcode": r"(\d{5})\s*$",
}
"""Parts that may be taken out of one address cell."""
_KEYS = {"source", "layout", "mode", "scope", "columns"}
_COLUMN_KEYS = {"column", "const", "unit", "era", "split"}
_CONST_LONGEST = 200
_OF_ONE_FILE = frozenset({"period", "fiscal_year", "year", "date"})
"""Kinds of columns whose constant is true of one file only: next month it is another."""


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One column of ours: from a heading of the file, or the same text in every row."""

    name: str
    heading: str | None = None
    const: str | None = None
    unit: str | None = None
    era: str | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """One text for every row of a file: our column, its heading, the text. `is_of_one_file`: a period, so asked again each time."""

    name: str
    heading: str
    text: str
    is_of_one_file: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one file, or every file with its headings, is read. `columns` by name."""

    source: str
    layout: str
    columns: tuple[MappedColumn, ...]
    mode: str | None = None
    scope: str | None = None

    def layout_of(self, contract: Contract) -> Layout:
        """The contract's layout as this mapping changes it: mode, scope, units."""
        base = contract.layout(self.layout)
        said = {one.name: one for one in self.columns}
        columns = tuple(
            replace(
                column,
                heading=said[column.name].heading or column.heading,
                unit=said[column.name].unit or column.unit,
                era=said[column.name].era or column.era,
            )
            if column.name in said
            else column
            for column in base.columns
        )
        return replace(
            base, columns=columns, mode=Mode(self.mode) if self.mode else base.mode, scope=self.scope or base.scope
        )

    def match(self, rows: Sequence[Sequence[str]], contract: Contract) -> headings.Match:
        """The heading row that holds the mapped headings. Rejected `column-missing`."""
        layout = self.layout_of(contract)
        wanted = {one.name: headings.normalised(one.heading) for one in self.columns if one.heading}
        known = [[headings.normalised(cell) for cell in row] for row in rows[: headings.LOOK_AT_ROWS]]
        best = max(range(len(known)), key=lambda place: (len(set(wanted.values()) & set(known[place])), -place))
        row = known[best]
        for name, heading in wanted.items():
            if heading not in row:
                raise Rejected("column-missing", source=self.source, layout=self.layout, row=best + 1,
                               column=layout.column(name).heading, nearest=None)  # fmt: skip
        places = {name: row.index(heading) for name, heading in wanted.items()}
        said = {one.name for one in self.columns}
        missing = [one.heading for one in layout.columns if one.required and one.name not in said]
        missing += [layout.column(names[0]).heading for names in layout.any_of if not set(names) & said]
        if missing:
            raise Rejected("column-missing", source=self.source, layout=self.layout, row=best + 1,
                           column=missing[0], nearest=None)  # fmt: skip
        taken = set(places.values())
        absent = tuple(one for one in layout.columns if one.name not in said)
        unknown = tuple(cell.strip() for place, cell in enumerate(rows[best]) if cell.strip() and place not in taken)
        return headings.Match(layout, best + 1, places, absent, unknown)

    def applied(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A batch with the parts of an address taken apart and the constant columns added."""
        import polars as pl

        changed = []
        for one in self.columns:
            if one.const is not None:
                changed.append(pl.lit(one.const).alias(one.name))
            elif one.split is not None:
                text = pl.col(one.name)
                pattern = SPLITS[one.split]
                groups = range(1, pattern.count("(") - pattern.count("(?:") + 1)
                found = pl.coalesce(text.str.extract(pattern, group) for group in groups)
                changed.append(
                    pl.coalesce(found, text).fill_null("")
                )  # no part found: what was sent is read, and shown
        return frame.with_columns(changed)

    def constants(self, contract: Contract) -> tuple[Constant, ...]:
        """The texts that stand in every row, by column; `is_of_one_file` where the next file will need another."""
        layout = contract.layout(self.layout)
        return tuple(
            Constant(one.name, layout.column(one.name).heading, one.const, is_of_one_file(layout.column(one.name)))
            for one in self.columns
            if one.const is not None
        )

    def document(self) -> dict[str, Any]:
        """As it is written in YAML and kept in the database."""
        columns = {
            one.name: {
                key: value
                for key, value in (
                    ("column", one.heading), ("const", one.const), ("unit", one.unit), ("era", one.era), ("split", one.split),
                )
                if value is not None
            }
            for one in self.columns
        }  # fmt: skip
        head = {"source": self.source, "layout": self.layout, "mode": self.mode, "scope": self.scope}
        return {key: value for key, value in head.items() if value is not None} | {"columns": columns}


def is_of_one_file(column: Column) -> bool:
    """Whether a constant of this column is true of one file only."""
    return column.reads in _OF_ONE_FILE


def parsed(document: object, contract: Contract) -> Mapping:
    """A mapping out of a document. Rejected `mapping-unreadable` (field), `column-unknown`, `scope-unreadable`."""
    if not isinstance(document, dict) or not isinstance(document.get("columns"), dict):
        raise Rejected("mapping-unreadable", field="columns")
    _no_others(document, _KEYS)
    layouts = [layout.name for layout in contract.layouts]
    name = document.get("layout", layouts[0])
    for field, value, known in (
        ("source", document.get("source", contract.key), (contract.key,)),
        ("layout", name, layouts),
        ("mode", document.get("mode"), (None, *Mode)),
    ):
        if value not in known:
            raise Rejected("mapping-unreadable", field=field)
    scope = document.get("scope")
    said_of = [_column(one, said, contract.layout(name)) for one, said in document["columns"].items() if said]
    columns = tuple(sorted(said_of, key=lambda one: one.name))
    mode = document.get("mode")
    return Mapping(contract.key, name, columns, mode and str(mode), scopes.checked(str(scope)) if scope else None)


def from_yaml(text: str, contract: Contract) -> Mapping:
    """A mapping out of a file's text. Raises as `parsed`."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError:
        raise Rejected("mapping-unreadable", field="YAML") from None
    return parsed(document, contract)


def _column(name: object, said: object, layout: Layout) -> MappedColumn:
    if name not in {column.name for column in layout.columns}:
        raise Rejected("column-unknown", column=str(name)[:60])
    field = str(name)
    if isinstance(said, str):
        said = {"column": said}
    if not isinstance(said, dict) or ("column" in said) == ("const" in said):
        raise Rejected("mapping-unreadable", field=field)
    _no_others(said, _COLUMN_KEYS)
    for key, known in (("unit", UNITS), ("era", ERAS), ("split", SPLITS)):
        if said.get(key) is not None and said[key] not in known:
            raise Rejected("mapping-unreadable", field=f"{field}.{key}")
    texts = {key: None if said.get(key) is None else str(said[key]) for key in _COLUMN_KEYS}
    if len(texts["const"] or "") > _CONST_LONGEST:
        raise Rejected("mapping-unreadable", field=f"{field}.const")
    return MappedColumn(field, texts["column"], texts["const"], texts["unit"], texts["era"], texts["split"])


def _no_others(document: AnyMapping[Any, Any], known: set[str]) -> None:
    strange = sorted(str(key) for key in document if key not in known)
    if strange:
        raise Rejected("mapping-unreadable", field=strange[0][:40])
