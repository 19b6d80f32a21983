"""Use cases of `accounts`: enrol, what someone is, for whom they act.

Invariant: a person outside every organisation is an owner (of nothing, until authority is shown).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import Q

from iindustry.accounts import permissions
from iindustry.accounts.authority import ROLE_OF, AuthorityKind, Claim, ClaimState, first_state
from iindustry.accounts.doors import DOOR_ORDER, Door, title
from iindustry.accounts.models import Authority, Membership, Person
from iindustry.accounts.organisations import ORGANISATIONS, Organisation
from iindustry.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.ids import lasting_id_ok
from iindustry.ledger import services as ledger

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from iindustry.kernel.clock import Clock

_EVIDENCE_LONGEST = 500
_DOORS_MOST = 100
_PEOPLE_MOST = 200
_ACTING_MOST = 5_000
WAITING_MOST = 20
"""Claims of one person that wait at a time: nobody fills the steward's list."""


def organisation(key: str) -> Organisation:
    """The organisation of a key. NotFound: `organisation-unknown`."""
    if key not in ORGANISATIONS:
        raise NotFound("organisation-unknown", organisation=key)
    return ORGANISATIONS[key]


def organisation_at(address: str) -> Organisation:
    """The organisation whose member address begins a subsystem's (`…/loans`). NotFound: `organisation-unknown`."""
    member = "/".join(address.split("/")[:3])
    found = next((one for one in ORGANISATIONS.values() if one.address == member), None)
    if found is None:
        raise NotFound("organisation-unknown", organisation="")
    return found


@transaction.atomic
def enrol(
    username: str,
    name_th: str,
    name_en: str,
    role: Role,
    organisation: str | None,
    *,
    password: str | None = None,
    clock: Clock,
    actor: Actor = SYSTEM,
) -> UUID:
    """Make a person and their role, or find the one with this sign-in name unchanged; the person's id.

    Without a password nobody signs in as them but by a demo door. Rejected: `role-needs-organisation`.
    """
    known = Person.objects.filter(username=username).first()
    if known is not None:
        return known.id
    is_owner = role in {Role.OWNER, Role.DELEGATE}
    if is_owner != (organisation is None) or (organisation and organisation not in ORGANISATIONS):
        raise Rejected("role-needs-organisation", role=role.value)
    person = Person(username=username, name_th=name_th, name_en=name_en, joined_at=clock.now())
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save(force_insert=True)
    if organisation is not None:
        Membership.objects.create(
            person_id=person.id, organisation=organisation, role=role.value, from_on=clock.today()
        )
    ledger.append(
        "person.enrolled",
        actor=actor,
        at=clock.now(),
        subject=str(person.id),
        role=role.value,
        organisation=organisation,
    )
    return person.id


@transaction.atomic
def change_role(person_id: UUID, role: Role, organisation: str, *, actor: Actor, clock: Clock) -> None:
    """End someone's open membership today and begin another. NotFound: `person-unknown`."""
    if not Person.objects.filter(id=person_id).exists():
        raise NotFound("person-unknown")
    if organisation not in ORGANISATIONS or role in {Role.OWNER, Role.DELEGATE, Role.ANONYMOUS}:
        raise Rejected("role-needs-organisation", role=role.value)
    Membership.objects.select_for_update().filter(person_id=person_id, to_on=None).update(to_on=clock.today())
    Membership.objects.create(person_id=person_id, organisation=organisation, role=role.value, from_on=clock.today())
    ledger.append(
        "person.role-changed",
        actor=actor,
        at=clock.now(),
        subject=str(person_id),
        role=role.value,
        organisation=organisation,
    )


def actor_of(person_id: UUID | str, *, clock: Clock, enterprise_id: str | None = None) -> Actor:
    """Who someone acts as now, as `actor_of_active` says. ANONYMOUS when unknown or disabled."""
    if not Person.objects.filter(id=person_id, is_active=True).exists():
        return ANONYMOUS
    return actor_of_active(person_id, clock=clock, enterprise_id=enterprise_id)


def actor_of_active(person_id: UUID | str, *, clock: Clock, enterprise_id: str | None = None) -> Actor:
    """Who someone acts as now whom the caller has just read and found active, as a session's user is.

    An owner acts for the enterprise chosen in the session where authority for it is live, for their only one where
    none is chosen, else for none. A power of attorney makes them a delegate.
    """
    person, today = str(person_id), clock.today()
    membership = Membership.objects.filter(_in_force(today), person_id=person_id).order_by("-from_on", "-id").first()
    if membership is not None:
        return Actor(Role(membership.role), person_id=person, organisation=membership.organisation)
    chosen = live_claim(person, enterprise_id, clock=clock) if enterprise_id else None
    if chosen is None:
        live = {row.enterprise_id: _claim(row) for row in _live(today).filter(person_id=person)[:_PEOPLE_MOST]}
        chosen = next(iter(live.values())) if len(live) == 1 else None
    if chosen is None:
        return Actor(Role.OWNER, person_id=person)
    return Actor(ROLE_OF[chosen.kind], person_id=person, enterprise_id=chosen.enterprise_id)


