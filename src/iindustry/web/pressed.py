"""Who pressed a button of a page and what the press carries: its key against a second press, the version that was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django.http import HttpRequest

    from iindustry.kernel.actors import Actor

_MOST_DIGITS = 9


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the middleware found them."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


def key_of(request: HttpRequest) -> UUID | None:
    """The key of one press; None where the form carries none, or nonsense."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def version_of(request: HttpRequest) -> int | None:
    """The version of the application that the page showed; None where it is not a number."""
    text = request.POST.get("version", "")
    return int(text) if is_number(text) else None


def is_number(text: str) -> bool:
    """Whether a text is a whole number of a size that pages use; `isdigit` alone also takes `²`."""
    return text.isdecimal() and len(text) <= _MOST_DIGITS
