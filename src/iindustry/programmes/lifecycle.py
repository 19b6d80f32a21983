"""From a draft to a document in force: the table of steps, who may take which, and the values that use cases give back.

What is published never changes: a correction closes the range in which the former text was known and opens a new one.
Invariant: nobody publishes what they wrote themselves; a product that claims a policy line is signed by its lender and by
the Office of Industrial Economics.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Conflict, Denied
from iindustry.programmes.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from iindustry.kernel.actors import Actor
    from iindustry.programmes.keeping import Edition

DRY_RUN_HOLDS = timedelta(days=7)
ONE_DAY = timedelta(days=1)
MINISTRY = "oie"


class Status(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What somebody does with a draft."""

    SAVE = "save"
    SUBMIT = "submit"
    SIGN = "sign"
    PUBLISH = "publish"
    REJECT = "reject"
    WITHDRAW = "withdraw"


STEPS: Mapping[tuple[Status, Step], Status] = {
    (Status.DRAFT, Step.SAVE): Status.DRAFT,
    (Status.DRAFT, Step.SUBMIT): Status.SUBMITTED,
    (Status.DRAFT, Step.WITHDRAW): Status.WITHDRAWN,
    (Status.SUBMITTED, Step.SIGN): Status.SUBMITTED,
    (Status.SUBMITTED, Step.PUBLISH): Status.PUBLISHED,
    (Status.SUBMITTED, Step.REJECT): Status.REJECTED,
    (Status.SUBMITTED, Step.WITHDRAW): Status.WITHDRAWN,
    (Status.REJECTED, Step.SAVE): Status.DRAFT,
    (Status.REJECTED, Step.WITHDRAW): Status.WITHDRAWN,
}
"""(status now, step) -> status after. A rejected draft is mended by saving it, and submitted with a fresh dry run."""


class Signer(StrEnum):
    """In whose name a draft is signed."""

    OWNER = "owner"
    MINISTRY = "ministry"


class Subject(StrEnum):
    """What a document is about, as far as the right to write it goes."""

    PRODUCT = "product"
    MEASURE = "measure"
    BASE_RATE = "base_rate"
    MEANING = "meaning"