def live_claim(person_id: UUID | str, enterprise_id: str, *, clock: Clock) -> Claim | None:
    """The claim by which someone may act for an enterprise today, the newest; None where they may not.

    Asked for by name: others' claims and one's own past ones, however many, hide none.
    """
    row = _live(clock.today()).filter(person_id=person_id, enterprise_id=enterprise_id).last()
    return None if row is None else _claim(row)


def list_acting(enterprise_ids: Collection[str], *, clock: Clock) -> set[tuple[str, str]]:
    """Who may act for these enterprises today: (person, enterprise), in one query, at most 5,000."""
    rows = _live(clock.today()).filter(enterprise_id__in=enterprise_ids).values_list("person_id", "enterprise_id")
    return {(str(person), enterprise) for person, enterprise in rows[:_ACTING_MOST]}


def enterprises_of(person_id: UUID | str, *, clock: Clock) -> list[str]:
    """Ids of the enterprises someone may act for today, the earliest claim first, at most 200."""
    rows = _live(clock.today()).filter(person_id=person_id)[:_PEOPLE_MOST]
    return list(dict.fromkeys(row.enterprise_id for row in rows))


def list_claims(person_id: UUID | str, *, limit: int = _PEOPLE_MOST) -> list[Claim]:
    """Someone's claims of authority, of every state, the earliest first."""
    rows = Authority.objects.filter(person_id=person_id).order_by("claimed_at", "id")[:limit]
    return [_claim(row) for row in rows]


def list_pending(*, limit: int = _PEOPLE_MOST) -> list[Claim]:
    """Claims of authority that wait for an answer, the longest waiting first."""
    rows = Authority.objects.filter(state=ClaimState.PENDING, to_on=None).order_by("claimed_at", "id")[:limit]
    return [_claim(row) for row in rows]


def people_acting_for(enterprise_id: str, *, limit: int = _PEOPLE_MOST) -> list[Claim]:
    """Who acts, or claims to act, for an enterprise, the earliest first."""
    rows = Authority.objects.filter(enterprise_id=enterprise_id).order_by("claimed_at", "id")[:limit]
    return [_claim(row) for row in rows]


