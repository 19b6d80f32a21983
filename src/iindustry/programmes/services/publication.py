"""A draft handed over with its trial, signed by others, and put in force.

One transaction a decision: rows, the number of the library and the ledger's entry stand together or not at all; the file
that pages read follows the commit. Invariant: nothing is in force that one person alone put there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.home import current_version
from iindustry.programmes import impact, lifecycle, published
from iindustry.programmes import programme as documents
from iindustry.programmes.documents import canonical, read
from iindustry.programmes.lifecycle import Draft, Signature, Status, Step
from iindustry.programmes.models import DraftRow
from iindustry.programmes.programme import DEFINITION, PARAMETER, PROGRAMME
from iindustry.programmes.services import editions, entries, kept, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.programmes.dry_runs import DryRun, Impact
    from iindustry.programmes.lifecycle import Identity
    from iindustry.programmes.models import EditionRow
    from iindustry.programmes.published import Library

BUNDLE = "bundle"
"""Where a trial's document holds the hash of what it rested on."""


@transaction.atomic
def submit(
    draft_id: UUID, *, dry_run: DryRun | None, actor: Actor, clock: Clock, row_version: int | None = None
) -> Draft:
    """Hand a draft over to be signed, with its dry run where it is a programme with a rule.

    A definition or a base rate is tried here, on every open programme that rests on it (`impact`).

    Raises Rejected `draft-has-faults` (count, and the first fault's line, field and code); Conflict `dry-run-absent`,
    `dry-run-old`, `dry-run-other-register`, `dry-run-other-text`, `dry-run-other-rules` where a document that it uses changed
    since the run, `publication-breaks`, `facts-being-made`, `draft-base-moved`, `edition-same`, `draft-step-out-of-order`.
    """
    row = standing.locked(draft_id, actor, row_version)
    identity = standing.identity_of(row, row.text)
    lifecycle.check_writes(identity, actor)
    standing.check_owner(identity)
    status = lifecycle.after(Status(row.status), Step.SUBMIT)
    standing.refuse_faults(row.text)
    standing.check_base(row, identity)
    if published.edition_of(row.text).version in {one.version for one in standing.known(identity)[:1]}:
        raise Conflict("edition-same", name=row.name)
    row.text_version = published.edition_of(row.text).version
    if identity.schema == PROGRAMME:
        _take_run(row, dry_run, clock)
    elif identity.schema in impact.SHARED:
        _keep_trial(
            row, impact.impact(row.text, home=settings.HOME, as_of=clock.today(), library_on=_library_on), clock
        )
    row.status, row.submitted_at = status, clock.now()
    row.makers = sorted({*row.makers, str(actor.person_id)})
    entries.record(
        row, "programme.submitted", actor, clock, version=row.text_version, register=row.dry_run_register,
        dry_run="" if row.dry_run is None else entries.digest(canonical(row.dry_run).decode()),
    )  # fmt: skip
    return kept.draft_of(row, identity)


@transaction.atomic
def publish(draft_id: UUID, *, actor: Actor, clock: Clock, row_version: int | None = None) -> Draft:
    """Sign a submitted draft; with the last signature wanting it is in force from this moment.

    A draft that still waits for another's signature comes back `submitted`, with `waits_for`. Raises Denied
    `draft-own-work`, `draft-signed-already`, `draft-not-yours`; Conflict as `submit`, `dry-run-other-rules` where a
    definition, parameter or programme that its trial rests on is another by now, `publication-breaks` where a document in force could no
    longer be read.
    """
    number = kept.next_number()  # first: it holds back other decisions, so that what is checked below stays so
    row = standing.locked(draft_id, actor, row_version)
    identity = standing.identity_of(row, row.text)
    lifecycle.after(Status(row.status), Step.SIGN)
    standing.check_owner(identity)
    signer = lifecycle.signs_as(identity, actor, makers=frozenset(row.makers), signed=kept.signatures_of(row))
    _check_trial(row, identity, clock)
    standing.check_base(row, identity)
    kept.keep_signature(row, Signature(str(actor.person_id), str(actor.organisation), signer, clock.now()))
    row = DraftRow.objects.prefetch_related("signatures").get(id=row.id)
    if lifecycle.waits_for(identity, kept.signatures_of(row)):
        entries.record(row, "programme.signed", actor, clock, version=row.text_version, signer=signer.value)
        return kept.draft_of(row, identity)
    row.status = lifecycle.after(Status(row.status), Step.PUBLISH)
    edition = _put_in_force(row, number, clock)
    row.edition_id = edition.id
    entries.record(
        row, "programme.published", actor, clock, version=row.text_version, edition=str(edition.id), number=number,
        signer=signer.value, makers=list(row.makers), register=row.dry_run_register,
        dry_run="" if row.dry_run is None else entries.digest(canonical(row.dry_run).decode()),
    )  # fmt: skip
    return kept.draft_of(row, identity)


