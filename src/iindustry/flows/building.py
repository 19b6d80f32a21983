"""From deliveries to a register with answers: deliver, standardise, link, publish, evaluate, prepare what is counted.

Each step finds its own work done when it is repeated: deliveries by their bytes, standard records by the delivery and the
normaliser's version, a register version by its content. So a killed run is begun again from the top and loses nothing.
"""

from __future__ import annotations

import os
import resource
import shutil
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from iindustry.flows.measuring import measure
from iindustry.insight import services as insight
from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.kernel.ids import new_id
from iindustry.kernel.progress import Progress, silent
from iindustry.linkage import services as linkage
from iindustry.linkage.services.on_spark import OnSpark
from iindustry.programmes import services as programmes
from iindustry.register import services as register
from iindustry.sources import services as sources
from iindustry.standardise import services as standardise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home
    from iindustry.linkage.outcome import Linked
    from iindustry.programmes.services import EvaluationReport
    from iindustry.register.enterprise import VersionReport
    from iindustry.sources.reports import DeliveryInForce, DeliveryReport
    from iindustry.standardise.spark import Spark

SEED = 20260101  # of random samples; fixed, so that equal deliveries give an equal register
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Handover:
    """One file that an agency hands over: which register it is, for which period, as which part of a full set."""

    source: str
    file: Path
    filename: str
    period: str | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made. Units: seconds, MiB. `quality` holds ratios and counts of linkage by name."""

    version: str
    records: int
    enterprises: int
    establishments: int
    seconds: float
    peak_mib: int
    quality: Mapping[str, float | int | None]


def deliver_all(
    handovers: Sequence[Handover], *, actor: Actor, home: Home, clock: Clock, progress: Progress = silent
) -> list[DeliveryReport]:
    """Hand over many files in order. A file that was handed over before is passed by (its report says `duplicate`)."""
    reports = []
    for number, one in enumerate(handovers):
        progress("deliver", number, len(handovers))
        report = sources.deliver(
            one.file,
            source=one.source,
            filename=one.filename,
            period=one.period,
            scope=one.scope,
            actor=actor,
            home=home,
            clock=clock,
        )
        reports.append(report)
    progress("deliver", len(handovers), len(handovers))
    return reports


def build_register(
    *,
    actor: Actor,
    home: Home,
    clock: Clock,
    progress: Progress = silent,
    threads: int | None = None,
    truth: Path | None = None,
    spark: AbstractContextManager[Spark] | None = None,
) -> BuildReport:
    """The register version that the deliveries in force and the judgements make, published, with every answer.

    `truth`: what the demo country knows of its own records; then precision and recall are measured too. `spark`: a session
    to be opened (`config.spark`), whose workers standardise and score; the version is the same. Conflict
    `nothing-delivered` where no delivery is in force; `register-moved-on` where stewards act faster than it links, twice.
    """
    started = time.perf_counter()
    with spark or nullcontext() as session:
        try:
            report, quality = _published(home, clock, progress, threads, session)
        except Conflict as conflict:
            if conflict.code != "register-moved-on":
                raise
            report, quality = _published(home, clock, progress, threads, session)
    evaluate(home=home, as_of=clock.today(), progress=progress, truth=truth)
    progress("look_up")
    linkage.refresh_look_ups(home=home)
    del actor  # a build is of the whole register; who asked stands in the row of the work
    return BuildReport(
        report.version,
        report.records,
        report.enterprises,
        report.establishments,
        round(time.perf_counter() - started, 2),
        peak_mib(),
        quality,
    )


def _published(
    home: Home, clock: Clock, progress: Progress, threads: int | None, session: Spark | None
) -> tuple[VersionReport, dict[str, float | int | None]]:
    """Link what is in force and publish it, unless an act or a delta came between: Conflict `register-moved-on`.

    From the look at what stands until the commit no act and no delta can begin: nothing is published over what a person did.
    """
    register.settle(home)
    before = linkage.basis(home)
    deliveries = sources.in_force(home=home)
    if not deliveries:
        raise Conflict("nothing-delivered")
    files = standardise.standard_files(deliveries, home=home, progress=progress, spark=session)
    progress("link")
    linked = linkage.link(
        standardise.identities(files),
        earlier=linkage.earlier_members(home),
        judgements=linkage.judgements_in_force(),
        seed=SEED,
        threads=threads or os.cpu_count() or 1,
        engine=OnSpark(session) if session else None,
        document=linkage.model_in_force(home=home),
        progress=within("link", progress),
    )
    progress("publish")
    with _state_kept(linked, home) as (slim, name), transaction.atomic():
        del linked
        linkage.lock_reshaping()
        register.settle(home)
        linkage.check_basis(before, home=home)
        report = register.publish(
            slim, files, home=home, clock=clock, progress=within("publish", progress), within=True, state_of=name
        )
    register.settle(home)
    return report, dict(slim.quality)


@contextmanager
def _state_kept(linked: Linked, home: Home) -> Iterator[tuple[Linked, str]]:
    """What linking found without its state, and the hidden name under which the state lies on the disk meanwhile.

    The state of a nation is gigabytes that publishing does not read: the version takes it over from the disk.
    """
    name = f".linked-{new_id()}"
    linkage.save_state(linked, home=home, version=name)
    try:
        yield replace(linked, state=None), name
    finally:
        shutil.rmtree(home.linkage / name, ignore_errors=True)


def standard_records(deliveries: Sequence[DeliveryInForce], *, home: Home, progress: Progress = silent) -> pl.DataFrame:
    """The standard records of these deliveries, one wide frame: for acts on few records; a build reads files."""
    import polars as pl

    paths = []
    for number, delivery in enumerate(deliveries):
        progress("standardise", number, len(deliveries))
        paths.append(standardise.standardise_delivery(delivery, home=home))
    progress("standardise", len(deliveries), len(deliveries))
    return pl.concat([pl.read_parquet(path) for path in paths])


def evaluate(*, home: Home, as_of: date, progress: Progress = silent, truth: Path | None = None) -> EvaluationReport:
    """Every enterprise of the version in force against every programme, and what is counted of it.

    Beside it, when all is done, by what it was answered. Conflict `register-absent` before the first version.
    """
    progress("evaluate")
    by = programmes.answering(as_of)
    report = programmes.evaluate_all(home=home, as_of=as_of, progress=within("evaluate", progress))
    write_programmes(home)
    if truth is not None:
        progress("measure")
        measure(home=home, truth=truth)
    insight.prepare(home)
    programmes.note_answered(home, report.version, by)
    return report


def write_programmes(home: Home) -> None:
    """Beside the version in force, the programmes it was evaluated against: kind, main policy line, lender, version."""
    import polars as pl

    from iindustry.programmes.programme import Kind

    version = current_version(home)
    assert version is not None  # noqa: S101 - there was something to evaluate
    kinds = {Kind.LOAN_PRODUCT: "loan"}
    rows = [
        {
            "programme": one.id,
            "kind": kinds.get(one.kind, one.kind.value),
            "policy_line": one.policy_lines[0] if one.policy_lines else None,
            "lender": one.owner,
            "title_th": one.title_th,
            "title_en": one.title_en,
            "version": one.version,
        }
        for one in programmes.catalogue()
        if not one.is_archive
    ]
    path = home.register / version / "programmes.parquet"
    part = path.with_name(".programmes.parquet.part")
    pl.DataFrame(rows, schema=dict.fromkeys(_PROGRAMME, pl.String)).sort("programme").write_parquet(part)
    part.rename(path)


def within(phase: str, progress: Progress) -> Progress:
    """A progress that tells every step as a step of one phase."""
    inner = phase

    def told(phase: str, done: int = 0, total: int = 0) -> None:
        del phase
        progress(inner, done, total)

    return told


def peak_mib() -> int:
    """The most memory this process ever held, MiB (ru_maxrss is in KiB on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB


_PROGRAMME = ("programme", "kind", "policy_line", "lender", "title_th", "title_en", "version")
