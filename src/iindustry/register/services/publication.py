"""Publishing a version: Parquet first, then one transaction that swaps the serving copy, then the file CURRENT.

The transaction is the moment of truth. Killed before it commits, the old version stays in force everywhere; killed after,
the serving copy is new and `settle` (the first act of the next publication and of every start) renames CURRENT to it.
A version is named by its content, so that a repeated publication finds its own work done.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from typing import TYPE_CHECKING

from django.db import connection, transaction

from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.home import current_version
from iindustry.kernel.ids import new_id
from iindustry.ledger import services as ledger
from iindustry.linkage import services as linkage
from iindustry.register.enterprise import VersionReport
from iindustry.register.models import Version
from iindustry.register.profile import PROFILE_SHAPE

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl
    from django.db.backends.utils import CursorWrapper

    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.kernel.progress import Progress
    from iindustry.linkage.outcome import Linked
    from iindustry.register.assemble import Assembled

_PUBLISHER_LOCK = 0x2E61573
_FILES = ("enterprises", "establishments", "members", "values")


def publish(linked: Linked, records: pl.DataFrame, *, home: Home, clock: Clock, progress: Progress) -> VersionReport:
    """Make the next version from what linking found and put it in force.

    `records` are the standard records of every delivery in force. Equal input gives an equal version, and publishing it
    again changes nothing. Units of the report: seconds.
    """
    from iindustry.register.assemble import assemble

    started = time.perf_counter()
    settle(home)
    progress("register.assemble", 0, 4)
    made = assemble(records, linked.members)
    progress("register.write", 1, 4)
    version = _write(made, linked, home)
    progress("register.publish", 2, 4)
    _put_in_force(version, made, linked, clock)
    _point(home, version)
    progress("register.publish", 4, 4)
    return VersionReport(
        version=version,
        records=linked.members.height,
        enterprises=made.enterprises.height,
        establishments=made.establishments.height,
        seconds=round(time.perf_counter() - started, 3),
    )


def settle(home: Home) -> str | None:
    """Make CURRENT name the version that the serving copy holds; that version, or None before the first."""
    row = Version.objects.filter(is_current=True).order_by("version").first()
    if row is None:
        return None
    if current_version(home) != row.version and (home.register / row.version).exists():
        _point(home, row.version)
    return row.version


def _write(made: Assembled, linked: Linked, home: Home) -> str:
    """The version's folder, whole or not at all. Its name is the digest of its files."""
    home.register.mkdir(parents=True, exist_ok=True)
    for left_over in home.register.glob(".making-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    making = home.register / f".making-{new_id()}"
    making.mkdir()
    digest = hashlib.sha256()
    for name in _FILES:
        path = making / f"{name}.parquet"
        getattr(made, name).write_parquet(path, compression="zstd", statistics=True)
        digest.update(path.read_bytes())
    about = json.dumps(
        {"quality": dict(linked.quality), "review": _review_digest(linked), "shape": PROFILE_SHAPE}, sort_keys=True
    )
    (making / "version.json").write_text(about, encoding="utf-8")
    digest.update(about.encode())
    version = f"r{digest.hexdigest()[:16]}"
    for path in sorted(making.iterdir()):
        _sync(path)
    _sync(making)
    if (home.register / version).exists():
        shutil.rmtree(making)
    else:
        making.rename(home.register / version)
    _sync(home.register)
    return version


def _review_digest(linked: Linked) -> str:
    """The queue belongs to its version: another queue is another version."""
    rows = linked.review.drop("comparison").write_csv()
    return hashlib.sha256(rows.encode()).hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _point(home: Home, version: str) -> None:
    """Rename CURRENT: readers of the lake see the old name or the new one."""
    fresh = home.register / f".CURRENT-{new_id()}"
    fresh.write_text(version, encoding="ascii")
    _sync(fresh)
    fresh.replace(home.register / "CURRENT")
    _sync(home.register)


@transaction.atomic
def _put_in_force(version: str, made: Assembled, linked: Linked, clock: Clock) -> None:
    """The serving copy, the queue, redirects, the version's row and the ledger entry: all or none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLISHER_LOCK])
        if Version.objects.filter(version=version, is_current=True).exists():
            return
        _merge(cursor, "register_enterprise", "enterprise_id", made.serving_enterprises)
        _merge(cursor, "register_establishment", "establishment_id", made.serving_establishments)
        _merge(cursor, "register_member", "source, record_key", made.members)
    linkage.record_run(linked, version=version)
    Version.objects.filter(is_current=True).update(is_current=False)
    Version.objects.update_or_create(
        version=version,
        defaults={
            "published_at": clock.now(),
            "record_count": made.members.height,
            "enterprise_count": made.enterprises.height,
            "establishment_count": made.establishments.height,
            "is_current": True,
            "quality": dict(linked.quality),
        },
    )
    ledger.append(
        "register.published", actor=SYSTEM, at=clock.now(), version=version, records=made.members.height,
        enterprises=made.enterprises.height, establishments=made.establishments.height,
    )  # fmt: skip


def _merge(cursor: CursorWrapper, table: str, key: str, frame: pl.DataFrame) -> None:
    """COPY into staging, then one merge that touches only what changed. Names are ours, never typed by anyone."""
    columns = frame.columns
    named, keys = ", ".join(columns), [one.strip() for one in key.split(",")]
    rest = [name for name in columns if name not in keys]
    same_key = " AND ".join(f"kept.{one} = fresh.{one}" for one in keys)
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.fresh_{table}")
    cursor.execute(f"CREATE TEMP TABLE fresh_{table} ON COMMIT DROP AS SELECT {named} FROM {table} WITH NO DATA")  # noqa: S608 - see above
    _copy(cursor, f"fresh_{table}", frame)
    cursor.execute(f"ANALYZE fresh_{table}")
    cursor.execute(
        f"DELETE FROM {table} AS kept WHERE NOT EXISTS (SELECT 1 FROM fresh_{table} AS fresh WHERE {same_key})"  # noqa: S608
    )
    merge = f"""
        MERGE INTO {table} AS kept USING fresh_{table} AS fresh ON {same_key}
        WHEN MATCHED AND ({_row("kept", rest)}) IS DISTINCT FROM ({_row("fresh", rest)}) THEN
            UPDATE SET {", ".join(f"{name} = fresh.{name}" for name in rest)}
        WHEN NOT MATCHED THEN INSERT ({named}) VALUES ({_row("fresh", columns)})
    """  # noqa: S608
    cursor.execute(merge)


def _row(alias: str, columns: list[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in columns)


def _copy(cursor: CursorWrapper, table: str, frame: pl.DataFrame) -> None:
    """Send a frame as CSV, written by Polars in one piece: no row passes through Python. Null is an unquoted nothing."""
    text = frame.write_csv(include_header=False, null_value="\\N", quote_style="non_numeric")
    with cursor.copy(f"COPY {table} ({', '.join(frame.columns)}) FROM STDIN WITH (FORMAT csv, NULL '\\N')") as copy:
        copy.write(text)
