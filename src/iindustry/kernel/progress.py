"""How long work says where it is: a phase, done of total. The receiver decides where it is shown."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called by a long use case. `phase` is a stable code; words live at the entry points. `total` 0 is unknown."""

    def __call__(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Say where the work is."""
        ...


def silent(phase: str, done: int = 0, total: int = 0) -> None:
    """Tell nobody."""
