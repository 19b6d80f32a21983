"""Two hidden texts of natural persons: which of their parts are equal, so that a pair can be judged without reading a name.

A steward may not read a natural person's name or house (LINKAGE section 4.8, ASSURANCE section 8); that the given names are equal and the
family names differ in one sign tells of nobody. Invariant: an answer holds no sign of either text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iindustry.web.steward_marks import marked
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_TITLES = re.compile(r"^\s*(นางสาว|น\.\s?ส\.|นาย|นาง|คุณ|ด\.ช\.|ด\.ญ\.|ว่าที่\s?ร\.?ต\.?)\s*")
_HOUSE = re.compile(r"(?<![\d/])(\d+(?:[/-]\d+)*)")
_MOO = re.compile(r"(?:หมู่(?:ที่)?|ม\.)\s*(\d+)")
_SAME_TITLES = {"น.ส.": "นางสาว", "น. ส.": "นางสาว"}


def hidden_parts(field: str, left: str, right: str) -> tuple[Both, ...]:
    """What is equal and what is not of two hidden texts of one field; empty where the field has no parts."""
    parts = _PARTS.get(field)
    return tuple(_said(name, *pair) for name, *pair in parts(left, right)) if parts else ()


def _said(name: Both, left: str | None, right: str | None) -> Both:
    if left is None or right is None:
        return Both(f"{name.th}: มีไม่ครบทั้งสองฝ่าย", f"{name.en}: not in both")
    if left == right:
        return Both(f"{name.th}: ตรงกัน", f"{name.en}: equal")
    places = marked(left, right).places
    return Both(f"{name.th}: ต่างกัน {places} แห่ง", f"{name.en}: differs in {places} place{'s' if places > 1 else ''}")


def _of_names(left: str, right: str) -> Sequence[tuple[Both, str | None, str | None]]:
    sides = _name(left), _name(right)
    words = Both("คำนำหน้า", "title"), Both("ชื่อตัว", "given name"), Both("ชื่อสกุล", "family name")
    return [(word, one, other) for word, one, other in zip(words, *sides, strict=True)]


def _name(text: str) -> tuple[str | None, str | None, str | None]:
    """Title, given name, family name; None for what is not there."""
    found = _TITLES.match(text)
    title = re.sub(r"\s", "", found[1]) if found else None
    given, _, family = (text[found.end() :] if found else text).strip().partition(" ")
    return _SAME_TITLES.get(title or "", title), given or None, " ".join(family.split()) or None


def _of_addresses(left: str, right: str) -> Sequence[tuple[Both, str | None, str | None]]:
    return [
        (Both("บ้านเลขที่", "house number"), _first(_HOUSE, left), _first(_HOUSE, right)),
        (Both("หมู่ที่", "village number"), _first(_MOO, left), _first(_MOO, right)),
    ]


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None


_PARTS: Mapping[str, Callable[[str, str], Sequence[tuple[Both, str | None, str | None]]]] = {
    "entity.name_th": _of_names,
    "factory.operator": _of_names,
    "entity.seat_address": _of_addresses,
    "factory.address": _of_addresses,
}
