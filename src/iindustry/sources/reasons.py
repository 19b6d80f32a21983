"""What a fault says to the person who can mend it, in Thai and English (`data/reasons.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from iindustry.sources.contracts import Layout


@dataclass(frozen=True, slots=True)
class Sentence:
    """One fault in words: what is the matter, and what to do."""

    th: str
    en: str
    do_th: str
    do_en: str


@cache
def _table() -> dict[str, dict[str, str]]:
    text = files("iindustry.sources").joinpath("data/reasons.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = yaml.safe_load(text)
    return table


def codes() -> frozenset[str]:
    """Every fault code that has words."""
    return frozenset(_table())


def sentence(code: str, layout: Layout, column: str) -> Sentence:
    """The words of a fault in a column of a layout; `column` may be a heading of the file that no layout knows."""
    heading = next((one.heading for one in layout.columns if one.name == column), column)
    words = {key: text.format(heading=heading) for key, text in _table()[code].items()}
    return Sentence(**words)
