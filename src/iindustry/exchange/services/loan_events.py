"""Direction B: what a bank's system tells of its cases. Inbox row, effect in `funding` and ledger entry stand together.

An event that was accepted is answered the same way for ever (unique on source and id); one that was refused may be sent
again when its cause is gone. Invariant: an event passes the same decision as a page does, before anything is changed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection, transaction

from iindustry.exchange import events, rar
from iindustry.exchange.models import Client, Idempotency, Inbox
from iindustry.exchange.problems import problem_of, refusal
from iindustry.exchange.services.inbound import check_flow
from iindustry.exchange.services.outbox import announce
from iindustry.exchange.services.profiles import record_refusal
from iindustry.funding import services as funding
from iindustry.kernel.errors import DomainError
from iindustry.kernel.ids import new_id
from iindustry.ledger import services as ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.exchange.events import Event
    from iindustry.exchange.services.entrance import Caller
    from iindustry.kernel.clock import Clock

_KEY_LENGTH = range(8, 65)
_RUNNING_SECONDS = 60


class ResultStatus(StrEnum):
    """What became of one event."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one event: accepted with its ledger leaf, or refused with a code and its facts."""

    id: str | None
    status: ResultStatus
    code: str | None = None
    http_status: int = 200
    entry: str | None = None
    facts: Mapping[str, Any] | None = None

    @property
    def is_refused(self) -> bool:
        """Whether nothing came of it."""
        return self.status is ResultStatus.REFUSED


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The results in the order of the events, and the leaf that records the batch. `is_replay`: said before."""

    results: tuple[Result, ...]
    entry_hash: str
    is_replay: bool = False


def receive_events(
    caller: Caller, body: bytes, *, media_type: str, idempotency_key: str | None, digest: str, clock: Clock
) -> BatchAnswer:
    """Take 1 to 500 events; one result each. `digest` is the SHA-256 of the body, hex.

    Raises: `idempotency-missing`, `idempotency-mismatch`, `idempotency-in-progress`, `body-…`, `batch-size`,
    `audit-unavailable`.
    """
    if idempotency_key is None or len(idempotency_key) not in _KEY_LENGTH:
        raise refusal("idempotency-missing")
    batch = events.split(body, media_type)
    row, earlier = _begin(caller, idempotency_key, digest, clock)
    if earlier is not None:
        return earlier
    try:
        results = tuple(_take(caller, one, clock) for one in batch)
        return _finish(row, caller, results, digest, clock)
    except DatabaseError as error:
        Idempotency.objects.filter(pk=row.pk, body=None).delete()  # so that the same key may try again at once
        raise refusal("audit-unavailable") from error


def _take(caller: Caller, one: Mapping[str, Any], clock: Clock) -> Result:
    try:
        event = events.read(one, source=caller.address)
        return _accept(caller, event, clock)
    except DomainError as error:
        problem = problem_of(error)
        entry = error.facts.get("entry")
        if problem.gate is not None and not isinstance(entry, str):
            entry = record_refusal(caller, error.code, rar.EVENTS, clock=clock)
        facts = {name: value for name, value in error.facts.items() if not name.startswith("entry")}
        return Result(
            events.id_of(one),
            ResultStatus.REFUSED,
            error.code,
            problem.status,
            entry if isinstance(entry, str) else None,
            facts,
        )


@transaction.atomic
def _accept(caller: Caller, event: Event, clock: Clock) -> Result:
    if not _insert(event, clock):
        return _first_answer(event)
    check_flow(caller, event, clock=clock)
    funding.record_event(event, actor=caller.actor, clock=clock, announce=announce)
    entry = ledger.append(
        "event.received", actor=caller.actor, at=clock.now(), subject=str(event.application_id), source=event.source,
        event=event.event_id, type=event.name, digest=event.digest,
    )  # fmt: skip
    result = Result(event.event_id, ResultStatus.ACCEPTED, entry=entry.leaf_hash)
    Inbox.objects.filter(source=event.source, event_id=event.event_id).update(answer=asdict(result))
    return result


# The unique key decides who is first: a second copy waits here until the first has committed or failed.
_INSERT = (
    'INSERT INTO "exchange_inbox" ("id", "source", "event_id", "digest", "kind", "application_id", "sequence", '
    '"received_at", "answer") VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT ("source", "event_id") DO NOTHING'
)


def _insert(event: Event, clock: Clock) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [new_id(), event.source, event.event_id, event.digest, event.name, event.application_id, event.sequence,
             clock.now(), "{}"],
        )  # fmt: skip
        return bool(cursor.rowcount == 1)


def _first_answer(event: Event) -> Result:
    row = Inbox.objects.get(source=event.source, event_id=event.event_id)
    if row.digest != event.digest:
        raise refusal("event-conflict", event=event.event_id)
    return _kept(row.answer)


def _kept(said: Mapping[str, Any]) -> Result:
    """A result as it was kept in JSON."""
    return Result(**{**said, "status": ResultStatus(said["status"])})


def _begin(caller: Caller, key: str, digest: str, clock: Clock) -> tuple[Idempotency, BatchAnswer | None]:
    client = Client.objects.only("id").get(address=caller.address)
    with transaction.atomic():
        row, is_new = Idempotency.objects.select_for_update().get_or_create(
            client=client, key=key, defaults={"request_digest": digest, "begun_at": clock.now()}
        )
        if is_new:
            return row, None
        if row.request_digest != digest:
            raise refusal("idempotency-mismatch")
        if row.body is not None:
            said = json.loads(bytes(row.body))
            return row, BatchAnswer(tuple(_kept(one) for one in said), row.entry_hash, is_replay=True)
        if (clock.now() - row.begun_at).total_seconds() < _RUNNING_SECONDS:
            raise refusal("idempotency-in-progress")
        row.begun_at = clock.now()  # the process that ran it is gone; the inbox keeps its events from being done twice
        row.save(update_fields=["begun_at"])
    return row, None


@transaction.atomic
def _finish(row: Idempotency, caller: Caller, results: tuple[Result, ...], digest: str, clock: Clock) -> BatchAnswer:
    refused = sum(one.is_refused for one in results)
    entry = ledger.append(
        "exchange.answer", actor=caller.actor, at=clock.now(), consumer=caller.address, service=rar.EVENTS,
        purpose=caller.details.purpose, request=caller.request_id, request_digest=digest, rows=len(results),
        refused=refused,
    )  # fmt: skip
    row.status = 200
    row.body = json.dumps([asdict(one) for one in results], default=str).encode()
    row.entry_hash = entry.leaf_hash
    row.save(update_fields=["status", "body", "entry_hash"])
    return BatchAnswer(results, entry.leaf_hash)
