"""`programme …`: documents checked, tried on the register, and taken through their life; and what was published when."""

from __future__ import annotations

import dataclasses
import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from iindustry.cli.output import REFUSED, AsJson, pick, plain, say, show
from iindustry.config.environment import environment
from iindustry.config.supervisor import connected
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iindustry.kernel.actors import Actor
    from iindustry.programmes.checking import Checked, Fault
    from iindustry.programmes.keeping import Edition
    from iindustry.programmes.lifecycle import Draft
    from iindustry.programmes.shape import Programme
    from iindustry.programmes.simulate import DryRun

programme_app = typer.Typer(no_args_is_help=True, help="Programmes as data.")
Files = Annotated[list[Path], typer.Argument(help="Programme documents (YAML).")]
DraftId = Annotated[UUID, typer.Argument(help="The draft, as `programme drafts` lists it.")]
ProgrammeId = Annotated[str, typer.Argument(help="The programme's id, such as SMED-D-GREEN.")]
Who = Annotated[str, typer.Option("--as", help="Who acts: the sign-in name of somebody of the demo country.")]
Why = Annotated[str, typer.Option("--reason", help="Why, for those who read it later.")]
_MOST = 200
_NEAREST = 3


@programme_app.command()
def check(files: Files, *, as_json: AsJson = False) -> None:
    """Say everything that is wrong with documents: line, field, reason and what to write. Exit code 1 where something is."""
    from iindustry.programmes import checking

    _settled()
    found = [(path.name, checking.check(_bytes(path))) for path in files]
    facts = {"files": [_checked(name, one) for name, one in found]}
    show(facts, as_json=as_json, text="\n".join(line for name, one in found for line in _lines(name, one)))
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
    runs = [_run(one) for path in files for one in _programmes(path)]
    show(
        {"programmes": [one.document() for one in runs]},
        as_json=as_json,
        text="\n".join(_run_text(one) for one in runs),
    )


@programme_app.command()
def compare(files: Files, *, as_json: AsJson = False) -> None:
    """Try drafts beside each other: each after the first against the first, with who is let in and who is left out."""
    from iindustry.programmes import simulate

    _settled()
    drafts = [one for path in files for one in _programmes(path)]
    runs = simulate.compare(drafts, home=environment().paths, as_of=_today())
    show(
        {"programmes": [one.document() for one in runs]},
        as_json=as_json,
        text="\n".join(_run_text(one) for one in runs),
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
        for one in _programmes(file)
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
        {"programme": programme_id, "editions": [_edition(one) for one in found]},
        as_json=as_json,
        text="\n".join(_edition_text(one) for one in found),
    )


