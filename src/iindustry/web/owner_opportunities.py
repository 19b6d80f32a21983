"""What fits the owner's business: three groups with reasons, gaps and what to do, questions answered in place, three compared.

Answers given here hold for the page that shows them and are kept nowhere: they travel in the form. What a register holds is
never replaced by an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from iindustry.insight import pools
from iindustry.kernel.clock import SystemClock
from iindustry.programmes import describe, published, quick, services
from iindustry.programmes.nearest import turns_on
from iindustry.programmes.offer import EXAMPLE_SATANG, cost, repayment
from iindustry.programmes.opportunities import Wish
from iindustry.programmes.shape import Kind
from iindustry.register import services as register
from iindustry.web import typed
from iindustry.web.access import access
from iindustry.web.asking import asked
from iindustry.web.fit_cards import KEY_WORDS, card_of, deciding, groups_of, ordered, without_invented
from iindustry.web.language import keeps_typed, pick
from iindustry.web.owner import OURS, unconfirmed
from iindustry.web.pressed import actor_of
from iindustry.web.programme_rows import months_words, row_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from iindustry.programmes.explain import Explanation
    from iindustry.register.enterprise import Enterprise
    from iindustry.web.asking import Asked

CLOCK = SystemClock()
AT_ONCE, ROUNDS, MOST_COMPARED = 2, 4, 3
_LONGEST_MONTHS = 360
_BOTH = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the money is for, how much and for how long, and which key comes first; `errors`: (field, sentence)."""

    use: str
    amount: str
    tenor: str
    first: str
    wish: Wish
    errors: tuple[tuple[str, str], ...]


@require_http_methods(_BOTH)
@access(*OURS)
@keeps_typed
def opportunities(request: HttpRequest) -> HttpResponse:
    """Every open programme for the enterprise acted for, in the declared order or with another key first."""
    actor = actor_of(request)
    if actor.enterprise_id is None:
        return unconfirmed(request)
    today = CLOCK.today()
    wanted = _wanted(request, today)
    enterprise = register.get_enterprise(actor.enterprise_id)
    found = _asked(enterprise, request, today)
    keys = published.library().order
    explained = without_invented(services.explain_facts(found.facts), found.chosen)
    groups = groups_of(
        ordered(explained, keys, wanted.wish, wanted.first, today), found.facts, wanted.wish, found.chosen
    )
    context = {
        "groups": groups, "enterprise": enterprise, "wanted": wanted, "given": found.given, "chosen": found.chosen, "questions": found.open,
        "keys": [KEY_WORDS[key] for key in _with_first(keys, wanted.first)], "orders": [(key, KEY_WORDS[key]) for key in keys],
        "purposes": list(quick.PURPOSES.items()), "today": today, "mine": True, "comparable": True, "in_full": bool(found.given),
        "errors": list(wanted.errors), "wrong": dict(wanted.errors),
    }  # fmt: skip
    return render(request, "web/programmes/opportunities.html", context, status=422 if wanted.errors else 200)


@require_http_methods(_BOTH)
@access(*OURS)
@keeps_typed
def opportunity(request: HttpRequest, programme_id: str) -> HttpResponse:
    """One programme for the enterprise: every condition with its value, source, day and clause, and what to do next."""
    actor = actor_of(request)
    one = services.get_programme(programme_id)
    today = CLOCK.today()
    if actor.enterprise_id is None or one.is_archive or not one.is_open(today):
        raise Http404
    enterprise = register.get_enterprise(actor.enterprise_id)
    found = _asked(enterprise, request, today, programme_id)
    answers = without_invented(services.explain_facts(found.facts), found.chosen)
    explained = next(each for each in answers if each.programme.id == one.id)
    wish = Wish()
    card = card_of(explained, found.facts, wish, found.chosen)
    context = {
        "programme": one, "row": card.row, "card": card, "explained": explained, "enterprise": enterprise,
        "rates": [(describe.years_words(rate), describe.rate_words(rate)) for rate in explained.offer.rates],
        "given": found.given, "chosen": found.chosen, "questions": () if explained.answer == "no" else found.open, "today": today, "mine": True,
        "may_ask_anyway": explained.answer == "unknown" and one.kind is Kind.LOAN_PRODUCT, "is_loan": one.kind is Kind.LOAN_PRODUCT,
    }  # fmt: skip
    return render(request, "web/programmes/opportunity.html", context)


