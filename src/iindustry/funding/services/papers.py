"""Papers: asked by the lender from a standard list, supplied by the owner as a file, read by the lender under the consent.

Invariant: a file lies under a random name, on disk before its row says so; the owner's file name is kept nowhere.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from django.db import transaction

from iindustry.funding import papers, permissions
from iindustry.funding.models import PaperRow
from iindustry.funding.moves import Side, Status, Step
from iindustry.funding.services.read import seen
from iindustry.funding.services.rows import (
    Act,
    Announce,
    application_of,
    desk_act,
    hear,
    is_done,
    locked,
    moved,
    nobody,
    noted,
)
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.protection import services as protection

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path
    from uuid import UUID

    from iindustry.funding.application import Application
    from iindustry.funding.models import ApplicationRow
    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home

_CHUNK = 64 * 1024
_LONGEST_WORDS = 500
_FIRST = 16


class Readable(Protocol):
    """A file that comes in: bytes, a piece at a time."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A supplied file to serve as an attachment. `download_name` is ours: code and extension."""

    path: Path
    media_type: str
    download_name: str


@desk_act
def ask_paper(
    application_id: UUID,
    code: str,
    *,
    words: str,
    due_on: date,
    actor: Actor,
    clock: Clock,
    announce: Announce = nobody,
    key: UUID | None = None,
    version: int | None = None,
) -> Application:
    """Ask the owner for one paper of the standard list; the lender's clock stops.

    Rejected: `paper-unknown`, `paper-due-in-past`. Conflict: `paper-asked-already`.
    """
    act = Act(
        actor, clock, announce, key=key, version=version, words=words.strip()[:_LONGEST_WORDS], facts={"paper": code}
    )
    row, side = locked(application_id, act)
    if is_done(act, "ask_paper", row, code, act.words, due_on):
        return application_of(row)
    if code not in papers.ASKED:
        raise Rejected("paper-unknown", field="code")
    if due_on <= clock.today():
        raise Rejected("paper-due-in-past", field="due_on")
    hear(row, Step.ASK_PAPER, act)
    if PaperRow.objects.filter(application=row, code=code, supplied_at=None).exists():
        raise Conflict("paper-asked-already", reference=row.reference)
    row.papers_asked_at = row.papers_asked_at or clock.now()
    moved(row, Step.ASK_PAPER, act, side)
    PaperRow.objects.create(
        application=row, code=code, words=act.words, asked_at=clock.now(), asked_by=act.person_id, due_on=due_on
    )
    return application_of(row)


def supply_paper(
    paper_id: UUID,
    file: Readable,
    *,
    filename: str,
    size_bytes: int,
    actor: Actor,
    home: Home,
    clock: Clock,
    announce: Announce = nobody,
) -> Application:
    """Take the file for one paper asked for; when it was the last open one, the lender's clock runs again.

    The same file again is taken as done. `filename` is used for its extension only.
    NotFound: `paper-not-asked`. Conflict: `paper-supplied-already`. Rejected: `paper-empty`, `paper-too-large`, `paper-type`, `paper-extension`.
    """
    paper = PaperRow.objects.filter(id=paper_id).first()
    if paper is None:
        raise NotFound("paper-not-asked")
    row = seen(paper.application_id, actor)
    if permissions.SIDE_OF[actor.role] is not Side.ENTERPRISE:
        raise NotFound("paper-not-asked")
    first = file.read(_FIRST)
    kind = papers.kind_of(first, filename, size_bytes)
    stored = _store(first, file, home, row, kind.extensions[0])
    try:
        return _supplied(paper_id, stored, kind.media_type, Act(actor, clock, announce))
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise


def open_paper(
    paper_id: UUID, *, actor: Actor, home: Home, clock: Clock, application_id: UUID | None = None
) -> PaperFile:
    """A supplied file, for the owner's side or for the lender as `protection` decides; a lender's look is recorded first.

    `application_id`: the case that an address names beside the paper. NotFound: `paper-not-asked`, also where nothing was
    supplied or the paper is of another case; `application-unknown`. Denied: the reason of `protection` (`consent-revoked` …).
    """
    paper = PaperRow.objects.select_related("application").filter(id=paper_id, supplied_at__isnull=False).first()
    if paper is None or paper.stored_name is None or paper.media_type is None:
        raise NotFound("paper-not-asked")
    if application_id not in {None, paper.application_id}:
        raise NotFound("paper-not-asked")
    row = paper.application
    permissions.check_sees(actor, application_of(row))
    if permissions.SIDE_OF[actor.role] is Side.LENDER:
        if row.consent_id is None:
            raise NotFound("paper-not-asked")
        protection.disclose_paper(
            row.enterprise_id, recipient=row.lender, consent_id=row.consent_id, application_id=row.id, paper_id=paper.id,
            actor=actor, clock=clock,
        )  # fmt: skip
    extension = paper.stored_name.rsplit(".", 1)[-1]
    return PaperFile(_folder(home, row) / paper.stored_name, paper.media_type, f"{paper.code}.{extension}")


@dataclass(frozen=True, slots=True)
class _Stored:
    path: Path
    sha256: str
    size_bytes: int


@transaction.atomic
def _supplied(paper_id: UUID, stored: _Stored, media_type: str, act: Act) -> Application:
    paper = PaperRow.objects.get(id=paper_id)
    row, side = locked(paper.application_id, act)
    paper = PaperRow.objects.select_for_update().get(id=paper_id)
    if paper.supplied_at is not None:
        if paper.sha256 != stored.sha256:
            raise Conflict("paper-supplied-already", reference=row.reference)
        stored.path.unlink(missing_ok=True)
        return application_of(row)
    if row.status != Status.PAPERS_ASKED:
        raise Conflict("step-out-of-order", now=row.status, step=Step.SUPPLY_PAPER.value)
    paper.supplied_at, paper.supplied_by = act.clock.now(), act.person_id
    paper.stored_name, paper.media_type = stored.path.name, media_type
    paper.sha256, paper.size_bytes = stored.sha256, stored.size_bytes
    paper.save()
    act = replace(act, facts={"paper": paper.code, "digest": stored.sha256})
    if PaperRow.objects.filter(application=row, supplied_at=None).exists():
        noted(row, Step.SUPPLY_PAPER.value, act, side)
    else:
        moved(row, Step.SUPPLY_PAPER, act, side)
    act.announce(
        "application.documents-added", str(row.id), recipient=row.lender, application_id=str(row.id), paper=paper.code, sha256=stored.sha256
    )  # fmt: skip
    return application_of(row)


def _store(first: bytes, rest: Readable, home: Home, row: ApplicationRow, extension: str) -> _Stored:
    folder = _folder(home, row)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{secrets.token_hex(16)}{extension}"
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as out:
        chunk = first
        while chunk:
            size += len(chunk)
            digest.update(chunk)
            out.write(chunk)
            if size > papers.LARGEST_BYTES:
                path.unlink()
                raise Rejected("paper-too-large", field="file", megabytes=papers.LARGEST_BYTES // 1024 // 1024)
            chunk = rest.read(_CHUNK)
        out.flush()
        os.fsync(out.fileno())
    path.chmod(0o600)
    return _Stored(path, digest.hexdigest(), size)


def _folder(home: Home, row: ApplicationRow) -> Path:
    return home.uploads / str(row.id)
