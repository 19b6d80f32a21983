"""One draft in the studio: a form and its text side by side, faults at their lines, what the rule would do on the register.

A change of the form is cut into the text; the text may be edited as it is. Every answer is on the register version in force;
a rule with faults is never run. Submitting signs the run that is shown; a second person publishes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Conflict, DomainError, Rejected
from iindustry.programmes import checking, drafting, impact, lifecycle, published, services
from iindustry.programmes.lifecycle import Status
from iindustry.programmes.services import trials
from iindustry.web import studio_figures, studio_form
from iindustry.web.access import access
from iindustry.web.language import is_switched, is_thai, keeps_typed, pick
from iindustry.web.pressed import actor_of, version_of
from iindustry.web.refusals import sentence
from iindustry.web.studio import CLOCK, STATUS_WORDS, WRITERS

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from iindustry.kernel.actors import Actor
    from iindustry.programmes.checking import Checked
    from iindustry.programmes.dry_runs import DryRun, Impact
    from iindustry.programmes.lifecycle import Draft
    from iindustry.programmes.services.trials import Tried
    from iindustry.programmes.shape import Programme


@require_http_methods(["GET", "POST"])
@access(*WRITERS)
@keeps_typed
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The editor. A POST saves what the form and the text say, adds or removes a condition, then shows the page again."""
    one = services.get_draft(draft_id, actor=actor_of(request))
    if request.method == "GET":
        return _page(request, one, one.text, [])
    text, errors = _written(request)
    if is_switched(request) or errors:
        return _page(request, one, text, errors)
    try:
        services.save_draft(
            text, actor=actor_of(request), clock=CLOCK, draft_id=one.draft_id, row_version=version_of(request)
        )
    except (Rejected, Conflict) as refused:
        return _page(request, one, text, [("text", sentence(request, refused))])
    return redirect("studio_draft", draft_id)


