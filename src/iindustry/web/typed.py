"""Numbers as people type them on a phone: commas, spaces, Thai digits, and `5 ล้าน`.

Invariant: what cannot be read is None, never a guess; money leaves as whole satang.
"""

from __future__ import annotations

import re
from decimal import Decimal

SATANG = 100
_MOST_DIGITS = 15
_FOLDED = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789", ",  \u00a0")
_MONEY = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)(ล้าน|แสน|หมื่น|พัน|million|mb|m)?(?:บาท|baht|thb|฿)?")
# what a word multiplies a number by, in baht
SCALES = {
    "": 1, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000, "m": 1_000_000, "mb": 1_000_000,
    "million": 1_000_000,
}  # fmt: skip


def whole(text: str) -> int | None:
    """A whole number of at most fifteen digits; None for anything else."""
    plain = text.translate(_FOLDED)
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS else None


def satang(text: str) -> int | None:
    """A sum in baht (`5,000,000`, `5 ล้าน`, `1.5 million baht`) as satang; None where it is no sum, or finer than a satang."""
    found = _MONEY.fullmatch(text.translate(_FOLDED).casefold())
    if found is None:
        return None
    amount = Decimal(found[1]) * SCALES[found[2] or ""] * SATANG
    return int(amount) if amount == amount.to_integral_value() and amount < 10**_MOST_DIGITS * SATANG else None


def fixed(number: int, digits: int) -> Decimal:
    """A fixed-point number as pages print it: two decimals, a third where it is needed."""
    exact = Decimal(number).scaleb(-digits)
    short = exact.quantize(Decimal("0.01"))
    return short if short == exact else exact
