"""Telephone numbers out of one cell: several in a cell, ranges, extensions, +66, Thai digits; nine or ten digits each."""

from __future__ import annotations

import re

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_EXTENSION = re.compile(r"(?:ต่อ|ext\.?|#).*$", re.IGNORECASE)
_COUNTRY = re.compile(r"(?:\+|00)\s*66[\s\-]*\(?0?\)?[\s\-]*")
_APART = re.compile(r"[,/;|\n]|หรือ|และ|โทร\.?|แฟกซ์\.?|fax\.?|mobile|tel\.?", re.IGNORECASE)
_MOBILE = frozenset("689")
_SHORT, _LONG = 9, 10


def numbers(text: str | None) -> list[str]:
    """Every number of a cell, in order, once. A range `02-123-4567-9` gives its first."""
    if not text:
        return []
    found = [_number(part) for part in _APART.split(_COUNTRY.sub("0", text.translate(_THAI_DIGITS)))]
    return list(dict.fromkeys(one for one in found if one))


def _number(part: str) -> str | None:
    signs = re.sub(r"\D", "", _EXTENSION.sub("", part))
    if re.fullmatch(r"[2-57]\d{7}|[689]\d{8}", signs):
        signs = "0" + signs  # a spreadsheet ate the zero
    if not signs.startswith("0") or len(signs) < _SHORT:
        return None
    length = _LONG if signs[1] in _MOBILE else _SHORT
    return signs[:length] if len(signs) >= length else None
