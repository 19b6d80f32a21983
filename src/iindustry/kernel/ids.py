"""Identifiers and their check digits (DOMAIN section 2).

Juristic and citizen ids carry a weighted modulo-11 digit, factory ids a Luhn digit; spreadsheets eat leading zeros, which
neither check can see, so numbers are padded first. Our own ids are opaque and carry a check sign of their own.
Invariant: a number is classed before it is kept; a citizen id is personal data and never travels as plain text.
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_THIRTEEN = 13
_FACTORY = 14
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): sortable by time of making, random for the rest."""
    stamp = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (stamp & (1 << 48) - 1) << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return UUID(int=value)


def digits(text: str) -> str:
    """The digits of a cell, Thai digits made Arabic, spaces and hyphens dropped; `105553000121.0` loses its `.0`."""
    cleaned = text.strip().translate(_THAI_DIGITS)
    cleaned = re.sub(r"\.0+$", "", cleaned)
    return re.sub(r"[\s\-]", "", cleaned)


def thirteen_ok(number: str) -> bool:
    """Whether 13 digits carry their modulo-11 check digit. Source: DOMAIN section 2.1, 91,939 of 91,939 ids."""
    if len(number) != _THIRTEEN or not number.isdecimal():
        return False
    total = sum(int(sign) * (_THIRTEEN - place) for place, sign in enumerate(number[:12]))
    return (11 - total % 11) % 10 == int(number[12])


def thirteen_check_digit(twelve: str) -> str:
    """The check digit that makes twelve digits a 13-digit id."""
    total = sum(int(sign) * (_THIRTEEN - place) for place, sign in enumerate(twelve))
    return str((11 - total % 11) % 10)


Kind = Literal["juristic", "citizen", "invalid"]


def class_thirteen(text: str) -> tuple[Kind, str]:
    """What a 13-digit cell is, and its padded digits: first digit 0 is a juristic id, 1-8 a citizen id.

    A number of 12 digits lost its leading zero in a spreadsheet (trap T7). `("invalid", digits)` where neither holds.
    """
    number = digits(text)
    if len(number) == _THIRTEEN - 1:
        number = "0" + number
    if not thirteen_ok(number):
        return "invalid", number
    if number[0] == "0":
        return "juristic", number
    return ("citizen", number) if number[0] != "9" else ("invalid", number)


def luhn_ok(number: str) -> bool:
    """Whether a number carries its Luhn digit."""
    if not number.isdecimal():
        return False
    total = 0
    for place, sign in enumerate(reversed(number)):
        value = int(sign)
        total += value if place % 2 == 0 else (2 * value - 9 if value > 4 else 2 * value)  # noqa: PLR2004 - Luhn
    return total % 10 == 0


def luhn_check_digit(number: str) -> str:
    """The digit that completes a number under Luhn."""
    return next(sign for sign in "0123456789" if luhn_ok(number + sign))


def factory_id(text: str) -> str | None:
    """The 14 digits of a factory id, padded, or None: then the raw text is kept and a finding raised.

    Twelve to fourteen digits, licence year 25xx or 26xx, Luhn digit. Without the length and year tests `0` would pass.
    """
    raw = digits(text)
    number = raw.zfill(_FACTORY)
    fits = 12 <= len(raw) <= _FACTORY and number[9:11] in {"25", "26"} and luhn_ok(number)  # noqa: PLR2004
    return number if fits else None


_OLD = re.compile(
    r"(?P<pre>[ก-ฮ])?(?P<cls>[123])-(?P<kind>\d{1,3})(\((?P<sub>\d+)\))?-(?P<run>\d+)/(?P<yy>\d{2})(?P<prov>[ก-ฮ]{2,3})?"
)
_OLD_ESTATE = re.compile(r"น\.(?P<kind>\d{1,3})(\((?P<sub>\d+)\))?-(?P<run>\d+)/(?P<yyyy>\d{4})-(?P<est>[ก-ฮ]{3})\.")


@dataclass(frozen=True, slots=True)
class OldFactoryId:
    """An old factory number taken apart: `จ3-86-3/53ชม`. `factory_class` and `province` may be unknown (estates)."""

    prefix: str
    factory_class: str | None
    factory_type: str
    year_be: int
    province_abbreviation: str | None
    estate_letters: str | None


def old_factory_id(text: str) -> OldFactoryId | None:
    """Take an old number apart, or None where it follows neither of the two patterns (5,313 of 5,313 real ones do)."""
    cleaned = text.strip()
    if match := _OLD.fullmatch(cleaned):
        kind = match["kind"].zfill(3) + (match["sub"] or "0").zfill(2)
        return OldFactoryId(match["pre"] or "", match["cls"], kind, 2500 + int(match["yy"]), match["prov"], None)
    if match := _OLD_ESTATE.fullmatch(cleaned):
        kind = match["kind"].zfill(3) + (match["sub"] or "0").zfill(2)
        return OldFactoryId("น", None, kind, int(match["yyyy"]), None, match["est"])
    return None


def lasting_id(prefix: Literal["ENT", "EST"], number: int) -> str:
    """`ENT-…` or `EST-…`: ten signs of Crockford base 32 and a check sign (sum weighted by place, modulo 31).

    `number` is drawn by the caller from a seeded generator; its lowest 50 bits are used.
    """
    body = "".join(_CROCKFORD[number >> shift & 31] for shift in range(45, -1, -5))
    return f"{prefix}-{body}{_check_sign(body)}"


def lasting_id_ok(text: str) -> bool:
    """Whether a text is an enterprise or establishment id whose check sign holds."""
    match = re.fullmatch(r"(ENT|EST)-([0-9A-HJKMNP-TV-Z]{10})([0-9A-HJKMNP-TV-Z])", text)
    return match is not None and _check_sign(match[2]) == match[3]


def _check_sign(body: str) -> str:
    return _CROCKFORD[sum(_CROCKFORD.index(sign) * (place + 2) for place, sign in enumerate(body)) % 31]
