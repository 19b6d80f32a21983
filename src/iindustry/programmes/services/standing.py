"""What a draft is, whose, and on what it rests, by the rows: the checks that every decision about it makes first.

Invariant: a document stays with the owner that its newest text names, and a draft with the document that it is of.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Conflict, Denied, NotFound, Rejected
from iindustry.programmes import checking, lifecycle, published
from iindustry.programmes.lifecycle import Identity, Subject
from iindustry.programmes.models import DraftRow
from iindustry.programmes.programme import CARD, PROGRAMME
from iindustry.programmes.services import kept

if TYPE_CHECKING:
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.programmes.keeping import Edition

SHARED_NAMES = {PROGRAMME: CARD, CARD: PROGRAMME}
"""Schemas whose documents are found by one id, whichever they are of."""


def locked(draft_id: UUID, actor: Actor, row_version: int | None) -> DraftRow:
    """A draft's row, locked. NotFound `draft-absent`, also for one that this actor may not read; Conflict `draft-changed-meanwhile`."""
    row = DraftRow.objects.select_for_update().filter(id=draft_id).first()
    if row is None or not lifecycle.may_read(row.owner, actor):
        raise NotFound("draft-absent")
    if row_version is not None and row_version != row.row_version:
        raise Conflict("draft-changed-meanwhile")
    return row


def identity_of(row: DraftRow, text: str) -> Identity:
    """What a text is; it must be the document that the draft is of. A text that cannot be read is taken for that."""
    try:
        found = checking.identity_of(text)
    except Rejected as fault:
        if fault.code == "draft-one-document":
            raise
        return said_identity(row)
    if (found.schema, found.name, found.owner) != (row.schema, row.name, row.owner):
        raise Rejected("draft-other-document", field="document", name=row.name)
    return found


def said_identity(row: DraftRow) -> Identity:
    """What a draft is by its row: its text cannot be read, so every signature may be wanted."""
    subject = Subject(row.subject)
    return Identity(row.schema, row.name, row.owner, subject, claims_line=subject is Subject.PRODUCT)


def identity_or_said(row: DraftRow) -> Identity:
    """What a draft is, by its text where that can be read and is of this document, else by its row."""
    try:
        return identity_of(row, row.text)
    except Rejected:
        return said_identity(row)


def identity_in_force(programme_id: str) -> Identity:
    """What a programme or card in force is. NotFound `programme-absent`."""
    return checking.identity_of(published.text_of(programme_id))


def check_owner(identity: Identity) -> None:
    """A document stays with the owner that its newest text names; a programme and a card never share a name.

    Raises Denied `draft-not-yours`, Rejected `draft-name-taken`.
    """
    other = SHARED_NAMES.get(identity.schema)
    if other is not None and ever(other, identity.name):
        raise Rejected("draft-name-taken", field="programme", name=identity.name)
    before = known(identity) or ever(identity.schema, identity.name)
    if before and (owner := checking.identity_of(before[0].text).owner) != identity.owner:
        raise Denied("draft-not-yours", owner=owner)


def ever(schema: str, name: str) -> list[Edition]:
    """Every edition of a document that was ever known, by the rows, the newest first; the packaged one last."""
    own = [one for one in kept.kept().editions if (one.schema, one.name) == (schema, name)]
    own.sort(key=lambda one: (one.number, one.valid_from or date.min), reverse=True)
    return own + [one for one in published.seeds() if (one.schema, one.name) == (schema, name)]


def known(identity: Identity) -> list[Edition]:
    """The editions of a document that are known now, by the rows; the one published last first."""
    found = kept.kept()
    key = (identity.schema, identity.name)
    among = found.editions if key in found.since else published.seeds()
    own = [one for one in among if (one.schema, one.name) == key and one.was_known(None)]
    return sorted(own, key=lambda one: (one.number, one.valid_from or date.min), reverse=True)


def base(identity: Identity) -> str:
    """On what a draft rests: the newest edition that is known, by id, as one text may be known for other days later."""
    for one in known(identity):
        return one.version if one.edition_id is None else str(one.edition_id)
    return ""


def check_base(row: DraftRow, identity: Identity) -> None:
    """Raises Conflict `draft-base-moved` where another edition came since the draft began."""
    if row.base_version != base(identity):
        raise Conflict("draft-base-moved", name=row.name)


def refuse_faults(text: str) -> None:
    """Raises Rejected `draft-has-faults` with the first fault's line, field and code."""
    found = checking.check(text)
    if found.faults:
        first = found.faults[0]
        raise Rejected(
            "draft-has-faults", count=len(found.faults), line=first.line, field=first.field, fault=first.code
        )
