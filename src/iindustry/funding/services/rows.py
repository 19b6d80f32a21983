"""How the use cases of `funding` read and write their rows: lock, once, move, tell.

Invariant: `moved` is the one place where a status is saved, always with its event and its ledger entry.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from iindustry.funding import moves, permissions
from iindustry.funding.application import (
    Application,
    Decision,
    Disbursement,
    PaperRequest,
    TimelineEntry,
)
from iindustry.funding.models import (
    ApplicationRow,
    DecisionRow,
    DisbursementRow,
    DoneRow,
    EventRow,
    PaperRow,
)
from iindustry.funding.moves import ENDS_CONSENT, FINAL, Side, Status, Step
from iindustry.funding.told import PURPOSE, SAYS
from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Conflict, Denied, NotFound
from iindustry.ledger import services as ledger
from iindustry.protection import services as protection
from iindustry.reference.holidays import working_days

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock

P = ParamSpec("P")
R = TypeVar("R")


class Announce(Protocol):
    """How a use case tells the outside: the outbox of the exchange, handed in by the entry point."""

    def __call__(self, kind: str, subject: object, **facts: object) -> None:
        """Tell that something happened; called inside the transaction of the act."""
        ...


def nobody(kind: str, subject: object, **facts: object) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something to an application, when, by which channel, under which key, seen at which version."""

    actor: Actor
    clock: Clock
    announce: Announce = nobody
    key: UUID | None = None
    version: int | None = None
    words: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def by_system(self) -> bool:
        """Whether a bank's system acts."""
        return self.actor.role is Role.BANK_SYSTEM

    @property
    def person_id(self) -> UUID | None:
        """The person who acts, None for a system."""
        return UUID(self.actor.person_id) if self.actor.person_id and not self.by_system else None


def locked(application_id: UUID, act: Act) -> tuple[ApplicationRow, Side]:
    """The row, locked until the transaction ends, and the actor's side. NotFound; Conflict `changed-meanwhile`."""
    row = ApplicationRow.objects.select_for_update().filter(id=application_id).first()
    if row is None:
        raise NotFound("application-unknown")
    return row, permissions.check_sees(act.actor, application_of(row))


def is_done(act: Act, name: str, row: ApplicationRow, *said: object) -> bool:
    """Whether this act was done already under its key; else the key is kept. The row must be locked.

    `said`: what the act would record. The same key with something else to say is refused, not answered as done: who typed
    another amount into a form that was used must not be told that it was kept.
    Conflict: `key-used-for-another` when the key did something else; `changed-meanwhile` when the row was changed since
    the actor saw it.
    """
    if act.key is not None:
        deed = _deed(name, said)
        done = DoneRow.objects.filter(key=act.key).first()
        if done is not None:
            if (done.act, done.application_id) != (deed, row.id):
                raise Conflict("key-used-for-another")
            return True
        DoneRow.objects.create(key=act.key, act=deed, application_id=row.id, at=act.clock.now())
    if act.version is not None and act.version != row.version:
        raise Conflict("changed-meanwhile", version=row.version)
    return False


def _deed(name: str, said: tuple[object, ...]) -> str:
    """An act with a short digest of what it says, in the 32 signs of its column."""
    return f"{name} {hashlib.sha256(repr(said).encode()).hexdigest()[:16]}"


class _NotHeardError(Denied):
    """A step that may not be recorded, with the question to ask once more when the step's own transaction is undone."""

    def __init__(self, code: str, ask: Callable[[], object]) -> None:
        super().__init__(code)
        self.ask = ask


