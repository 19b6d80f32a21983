"""The automatic weight of a run: the lowest at which what joins by itself is still right often enough.

Two witnesses are asked. The probabilities of the pairs themselves say how many wrong ones a weight lets in; hidden numbers
say whether those probabilities can be trusted. Invariant: the weight never falls below the model file's least, and rises
where hidden numbers contradict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.linkage.evaluate import wilson

if TYPE_CHECKING:
    import polars as pl

STEP = 0.5
_WANTED = 0.995  # of hidden pairs that join
_EXPECTED = 0.990  # of all pairs that join, by their own probabilities, which hidden numbers have shown to be cautious
_WITNESSES = 50  # hidden pairs: fewer say nothing of a lower weight


def automatic(settled: pl.DataFrame, blind: pl.DataFrame, *, least: float, given: float, most: float) -> float:
    """The automatic weight, between `least` and `most` bits, in steps of half a bit.

    Without enough witnesses nothing goes below the weight `given` by the model file.
    `settled`: match_weight, match_probability of the run's pairs. `blind`: match_weight and `true` of pairs whose numbers
    were hidden from scoring.
    """
    for weight in _grid(least if blind.height >= _WITNESSES else given, most):
        if _expected(settled, weight) >= _EXPECTED and _witnessed(blind, weight):
            return weight
    return most


def _grid(least: float, most: float) -> list[float]:
    steps = int((most - least) / STEP)
    return [round(least + STEP * step, 6) for step in range(steps + 1)]


def _expected(settled: pl.DataFrame, weight: float) -> float:
    chances = settled.filter(settled["match_weight"] >= weight)["match_probability"]
    return float(chances.sum()) / chances.len() if chances.len() else 1.0


def _witnessed(blind: pl.DataFrame, weight: float) -> bool:
    """Whether hidden numbers allow it: the share of true pairs at or above the weight may be the wanted one (95 %)."""
    above = blind.filter(blind["match_weight"] >= weight)
    interval = wilson(int(above["true"].sum()), above.height)
    return interval is None or interval[1] >= _WANTED
