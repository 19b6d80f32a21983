"""Which codes written area names mean: they must exist together (traps T27 to T29 of DOMAIN section 4).

The gazetteer of `reference.areas` decides; a subdistrict since divided gives the set of its successors and no single code.
The postcode is weak evidence (3.4 % of real ones disagree): it only chooses among areas that the names leave open.
Invariant: what cannot be decided is null, never the nearest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from iindustry.reference import areas

_SUBDISTRICT, _DISTRICT = 6, 4  # digits of a code
_WIDEST = 3  # words of one name
_MARK = re.compile(
    r"^(?:(?P<s>แขวง|ตำบล|ต\.|khwaeng|tambon)|(?P<d>เขต|กิ่งอำเภอ|อำเภอ|กิ่งอ\.|อ\.|khet|amphoe|amphur)|(?P<p>จังหวัด|จ\.|changwat))(?=.)"
)
_POSTCODE = re.compile(r"[1-9][0-9]{4}")


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a place. `subdistrict_codes` has several where the subdistrict was divided."""

    province_code: str | None = None
    district_code: str | None = None
    subdistrict_code: str | None = None
    subdistrict_codes: tuple[str, ...] = ()


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of an address: its level (`s`, `d`, `p`; empty: not said) and the name without the level's mark."""

    level: str
    name: str


@lru_cache(maxsize=200_000)
def place_of(subdistrict: str | None, district: str | None, province: str | None, postcode: str | None = None) -> Place:
    """The place that three written names mean together. Names that contradict each other fall back to the larger area."""
    province_code = _province(province) if province else None
    if province and province_code is None:
        return NOWHERE
    codes = _agreeing(areas.find(subdistrict, district, province), postcode, apart=not (district and province))
    if subdistrict and codes and len(codes[0]) == _SUBDISTRICT and (district or len(codes) == 1):
        return of_codes(codes)
    districts = _agreeing(areas.find(None, district, province), postcode, apart=not province) if district else ()
    if len(districts) == 1 and len(districts[0]) == _DISTRICT:
        return Place(districts[0][:2], districts[0])
    return Place(province_code)


_province = lru_cache(maxsize=10_000)(areas.find_province)


def _agreeing(found: frozenset[str], postcode: str | None, *, apart: bool) -> tuple[str, ...]:
    """The codes found; where names left several `apart` from each other, those of the postcode, if it is of any."""
    codes = tuple(sorted(found))
    if not apart or postcode is None or len(codes) == 1:
        return codes
    fitting = tuple(code for code in codes if postcode in _postcodes(code))
    return fitting or codes


@lru_cache(maxsize=10_000)
def _postcodes(code: str) -> frozenset[str]:
    if len(code) == _SUBDISTRICT:
        area = areas.subdistrict(code)
        return frozenset(area.postcodes if area else ())
    return frozenset(one for area in areas.list_subdistricts(code) for one in area.postcodes)


def of_codes(codes: tuple[str, ...]) -> Place:
    """The place of six-digit codes: every level on which they agree."""

    def shared(length: int) -> str | None:
        found = {code[:length] for code in codes}
        return found.pop() if len(found) == 1 else None

    return Place(shared(2), shared(_DISTRICT), shared(_SUBDISTRICT), codes)


@lru_cache(maxsize=200_000)
def from_end(tail: str, postcode: str | None = None) -> tuple[Place, int]:
    """The place that the last words of a tidy address name, and how many of its words name it.

    Words are tried from the end, because `เขต` and whole area names stand inside road names too (T28). A name has one
    to three words; a word with a level's mark begins a name.
    """
    words = [_word(text) for text in tail.split(" ") if text]
    dropped = 0
    for place in (-1, -2):
        if len(words) >= -place and _POSTCODE.fullmatch(words[place].name):
            postcode = postcode or words[place].name
            del words[place]
            dropped += 1
            break
    found, used = _read(words, postcode)
    return found, used + dropped if used else 0


def _word(text: str) -> _Word:
    found = _MARK.match(text)
    return _Word(found.lastgroup or "", text[found.end() :]) if found else _Word("", text)


def _read(words: list[_Word], postcode: str | None) -> tuple[Place, int]:
    wide = _province_width(words)
    province = _name(words, 0, wide)
    best, used = place_of(None, None, province), wide
    for district_wide in range(_WIDEST + 1):
        district = _name(words, wide, district_wide, "d")
        if district is None:
            continue
        for subdistrict_wide in range(1, _WIDEST + 1):
            subdistrict = _name(words, wide + district_wide, subdistrict_wide, "s")
            if subdistrict is None or not (district or _level(words, wide, subdistrict_wide) == "s"):
                continue
            place = place_of(subdistrict, district or None, province or None, postcode)
            if place.subdistrict_codes:
                return place, wide + district_wide + subdistrict_wide
        if district and best.district_code is None:
            place = place_of(None, district, province or None, postcode)
            if place.district_code and (province or _level(words, wide, district_wide) == "d"):
                best, used = place, wide + district_wide
    if best.district_code and len(words) > used and _level(words, used, 1) == "s":
        used += 1  # a subdistrict that the gazetteer does not know is still no part of a street
    return best, used


def _province_width(words: list[_Word]) -> int:
    """How many of the last words name a province; 0 where none does."""
    for wide in range(1, _WIDEST + 1):
        name = _name(words, 0, wide, "p")
        if name and _province(name) is not None and not (wide == 1 and _level(words, 0, 1) == "d"):
            return wide
    return 0


def _name(words: list[_Word], skipped: int, wide: int, level: str | None = None) -> str | None:
    """The name that `wide` words before the last `skipped` ones make; None where a mark of another level is in it."""
    if wide == 0:
        return ""
    end = len(words) - skipped
    if end - wide < 0:
        return None
    taken = words[end - wide : end]
    if any(word.level for word in taken[1:]) or (level and taken[0].level not in {"", level}):
        return None
    return "".join(word.name for word in taken)


def _level(words: list[_Word], skipped: int, wide: int) -> str:
    return words[len(words) - skipped - wide].level
