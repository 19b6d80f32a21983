"""From a table of texts to accepted rows, quarantined rows and findings, by a layout.

A row goes to quarantine when a required cell is empty or unreadable, when none of the columns of which one must speak
does, when its key was seen before, when it has more or fewer cells than the heading, or when a rule of the contract
marked as an error fails. Everything else found is counted and the row stays.
Invariant: rows = accepted + quarantined; an accepted row's citizen ids are tags, its dropped columns are gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iindustry.sources import crosschecks, decoders
from iindustry.sources.personal import masked, without_citizen_ids
from iindustry.sources.reports import FindingCount

if TYPE_CHECKING:
    from datetime import date

    from iindustry.sources.contracts import Column, Layout
    from iindustry.sources.decoders import Fault

EXAMPLES = 100
_VALUE_LONGEST = 120
Tag = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Found:
    """One example of a finding: code, column, row, the cell as sent (masked; null for personal columns)."""

    code: str
    column: str
    row: int
    value: str | None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """One row for quarantine: cells as sent, citizen ids masked, and the reasons."""

    row: int
    cells: dict[str, str | None]
    reasons: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A delivery's rows sorted out. `quarantined` holds the cells as sent, for the landing folder only."""

    accepted: pl.DataFrame
    quarantined: pl.DataFrame
    held_back: tuple[HeldBack, ...]
    counts: tuple[FindingCount, ...]
    examples: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class _Check:
    """A fault in a column, and whether it sends the row to quarantine."""

    column: str
    code: str
    where: pl.Expr
    is_error: bool

    @property
    def name(self) -> str:
        """The column of the frame of marks."""
        return f"{self.column}|{self.code}"


def sort_out(frame: pl.DataFrame, layout: Layout, *, today: date, tag: Tag, taken: pl.Series | None = None) -> Sorted:
    """Sort a table (as `raw.Table.frame`) by a layout.

    `tag` turns a citizen id into a keyed tag. `taken` are record keys that earlier rows of the same delivery hold.
    """
    columns = [column for column in layout.columns if column.name in frame.columns]
    frame = decoders.prepared(frame, columns)
    decoded = {column.name: decoders.decode(column, today=today) for column in columns}
    values = frame.select("row", *_named({name: expr for one in decoded.values() for name, expr in one.values.items()}))
    values = _with_key(values, layout)
    checks = _checks(columns, {name: one.faults for name, one in decoded.items()})
    marks = frame.select("row", **{one.name: one.where.fill_null(value=False) for one in checks})
    late = _late_checks(layout, values, taken)
    marks = marks.hstack(values.select(**{one.name: one.where.fill_null(value=False) for one in late}))
    return _sorted(frame, values, marks, (*checks, *late), layout=layout, tag=tag)


def _named(expressions: dict[str, pl.Expr]) -> list[pl.Expr]:
    return [expr.alias(name) for name, expr in expressions.items()]