@transaction.atomic
def claim_authority(
    person_id: UUID | str, enterprise_id: str, kind: AuthorityKind | str, evidence: str, *, actor: Actor, clock: Clock
) -> Claim:
    """Record that someone says they may act for an enterprise; the open claim they have already is returned unchanged.

    Live at once when a steward or the operator records it for another, else pending: deny by default.
    Rejected: `authority-kind-unknown`, `authority-evidence-missing`, `enterprise-id-malformed`.
    Denied: `authority-not-yours`. Conflict: `authority-too-many` wait for this person already.
    """
    permissions.check_claims(actor, str(person_id))
    if kind not in set(AuthorityKind):
        raise Rejected("authority-kind-unknown", field="kind")
    if not evidence.strip():
        raise Rejected("authority-evidence-missing", field="evidence")
    if not lasting_id_ok(enterprise_id):
        raise Rejected("enterprise-id-malformed", field="enterprise_id")
    state = first_state(actor.role, is_own=actor.person_id == str(person_id))
    waiting = Authority.objects.filter(person_id=person_id, state=ClaimState.PENDING, to_on=None)
    if state is ClaimState.PENDING and waiting.exclude(enterprise_id=enterprise_id).count() >= WAITING_MOST:
        raise Conflict("authority-too-many", most=WAITING_MOST)
    row = Authority(
        person_id=person_id, enterprise_id=enterprise_id, kind=AuthorityKind(kind), state=state,
        evidence=evidence.strip()[:_EVIDENCE_LONGEST], from_on=clock.today(), claimed_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _claim(
            Authority.objects.exclude(state=ClaimState.REFUSED).get(
                person_id=person_id, enterprise_id=enterprise_id, to_on=None
            )
        )
    ledger.append(
        "authority.claimed",
        actor=actor,
        at=clock.now(),
        subject=enterprise_id,
        authority=str(row.id),
        authority_kind=row.kind,
        state=row.state,
    )
    return _claim(row)


@transaction.atomic
def answer_claim(claim_id: UUID | str, *, accept: bool, actor: Actor, clock: Clock) -> Claim:
    """Confirm or refuse a pending claim. NotFound: `authority-unknown`; Conflict: `authority-answered`; Denied."""
    row = Authority.objects.select_for_update().filter(id=claim_id).first()
    if row is None:
        raise NotFound("authority-unknown")
    permissions.check_confirms(actor, str(row.person_id))
    if row.state != ClaimState.PENDING:
        raise Conflict("authority-answered", state=row.state)
    row.state = ClaimState.LIVE if accept else ClaimState.REFUSED
    row.save(update_fields=["state"])
    ledger.append(
        "authority.answered",
        actor=actor,
        at=clock.now(),
        subject=row.enterprise_id,
        authority=str(row.id),
        state=row.state,
    )
    return _claim(row)


@transaction.atomic
def end_authority(claim_id: UUID | str, *, actor: Actor, clock: Clock) -> Claim:
    """End an authority today: its person may act no more. The last live one of an enterprise stays.

    NotFound: `authority-unknown`; Denied: `authority-not-yours`; Conflict: `authority-is-last`.
    """
    row = Authority.objects.select_for_update().filter(id=claim_id, to_on=None).first()
    if row is None:
        raise NotFound("authority-unknown")
    permissions.check_claims(actor, str(row.person_id))
    of_all = list(_live(clock.today()).select_for_update().filter(enterprise_id=row.enterprise_id)[:_PEOPLE_MOST])
    if row.state == ClaimState.LIVE and not any(one.id != row.id for one in of_all):
        raise Conflict("authority-is-last")
    row.to_on = clock.today()
    row.state = ClaimState.REFUSED
    row.save(update_fields=["to_on", "state"])
    ledger.append("authority.ended", actor=actor, at=clock.now(), subject=row.enterprise_id, authority=str(row.id))
    return _claim(row)


@transaction.atomic
def record_sign_in(person_id: UUID | str, how: str, *, clock: Clock) -> None:
    """Leave a ledger entry that someone signed in, as what they are. `how` is a code: `password`, `door`."""
    ledger.append(
        "person.signed-in", actor=actor_of(person_id, clock=clock), at=clock.now(), subject=str(person_id), how=how
    )


def list_doors() -> list[Door]:
    """The demo doors, in the order of roles. Pages offer them in demo mode only."""
    unusable = {"password__startswith": UNUSABLE_PASSWORD_PREFIX}
    people = Person.objects.filter(is_active=True, **unusable).order_by("username")[:_DOORS_MOST]
    by_person = {
        row.person_id: row
        for row in Membership.objects.filter(to_on=None, person_id__in=[one.id for one in people]).order_by("id")
    }
    doors = [_door(person, by_person.get(person.id)) for person in people]
    return sorted(doors, key=lambda door: (DOOR_ORDER.index(door.role), door.organisation or "", door.username))


def person_of_door(username: str) -> UUID:
    """The person behind a demo door. NotFound: `door-unknown`, also for people who have a password."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None or person.has_usable_password():
        raise NotFound("door-unknown")
    return person.id


def names_of(person_ids: list[str]) -> dict[str, tuple[str, str]]:
    """Thai and English names by person id, for pages that the people concerned may see."""
    rows = (
        Person.objects.filter(id__in=person_ids[:_PEOPLE_MOST]).order_by("id").values_list("id", "name_th", "name_en")
    )
    return {str(one): (th, en or th) for one, th, en in rows}


def _live(today: date) -> QuerySet[Authority]:
    """Claims that let somebody act on a day, as `authority.holds` says of one, the earliest first."""
    ends = Q(to_on=None) | Q(to_on__gte=today)
    return Authority.objects.filter(ends, state=ClaimState.LIVE, from_on__lte=today).order_by("claimed_at", "id")


def _in_force(today: date) -> Q:
    return Q(from_on__lte=today) & (Q(to_on=None) | Q(to_on__gt=today))


def _claim(row: Authority) -> Claim:
    return Claim(
        str(row.id), str(row.person_id), row.enterprise_id, AuthorityKind(row.kind), ClaimState(row.state),
        row.evidence, row.from_on, row.to_on,
    )  # fmt: skip


def _door(person: Person, membership: Membership | None) -> Door:
    role = Role(membership.role) if membership else Role.OWNER
    key = membership.organisation if membership else None
    th, en = title(role, ORGANISATIONS[key] if key else None)
    return Door(person.username, person.username, role, key, th, en, person.name_th, person.name_en or person.name_th)
