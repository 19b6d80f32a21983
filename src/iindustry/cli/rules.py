"""`explain`, `programme check`, `programme dry-run`, `evaluate`: programmes as data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from iindustry.cli.output import AsJson, pick, plain, show
from iindustry.cli.registers import find
from iindustry.config.environment import environment
from iindustry.config.supervisor import connected
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, Rejected
from iindustry.kernel.home import current_version

if TYPE_CHECKING:
    from datetime import date

    from iindustry.programmes.explain import Explanation

programme_app = typer.Typer(no_args_is_help=True, help="Programmes as data.")
Files = Annotated[list[Path], typer.Argument(help="Programme documents (YAML).")]


def explain(
    enterprise_id: Annotated[str, typer.Argument(help="ENT-…, a juristic id or a factory id.")],
    programme: Annotated[str | None, typer.Argument(help="One programme; all open ones if not given.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """An enterprise's eligibility with reasons: yes, no with gap, or unknown with the datum that settles it."""
    with connected("app"):
        from iindustry.programmes import services as programmes

        found = programmes.explain(find(enterprise_id), as_of=SystemClock().today(), programme=programme)
    show([_document(one) for one in found], as_json=as_json, text="\n".join(_text(one) for one in found))


def evaluate(*, as_json: AsJson = False) -> None:
    """Every programme on the whole register."""
    import time

    started = time.perf_counter()
    home = environment().paths
    if current_version(home) is None:
        raise Conflict("register-empty")
    with connected("worker"):
        from iindustry.flows import services as flows

        report = flows.evaluate(home=home, as_of=_today())
    facts = {**plain(report), "seconds": round(time.perf_counter() - started, 2), "peak_mib": flows.peak_mib()}
    lines = [
        f"{one['id']}: yes {one['yes']:,}  no {one['no']:,}  unknown {one['unknown']:,}" for one in facts["programmes"]
    ]
    show(facts, as_json=as_json, text="\n".join(lines))


@programme_app.command()
def check(files: Files, *, as_json: AsJson = False) -> None:
    """Read programme documents and say where one is wrong: file, line, field."""
    found = [{"file": path.name, "programmes": [one.id for one in _read(path)]} for path in files]
    text = "\n".join(f"{one['file']}: {', '.join(one['programmes'])}" for one in found)
    show({"files": found}, as_json=as_json, text=text)


@programme_app.command("dry-run")
def dry_run(files: Files, *, as_json: AsJson = False) -> None:
    """Count yes, no and unknown of drafts on the register in force. Nothing is kept."""
    import polars as pl

    from iindustry.programmes.columns import evaluate as evaluated
    from iindustry.programmes.published import bundle_of

    home = environment().paths
    version = current_version(home)
    if version is None:
        raise Conflict("register-empty")
    bundles = [bundle_of(one) for path in files for one in _read(path)]
    folder = home.register / version
    answers = evaluated(
        bundles,
        pl.read_parquet(folder / "enterprises.parquet"),
        pl.read_parquet(folder / "establishments.parquet"),
        _today(),
    )
    rows = answers.group_by("programme", "answer").len().sort("programme", "answer").rows()
    found = {programme: dict.fromkeys(("yes", "no", "unknown"), 0) for programme in sorted({row[0] for row in rows})}
    for programme, answer, count in rows:
        found[programme][answer] = count
    text = "\n".join(f"{name}: " + "  ".join(f"{key} {n:,}" for key, n in one.items()) for name, one in found.items())
    show(
        {"version": version, "programmes": [{"id": name, **one} for name, one in found.items()]},
        as_json=as_json,
        text=text,
    )


def _read(path: Path) -> list[Any]:
    """The programmes of a file, checked against the definitions in force. Rejected `rule-…`, `file-absent`."""
    from iindustry.programmes import programme as documents
    from iindustry.programmes.documents import read
    from iindustry.programmes.published import library

    if not path.is_file():
        raise Rejected("file-absent", file=path.name)
    places = read(path.read_bytes())
    return [
        documents.programme(place, library().shelf)
        for place in places
        if place.need("schema").text() == documents.PROGRAMME
    ]


def _today() -> date:
    return SystemClock().today()


def _document(one: Explanation) -> dict[str, Any]:
    """An explanation as JSON; of the programme, what names it."""
    facts: dict[str, Any] = plain(one)
    facts["programme"] = {
        "id": one.programme.id, "version": one.programme.version, "owner": one.programme.owner,
        "title_th": one.programme.title_th, "title_en": one.programme.title_en,
    }  # fmt: skip
    return facts


def _text(one: Explanation) -> str:
    head = f"{one.programme.id}  {one.answer.value}  " + pick(one.programme.title_th, one.programme.title_en)
    lines = [head]
    for condition in one.conditions:
        gap = condition.gap_words
        said = pick(condition.label.th, condition.label.en)
        more = f" – {pick(gap.th, gap.en)}" if gap else ""
        lines.append(f"  {condition.answer.value:8}{said}{more}")
    return "\n".join(lines)
