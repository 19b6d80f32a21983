"""What a publication keeps of a run: the queue, redirects and the journal; and what the next run needs of the last."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import connection, transaction

from iindustry.kernel.home import current_version
from iindustry.kernel.ids import new_id
from iindustry.linkage.acts import MemberRow
from iindustry.linkage.models import LinkModel, Redirect, ReviewPair
from iindustry.linkage.outcome import PRIOR, SIDES
from iindustry.linkage.services.looking_up import keep_made, keep_model, keep_rows
from iindustry.linkage.services.reshaping import lock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl
    from django.db.backends.utils import CursorWrapper

    from iindustry.kernel.home import Home
    from iindustry.linkage.acts import Plan
    from iindustry.linkage.delta import Change
    from iindustry.linkage.outcome import Linked, LinkState

_DELIVERIES = "deliveries.json"
_OWNED = ["source", "record_key", "enterprise_id"]
_MOST_TRIES = 3
_LAID = {"profiles": "laid_profiles", "of_record": "laid_records", "edges": "laid_edges"}
_REVIEW = (
    "left_source",
    "left_key",
    "right_source",
    "right_key",
    "match_weight",
    "match_probability",
    "reason",
    "value",
)

_SQL_REVIEW = """
COPY linkage_reviewpair (pair_id, left_source, left_key, right_source, right_key, match_weight, match_probability,
                         reason, value, left_province, right_province, comparison, parts, stakes, version) FROM STDIN
"""
_SQL_JOURNAL = """
COPY linkage_journal (version, what, subject_id, other_id, record_count, ground, match_weight) FROM STDIN
"""
# An id that stood for others and is merged away itself takes them along: every redirect stays one hop.
_SQL_FLATTEN = """
UPDATE linkage_redirect AS earlier SET new_id = later.new_id
FROM linkage_redirect AS later WHERE earlier.new_id = later.old_id
"""


def redirected(old_id: str) -> str | None:
    """The id that stands for one that was merged away, or None."""
    row = Redirect.objects.filter(old_id=old_id).order_by("old_id").first()
    return row.new_id if row else None


def earlier_members(home: Home) -> pl.DataFrame | None:
    """Members of the version in force, with the juristic id of each enterprise, as `link` takes them; None at first."""
    import polars as pl

    version = current_version(home)
    if version is None:
        return None
    folder = home.register / version
    holders = pl.read_parquet(folder / "enterprises.parquet", columns=["enterprise_id", "juristic_id"])
    return pl.read_parquet(folder / "members.parquet").join(holders, on="enterprise_id", how="left")


def current_review() -> pl.DataFrame:
    """The queue of the version in force, as `Linked.review` had it."""
    import polars as pl

    from iindustry.linkage.comparisons import COMPARISONS

    names = [one.name for one in COMPARISONS]
    places = ("left_province", "right_province")
    rows = [
        {
            **{name: getattr(row, name) for name in (*SIDES, "match_weight", "match_probability", "reason")},
            **{name: getattr(row, name) or None for name in places},
            "comparison": row.comparison, "bits": row.parts, "value": row.value,
        }
        for row in ReviewPair.objects.order_by("-value", *SIDES)
    ]  # fmt: skip
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        **dict.fromkeys(SIDES, pl.Utf8), "match_weight": pl.Float64, "match_probability": pl.Float64,
        "reason": pl.Utf8, **dict.fromkeys(places, pl.Utf8),
        "comparison": pl.Struct(dict.fromkeys(names, pl.Utf8)),
        "bits": pl.Struct(dict.fromkeys((*names, PRIOR), pl.Float64)), "value": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def review_of(records: pl.DataFrame) -> pl.DataFrame:
    """SIDES of the pairs of the queue that name one of some records (source, record_key)."""
    import polars as pl

    rows = pl.DataFrame(
        list(ReviewPair.objects.order_by(*SIDES).values_list(*SIDES)),
        schema=dict.fromkeys(SIDES, pl.Utf8),
        orient="row",
    )
    keys = records.select("source", "record_key").unique()
    found = [
        rows.join(keys, left_on=[f"{side}_source", f"{side}_key"], right_on=["source", "record_key"], how="semi")
        for side in ("left", "right")
    ]
    return pl.concat(found).unique().sort(SIDES)


def change_of(plan: Plan, *, home: Home) -> Change:
    """What a plan changes of the version in force: its records moved, nothing scored anew. Redirects are the act's own."""
    import polars as pl

    from iindustry.linkage import delta, lasting, members

    folder = home.register / plan.version
    before = pl.read_parquet(folder / "members.parquet")
    kinds = {name: before.schema[name] for name in MemberRow._fields}
    ids = sorted({id_ for one in plan.moves for id_ in (one.before.enterprise_id, one.after.enterprise_id)})
    moved = pl.DataFrame([one.after for one in plan.moves], schema=kinds, orient="row").select(before.columns)
    rest = before.join(moved, on=["source", "record_key"], how="anti")
    was = before.join(moved, on=["source", "record_key"], how="semi")
    no_redirects = pl.DataFrame(schema={"old_id": pl.Utf8, "new_id": pl.Utf8})
    review = current_review().clear()
    return delta.Change(
        members=pl.concat([moved, rest.filter(pl.col("enterprise_id").is_in(ids))]).sort("source", "record_key"),
        touched=pl.Series("enterprise_id", ids, dtype=pl.Utf8),
        gone=pl.DataFrame(schema={"source": pl.Utf8, "record_key": pl.Utf8}),
        review_added=review,
        review_gone=review.select(SIDES),
        redirects=no_redirects,
        journal=lasting.journal(moved, was),
        quality=members.counts(pl.concat([rest, moved])),
        state=None,
        base=plan.version,
    )


