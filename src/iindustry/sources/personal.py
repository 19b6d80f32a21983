"""Citizen ids inside cells: 13 digits whose first is not 0. They are shown with three digits only, and kept as a keyed tag.

Digits may be Thai, and stand apart by a space or a dash of any kind.
Invariant: what is masked here cannot be told from its mask; the plain cell lies only in the landing folder.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iindustry.kernel.ids import thirteen_check_digit

if TYPE_CHECKING:
    import polars as pl

_APART = r"[ \u00a0\u2010-\u2015-]?"
_THIRTEEN = re.compile(rf"(?<!\d)[1-8\u0e51-\u0e58](?:{_APART}\d){{11}}{_APART}(?P<last>\d)(?!\d)")
_MAYBE = r"[1-8๑-๘](?:[ \x{a0}\x{2010}-\x{2015}-]?[0-9๐-๙]){12}"
TAG_CONTEXT = "citizen-id"
NAME_CONTEXT = "sources.director"
COVER = "•••"
COVERED_KINDS = frozenset({"citizen", "sealed_name", "signing_rule"})
"""Kinds of cells that are never shown, not even to the one who sent them: their words may name a person."""


def masked(text: str | None) -> str | None:
    """A text with every possible citizen id written `x-xxxx-xxxxx-xx-1`."""
    return None if text is None else _THIRTEEN.sub(lambda found: f"x-xxxx-xxxxx-xx-{int(found['last'])}", text)


def without_citizen_ids(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """A table whose texts hold no citizen id: 13 digits that pass their check are masked, any other number is business.

    People write the number beside a name or into a remark; from there it would go on into the register.
    """
    import polars as pl

    suspects = frame.select(pl.col(name).str.contains(_MAYBE).any() for name in columns)
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(_MAYBE))
        .then(pl.col(name).map_elements(_masked_if_true, return_dtype=pl.Utf8))
        .otherwise(pl.col(name))
        for name in columns
        if suspects[name].item()
    )


def _masked_if_true(text: str) -> str:
    def mask(found: re.Match[str]) -> str:
        digits = "".join(str(int(sign)) for sign in found[0] if sign.isdecimal())
        passes = thirteen_check_digit(digits[:12]) == digits[12]
        return f"x-xxxx-xxxxx-xx-{digits[12]}" if passes else found[0]

    return _THIRTEEN.sub(mask, text)
