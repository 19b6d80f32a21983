"""How good the linking and the data are: measured shares with their intervals, by registers and by province; versions compared."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import render

from iindustry.kernel.actors import Role
from iindustry.linkage import services as linkage
from iindustry.linkage.evaluate import wilson
from iindustry.linkage.outcome import MEASURED_WORDS
from iindustry.reference import areas
from iindustry.register import services as register
from iindustry.register.enterprise import CorrectionStatus
from iindustry.sources import services as sources
from iindustry.web.access import access
from iindustry.web.steward_conflicts import conflicting
from iindustry.web.steward_filled import MEASURES, Filled, filled
from iindustry.web.steward_measured import measured
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from iindustry.linkage.services.reviewing import QualityRow
    from iindustry.register.enterprise import VersionView
    from iindustry.sources.reports import DeliveryReport

VERSIONS_MOST = 10
DELIVERIES_MOST = 100
CORRECTIONS_MOST = 50
REVIEW_MOST_SHARE = 0.01
"""Pairs to review by record that LINKAGE section 6 allows."""
COUNTS = (
    ("hidden_pairs", "คู่ที่ซ่อนเลขไว้วัด", "Hidden pairs measured on"),
    ("between_thresholds", "คู่ที่อยู่ระหว่างสองเกณฑ์", "Pairs between the two thresholds"),
    ("review_pairs", "คู่ที่รอคนตรวจ", "Pairs that wait for a person"),
    ("two_numbers", "กลุ่มที่มีสองเลขทะเบียน (ต้องเป็น 0)", "Clusters with two juristic ids (must be 0)"),
    ("vetoes", "การเชื่อมที่ถูกกันไว้เพราะสองเลข", "Joins held back because of two numbers"),
    ("keys_dropped", "กุญแจที่ตัดทิ้งเพราะซ้ำมากเกินไป", "Keys dropped for being shared by too many"),
    ("largest", "กิจการที่มีระเบียนมากที่สุด", "Records of the largest enterprise"),
)
"""What a run counts of itself, in the order of the page."""


@access(Role.STEWARD)
def quality(request: HttpRequest) -> HttpResponse:
    """The version in force by shares and counts, answers by registers and province, the data of each register, versions."""
    versions = register.list_versions(limit=VERSIONS_MOST)
    current = next((one for one in versions if one.is_current), None)
    answers = linkage.review_quality()
    context = {
        "current": current,
        "shares": shares(current.quality) if current else [],
        "counts": [(Both(th, en), current.quality.get(key)) for key, th, en in COUNTS] if current else [],
        "run": measured(settings.HOME),
        "meaning": Both(*MEASURED_WORDS),
        "review_share": review_share(current),
        "review_most": REVIEW_MOST_SHARE,
        "by_sources": [_answered(one) for one in answers if one.by == "source_pair"],
        "by_province": [_answered(one) for one in answers if one.by == "province"],
        "registers": registers(sources.list_deliveries(limit=DELIVERIES_MOST), filled(settings.HOME)),
        "measures": [Both(th, en) for _, th, en in MEASURES],
        "conflicts": conflicting(settings.HOME),
        "corrections": register.list_corrections(status=CorrectionStatus.OPEN, limit=CORRECTIONS_MOST),
        "versions": [SimpleNamespace(view=one, shares=shares(one.quality)) for one in versions],
    }
    return render(request, "web/steward/quality.html", context)


def shares(told: Mapping[str, Any]) -> list[SimpleNamespace]:
    """Precision and recall of a run with their 95 % intervals; None where it could not be measured."""
    precision, recall, true = told.get("precision"), told.get("recall"), told.get("hidden_pairs") or 0
    right = round((recall or 0) * true)
    found = round(right / precision) if precision else 0
    return [
        SimpleNamespace(
            words=Both("ความแม่นยำ (คู่ที่เชื่อมแล้วถูก)", "Precision (pairs joined that are right)"),
            value=precision,
            interval=wilson(right, found) if precision is not None else None,
        ),
        SimpleNamespace(
            words=Both("ความครบถ้วน (คู่จริงที่เชื่อมได้)", "Recall (true pairs that were joined)"),
            value=recall,
            interval=wilson(right, true) if recall is not None else None,
        ),
    ]


def review_share(current: VersionView | None) -> float | None:
    """Pairs between the two thresholds by record, shown or not; None where nothing was counted."""
    told = current.quality if current else {}
    pairs = told.get("between_thresholds", told.get("review_pairs"))
    return pairs / current.records if current and pairs is not None and current.records else None


def registers(deliveries: Sequence[DeliveryReport], known: Mapping[str, Filled]) -> list[SimpleNamespace]:
    """A row a register, the one with most rows refused first: its last delivery, rows taken, what its records carry."""
    rows: dict[str, SimpleNamespace] = {}
    for one in deliveries:  # newest first
        row = rows.setdefault(one.source, SimpleNamespace(source=one.source, last=one, rows=0, accepted=0))
        row.rows += one.rows if one.mends is None else 0  # a mended row was counted where it came first
        row.accepted += one.accepted
    for row in rows.values():
        row.share = row.accepted / row.rows if row.rows else None
        found = known.get(row.source)
        row.filled = [found.shares[name] if found else None for name, _, _ in MEASURES]
    return sorted(rows.values(), key=lambda row: (row.share is None, row.share, row.source))


def _answered(row: QualityRow) -> SimpleNamespace:
    decided = row.match + row.no_match
    right = round((row.agreed or 0) * decided)
    return SimpleNamespace(
        row=row,
        place=areas.province(row.key[0]) if row.by == "province" else None,
        decided=decided,
        interval=wilson(right, decided) if row.agreed is not None else None,
    )
