"""How the exchange does: health of services over half an hour, and the hourly summary of refusals of strangers."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Window
from django.db.models.functions import RowNumber

from iindustry.exchange import health, rar
from iindustry.exchange.models import Call, RefusedCount
from iindustry.exchange.problems import PROBLEMS
from iindustry.kernel.actors import SYSTEM
from iindustry.ledger import services as ledger

if TYPE_CHECKING:
    from iindustry.exchange.health import Health
    from iindustry.kernel.clock import Clock

_MOST_CALLS = 20_000
_MOST_COUNTS = 200


def health_of_services(*, clock: Clock) -> list[Health]:
    """The health of each service, by name: its latest calls within the window, all services in one statement."""
    nth = Window(RowNumber(), partition_by="service", order_by=["-at", "-id"])
    rows = (
        Call.objects.filter(at__gte=clock.now() - health.WINDOW)
        .annotate(nth=nth)
        .filter(nth__lte=_MOST_CALLS)
        .order_by("service", "nth")
        .values_list("service", "milliseconds", "code")
    )
    calls: dict[str, list[tuple[int, str]]] = {service: [] for service in sorted(rar.CONTRACTS)}
    for service, milliseconds, code in rows:
        calls.setdefault(service, []).append((milliseconds, code))
    return [_health(service, calls[service]) for service in sorted(rar.CONTRACTS)]


@transaction.atomic
def summarise_refusals(*, clock: Clock) -> int:
    """Write the counts of past hours into the ledger, one leaf an hour; how many leaves."""
    hour = clock.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    rows = list(
        RefusedCount.objects.select_for_update()
        .filter(hour__lt=hour, summarised=False)
        .order_by("hour", "code")[:_MOST_COUNTS]
    )
    hours = sorted({row.hour for row in rows})
    for one in hours:
        counts = [f"{row.code}={row.count}" for row in rows if row.hour == one]
        ledger.append("exchange.summary", actor=SYSTEM, at=clock.now(), hour=one.isoformat(), counts=counts)
    RefusedCount.objects.filter(pk__in=[row.pk for row in rows]).update(summarised=True)
    return len(hours)


def _health(service: str, rows: list[tuple[int, str]]) -> Health:
    calls = [(milliseconds, _answered(code)) for milliseconds, code in rows]
    last_error = next((code for _, code in rows if not _answered(code)), None)
    return health.judge(service, calls, last_error)


def _answered(code: str) -> bool:
    """Whether the service did its part: an answer, or a refusal that is the caller's or the enterprise's."""
    row = PROBLEMS.get(code)
    return code == "ok" or (row is not None and row.fault in {"caller", "enterprise"})
