"""Progress of long work: a row that is written outside the work's own transaction, so that it shows while work runs.

Invariant: a piece of work that ended is never written to again; whoever asks twice for the same kind and subject gets one
piece, the one that sees all that was there when they asked; two subjects are two pieces.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from iindustry.flows.models import Work
from iindustry.flows.phases import WorkStatus
from iindustry.kernel.errors import DomainError, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.backends.base.base import BaseDatabaseWrapper

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock

# A phase that moves fast is written at most twice a second.
THROTTLE = timedelta(milliseconds=500)
OPEN = (WorkStatus.WAITING, WorkStatus.RUNNING)
# A build reads the deliveries in force when it begins: what came after its beginning needs the next one.
REUSED = {"rebuild_register": (WorkStatus.WAITING,)}


@dataclass(frozen=True, slots=True)
class PhaseDone:
    """A phase that ended, and the seconds it took."""

    phase: str
    seconds: float


@dataclass(frozen=True, slots=True)
class WorkView:
    """Where one piece of work is. `total` 0: not known. `result`: ids, counts and seconds."""

    work_id: UUID
    kind: str
    phase: str
    done: int
    total: int
    status: WorkStatus
    started_at: datetime | None
    finished_at: datetime | None
    phases: tuple[PhaseDone, ...]
    result: Mapping[str, Any]
    error_code: str
    error_facts: Mapping[str, Any]
    asked_by: str

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in OPEN


def begin(kind: str, actor: Actor, *, clock: Clock, subject: str = "") -> UUID:
    """Ask for a piece of work: its id, or the id of the piece of that kind and subject that will do what is asked for."""
    now = clock.now()
    with transaction.atomic():
        with connection.cursor() as cursor:  # two who ask at once get one piece
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"flows.begin.{kind}.{subject}"])
        if (
            running := Work.objects.filter(kind=kind, subject=subject, status__in=REUSED.get(kind, OPEN))
            .order_by("-asked_at", "id")
            .first()
        ):
            return running.id
        made = Work.objects.create(
            kind=kind, subject=subject, asked_by=actor.tag, status=WorkStatus.WAITING, phase="waiting", asked_at=now,
            written_at=now,
        )  # fmt: skip
    return made.id


def progress_of(work_id: UUID) -> WorkView:
    """Where a piece of work is. NotFound `work-absent`."""
    row = Work.objects.filter(id=work_id).first()
    if row is None:
        raise NotFound("work-absent")
    return _view(row)


def latest_work(kind: str, *, subject: str = "") -> WorkView | None:
    """The piece of this kind, about this subject, that was asked for last."""
    row = Work.objects.filter(kind=kind, subject=subject).order_by("-asked_at", "id").first()
    return _view(row) if row else None


def list_work(*, limit: int) -> list[WorkView]:
    """The pieces asked for last, newest first."""
    return [_view(row) for row in Work.objects.order_by("-asked_at", "id")[:limit]]


@dataclass(slots=True)
class Steps:
    """A `Progress` that writes to one row over a connection of its own."""

    work_id: UUID
    clock: Clock
    connection: BaseDatabaseWrapper
    phase: str = "waiting"
    phases: list[PhaseDone] = field(default_factory=list)
    _phase_since: datetime | None = None
    _written_at: datetime | None = None

    def __call__(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Say where the work is; a new phase is written at once, a step within one at most twice a second."""
        now = self.clock.now()
        if phase != self.phase:
            self._end_phase(now)
            self.phase, self._phase_since = phase, now
        elif self._written_at is not None and now - self._written_at < THROTTLE and (not total or done < total):
            return
        self._written_at = now
        self._write("phase = %s, done = %s, total = %s", [phase[:40], done, total], now)

    def open(self) -> None:
        """Write the beginning; work that was cut short and is begun again keeps its first."""
        now = self.clock.now()
        self._write("status = %s, started_at = coalesce(started_at, %s)", [WorkStatus.RUNNING, now], now)

    def close(
        self, status: WorkStatus, *, result: Mapping[str, Any], code: str = "", facts: Mapping[str, Any] | None = None
    ) -> None:
        """Write the end."""
        now = self.clock.now()
        self._end_phase(now)
        self._write(
            "status = %s, phase = %s, finished_at = %s, result = %s::jsonb, error_code = %s, error_facts = %s::jsonb",
            [
                status,
                "done" if status is WorkStatus.DONE else self.phase[:40],
                now,
                _json(result),
                code,
                _json(facts or {}),
            ],
            now,
        )

    def _end_phase(self, now: datetime) -> None:
        if self._phase_since is not None:
            self.phases.append(PhaseDone(self.phase, round((now - self._phase_since).total_seconds(), 2)))
            self._phase_since = None

    def _write(self, columns: str, values: list[str | int | datetime], now: datetime) -> None:
        ended = _json([{"phase": one.phase, "seconds": one.seconds} for one in self.phases])
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE flows_work SET {columns}, phases = %s::jsonb, written_at = %s "  # noqa: S608 - our own text
                "WHERE id = %s AND finished_at IS NULL",
                [*values, ended, now, self.work_id],
            )


@dataclass(slots=True)
class Outcome:
    """What a piece of work leaves: filled by the one who runs it."""

    facts: dict[str, Any] = field(default_factory=dict)


@contextmanager
def running(work_id: UUID, *, clock: Clock) -> Iterator[tuple[Steps, Outcome]]:
    """Run a piece of work: marks its start and its end, and an error as what it was. The error goes on."""
    own = connection.copy("flows-progress")
    steps, outcome = Steps(work_id, clock, own), Outcome()
    try:
        steps.open()
        try:
            yield steps, outcome
        except DomainError as error:
            steps.close(WorkStatus.FAILED, result=outcome.facts, code=error.code, facts=error.facts)
            raise
        except Exception:
            steps.close(WorkStatus.FAILED, result=outcome.facts, code="work-broke")
            raise
        steps.close(WorkStatus.DONE, result=outcome.facts)
    finally:
        own.close()


def _json(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, default=str)


def _view(row: Work) -> WorkView:
    return WorkView(
        row.id, row.kind, row.phase, row.done, row.total, WorkStatus(row.status), row.started_at, row.finished_at,
        tuple(PhaseDone(one["phase"], one["seconds"]) for one in row.phases), row.result, row.error_code, row.error_facts,
        row.asked_by,
    )  # fmt: skip
