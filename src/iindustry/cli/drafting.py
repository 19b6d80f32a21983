"""`programme drafts … end`: a document taken through its life, from a draft to the last day of what it became."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from iindustry.cli.output import AsJson, pick, show
from iindustry.cli.programme_words import draft_facts, draft_text, edition_facts, edition_text
from iindustry.cli.programmes import ProgrammeId, content, tried
from iindustry.config.supervisor import connected
from iindustry.kernel.clock import SystemClock

if TYPE_CHECKING:
    from iindustry.kernel.actors import Actor
    from iindustry.programmes.lifecycle import Draft

DraftId = Annotated[UUID, typer.Argument(help="The draft, as `programme drafts` lists it.")]
Who = Annotated[str, typer.Option("--as", help="Who acts: the sign-in name of somebody of the demo country.")]
Why = Annotated[str, typer.Option("--reason", help="Why, for those who read it later.")]
File = Annotated[Path, typer.Argument(help="One document (YAML).")]
LastDay = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day on which it holds.")]
_MOST = 200


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
    show(
        {"drafts": [draft_facts(one) for one in found]},
        as_json=as_json,
        text="\n".join(draft_text(one) for one in found),
    )


def draft(
    file: File,
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

        text = content(file).decode("utf-8", errors="replace")
        found = services.save_draft(text, actor=_actor(who), clock=SystemClock(), draft_id=into)
    _tell(found, as_json=as_json)


def submit(draft_id: DraftId, *, who: Who, as_json: AsJson = False) -> None:
    """Try a draft on the register in force and hand it over to be signed, with that run."""
    with connected("app"):
        from iindustry.programmes import checking, services

        actor = _actor(who)
        text = services.get_draft(draft_id, actor=actor).text
        one = next((one for one in checking.check(text).programmes if not one.is_archive), None)
        run = None if one is None else tried(one)
        found = services.submit(draft_id, dry_run=run, actor=actor, clock=SystemClock())
    _tell(found, as_json=as_json)


def publish(draft_id: DraftId, *, who: Who, as_json: AsJson = False) -> None:
    """Sign a submitted draft; with the last signature that is wanted it is in force."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.publish(draft_id, actor=_actor(who), clock=SystemClock())
    _tell(found, as_json=as_json)


def reject(draft_id: DraftId, *, who: Who, reason: Why, as_json: AsJson = False) -> None:
    """Hand a submitted draft back to its makers with a reason."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.reject(draft_id, reason=reason, actor=_actor(who), clock=SystemClock())
    _tell(found, as_json=as_json)


def withdraw(draft_id: DraftId, *, who: Who, as_json: AsJson = False) -> None:
    """Take a draft back for good."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.withdraw_draft(draft_id, actor=_actor(who), clock=SystemClock())
    _tell(found, as_json=as_json)


def suspend(programme_id: ProgrammeId, *, who: Who, reason: Why, as_json: AsJson = False) -> None:
    """Stop a programme for now: no applications, no yes."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.suspend(programme_id, reason=reason, actor=_actor(who), clock=SystemClock())
    show(found, as_json=as_json, text=pick(f"{programme_id} ระงับแล้ว", f"{programme_id} is suspended"))


def resume(programme_id: ProgrammeId, *, who: Who, reason: Why, as_json: AsJson = False) -> None:
    """Let a suspended programme go on: one person asks, a second one's call ends the suspension."""
    with connected("app"):
        from iindustry.programmes import services

        found = services.resume(programme_id, reason=reason, actor=_actor(who), clock=SystemClock())
    asked = pick(f"{programme_id} รอผู้เห็นชอบอีกหนึ่งคน", f"{programme_id} waits for a second person")
    going = pick(f"{programme_id} เปิดต่อแล้ว", f"{programme_id} goes on")
    show(found, as_json=as_json, text=asked if found.until is None else going)


def end(
    programme_id: ProgrammeId,
    *,
    last_day: LastDay,
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
    show(edition_facts(found), as_json=as_json, text=edition_text(found))


ACTS = (drafts, draft, submit, publish, reject, withdraw, suspend, resume, end)
"""The commands, in the order in which a document passes through them."""


def _actor(username: str) -> Actor:
    """Somebody of the demo country; nobody who has a password can be acted for from here. NotFound `door-unknown`."""
    from iindustry.accounts import services as accounts

    return accounts.actor_of(accounts.person_of_door(username), clock=SystemClock())


def _tell(found: Draft, *, as_json: bool) -> None:
    show(draft_facts(found), as_json=as_json, text=draft_text(found))
