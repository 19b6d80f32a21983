"""The facts of every enterprise on one day, in the engine's types, kept beside a register version.

Rows stand in the register's order. The first establishment of each enterprise stands in a table of as many rows, so that
most enterprises need no join; the further ones stand in a short table with the row of their enterprise.
Invariant: a column is what rules read, a value or null; a null has its reason; absence is never read as zero.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

import polars as pl

from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.kernel.ids import new_id
from iindustry.kernel.progress import silent
from iindustry.programmes import coding, frames
from iindustry.programmes.coding import DAY, NAMED, REASON
from iindustry.programmes.facts import COUNT, spec_of, vocabulary, vocabulary_version
from iindustry.programmes.frames import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress
    from iindustry.programmes.facts import FactSpec

PRESENT, ROW, LISTED, SITES = "·present", "·row", "·listed", "·sites"
ENTERPRISES, FIRST, MORE, ABOUT = "enterprises.arrow", "first.arrow", "more.arrow", "about.json"
NOTES: Mapping[str, str] = {"enterprise": "enterprises.notes.parquet", "establishment": "establishments.notes.parquet"}
AT_ONCE = 100_000
"""Enterprises whose facts are laid out in less than a second: so many a page does itself, more the worker."""
MOST_OPEN = 2
"""Tables that a process keeps open, each with the answers of conditions asked of it: the version in force and the last."""
_ISO_DAY = len("2026-11-22")
_OPEN: dict[Path, FactsTable] = {}
_LOCK = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Facts a row: coded columns by fact, and what the numbers of named ones stand for. A fact without a column is unknown."""

    height: int
    columns: Mapping[str, pl.Series]
    dictionaries: Mapping[str, pl.Series]


@dataclass(frozen=True, slots=True, eq=False)
class FactsTable:
    """Facts of one register version on one day. Read `enterprises` by row; `first` by the same rows, where `present`.

    `more`: further establishments, `more_row` the row of their enterprise, ascending. `listed`: the list is known.
    """

    version: str
    as_of: date
    enterprises: Rows
    first: Rows
    present: pl.Series
    more: Rows
    more_row: pl.Series
    listed: pl.Series
    ids: Callable[[], pl.Series]
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """Enterprises in it."""
        return self.enterprises.height


def make(
    *, home: Home, as_of: date, version: str | None = None, progress: Progress = silent, threads: int | None = None
) -> FactsTable:
    """The facts table of a version, the one in force where none is named; made once for a day, found afterwards.

    A column at a time, so that memory holds one wide column and the compact ones; polars decides on `threads`.
    Raises Conflict `register-absent` before the first version.
    """
    del threads
    named = version or current_version(home)
    if named is None:
        raise Conflict("register-absent")
    return _opened(home.register / named, as_of, vocabulary_version(), progress)


def at_hand(*, home: Home, as_of: date) -> FactsTable:
    """The facts table for somebody who waits: of the day, else of the latest earlier day that stands (its `as_of` says which).

    The worker makes a day's table when the day turns. A page makes it itself only where that takes a moment (`AT_ONCE`).
    Raises Conflict `register-absent`, `facts-being-made` where a large version has none yet.
    """
    named = current_version(home)
    if named is None:
        raise Conflict("register-absent")
    folder, words = home.register / named, vocabulary_version()
    if not (folder / _name(as_of, words)).is_dir() and _is_long(folder):
        for day in _days_made(folder, as_of, words):
            try:
                return _standing(folder, day, words)
            except FileNotFoundError:  # the worker has just put a later day's in its stead
                continue
        if not (folder / _name(as_of, words)).is_dir():
            raise Conflict("facts-being-made", version=named)
    return _opened(folder, as_of, words, silent)


def of_frames(enterprises: pl.DataFrame, establishments: pl.DataFrame, as_of: date, version: str = "") -> FactsTable:
    """The facts table of frames in memory, as the register writes them: any order of establishments, any columns."""
    specs = _kept_specs(enterprises.columns, establishments.columns)
    whole, _ = _columns(specs["enterprise"], enterprises.select, enterprises.columns, as_of)
    sites, _ = _columns(specs["establishment"], establishments.select, establishments.columns, as_of)
    first, more, present, row = _apart(enterprises[KEY], establishments[KEY], sites)
    listed = _listed(enterprises, present, as_of)
    ids = enterprises[KEY]
    return FactsTable(version, as_of, whole, first, present, more, row, listed, lambda: ids)


def notes(table: FactsTable, folder: Path, of: str) -> pl.LazyFrame:
    """Day and reason of every cell (`<fact>·day`, `<fact>·why`), rows as in the register's file of that kind."""
    return pl.scan_parquet(folder / _name(table.as_of, vocabulary_version()) / NOTES[of])


def _opened(folder: Path, as_of: date, words: str, progress: Progress) -> FactsTable:
    place = folder / _name(as_of, words)
    with _LOCK:
        found = _OPEN.pop(place, None)
        if found is None or not place.is_dir():
            if not place.is_dir():
                _write(folder, place, as_of, progress)
                _forget_others(folder, place)
            found = _read(folder, place, as_of)
        return _opened_now(place, found)


