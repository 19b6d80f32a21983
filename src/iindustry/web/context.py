"""What every page knows: who acts, for whom, whether this is the demo country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The names that `base.html` reads."""
    return {"demo": settings.DEMO}
