"""Rows of drafts and editions as values, and the file that tells every process what is published.

The database is the truth; the file follows each commit, and the worker's beat settles what a killed process left undone.
Invariant: the file only ever moves on to a newer state of the database.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from iindustry.kernel.ids import new_id
from iindustry.programmes import published
from iindustry.programmes.keeping import Edition, Kept
from iindustry.programmes.lifecycle import Draft, Identity, Signature, Signer, Status, waits_for
from iindustry.programmes.models import DocumentRow, DraftRow, EditionRow, LibraryState, SignatureRow, SuspensionRow
from iindustry.programmes.shape import Suspension

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iindustry.kernel.home import Home

ONE_DAY = timedelta(days=1)


def draft_of(row: DraftRow, identity: Identity | None = None) -> Draft:
    """A draft with its signatures; `identity` where its text was just read."""
    signed = signatures_of(row)
    status = Status(row.status)
    return Draft(
        draft_id=row.id, schema=row.schema, name=row.name, owner=row.owner, text=row.text, base_version=row.base_version,
        status=status, row_version=row.row_version, maker=row.maker, made_at=row.made_at, changed_at=row.changed_at,
        text_version=row.text_version, submitted_at=row.submitted_at, dry_run=row.dry_run,
        dry_run_register=row.dry_run_register, dry_run_on=row.dry_run_on, signatures=signed,
        waits_for=waits_for(identity, signed) if identity is not None and status is Status.SUBMITTED else (),
        reason=row.reason, edition_id=row.edition_id,
    )  # fmt: skip


def signatures_of(row: DraftRow) -> tuple[Signature, ...]:
    """Who signed, in order of time; what a caller fetched along with the draft is not fetched again."""
    found = sorted(row.signatures.all(), key=lambda one: (one.at, one.id))
    return tuple(Signature(one.person_id, one.organisation, Signer(one.signer), one.at) for one in found)


def keep_signature(row: DraftRow, signature: Signature) -> None:
    """One more signature under a draft."""
    SignatureRow.objects.create(
        draft=row, person_id=signature.person_id, organisation=signature.organisation,
        signer=signature.signer.value, at=signature.at,
    )  # fmt: skip


def kept() -> Kept:
    """Everything that was published here, from the rows."""
    state = LibraryState.objects.filter(id=1).first()
    documents = DocumentRow.objects.filter(since__isnull=False).order_by("id")
    editions = EditionRow.objects.select_related("document").order_by("number", "id")
    return Kept(
        0 if state is None else state.number,
        MappingProxyType({(one.schema, one.name): one.since for one in documents if one.since is not None}),
        tuple(edition_of(row) for row in editions if not row.known.isempty),
        tuple(
            Suspension(row.programme_id, row.reason, row.since_at, row.ended_at)
            for row in SuspensionRow.objects.order_by("since_at", "id")
        ),
    )


def edition_of(row: EditionRow) -> Edition:
    """An edition's row as a value; days with both ends included."""
    valid, known = row.valid, row.known
    return Edition(
        schema=row.document.schema, name=row.document.name, version=row.version, text=row.text, valid_from=valid.lower,
        valid_to=None if valid.upper is None else valid.upper - ONE_DAY, known_from=known.lower, known_to=known.upper,
        edition_id=row.id, draft_id=row.draft_id, number=row.number,
    )  # fmt: skip


def next_number() -> int:
    """The next number of the library; holds back every other decision until this one commits."""
    LibraryState.objects.get_or_create(id=1)
    state = LibraryState.objects.select_for_update().get(id=1)
    state.number += 1
    state.save(update_fields=["number"])
    transaction.on_commit(settle)
    return state.number


def settle(home: Home | None = None) -> int:
    """Bring the file up to the rows, where it is behind; the number it holds then. What the worker does at each beat."""
    path = published.file_in(home or settings.HOME)
    state = LibraryState.objects.filter(id=1).first()
    if state is None:
        path.unlink(missing_ok=True)  # left by a database that is no more
        return 0
    if published.number_in(path) == state.number:
        return state.number
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path.parent):
        found = kept()
        draft = path.with_name(f".published-{new_id()}")
        with draft.open("w", encoding="utf-8") as written:
            written.write(found.written())
            written.flush()
            os.fsync(written.fileno())
        draft.replace(path)
    return found.number


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time, each reading the rows after the one before it has written."""
    with (folder / ".writing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
