"""The public scoreboard: policy line × province × bank, as a table and as CSV, with every definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from iindustry.insight import services as insight
from iindustry.reference.areas import PROVINCES
from iindustry.web import figures
from iindustry.web.access import access
from iindustry.web.language import is_thai

if TYPE_CHECKING:
    from iindustry.insight.tables import Row, Table

_OFFICES = {
    "smed": ("ธพว.", "SME D Bank"), "exim": ("ธสน.", "EXIM Bank"), "oie": ("สศอ.", "OIE"),
    "dip": ("กรมส่งเสริมอุตสาหกรรม", "Industrial Promotion"), "diw": ("กรมโรงงานอุตสาหกรรม", "Industrial Works"),
    "tisi": ("สมอ.", "Standards Institute"), "dbd": ("กรมพัฒนาธุรกิจการค้า", "Business Development"), "provincial": ("อุตสาหกรรมจังหวัด", "Provincial offices"),
    "ieat": ("กนอ.", "Industrial Estate Authority"), "dpim": ("กพร.", "Primary Industries and Mines"),
    "ocsb": ("สอน.", "Cane and Sugar Board"),
}  # fmt: skip


@require_GET
@access()
def scoreboard(request: HttpRequest) -> HttpResponse:
    """Whole country by line and bank; one line by province."""
    line = request.GET.get("line", "")
    line = line if line in figures.LINES else next(iter(figures.LINES))
    lender = request.GET.get("lender", "")
    lender = lender if lender in figures.LENDERS else ""
    table = insight.scoreboard(settings.HOME)
    smart = insight.smart_government(settings.HOME)
    context = {
        "stamp": table.stamp,
        "hidden_count": table.hidden_count,
        "headings": figures.headings(table.columns),
        "country": _country(table),
        "provinces": _provinces(table, line, lender or None),
        "lines": {key: figures.pick(words) for key, words in figures.LINES.items()},
        "lenders": {"": figures.pick(figures.BOTH)}
        | {key: figures.pick(words) for key, words in figures.LENDERS.items()},
        "line": line,
        "lender": lender,
        "line_title": figures.pick(figures.LINES[line]),
        "lender_title": figures.pick(figures.LENDERS[lender] if lender else figures.BOTH),
        "meanings": figures.meanings(table.columns),
        "legend": figures.legend(),
        "smart": smart,
        "smart_meanings": figures.meanings(
            (
                "fields_spared",
                "prefilled_share",
                "papers_spared",
                "office_days",
                "corrections_answered",
                "late_deliveries",
            )
        ),
        "offices": [
            (figures.pick(_OFFICES.get(one.office, (one.office, one.office))), one.days.sign, one.case_count.sign)
            for one in smart.offices
        ],
    }
    return render(request, "web/scoreboard/scoreboard.html", context)


@require_GET
@access()
def scoreboard_csv(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view takes a request
    """The same numbers as CSV, with definitions, version and as-of date in header rows."""
    text = "\ufeff" + insight.scoreboard_csv(settings.HOME)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="i-industry-scoreboard.csv"'
    return response


def _country(table: Table) -> list[figures.Line]:
    """Each line for both banks, then for each bank."""
    rows = [row for row in table.rows if row.province_code is None]
    return [_country_line(row, table) for row in rows]


def _country_line(row: Row, table: Table) -> figures.Line:
    line = figures.pick(figures.LINES[str(row.line)])
    if not row.lender:
        return figures.line_of(str(row.line), line, row, table.columns, is_total=True)
    return figures.line_of(str(row.line), figures.pick(figures.LENDERS[row.lender]), row, table.columns, within=line)


def _provinces(table: Table, line: str, lender: str | None) -> list[figures.Line]:
    """One line by province, in the order of province codes; the country first."""
    names = {one.code: (one.th if is_thai() else one.en) for one in PROVINCES}
    rows = [row for row in table.rows if row.line == line and row.lender == lender]
    return [
        figures.line_of(
            row.province_code or "all",
            names[row.province_code] if row.province_code else figures.pick(figures.COUNTRY),
            row,
            table.columns,
            is_total=row.province_code is None,
        )
        for row in rows
    ]
