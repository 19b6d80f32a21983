"""A register's file that an agency's system sends: the body is taken as it is, the answer says what became of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from iindustry.kernel.actors import Actor, Role
from iindustry.kernel.errors import Rejected
from iindustry.sources import services as sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.exchange.services import Caller
    from iindustry.kernel.clock import Clock

LONGEST_DELIVERY = 32 << 20
"""Bytes of one call: the signature covers the whole body, so it is held in memory."""
_PIECE = 1 << 20
_ASKED = ("source", "filename", "period", "scope")


def delivered(
    caller: Caller, body: bytes, asked: Mapping[str, str], *, clock: Clock
) -> tuple[dict[str, Any], int, str]:
    """Deliver a body for the agency whose system called: the answer's body, its status, the hash of its ledger leaf.

    Raises as `sources.deliver`: Denied `source-not-yours` where the register is another agency's, Rejected `query-invalid`.
    """
    missing = next((name for name in ("source", "filename") if not asked.get(name)), None)
    strange = next((name for name in asked if name not in _ASKED), None)
    if missing or strange:
        raise Rejected("query-invalid", member=str(missing or strange)[:40])
    actor = Actor(Role.AGENCY_OFFICER, organisation=caller.organisation, subsystem=caller.address)
    pieces = (body[place : place + _PIECE] for place in range(0, len(body), _PIECE))
    incoming = sources.receive(
        pieces, filename=asked["filename"], source=asked["source"], period=asked.get("period"), scope=asked.get("scope"),
        actor=actor, home=settings.HOME, clock=clock,
    )  # fmt: skip
    try:
        report = sources.deliver_incoming(incoming, actor=actor, home=settings.HOME, clock=clock)
    except Exception:
        sources.forget_incoming(incoming, actor=actor, home=settings.HOME)
        raise
    said = {
        "delivery": report.delivery_id, "source": report.source, "layout": report.layout, "mode": report.mode,
        "scope": report.scope, "period": report.period, "status": report.status, "duplicate": report.duplicate,
        "rows": report.rows, "accepted": report.accepted, "quarantined": report.quarantined,
        "findings": [{"code": one.code, "column": one.column, "count": one.count} for one in report.findings],
    }  # fmt: skip
    return said, 200 if report.duplicate else 201, sources.entry_of(report.delivery_id)
