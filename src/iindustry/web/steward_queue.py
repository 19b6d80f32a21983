"""The queue of pairs (`/steward`): most valuable first, by reason, registers and province; how far the work has come."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.shortcuts import render

from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.linkage import services as linkage
from iindustry.linkage.outcome import REASON_WORDS, VERDICT_WORDS, Reason
from iindustry.reference import areas
from iindustry.register import services as register
from iindustry.web.access import access
from iindustry.web.steward_filters import filters_of
from iindustry.web.steward_values import shown_name
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from iindustry.linkage.outcome import ReviewItem
    from iindustry.register.enterprise import EnterpriseHit
    from iindustry.web.steward_filters import Filters

CLOCK = SystemClock()
PAGE = 50
TAGS = {Reason.NAME_GUARD: "red", Reason.SAME_NAME: "yellow", Reason.PERSON: "blue"}
"""The colour beside a reason's words; grey where none is named."""


@access(Role.STEWARD)
def queue(request: HttpRequest) -> HttpResponse:
    """Pairs that wait (or were answered), what can be chosen among them, the steward's own progress."""
    filters = filters_of(request.GET)
    judged = request.GET.get("judged") == "1"
    items = linkage.list_review(limit=PAGE, judged=judged, **filters.asked)
    progress = linkage.review_progress(actor=request.actor, clock=CLOCK)  # type: ignore[attr-defined]
    context = {
        "rows": pair_rows(items),
        "choices": _choices(),
        "filters": filters,
        "chips": _chips(filters),
        "first": items[0].pair_id if items and not judged else None,
        "judged": judged,
        "progress": progress,
        "share": progress.judged / total if (total := progress.judged + progress.waiting) else None,
        "page": PAGE,
    }
    return render(request, "web/steward/queue.html", context)


def pair_rows(items: Sequence[ReviewItem]) -> list[SimpleNamespace]:
    """Pairs as a table shows them: both names, masked where they are a person's, and why they wait."""
    holders = register.holders([side for item in items for side in (item.left, item.right)])
    return [
        SimpleNamespace(
            item=item,
            left=_held(item.left.source, holders.get(item.left)),
            right=_held(item.right.source, holders.get(item.right)),
            reason=Both(*REASON_WORDS[item.reason]),
            colour=TAGS.get(item.reason, "grey"),
            verdict=Both(*VERDICT_WORDS[item.verdict]) if item.verdict else None,
        )
        for item in items
    ]


def _held(source: str, hit: EnterpriseHit | None) -> SimpleNamespace:
    return SimpleNamespace(source=source, name=shown_name(hit.name_th, is_person=hit.is_person) if hit else "")


def _choices() -> SimpleNamespace:
    """What the three lists offer: reasons and pairs of registers that have pairs waiting, with how many; every province."""
    by_reason, by_sources = linkage.count_review(), linkage.count_review_by("source_pair")
    return SimpleNamespace(
        reasons=[(one.value, Both(*REASON_WORDS[one]), by_reason[one]) for one in Reason if one in by_reason],
        sources=[("-".join(pair), pair, count) for pair, count in sorted(by_sources.items(), key=lambda row: -row[1])],
        provinces=areas.PROVINCES,
    )


def _chips(filters: Filters) -> list[tuple[str, object]]:
    """(the address's end without it, what it is) for each filter in force; a pair of registers is a tuple of keys."""
    found: list[tuple[str, object]] = []
    if filters.reason:
        found.append((filters.without("reason"), Both(*REASON_WORDS[filters.reason])))
    if filters.source_pair:
        found.append((filters.without("sources"), filters.source_pair))
    if filters.province:
        found.append((filters.without("province"), areas.province(filters.province)))
    return found
