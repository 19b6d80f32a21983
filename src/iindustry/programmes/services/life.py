"""The life of a document: drafted, submitted with its dry run, signed by others, published; suspended, resumed, ended.

One transaction a decision: rows, the number of the library and the ledger's entry stand together or not at all; the file
that pages read follows the commit. Invariant: nothing is in force that one person alone put there.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from iindustry.kernel.errors import Conflict, Denied, NotFound, Rejected
from iindustry.kernel.home import current_version
from iindustry.ledger import services as ledger
from iindustry.programmes import checking, lifecycle, published
from iindustry.programmes import programme as documents
from iindustry.programmes.amounts import LAST_DAY
from iindustry.programmes.documents import canonical, read
from iindustry.programmes.lifecycle import Draft, Identity, Signature, Status, Step, Subject
from iindustry.programmes.models import DocumentRow, DraftRow, EditionRow, SuspensionRow
from iindustry.programmes.programme import CARD, PROGRAMME
from iindustry.programmes.services import kept
from iindustry.programmes.shape import Suspension

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.programmes.keeping import Edition
    from iindustry.programmes.simulate import DryRun

AN_INSTANT = timedelta(microseconds=1)
MOST_LISTED = 200
MOST_TEXT = 4_000
BUNDLE = "bundle"
"""Beside the counts of a dry run: the hash of what it rested on when it was handed over."""
SHARED_NAMES = {PROGRAMME: CARD, CARD: PROGRAMME}
"""Schemas whose documents are found by one id, whichever they are of."""
Days: TypeAlias = tuple[date | None, date | None]


@transaction.atomic
def save_draft(
    text: str, *, actor: Actor, clock: Clock, draft_id: UUID | None = None, row_version: int | None = None
) -> Draft:
    """Keep a draft, faults and all: a new one, or the text of one that stands. One document a draft.

    Raises Rejected `rule-…` where a new text does not say what it is, `draft-one-document`, `draft-other-document`,
    `draft-name-taken`; Denied `draft-not-yours`, also where the document is another owner's already; Conflict `draft-step-out-of-order`, `draft-changed-meanwhile`.
    """
    if draft_id is None:
        identity = checking.identity_of(text)
        lifecycle.check_writes(identity, actor)
        _check_owner(identity)
        row = DraftRow(
            schema=identity.schema, name=identity.name, owner=identity.owner, maker=str(actor.person_id),
            base_version=_base(identity), status=Status.DRAFT, made_at=clock.now(), row_version=0,
        )  # fmt: skip
    else:
        row = _locked(draft_id, actor, row_version)
        identity = _identity(row, text)
        lifecycle.check_writes(identity, actor)
        _check_owner(identity)
        row.signatures.all().delete()
    row.status = lifecycle.after(Status(row.status), Step.SAVE)
    row.text, row.subject = text, identity.subject.value
    row.text_version, row.dry_run, row.dry_run_register, row.dry_run_on, row.reason = "", None, "", None, ""
    row.makers = sorted({*row.makers, str(actor.person_id)})
    _record(row, "programme.drafted", actor, clock, text=_digest(text))
    return kept.draft_of(row)


def get_draft(draft_id: UUID, *, actor: Actor) -> Draft:
    """One draft. NotFound `draft-absent`, also for one that this actor may not read."""
    row = DraftRow.objects.filter(id=draft_id).prefetch_related("signatures").first()
    if row is None or not lifecycle.may_read(row.owner, actor):
        raise NotFound("draft-absent")
    return kept.draft_of(row, _identity_or_said(row))


def list_drafts(*, actor: Actor, status: Status | str | None = None, limit: int = 50) -> list[Draft]:
    """Drafts that an actor may read, the one changed last first."""
    rows = DraftRow.objects.prefetch_related("signatures").order_by("-changed_at", "-id")
    if not lifecycle.reads_all(actor):
        if not lifecycle.may_read(actor.organisation or "", actor):
            return []
        rows = rows.filter(owner=actor.organisation)
    if status is not None:
        rows = rows.filter(status=str(status))
    return [kept.draft_of(row, _identity_or_said(row)) for row in rows[: min(limit, MOST_LISTED)]]


@transaction.atomic
def submit(
    draft_id: UUID, *, dry_run: DryRun | None, actor: Actor, clock: Clock, row_version: int | None = None
) -> Draft:
    """Hand a draft over to be signed, with its dry run where it is a programme with a rule.

    Raises Rejected `draft-has-faults` (count, and the first fault's line, field and code); Conflict `dry-run-absent`,
    `dry-run-old`, `dry-run-other-register`, `dry-run-other-text`, `draft-base-moved`, `edition-same`,
    `draft-step-out-of-order`.
    """
    row = _locked(draft_id, actor, row_version)
    identity = _identity(row, row.text)
    lifecycle.check_writes(identity, actor)
    _check_owner(identity)
    status = lifecycle.after(Status(row.status), Step.SUBMIT)
    _refuse_faults(row.text)
    _check_base(row, identity)
    if published.edition_of(row.text).version in {one.version for one in _known(identity)[:1]}:
        raise Conflict("edition-same", name=row.name)
    row.text_version = published.edition_of(row.text).version
    if identity.schema == PROGRAMME:
        _take_run(row, dry_run, clock)
    row.status, row.submitted_at = status, clock.now()
    row.makers = sorted({*row.makers, str(actor.person_id)})
    _record(
        row, "programme.submitted", actor, clock, version=row.text_version, register=row.dry_run_register,
        dry_run="" if row.dry_run is None else _digest(canonical(row.dry_run).decode()),
    )  # fmt: skip
    return kept.draft_of(row, identity)


@transaction.atomic
def publish(draft_id: UUID, *, actor: Actor, clock: Clock, row_version: int | None = None) -> Draft:
    """Sign a submitted draft; with the last signature wanting it is in force from this moment.

    A draft that still waits for another's signature comes back `submitted`, with `waits_for`. Raises Denied
    `draft-own-work`, `draft-signed-already`, `draft-not-yours`; Conflict as `submit`, `dry-run-other-rules` where a
    definition or parameter that it uses is another by now, `publication-breaks` where a document in force could no
    longer be read.
    """
    number = kept.next_number()  # first: it holds back other decisions, so that what is checked below stays so
    row = _locked(draft_id, actor, row_version)
    identity = _identity(row, row.text)
    lifecycle.after(Status(row.status), Step.SIGN)
    _check_owner(identity)
    signer = lifecycle.signs_as(identity, actor, makers=frozenset(row.makers), signed=kept.signatures_of(row))
    if identity.schema == PROGRAMME:
        lifecycle.check_dry_run(
            row.dry_run_on, row.dry_run_register, today=clock.today(), current=current_version(settings.HOME)
        )
        if row.dry_run is None or row.dry_run.get(BUNDLE) != _bundle(row.text, clock):
            raise Conflict("dry-run-other-rules", name=row.name)
    _check_base(row, identity)
    kept.keep_signature(row, Signature(str(actor.person_id), str(actor.organisation), signer, clock.now()))
    row = DraftRow.objects.prefetch_related("signatures").get(id=row.id)
    if lifecycle.waits_for(identity, kept.signatures_of(row)):
        _record(row, "programme.signed", actor, clock, version=row.text_version, signer=signer.value)
        return kept.draft_of(row, identity)
    row.status = lifecycle.after(Status(row.status), Step.PUBLISH)
    edition = _put_in_force(row, number, clock)
    row.edition_id = edition.id
    _record(
        row, "programme.published", actor, clock, version=row.text_version, edition=str(edition.id), number=number,
        signer=signer.value, makers=list(row.makers), register=row.dry_run_register,
        dry_run="" if row.dry_run is None else _digest(canonical(row.dry_run).decode()),
    )  # fmt: skip
    return kept.draft_of(row, identity)


@transaction.atomic
def reject(draft_id: UUID, *, reason: str, actor: Actor, clock: Clock, row_version: int | None = None) -> Draft:
    """Hand a submitted draft back with a reason: whoever may sign it may reject it, its makers may not.

    Raises Rejected `reason-needed`; Denied as `publish`.
    """
    row = _locked(draft_id, actor, row_version)
    identity = _identity(row, row.text)
    status = lifecycle.after(Status(row.status), Step.REJECT)
    lifecycle.check_signs(identity, actor, makers=frozenset(row.makers))
    row.status, row.reason = status, _reason(reason)
    row.signatures.all().delete()
    _record(row, "programme.rejected", actor, clock, reason=_digest(row.reason))
    return kept.draft_of(row, identity)


@transaction.atomic
def withdraw_draft(draft_id: UUID, *, actor: Actor, clock: Clock, row_version: int | None = None) -> Draft:
    """Take a draft back for good. Whoever may write it may."""
    row = _locked(draft_id, actor, row_version)
    identity = _said_identity(row)
    lifecycle.check_writes(identity, actor)
    row.status = lifecycle.after(Status(row.status), Step.WITHDRAW)
    _record(row, "programme.withdrawn", actor, clock)
    return kept.draft_of(row)


def versions_of(programme_id: str) -> list[Edition]:
    """Every edition of a programme or card that was ever known, newest first; the packaged one last. No query.

    NotFound `programme-absent`.
    """
    return published.editions_of(programme_id)


@transaction.atomic
def suspend(programme_id: str, *, reason: str, actor: Actor, clock: Clock) -> Suspension:
    """Stop a programme for now: no applications, no yes. One officer may.

    Raises NotFound `programme-absent`; Denied `draft-not-yours`; Conflict `programme-suspended-already`.
    """
    number = kept.next_number()
    identity = _identity_in_force(programme_id)
    lifecycle.check_suspends(identity, actor)
    if SuspensionRow.objects.filter(programme_id=programme_id, ended_at=None).exists():
        raise Conflict("programme-suspended-already", programme=programme_id)
    row = SuspensionRow.objects.create(
        programme_id=programme_id, reason=_reason(reason), by=str(actor.person_id),
        organisation=str(actor.organisation), since_at=clock.now(),
    )  # fmt: skip
    _tell("programme.suspended", programme_id, actor, clock, number=number, reason=_digest(row.reason))
    return Suspension(programme_id, row.reason, row.since_at)


@transaction.atomic
def resume(programme_id: str, *, reason: str, actor: Actor, clock: Clock) -> Suspension:
    """Let a suspended programme go on: the first call asks, a second person's call ends it (`until`).

    One of the two is of the organisation that stopped it. Raises Conflict `programme-not-suspended`; Denied
    `draft-not-yours`, `resume-needs-another` for the one who asked, `resume-needs-their-side`.
    """
    number = kept.next_number()
    identity = _identity_in_force(programme_id)
    lifecycle.check_suspends(identity, actor)
    row = SuspensionRow.objects.select_for_update().filter(programme_id=programme_id, ended_at=None).first()
    if row is None:
        raise Conflict("programme-not-suspended", programme=programme_id)
    if not row.resume_by:
        row.resume_by, row.resume_organisation = str(actor.person_id), str(actor.organisation)
        row.resume_reason, row.resume_at = _reason(reason), clock.now()
        row.save(update_fields=["resume_by", "resume_organisation", "resume_reason", "resume_at"])
        _tell("programme.resume-asked", programme_id, actor, clock, reason=_digest(row.resume_reason))
        return Suspension(programme_id, row.reason, row.since_at)
    sides = frozenset({row.resume_organisation, str(actor.organisation)})
    lifecycle.check_second(row.resume_by, actor, stopped_by=row.organisation, sides=sides)
    row.ended_by, row.ended_at = str(actor.person_id), clock.now()
    row.save(update_fields=["ended_by", "ended_at"])
    _tell("programme.resumed", programme_id, actor, clock, number=number, reason=_digest(_reason(reason)))
    return Suspension(programme_id, row.reason, row.since_at, row.ended_at)


@transaction.atomic
def end_programme(programme_id: str, *, last_day: date, reason: str, actor: Actor, clock: Clock) -> Edition:
    """Let a programme end on a day, today at the earliest; what was known before stays known as it was.

    One officer may, as with a suspension: it only takes away. Raises Rejected `last-day-past`, `last-day-late`.
    """
    number = kept.next_number()
    identity = _identity_in_force(programme_id)
    lifecycle.check_suspends(identity, actor)
    if last_day < clock.today():
        raise Rejected("last-day-past", field="last_day", day=last_day.isoformat())
    known = [one for one in _known(identity) if one.holds(last_day) and one.valid_to != last_day]
    if not known or last_day > LAST_DAY:
        raise Rejected("last-day-late", field="last_day", day=last_day.isoformat())
    document = _document(identity.schema, programme_id)
    _supersede(document, number, clock, lambda one: lifecycle.until(one, last_day))
    _tell(
        "programme.ended", programme_id, actor, clock, number=number, last_day=last_day.isoformat(),
        reason=_digest(_reason(reason)), version=known[0].version,
    )  # fmt: skip
    return replace(known[0], valid_to=last_day)


def _put_in_force(row: DraftRow, number: int, clock: Clock) -> EditionRow:
    one = published.edition_of(row.text)
    days = (one.valid_from, one.valid_to)
    document = _document(row.schema, row.name)
    now = _supersede(document, number, clock, lambda standing: lifecycle.left_of(standing, one))
    edition = _edition(document, one, days, now=now, number=number, draft_id=row.id)
    found = kept.kept()
    for day in sorted({clock.today(), one.valid_from or clock.today()}):
        try:
            published.load_editions(published.chosen_of(found, day, None))
        except Rejected as fault:
            where = str(fault.facts.get("field", ""))
            raise Conflict("publication-breaks", cause=fault.code, field=where, day=day.isoformat()) from fault
    return edition


def _document(schema: str, name: str) -> DocumentRow:
    DocumentRow.objects.get_or_create(schema=schema, name=name)
    return DocumentRow.objects.select_for_update().get(schema=schema, name=name)


def _supersede(document: DocumentRow, number: int, clock: Clock, left: Callable[[Edition], list[Days]]) -> datetime:
    """What was known until this moment stays so; what is `left` of each edition is known from now on. The moment."""
    rows = list(document.editions.select_related("document").filter(known__endswith=None).order_by("id"))
    standing = [(row, kept.edition_of(row)) for row in rows]
    latest = max((one.known_from for _, one in standing if one.known_from is not None), default=None)
    now = clock.now() if latest is None else max(clock.now(), latest + AN_INSTANT)  # also where a clock was set back
    for row, one in standing:
        pieces = left(one)
        if pieces == [(one.valid_from, one.valid_to)]:
            continue
        row.known = DateTimeTZRange(row.known.lower, now)
        row.save(update_fields=["known"])
        for piece in pieces:
            _edition(document, one, piece, now=now, number=number, draft_id=one.draft_id)
    if document.since is None:
        for one in published.seeds():
            if (one.schema, one.name) == (document.schema, document.name):
                for piece in left(one):
                    _edition(document, one, piece, now=now, number=number, draft_id=None)
        document.since = now
        document.save(update_fields=["since"])
    return now


def _edition(
    document: DocumentRow, one: Edition, days: Days, *, now: datetime, number: int, draft_id: UUID | None
) -> EditionRow:
    upper = None if days[1] is None else days[1] + kept.ONE_DAY
    return EditionRow.objects.create(
        document=document, text=one.text, version=one.version, valid=DateRange(days[0], upper),
        known=DateTimeTZRange(now, None), number=number, draft_id=draft_id,
    )  # fmt: skip


def _locked(draft_id: UUID, actor: Actor, row_version: int | None) -> DraftRow:
    row = DraftRow.objects.select_for_update().filter(id=draft_id).first()
    if row is None or not lifecycle.may_read(row.owner, actor):
        raise NotFound("draft-absent")
    if row_version is not None and row_version != row.row_version:
        raise Conflict("draft-changed-meanwhile")
    return row


def _identity(row: DraftRow, text: str) -> Identity:
    """What a text is; it must be the document that the draft is of. A text that cannot be read is taken for that."""
    try:
        found = checking.identity_of(text)
    except Rejected as fault:
        if fault.code == "draft-one-document":
            raise
        return _said_identity(row)
    if (found.schema, found.name, found.owner) != (row.schema, row.name, row.owner):
        raise Rejected("draft-other-document", field="document", name=row.name)
    return found


def _said_identity(row: DraftRow) -> Identity:
    """What a draft is by its row: its text cannot be read, so every signature may be wanted."""
    subject = Subject(row.subject)
    return Identity(row.schema, row.name, row.owner, subject, claims_line=subject is Subject.PRODUCT)


def _identity_or_said(row: DraftRow) -> Identity:
    try:
        return _identity(row, row.text)
    except Rejected:
        return _said_identity(row)


def _identity_in_force(programme_id: str) -> Identity:
    return checking.identity_of(published.text_of(programme_id))


def _check_owner(identity: Identity) -> None:
    """A document stays with the owner that its newest text names; a programme and a card never share a name.

    Raises Denied `draft-not-yours`, Rejected `draft-name-taken`.
    """
    other = SHARED_NAMES.get(identity.schema)
    if other is not None and _ever(other, identity.name):
        raise Rejected("draft-name-taken", field="programme", name=identity.name)
    before = _known(identity) or _ever(identity.schema, identity.name)
    if before and (owner := checking.identity_of(before[0].text).owner) != identity.owner:
        raise Denied("draft-not-yours", owner=owner)


def _ever(schema: str, name: str) -> list[Edition]:
    """Every edition of a document that was ever known, by the rows, the newest first; the packaged one last."""
    own = [one for one in kept.kept().editions if (one.schema, one.name) == (schema, name)]
    own.sort(key=lambda one: (one.number, one.valid_from or date.min), reverse=True)
    return own + [one for one in published.seeds() if (one.schema, one.name) == (schema, name)]


def _known(identity: Identity) -> list[Edition]:
    """The editions of a document that are known now, by the rows; the one published last first."""
    found = kept.kept()
    key = (identity.schema, identity.name)
    among = found.editions if key in found.since else published.seeds()
    own = [one for one in among if (one.schema, one.name) == key and one.was_known(None)]
    return sorted(own, key=lambda one: (one.number, one.valid_from or date.min), reverse=True)


def _base(identity: Identity) -> str:
    """On what a draft rests: the newest edition that is known, by id, as one text may be known for other days later."""
    for one in _known(identity):
        return one.version if one.edition_id is None else str(one.edition_id)
    return ""


def _check_base(row: DraftRow, identity: Identity) -> None:
    if row.base_version != _base(identity):
        raise Conflict("draft-base-moved", name=row.name)


def _refuse_faults(text: str) -> None:
    found = checking.check(text)
    if found.faults:
        first = found.faults[0]
        raise Rejected(
            "draft-has-faults", count=len(found.faults), line=first.line, field=first.field, fault=first.code
        )


def _take_run(row: DraftRow, dry_run: DryRun | None, clock: Clock) -> None:
    if dry_run is None:
        raise Conflict("dry-run-absent")
    if dry_run.programme_version != row.text_version:
        raise Conflict("dry-run-other-text")
    row.dry_run = {**dry_run.document(), BUNDLE: _bundle(row.text, clock)}
    row.dry_run_register, row.dry_run_on = dry_run.version, clock.today()
    lifecycle.check_dry_run(dry_run.as_of, dry_run.version, today=clock.today(), current=current_version(settings.HOME))


def _bundle(text: str, clock: Clock) -> str:
    """The hash of all that the answers of a programme rest on today, by the rows: its text, definitions and parameters.

    Raises Conflict `publication-breaks` where it can no longer be read beside what is in force.
    """
    try:
        within = published.load_editions(published.chosen_of(kept.kept(), clock.today(), None))
        return published.bundle_of(documents.programme(read(text)[0], within.shelf), within).version
    except Rejected as fault:
        where = str(fault.facts.get("field", ""))
        raise Conflict("publication-breaks", cause=fault.code, field=where, day=clock.today().isoformat()) from fault


def _reason(text: str) -> str:
    said = text.strip()
    if not said or len(said) > MOST_TEXT:
        raise Rejected("reason-needed", field="reason", most=MOST_TEXT)
    return said


def _record(row: DraftRow, kind: str, actor: Actor, clock: Clock, **facts: str | int | list[str]) -> None:
    row.row_version += 1
    row.changed_at = clock.now()
    row.save()
    _tell(kind, row.name, actor, clock, draft=str(row.id), schema=row.schema, owner=row.owner, **facts)


def _tell(kind: str, name: str, actor: Actor, clock: Clock, **facts: str | int | list[str]) -> None:
    ledger.append(kind, actor=actor, at=clock.now(), subject=name, document=name, **facts)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
