"""What an owner types in the place of a value, read by the type of its field, and read back for whoever answers.

Money is typed in baht and kept in satang, as the value beside it: two amounts that are compared have one unit.
Invariant: what `proposed` gives, `told` reads; a text, a code or a set stays as a person wrote it, for a person to read.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from iindustry.kernel import money, thaidate
from iindustry.kernel.errors import Rejected
from iindustry.reference.fields import FIELDS, field_of
from iindustry.register.profile import decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iindustry.register.enterprise import Content

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_YEAR, _BE_FROM = "_year", 2400
_WHOLE = re.compile(r"\d{1,12}(?:\.0*)?")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,4})?")
_AMOUNT = re.compile(r"-?\d{1,15}(?:\.\d{1,2})?")
_YES, _NO = frozenset({"ใช่", "มี", "yes", "true"}), frozenset({"ไม่ใช่", "ไม่มี", "ไม่", "no", "false"})


def proposed(field: str, text: str) -> str:
    """The stored text of what was typed. Rejected `correction-unreadable` (with an example) where it is no value of the field."""
    kind = "year" if field.endswith(_YEAR) else field_of(field).type
    if kind not in _READ:
        return text
    read, example = _READ[kind]
    value = read(text.strip())
    if value is None:
        raise Rejected("correction-unreadable", field="proposed", example=example)
    return encode(value)


def told(field: str, text: str) -> Content:
    """The typed content of a stored text; the text itself where it is none, as those that were asked before had any form."""
    known = {one.name: one.type for one in FIELDS}
    if field not in known or (known[field] == "bool" and text not in map(encode, (True, False))):
        return text
    try:
        return decode(field, text)
    except (ValueError, InvalidOperation):
        return text


def _figures(text: str) -> str:
    """A number without spaces, commas and the word for baht."""
    return re.sub(r"[,\s]|บาท|baht", "", text.translate(_THAI_DIGITS).lower())


def _whole(text: str) -> Content | None:
    found = _WHOLE.fullmatch(_figures(text))
    return int(found[0].partition(".")[0]) if found else None


def _year(text: str) -> Content | None:
    """A year of either era, as the registers keep it (C.E.)."""
    year = _whole(text)
    return year - thaidate.BE_OFFSET if isinstance(year, int) and year > _BE_FROM else year


def _decimal(text: str) -> Content | None:
    found = _NUMBER.fullmatch(_figures(text))
    return Decimal(found[0]) if found else None


def _satang(text: str) -> Content | None:
    found = _AMOUNT.fullmatch(_figures(text))
    return money.satang(found[0]) if found else None


def _truth(text: str) -> Content | None:
    word = text.lower()
    return True if word in _YES else False if word in _NO else None


_READ: Mapping[str, tuple[Callable[[str], Content | None], str]] = {
    "int": (_whole, "45"),
    "year": (_year, "2568"),
    "decimal": (_decimal, "75.5"),
    "money": (_satang, "1,250,000.00"),
    "date": (thaidate.parse, "14/1/2569"),
    "bool": (_truth, "ใช่ / yes"),
}
"""Type of a field (or `year`) to how it is read and an example. Texts, codes and sets are read by a person."""
