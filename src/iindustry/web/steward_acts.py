"""Merging, splitting and undoing whole enterprises: seen before it is done, with a reason, by a second person above the risk line.

Records travel in forms and never in addresses: the key of a record may be a number.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from iindustry.accounts import services as accounts
from iindustry.flows import reshaping
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import Conflict, NotFound, Rejected
from iindustry.kernel.ids import lasting_id_ok
from iindustry.linkage import services as linkage
from iindustry.linkage.acts import ACT_WORDS, RISK_RECORDS, STATUS_WORDS, ActKind, ActStatus
from iindustry.register import services as register
from iindustry.web.access import access
from iindustry.web.language import keeps_typed, pick
from iindustry.web.refusals import sentence
from iindustry.web.steward_cluster import cluster_page, names_of_records, record_from, written_record
from iindustry.web.steward_values import shown_name
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse, QueryDict

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.errors import DomainError
    from iindustry.linkage.acts import ActView, Group, Plan
    from iindustry.linkage.outcome import RecordId
    from iindustry.register.enterprise import EnterpriseHit

CLOCK = SystemClock()
ACTS_MOST = 50
RECORDS_SHOWN = 60
PARTNERS_MOST = 10
STATUS_COLOURS = {ActStatus.PROPOSED: "yellow", ActStatus.DONE: "green", ActStatus.UNDONE: "grey"}


@access(Role.STEWARD)
def acts(request: HttpRequest) -> HttpResponse:
    """Every act, the newest first; those that wait for a second person on top."""
    waiting = linkage.list_acts(status=ActStatus.PROPOSED, limit=ACTS_MOST)
    others = [one for one in linkage.list_acts(limit=ACTS_MOST) if one.status is not ActStatus.PROPOSED]
    found = [*waiting, *others]  # one that has waited behind fifty others is the one to be seen
    context = {"rows": list(map(_row, found)), "most": ACTS_MOST, "people": _people(found), "risk": RISK_RECORDS}
    return render(request, "web/steward/acts.html", context)


@access(Role.STEWARD)
def act(request: HttpRequest, act_id: str) -> HttpResponse:
    """One act: what it did or would do, who asked, who agreed, what may be done with it now."""
    found = linkage.get_act(act_id)
    waits = found.status is ActStatus.PROPOSED
    plan, refusal = None, ""
    if waits:
        try:
            plan = linkage.replan(found.act_id)
        except (Conflict, NotFound, Rejected) as error:
            refusal = sentence(request, error)
    context = {
        "row": _row(found),
        "people": _people([found]),
        "waits": waits,
        "is_mine": found.asked_by == _actor(request).tag,
        "refusal": refusal,
        **(_plan_shown(plan) if plan else {}),
    }
    return render(request, "web/steward/act.html", context)


@access(Role.STEWARD)
@require_http_methods(["GET", "POST"])
@keeps_typed
def merge(request: HttpRequest, enterprise_id: str) -> HttpResponse:
    """Find what an enterprise is to be merged with, by name, number or id: what is typed is posted and never in an address."""
    return _merge_page(request, enterprise_id, chosen=request.POST.getlist("enterprise"))


@access(Role.STEWARD)
@require_http_methods(["GET", "POST"])
@keeps_typed
def preview(request: HttpRequest) -> HttpResponse:
    """What an act would do: groups before and after, ids kept and redirected, what hangs on them. Nothing is written."""
    if request.method == "GET":  # its address asked for again: what was chosen stands in no address
        return redirect("steward_acts")
    return _preview(request, _wish(request.POST))


@access(Role.STEWARD)
@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """Do the act that was previewed, or propose it where a second person must agree."""
    wish = _wish(request.POST)
    how: dict[str, Any] = {
        "reason": request.POST.get("reason", ""), "actor": _actor(request), "home": settings.HOME, "clock": CLOCK,
    }  # fmt: skip
    try:
        match wish.kind:
            case ActKind.MERGE:
                report = reshaping.merge(wish.enterprises, **how)
            case ActKind.SPLIT:
                report = reshaping.split(wish.enterprises[0], wish.records, **how)
            case ActKind.UNDO:
                report = reshaping.undo(wish.act, **how)
    except (Rejected, Conflict) as error:
        return _preview(request, wish, [(str(error.facts.get("field", "")), sentence(request, error))])
    _tell(request, ActStatus(report.status))
    return redirect("steward_act", act_id=report.act_id)


@access(Role.STEWARD)
@require_POST
def approve(request: HttpRequest, act_id: str) -> HttpResponse:
    """The second person agrees, and the act takes effect."""
    report = reshaping.approve(act_id, actor=_actor(request), home=settings.HOME, clock=CLOCK)
    _tell(request, ActStatus(report.status))
    return redirect("steward_act", act_id=report.act_id)


@access(Role.STEWARD)
@require_POST
def withdraw(request: HttpRequest, act_id: str) -> HttpResponse:
    """Take a proposed act back: nothing had changed by it."""
    linkage.withdraw_act(act_id, actor=_actor(request), clock=CLOCK)
    messages.success(request, pick(request, "ถอนเรื่องแล้ว ไม่มีอะไรเปลี่ยนแปลง", "Taken back. Nothing had changed."))
    return redirect("steward_act", act_id=act_id)


def _merge_page(
    request: HttpRequest, enterprise_id: str, *, chosen: Sequence[str] = (), errors: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """What an enterprise may be merged with: what was searched for and what is ticked stay."""
    found = register.get_enterprise(enterprise_id)
    typed = request.POST.get("q", "").strip()
    told = list(errors)
    hits: list[EnterpriseHit] = []
    try:
        hits = [one for one in register.search(typed, limit=PARTNERS_MOST) if one.enterprise_id != found.enterprise_id]
    except Rejected as error:  # a text that is in too many names
        told.append(("q", sentence(request, error)))
    context = {
        "errors": told,
        "enterprise": found,
        "name": shown_name(found.name_th, is_person=found.is_person),
        "typed": typed,
        "chosen": frozenset(chosen),
        "hits": [SimpleNamespace(hit=one, name=shown_name(one.name_th, is_person=one.is_person)) for one in hits],
    }
    return render(request, "web/steward/merge.html", context, status=422 if told else 200)


def _refused(request: HttpRequest, wish: SimpleNamespace, error: DomainError) -> HttpResponse:
    """A wish that cannot even be planned, on the page it came from, with all that was chosen there."""
    errors = [("", sentence(request, error))]
    match wish.kind:
        case ActKind.MERGE:
            return _merge_page(request, wish.enterprises[0], chosen=wish.enterprises, errors=errors)
        case ActKind.SPLIT:
            ticked = frozenset(map(written_record, wish.records))
            return cluster_page(request, register.get_enterprise(wish.enterprises[0]), ticked=ticked, errors=errors)
        case _:
            raise error


def _wish(form: QueryDict) -> SimpleNamespace:
    """What a form asks for. Rejected `act-unclear` where it asks for nothing that can be done."""
    kind = form.get("kind", "")
    enterprises = [one for one in form.getlist("enterprise") if lasting_id_ok(one)]
    known = kind in set(ActKind) and (bool(form.get("act")) if kind == ActKind.UNDO else bool(enterprises))
    if not known:
        raise Rejected("act-unclear", field="kind")
    return SimpleNamespace(
        kind=ActKind(kind),
        enterprises=enterprises,
        records=[record_from(one) for one in form.getlist("record")],
        act=form.get("act", ""),
        reason=form.get("reason", ""),
    )


def _planned(wish: SimpleNamespace) -> Plan:
    match wish.kind:
        case ActKind.MERGE:
            return reshaping.plan_merge(wish.enterprises, home=settings.HOME)
        case ActKind.SPLIT:
            return reshaping.plan_split(wish.enterprises[0], wish.records, home=settings.HOME)
        case _:
            return reshaping.plan_undo(wish.act, home=settings.HOME)


def _preview(request: HttpRequest, wish: SimpleNamespace, errors: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    try:
        plan = _planned(wish)
    except (Rejected, Conflict) as error:
        return _refused(request, wish, error)
    stands_on = _act_or_none(plan.refused_by) if plan.refused_by else None
    context = {
        "stands_on": stands_on and _row(stands_on),
        "kind": Both(*ACT_WORDS[plan.kind]),
        "wish": wish,
        "typed": request.POST.get("q", ""),
        "records": [written_record(one) for one in wish.records],
        "errors": errors,
        **_plan_shown(plan),
    }
    return render(request, "web/steward/preview.html", context, status=422 if errors else 200)


def _act_or_none(act_id: str) -> ActView | None:
    """The act of an id; None where it is a judgement that stands in the way."""
    try:
        return linkage.get_act(act_id)
    except NotFound:
        return None


def _plan_shown(plan: Plan) -> dict[str, Any]:
    """A plan as the pages show it: groups with names, what becomes of each id, what hangs on them."""
    asked = [one.enterprise_id for one in plan.before]
    names, said = _names(asked), names_of_records(asked)
    ids = {
        when: {one.enterprise_id for one in groups} for when, groups in (("before", plan.before), ("after", plan.after))
    }
    return {
        "plan": plan,
        "before": [
            _group(one, names, said, "gone" if one.enterprise_id not in ids["after"] else "") for one in plan.before
        ],
        "after": [
            _group(one, names, said, "new" if one.enterprise_id not in ids["before"] else "kept") for one in plan.after
        ],
        "touched": reshaping.touched(sorted(ids["before"] | ids["after"]), home=settings.HOME),
        "risk": RISK_RECORDS,
    }


def _names(enterprise_ids: Sequence[str]) -> dict[str, str]:
    """The name of each enterprise, masked where a natural person's; one that will be, or was, has none."""
    found = {}
    for one in enterprise_ids:
        try:
            known = register.get_enterprise(one)
        except NotFound:
            continue  # a split that is undone names it
        found[one] = shown_name(known.name_th, is_person=known.is_person)
    return found


