"""Long work, run by the worker: each job calls use cases of `flows` and `generate`, and shows its progress by a row.

A job carries the id of its row and plain values. One that died with its worker is taken up again from the top: the use
cases find their own work done. Beside the jobs, `beat` runs once a second.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from iindustry.flows.phases import WorkStatus
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import DomainError
from iindustry.kernel.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from procrastinate import App
    from procrastinate.manager import JobManager

    from iindustry.flows.building import BuildReport
    from iindustry.kernel.actors import Actor

T = TypeVar("T")
LOG = logging.getLogger("iindustry.jobs")
# One queue of heavy work, one job of it at a time: two builds at once would only halve each other.
HEAVY = "heavy"
_AGAIN_WHEN_CUT = RetryStrategy(max_attempts=3, wait=2, retry_exceptions={ConnectionError})
_TIDY_EVERY_BEATS = 3600
_RESCUE_EVERY_BEATS = 15
_EVALUATE_EVERY_BEATS = 30
_TRY_AGAIN_AFTER = timedelta(hours=1)
_KEEP_JOBS_HOURS = 24 * 35


@app.task(name="make_country", queue=HEAVY, lock=HEAVY, retry=_AGAIN_WHEN_CUT)
def make_country(work_id: str, enterprises: int, seed: int, as_of: str) -> None:
    """Make the demo country: every step from files to the applications that wait."""
    from iindustry.config import country

    country.make(UUID(work_id), enterprises=enterprises, seed=seed, as_of=date.fromisoformat(as_of))


@app.task(name="rebuild_register", queue=HEAVY, lock=HEAVY, retry=_AGAIN_WHEN_CUT)
def rebuild_register(work_id: str) -> None:
    """Build and publish the next register version from the deliveries in force."""
    rebuild(UUID(work_id))


@app.task(name="evaluate_register", queue=HEAVY, lock=HEAVY, retry=_AGAIN_WHEN_CUT)
def evaluate_register(work_id: str) -> None:
    """Answer the register anew for today, with today's table of facts, where another day or other rules answered."""
    from django.conf import settings

    from iindustry.flows import services as flows
    from iindustry.programmes import services as programmes

    clock = SystemClock()
    with flows.running(UUID(work_id), clock=clock) as (steps, outcome):
        if programmes.is_behind(settings.HOME, today=clock.today()):  # a build that ran before may have done it
            report = flows.evaluate(home=settings.HOME, as_of=clock.today(), progress=steps)
            outcome.facts.update(
                version=report.version, enterprises=report.enterprises, seconds=round(report.seconds, 2)
            )


@app.task(name="deliver_file", queue="files", retry=_AGAIN_WHEN_CUT)
def deliver_file(work_id: str, incoming_id: str, person_id: str, mapping: dict[str, Any] | None) -> None:
    """Read a file that an agency's officer sent by the page, with the rights she has now; her rows then join the register."""
    from django.conf import settings

    from iindustry.accounts import services as accounts
    from iindustry.flows import services as flows
    from iindustry.sources import services as sources

    clock = SystemClock()
    who = accounts.actor_of(UUID(person_id), clock=clock)
    try:
        with flows.running(UUID(work_id), clock=clock) as (steps, outcome):
            report = sources.deliver_incoming(
                incoming_id, mapping=mapping, actor=who, home=settings.HOME, clock=clock, progress=steps
            )
            outcome.facts.update(delivery_id=report.delivery_id, duplicate=report.duplicate)
    except DomainError:
        return  # refused with its reason, which the row of the work holds and the page says
    if report.accepted and not report.duplicate:
        ask_register(actor=who)


@app.task(name="snapshot_applications", queue="light", queueing_lock="snapshot_applications")
def snapshot_applications() -> None:
    """Write the snapshots that analysis reads."""
    from django.conf import settings

    from iindustry.flows import services as flows

    flows.snapshot_applications(home=settings.HOME)


@app.task(name="seal_ledger", queue="light", queueing_lock="seal_ledger")
def seal_ledger() -> None:
    """Seal what waits. The pulse does so each second; this is for whoever cannot wait for it."""
    from iindustry.ledger import services as ledger

    ledger.seal(clock=SystemClock())


def worker() -> App:
    """The queue as the worker holds it. Jobs themselves keep Django's connection, so that what they ask for commits with them."""
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    return app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]


def ask_country(*, enterprises: int, seed: int, as_of: date, actor: Actor = SYSTEM) -> UUID:
    """Ask for the demo country; the id of its row of progress. Asked twice while it is made, it is made once."""
    return _ask("make_country", actor, enterprises=enterprises, seed=seed, as_of=as_of.isoformat())


def ask_register(*, actor: Actor) -> UUID:
    """Ask for the next register version; the id of its row of progress."""
    return _ask("rebuild_register", actor)


def ask_delivery(incoming_id: str, *, mapping: dict[str, Any] | None = None, actor: Actor) -> UUID:
    """Ask for a file that was sent to be read; the id of its row of progress. `actor` is a person."""
    return _ask(
        "deliver_file", actor, subject=incoming_id, incoming_id=incoming_id, person_id=actor.person_id, mapping=mapping
    )


def rebuild(work_id: UUID, *, told: Progress = silent, spark: str | None = None) -> BuildReport:
    """The work of `rebuild_register`, in this process; on the workers of a Spark master, where one is named."""
    from dataclasses import asdict

    from django.conf import settings

    from iindustry.config import country
    from iindustry.config import spark as session
    from iindustry.flows import services as flows

    home, clock = settings.HOME, SystemClock()
    with flows.running(work_id, clock=clock) as (row, outcome):

        def steps(phase: str, done: int = 0, total: int = 0) -> None:
            row(phase, done, total)
            told(phase, done, total)

        report = flows.build_register(
            actor=SYSTEM,
            home=home,
            clock=clock,
            progress=steps,
            truth=country.truth_of(home),
            spark=session.opened(spark, folder=home.standard) if spark is not None else None,
        )
        outcome.facts.update(asdict(report))
        steps("snapshot")
        flows.snapshot_applications(home=home)
    return report


