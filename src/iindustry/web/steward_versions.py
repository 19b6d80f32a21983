"""Two versions of the register compared: what came, went, was merged or split, and which value changed and because of what."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.shortcuts import render

from iindustry.kernel.actors import Role
from iindustry.linkage.outcome import GROUND_WORDS, Ground
from iindustry.register import masking
from iindustry.register import services as register
from iindustry.register.enterprise import CAUSE_WORDS
from iindustry.web.access import access
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from iindustry.register.enterprise import ChangedValue, Content, VersionView

VERSIONS_MOST = 20
CHANGES_MOST = 100
LOOKED_AT = 500
"""Enterprises compared value by value."""
COUNTS = (
    ("enterprises_added", "กิจการที่เพิ่มมา", "Enterprises that came"),
    ("enterprises_gone", "กิจการที่หายไป", "Enterprises that went"),
    ("enterprises_changed", "กิจการที่มีการส่งข้อมูลใหม่", "Enterprises heard of anew"),
    ("records_added", "ระเบียนที่เพิ่มมา", "Records that came"),
    ("records_gone", "ระเบียนที่หายไป", "Records that went"),
    ("records_moved", "ระเบียนที่ย้ายกิจการ", "Records that moved"),
)
"""What is counted over the whole register, in the order of the page."""


@access(Role.STEWARD)
def versions(request: HttpRequest) -> HttpResponse:
    """Choose two versions, the one in force and the one before it at first; asked for, see what changed between them."""
    known = register.list_versions(limit=VERSIONS_MOST)
    asked = request.GET.get("old", ""), request.GET.get("new", "")
    old, new = chosen(known, *asked)
    found = register.compare(old, new, limit=LOOKED_AT) if all(asked) and old and new and old != new else None
    context = {
        "versions": known,
        "old": old,
        "new": new,
        "found": found,
        "same": all(asked) and old == new,
        "counts": [(Both(th, en), found.counts.get(key, 0)) for key, th, en in COUNTS] if found else [],
        "changed": _changed(found.changed[:CHANGES_MOST], found.persons) if found else [],
        "moved": [(one, Both(*GROUND_WORDS[Ground(one.link_ground)])) for one in found.moved[:CHANGES_MOST]]
        if found
        else [],
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


def _changed(changes: Sequence[ChangedValue], persons: frozenset[str]) -> list[SimpleNamespace]:
    """Values that changed, before and after, masked where a natural person's."""
    return [
        SimpleNamespace(
            change=one,
            cause=Both(*CAUSE_WORDS[one.cause]),
            before=_said(one, one.before, is_person=one.enterprise_id in persons),
            after=_said(one, one.after, is_person=one.enterprise_id in persons),
        )
        for one in changes
    ]


def _said(one: ChangedValue, content: Content | None, *, is_person: bool) -> SimpleNamespace | None:
    if content is None:
        return None
    hidden = masking.masked(one.field, content, is_person=is_person)
    return SimpleNamespace(field=one.field, value=hidden, masked=hidden != content, runs=())
