"""Two versions of the register compared: what came, went, was merged or split, and which value changed and because of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from iindustry.kernel.actors import Role
from iindustry.register import services as register
from iindustry.web.access import access

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from iindustry.register.enterprise import VersionView

VERSIONS_MOST = 20
CHANGES_MOST = 100


@access(Role.STEWARD)
def versions(request: HttpRequest) -> HttpResponse:
    """Choose two versions and see what changed between them; at first the two newest."""
    known = register.list_versions(limit=VERSIONS_MOST)
    old, new = chosen(known, request.GET.get("old", ""), request.GET.get("new", ""))
    found = register.compare(old, new, limit=CHANGES_MOST) if old and new and old != new else None
    context = {
        "versions": known,
        "old": old,
        "new": new,
        "found": found,
        "most": CHANGES_MOST,
    }
    return render(request, "web/steward/versions.html", context)


def chosen(known: Sequence[VersionView], old: str, new: str) -> tuple[str, str]:
    """The two versions to compare: those asked for where they are known, else the one in force and the one before it."""
    names = [one.version for one in known]  # newest first
    current = next((one.version for one in known if one.is_current), names[0] if names else "")
    new = new if new in names else current
    before = names[names.index(new) + 1 :] if new in names else []
    return (old if old in names else (before[0] if before else ""), new)
