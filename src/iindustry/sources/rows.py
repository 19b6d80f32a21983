"""From tables of texts to accepted rows, quarantined rows and findings, by a layout, one batch after another.

A row goes to quarantine when a required cell is empty or unreadable, when none of the columns of which one must speak
does, when its key was seen before or is longer than a register keeps, when it has more or fewer cells than the heading, or when a rule of the contract
marked as an error fails. Everything else found is counted and the row stays.
Invariant: rows = accepted + quarantined; an accepted row's citizen ids are tags, its dropped columns are gone.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iindustry.sources import crosschecks, decoders
from iindustry.sources.cells import cleaned
from iindustry.sources.personal import COVER, COVERED_KINDS, masked, without_citizen_ids
from iindustry.sources.reports import FindingCount
from iindustry.sources.seen import SeenKeys

if TYPE_CHECKING:
    from datetime import date

    from iindustry.sources.contracts import Column, Layout
    from iindustry.sources.decoders import Fault

EXAMPLES = 100
MOST_HELD_BACK = 20_000
"""Rows of quarantine that are kept one by one; those after them lie in the quarantine's file only."""
KEY_LONGEST = 128
"""Signs of a record key: what every table that names records holds. One longer key would stop the whole publication."""
_VALUE_LONGEST = 120
Tag = Callable[[str], str]
Seal = Callable[[Sequence[tuple[str, str]]], list[bytes]]


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
class Batch:
    """A batch sorted out. `quarantined` holds the cells as sent, for the landing folder only."""

    accepted: pl.DataFrame
    quarantined: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Sorted:
    """A whole table sorted out. `held_back` are the first `MOST_HELD_BACK` of the quarantined rows."""

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


def sort_out(
    frame: pl.DataFrame,
    layout: Layout,
    *,
    today: date,
    tag: Tag,
    seal: Seal | None = None,
    taken: pl.Series | None = None,
) -> Sorted:
    """Sort a whole table (as `raw.Table.frame`) by a layout; arguments as of `Sorter`."""
    sorter = Sorter(layout, frame.columns, today=today, tag=tag, seal=seal, taken=taken)
    batch = sorter.sort(frame)
    return Sorted(batch.accepted, batch.quarantined, sorter.held_back, sorter.counts, sorter.examples)


class Sorter:
    """Sorts batches of one table and remembers what must be known across them: keys, counts, examples.

    `tag` turns a citizen id into a keyed tag; `seal(text, person)` encrypts a person's name. `taken` are record keys that
    earlier rows of the same delivery hold.
    """

    def __init__(
        self,
        layout: Layout,
        names: list[str],
        *,
        today: date,
        tag: Tag,
        seal: Seal | None = None,
        taken: pl.Series | None = None,
    ) -> None:
        self._layout, self._tag, self._seal = layout, tag, seal
        self._columns = [column for column in layout.columns if column.name in names]
        decoded = {column.name: decoders.decode(column, today=today) for column in self._columns}
        self._values = _values(self._columns, decoded)
        self._checks = _checks(self._columns, {name: one.faults for name, one in decoded.items()})
        self._late = _late_checks(layout, set(self._values))
        self._seen = SeenKeys(taken)
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[Found]] = {}
        self._held_back: list[HeldBack] = []

    @property
    def held_back(self) -> tuple[HeldBack, ...]:
        """The first rows that were set aside."""
        return tuple(self._held_back)

    @property
    def counts(self) -> tuple[FindingCount, ...]:
        """How often each fault was found so far, in the order of the checks."""
        every = (*self._checks, *self._late)
        return tuple(
            FindingCount(one.code, one.column, self._counts[one.name]) for one in every if one.name in self._counts
        )

    @property
    def examples(self) -> tuple[Found, ...]:
        """At most `EXAMPLES` of each fault, in the order of the checks."""
        every = (*self._checks, *self._late)
        return tuple(example for one in every for example in self._examples.get(one.name, ()))

    def sort(self, frame: pl.DataFrame) -> Batch:
        """Sort the next batch: `row`, `is_ragged`, then one text column for each of the layout's that the file has."""
        ready = decoders.prepared(frame, self._columns)
        early = {one.name: one.where.fill_null(value=False) for one in self._checks}
        both = ready.lazy().select("row", **self._values, **early).collect()
        values = _with_key(both.select("row", *self._values), self._layout)
        if self._layout.has_unique_key:
            values = values.with_columns(self._seen.again(values["record_key"]))
        late = values.select(**{one.name: one.where.fill_null(value=False) for one in self._late})
        marks = both.select(early.keys()).hstack(late)
        errors = [one.name for one in (*self._checks, *self._late) if one.is_error]
        is_held = marks.select(held=pl.any_horizontal(errors)).to_series()
        quarantined = frame.filter(is_held).select("row", "is_ragged", *(one.name for one in self._columns))
        self._note(frame, marks, quarantined, marks.filter(is_held))
        accepted = values.filter(~is_held).drop("again", strict=False)
        return Batch(_accepted(accepted, self._layout, self._tag, self._seal), quarantined)

    def _note(self, frame: pl.DataFrame, marks: pl.DataFrame, held: pl.DataFrame, held_marks: pl.DataFrame) -> None:
        every = (*self._checks, *self._late)
        totals = marks.select(pl.all().sum()).row(0, named=True)
        for one in every:
            if not totals[one.name]:
                continue
            self._counts[one.name] = self._counts.get(one.name, 0) + int(totals[one.name])
            known = self._examples.setdefault(one.name, [])
            known += _examples(frame, marks, one, self._columns, EXAMPLES - len(known))
        room = MOST_HELD_BACK - len(self._held_back)
        errors = [one for one in every if one.is_error]
        self._held_back += _held_back(held.head(room), held_marks.head(room), errors, self._columns)