def _standing(folder: Path, as_of: date, words: str) -> FactsTable:
    """A table that was made; FileNotFoundError where it is gone. Nothing is made or forgotten."""
    place = folder / _name(as_of, words)
    with _LOCK:
        found = _OPEN.get(place) if place.is_dir() else None
        return found if found is not None else _opened_now(place, _read(folder, place, as_of))


def _opened_now(place: Path, found: FactsTable) -> FactsTable:
    _OPEN[place] = found
    while len(_OPEN) > MOST_OPEN:
        del _OPEN[next(iter(_OPEN))]
    return found


def _is_long(folder: Path) -> bool:
    return int(pl.scan_parquet(folder / "enterprises.parquet").select(pl.len()).collect().item()) > AT_ONCE


def _days_made(folder: Path, until: date, words: str) -> list[date]:
    """The days up to one whose tables stand, the latest first."""
    names = {one.name: one for one in folder.glob("facts-*")}
    found = (date.fromisoformat(name.removeprefix("facts-")[:_ISO_DAY]) for name in names)
    return sorted((day for day in found if day <= until and _name(day, words) in names), reverse=True)


def _name(as_of: date, words: str) -> str:
    return f"facts-{as_of.isoformat()}-{words.removeprefix('sha256:')[:8]}"


def _forget_others(folder: Path, place: Path) -> None:
    """Other days' facts of a version are made again when they are asked for; who reads them now keeps them open."""
    for other in folder.glob("facts-*"):
        if other != place:
            shutil.rmtree(other, ignore_errors=True)


def _write(folder: Path, place: Path, as_of: date, progress: Progress) -> None:
    draft = folder / f".{place.name}-{new_id()}"
    draft.mkdir()
    paths = {"enterprise": folder / "enterprises.parquet", "establishment": folder / "establishments.parquet"}
    names = {of: pl.scan_parquet(path).collect_schema().names() for of, path in paths.items()}
    specs = _kept_specs(names["enterprise"], names["establishment"])
    disputed = _disputed(folder)
    found: dict[str, Rows] = {}
    total = sum(len(one) for one in specs.values())
    done = 0
    for of, path in paths.items():

        def told(number: int, before: int = done) -> None:
            progress("facts", before + number, total)

        found[of], reasons = _columns(
            specs[of], partial(_of_file, path), names[of], as_of, disputed=disputed, told=told
        )
        reasons.write_parquet(draft / NOTES[of])
        done += len(specs[of])
    ids = pl.read_parquet(paths["enterprise"], columns=[KEY])[KEY]
    of_sites = pl.read_parquet(paths["establishment"], columns=[KEY])[KEY]
    first, more, present, row = _apart(ids, of_sites, found["establishment"])
    counted = spec_of(COUNT).column or ""
    wanted = [one for one in (counted, counted + "__as_of") if one in names["enterprise"]]
    listed = _listed(pl.read_parquet(paths["enterprise"], columns=[KEY, *wanted]), present, as_of)
    _keep(found["enterprise"], {LISTED: listed, PRESENT: present}, draft / ENTERPRISES)
    _keep(first, {}, draft / FIRST)
    _keep(more, {ROW: row}, draft / MORE)
    dictionaries = {of: {fact: one.to_list() for fact, one in rows.dictionaries.items()} for of, rows in found.items()}
    height = {"enterprises": ids.len(), "more": row.len()}
    (draft / ABOUT).write_text(
        json.dumps({"height": height, "dictionaries": dictionaries}, ensure_ascii=False), "utf-8"
    )
    try:
        draft.rename(place)
    except OSError:  # another process was faster
        shutil.rmtree(draft)
        if not place.is_dir():
            raise


def _of_file(path: Path, wanted: list[str]) -> pl.DataFrame:
    return pl.read_parquet(path, columns=wanted)


def _keep(rows: Rows, besides: Mapping[str, pl.Series], path: Path) -> None:
    columns = [*(one.rename(name) for name, one in {**rows.columns, **besides}.items())]
    pl.DataFrame(columns).write_ipc(path, compression="uncompressed")


def _read(folder: Path, place: Path, as_of: date) -> FactsTable:
    about = json.loads((place / ABOUT).read_text("utf-8"))
    dictionaries = {
        of: {
            fact: pl.Series(values, dtype=pl.List(pl.String) if spec_of(fact).type == "set" else pl.String)
            for fact, values in one.items()
        }
        for of, one in about["dictionaries"].items()
    }
    whole, first, more = (_mapped(place / name) for name in (ENTERPRISES, FIRST, MORE))
    height, further = about["height"]["enterprises"], about["height"]["more"]
    return FactsTable(
        folder.name,
        as_of,
        Rows(height, whole, dictionaries["enterprise"]),
        Rows(height, first, dictionaries["establishment"]),
        whole.pop(PRESENT),
        Rows(further, more, dictionaries["establishment"]),
        more.pop(ROW),
        whole.pop(LISTED),
        lambda: pl.read_parquet(folder / "enterprises.parquet", columns=[KEY])[KEY],
    )


