"""One year of accounts as one text, and back: the elements of the field `accounts.by_year`.

`2025 revenue=1250000000 profit=-450000` holds satang; a measure that was not filed is left out, never zero.
Invariant: `read(written(year)) == year`, and texts sort by year.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from iindustry.kernel.money import baht_text
from iindustry.kernel.thaidate import BE_OFFSET

_UNIT = "_satang"


@dataclass(frozen=True, slots=True)
class FiledYear:
    """What a juristic person filed for one year (C.E.), in satang; None: not said. Profit and equity may be negative."""

    year: int
    revenue_satang: int | None = None
    profit_satang: int | None = None
    assets_satang: int | None = None
    fixed_assets_satang: int | None = None
    liabilities_satang: int | None = None
    equity_satang: int | None = None


MEASURES = tuple(one.name for one in fields(FiledYear) if one.name.endswith(_UNIT))
"""The measures in their order, named as the columns of the `dbd_accounts` contract."""


def written(filed: FiledYear) -> str:
    """One year as an element of the set."""
    said = [(name, getattr(filed, name)) for name in MEASURES]
    return " ".join(
        [f"{filed.year:04d}", *(f"{name.removesuffix(_UNIT)}={value}" for name, value in said if value is not None)]
    )


def read(element: str) -> FiledYear:
    """The year behind an element. ValueError for a text that `written` did not make."""
    year, *pairs = element.split(" ")
    said = dict(pair.split("=") for pair in pairs)
    unknown = set(said) - {name.removesuffix(_UNIT) for name in MEASURES}
    if unknown:
        msg = f"no measure of accounts: {sorted(unknown)}"
        raise ValueError(msg)
    return FiledYear(int(year), **{f"{name}{_UNIT}": int(value) for name, value in said.items()})


_WORDS = {
    "revenue_satang": ("รายได้", "revenue"),
    "profit_satang": ("กำไรสุทธิ", "profit"),
    "assets_satang": ("สินทรัพย์", "assets"),
    "fixed_assets_satang": ("สินทรัพย์ถาวร", "fixed assets"),
    "liabilities_satang": ("หนี้สิน", "liabilities"),
    "equity_satang": ("ส่วนของผู้ถือหุ้น", "equity"),
}


def in_words(filed: FiledYear) -> tuple[str, str]:
    """One year as a person reads it: `2568: รายได้ 1,000.00 · กำไรสุทธิ -5.00`, in baht; Thai and English."""
    said = [(_WORDS[name], baht_text(value)) for name in MEASURES if (value := getattr(filed, name)) is not None]
    th, en = (" · ".join(f"{words[side]} {amount}" for words, amount in said) for side in (0, 1))
    return f"{filed.year + BE_OFFSET}: {th}", f"{filed.year}: {en}"
