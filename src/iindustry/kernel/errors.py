"""The four ways a use case can say no, each with a stable public code and facts.

Words live at the entry points: `web`, `api` and `cli` each own one table from code to words and status.
Invariant: facts carry ids, codes and counts, never a name or a 13-digit number.
"""

from __future__ import annotations

Fact = str | int | bool | None | list[str] | dict[str, str]


class DomainError(Exception):
    """A use case refused. `code` is stable and public; `facts` say which thing, which field, which state."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(DomainError):  # noqa: N818 - STYLE section 5 names the four classes
    """No such thing, or none that this actor may know of (404)."""


class Denied(DomainError):  # noqa: N818
    """It exists and this actor knows of it, but may not do this (403)."""


class Conflict(DomainError):  # noqa: N818
    """Not possible in its present state (409)."""


class Rejected(DomainError):  # noqa: N818
    """What was sent is not acceptable; facts name the fields (422)."""
