"""Open data as JSON: programmes and the scoreboard, for anybody; whether this process answers.

The same numbers as the pages, after the same release for the public: counts below ten are not there.
"""

from __future__ import annotations

import json
from datetime import date, datetime  # noqa: TC003 - the schemas read them
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime  # noqa: TC002 - a schema reads it

from iindustry.insight import services as insight
from iindustry.kernel.clock import SystemClock
from iindustry.programmes import published
from iindustry.programmes import services as programmes

if TYPE_CHECKING:
    from iindustry.insight.tables import Cell, Row
    from iindustry.programmes.programme import Programme

router = Router(tags=["open data"])
_MOST = 100


class Words(Schema):
    """One text in both languages."""

    th: str
    en: str


class ProgrammeOut(Schema):
    """A measure or loan product. `is_demo`: made up for the demo country; `is_archive`: a real one, as reported."""

    id: str
    kind: str
    owner: str
    title: Words
    summary: Words
    policy_lines: list[str]
    valid_from: date
    valid_to: date | None
    version: str
    is_demo: bool
    is_archive: bool
    is_suspended: bool


class EditionOut(Schema):
    """One edition: the days for which it holds (both included), and from when to when that was what was known."""

    version: str
    valid_from: date | None
    valid_to: date | None
    known_from: datetime | None
    known_to: datetime | None


class ProgrammeWhole(ProgrammeOut):
    """One programme with its document as canonical JSON (RFC 8785), whose SHA-256 is `version`, and all its editions."""

    document: dict[str, Any]
    editions: list[EditionOut]


class ProgrammesOut(Schema):
    """Programmes, by id."""

    programmes: list[ProgrammeOut]


class CellOut(Schema):
    """A number, or why there is none: `small` is 1 to 9, `hidden` is withheld, `none` is no data."""

    value: float | int | None
    mark: str


class RowOut(Schema):
    """One group; null in a dimension stands for all."""

    line: str | None
    province_code: str | None
    lender: str | None
    cells: dict[str, CellOut]


class ScoreboardOut(Schema):
    """Policy line × province × lender, with what it rests on."""

    columns: list[str]
    register_version: str | None
    as_of: datetime | None
    rows: list[RowOut]


class ProgrammeFilter(Schema):
    """Which programmes."""

    kind: str | None = Field(None, max_length=40)
    open_on: date | None = None
    limit: int = Field(_MOST, ge=1, le=_MOST)


@router.get("/api/open/programmes", url_name="open-programmes", response=ProgrammesOut)
def list_programmes(request: HttpRequest, wanted: Query[ProgrammeFilter]) -> ProgrammesOut:  # noqa: ARG001
    """Measures and loan products, open ones and past ones."""
    found = programmes.list_programmes(kind=wanted.kind, open_on=wanted.open_on, limit=wanted.limit)
    return ProgrammesOut(programmes=[_programme(one) for one in found])


class AsOf(Schema):
    """On which day, and by what was known at which moment; today and now where neither is given."""

    as_of: date | None = None
    known_at: AwareDatetime | None = None


@router.get("/api/open/programmes/{programme_id}", url_name="open-programme", response=ProgrammeWhole)
def get_programme(request: HttpRequest, programme_id: str, wanted: Query[AsOf]) -> ProgrammeWhole:  # noqa: ARG001
    """One programme: what its document says, on a day and by the knowledge of a moment."""
    one = published.find(programme_id, wanted.as_of, wanted.known_at)
    editions = [
        EditionOut(
            version=each.version, valid_from=each.valid_from, valid_to=each.valid_to, known_from=each.known_from,
            known_to=each.known_to,
        )
        for each in published.editions_of(programme_id)[:_MOST]
    ]  # fmt: skip
    return ProgrammeWhole(**_programme(one).dict(), document=json.loads(one.written), editions=editions)


@router.get("/api/open/programmes/{programme_id}/document", url_name="open-programme-document")
def get_document(request: HttpRequest, programme_id: str, wanted: Query[AsOf]) -> HttpResponse:  # noqa: ARG001
    """The same document as it was written: YAML, comments included."""
    text = published.text_of(programme_id, wanted.as_of, wanted.known_at)
    return HttpResponse(text, content_type="application/yaml; charset=utf-8")


class ScoreboardFilter(Schema):
    """Which lines."""

    line: str | None = Field(None, max_length=40)


@router.get("/api/open/scoreboard", url_name="open-scoreboard", response=ScoreboardOut)
def scoreboard(request: HttpRequest, wanted: Query[ScoreboardFilter]) -> ScoreboardOut:  # noqa: ARG001
    """Eligible, applied, paid out: by policy line, province and lender, as released for the public."""
    table = insight.scoreboard(settings.HOME, audience="public", line=wanted.line)
    return ScoreboardOut(
        columns=list(table.columns),
        register_version=table.stamp.version,
        as_of=table.stamp.as_of,
        rows=[_row(one) for one in table.rows],
    )


@router.get("/health/live", url_name="health-live", include_in_schema=False)
def live(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """This process answers. No database is asked: a load balancer must not take all servers away for one fault."""
    response = HttpResponse(
        f'{{"live":true,"at":"{SystemClock().now().isoformat()}"}}', content_type="application/json"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _programme(one: Programme) -> ProgrammeOut:
    return ProgrammeOut(
        id=one.id, kind=str(one.kind), owner=one.owner, title=Words(th=one.title.th, en=one.title.en),
        summary=Words(th=one.summary.th, en=one.summary.en), policy_lines=list(one.policy_lines), valid_from=one.valid_from,
        valid_to=one.valid_to, version=one.version, is_demo=one.is_demo, is_archive=one.is_archive,
        is_suspended=one.suspension is not None,
    )  # fmt: skip


def _row(row: Row) -> RowOut:
    cells = {name: _cell(cell) for name, cell in row.cells.items()}
    return RowOut(line=row.line, province_code=row.province_code, lender=row.lender, cells=cells)


def _cell(cell: Cell) -> CellOut:
    return CellOut(value=cell.value if cell.is_shown else None, mark=str(cell.mark))
