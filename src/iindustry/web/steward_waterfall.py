"""The weight of a pair, step by step: where the evidence starts, what each comparison adds or takes, where it ends.

Weights are bits: one more bit doubles the odds that the two records speak of one enterprise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.linkage.comparisons import COMPARISONS, MISSING, MISSING_WORDS
from iindustry.linkage.outcome import PRIOR
from iindustry.web.steward_words import Both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iindustry.linkage.outcome import Part

WIDTH = 240.0
"""Units of the drawing: widths are attributes of the SVG, so no style is written into a page."""
_LEAST_BAR = 1.0
_SETTLED = 0.005

STEP_WORDS = {
    PRIOR: ("ก่อนดูหลักฐาน: โอกาสที่สองระเบียนใด\u00a0ๆ ตรงกัน", "Before any evidence: two records taken at random"),
    "rest": ("ส่วนที่ไม่แยกแสดง", "Not shown apart"),
}
"""Steps that are no comparison of two values."""


@dataclass(frozen=True, slots=True)
class Step:
    """One bar. `bits` is written with its sign; `x` and `width` are units of `WIDTH`; `kind` is for, against or none."""

    name: Both
    level: Both | None
    bits: str
    x: str
    width: str
    kind: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The steps, the sum, and where nought stands."""

    steps: tuple[Step, ...]
    total: Step
    zero: str


def waterfall(parts: Sequence[Part], weight: float) -> Waterfall | None:
    """Bars of a pair's parts; what they leave of the weight (bits) is a step of its own. None where there are no parts."""
    if not parts:
        return None
    first = sorted(parts, key=lambda one: one.comparison != PRIOR)  # the evidence starts from what holds before it
    named = [(one.comparison, one.level, one.bits) for one in first]
    rest = weight - sum(bits for _, _, bits in named)
    if abs(rest) >= _SETTLED:
        named.append(("rest", "", rest))
    ends = [0.0]
    for _, _, bits in named:
        ends.append(ends[-1] + bits)
    low, high = min(ends), max(ends)
    scale = WIDTH / (high - low) if high > low else 0.0
    steps = tuple(
        _step(words_of_step(name), words_of_level(name, level), bits, (before - low) * scale, (after - low) * scale)
        for (name, level, bits), before, after in zip(named, ends, ends[1:], strict=False)
    )
    total = _step(Both("รวม", "Total"), None, weight, -low * scale, (weight - low) * scale)
    return Waterfall(steps, total, f"{-low * scale:.1f}")


def words_of_step(name: str) -> Both:
    """What a step is called: a comparison's name, or what it stands for."""
    if name in STEP_WORDS:
        return Both(*STEP_WORDS[name])
    found = next((one for one in COMPARISONS if one.name == name), None)
    return Both(found.th, found.en) if found else Both(name, name)


def words_of_level(name: str, level: str) -> Both | None:
    """The level that a comparison reached, in words; None for a step without levels."""
    found = next((one for one in COMPARISONS if one.name == name), None)
    if found is None:
        return None
    if level == MISSING:
        return Both(*MISSING_WORDS)
    reached = next((one for one in found.levels if one.name == level), None)
    return Both(reached.th, reached.en) if reached else None


def _step(name: Both, level: Both | None, bits: float, before: float, after: float) -> Step:
    settled = abs(bits) < _SETTLED
    return Step(
        name=name,
        level=level,
        bits="0.0" if settled else f"{bits:+.1f}".replace("-", "–"),
        x=f"{min(before, after):.1f}",
        width=f"{0.0 if settled else max(abs(after - before), _LEAST_BAR):.1f}",
        kind="none" if settled else "for" if bits > 0 else "against",
    )