def _with_key(values: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Add `record_key`: the key column, or the text as sent where a factory number fails its check (T26)."""
    names = [column.name for column in layout.keys]
    parts = [pl.coalesce(key, raw) if (raw := f"{key}_raw") in values.columns else pl.col(key) for key in names]
    parts = [part.cast(pl.Utf8) for part in parts]
    whole = parts[0] if len(parts) == 1 else pl.concat_str(parts, separator=":")  # null where a part is null
    return values.with_columns(whole.alias("record_key"))


def _checks(columns: list[Column], faults: dict[str, tuple[Fault, ...]]) -> tuple[_Check, ...]:
    checks = [_Check("", "row-ragged", pl.col("is_ragged"), is_error=True)]
    for column in columns:
        if column.required:
            checks.append(_Check(column.name, "value-missing", decoders.cleaned(column.name).is_null(), is_error=True))
        for fault in faults[column.name]:
            is_error = fault.code in column.errors or (column.required and fault.voids)
            checks.append(_Check(column.name, fault.code, fault.where, is_error))
    return tuple(checks)


def _late_checks(layout: Layout, values: pl.DataFrame, taken: pl.Series | None) -> tuple[_Check, ...]:
    """Checks over decoded values: names of which one must be said, keys seen before, numbers that must agree."""
    checks = []
    for names in layout.any_of:
        said = [
            pl.col(name).is_not_null() | pl.col(f"{name}_is_person").fill_null(value=False)
            for name in names
            if name in values.columns
        ]
        checks.append(_Check(names[0], "name-missing", ~pl.any_horizontal(said), is_error=True))
    if layout.has_unique_key:
        key = pl.col("record_key")
        again = key.is_not_null() & ~key.is_first_distinct()
        if taken is not None:
            again = again | key.is_in(taken.implode())
        checks.append(_Check(layout.key.name, "key-seen-before", again, is_error=True))
    if {"factory_id", "old_factory_id", "factory_type"} <= set(values.columns):
        checks += [
            _Check("old_factory_id", one.code, one.where, is_error=False) for one in crosschecks.factory_numbers()
        ]
    return tuple(checks)


def _sorted(
    frame: pl.DataFrame,
    values: pl.DataFrame,
    marks: pl.DataFrame,
    checks: tuple[_Check, ...],
    *,
    layout: Layout,
    tag: Tag,
) -> Sorted:
    errors = [one.name for one in checks if one.is_error]
    is_held = marks.select(held=pl.any_horizontal(errors)).to_series()
    names = [column.name for column in layout.columns if column.name in frame.columns]
    quarantined = frame.filter(is_held).select("row", "is_ragged", *names)
    accepted = _accepted(values.filter(~is_held), layout, tag)
    counts = [FindingCount(one.code, one.column, int(total)) for one in checks if (total := marks[one.name].sum())]
    personal = {
        column.name for column in layout.columns if column.classification == "personal" and column.reads != "thirteen"
    }
    examples = [
        example for one in checks if marks[one.name].any() for example in _examples(frame, marks, one, personal)
    ]
    held_back = _held_back(quarantined, marks.filter(is_held), [one for one in checks if one.is_error])
    return Sorted(accepted, quarantined, held_back, tuple(counts), tuple(examples))


def _accepted(values: pl.DataFrame, layout: Layout, tag: Tag) -> pl.DataFrame:
    """Accepted rows: dropped columns gone, citizen ids turned into `person_tag`, constants of the layout added."""
    dropped = [column.name for column in layout.columns if not column.keep and column.name in values.columns]
    values = values.drop(dropped)
    if "citizen_id" in values.columns:
        distinct = values["citizen_id"].drop_nulls().unique().sort().to_list()
        tags = pl.DataFrame(
            {"citizen_id": distinct, "person_tag": [tag(one) for one in distinct]},
            schema={"citizen_id": pl.Utf8, "person_tag": pl.Utf8},
        )
        values = values.join(tags, on="citizen_id", how="left", maintain_order="left").drop("citizen_id")
    kept = {"record_key", layout.key.name, "person_tag"}
    texts = [name for name, kind in values.schema.items() if kind == pl.Utf8 and name not in kept]
    values = without_citizen_ids(values, texts)
    return values.with_columns(pl.lit(value).alias(name) for name, value in layout.constants.items())


def _examples(frame: pl.DataFrame, marks: pl.DataFrame, check: _Check, personal: set[str]) -> list[Found]:
    rows = frame.filter(marks[check.name]).head(EXAMPLES)
    is_shown = check.column in frame.columns and check.column not in personal
    cells = rows[check.column].to_list() if is_shown else [None] * rows.height
    return [Found(check.code, check.column, row, _short(cell)) for row, cell in zip(rows["row"], cells, strict=True)]


def _held_back(quarantined: pl.DataFrame, marks: pl.DataFrame, checks: list[_Check]) -> tuple[HeldBack, ...]:
    columns = [name for name in quarantined.columns if name not in {"row", "is_ragged"}]
    held = []
    for cells, flags in zip(quarantined.iter_rows(named=True), marks.iter_rows(named=True), strict=True):
        shown = {name: masked(cells[name]) for name in columns}
        reasons = [
            Found(one.code, one.column, cells["row"], _short(cells.get(one.column)))
            for one in checks
            if flags[one.name]
        ]
        held.append(HeldBack(cells["row"], shown, tuple(reasons)))
    return tuple(held)


def _short(cell: str | None) -> str | None:
    text = masked(cell)
    return text if text is None or len(text) <= _VALUE_LONGEST else text[: _VALUE_LONGEST - 1] + "…"
