"""Publishing a version: Parquet first, then one transaction that swaps the serving copy, then the file CURRENT.

The transaction is the moment of truth. Killed before it commits, the old version stays in force everywhere; killed after,
the serving copy is new and `settle` (the first act of the next publication and of every start) renames CURRENT to it.
A version is named by its content, so that a repeated publication finds its own work done.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.kernel.ids import new_id
from iindustry.ledger import services as ledger
from iindustry.linkage import services as linkage
from iindustry.linkage.evaluate import hindrances
from iindustry.register import lake
from iindustry.register.enterprise import VersionReport
from iindustry.register.models import Publication, Version
from iindustry.register.profile import PROFILE_SHAPE
from iindustry.register.services import loading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import polars as pl
    from django.db.backends.utils import CursorWrapper

    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress
    from iindustry.linkage.delta import Change
    from iindustry.linkage.outcome import Linked
    from iindustry.register.assemble import Assembled
    from iindustry.register.buckets import Facts
    from iindustry.standardise.services import StandardFile

LINK_REPORT = "link_report.json"
SURE_FROM = 10_000
"""Records from which a fall of the measured quality is no play of chance."""
PUBLISHER_LOCK = 0x2E61573
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Made:
    """A version on the disk, with the folders that hold the rows of the serving copy, and its counts."""

    version: str
    parts: tuple[Path, ...]
    newest: Mapping[str, date]
    records: int
    enterprises: int
    establishments: int
    quality: Mapping[str, float | int | None]


def publish(
    linked: Linked,
    files: Sequence[StandardFile] | pl.DataFrame,
    *,
    home: Home,
    clock: Clock,
    progress: Progress,
    within: bool = False,
    anyway: bool = False,
    state_of: str | None = None,
) -> VersionReport:
    """Make the next version from what linking found and put it in force.

    `files` are the standard files of every delivery in force (or a frame of such rows, for a few). Equal input gives an equal
    version, and publishing it again changes nothing. `within`: the caller's transaction decides; CURRENT follows when it
    commits. A version that links worse than the one in force is kept and not published: Conflict `register-worse`, unless
    `anyway`. `state_of`: the name under which linking's state was kept already (`linkage.save_state`), where `linked` no longer
    holds it. Units of the report: seconds.
    """
    started = time.perf_counter()
    settle(home)
    folder = lake.making(home)
    try:
        made = _make(linked, files, folder, home, progress)
        lake.note(home.register / made.version / LINK_REPORT, linked.report)
        if not anyway:
            _refuse_worse(made)
        if state_of is not None:
            linkage.carry_state(state_of, made.version, home=home)
        linkage.save_state(linked, home=home, version=made.version, deliveries=_deliveries(files))
        progress("register.publish", 2, _STEPS)

        def swap(cursor: CursorWrapper, number: int) -> None:
            if loading.is_empty(cursor):
                loading.load(cursor, made.parts, number)
            else:
                loading.replace(cursor, made.parts, number)
            linkage.record_run(linked, version=made.version)

        put_in_force(made, swap, clock)
        follow(home, made.version, within=within)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    progress("register.publish", _STEPS, _STEPS)
    return VersionReport(
        made.version, made.records, made.enterprises, made.establishments, round(time.perf_counter() - started, 3)
    )


def publish_change(
    change: Change,
    files: Sequence[StandardFile] | pl.DataFrame,
    *,
    home: Home,
    clock: Clock,
    progress: Progress,
    within: bool = False,
) -> VersionReport:
    """Put a change of the version in force in force: a delta's or an act's. Only touched enterprises are made anew.

    `files` are the standard files of every delivery in force. Conflict `register-absent` before the first version. The rest
    is as of `publish`: one transaction, then CURRENT; what is in force already is not done again.
    """
    started = time.perf_counter()
    before = settle(home)
    if before is None:
        raise Conflict("register-absent")
    folder, pending = lake.making(home), f".linked-{new_id()}"
    try:
        changed = _changed(change, files, folder, home, progress)
        with ThreadPoolExecutor(1) as beside:  # Parquet needs no database, and the serving copy no Parquet
            written = beside.submit(_write_changed, changed, folder)

            def swap(cursor: CursorWrapper, number: int) -> Made:
                loading.change(cursor, changed.parts, number, changed.touched)
                linkage.save_state(change, home=home, version=pending)  # while the files are still being written
                made = _settled(change, changed, written.result(), folder, home)
                progress("register.publish", 2, _STEPS)
                return made

            def keep(made: Made) -> None:
                linkage.carry_state(pending, made.version, home=home)
                linkage.save_state(change, home=home, version=made.version, deliveries=_deliveries(files))
                linkage.record_change(change, version=made.version)

            made = _put_change_in_force(swap, keep, clock)
        follow(home, made.version, within=within)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(home.linkage / pending, ignore_errors=True)
    progress("register.publish", _STEPS, _STEPS)
    return VersionReport(
        made.version, made.records, made.enterprises, made.establishments, round(time.perf_counter() - started, 3)
    )


def _refuse_worse(made: Made) -> None:
    """Conflict `register-worse` where linking has got worse by its own measure; on few records the measure says little."""
    before = Version.objects.filter(is_current=True).order_by("version").first()
    if made.records < SURE_FROM or before is None or before.record_count < SURE_FROM:
        return
    found = hindrances(made.quality, before.quality)
    if found:
        raise Conflict("register-worse", why=", ".join(found), version=made.version)


def _deliveries(files: Sequence[StandardFile] | pl.DataFrame) -> list[str] | None:
    """The deliveries a version is made of, where it is made of files."""
    import polars as pl

    return None if isinstance(files, pl.DataFrame) else [one.delivery_id for one in files]


def settle(home: Home) -> str | None:
    """Make CURRENT name the version that the serving copy holds; that version, or None before the first."""
    row = Version.objects.filter(is_current=True).order_by("version").first()
    if row is None:
        return None
    if current_version(home) != row.version and (home.register / row.version).exists():
        lake.point(home, row.version)
    return row.version


def follow(home: Home, version: str, *, within: bool) -> None:
    """CURRENT names the version: at once, or when the caller's transaction commits."""
    if within:
        transaction.on_commit(lambda: lake.point(home, version))
    else:
        lake.point(home, version)


