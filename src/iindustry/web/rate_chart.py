"""The rate of each year as a picture: bars that a server draws, for pages without a script.

Geometry only; the template prints it as SVG and puts the same numbers beside it as a table. Years whose base rate is not
known are drawn as hatched bars of no height that means anything, never as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.programmes import describe
from iindustry.programmes.facts import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from iindustry.programmes.offer import Rate

WIDTH, HEIGHT = 340, 196
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 6, 40, 28
_GAP, _LETTER, _ROW = 2.0, 8.0, 15.0
_UNKNOWN_SHARE = 0.35
_LEAST_SLOT = 17.0
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """One year: its place, and whether its rate is known."""

    x: float
    y: float
    width: float
    height: float
    is_known: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place: a rate over its years, a year under its bar, a per cent at the axis. `text` None: not known."""

    x: float
    y: float
    text: str | None


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws, and its title in words: the finding."""

    bars: tuple[Bar, ...]
    rates: tuple[Mark, ...]
    years: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    title: Words
    has_unknown: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    base: int = HEIGHT - _BOTTOM


def chart(rates: Sequence[Rate]) -> Chart | None:
    """The picture of bands of years; None where there are none."""
    if not rates:
        return None
    last = rates[-1].last
    slot = (WIDTH - _LEFT - _RIGHT) / last
    top = _top(rates)
    plot = HEIGHT - _TOP - _BOTTOM
    tall = {rate.first: _tall(rate, top) * plot for rate in rates}
    bars = tuple(
        Bar(
            _r(_LEFT + (year - 1) * slot + _GAP / 2), _r(HEIGHT - _BOTTOM - tall[rate.first]), _r(slot - _GAP),
            _r(tall[rate.first]), rate.percent is not None,
        )
        for rate in rates for year in range(rate.first, rate.last + 1)
    )  # fmt: skip
    shown = range(1, last + 1) if slot >= _LEAST_SLOT else sorted({1, last, *(rate.first for rate in rates)})
    return Chart(
        bars,
        _rate_marks(rates, slot, tall),
        tuple(Mark(_r(_LEFT + (year - 0.5) * slot), HEIGHT - _BOTTOM + 18, str(year)) for year in shown),
        tuple(
            Mark(_LEFT - 6, _r(HEIGHT - _BOTTOM - plot * tick / top), f"{tick // _THOUSAND}")
            for tick in (0, top // 2, top)
        ),
        title_of(rates),
        any(rate.percent is None for rate in rates),
    )


def title_of(rates: Sequence[Rate]) -> Words:
    """What the picture says: `3.00 % in years 1–3, then 7.00 %`."""
    if len(rates) == 1:
        one = _rate_text(rates[0])
        return Words(f"{one.th} ทุกปี", f"{one.en} in every year")
    parts = [(_rate_text(rate), describe.years_words(rate)) for rate in rates]
    first = Words(f"{parts[0][0].th} ใน{parts[0][1].th}", f"{parts[0][0].en} in {parts[0][1].en}")
    rest = [Words(f"{rate.th} ใน{years.th}", f"{rate.en} in {years.en}") for rate, years in parts[1:]]
    return Words(
        first.th + " จากนั้น " + " ".join(one.th for one in rest),
        first.en + ", then " + ", ".join(one.en for one in rest),
    )


def _rate_text(rate: Rate) -> Words:
    if rate.percent is None:
        return Words("ยังไม่ทราบอัตรา", "a rate not known yet")
    return Words(f"{rate.percent} %", f"{rate.percent} %")


def _top(rates: Sequence[Rate]) -> int:
    """The height of the axis in thousandths of a per cent: the next even per cent above the highest rate."""
    highest = max((rate.thousandths for rate in rates if rate.thousandths is not None), default=0)
    return max(2, -(-highest // _THOUSAND) + (-(-highest // _THOUSAND)) % 2) * _THOUSAND


def _tall(rate: Rate, top: int) -> float:
    return _UNKNOWN_SHARE if rate.thousandths is None else max(0, rate.thousandths) / top


def _rate_marks(rates: Sequence[Rate], slot: float, tall: dict[int, float]) -> tuple[Mark, ...]:
    """Each band's rate over its middle; a row higher where it would touch the one before."""
    marks: list[Mark] = []
    ends: dict[float, float] = {}
    for rate in rates:
        text = _percent_text(rate.percent)
        middle = _LEFT + (rate.first + rate.last - 1) / 2 * slot
        half = (len(text) if text else _LETTER) * _LETTER / 2
        level = HEIGHT - _BOTTOM - tall[rate.first] - 6
        while any(abs(level - row) < _ROW and middle - half < end for row, end in ends.items()):
            level -= _ROW
        ends[level] = middle + half
        marks.append(Mark(_r(middle), _r(level), text))
    return tuple(marks)


def _percent_text(percent: Decimal | None) -> str | None:
    return None if percent is None else f"{percent} %"


def _r(number: float) -> float:
    return round(number, 1)
