"""How near a heading of a file is to a column of ours: by its own words, by other words that people use, by parts of it.

What stands in brackets (a unit, a language) and every sign is left out of the comparison; the unit is read apart.
Pure: texts in, a share from 0 to 1 out. The table of other words is `synonyms.yaml`; it makes suggestions, never a layout.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from rapidfuzz import fuzz

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.sources.contracts import Column

OWN, SAME, PART = 1.0, 0.95, 0.9
"""A heading of ours to the letter; the same words or a known other word; one of several words set apart by `/`."""
_INSIDE, _LEAST_INSIDE = 0.85, 4
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_SIGNS = re.compile(r"[^0-9a-zก-๎]")
_ABBREVIATED = (
    (r"^จน\.", "จำนวน"),
    (r"^วดป\.?|^ว\.?/?ด\.?/?ป\.?", "วันเดือนปี"),
    (r"ร\.?\s?ง\.", "รง"),
    (r"^ทบ\.", "ทะเบียน"),
)
_MILLION = re.compile(r"ลบ\.?|ล้าน|million|\bmb\b|mthb")
_THOUSAND = re.compile(r"พันบาท|thousand|\bkthb\b|'000")
_BAHT = re.compile(r"บาท|baht|thb")


@lru_cache(maxsize=8192)
def plain(heading: str) -> str:
    """A heading as it is compared: small letters and digits of both scripts only, without what stands in brackets."""
    text = unicodedata.normalize("NFC", heading).replace("\u0e4d\u0e32", "\u0e33").translate(_DIGITS).lower()
    for short, long in _ABBREVIATED:
        text = re.sub(short, long, text.strip())
    outside = _SIGNS.sub("", _BRACKETS.sub("", text))
    return outside or _SIGNS.sub("", text)


def likeness(column: Column, heading: str) -> float:
    """How near a heading is to a column of ours, 0 to 1."""
    own = plain(heading)
    if not own:
        return 0.0
    known = _known(column.name, column.heading, column.headings)
    if own in known:
        return SAME
    parts = {plain(part) for part in re.split(r"[/\n]", _BRACKETS.sub("", heading))} - {"", own}
    if any(part in known and len(part) > 1 for part in parts):
        return PART
    return max(_near(own, one) for one in known)


def unit_of(heading: str) -> str | None:
    """The unit of money that a heading names: `baht`, `million_baht`, `other` for one that no mapping can say, or None."""
    text = heading.lower()
    found = ((_MILLION, "million_baht"), (_THOUSAND, "other"), (_BAHT, "baht"))
    return next((unit for pattern, unit in found if pattern.search(text)), None)


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Other words by the name of a column of ours."""
    text = files("iindustry.sources").joinpath("synonyms.yaml").read_text(encoding="utf-8")
    table: dict[str, list[Any]] = yaml.safe_load(text)
    return {name: tuple(map(str, words)) for name, words in table.items()}


@lru_cache(maxsize=1024)
def _known(name: str, heading: str, others: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filter(None, map(plain, (heading, *others, *synonyms().get(name, ())))))


def _near(one: str, other: str) -> float:
    """Below `PART` whatever happens; a text that holds the other whole is nearer the more of it that is."""
    near = fuzz.ratio(one, other) / 100
    shorter, longer = sorted((one, other), key=len)
    if _LEAST_INSIDE <= len(shorter) < len(longer) and shorter in longer:
        near = max(near, 0.6 + (_INSIDE - 0.6) * len(shorter) / len(longer))
    return min(near, _INSIDE)