@require_http_methods(_BOTH)
@access(*OURS)
@keeps_typed
def compare(request: HttpRequest) -> HttpResponse:
    """At most three programmes side by side: the answer, what it gives, what it costs, papers and days."""
    actor = actor_of(request)
    if actor.enterprise_id is None:
        return unconfirmed(request)
    today = CLOCK.today()
    wanted = _wanted(request, today)
    enterprise = register.get_enterprise(actor.enterprise_id)
    found = _asked(enterprise, request, today)
    explained = {one.programme.id: one for one in without_invented(services.explain_facts(found.facts), found.chosen)}
    sent = request.POST if request.method == "POST" else request.GET
    picked = list(dict.fromkeys(one for one in sent.getlist("p") if one in explained))
    shown = [explained[one] for one in picked[:MOST_COMPARED]]
    columns = [_column(one, found, wanted.wish) for one in shown]
    context = {
        "columns": columns, "has_loan": any(one["is_loan"] for one in columns), "picked": picked, "is_cut": len(picked) > MOST_COMPARED,
        "most": MOST_COMPARED, "enterprise": enterprise, "wanted": wanted, "given": found.given, "chosen": found.chosen, "today": today, "mine": True,
        "amount_satang": wanted.wish.amount_satang or EXAMPLE_SATANG,
    }  # fmt: skip
    return render(request, "web/programmes/compare.html", context)


def _asked(enterprise: Enterprise, request: HttpRequest, today: date, programme_id: str | None = None) -> Asked:
    """The facts with the answers in place laid over them, and what to ask next; of one programme where it is named."""
    bundles = None
    if programme_id is not None:
        bundles = [published.bundle_of(services.get_programme(programme_id))]
    facts = services.facts_of(enterprise, as_of=today)
    return asked(facts, request.POST, limit=AT_ONCE, rounds=ROUNDS, bundles=bundles)


def _wanted(request: HttpRequest, today: date) -> Wanted:
    sent = request.POST if request.method == "POST" else request.GET
    use, amount, tenor, first = (sent.get(key, "").strip()[:30] for key in ("use", "amount", "tenor", "first"))
    satang, months = typed.satang(amount), typed.whole(tenor)
    wrong = (
        ("amount", bool(amount) and not satang,
         pick(request, "อ่านจำนวนเงินไม่ได้ พิมพ์เป็นบาท เช่น 1,000,000 หรือ 1 ล้าน", "Give baht, such as 1,000,000 or 1 million")),
        ("tenor", bool(tenor) and (months is None or not 1 <= months <= _LONGEST_MONTHS),
         pick(request, "ระยะเวลาเป็นเดือน เช่น 60", "Give months, such as 60")),
    )  # fmt: skip
    errors = tuple((field, words) for field, is_wrong, words in wrong if is_wrong)
    pace = pools.pace(settings.HOME, services.open_rules(today), as_of=today)
    wish = Wish(
        use=use if use in quick.PURPOSES else None,
        amount_satang=satang or None,
        tenor_months=months if months and months <= _LONGEST_MONTHS else None,
        lender_days=pace.days_of(services.open_rules(today)),
        pool_left_permille=pace.left_permille,
    )
    return Wanted(wish.use or "", amount, tenor, first if first in KEY_WORDS else "", wish, errors)


def _with_first(keys: Sequence[str], first: str) -> list[str]:
    return [first, *(key for key in keys if key != first)] if first in keys else list(keys)


def _column(one: Explanation, found: Asked, wish: Wish) -> dict[str, Any]:
    """One programme of a comparison. The sum asked is cut to its limit, the tenor to its longest."""
    terms = one.offer
    amount = min(wish.amount_satang or EXAMPLE_SATANG, terms.amount_max_satang or wish.amount_satang or EXAMPLE_SATANG)
    months = min(wish.tenor_months or terms.tenor_months or 0, terms.tenor_months or 0)
    is_loan = bool(months and terms.rates)
    years = repayment(terms, amount, months) if is_loan else ()
    return {
        "row": row_of(one.programme, one.as_of, terms), "explained": one, "why": deciding(one), "on": turns_on(one, found.facts),
        "is_loan": is_loan, "amount_satang": amount, "months": months_words(months) if is_loan else None,
        "interest_satang": cost(terms, amount, months) if is_loan else None,
        "highest_satang": max((year.highest_satang or 0 for year in years), default=None) if all(
            year.highest_satang is not None for year in years) else None,
        "grace": months_words(terms.grace_months) if terms.grace_months else None,
        "days": wish.lender_days.get(one.programme.id, one.programme.working_days),
        "left_percent": None if one.programme.id not in wish.pool_left_permille else wish.pool_left_permille[one.programme.id] // 10,
        "papers": sum(need.document is not None and need.via[0] == "upload" for need in one.programme.requires),
        "can_apply": one.answer == "yes" and one.programme.kind is Kind.LOAN_PRODUCT,
    }  # fmt: skip