def _put_in_force(row: DraftRow, number: int, clock: Clock) -> EditionRow:
    one = published.edition_of(row.text)
    days = (one.valid_from, one.valid_to)
    document = editions.document(row.schema, row.name)
    now = editions.supersede(document, number, clock, lambda standing: lifecycle.left_of(standing, one))
    edition = editions.edition(document, one, days, now=now, number=number, draft_id=row.id)
    found = kept.kept()
    for day in sorted({clock.today(), one.valid_from or clock.today()}):
        try:
            published.load_editions(published.chosen_of(found, day, None))
        except Rejected as fault:
            where = str(fault.facts.get("field", ""))
            raise Conflict("publication-breaks", cause=fault.code, field=where, day=day.isoformat()) from fault
    return edition


def _check_trial(row: DraftRow, identity: Identity, clock: Clock) -> None:
    """A signature stands under what was tried: on this register, lately, and by documents that are still in force."""
    rests_on = _RESTS_ON.get(identity.schema)
    if rests_on is None:
        return
    lifecycle.check_dry_run(
        row.dry_run_on, row.dry_run_register, today=clock.today(), current=current_version(settings.HOME)
    )
    if row.dry_run is None or row.dry_run.get(BUNDLE) != rests_on(row.text, clock):
        raise Conflict("dry-run-other-rules", name=row.name)


def _take_run(row: DraftRow, dry_run: DryRun | None, clock: Clock) -> None:
    if dry_run is None:
        raise Conflict("dry-run-absent")
    if dry_run.programme_version != row.text_version:
        raise Conflict("dry-run-other-text")
    if dry_run.bundle != _bundle(row.text, clock):
        raise Conflict("dry-run-other-rules", name=row.name)
    _keep_trial(row, dry_run, clock)


def _keep_trial(row: DraftRow, trial: DryRun | Impact, clock: Clock) -> None:
    lifecycle.check_dry_run(trial.as_of, trial.version, today=clock.today(), current=current_version(settings.HOME))
    row.dry_run = trial.document()
    row.dry_run_register, row.dry_run_on = trial.version, trial.as_of


def _library_on(day: date) -> Library:
    """What holds on a day, by the rows."""
    found = kept.kept()
    return published.load_editions(
        published.chosen_of(found, day, None), [one for one in found.suspensions if one.holds(None)]
    )


def _bundle(text: str, clock: Clock) -> str:
    """The hash of all that the answers of a programme rest on today, by the rows: its text, definitions and parameters.

    Raises Conflict `publication-breaks` where it can no longer be read beside what is in force.
    """
    try:
        within = _library_on(clock.today())
        return published.bundle_of(documents.programme(read(text)[0], within.shelf), within).version
    except Rejected as fault:
        where = str(fault.facts.get("field", ""))
        raise Conflict("publication-breaks", cause=fault.code, field=where, day=clock.today().isoformat()) from fault


def _touched(text: str, clock: Clock) -> str:
    """The hash of the programmes that a definition or base rate touches, as they are and as they would be, by the rows."""
    return impact.rests_on(impact.touched(text, as_of=clock.today(), library_on=_library_on)[1])


_RESTS_ON: Mapping[str, Callable[[str, Clock], str]] = {PROGRAMME: _bundle, DEFINITION: _touched, PARAMETER: _touched}
"""What the trial of a document rests on, by schema; a card and the order of the list are signed without one."""