@transaction.atomic
def put_in_force(made: Made, swap: Callable[[CursorWrapper, int], None], clock: Clock) -> None:
    """The serving copy, what linking keeps, the version's row and the ledger entry: all or none.

    `swap` changes the serving copy; it is given the number of this publication. Nothing is done for the version in force.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHER_LOCK])
        if Version.objects.filter(version=made.version, is_current=True).exists():
            return
        number = _next_number()
        swap(cursor, number)
    _announce(made, number, clock)


class _InForceAlreadyError(Exception):
    """The change makes the version that is in force."""

    def __init__(self, made: Made) -> None:
        super().__init__(made.version)
        self.made = made


@transaction.atomic
def _put_change_in_force(
    swap: Callable[[CursorWrapper, int], Made], keep: Callable[[Made], None], clock: Clock
) -> Made:
    """The same where the version gets its name only after the serving copy was changed: undone if it is in force already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHER_LOCK])
        number = _next_number()
        try:
            with transaction.atomic():
                made = swap(cursor, number)
                if Version.objects.filter(version=made.version, is_current=True).exists():
                    raise _InForceAlreadyError(made)  # noqa: TRY301 - leaves the savepoint
                keep(made)
        except _InForceAlreadyError as found:
            return found.made
    _announce(made, number, clock)
    return made


def _next_number() -> int:
    last = Publication.objects.order_by("-number").first()
    return last.number + 1 if last else 1


def _announce(made: Made, number: int, clock: Clock) -> None:
    """The rows and the ledger entry that say a version came into force."""
    now = clock.now()
    Version.objects.filter(is_current=True).update(is_current=False)
    Version.objects.update_or_create(
        version=made.version,
        defaults={
            "published_at": now,
            "record_count": made.records,
            "enterprise_count": made.enterprises,
            "establishment_count": made.establishments,
            "is_current": True,
            "quality": dict(made.quality),
        },
    )
    newest = {source: day.isoformat() for source, day in made.newest.items()}
    Publication.objects.create(number=number, version=made.version, published_at=now, newest=newest)
    ledger.append(
        "register.published", actor=SYSTEM, at=now, version=made.version, records=made.records,
        enterprises=made.enterprises, establishments=made.establishments,
    )  # fmt: skip


def about(quality: Mapping[str, object], review: str, facts: Facts) -> str:
    """version.json: what belongs to a version and stands in none of its tables."""
    known = {
        "quality": dict(quality), "review": review, "shape": PROFILE_SHAPE,
        "newest": {source: day.isoformat() for source, day in facts.newest.items()},
        "month": {source: day.isoformat() for source, day in facts.month.items()},
    }  # fmt: skip
    return json.dumps(known, sort_keys=True)


def review_digest(review: pl.DataFrame) -> str:
    """The queue belongs to its version: another queue is another version."""
    import polars as pl

    plain = review.select(name for name, kind in review.schema.items() if not isinstance(kind, pl.Struct | pl.List))
    return hashlib.sha256(plain.write_csv().encode()).hexdigest()


def keep_part(made: Assembled, folder: Path) -> None:
    """The rows of the serving copy that one bucket makes, for the transaction to read."""
    folder.mkdir()
    rows = (made.serving_enterprises, made.serving_establishments, made.serving_members)
    for table, frame in zip(loading.TABLES, rows, strict=True):
        frame.write_parquet(loading.part_of(folder, table.name), compression="lz4")