def beat(number: int, *, is_only: bool = False) -> None:
    """Once a second: seal; keep snapshots and the file of published rules fresh; now and then answers, what died, and tidying up.

    The `only` worker has nobody else's dead to look for, and a machine that is slow must not take its own job for dead: it
    would be begun a second time beside itself.
    """
    from django.conf import settings

    from iindustry.ledger import services as ledger
    from iindustry.programmes import services as programmes

    clock = SystemClock()
    programmes.settle(settings.HOME)
    if number == 0 or ledger.unsealed_count():
        ledger.seal(clock=clock)
        _keep_snapshots_fresh()
    if number % _RESCUE_EVERY_BEATS == 0 and not is_only:
        take_up_the_dead()
    if number % _EVALUATE_EVERY_BEATS == _EVALUATE_EVERY_BEATS - 1:
        _keep_answers_fresh()
    if number % _TIDY_EVERY_BEATS == _TIDY_EVERY_BEATS - 1:
        tidy()


def take_up_the_dead(seconds: float = 20) -> int:
    """Put jobs back whose worker gave no sign of life; how many. They begin again from the top."""

    async def put_back(manager: JobManager) -> int:
        await manager.prune_stalled_workers(seconds)
        stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=seconds))
        for job in stalled:
            await manager.retry_job(job)
        return len(stalled)

    found = _manage(put_back)
    if found:
        LOG.warning("%s jobs taken up again", found)
    return found


def tidy() -> None:
    """Once an hour: what killed processes left or left undone, consents past their end, spent nonces, counts of refusals, old jobs."""
    from django.conf import settings

    from iindustry.exchange import services as exchange
    from iindustry.kernel import leftovers
    from iindustry.linkage import services as linkage
    from iindustry.protection import services as protection
    from iindustry.sources import services as sources

    clock = SystemClock()
    sources.sweep(home=settings.HOME, clock=clock)
    home = settings.HOME
    for folder in (home.register, home.linkage, home.standard, home.applications, home.ministry):
        leftovers.sweep(folder, now=clock.now())
    linkage.refresh_look_ups(home=settings.HOME)
    protection.expire_consents(clock=clock, announce=exchange.announce)
    exchange.forget_expired(clock=clock)
    exchange.summarise_refusals(clock=clock)
    _forget_old_jobs()


_seen_entry: list[UUID] = []


def _keep_snapshots_fresh() -> None:
    """Write the snapshots anew when the ledger has an entry about an application or a correction since last time."""
    from django.conf import settings

    from iindustry.flows import services as flows
    from iindustry.ledger import services as ledger

    entries = ledger.list_entries(limit=200)
    last = _seen_entry[0] if _seen_entry else None
    fresh = []
    for entry in entries:
        if entry.entry_id == last:
            break
        fresh.append(entry.kind)
    if entries:
        _seen_entry[:] = [entries[0].entry_id]
    if last is None or any(kind.startswith(("application.", "correction.", "delivery.")) for kind in fresh):
        flows.snapshot_applications(home=settings.HOME)


def _keep_answers_fresh() -> None:
    """Ask for an evaluation when the day turned or other rules hold than those that answered; not at once after one that failed."""
    from django.conf import settings

    from iindustry.flows import services as flows
    from iindustry.programmes import services as programmes

    if not programmes.is_behind(settings.HOME, today=SystemClock().today()):
        return
    last = flows.latest_work("evaluate_register")
    failed_at = last.finished_at if last is not None and last.status is WorkStatus.FAILED else None
    if failed_at is None or SystemClock().now() - failed_at >= _TRY_AGAIN_AFTER:
        _ask("evaluate_register", SYSTEM)


def _ask(kind: str, asker: Actor, *, subject: str = "", **arguments: Any) -> UUID:
    from django.db import transaction

    from iindustry.flows import services as flows

    with transaction.atomic():
        work_id = flows.begin(kind, asker, clock=SystemClock(), subject=subject)
        if flows.progress_of(work_id).status is WorkStatus.WAITING:
            _defer_once(_TASKS[kind], work_id, arguments)
    return work_id


_TASKS = {
    "make_country": make_country,
    "rebuild_register": rebuild_register,
    "evaluate_register": evaluate_register,
    "deliver_file": deliver_file,
}


def _defer_once(task: Any, work_id: UUID, arguments: dict[str, Any]) -> None:
    from django.db import transaction
    from procrastinate.exceptions import AlreadyEnqueued

    try:
        with transaction.atomic():
            task.configure(queueing_lock=str(work_id)).defer(work_id=str(work_id), **arguments)
    except AlreadyEnqueued:  # asked for a moment ago and still waiting
        return


def _forget_old_jobs() -> None:
    async def forget(manager: JobManager) -> None:
        await manager.delete_old_jobs(
            nb_hours=_KEEP_JOBS_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )

    _manage(forget)


def _manage(act: Callable[[JobManager], Awaitable[T]]) -> T:
    """Do something to the queue over a connection of its own, beside the worker's."""
    import asyncio

    from procrastinate.manager import JobManager

    async def acted() -> T:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        await connector.open_async()
        try:
            return await act(JobManager(connector))
        finally:
            await connector.close_async()

    return asyncio.run(acted())
