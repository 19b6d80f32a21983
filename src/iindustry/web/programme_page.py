"""One programme in plain words, made from its document: for whom, what it gives, what it costs, papers, steps, versions.

What a loan costs is worked out on the server from the sum, tenor and grace that the address names. Nothing here is typed by
hand for one programme: a new document has its page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from iindustry.insight import pools
from iindustry.kernel.actors import Role
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.money import baht_text
from iindustry.programmes import describe, published, services
from iindustry.programmes.browse import STATE_WORDS, State, state_of
from iindustry.programmes.facts import Words, spec_of
from iindustry.programmes.offer import EXAMPLE_SATANG, rates, repayment
from iindustry.programmes.programme import CARD, PROGRAMME
from iindustry.programmes.shape import RATE_DIGITS, Kind
from iindustry.programmes.terms import USES
from iindustry.web import typed
from iindustry.web.access import access
from iindustry.web.language import pick
from iindustry.web.pressed import actor_of
from iindustry.web.programme_rows import months_words, row_of
from iindustry.web.rate_chart import Chart, chart

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from django.http import HttpRequest, HttpResponse

    from iindustry.programmes.describe import Clause
    from iindustry.programmes.offer import Offer, Rate, Year
    from iindustry.programmes.shape import Programme, Requirement

CLOCK = SystemClock()
OWNERS_OF_BUSINESSES = frozenset({Role.OWNER, Role.DELEGATE})
_VERSIONS = 20
_SHORT = 19
# the first way to a datum -> who brings it
BROUGHT_BY = {"register": "platform", "prior": "platform", "ask": "you", "upload": "you", "lender": "lender"}
# what a base rate is called in full; one that is not here goes by its short name
BASE_WORDS = {
    "MLR": Words("อัตราดอกเบี้ยอ้างอิงของธนาคารสำหรับเงินกู้มีกำหนดเวลา (MLR)", "The bank’s reference rate for term loans (MLR)"),
    "PRIME": Words("อัตราดอกเบี้ยอ้างอิงของ ธสน. (Prime)", "EXIM Bank’s reference rate (Prime)"),
}
BROUGHT_WORDS = {
    "platform": Words("ระบบนำมาให้จากทะเบียน ท่านไม่ต้องเตรียม", "Brought by the platform from the registers"),
    "you": Words("ท่านเตรียมเอง", "For you to bring"),
    "lender": Words("ให้กับธนาคารโดยตรง ไม่ผ่านระบบนี้", "Given to the lender directly, never through this platform"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """The rates that hold in one case: who it is for (nothing: everybody else), the rates, their picture."""

    number: int
    clauses: tuple[Clause, ...]
    rates: tuple[Rate, ...]
    lines: tuple[tuple[Words, Words], ...]
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class Base:
    """A base rate that some years read: its name, per cent on the day (None: not known), and since when."""

    name: Words
    percent: Decimal | None
    since: date | None


@dataclass(frozen=True, slots=True)
class Example:
    """What was asked of the repayment table, and what came of it. Money in satang; `errors`: (field, sentence)."""

    typed: dict[str, str]
    errors: list[tuple[str, str]]
    principal_satang: int
    tenor_months: int
    grace_months: int
    years: tuple[Year, ...]
    interest_satang: int
    highest_satang: int | None
    unknown_years: tuple[int, ...]


@require_safe
@access()
def programme(request: HttpRequest, programme_id: str) -> HttpResponse:
    """One programme; a real product of the past as a card with its sources. NotFound `programme-absent`."""
    one = services.get_programme(programme_id)
    today = CLOCK.today()
    row = row_of(one, today)
    state = state_of(one, today)
    common = {
        "programme": one, "row": row, "state": state, "state_words": STATE_WORDS[state], "today": today,
        "versions": _versions(one), "version": one.version[:_SHORT], "is_open": one.is_open(today),
    }  # fmt: skip
    if one.is_archive:
        return render(request, "web/programmes/card.html", common)
    cases = _cases(one, today)
    chosen = _chosen_case(request, cases)
    example = _example(request, one, row.terms, cases[chosen].rates if cases else ())
    context = common | {
        "clauses": describe.clauses(one, today), "cases": cases, "case": chosen, "bases": _bases(one, today),
        "example": example, "errors": example.errors if example else [], "wrong": dict(example.errors) if example else {},
        "papers": _papers(one.requires), "steps": _steps(one), "held": _held(one),
        "guarantees": [describe.GUARANTEE_WORDS[name] for name in row.terms.guarantees],
        "uses": [USES[use] for use in one.benefit.use_of_funds],
        "pool": _pool(one, today), "is_loan": one.kind is Kind.LOAN_PRODUCT,
        "is_owner": actor_of(request).role in OWNERS_OF_BUSINESSES,
        "can_apply": state is State.OPEN and one.kind is Kind.LOAN_PRODUCT,
        "two_persons_above": one.approval_limit_satang, "grace": months_words(row.terms.grace_months) if row.terms.grace_months else None,
    }  # fmt: skip
    return render(request, "web/programmes/programme.html", context, status=422 if context["errors"] else 200)


@require_safe
@access()
def document(request: HttpRequest, programme_id: str) -> HttpResponse:
    """The document itself, as its owner wrote it."""
    one = services.get_programme(programme_id)
    lines = published.text_of(one.id).rstrip().splitlines()
    return render(request, "web/programmes/document.html", {"programme": one, "lines": lines, "version": one.version})


def _cases(one: Programme, today: date) -> tuple[Case, ...]:
    found = []
    for number, case in enumerate(one.benefit.rates):
        clauses = () if case.when is None else describe.clauses(replace(one, conditions=case.when), today)
        told = rates(one, case, today)
        lines = tuple((describe.years_words(rate), describe.rate_words(rate)) for rate in told)
        found.append(Case(number, clauses, told, lines, chart(told)))
    return tuple(found)


def _chosen_case(request: HttpRequest, cases: Sequence[Case]) -> int:
    """The case whose rates the example takes: the one asked for, else the one that holds for everybody."""
    asked = typed.whole(request.GET.get("case", ""))
    if asked is not None and asked < len(cases):
        return asked
    return next((case.number for case in cases if not case.clauses), 0)


def _bases(one: Programme, today: date) -> tuple[Base, ...]:
    names = sorted({band.base_code for case in one.benefit.rates for band in case.bands if band.base_code})
    found = []
    for name in names:
        told = one.parameters[name].at(today)
        past = [step.since for step in one.parameters[name].steps if step.since <= today]
        percent = None if told is None else typed.fixed(told, RATE_DIGITS)
        code = name.rsplit(".", 1)[-1]
        found.append(Base(BASE_WORDS.get(code, Words(code, code)), percent, past[-1] if past else None))
    return tuple(found)


def _example(request: HttpRequest, one: Programme, terms: Offer, told: Sequence[Rate]) -> Example | None:
    """The repayment table for the sum, tenor and grace asked for; of the product's own where they are not. None: no loan."""
    if not terms.tenor_months or one.kind is not Kind.LOAN_PRODUCT:
        return None
    limit = terms.amount_max_satang
    usual = {
        "amount": min(EXAMPLE_SATANG, limit or EXAMPLE_SATANG), "tenor": terms.tenor_months, "grace": terms.grace_months,
    }  # fmt: skip
    given = {key: request.GET.get(key, "").strip()[:30] for key in usual}
    read = {
        "amount": typed.satang(given["amount"]), "tenor": typed.whole(given["tenor"]), "grace": typed.whole(given["grace"]),
    }  # fmt: skip
    asked = {key: read[key] if given[key] else usual[key] for key in usual}
    if not given["grace"]:
        asked["grace"] = min(usual["grace"], max((asked["tenor"] or 1) - 1, 0))
    errors = _faults(request, asked, terms)
    if errors:
        return Example(given, errors, 0, 0, 0, (), 0, None, ())
    amount, tenor, grace = (int(asked[key] or 0) for key in ("amount", "tenor", "grace"))
    years = repayment(replace(terms, rates=tuple(told), grace_months=grace), amount, tenor)
    unknown = tuple(year.year for year in years if year.highest_satang is None)
    highest = None if unknown else max((year.highest_satang or 0 for year in years), default=None)
    shown = {"amount": baht_text(amount).removesuffix(".00"), "tenor": str(tenor), "grace": str(grace)}
    return Example(
        shown, [], amount, tenor, grace, years, sum(year.interest_satang or 0 for year in years),
        highest, unknown,
    )  # fmt: skip


