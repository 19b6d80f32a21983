"""The catalogue: every loan and measure, searched and filtered by plain GET forms, each filter a chip that can be taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_safe

from iindustry.kernel.clock import SystemClock
from iindustry.kernel.money import baht_text
from iindustry.programmes import describe, services, terms
from iindustry.programmes.browse import MOST_LETTERS, ORDERS, STATE_WORDS, State, Wanted, browse
from iindustry.programmes.facts import Words
from iindustry.programmes.shape import Kind
from iindustry.web import typed
from iindustry.web.access import access
from iindustry.web.language import pick
from iindustry.web.programme_rows import row_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from iindustry.programmes.browse import Shelf
    from iindustry.programmes.shape import Programme

CLOCK = SystemClock()
OWNERS = terms.OWNERS
ON_A_PAGE = 24
_FIRST = Words("เปิดรับอยู่ก่อน", "Open ones first")


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force, and where the list is without it."""

    words: Words
    without: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter of the form: its name, label and values with words."""

    name: str
    label: Words
    values: Sequence[tuple[str, Words]]


@require_safe
@access()
def catalogue(request: HttpRequest) -> HttpResponse:
    """What answers the words and filters, open ones first; a page of the list at a time."""
    today = CLOCK.today()
    every = services.catalogue()
    choices = choices_of(every)
    asked = _asked(request, choices)
    amount = typed.satang(asked["amount"])
    found = browse(every, Wanted(
        text=asked["q"], kind=asked["kind"], owner=asked["owner"], line=asked["line"], use=asked["use"],
        state=asked["state"], amount_satang=amount, order=asked["order"],
    ), today=today)  # fmt: skip
    last = max(1, -(-len(found.items) // ON_A_PAGE))
    at = min(last, max(1, typed.whole(request.GET.get("page", "")) or 1))
    shown = found.items[(at - 1) * ON_A_PAGE : at * ON_A_PAGE]
    is_unread = bool(asked["amount"]) and amount is None
    context = {
        "sections": _sections(shown, by_state=not asked["order"]),
        "rows": {one.programme.id: row_of(one.programme, today) for one in shown},
        "count": len(found.items), "total": len(every), "is_near": found.is_near, "asked": asked, "choices": choices,
        "orders": [("", _FIRST), *((key, words) for key, (words, _) in ORDERS.items())],
        "chips": _chips(asked, choices, amount), "today": today, "state_words": STATE_WORDS,
        "amount_error": is_unread and pick(
            request, "อ่านจำนวนเงินไม่ได้ พิมพ์เป็นบาท เช่น 5,000,000 หรือ 5 ล้าน",
            "The sum cannot be read. Write baht, such as 5,000,000 or 5 million",
        ),
        "before": _address(asked, page=at - 1) if at > 1 else "", "after": _address(asked, page=at + 1) if at < last else "",
        "page": at, "pages": last, "is_filtered": any(asked[one.name] for one in choices) or bool(amount),
    }  # fmt: skip
    return render(request, "web/programmes/catalogue.html", context, status=422 if is_unread else 200)


def choices_of(every: Sequence[Programme]) -> tuple[Choice, ...]:
    """The filters, each with the values that some programme has."""
    owners = {one.owner for one in every}
    lines = {line for one in every for line in one.policy_lines}
    uses = {use for one in every for use in one.benefit.use_of_funds}
    kinds = {one.kind for one in every}
    return (
        Choice("state", Words("สถานะ", "State"), [(one.value, words) for one, words in STATE_WORDS.items()]),
        Choice("kind", Words("ประเภท", "Kind"), [(one.value, describe.KIND_WORDS[one.value]) for one in Kind if one in kinds]),
        Choice("use", Words("ใช้เงินหรือสิทธิเพื่อ", "What it is for"), [(key, words) for key, words in terms.USES.items() if key in uses]),
        Choice("owner", Words("ผู้ให้สินเชื่อหรือหน่วยงาน", "Lender or agency"), [(key, describe.OWNER_WORDS[key]) for key in OWNERS if key in owners]),
        Choice("line", Words("แนวนโยบาย", "Policy line"), [(key, describe.LINE_WORDS[key]) for key in terms.LINES if key in lines]),
    )  # fmt: skip


def _asked(request: HttpRequest, choices: Sequence[Choice]) -> dict[str, str]:
    """What the address asks for; a value that is none of those offered asks for nothing."""
    asked = {"q": request.GET.get("q", "").strip()[:MOST_LETTERS], "amount": request.GET.get("amount", "").strip()[:30]}
    for one in choices:
        value = request.GET.get(one.name, "")
        asked[one.name] = value if value in dict(one.values) else ""
    order = request.GET.get("order", "")
    return asked | {"order": order if order in ORDERS else ""}


def _chips(asked: Mapping[str, str], choices: Sequence[Choice], amount: int | None) -> list[Chip]:
    chips = []
    if asked["q"]:
        chips.append(Chip(Words(f"คำค้น: {asked['q']}", f"Words: {asked['q']}"), _address(asked, without="q")))
    chips += [
        Chip(dict(one.values)[asked[one.name]], _address(asked, without=one.name)) for one in choices if asked[one.name]
    ]
    if amount is not None:
        baht = baht_text(amount).removesuffix(".00")
        words = Words(f"วงเงินตั้งแต่ {baht} บาท", f"Lends {baht} baht or more")
        chips.append(Chip(words, _address(asked, without="amount")))
    return chips


def _address(asked: Mapping[str, str], *, without: str = "", page: int = 1) -> str:
    kept = {key: value for key, value in asked.items() if value and key != without}
    if page > 1:
        kept["page"] = str(page)
    return "/programmes?" + urlencode(kept) if kept else "/programmes"


def _sections(shown: Sequence[Shelf], *, by_state: bool) -> list[dict[str, Any]]:
    """The list under a heading a state; under none where another order was asked for."""
    if not by_state:
        return [{"state": None, "items": list(shown)}] if shown else []
    found = [{"state": state, "items": [one for one in shown if one.state is state]} for state in State]
    return [one for one in found if one["items"]]
