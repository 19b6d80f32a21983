"""One spelling of an English name: letters and digits without the legal form, and a consonant skeleton.

Romanised Thai is written in many ways: ph and p, th and t, kh and k, ch and j, v and w, ee and i are folded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.standardise.names import CLEAN, CUT_BRANCH, CUT_COUNTRY, CUT_FORM
from iindustry.standardise.rewriting import Letters, Rewrite, Step, rewritten, rewritten_expr

if TYPE_CHECKING:
    import polars as pl

CORE: tuple[Step, ...] = (
    *CLEAN,
    Rewrite("^ +| +$", ""),
    *CUT_BRANCH,
    *CUT_FORM,
    *CUT_COUNTRY,
    Rewrite("&", " and "),
    Rewrite("[^a-z0-9]+", ""),
)
SKELETON: tuple[Step, ...] = (
    Letters({"ph": "p", "th": "t", "kh": "k", "ch": "j"}),
    Letters({"v": "w", "r": "l", "z": "s", "q": "k", "c": "k"}),
    Rewrite("[^bdfghjklmnpstwxy]+", ""),
    *(Rewrite(f"{sign}{{2,}}", sign) for sign in "bdfghjklmnpstwxy"),
)


def core_of(text: str) -> str | None:
    """The core of one English name, or None."""
    return rewritten(text, CORE) or None


def skeleton_of(text: str) -> str | None:
    """The skeleton of one English name, or None."""
    return rewritten(core_of(text) or "", SKELETON) or None


def normalised(expr: pl.Expr) -> pl.Expr:
    """English names of a Utf8 column: a struct of `en_core`, `en_skel`."""
    import polars as pl

    core = rewritten_expr(expr, CORE)
    skeleton = rewritten_expr(core, SKELETON)
    return pl.struct(
        pl.when(core != "").then(core).alias("en_core"), pl.when(skeleton != "").then(skeleton).alias("en_skel")
    )