@programme_app.command()
def replay(
    *,
    record: Annotated[
        UUID | None, typer.Option(help="One kept answer, by its id; without it, the newest first.")
    ] = None,
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


@programme_app.command()
def drafts(
    *,
    who: Who,
    status: Annotated[str | None, typer.Option(help="draft, submitted, published, rejected or withdrawn.")] = None,
    as_json: AsJson = False,
) -> None:
    """The drafts that somebody may read, the one changed last first."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.list_drafts(actor=_actor(who), status=status, limit=_MOST)
    show({"drafts": [_draft(one) for one in found]}, as_json=as_json, text="\n".join(_draft_text(one) for one in found))


@programme_app.command()
def draft(
    file: Annotated[Path, typer.Argument(help="One document (YAML).")],
    *,
    who: Who,
    into: Annotated[
        UUID | None, typer.Option(help="The draft whose text this becomes; a new one if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Keep a document as a draft, faults and all."""
    with connected("app"):
        from iindustry.programmes import services

        text = _bytes(file).decode("utf-8", errors="replace")
        found = services.save_draft(text, actor=_actor(who), clock=SystemClock(), draft_id=into)
    _tell(found, as_json=as_json)


@programme_app.command()
def submit(draft_id: DraftId, *, who: Who, as_json: AsJson = False) -> None:
    """Try a draft on the register in force and hand it over to be signed, with that run."""
    with connected("app"):
        from iindustry.programmes import checking, services

        actor = _actor(who)
        text = services.get_draft(draft_id, actor=actor).text
        one = next((one for one in checking.check(text).programmes if not one.is_archive), None)
        run = None if one is None else _run(one)
        found = services.submit(draft_id, dry_run=run, actor=actor, clock=SystemClock())
    _tell(found, as_json=as_json)


@programme_app.command()
def publish(draft_id: DraftId, *, who: Who, as_json: AsJson = False) -> None:
    """Sign a submitted draft; with the last signature that is wanted it is in force."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.publish(draft_id, actor=_actor(who), clock=SystemClock())
    _tell(found, as_json=as_json)


@programme_app.command()
def reject(draft_id: DraftId, *, who: Who, reason: Why, as_json: AsJson = False) -> None:
    """Hand a submitted draft back to its makers with a reason."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.reject(draft_id, reason=reason, actor=_actor(who), clock=SystemClock())
    _tell(found, as_json=as_json)


@programme_app.command()
def withdraw(draft_id: DraftId, *, who: Who, as_json: AsJson = False) -> None:
    """Take a draft back for good."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.withdraw_draft(draft_id, actor=_actor(who), clock=SystemClock())
    _tell(found, as_json=as_json)


@programme_app.command()
def suspend(programme_id: ProgrammeId, *, who: Who, reason: Why, as_json: AsJson = False) -> None:
    """Stop a programme for now: no applications, no yes."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.suspend(programme_id, reason=reason, actor=_actor(who), clock=SystemClock())
    show(found, as_json=as_json, text=pick(f"{programme_id} ระงับแล้ว", f"{programme_id} is suspended"))


@programme_app.command()
def resume(programme_id: ProgrammeId, *, who: Who, reason: Why, as_json: AsJson = False) -> None:
    """Let a suspended programme go on: one person asks, a second one's call ends the suspension."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.resume(programme_id, reason=reason, actor=_actor(who), clock=SystemClock())
    asked = pick(f"{programme_id} รอผู้เห็นชอบอีกหนึ่งคน", f"{programme_id} waits for a second person")
    going = pick(f"{programme_id} เปิดต่อแล้ว", f"{programme_id} goes on")
    show(found, as_json=as_json, text=asked if found.until is None else going)


@programme_app.command()
def end(
    programme_id: ProgrammeId,
    *,
    last_day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day on which it holds.")],
    who: Who,
    reason: Why,
    as_json: AsJson = False,
) -> None:
    """Let a programme end on a day, today at the earliest."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.end_programme(
            programme_id, last_day=last_day.date(), reason=reason, actor=_actor(who), clock=SystemClock()
        )
    show(_edition(found), as_json=as_json, text=_edition_text(found))


