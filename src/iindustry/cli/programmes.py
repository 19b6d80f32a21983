"""`programme check … replay`: documents checked, tried on the register, what was published when, and answers given again."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from iindustry.cli.output import REFUSED, AsJson, pick, say, show
from iindustry.cli.programme_words import checked, edition_facts, edition_text, lines, run_text
from iindustry.config.environment import environment
from iindustry.config.supervisor import connected
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Rejected

if TYPE_CHECKING:
    from iindustry.programmes.shape import Programme
    from iindustry.programmes.simulate import DryRun

programme_app = typer.Typer(no_args_is_help=True, help="Programmes as data.")
Files = Annotated[list[Path], typer.Argument(help="Programme documents (YAML).")]
Record = Annotated[UUID | None, typer.Option(help="One kept answer, by its id; without it, the newest first.")]
ProgrammeId = Annotated[str, typer.Argument(help="The programme's id, such as SMED-D-GREEN.")]


@programme_app.command()
def check(files: Files, *, as_json: AsJson = False) -> None:
    """Say everything that is wrong with documents: line, field, reason and what to write. Exit code 1 where something is."""
    from iindustry.programmes import checking

    _settled()
    found = [(path.name, checking.check(content(path))) for path in files]
    facts = {"files": [checked(name, one) for name, one in found]}
    show(facts, as_json=as_json, text="\n".join(line for name, one in found for line in lines(name, one)))
    if not all(one.is_good for _, one in found):
        raise typer.Exit(REFUSED)


@programme_app.command()
def schema(
    name: Annotated[
        str, typer.Argument(help="programme, definition, parameter, order or card; document for a file of any.")
    ] = "document",
) -> None:
    """Print the JSON Schema of documents, for an editor that underlines faults as they are typed."""
    from iindustry.programmes import schemas

    known = {one.split("/")[1]: one for one in schemas.DOCUMENTS}
    if name != "document" and name not in known:
        raise Rejected("schema-unknown", name=name, known=", ".join(["document", *known]))
    found = schemas.any_schema() if name == "document" else schemas.json_schema(known[name])
    say(json.dumps(found, ensure_ascii=False, indent=1))


@programme_app.command("dry-run")
def dry_run(files: Files, *, as_json: AsJson = False) -> None:
    """Try documents on the register in force: yes, no, unknown, who just misses, which datum would settle. Nothing is kept."""
    _settled()
    runs = [tried(one) for path in files for one in programmes_of(path)]
    show(
        {"programmes": [one.document() for one in runs]},
        as_json=as_json,
        text="\n".join(run_text(one) for one in runs),
    )


@programme_app.command()
def compare(files: Files, *, as_json: AsJson = False) -> None:
    """Try drafts beside each other: each after the first against the first, with who is let in and who is left out."""
    from iindustry.programmes import simulate

    _settled()
    drafts = [one for path in files for one in programmes_of(path)]
    runs = simulate.compare(drafts, home=environment().paths, as_of=_today())
    show(
        {"programmes": [one.document() for one in runs]},
        as_json=as_json,
        text="\n".join(run_text(one) for one in runs),
    )


@programme_app.command()
def curve(
    file: Annotated[Path, typer.Argument(help="One programme document (YAML).")],
    condition: Annotated[str, typer.Argument(help="The id of a condition on a number.")],
    *,
    as_json: AsJson = False,
) -> None:
    """How many would say yes at every threshold of one condition, the others as they stand."""
    from iindustry.programmes import simulate

    _settled()
    found = [
        {"threshold": threshold, "yes": yes}
        for one in programmes_of(file)
        for threshold, yes in simulate.curve(one, condition, home=environment().paths, as_of=_today())
    ]
    show({"curve": found}, as_json=as_json, text="\n".join(f"{one['threshold']:>20,}  {one['yes']:,}" for one in found))


@programme_app.command()
def versions(
    programme_id: ProgrammeId,
    *,
    known_at: Annotated[
        str | None,
        typer.Option(help="What was known at a moment (ISO 8601, with its zone), such as 2026-11-22T10:00+07:00."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Every edition of a programme: the days for which it holds, and from when to when that was what we knew."""
    _settled()
    from iindustry.programmes import published

    moment = None if known_at is None else _moment(known_at)
    found = [one for one in published.editions_of(programme_id) if moment is None or one.was_known(moment)]
    show(
        {"programme": programme_id, "editions": [edition_facts(one) for one in found]},
        as_json=as_json,
        text="\n".join(edition_text(one) for one in found),
    )


@programme_app.command()
def replay(
    *,
    record: Record = None,
    limit: Annotated[int, typer.Option(help="How many at most.")] = 10_000,
    as_json: AsJson = False,
) -> None:
    """Give kept answers again from their own facts and documents, and compare them byte for byte. Exit code 1 where one differs."""
    with connected("app"):
        from iindustry.programmes import services as programmes

        found = programmes.replay(record_id=record, limit=limit)
    text = pick(
        f"ตอบซ้ำ {found.asked:,} คำตอบ ตรงทุกไบต์ {found.same:,} ต่าง {found.asked - found.same - found.without_path:,} "
        f"ไม่มีทางตอบซ้ำในรุ่นนี้ {found.without_path:,}",
        f"{found.asked:,} answers given again: {found.same:,} equal byte for byte, "
        f"{found.asked - found.same - found.without_path:,} different, {found.without_path:,} without a path in this version",
    )
    show(found, as_json=as_json, text="\n".join([text, *map(str, found.differing)]))
    if not found.is_whole:
        raise typer.Exit(REFUSED)


def _settled() -> None:
    """Let documents of this installation be found; no database is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")  # noqa: TID251 - before the settings are read
    from django.conf import settings

    assert settings.HOME  # noqa: S101 - reading one setting reads them all


def content(path: Path) -> bytes:
    """What a file holds. Rejected `file-absent`."""
    if not path.is_file():
        raise Rejected("file-absent", file=path.name)
    return path.read_bytes()


def programmes_of(path: Path) -> tuple[Programme, ...]:
    """The programmes with a rule of a file without faults. Rejected `draft-has-faults`, `file-absent`."""
    from iindustry.programmes import checking

    found = checking.check(content(path))
    if found.faults:
        first = found.faults[0]
        raise Rejected(
            "draft-has-faults", count=len(found.faults), line=first.line, field=first.field, fault=first.code
        )
    return tuple(one for one in found.programmes if not one.is_archive)


def tried(one: Programme) -> DryRun:
    """A document tried on the register, against what is in force under its id."""
    from iindustry.programmes import published, simulate

    against = published.library().programmes.get(one.id)
    is_other = against is not None and not against.is_archive and against.version != one.version
    return simulate.dry_run(one, home=environment().paths, as_of=_today(), against=against if is_other else None)


def _today() -> date:
    return SystemClock().today()


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Rejected("moment-unreadable", field="known_at") from fault
    if found.tzinfo is None:
        raise Rejected("moment-unreadable", field="known_at")
    return found
