"""The open check: five questions, then at most two more that settle most. Nothing is looked up, nothing is kept.

No id is taken, so nobody can probe the register with it. Answers travel by POST alone and come back as hidden fields of the
next form; the page works without a script.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import NotFound
from iindustry.programmes import published, quick, services
from iindustry.programmes.opportunities import Wish
from iindustry.web import typed
from iindustry.web.access import access
from iindustry.web.asking import asked
from iindustry.web.fit_cards import KEY_WORDS, groups_of, ordered, without_invented
from iindustry.web.language import is_switched, is_thai, keeps_typed, pick

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from iindustry.programmes.shape import Programme
    from iindustry.web.fit_cards import Card

CLOCK = SystemClock()
FIELDS = ("activity", "province", "workers", "revenue", "use")
_RESULT = "result"
_MOST_LETTERS = 60
_MOST_WORKERS = 1_000_000


@require_http_methods(["GET", "HEAD", "POST"])
@access()
@keeps_typed
def check(request: HttpRequest) -> HttpResponse:
    """The questions; after a press, what fits, or the questions again with what is to be put right."""
    wanted = _wanted(request)
    given = {key: request.POST.get(key, "")[:_MOST_LETTERS] for key in FIELDS}
    is_form = request.method != "POST" or (is_switched(request) and request.POST.get("shown") != _RESULT)
    answers, errors = read(request, given)
    if is_form or answers is None:
        context = _questions(request, given, [] if is_form else errors) | {"wanted": wanted}
        return render(request, "web/programmes/check.html", context, status=200 if is_form else 422)
    today = CLOCK.today()
    found = asked(quick.facts_of_answers(answers, today), request.POST, limit=quick.MORE)
    wish = Wish(use=answers.use)
    keys = published.library().order
    explained = without_invented(services.explain_facts(found.facts), found.chosen)
    groups = groups_of(ordered(explained, keys, wish, "", today), found.facts, wish, found.chosen)
    context = {
        "groups": groups, "typed": given, "given": found.given, "questions": found.open, "granted": quick.granted(),
        "today": today, "is_check": True, "in_full": True, "keys": [KEY_WORDS[key] for key in keys], "wanted": wanted,
        "wanted_card": groups.card(wanted.id) if wanted else None, "hinges": {one.row.programme.id: hinge(one) for one in groups.all},
        "said": _said(request, answers, given), "chosen": found.chosen,
    }  # fmt: skip
    return render(request, "web/programmes/result.html", context)


def read(request: HttpRequest, given: dict[str, str]) -> tuple[quick.QuickAnswers | None, list[tuple[str, str]]]:
    """The five answers as typed, or what is to be put right: (field, sentence)."""
    workers, revenue = typed.whole(given["workers"]), typed.satang(given["revenue"])
    wrong = (
        ("activity", given["activity"] not in quick.activities(),
         pick(request, "เลือกว่ากิจการทำอะไร", "Choose what the business makes or does")),
        ("province", given["province"] not in dict(quick.province_choices()),
         pick(request, "เลือกจังหวัดที่กิจการอยู่", "Choose the province of the business")),
        ("workers", workers is None or workers > _MOST_WORKERS,
         pick(request, "กรอกจำนวนคนงานเป็นตัวเลข เช่น 12", "Give the number of workers in figures, such as 12")),
        ("revenue", revenue is None,
         pick(request, "กรอกรายได้ปีที่แล้วเป็นบาท เช่น 5,000,000 หรือ 5 ล้าน",
              "Give last year’s sales in baht, such as 5,000,000 or 5 million")),
        ("use", given["use"] not in quick.PURPOSES,
         pick(request, "เลือกว่าต้องการเงินหรือความช่วยเหลือเพื่ออะไร", "Choose what the money or help is for")),
    )  # fmt: skip
    errors = [(field, words) for field, is_wrong, words in wrong if is_wrong]
    if errors:
        return None, errors
    return quick.QuickAnswers(given["activity"], given["province"], workers, revenue, given["use"]), []


def hinge(card: Card) -> int | None:
    """The one of the five answers on which alone a no hangs; None where there are several, or something else."""
    answers = {quick.ANSWER_OF.get(condition.fact) for condition in card.why}
    return answers.pop() if card.explained.answer == "no" and len(answers) == 1 else None


def _wanted(request: HttpRequest) -> Programme | None:
    """The programme from whose page the check was opened; it stands first in the result."""
    asked_for = request.POST.get("programme", "") or request.GET.get("programme", "")
    try:
        found = services.get_programme(asked_for[:_MOST_LETTERS])
    except NotFound:
        return None
    return None if found.is_archive else found


def _questions(request: HttpRequest, given: dict[str, str], errors: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "typed": given,
        "errors": errors,
        "wrong": dict(errors),
        "activities": list(quick.activities().items()),
        "provinces": quick.province_choices(in_thai=is_thai(request)),
        "purposes": list(quick.PURPOSES.items()),
    }


def _said(request: HttpRequest, answers: quick.QuickAnswers, given: dict[str, str]) -> list[Any]:
    """The five answers in words, to be read back above the result."""
    workers = pick(request, f"คนงาน {answers.worker_count:,} คน", f"{answers.worker_count:,} workers")
    revenue = pick(request, f"รายได้ {given['revenue']}", f"sales {given['revenue']}")
    return [
        quick.activities()[answers.activity], dict(quick.province_choices())[answers.province_code], workers,
        revenue, quick.PURPOSES[answers.use or ""],
    ]  # fmt: skip
