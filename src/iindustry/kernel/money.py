"""Money is a whole number of satang (1 baht = 100 satang); a rate is a Decimal; never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

SATANG_PER_BAHT = 100
_MILLION = 1_000_000


def satang(baht: Decimal | int | str) -> int:
    """Whole satang of an amount in baht, half a satang rounded up. Raises decimal.InvalidOperation on other text."""
    return int((Decimal(baht) * SATANG_PER_BAHT).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def baht_text(amount_satang: int) -> str:
    """`1,250,000.00`, as pages show it beside the word บาท or baht."""
    sign = "-" if amount_satang < 0 else ""
    whole, rest = divmod(abs(amount_satang), SATANG_PER_BAHT)
    return f"{sign}{whole:,}.{rest:02d}"


def million_text(amount_satang: int) -> str:
    """Millions of baht with two decimals (`1.25`), as tables show it under the unit ลบ."""
    return f"{Decimal(amount_satang) / SATANG_PER_BAHT / _MILLION:,.2f}"
