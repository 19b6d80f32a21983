"""Pure: what a disclosure hands out, and how an enterprise reads of it later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from iindustry.ledger.views import EntryRef
    from iindustry.protection.decision import Ground
    from iindustry.register.enterprise import Enterprise, Value


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may go. A field that is not allowed is absent, never empty; a field allowed and unknown is in `unknown`.

    `places` names, beside each list of values, the establishment each is of (None: the enterprise itself).
    `until`: when the consent ends, None in the duty lane.
    """

    fields: Mapping[str, list[Value]]
    places: Mapping[str, list[str | None]]
    unknown: frozenset[str]
    ground: Ground
    entry: EntryRef
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DisclosureView:
    """One look at an enterprise's data, as its owner reads it."""

    disclosure_id: UUID
    at: datetime
    recipient: str
    organisation: str
    actor_role: str
    purpose: str
    service: str
    fields: tuple[str, ...]
    agreement: str
    consent_id: UUID | None
    consent_version: int | None
    entry_id: UUID


def cut(enterprise: Enterprise, names: Iterable[str]) -> tuple[dict[str, list[Value]], dict[str, list[str | None]]]:
    """The values of some fields, of the enterprise and of each establishment, and what each is of."""
    values: dict[str, list[Value]] = {}
    places: dict[str, list[str | None]] = {}
    for name in sorted(names):
        found = [(value, None)] if (value := enterprise.value_of(name)) is not None else []
        of_places = [
            (value, one.establishment_id)
            for one in enterprise.establishments
            if (value := one.value_of(name)) is not None
        ]
        if pairs := [*found, *of_places]:
            values[name] = [value for value, _ in pairs]
            places[name] = [place for _, place in pairs]
    return values, places