KINDS: Mapping[Kind, Subject] = {
    Kind.LOAN_PRODUCT: Subject.PRODUCT,
    Kind.GUARANTEE: Subject.PRODUCT,
    Kind.MEASURE: Subject.MEASURE,
}
BANKS = frozenset({"smed", "exim"})
MAKERS: Mapping[Subject, frozenset[Role]] = {
    Subject.PRODUCT: frozenset({Role.BANK_OFFICER}),
    Subject.BASE_RATE: frozenset({Role.BANK_OFFICER}),
    Subject.MEASURE: frozenset({Role.AGENCY_OFFICER, Role.ANALYST}),
    Subject.MEANING: frozenset({Role.ANALYST}),
}
"""Who writes and signs what. Officers of banks and agencies for their own organisation alone; the ministry's policy
analysts for measures, for the products of owners that have nobody here (the fund, TCG), and for what words mean."""
READERS = frozenset({Role.BANK_OFFICER, Role.AGENCY_OFFICER, Role.ANALYST, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document is: its schema and name, whose it is, and what it is about. `claims_line`: it claims a policy line."""

    schema: str
    name: str
    owner: str
    subject: Subject
    claims_line: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's yes to a draft."""

    person_id: str
    organisation: str
    signer: Signer
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft as kept. `dry_run`: the document of the run that is signed; `row_version` rises with every change.

    `waits_for`: whose signatures a submitted draft lacks, in order. `text_version` is the hash of what was submitted;
    `base_version` the id of the edition it rests on, the hash of a packaged text, empty where there was none.
    """

    draft_id: UUID
    schema: str
    name: str
    owner: str
    text: str
    base_version: str
    status: Status
    row_version: int
    maker: str
    made_at: datetime
    changed_at: datetime
    text_version: str = ""
    submitted_at: datetime | None = None
    dry_run: Mapping[str, object] | None = None
    dry_run_register: str = ""
    dry_run_on: date | None = None
    signatures: tuple[Signature, ...] = ()
    waits_for: tuple[Signer, ...] = ()
    reason: str = ""
    edition_id: UUID | None = None

    @property
    def programme_id(self) -> str:
        """The id of the programme, or the name of the document it is."""
        return self.name


def after(now: Status, step: Step) -> Status:
    """The status after one step. Raises Conflict `draft-step-out-of-order`."""
    if (now, step) not in STEPS:
        raise Conflict("draft-step-out-of-order", status=now.value, step=step.value)
    return STEPS[now, step]


def may_write(identity: Identity, actor: Actor) -> bool:
    """Whether somebody may write, withdraw and sign in the owner's name a document of this identity."""
    if _is_ministry(actor):
        return Role.ANALYST in MAKERS[identity.subject] or identity.owner not in BANKS
    is_officer = actor.role in MAKERS[identity.subject] - {Role.ANALYST}
    return is_officer and actor.organisation == identity.owner


def _is_ministry(actor: Actor) -> bool:
    return actor.role is Role.ANALYST and actor.organisation == MINISTRY


def check_writes(identity: Identity, actor: Actor) -> None:
    """Raises Denied `draft-not-yours` for somebody who may not write this document."""
    if actor.person_id is None or not may_write(identity, actor):
        raise Denied("draft-not-yours", owner=identity.owner)


def reads_all(actor: Actor) -> bool:
    """Whether somebody may see the drafts of every owner."""
    return actor.role in {Role.ANALYST, Role.AUDITOR}


def may_read(owner: str, actor: Actor) -> bool:
    """Whether somebody may see drafts of an owner: officers those of their own organisation, the ministry and the auditor all."""
    return reads_all(actor) or (actor.role in READERS and actor.organisation == owner)


def check_suspends(identity: Identity, actor: Actor) -> None:
    """Who may write a document may stop it; so may the ministry. Raises Denied `draft-not-yours`."""
    if actor.person_id is None or not (may_write(identity, actor) or _is_ministry(actor)):
        raise Denied("draft-not-yours", owner=identity.owner)


def check_second(first: str, actor: Actor, *, stopped_by: str, sides: frozenset[str]) -> None:
    """Two people resume, one of them at least of the organisation that stopped it. `sides`: the organisations of both.

    Raises Denied: `resume-needs-another` where the one who asked would also decide, `resume-needs-their-side`.
    """
    if actor.person_id == first:
        raise Denied("resume-needs-another")
    if stopped_by not in sides:
        raise Denied("resume-needs-their-side", organisation=stopped_by)


def needed(identity: Identity) -> tuple[Signer, ...]:
    """Whose signatures a document needs before it is in force."""
    is_claim = identity.subject is Subject.PRODUCT and identity.claims_line and identity.owner in BANKS
    return (Signer.OWNER, Signer.MINISTRY) if is_claim else (Signer.OWNER,)


def check_other(actor: Actor, makers: frozenset[str]) -> None:
    """Raises Denied `draft-own-work` for somebody who wrote or submitted it."""
    if actor.person_id in makers:
        raise Denied("draft-own-work")


def check_signs(identity: Identity, actor: Actor, *, makers: frozenset[str]) -> None:
    """Raises Denied `draft-own-work`, `draft-not-yours` for somebody whose yes or no does not count here."""
    check_other(actor, makers)
    is_asked = may_write(identity, actor) or (Signer.MINISTRY in needed(identity) and _is_ministry(actor))
    if actor.person_id is None or not is_asked:
        raise Denied("draft-not-yours", owner=identity.owner)


def signs_as(identity: Identity, actor: Actor, *, makers: frozenset[str], signed: tuple[Signature, ...]) -> Signer:
    """In whose name somebody signs. `makers`: everybody who wrote or submitted it.

    Raises Denied: as `check_signs`, `draft-signed-already` for a second signature of a person or a side.
    """
    check_signs(identity, actor, makers=makers)
    side = Signer.OWNER if may_write(identity, actor) else Signer.MINISTRY
    if actor.person_id in {one.person_id for one in signed} or side not in waits_for(identity, signed):
        raise Denied("draft-signed-already")
    return side


def waits_for(identity: Identity, signed: tuple[Signature, ...]) -> tuple[Signer, ...]:
    """Whose signatures are still wanting."""
    given = {one.signer for one in signed}
    return tuple(one for one in needed(identity) if one not in given)


def check_dry_run(on: date | None, register: str, *, today: date, current: str | None) -> None:
    """Raises Conflict: `dry-run-absent`, `dry-run-old` (over seven days), `dry-run-other-register`."""
    if on is None or not register:
        raise Conflict("dry-run-absent")
    if not on <= today <= on + DRY_RUN_HOLDS:
        raise Conflict("dry-run-old", on=on.isoformat(), days=DRY_RUN_HOLDS.days)
    if register != current:
        raise Conflict("dry-run-other-register", register=register, current=current or "—")


def left_of(standing: Edition, new: Edition) -> list[tuple[date | None, date | None]]:
    """The days that a standing edition keeps when a new one takes its own.

    Of one that began before the new one or with it, what would come after falls away: the new text says when it ends.
    """
    start, end = standing.valid_from or date.min, standing.valid_to or date.max
    first, last = new.valid_from or date.min, new.valid_to or date.max
    if end < first or last < start:
        return [(standing.valid_from, standing.valid_to)]
    kept: list[tuple[date | None, date | None]] = []
    if start < first:
        kept.append((standing.valid_from, first - ONE_DAY))
    elif start > first and last < end:
        kept.append((last + ONE_DAY, standing.valid_to))
    return kept


def until(standing: Edition, last_day: date) -> list[tuple[date | None, date | None]]:
    """The days that a standing edition keeps when its programme ends with a day."""
    if standing.valid_from is not None and standing.valid_from > last_day:
        return []
    is_over = standing.valid_to is not None and standing.valid_to <= last_day
    return [(standing.valid_from, standing.valid_to if is_over else last_day)]