def _faults(request: HttpRequest, asked: dict[str, int | None], terms: Offer) -> list[tuple[str, str]]:
    limit, longest = terms.amount_max_satang, terms.tenor_months or 0
    amount, tenor, grace = asked["amount"], asked["tenor"], asked["grace"]
    top = baht_text(limit).removesuffix(".00") if limit is not None else ""
    wrong = (
        ("amount", not amount,
         pick(request, "กรอกจำนวนเงินเป็นบาท เช่น 1,000,000 หรือ 1 ล้าน", "Give a sum in baht, such as 1,000,000 or 1 million")),
        ("amount", bool(amount and limit is not None and amount > limit),
         pick(request, f"สินเชื่อนี้ให้ไม่เกิน {top} บาท", f"This loan goes up to {top} baht")),
        ("tenor", tenor is None or not 1 <= tenor <= longest,
         pick(request, f"ระยะเวลาผ่อนเป็นเดือน ตั้งแต่ 1 ถึง {longest}", f"The tenor is 1 to {longest} months")),
        ("grace", bool(tenor) and (grace is None or grace > min(terms.grace_months, (tenor or 1) - 1)),
         pick(request, f"ปลอดเงินต้นได้ไม่เกิน {terms.grace_months} เดือน และสั้นกว่าระยะเวลาผ่อน",
              f"The grace period is at most {terms.grace_months} months, and shorter than the tenor")),
    )  # fmt: skip
    return list({field: (field, words) for field, is_wrong, words in reversed(wrong) if is_wrong}.values())[::-1]