@require_POST
@access(*WRITERS)
def live(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The part of the editor below the form, for what is typed now and not saved: faults, counts, map, tables."""
    one = services.get_draft(draft_id, actor=actor_of(request))
    text, errors = _written(request)
    by_hand = _digest(_posted_text(request)) != request.POST.get("seen")
    context = _editor(request, one, text, errors) | {"by_hand": by_hand, "is_live": True}
    return render(request, "web/studio/live.html", context)


@require_POST
@access(*WRITERS)
def decide(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Submit, publish (the signature of a second person), send back with a reason, or withdraw."""
    actor, act = actor_of(request), request.POST.get("act", "")
    one = services.get_draft(draft_id, actor=actor)
    reason = request.POST.get("reason", "").strip()
    decision = _DECISIONS.get(act)
    if decision is None:
        return redirect("studio_draft", draft_id)
    try:
        told = decision(request, one, reason)
    except DomainError as refused:
        return _page(request, one, one.text, [("decide", sentence(request, refused))])
    messages.success(request, told)
    return redirect("studio" if act == "withdraw" else "studio_draft", *(() if act == "withdraw" else (draft_id,)))


def _submit(request: HttpRequest, one: Draft, reason: str) -> str:
    del reason
    run = _run(checking.check(one.text), one, one.text, actor_of(request), is_handed_over=True)
    services.submit(
        one.draft_id,
        dry_run=None if run is None else run.found,
        actor=actor_of(request),
        clock=CLOCK,
        row_version=version_of(request),
    )
    return pick(request, "ส่งให้ผู้ตรวจแล้ว พร้อมผลการทดลองบนทะเบียน", "Sent to the checker, with the run on the register")


def _publish(request: HttpRequest, one: Draft, reason: str) -> str:
    del reason
    after = services.publish(one.draft_id, actor=actor_of(request), clock=CLOCK, row_version=version_of(request))
    if after.status is Status.PUBLISHED:
        return pick(request, "ประกาศใช้แล้ว", "Published")
    return pick(request, "ลงนามแล้ว ยังรออีกหนึ่งลายมือชื่อ", "Signed; one more signature is wanted")


def _reject(request: HttpRequest, one: Draft, reason: str) -> str:
    services.reject(one.draft_id, reason=reason, actor=actor_of(request), clock=CLOCK)
    return pick(request, "ส่งกลับให้ผู้ร่างแก้แล้ว", "Sent back to its author")


def _withdraw(request: HttpRequest, one: Draft, reason: str) -> str:
    del reason
    services.withdraw_draft(one.draft_id, actor=actor_of(request), clock=CLOCK)
    return pick(request, "ยกเลิกร่างแล้ว", "The draft is withdrawn")


_DECISIONS = {"submit": _submit, "publish": _publish, "reject": _reject, "withdraw": _withdraw}


def _written(request: HttpRequest) -> tuple[str, list[tuple[str, str]]]:
    """The text after everything that was posted, and what of it could not be read."""
    posted = {key: [str(one) for one in request.POST.getlist(key)] for key in request.POST}
    found = studio_form.changed(_posted_text(request), posted)
    errors = [(name, sentence(request, refused)) for name, refused in found.problems]
    text, act = found.text, request.POST.get("act", "")
    try:
        if act.startswith("add:"):
            text = studio_form.with_condition(text, act.removeprefix("add:"))
        elif act.startswith("remove:"):
            text = drafting.removed(text, act.removeprefix("remove:"))
    except Rejected as refused:
        errors.append(("text", sentence(request, refused)))
    return text, errors


def _posted_text(request: HttpRequest) -> str:
    return request.POST.get("text", "").replace("\r\n", "\n")


def _page(request: HttpRequest, one: Draft, text: str, errors: list[tuple[str, str]]) -> HttpResponse:
    context = _editor(request, one, text, errors)
    return render(request, "web/studio/draft.html", context, status=422 if errors else 200)


def _editor(request: HttpRequest, one: Draft, text: str, errors: list[tuple[str, str]]) -> dict[str, Any]:
    actor = actor_of(request)
    found = checking.check(text)
    may_write = one.status in {Status.DRAFT, Status.REJECTED} and _writes(one, actor)
    run, effects, trouble = None, None, ""
    try:
        run = _run(found, one, text, actor)
        effects = _impact(found, one, text, actor)
    except (Conflict, Rejected) as refused:
        trouble = sentence(request, refused)
    tried = run or effects
    return {
        "draft": one,
        "status": STATUS_WORDS[one.status],
        "text": text,
        "seen": _digest(text),
        "text_rows": text.count("\n") + 2,
        "form": studio_form.form_of(text, thai=is_thai(request)),
        "says": studio_figures.in_words(found.programmes[0], CLOCK.today()) if found.programmes else {},
        "open_ids": request.POST.get("open", "").split(),
        "errors": errors,
        "faults": found.faults,
        "warnings": found.warnings,
        "problem_lines": {fault.line for fault in found.faults},
        "is_saved": text == one.text,
        "may_write": may_write,
        "may_submit": may_write and not found.faults and text == one.text,
        "may_sign": one.status is Status.SUBMITTED and one.maker != actor.tag,
        "trouble": trouble,
        "in_force": published.library().programmes.get(one.name),
        "is_coarse": actor.role is not Role.ANALYST,
        "left": trials.left(actor, home=settings.HOME) if tried is None else tried.left,
        "impact": None if effects is None else _told_impact(effects.found, actor),
        **(studio_figures.shown(_told(run.found, actor)) if run is not None else {}),
    }


def _writes(one: Draft, actor: Actor) -> bool:
    try:
        return lifecycle.may_write(checking.identity_of(one.text), actor)
    except Rejected:
        return one.maker == actor.person_id


def _run(found: Checked, one: Draft, text: str, actor: Actor, *, is_handed_over: bool = False) -> Tried[DryRun] | None:
    """The rule on the register in force, beside the one it would replace; None where it has faults or is no rule.

    Only the draft's own rule is run: another name or owner would read facts that this draft's owner may not (`only`).
    Raises Rejected `draft-other-document`; Conflict `trials-spent`.
    """
    if found.faults or not found.programmes or found.programmes[0].is_archive:
        return None
    _check_same(one, text)
    rule = found.programmes[0]
    return trials.dry_run(
        rule,
        against=_in_force(one, rule),
        actor=actor,
        home=settings.HOME,
        clock=CLOCK,
        is_handed_over=is_handed_over,
    )


def _impact(found: Checked, one: Draft, text: str, actor: Actor) -> Tried[Impact] | None:
    """What a definition or a base rate would do to the programmes that rest on it; None for every other document."""
    if found.faults or one.schema not in impact.SHARED:
        return None
    _check_same(one, text)
    return trials.impact_of(text, actor=actor, home=settings.HOME, clock=CLOCK)


def _check_same(one: Draft, text: str) -> None:
    identity = checking.identity_of(text)
    if (identity.schema, identity.name, identity.owner) != (one.schema, one.name, one.owner):
        raise Rejected("draft-other-document", field="document", name=one.name)


def _told(run: DryRun, actor: Actor) -> DryRun:
    """A run as this person may see it: officers of banks and agencies in tens, so that no rule singles out a firm."""
    return run if actor.role is Role.ANALYST else studio_figures.coarse(run)


def _told_impact(found: Impact, actor: Actor) -> Impact:
    return found if actor.role is Role.ANALYST else studio_figures.coarse_impact(found)


def _in_force(one: Draft, rule: Programme) -> Programme | None:
    now = published.library().programmes.get(one.name)
    return None if now is None or now.is_archive or now.subject != rule.subject else now


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
