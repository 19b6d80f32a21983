"""The studio: rules as drafts. The list, a new draft from a rule in force, and several drafts beside each other (`/studio`).

Who may see and write which draft is `programmes.lifecycle`'s table; these pages only show it. Enterprises are counted here,
never named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import NotFound, Rejected
from iindustry.programmes import checking, impact, lifecycle, published, services
from iindustry.programmes.describe import KIND_WORDS, OWNER_WORDS
from iindustry.programmes.documents import read
from iindustry.programmes.facts import Words
from iindustry.programmes.lifecycle import Status
from iindustry.programmes.programme import DEFINITION, PARAMETER, PROGRAMME
from iindustry.programmes.services import trials
from iindustry.web.access import access
from iindustry.web.pressed import actor_of
from iindustry.web.refusals import sentence
from iindustry.web.studio_figures import coarse, comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from iindustry.kernel.actors import Actor
    from iindustry.programmes.keeping import Edition
    from iindustry.programmes.lifecycle import Draft
    from iindustry.programmes.shape import Programme

CLOCK = SystemClock()
WRITERS = (Role.ANALYST, Role.BANK_OFFICER, Role.AGENCY_OFFICER)
MOST_DRAFTS = 50
MOST_COMPARED = 4
SHARED_WORDS: Mapping[str, Words] = {
    DEFINITION: Words("นิยาม", "Definition"),
    PARAMETER: Words("อัตราอ้างอิง", "Base rate"),
}
"""Documents that others rest on, as the list calls them."""
STATUS_WORDS: Mapping[Status, tuple[Words, str]] = {
    Status.DRAFT: (Words("กำลังร่าง", "Being written"), "blue"),
    Status.SUBMITTED: (Words("รอผู้ตรวจ", "Waits for a checker"), "yellow"),
    Status.PUBLISHED: (Words("ประกาศแล้ว", "Published"), "green"),
    Status.REJECTED: (Words("ส่งกลับให้แก้", "Sent back"), "red"),
    Status.WITHDRAWN: (Words("ยกเลิกแล้ว", "Withdrawn"), "grey"),
}


@require_GET
@access(*WRITERS)
def studio(request: HttpRequest) -> HttpResponse:
    """Drafts of one's own organisation, newest first, and the rules in force that a new draft may begin from."""
    return _list(request, [])


@require_POST
@access(*WRITERS)
def begin(request: HttpRequest) -> HttpResponse:
    """A new draft with the text of a rule in force; the one still open of the same rule and person is opened again."""
    actor, name = actor_of(request), request.POST.get("programme", "")
    open_one = next(
        (
            one
            for one in services.list_drafts(actor=actor, limit=MOST_DRAFTS)
            if one.name == name and one.status is Status.DRAFT and one.maker == actor.tag
        ),
        None,
    )
    if open_one is not None:
        return redirect("studio_draft", open_one.draft_id)
    try:
        draft = services.save_draft(_text_of(name), actor=actor, clock=CLOCK)
    except Rejected as refused:
        return _list(request, [("programme", sentence(request, refused))])
    return redirect("studio_draft", draft.draft_id)


@require_GET
@access(*WRITERS)
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four drafts, and the rule in force of the first, answered on the same register."""
    actor = actor_of(request)
    ids = dict.fromkeys(request.GET.getlist("draft")[:MOST_COMPARED])
    drafts = [services.get_draft(_uuid(one), actor=actor) for one in ids]
    read = [(draft, checking.check(draft.text)) for draft in drafts]
    whole = [(draft, one.programmes[0]) for draft, one in read if one.programmes and not one.faults]
    base = _in_force(whole[0][0].name) if whole else None
    rules = ([base] if base is not None else []) + [one for _, one in whole]
    runs = tuple(
        trials.dry_run(one, against=rules[0] if number else None, actor=actor, home=settings.HOME, clock=CLOCK).found
        for number, one in enumerate(rules)
    )
    if actor.role is not Role.ANALYST:
        runs = tuple(coarse(one) for one in runs)
    names = ([Words("ที่ใช้อยู่", "In force")] if base is not None else []) + [_draft_name(draft) for draft, _ in whole]
    context = {
        "columns": comparison(names, runs),
        "broken": [draft for draft, one in read if one.faults],
        "drafts": drafts,
        "chosen": bool(ids),
        "is_coarse": actor.role is not Role.ANALYST,
    }
    return render(request, "web/studio/compare.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("draft-absent") from None


def _list(request: HttpRequest, errors: list[tuple[str, str]]) -> HttpResponse:
    actor = actor_of(request)
    drafts = services.list_drafts(actor=actor, limit=MOST_DRAFTS)
    rows = [{"draft": one, "status": STATUS_WORDS[one.status], "owner": OWNER_WORDS.get(one.owner), **_who(one, actor)}
            for one in drafts]  # fmt: skip
    context = {
        "rows": rows,
        "waiting": [row for row in rows if row["may_sign"]],
        "rules": [(one.id, one.title, KIND_WORDS[one.kind.value]) for one in _writable(actor)] + _shared(actor),
        "errors": errors,
        "most": MOST_COMPARED,
    }
    return render(request, "web/studio/list.html", context, status=422 if errors else 200)


def _who(draft: Draft, actor: Actor) -> dict[str, Any]:
    is_mine = draft.maker == actor.tag
    return {"is_mine": is_mine, "may_sign": draft.status is Status.SUBMITTED and not is_mine}


def _text_of(name: str) -> str:
    """The text in force of a rule, definition or base rate. NotFound `programme-absent` for any other name."""
    standing = published.library().editions
    schema = next((one for one in SHARED_WORDS if (one, name) in standing), None)
    return published.text_of(name) if schema is None else standing[schema, name].text


def _shared(actor: Actor) -> list[tuple[str, Words, Words]]:
    """Definitions and base rates that this person may write: name, title, what they are; by name."""
    found = []
    for (schema, name), edition in sorted(published.library().editions.items()):
        if schema in impact.SHARED and lifecycle.may_write(checking.identity_of(edition.text), actor):
            found.append((name, _title_of(edition, name), SHARED_WORDS[schema]))
    return found


def _title_of(edition: Edition, name: str) -> Words:
    title = read(edition.text)[0].value.get("title")
    return Words(str(title["th"]), str(title["en"])) if isinstance(title, dict) else Words(name, name)


def _writable(actor: Actor) -> list[Programme]:
    """Rules whose owner this person writes for, by id."""
    found = []
    for one in services.catalogue():
        if one.is_archive:
            continue
        subject = lifecycle.KINDS[one.kind]
        identity = lifecycle.Identity(PROGRAMME, one.id, one.owner, subject, bool(one.policy_lines))
        if lifecycle.may_write(identity, actor):
            found.append(one)
    return found


def _in_force(name: str) -> Programme | None:
    found = published.library().programmes.get(name)
    return None if found is None or found.is_archive else found


def _draft_name(draft: Draft) -> Words:
    short = str(draft.draft_id)[-4:]
    return Words(f"ร่าง {draft.name} ({short})", f"Draft {draft.name} ({short})")
