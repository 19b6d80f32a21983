"""What both sides of a loan application read: its product, status, timeline, papers and reasons, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpResponse

from iindustry.accounts import services as accounts
from iindustry.funding import moves, papers, promise
from iindustry.funding import services as funding
from iindustry.funding.moves import Status, Step
from iindustry.funding.reasons import REASONS
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import NotFound

if TYPE_CHECKING:
    from iindustry.funding.application import Application, Case

CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Words:
    """A label or sentence in both languages."""

    th: str
    en: str


_OTHER_EVENTS = {
    "start": Words("เริ่มคำขอ", "Application begun"),
    "progressed": Words("ธนาคารแจ้งความคืบหน้า", "The bank told of progress"),
}


def case_line(one: Application) -> dict[str, Any]:
    """One application as every page of the owner names it: product, lender, status, what has passed of the promise."""
    lender = accounts.organisation(one.lender)
    return {
        "application": one,
        "title": product_title(one.product_id),
        "lender": lender,
        "lender_short": Words(lender.short_th, lender.short_en),
        "status": status_words(one.status),
        "colour": moves.STATUS_COLOUR[one.status],
        "elapsed": promise.elapsed(one, CLOCK.today()),
    }


def product_title(product_id: str) -> Words:
    """A product's name; its id where the catalogue no longer has it."""
    try:
        product = funding.product_of(product_id)
    except NotFound:
        return Words(product_id, product_id)
    return Words(product.name_th, product.name_en)


def status_words(status: Status) -> Words:
    """A status in words."""
    return Words(*moves.STATUS_WORDS[status])


def timeline_lines(case: Case) -> list[dict[str, Any]]:
    """A timeline as pages show it: what happened, when, by whom, with the words for both sides."""
    lines = []
    for entry in case.timeline:
        by = _short(entry.organisation) if entry.organisation else Words(*moves.SIDE_WORDS[entry.side])
        lines.append({"what": _event_words(entry.step), "at": entry.at, "by": by, "entry": entry})
    return lines


def reason_words(code: str) -> dict[str, Any]:
    """What the owner reads for one coded reason, and what would change it."""
    reason = REASONS[code]
    return {"code": code, "words": Words(reason.th, reason.en), "cure": Words(reason.cure_th, reason.cure_en),
            "short": Words(reason.short_th, reason.short_en)}  # fmt: skip


def paper_words(code: str) -> Words:
    """The name of a paper that may be asked for."""
    wanted = papers.ASKED[code]
    return Words(wanted.th, wanted.en)


def paper_why(code: str) -> Words:
    """Why a lender asks for it."""
    wanted = papers.ASKED[code]
    return Words(wanted.why_th, wanted.why_en)


def attachment(file: funding.PaperFile) -> HttpResponse:
    """A paper as a download that no browser opens in our pages (ASSURANCE section 7, rule 6)."""
    response = FileResponse(
        file.path.open("rb"), as_attachment=True, filename=file.download_name, content_type=file.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response  # type: ignore[return-value]


def _short(organisation: str) -> Words:
    one = accounts.organisation(organisation)
    return Words(one.short_th, one.short_en)


def _event_words(step: str) -> Words:
    if step in set(Step):
        return Words(*moves.STEP_WORDS[Step(step)])
    return _OTHER_EVENTS.get(step, Words(step, step))