def desk_act(use_case: Callable[P, R]) -> Callable[P, R]:
    """A lender's act as one transaction, of which the refusal is kept where nothing else is.

    The entry of a refusal that `hear` met is undone with the act, so the same question is asked again after it.
    """

    @wraps(use_case)
    def acted(*args: P.args, **named: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return use_case(*args, **named)
        except _NotHeardError as error:
            error.ask()
            raise Denied(error.code) from None

    return acted


def hear(row: ApplicationRow, step: Step, act: Act) -> None:
    """Whether what a lender's officer records by a step may be held here now: the gates that its system's messages pass.

    Denied: the reason of `protection`; an act that asks is a `desk_act`. For the system itself the exchange has asked already, in this transaction, field by
    field. A case that is closed refuses by its table of moves. The row must be locked; the consent is locked after it.
    """
    if act.by_system or Status(row.status) in FINAL:
        return
    ask = partial(
        protection.decide_inbound, row.enterprise_id, sender=row.lender, purpose=PURPOSE, consent_id=row.consent_id,
        fields=SAYS[step], decided_at=row.decided_at, actor=act.actor, clock=act.clock,
    )  # fmt: skip
    decision = ask()
    if not decision.fields >= SAYS[step]:
        raise _NotHeardError("fields-none" if decision.is_allowed else decision.reason, ask)


def moved(row: ApplicationRow, step: Step, act: Act, side: Side, *, at: datetime | None = None) -> Status:
    """Take a step: decide by the table, save, record event and ledger entry. Changed columns of `row` are saved with it."""
    then = moves.after(Status(row.status), step, by=side)
    _clockwork(row, then, act)
    row.status = then
    if then in ENDS_CONSENT:
        row.closed_at = act.clock.now()
    noted(row, step.value, act, side, at=at)
    if then in ENDS_CONSENT and row.consent_id is not None:
        protection.close_consents(row.id, actor=act.actor, clock=act.clock, announce=act.announce)
    return then


def noted(row: ApplicationRow, step: str, act: Act, side: Side, *, at: datetime | None = None) -> None:
    """Save the row one version on, with an event and a ledger entry, whether or not its status changed."""
    row.version += 1
    row.save()
    last = EventRow.objects.filter(application=row).aggregate(last=Max("sequence"))["last"] or 0
    EventRow.objects.create(
        application=row, sequence=last + 1, step=step, side=side.value, organisation=act.actor.organisation, status=row.status,
        at=at or act.clock.now(), person_id=act.person_id, by_system=act.by_system, words=act.words, facts=dict(act.facts),
    )  # fmt: skip
    ledger.append(
        f"application.{step.replace('_', '-')}", actor=act.actor, at=act.clock.now(), subject=row.enterprise_id,
        application=str(row.id), status=row.status, lender=row.lender, **act.facts,
    )  # fmt: skip


def application_of(row: ApplicationRow) -> Application:
    """The row as a value."""
    return Application(
        id=row.id, reference=row.reference, version=row.version, enterprise_id=row.enterprise_id,
        product_id=row.product_id, product_version=row.product_version, lender=row.lender, policy_line=row.policy_line,
        province_code=row.province_code, status=Status(row.status), channel=row.channel,
        officer_id=str(row.officer_id) if row.officer_id else None, answers=dict(row.answers), started_at=row.started_at,
        sent_at=row.sent_at, papers_asked_at=row.papers_asked_at, decided_at=row.decided_at, closed_at=row.closed_at,
        stopped_since=row.stopped_since, stopped_days=row.stopped_days, expected_on=row.expected_on,
        requested_satang=row.requested_satang, approved_satang=row.approved_satang,
        disbursed_satang=row.disbursed_satang, consent_id=row.consent_id, typed_count=row.typed_count,
        prefilled_count=row.prefilled_count, papers_spared_count=row.papers_spared_count,
        dossier_sha256=row.dossier_sha256,
    )  # fmt: skip


def timeline_of(row: ApplicationRow) -> tuple[TimelineEntry, ...]:
    """What happened, the first first."""
    return tuple(
        TimelineEntry(
            one.sequence, one.step, Side(one.side), one.organisation, one.at, Status(one.status), one.words, one.facts, one.by_system
        )
        for one in EventRow.objects.filter(application=row).order_by("sequence")
    )  # fmt: skip


def papers_of(row: ApplicationRow) -> tuple[PaperRequest, ...]:
    """Papers asked for, the first first."""
    return tuple(paper_of(one) for one in PaperRow.objects.filter(application=row).order_by("asked_at", "id"))


def paper_of(one: PaperRow) -> PaperRequest:
    """One paper as a value."""
    return PaperRequest(
        one.id, one.code, one.words, one.asked_at, one.due_on, one.supplied_at, one.media_type, one.size_bytes, one.sha256
    )  # fmt: skip


def decision_of(row: ApplicationRow) -> Decision | None:
    """The lender's answer, None before it."""
    one: DecisionRow | None = getattr(row, "decision", None)
    if one is None:
        return None
    return Decision(
        one.is_approved, one.decided_at, one.amount_satang, one.tenor_months, one.rate_words, one.conditions,
        tuple(one.reason_codes), one.words, one.by_system,
    )  # fmt: skip


def disbursements_of(row: ApplicationRow) -> tuple[Disbursement, ...]:
    """Payments, the first first."""
    return tuple(
        Disbursement(one.tranche, one.amount_satang, one.paid_on, one.by_system)
        for one in DisbursementRow.objects.filter(application=row).order_by("tranche")
    )


def _clockwork(row: ApplicationRow, then: Status, act: Act) -> None:
    """Stop the lender's clock while papers are asked of the owner; start it when it is the lender's turn again."""
    today = act.clock.today()
    if then is Status.PAPERS_ASKED and row.stopped_since is None:
        row.stopped_since = today
    elif then is not Status.PAPERS_ASKED and row.stopped_since is not None:
        row.stopped_days += max(0, working_days(row.stopped_since, today))
        row.stopped_since = None
