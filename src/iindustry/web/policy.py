"""The analyst's pages: the funnel with reasons of declines, and coverage by province. Safe figures only, no name anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from iindustry.funding.reasons import REASONS
from iindustry.insight import services as insight
from iindustry.insight.disclosure import hidden_in
from iindustry.insight.tables import Table
from iindustry.kernel.actors import Role
from iindustry.reference.areas import PROVINCES
from iindustry.web import figures
from iindustry.web.access import access
from iindustry.web.language import is_thai

if TYPE_CHECKING:
    from iindustry.insight.tables import Funnel, Row

BY: dict[str, tuple[str, str]] = {
    "line": ("แนวนโยบาย", "Policy line"),
    "lender": ("ธนาคาร", "Bank"),
    "province": ("จังหวัด", "Province"),
}
STEPS = ("eligible", "applied", "decided", "approved", "disbursed")


@require_GET
@access(Role.ANALYST)
def policy(request: HttpRequest) -> HttpResponse:
    """The funnel: whole country, today's cases apart, by one dimension; why banks declined; coverage."""
    by = _by(request)
    funnel = insight.funnel(settings.HOME, by)
    reached = insight.coverage(settings.HOME)
    names = _province_names()
    context = {
        "stamp": funnel.stamp,
        "steps": _steps(funnel),
        "live": figures.line_of("live", "", funnel.live, [key for key in funnel.columns if key in funnel.live.cells]),
        "live_headings": figures.headings(key for key in funnel.columns if key in funnel.live.cells),
        "by": by,
        "dimensions": [(key, figures.pick(words)) for key, words in BY.items()],
        "by_title": figures.pick(BY[by]),
        "headings": figures.headings(funnel.columns),
        "rows": [
            figures.line_of("all", figures.pick(figures.ALL), funnel.total, funnel.columns, is_total=True),
            *(figures.line_of(_key(row), _row_name(row, names), row, funnel.columns) for row in funnel.rows),
        ],
        "reasons": _reasons(funnel),
        "coverage_headings": figures.headings(reached.columns),
        "coverage": [
            figures.line_of("all", figures.pick(figures.COUNTRY), reached.total, reached.columns, is_total=True),
            *(
                figures.line_of(str(row.province_code), names[str(row.province_code)], row, reached.columns)
                for row in reached.rows
            ),
        ],
        "meanings": figures.meanings(dict.fromkeys((*funnel.columns, *reached.columns))),
        "legend": figures.legend(),
    }
    return render(request, "web/policy/funnel.html", context)


@require_GET
@access(Role.ANALYST)
def funnel_csv(request: HttpRequest) -> HttpResponse:
    """The funnel by one dimension as CSV, with definitions, version and as-of date in header rows."""
    by = _by(request)
    funnel = insight.funnel(settings.HOME, by)
    rows = (funnel.total, *funnel.rows)
    table = Table(funnel.columns, rows, funnel.stamp, audience="staff", hidden_count=hidden_in(rows))
    response = HttpResponse("\ufeff" + insight.as_csv(table, title="funnel/1"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="i-industry-funnel-by-{by}.csv"'
    return response


def _by(request: HttpRequest) -> str:
    asked = request.GET.get("by", "line")
    return asked if asked in BY else "line"


def _steps(funnel: Funnel) -> list[dict[str, Any]]:
    """The whole country's steps as bars, each against the applications sent (eligible against itself)."""
    sent = funnel.total.cells["applied"].value or 0
    meanings = {one.key: one for one in figures.meanings(STEPS)}
    return [
        {
            "title": meanings[key].title,
            "unit": meanings[key].unit,
            "text": figures.shown(key, funnel.total.cells[key]).text,
            "value": funnel.total.cells[key].value or 0,
            "most": (funnel.total.cells[key].value if key == "eligible" else sent) or 1,
        }
        for key in STEPS
    ]


def _reasons(funnel: Funnel) -> list[dict[str, Any]]:
    thai = is_thai()
    found = []
    for one in funnel.reasons:
        words = REASONS.get(one.code)
        found.append(
            {
                "code": one.code,
                "name": (words.short_th if thai else words.short_en) if words else one.code,
                "known_before": bool(words and words.known_before),
                "count": figures.shown("declined", one.count),
                "share": one.share,
                "requested": figures.shown("disbursed_satang", one.requested_satang),
            }
        )
    return found


def _province_names() -> dict[str, str]:
    return {one.code: (one.th if is_thai() else one.en) for one in PROVINCES}


def _key(row: Row) -> str:
    return str(row.line or row.province_code or row.lender)


def _row_name(row: Row, names: dict[str, str]) -> str:
    if row.line:
        return figures.pick(figures.LINES.get(row.line, (row.line, row.line)))
    if row.lender:
        return figures.pick(figures.LENDERS.get(row.lender, (row.lender, row.lender)))
    return names.get(str(row.province_code), str(row.province_code))
