"""What was published, as every process of an installation reads it: editions on both axes of time, and suspensions.

Invariant: an edition is a text, the days for which it holds, and the moments at which that was what we knew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from iindustry.programmes.shape import Suspension

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Edition:
    """One text of a document: when it holds (both ends included) and from when to when that was what we knew.

    `edition_id` is None for a text that came with the package. `version`: the hash of the document as written. `number`:
    of the library, when it came. None for a day or moment: no end on that side.
    """

    schema: str
    name: str
    version: str
    text: str = field(repr=False)
    valid_from: date | None
    valid_to: date | None
    known_from: datetime | None
    known_to: datetime | None = None
    edition_id: UUID | None = None
    draft_id: UUID | None = None
    number: int = 0

    @property
    def is_packaged(self) -> bool:
        """Whether it came with the package and was never published here."""
        return self.edition_id is None

    def was_known(self, at: datetime | None) -> bool:
        """Whether this was what we knew at a moment; None is now."""
        if at is None:
            return self.known_to is None
        return (self.known_from is None or self.known_from <= at) and (self.known_to is None or at < self.known_to)

    def holds(self, on: date) -> bool:
        """Whether it holds on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def distance(self, day: date) -> tuple[int, int]:
        """How well it answers for a day: 0 where it holds, then what ended before it, then what begins after; days off."""
        if self.holds(day):
            return 0, 0
        if self.valid_to is not None and self.valid_to < day:
            return 1, (day - self.valid_to).days
        return 2, ((self.valid_from or day) - day).days


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Everything that was published here. `since`: from when on a document is kept here and no more as it was packaged."""

    number: int
    since: Mapping[tuple[str, str], datetime]
    editions: tuple[Edition, ...]
    suspensions: tuple[Suspension, ...]

    def written(self) -> str:
        """As the file holds it."""
        document = {
            "number": self.number,
            "documents": [[schema, name, at.isoformat()] for (schema, name), at in sorted(self.since.items())],
            "editions": [_row(one) for one in self.editions],
            "suspensions": [
                [one.programme_id, one.reason, one.since.isoformat(), _iso(one.until)] for one in self.suspensions
            ],
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of(cls, text: str) -> Kept:
        """From the file's text."""
        document = json.loads(text)
        return cls(
            document["number"],
            MappingProxyType(
                {(schema, name): datetime.fromisoformat(at) for schema, name, at in document["documents"]}
            ),
            tuple(_edition(one) for one in document["editions"]),
            tuple(
                Suspension(name, reason, datetime.fromisoformat(since), _moment(until))
                for name, reason, since, until in document["suspensions"]
            ),
        )


NOTHING_KEPT = Kept(0, MappingProxyType({}), (), ())


def _row(one: Edition) -> dict[str, Any]:
    return {
        "schema": one.schema, "name": one.name, "version": one.version, "text": one.text, "valid": [_iso(one.valid_from), _iso(one.valid_to)],
        "known": [_iso(one.known_from), _iso(one.known_to)], "edition": str(one.edition_id), "draft": None if one.draft_id is None else str(one.draft_id),
        "number": one.number,
    }  # fmt: skip


def _edition(row: Mapping[str, Any]) -> Edition:
    start, end = (None if one is None else date.fromisoformat(one) for one in row["valid"])
    return Edition(
        schema=row["schema"], name=row["name"], version=row["version"], text=row["text"], valid_from=start, valid_to=end,
        known_from=_moment(row["known"][0]), known_to=_moment(row["known"][1]), edition_id=UUID(row["edition"]),
        draft_id=None if row["draft"] is None else UUID(row["draft"]), number=row["number"],
    )  # fmt: skip


def _iso(at: date | datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
