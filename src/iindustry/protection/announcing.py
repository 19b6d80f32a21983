"""How protection tells recipients that a consent changed: the outbox of `exchange`, handed in by the entry point."""

from __future__ import annotations

from typing import Protocol


class Announce(Protocol):
    """Called in the transaction of the change it tells of."""

    def __call__(self, kind: str, subject: object, **facts: object) -> None:
        """Tell members that something happened: ids and codes only."""
        ...


def silent(kind: str, subject: object, **facts: object) -> None:
    """Tell nobody."""
