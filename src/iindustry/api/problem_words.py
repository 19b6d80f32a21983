"""The body of a problem (RFC 9457): the exchange's row, our sentence in Thai and English, what to do next.

Invariant: facts are ids and codes, so a problem holds no content of anybody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from iindustry.config.words import sentence
from iindustry.exchange.problems import PROBLEM_BASE, problem_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.kernel.errors import DomainError

_FAULT_IN_X_ROAD = {
    "caller": "Client",
    "enterprise": "Client",
    "platform": "Server.ClientProxy",
    "provider": "Server.ServerProxy",
}
# (fault, may the same call be sent again): what to do next, th and en.
NEXT: Mapping[tuple[str, bool], tuple[str, str]] = {
    ("caller", False): ("แก้คำขอแล้วส่งใหม่", "Mend the call and send it again"),
    ("caller", True): ("รอสักครู่แล้วส่งคำขอเดิมซ้ำ", "Wait a little, then send the same call again"),
    ("enterprise", False): ("ขอความยินยอมใหม่จากกิจการ", "Ask the enterprise for a new consent"),
    ("enterprise", True): (
        "ถามกิจการ หรือรอจนกิจการเปิดให้ใช้อีกครั้ง",
        "Ask the enterprise, or wait until it resumes the consent",
    ),
    ("platform", True): ("ส่งคำขอเดิมซ้ำด้วยรหัสเดิมภายหลัง", "Send the same call later, with the same id"),
    ("platform", False): ("แจ้งสำนักงาน", "Tell the office"),
    ("provider", True): ("ส่งคำขอเดิมซ้ำภายหลัง", "Send the same call later"),
    ("provider", False): ("แจ้งสำนักงาน", "Tell the office"),
}


def problem_body(error: DomainError, *, request_id: str | None = None) -> dict[str, Any]:
    """The problem document of a refusal."""
    row = problem_of(error)
    next_th, next_en = NEXT[row.fault, row.retryable]
    body: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}{PROBLEM_BASE}{row.code}",
        "title": sentence(error, "en"),
        "title_th": sentence(error, "th"),
        "status": row.status,
        "code": row.code,
        "gate": row.gate,
        "fault": row.fault,
        "retryable": row.retryable,
        "next": next_en,
        "next_th": next_th,
        "facts": {name: value for name, value in error.facts.items() if not name.startswith("entry")},
    }
    if row.yourdata is not None:
        body["yourdata_code"] = row.yourdata
    if request_id is not None:
        body["request_id"] = request_id
    return body


def oauth_body(error: DomainError) -> dict[str, Any]:
    """The same for the token endpoint, with the names that RFC 6749 asks for."""
    body = problem_body(error)
    return {"error": problem_of(error).oauth or "invalid_request", "error_description": body["title"], **body}


def x_road_error(error: DomainError) -> str:
    """The value of `X-Road-Error`: `Client.consent-revoked`."""
    row = problem_of(error)
    return f"{_FAULT_IN_X_ROAD[row.fault]}.{row.code}"