def _group(group: Group, names: Mapping[str, str], said: Mapping[RecordId, str], fate: str) -> SimpleNamespace:
    return SimpleNamespace(
        enterprise_id=group.enterprise_id,
        name=names.get(group.enterprise_id, ""),
        fate=fate,
        count=len(group.records),
        records=[(one.source, said.get(one, "")) for one in group.records[:RECORDS_SHOWN]],
        more=max(0, len(group.records) - RECORDS_SHOWN),
    )


def _row(found: ActView) -> SimpleNamespace:
    return SimpleNamespace(
        act=found,
        kind=Both(*ACT_WORDS[found.kind]),
        status=Both(*STATUS_WORDS[found.status]),
        colour=STATUS_COLOURS[found.status],
        can_undo=found.status is ActStatus.DONE,
    )


def _people(found: Sequence[ActView]) -> Mapping[str, Any]:
    """Names of who asked and who agreed, by tag."""
    tags = {one for each in found for one in (each.asked_by, each.decided_by) if one}
    return accounts.names_of(sorted(tags))


def _tell(request: HttpRequest, status: ActStatus) -> None:
    told = {
        ActStatus.PROPOSED: (
            "บันทึกเรื่องแล้ว รอผู้ดูแลข้อมูลอีกคนอนุมัติ ยังไม่มีอะไรเปลี่ยนแปลง",
            "Recorded. It waits for another steward; nothing has changed yet.",
        ),
        ActStatus.DONE: ("มีผลแล้ว ทะเบียนรุ่นใหม่ใช้อยู่", "Done. The new version of the register is in force."),
        ActStatus.UNDONE: ("ย้อนแล้ว", "Undone."),
    }
    messages.success(request, pick(request, *told[status]))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
