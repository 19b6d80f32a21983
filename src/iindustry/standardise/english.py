"""One spelling of an English name: letters and digits without the legal form, a consonant skeleton, shared classes.

Romanised Thai is written in many ways: ph and p, th and t, kh and k, ch and j, v and w, ee and i are folded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.standardise import sounds
from iindustry.standardise.forms import COUNTRY_IN_BRACKETS, CUT_BRANCH, CUT_COUNTRY, CUT_FORM, NO_NAME
from iindustry.standardise.names import filled
from iindustry.standardise.rewriting import Letters, Rewrite, Step, rewritten, rewritten_series
from iindustry.standardise.spelling import CLEAN

if TYPE_CHECKING:
    import polars as pl

BARE: tuple[Step, ...] = (
    *CLEAN, *NO_NAME, COUNTRY_IN_BRACKETS, *CUT_BRANCH, *CUT_FORM, *CUT_COUNTRY, Rewrite("&", " and "),
)  # fmt: skip
CORE: tuple[Step, ...] = (Rewrite("[^a-z0-9]+", ""),)
SKELETON: tuple[Step, ...] = (
    Letters({"ph": "p", "th": "t", "kh": "k", "ch": "j"}),
    Letters({"v": "w", "r": "l", "z": "s", "q": "k", "c": "k"}),
    Rewrite("[^bdfghjklmnpstwxy]+", ""),
    Letters({sign * times: sign for sign in "bdfghjklmnpstwxy" for times in (2, 3, 4)}),
)


@dataclass(frozen=True, slots=True)
class EnglishName:
    """An English name taken apart; None where nothing is left."""

    en_core: str | None
    en_skel: str | None
    en_xskel: str | None


def normalise(text: str) -> EnglishName:
    """One English name taken apart: the twin of `apart`."""
    bare = rewritten(text, BARE)
    core = rewritten(bare, CORE)
    return EnglishName(core or None, rewritten(core, SKELETON) or None, rewritten(bare, sounds.OF_LATIN) or None)


def core_of(text: str) -> str | None:
    """The core of one English name, or None."""
    return normalise(text).en_core


def skeleton_of(text: str) -> str | None:
    """The skeleton of one English name, or None."""
    return normalise(text).en_skel


def apart(texts: pl.Series) -> pl.DataFrame:
    """English names of a Utf8 column taken apart: one row a text, columns as the fields of `EnglishName`."""
    import polars as pl

    if texts.null_count() == len(texts):
        return pl.DataFrame(schema=dict.fromkeys(EnglishName.__slots__, pl.Utf8)).clear(len(texts))
    bare = rewritten_series(texts, BARE)
    core = rewritten_series(bare, CORE)
    return pl.DataFrame({
        "en_core": filled(core),
        "en_skel": filled(rewritten_series(core, SKELETON)),
        "en_xskel": filled(rewritten_series(bare, sounds.OF_LATIN)),
    })  # fmt: skip


def normalised(expr: pl.Expr) -> pl.Expr:
    """`apart` as an expression: a struct of the fields of `EnglishName`."""
    import polars as pl

    fields = dict.fromkeys(EnglishName.__slots__, pl.Utf8())
    return expr.map_batches(lambda texts: apart(texts).to_struct(texts.name), return_dtype=pl.Struct(fields))
