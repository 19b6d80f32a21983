"""The catalogue: every programme, one of them, those that are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.programmes import published

if TYPE_CHECKING:
    from datetime import date

    from iindustry.programmes.keeping import Edition
    from iindustry.programmes.shape import Kind, Programme


def catalogue(as_of: date | None = None) -> tuple[Programme, ...]:
    """Every programme as it holds on a day (today): those with a rule first, then the cards of real products; by id within each."""
    found = published.library(as_of).programmes.values()
    return tuple(sorted(found, key=lambda one: (one.is_archive, one.id)))


def get_programme(programme_id: str) -> Programme:
    """A programme by id. Raises NotFound `programme-absent`."""
    return published.find(programme_id)


def list_programmes(*, kind: Kind | str | None = None, open_on: date | None = None, limit: int) -> list[Programme]:
    """Programmes of a kind, open on a day, at most `limit`; the order of `catalogue`."""
    found = [
        one
        for one in catalogue(open_on)
        if (kind is None or one.kind == kind) and (open_on is None or one.is_open(open_on))
    ]
    return found[:limit]


def open_rules(as_of: date) -> list[Programme]:
    """Programmes with a rule that are open on a day, in the edition that holds then."""
    return [one for one in catalogue(as_of) if not one.is_archive and one.is_open(as_of)]


def versions_of(programme_id: str) -> list[Edition]:
    """Every edition of a programme or card that was ever known, newest first; the packaged one last. No query.

    NotFound `programme-absent`.
    """
    return published.editions_of(programme_id)