def _papers(requires: Sequence[Requirement]) -> list[dict[str, Any]]:
    """Facts and papers of the application by who brings them; what a register may lack says what comes then."""
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key in BROUGHT_WORDS}
    for one in requires:
        title = one.title or spec_of(one.fact or "").label
        otherwise = describe.VIA_WORDS[one.via[1]] if len(one.via) > 1 else None
        groups[BROUGHT_BY[one.via[0]]].append(
            {"title": title, "otherwise": otherwise, "years": one.years, "max_age_days": one.max_age_days}
        )
    return [{"words": BROUGHT_WORDS[key], "items": items} for key, items in groups.items() if items]


def _steps(one: Programme) -> list[dict[str, Any]]:
    day, found = 0, []
    for step in one.process:
        first, day = day + 1, day + step.working_days
        found.append(
            {"title": step.title, "holder": describe.HOLDER_WORDS[step.holder], "is_yours": step.holder == "enterprise",
             "days": step.working_days, "first": first, "last": day}
        )  # fmt: skip
    return found


def _held(one: Programme) -> list[tuple[Words, int]]:
    """Working days by who holds the case."""
    days: dict[str, int] = {}
    for step in one.process:
        days[step.holder] = days.get(step.holder, 0) + step.working_days
    return [(describe.HOLDER_WORDS[holder], total) for holder, total in days.items()]


def _pool(one: Programme, today: date) -> dict[str, Any] | None:
    if one.budget is None or not one.budget.pool_satang:
        return None
    found = pools.pace(settings.HOME, services.open_rules(today), as_of=today)
    return {
        "satang": one.budget.pool_satang, "left_percent": found.left_percent.get(one.id), "when_spent": one.budget.when_spent,
        "lender_days": found.lender_days.get(one.owner),
    }  # fmt: skip


def _versions(one: Programme) -> list[Any]:
    return published.editions(CARD if one.is_archive else PROGRAMME, one.id)[:_VERSIONS]