def _mapped(path: Path) -> dict[str, pl.Series]:
    """The columns of a file, mapped and not read: processes share them, and what no rule asks costs nothing."""
    import pyarrow as pa

    table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    return {name: pl.Series(name, table[name]) for name in table.column_names}


def _kept_specs(enterprises: Iterable[str], establishments: Iterable[str]) -> dict[str, list[FactSpec]]:
    """The facts that the register's files hold, or that are worked out of one they hold."""
    there = {"enterprise": set(enterprises), "establishment": set(establishments)}
    found: dict[str, list[FactSpec]] = {"enterprise": [], "establishment": []}
    for spec in vocabulary().values():
        base = spec_of(spec.derived_from) if spec.derived_from else spec
        if (base.column or base.name) in there[spec.of] or spec.otherwise_where:
            found[spec.of].append(spec)
    return found


def _columns(
    specs: list[FactSpec],
    read: Callable[[list[str]], pl.DataFrame],
    names: Iterable[str],
    as_of: date,
    *,
    disputed: Mapping[str, pl.Series] | None = None,
    told: Callable[[int], None] = lambda number: None,  # noqa: ARG005
) -> tuple[Rows, pl.DataFrame]:
    """Each fact coded, and the days and reasons of their cells."""
    there = set(names)
    columns: dict[str, pl.Series] = {}
    dictionaries: dict[str, pl.Series] = {}
    reasons: list[pl.Series] = []
    height = 0
    for number, spec in enumerate(specs):
        told(number)
        wanted = [name for name in frames.columns_of(spec) if name in there]
        is_disputed = disputed is not None and spec.field in disputed
        frame = read([*wanted, f"{spec.of}_id"] if is_disputed else wanted or [KEY])
        height = frame.height
        found = coding.engine_columns([spec], frame, as_of)
        if is_disputed:
            found = _without_disputed(found, spec, frame, (disputed or {})[spec.field or ""])
        value = found[spec.name]
        if spec.type in NAMED:
            dictionary = coding.dictionary_of(value)
            dictionaries[spec.name] = coding.meanings(spec, dictionary)
            columns[spec.name] = coding.coded(value, dictionary)
        else:
            columns[spec.name] = coding.smallest(value)
        reasons += [found[spec.name + DAY], found[spec.name + REASON]]
    if not specs:
        height = read([KEY]).height
    return Rows(height, columns, dictionaries), pl.DataFrame(reasons)


def _disputed(folder: Path) -> dict[str, pl.Series]:
    """By field, the subjects whose sources disagree and no rank, day or vote decides."""
    path = folder / "values.parquet"
    if not path.exists():
        return {}
    found = pl.scan_parquet(path).filter(pl.col("rule") == "key").select("subject", "field").collect()
    return {str(name[0]): part["subject"] for name, part in found.partition_by("field", as_dict=True).items()}


def _without_disputed(found: pl.DataFrame, spec: FactSpec, frame: pl.DataFrame, subjects: pl.Series) -> pl.DataFrame:
    where = frame[f"{spec.of}_id"].is_in(subjects.implode())
    return found.with_columns(
        pl.when(~where).then(pl.col(spec.name)).alias(spec.name),
        pl.when(where & pl.col(spec.name).is_not_null())
        .then(pl.lit(coding.Reason.CONFLICT, pl.UInt8))
        .otherwise(pl.col(spec.name + REASON))
        .alias(spec.name + REASON),
    )


def _apart(ids: pl.Series, of_sites: pl.Series, sites: Rows) -> tuple[Rows, Rows, pl.Series, pl.Series]:
    """First establishments a row an enterprise, further ones, where there is a first, and the rows of the further."""
    order = (
        pl.DataFrame({KEY: of_sites})
        .with_row_index("site")
        .join(pl.DataFrame({KEY: ids}).with_row_index("row"), on=KEY, how="inner")
        .select("site", "row")
        .sort("row", "site")
        .with_columns(first=pl.col("row") != pl.col("row").shift(1).fill_null(2**32 - 1))
    )
    firsts = order.filter("first")
    place = (
        pl.DataFrame({"row": pl.int_range(ids.len(), dtype=pl.UInt32, eager=True)})
        .join(firsts.select("row", "site"), on="row", how="left", maintain_order="left")["site"]
    )  # fmt: skip
    rest = order.filter(~pl.col("first"))
    first = {fact: column.gather(place).rename(fact) for fact, column in sites.columns.items()}
    more = {fact: column.gather(rest["site"]).rename(fact) for fact, column in sites.columns.items()}
    return (
        Rows(ids.len(), first, sites.dictionaries),
        Rows(rest.height, more, sites.dictionaries),
        place.is_not_null(),
        rest["row"],
    )


def _listed(enterprises: pl.DataFrame, present: pl.Series, as_of: date) -> pl.Series:
    """Where the list of establishments is known: the count is fresh, or nobody ever counted and there are any."""
    fresh, never = enterprises.select(frames.list_is_known(enterprises, as_of)).iter_columns()
    return fresh | (never & present)