def _values(columns: list[Column], decoded: dict[str, decoders.Decoded]) -> dict[str, pl.Expr]:
    """The typed columns by name; where a column of citizen ids stands, it alone says the person."""
    speaks_of_person = any(column.reads == "citizen" for column in columns)
    return {
        name: expr
        for column in columns
        for name, expr in decoded[column.name].values.items()
        if name != "citizen_id" or column.reads == "citizen" or not speaks_of_person
    }


def _with_key(values: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Add `record_key`: the key column, or the text as sent where a factory number fails its check (T26).

    Several key columns are joined by `:`; the key is null where a part of it is.
    """
    names = [column.name for column in layout.keys]
    parts = [pl.coalesce(key, raw) if (raw := f"{key}_raw") in values.columns else pl.col(key) for key in names]
    parts = [part.cast(pl.Utf8) for part in parts]
    whole = parts[0] if len(parts) == 1 else pl.concat_str(parts, separator=":")
    return values.with_columns(whole.alias("record_key"))


def _checks(columns: list[Column], faults: dict[str, tuple[Fault, ...]]) -> tuple[_Check, ...]:
    checks = [_Check("", "row-ragged", pl.col("is_ragged"), is_error=True)]
    for column in columns:
        if column.required:
            checks.append(_Check(column.name, "value-missing", cleaned(column.name).is_null(), is_error=True))
        for fault in faults[column.name]:
            is_error = fault.code in column.errors or (column.required and fault.voids)
            checks.append(_Check(column.name, fault.code, fault.where, is_error))
    return tuple(checks)


def _late_checks(layout: Layout, names: set[str]) -> tuple[_Check, ...]:
    """Checks over decoded values: names of which one must be said, keys seen before, numbers that must agree."""
    checks = []
    for one_of in layout.any_of:
        said = [
            pl.col(name).is_not_null() | pl.col(f"{name}_is_person").fill_null(value=False)
            if f"{name}_is_person" in names
            else pl.col(name).is_not_null()
            for name in one_of
            if name in names
        ]
        checks.append(_Check(one_of[0], "name-missing", ~pl.any_horizontal(said), is_error=True))
    too_long = pl.col("record_key").str.len_chars() > KEY_LONGEST
    checks.append(_Check(layout.keys[-1].name, "key-too-long", too_long, is_error=True))
    if layout.has_unique_key:
        checks.append(_Check(layout.key.name, "key-seen-before", pl.col("again"), is_error=True))
    if {"factory_id", "old_factory_id", "factory_type"} <= names:
        checks += [
            _Check("old_factory_id", one.code, one.where, is_error=False) for one in crosschecks.factory_numbers()
        ]
    return tuple(checks)


def _accepted(values: pl.DataFrame, layout: Layout, tag: Tag, seal: Seal | None) -> pl.DataFrame:
    """Accepted rows: dropped columns gone, citizen ids turned into `person_tag`, names sealed, constants added."""
    dropped = [column.name for column in layout.columns if not column.keep and column.name in values.columns]
    values = values.drop(dropped)
    if "citizen_id" in values.columns:
        distinct = values["citizen_id"].drop_nulls().unique().sort().to_list()
        tags = pl.DataFrame(
            {"citizen_id": distinct, "person_tag": [tag(one) for one in distinct]},
            schema={"citizen_id": pl.Utf8, "person_tag": pl.Utf8},
        )
        values = values.join(tags, on="citizen_id", how="left", maintain_order="left").drop("citizen_id")
    sealed = [f"{column.name}_sealed" for column in layout.columns if column.reads == "sealed_name"]
    sealed = [name for name in sealed if name in values.columns]
    for name in sealed:
        values = values.with_columns(_sealed(values, name, seal))
    kept = {"record_key", "person_tag", *(column.name for column in layout.keys), *sealed}
    texts = [name for name, kind in values.schema.items() if kind == pl.Utf8 and name not in kept]
    values = without_citizen_ids(values, texts)
    return values.with_columns(pl.lit(value).alias(name) for name, value in layout.constants.items())


def _sealed(values: pl.DataFrame, name: str, seal: Seal | None) -> pl.Series:
    """Names encrypted, each for its person, or for its record where no person's number is given."""
    if seal is None:
        raise RuntimeError("a column of sealed names needs someone who seals")
    person = pl.coalesce("person_tag", "record_key") if "person_tag" in values.columns else pl.col("record_key")
    pairs = values.select(pl.col(name), person.alias("person"))
    blobs = iter(seal(pairs.drop_nulls(name).rows()))
    written = [None if text is None else base64.b64encode(next(blobs)).decode("ascii") for text in pairs[name]]
    return pl.Series(name, written, dtype=pl.Utf8)


def _examples(frame: pl.DataFrame, marks: pl.DataFrame, check: _Check, columns: list[Column], most: int) -> list[Found]:
    if most <= 0:
        return []
    rows = frame.filter(marks[check.name]).head(most)
    column = next((one for one in columns if one.name == check.column), None)
    is_shown = column is not None and (column.classification != "personal" or column.reads == "thirteen")
    if column is None or not is_shown or column.reads in COVERED_KINDS:
        return [Found(check.code, check.column, row, None) for row in rows["row"]]
    return [
        Found(check.code, check.column, row, _short(cell)) for row, cell in rows.select("row", check.column).iter_rows()
    ]


def _held_back(
    quarantined: pl.DataFrame, marks: pl.DataFrame, checks: list[_Check], columns: list[Column]
) -> list[HeldBack]:
    covered = {column.name for column in columns if column.reads in COVERED_KINDS}
    names = [name for name in quarantined.columns if name not in {"row", "is_ragged"}]
    held = []
    for cells, flags in zip(quarantined.iter_rows(named=True), marks.iter_rows(named=True), strict=True):
        shown = {name: _covered(cells[name]) if name in covered else masked(cells[name]) for name in names}
        reasons = [
            Found(one.code, one.column, cells["row"], _short(shown.get(one.column)))
            for one in checks
            if flags[one.name]
        ]
        held.append(HeldBack(cells["row"], shown, tuple(reasons)))
    return held


def _covered(cell: str | None) -> str | None:
    return COVER if cell and cell.strip() else cell


def _short(cell: str | None) -> str | None:
    text = masked(cell)
    return text if text is None or len(text) <= _VALUE_LONGEST else text[: _VALUE_LONGEST - 1] + "…"