def _settled() -> None:
    """Let documents of this installation be found; no database is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")  # noqa: TID251 - before the settings are read
    from django.conf import settings

    assert settings.HOME  # noqa: S101 - reading one setting reads them all


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise Rejected("file-absent", file=path.name)
    return path.read_bytes()


def _programmes(path: Path) -> tuple[Programme, ...]:
    """The programmes with a rule of a file without faults. Rejected `draft-has-faults`, `file-absent`."""
    from iindustry.programmes import checking

    found = checking.check(_bytes(path))
    if found.faults:
        first = found.faults[0]
        raise Rejected(
            "draft-has-faults", count=len(found.faults), line=first.line, field=first.field, fault=first.code
        )
    return tuple(one for one in found.programmes if not one.is_archive)


def _run(one: Programme) -> DryRun:
    """A document tried on the register, against what is in force under its id."""
    from iindustry.programmes import published, simulate

    against = published.library().programmes.get(one.id)
    is_other = against is not None and not against.is_archive and against.version != one.version
    return simulate.dry_run(one, home=environment().paths, as_of=_today(), against=against if is_other else None)


def _actor(username: str) -> Actor:
    """Somebody of the demo country; nobody who has a password can be acted for from here. NotFound `door-unknown`."""
    from iindustry.accounts import services as accounts

    return accounts.actor_of(accounts.person_of_door(username), clock=SystemClock())


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


def _tell(found: Draft, *, as_json: bool) -> None:
    show(_draft(found), as_json=as_json, text=_draft_text(found))


def _checked(name: str, one: Checked) -> dict[str, Any]:
    return {
        "file": name,
        "programmes": [each.id for each in one.programmes],
        "faults": [dataclasses.asdict(each) for each in one.faults],
        "warnings": [dataclasses.asdict(each) for each in one.warnings],
    }


def _lines(name: str, one: Checked) -> Iterable[str]:
    good = ", ".join(each.id for each in one.programmes) or pick("ไม่มีข้อผิด", "no faults")
    yield (
        f"{name}: {good}"
        if one.is_good
        else f"{name}: " + pick(f"ข้อผิด {len(one.faults)} แห่ง", f"faults: {len(one.faults)}")
    )
    for fault in one.faults:
        yield from _fault_lines(name, fault, "")
    for fault in one.warnings:
        yield from _fault_lines(name, fault, pick("ข้อสังเกต ", "warning "))


def _fault_lines(name: str, fault: Fault, mark: str) -> Iterable[str]:
    yield f"{name}:{fault.line}:{fault.column}: {mark}{fault.field}: {pick(fault.th, fault.en)} ({fault.code})"
    yield f"    {pick(fault.fix_th, fault.fix_en)}"


def _run_text(one: DryRun) -> str:
    lines = [
        f"{one.programme}: "
        + pick(
            f"ได้ {one.yes:,}  ไม่ได้ {one.no:,}  ยังไม่ทราบ {one.unknown:,}  ใช้ค่าแทน {one.assumed:,}",
            f"yes {one.yes:,}  no {one.no:,}  unknown {one.unknown:,}  assumed {one.assumed:,}",
        )
    ]
    if one.winners is not None and one.losers is not None:
        lines.append(
            "  "
            + pick(f"ได้เพิ่ม {one.winners:,}  เสียไป {one.losers:,}", f"winners {one.winners:,}  losers {one.losers:,}")
        )
    lines += [
        "  " + pick(f"ขาดเพียง {miss.th}: {miss.enterprises:,}", f"only {miss.en} is missing: {miss.enterprises:,}")
        for miss in one.near_miss[:_NEAREST]
    ]
    lines += [
        "  " + pick(f"ข้อมูล {each.th} ตัดสินได้: {each.enterprises:,}", f"{each.en} would settle: {each.enterprises:,}")
        for each in one.settling[:_NEAREST]
    ]
    return "\n".join(lines)


def _draft(one: Draft) -> dict[str, Any]:
    return {
        "draft_id": str(one.draft_id), "schema": one.schema, "name": one.name, "owner": one.owner, "status": one.status.value,
        "row_version": one.row_version, "waits_for": [each.value for each in one.waits_for], "reason": one.reason,
        "edition_id": None if one.edition_id is None else str(one.edition_id), "changed_at": plain(one.changed_at),
    }  # fmt: skip


def _draft_text(one: Draft) -> str:
    waits = ", ".join(each.value for each in one.waits_for)
    return f"{one.draft_id}  {one.name}  {one.status.value}" + (
        pick(f"  รอ {waits}", f"  waits for {waits}") if waits else ""
    )


def _edition(one: Edition) -> dict[str, Any]:
    return {
        "version": one.version, "valid_from": plain(one.valid_from), "valid_to": plain(one.valid_to),
        "known_from": plain(one.known_from), "known_to": plain(one.known_to), "packaged": one.is_packaged,
    }  # fmt: skip


def _edition_text(one: Edition) -> str:
    days = f"{one.valid_from or '…'} – {one.valid_to or '…'}"
    known = (
        f"{one.known_from.isoformat() if one.known_from else '…'} – {one.known_to.isoformat() if one.known_to else '…'}"
    )
    return f"{one.version[:19]}  {days}  {pick('ทราบ', 'known')} {known}"