def keep_deliveries(deliveries: Sequence[str], *, version: str, home: Home) -> None:
    """Remember which deliveries a version was made of: what is not among them is new to the next delta."""
    folder = home.linkage / version
    if folder.exists():
        part = folder / f".deliveries-{new_id()}"
        part.write_text(json.dumps(sorted(deliveries)), encoding="ascii")
        _sync(part)
        part.rename(folder / _DELIVERIES)
        _sync(folder)


def deliveries_of(version: str, *, home: Home) -> list[str] | None:
    """The deliveries a version was made of; None where it was not kept."""
    path = home.linkage / version / _DELIVERIES
    return list(json.loads(path.read_text(encoding="ascii"))) if path.exists() else None


def save_state(linked: Linked | Change, *, home: Home, version: str, deliveries: Sequence[str] | None = None) -> None:
    """Keep what the next run of changes, the cluster view and the look-up need, beside the version: whole or not at all."""
    _save_state(linked, home, version)
    if deliveries is not None:
        keep_deliveries(deliveries, version=version, home=home)


def _save_state(linked: Linked | Change, home: Home, version: str) -> None:
    if linked.state is None:
        return
    state, folder = linked.state, home.linkage / version
    if folder.exists():
        return
    making = home.linkage / f".making-{new_id()}"
    (making / "frequencies").mkdir(parents=True)
    for name, laid in _LAID.items():
        getattr(state, laid).write_parquet(making / f"{name}.parquet")
    for column, frame in state.frequencies.items():
        frame.write_parquet(making / "frequencies" / f"{column}.parquet", compression="zstd")
    kept = {"model": asdict(state.model), "numbered": state.count_numbered()}
    (making / "model.json").write_text(json.dumps(kept, sort_keys=True), encoding="utf-8")
    for path in (*sorted(making.rglob("*")), making):
        _sync(path)
    making.rename(folder)
    _sync(home.linkage)


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk: the version that comes into force rests on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def load_state(*, home: Home, version: str) -> LinkState | None:
    """What `save_state` kept beside a version; None where nothing was kept."""
    import polars as pl

    from iindustry.linkage.aside import Held
    from iindustry.linkage.model import Model
    from iindustry.linkage.outcome import LinkState

    folder = home.linkage / version
    if not folder.exists():
        return None
    kept = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    return LinkState(
        **{laid: Held(pl.read_parquet(folder / f"{name}.parquet")) for name, laid in _LAID.items()},
        model=Model(**kept["model"]),
        frequencies={path.stem: pl.read_parquet(path) for path in sorted((folder / "frequencies").glob("*.parquet"))},
        numbered=kept["numbered"],
    )


