"""The steward looks an enterprise up: by name, by number, or page by page (`/steward/search`)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from iindustry.kernel.actors import Role
from iindustry.kernel.errors import Rejected
from iindustry.kernel.ids import lasting_id_ok
from iindustry.reference import areas
from iindustry.register import searching
from iindustry.register import services as register
from iindustry.web.access import access
from iindustry.web.refusals import sentence
from iindustry.web.steward_values import shown_name

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from iindustry.register.enterprise import EnterpriseHit

PAGE = 50
FOUND_MOST = 20


@access(Role.STEWARD)
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Look-up by name (in the address) or by number (posted: a number never stands in an address); else page by page."""
    typed = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()
    plan = searching.plan(typed) if typed else None
    hits: list[EnterpriseHit] = []
    errors: list[tuple[str, str]] = []
    if plan is not None and request.method == "POST":
        if not plan.number:
            return redirect(f"{reverse('steward_search')}?{urlencode({'q': typed})}")
        hits = register.search(typed, limit=1)
        if hits:
            return redirect("steward_enterprise", enterprise_id=hits[0].enterprise_id)
    elif plan is not None and not plan.number:
        try:
            hits = register.search(typed, limit=FOUND_MOST)
        except Rejected as error:  # a text that is in too many names
            errors = [("q", sentence(request, error))]
    context = {
        "typed": "" if plan and plan.number else typed,
        "asked": bool(typed),
        "errors": errors,
        "hits": [_hit(one) for one in hits],
        **({} if typed else _page_of(request)),
    }
    return render(request, "web/steward/search.html", context, status=422 if errors else 200)


def _page_of(request: HttpRequest) -> dict[str, Any]:
    """One page of the whole register by id, of one province where named; an unknown province or id is the first page."""
    province = request.GET.get("province", "")
    province = province if areas.province(province) else ""
    after = request.GET.get("after", "")
    after = after if lasting_id_ok(after) else ""
    found = register.list_enterprises(province=province or None, after=after or None, limit=PAGE + 1)
    return {
        "browsed": [_hit(one) for one in found[:PAGE]],
        "next_after": found[PAGE - 1].enterprise_id if len(found) > PAGE else "",
        "province": province,
        "provinces": areas.PROVINCES,
        "is_first": not after,
    }


def _hit(hit: EnterpriseHit) -> SimpleNamespace:
    return SimpleNamespace(hit=hit, name=shown_name(hit.name_th, is_person=hit.is_person))
