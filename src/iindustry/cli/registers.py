"""`deliver`, `link`, `export`, `enterprise`: registers in, one register out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iindustry.cli import exporting
from iindustry.cli.output import AsJson, pick, show
from iindustry.cli.telling import Teller
from iindustry.config.environment import environment
from iindustry.config.supervisor import connected
from iindustry.kernel.actors import SYSTEM
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.home import current_version

if TYPE_CHECKING:
    from iindustry.register.enterprise import Enterprise, Value


class Engine(StrEnum):
    """Where a register is standardised and linked."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class Exported(StrEnum):
    """What may be exported."""

    MEMBERS = "members"
    ENTERPRISES = "enterprises"
    ESTABLISHMENTS = "establishments"


def deliver(
    source: Annotated[str, typer.Argument(help="The register's key, such as dbd, diw or dip.")],
    file: Annotated[Path, typer.Argument(help="The file, as it is.")],
    *,
    period: Annotated[str | None, typer.Option(help="Year and month, such as 2026-10.")] = None,
    scope: Annotated[str | None, typer.Option(help="The part of a full set, such as province=10.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="A YAML file that says which heading is which column.")] = None,
    as_json: AsJson = False,
) -> None:
    """Land a delivery; print what was accepted, what waits in which rows and why, and where to mend it.

    Where the headings are unknown, a draft of a mapping is printed: check it, save it, and pass it with --mapping.
    """
    for path in (file, mapping):
        if path is not None and not path.is_file():
            raise Rejected("file-absent", file=path.name)
    with connected("worker", makes_home=True):
        from iindustry.sources import services as sources

        document = sources.mapping_of(mapping.read_text(encoding="utf-8"), source=source) if mapping else None
        try:
            report = sources.deliver(
                file, source=source, filename=file.name, period=period, scope=scope, mapping=document,
                actor=SYSTEM, home=environment().paths, clock=SystemClock(),
            )  # fmt: skip
        except Rejected as refusal:
            if refusal.code in {"layout-unknown", "column-missing"} and mapping is None and not as_json:
                draft = sources.suggest_mapping(
                    file, source=source, filename=file.name, actor=SYSTEM, clock=SystemClock()
                )
                typer.echo(draft.as_yaml())
            raise
        from iindustry.cli import delivered

        said = delivered.facts(report)
        told = delivered.text(report, said)
    show(said, as_json=as_json, text=told)


def link(
    *,
    engine: Annotated[
        Engine,
        typer.Option(help="Who standardises and scores: this computer, or the workers of IINDUSTRY_SPARK_MASTER."),
    ] = Engine.DUCKDB,
    as_json: AsJson = False,
) -> None:
    """Build and publish the next register version; print counts, seconds, peak memory, quality."""
    with connected("worker"):
        from iindustry.config import jobs
        from iindustry.flows import services as flows

        teller = Teller()
        spark = environment().spark_master if engine is Engine.SPARK else None
        report = jobs.rebuild(flows.begin("rebuild_register", SYSTEM, clock=SystemClock()), told=teller, spark=spark)
        teller.end()
    text = pick(
        f"ทะเบียนรุ่น {report.version}: {report.records:,} ระเบียน เป็น {report.enterprises:,} กิจการ "
        f"{report.establishments:,} สถานประกอบการ ใน {report.seconds:.1f} วินาที หน่วยความจำสูงสุด {report.peak_mib:,} MiB",
        f"Register version {report.version}: {report.records:,} records became {report.enterprises:,} enterprises and "
        f"{report.establishments:,} establishments in {report.seconds:.1f} s, peak memory {report.peak_mib:,} MiB.",
    )
    show(report, as_json=as_json, text=text)


def export(
    what: Annotated[Exported, typer.Argument(help="members, enterprises or establishments")],
    file: Annotated[Path, typer.Argument(help="Where to write: a .csv or .parquet file.")],
    *,
    version: Annotated[str | None, typer.Option(help="A register version; the one in force if not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a register version's table as CSV or Parquet."""
    home = environment().paths
    chosen = version or current_version(home)
    if chosen is None:
        raise Conflict("register-empty")
    path = home.register / Path(chosen).name / f"{what.value}.parquet"
    if not path.exists():
        known = sorted(one.name for one in home.register.iterdir() if one.is_dir())
        raise NotFound("version-unknown", version=chosen, known=", ".join(known[-10:]))
    rows = exporting.write(path, file)
    facts = {"what": what.value, "version": chosen, "rows": rows, "file": str(file)}
    text = pick(f"เขียน {rows:,} แถวลง {file}", f"{rows:,} rows written to {file}")
    show(facts, as_json=as_json, text=text)


def enterprise(
    enterprise_id: Annotated[str, typer.Argument(help="ENT-…, a juristic id or a factory id.")],
    *,
    as_json: AsJson = False,
) -> None:
    """One enterprise: every value with its source and date."""
    with connected("app"):
        found = find(enterprise_id)
    show(found, as_json=as_json, text=enterprise_text(found))


def find(number: str) -> Enterprise:
    """The enterprise of a lasting id, a juristic id or a factory id. NotFound `enterprise-unknown`."""
    from iindustry.register import services as register

    if number.startswith("ENT-"):
        return register.get_enterprise(number)
    found = register.find_by_juristic_id(number) or register.find_by_factory_id(number)
    if found is None:
        raise NotFound("enterprise-unknown")
    return found


def enterprise_text(found: Enterprise) -> str:
    """An enterprise, its values and its establishments, a line each."""
    lines = [f"{found.enterprise_id}  {found.name_th}", pick(f"ทะเบียนรุ่น {found.version}", f"register {found.version}")]
    lines += [_value_text(one) for one in found.values.values()]
    for site in found.establishments:
        lines.append(f"{site.establishment_id}  {site.name}")
        lines += [_value_text(one) for one in site.values.values()]
    return "\n".join(lines)


def _value_text(one: Value) -> str:
    return f"  {one.field} = {one.value}  [{one.source} {one.as_of.isoformat()} {one.standing.value}]"
