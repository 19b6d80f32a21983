"""What somebody types after `look-up`, checked before anything is asked: each option read, or refused with its own reason.

Pure. Invariant: a refusal names the option and how many digits there were, never the number itself: it may be a person's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.kernel import ids
from iindustry.kernel.errors import Rejected
from iindustry.reference import areas
from iindustry.standardise import phones

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

THIRTEEN, FACTORY = 13, 14


def juristic_id(text: str) -> str:
    """Thirteen digits, also where a leading zero was lost.

    Rejected `look-up-number-length` (digits), `look-up-number-check`, `look-up-citizen-id`.
    """
    kind, number = ids.class_thirteen(text)
    if kind == "citizen":
        raise Rejected("look-up-citizen-id", field="number")
    if len(number) != THIRTEEN or not number.isdecimal():
        raise Rejected("look-up-number-length", field="number", digits=_count(text), wanted=THIRTEEN)
    if kind == "invalid":
        raise Rejected("look-up-number-check", field="number")
    return number


def factory_id(text: str) -> str:
    """Fourteen digits. Rejected `look-up-factory-old`, `look-up-factory-length` (digits), `look-up-factory-check`."""
    if ids.old_factory_id(text):
        raise Rejected("look-up-factory-old", field="factory")
    digits = ids.digits(text)
    if not digits.isdecimal() or not FACTORY - 2 <= len(digits) <= FACTORY:
        raise Rejected("look-up-factory-length", field="factory", digits=_count(text), wanted=FACTORY)
    number = ids.factory_id(text)
    if number is None:
        raise Rejected("look-up-factory-check", field="factory")
    return number


def phone(text: str) -> str:
    """A telephone number as it was written. Rejected `look-up-phone` where no Thai number is in it."""
    if not phones.numbers(text):
        raise Rejected("look-up-phone", field="phone", digits=_count(text))
    return text


def province(text: str) -> str:
    """The two-digit code of a code, a Thai or an English name. Rejected `look-up-province` with the names that begin alike."""
    code = ids.digits(text)
    if areas.province(code):
        return code
    found = areas.find_province(text)
    if found is None:
        raise Rejected("look-up-province", field="province", province=text[:40], nearest=_nearest(text) or None)
    return found


READERS: Mapping[str, Callable[[str], str]] = {
    "juristic_id": juristic_id,
    "factory_id": factory_id,
    "phone": phone,
    "province_code": province,
}
"""What reads each option of the command, by the field of `LookUp` that it fills."""


def read(said: Mapping[str, str | None]) -> dict[str, str | None]:
    """Every option that was given, read; what has no reader is taken as it is written."""
    return {
        name: READERS[name](text) if name in READERS and text is not None and text.strip() else (text or None)
        for name, text in said.items()
    }


def _count(text: str) -> int:
    return sum(sign.isdecimal() for sign in text)


def _nearest(text: str) -> list[str]:
    """Up to three provinces whose Thai or English name is like what was written."""
    from rapidfuzz import fuzz, process

    names = {name: f"{one.th} ({one.en})" for one in areas.PROVINCES for name in (one.th, one.en.lower())}
    found = process.extract(text.strip().lower(), names.keys(), scorer=fuzz.ratio, limit=5, score_cutoff=60)
    return list(dict.fromkeys(names[name] for name, *_ in found))[:3]