def carry_state(old: str, new: str, *, home: Home) -> None:
    """An act changes no score: the next version shares the state of the one before. Whole or not at all."""
    source, target = home.linkage / old, home.linkage / new
    if source.exists() and not target.exists():
        making = home.linkage / f".making-{new_id()}"
        shutil.copytree(source, making, copy_function=os.link)
        making.rename(target)


def record_run(linked: Linked, *, version: str) -> None:
    """Replace the queue, add redirects and journal rows, inside the caller's transaction.

    The rows of look-ups follow after it (`refresh_look_ups`); until then those of the version before answer, by redirects.
    Raises RuntimeError outside one: the queue and the version it speaks of change together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record_run belongs inside the publication's transaction")
    ReviewPair.objects.all().delete()
    with connection.cursor() as cursor:
        _copy_review(cursor, linked.review, version)
        _copy_journal(cursor, linked.journal, version)
        _add_redirects(cursor, linked.redirects, version)


def refresh_look_ups(*, home: Home) -> bool:
    """Make the rows of look-ups those of the version in force, where they are of another; whether anything was written.

    After a whole run, in a transaction of its own that no publication waits for; rows are made before it, a part at a time.
    Killed, the earlier rows answer and the next call begins anew; an act or a delta that comes between makes it begin again.
    """
    import polars as pl

    from iindustry.linkage import lookup

    for _ in range(_MOST_TRIES):
        version = current_version(home)
        if version is None or LinkModel.objects.filter(version=version).exists():
            return False
        state = load_state(home=home, version=version)
        if state is None:
            return False
        folder = home.linkage / f".look-ups-{new_id()}"
        folder.mkdir()
        try:
            members = pl.read_parquet(home.register / version / "members.parquet", columns=_OWNED)
            parts = []
            for number, rows in enumerate(lookup.link_key_parts(state, members)):
                parts.append(folder / f"{number:04d}.parquet")
                rows.write_parquet(parts[-1], compression="lz4")
            del members
            with transaction.atomic():
                lock()
                if current_version(home) == version:
                    keep_made(pl.read_parquet(path) for path in parts)
                    keep_model(state, version=version)
                    return True
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return False


def record_change(change: Change, *, version: str) -> None:
    """What a delta or an act changes of the queue, redirects, journal and look-up, inside the caller's transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("record_change belongs inside the publication's transaction")
    with connection.cursor() as cursor:
        cursor.executemany(
            f"DELETE FROM linkage_reviewpair WHERE {' AND '.join(f'{name} = %s' for name in SIDES)}",  # noqa: S608 - our own names
            list(change.review_gone.select(SIDES).iter_rows()),
        )
        _copy_review(cursor, change.review_added, version)
        _copy_journal(cursor, change.journal, version)
        _add_redirects(cursor, change.redirects, version)
    if LinkModel.objects.filter(version=change.base).exists():  # else all rows are made anew soon
        if change.state is not None:
            keep_rows(change.state, change.members, only=change.touched.to_list(), grams=change.grams)
        LinkModel.objects.filter(version=change.base).update(version=version)


def _copy_review(cursor: CursorWrapper, review: pl.DataFrame, version: str) -> None:
    from iindustry.linkage.queue import pair_ids

    with cursor.copy(_SQL_REVIEW) as copy:
        for pair_id, row in zip(pair_ids(review), review.iter_rows(named=True), strict=True):
            places = (row.get(f"{side}_province") or "" for side in ("left", "right"))
            said = (json.dumps(row.get(name) or {}, ensure_ascii=False) for name in ("comparison", "bits"))
            copy.write_row((pair_id, *(row[name] for name in _REVIEW), *places, *said, 0.0, version))


def _copy_journal(cursor: CursorWrapper, journal: pl.DataFrame, version: str) -> None:
    with cursor.copy(_SQL_JOURNAL) as copy:
        for row in journal.iter_rows(named=True):
            copy.write_row((version, *row.values()))


def _add_redirects(cursor: CursorWrapper, redirects: pl.DataFrame, version: str) -> None:
    cursor.executemany(
        "INSERT INTO linkage_redirect (old_id, new_id, version) VALUES (%s, %s, %s)"
        " ON CONFLICT (old_id) DO UPDATE SET new_id = EXCLUDED.new_id, version = EXCLUDED.version",
        [(old, new, version) for old, new in redirects.select("old_id", "new_id").iter_rows()],
    )
    cursor.execute(_SQL_FLATTEN)