def _make(
    linked: Linked, files: Sequence[StandardFile] | pl.DataFrame, folder: Path, home: Home, progress: Progress
) -> Made:
    """The version's folder, whole or not at all, bucket by bucket."""
    from iindustry.register.assemble import assemble
    from iindustry.register.buckets import buckets, facts_of, yielding

    progress("register.assemble", 0, _STEPS)
    facts = facts_of(files)
    yields = yielding(linked.members, facts)
    parts = []
    with (
        lake.RowGroups(folder / "enterprises.parquet") as enterprises,
        lake.RowGroups(folder / "establishments.parquet") as establishments,
        lake.RowGroups(folder / "values.parquet") as values,
    ):
        for number, (members, rows) in enumerate(buckets(linked.members, facts, folder / "scratch")):
            made = assemble(members, rows, facts=facts, yielding=yields)
            enterprises.add(made.enterprises)
            establishments.add(made.establishments)
            values.add(made.values)
            parts.append(folder / "scratch" / f"part-{number:04d}")
            keep_part(made, parts[-1])
            del made, rows
    progress("register.write", 1, _STEPS)
    with lake.RowGroups(folder / "members.parquet") as members_file:
        members_file.add(linked.members.sort("source", "record_key"))
    version = lake.settle_folder(folder, about(linked.quality, review_digest(linked.review), facts), home)
    counts = (linked.members.height, enterprises.rows, establishments.rows)
    return Made(version, tuple(parts), facts.newest, *counts, linked.quality)


@dataclass(frozen=True, slots=True)
class _Changed:
    """What a change makes of the version before, in memory: the enterprises touched, their fresh rows, and all members.

    fresh: rows by file of a version. parts: folders with the rows of the serving copy. silences: columns whose day of silence
    moves, by file. known: version.json of the version before.
    """

    touched: pl.Series
    fresh: Mapping[str, pl.DataFrame]
    parts: tuple[Path, ...]
    members: pl.DataFrame
    silences: Mapping[str, Sequence[tuple[str, date, date]]]
    facts: Facts
    before: Path
    known: Mapping[str, Any]


def _changed(
    change: Change, files: Sequence[StandardFile] | pl.DataFrame, folder: Path, home: Home, progress: Progress
) -> _Changed:
    """The rows that a change exchanges, made anew."""
    import polars as pl

    from iindustry.register import amending
    from iindustry.register.assemble import assemble
    from iindustry.register.buckets import buckets, facts_of, yielding

    progress("register.assemble", 0, _STEPS)
    before = home.register / (current_version(home) or "")
    facts, known = facts_of(files), json.loads((before / "version.json").read_text(encoding="utf-8"))
    earlier, month = (
        {source: date.fromisoformat(day) for source, day in known.get(name, {}).items()} for name in ("newest", "month")
    )
    members = amending.after_change(pl.read_parquet(before / "members.parquet"), change.members, change.touched)
    touched = amending.affected(members, facts, change.touched, earlier, month)
    mine = members.join(touched.alias("enterprise_id").to_frame(), on="enterprise_id", how="semi")
    yields = yielding(mine, facts)
    fresh: dict[str, list[pl.DataFrame]] = {name: [] for name in ("enterprises", "establishments", "values")}
    parts = []
    for number, (own, rows) in enumerate(buckets(mine, facts, folder / "scratch")):
        made = assemble(own, rows, facts=facts, yielding=yields)
        for name, frames in fresh.items():
            frames.append(getattr(made, name))
        parts.append(folder / "scratch" / f"part-{number:04d}")
        keep_part(made, parts[-1])
    progress("register.write", 1, _STEPS)
    return _Changed(
        touched,
        {
            name: pl.concat(frames) if frames else pl.read_parquet(before / f"{name}.parquet", n_rows=0)
            for name, frames in fresh.items()
        },
        tuple(parts),
        members,
        {
            name: amending.silences(earlier, facts.newest, name.removesuffix("s"))
            for name in ("enterprises", "establishments")
        },
        facts,
        before,
        known,
    )


def _write_changed(changed: _Changed, folder: Path) -> dict[str, int]:
    """The files of the version that a change makes; rows by file. No database and no name: it works beside the serving copy."""
    from iindustry.register import amending

    written = {}
    for name, fresh in changed.fresh.items():
        before = changed.before / f"{name}.parquet"
        with lake.RowGroups(folder / f"{name}.parquet") as file:
            for group in amending.exchanged(before, fresh, name, changed.touched, changed.silences.get(name, ())):
                file.add(group)
        written[name] = file.rows
    with lake.RowGroups(folder / "members.parquet") as members:
        members.add(changed.members.sort("source", "record_key"))
    return written


def _settled(change: Change, changed: _Changed, written: Mapping[str, int], folder: Path, home: Home) -> Made:
    """The written files under the name that their content gives them."""
    digests = (review_digest(change.review_added), review_digest(change.review_gone))
    review = hashlib.sha256("".join([changed.known["review"], *digests]).encode()).hexdigest()
    version = lake.settle_folder(folder, about(change.quality, review, changed.facts), home)
    counts = (changed.members.height, written["enterprises"], written["establishments"])
    return Made(version, changed.parts, changed.facts.newest, *counts, change.quality)
