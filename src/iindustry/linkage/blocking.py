"""Which pairs are looked at: equal keys, where at least one side has no number of its own (LINKAGE section 4.4).

Keys are columns made beforehand; a key that more than 500 profiles share is dropped and counted. Invariant: two profiles
that both hold a number are never scored, as the numbers have settled them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

MOST = 500
KEYS = (
    "block_phone",
    "block_skel",
    "block_en",
    "block_en_skel",
    "block_begin",
    "block_end",
    "block_near",
    "block_near_end",
)


def keyed(profiles: pl.DataFrame, loose: pl.Series) -> tuple[pl.DataFrame, int]:
    """(profiles with the columns of `KEYS` and `loose`, how many keys were dropped).

    `loose`: one Boolean a profile: it has no number, or its number is hidden to measure quality.
    """
    import polars as pl

    skel, length = pl.col("skel_b"), pl.col("skel_b").str.len_chars()
    made = profiles.with_columns(
        loose,
        block_phone=pl.col("phone"),
        block_skel=pl.concat_str(skel, pl.lit("/"), "num"),
        block_en=pl.col("en_core"),
        block_en_skel=pl.concat_str("en_skel", pl.lit("/"), "prov"),
        block_begin=pl.when(length >= 3).then(pl.concat_str("prov", pl.lit("/"), skel.str.slice(0, 6))),  # noqa: PLR2004
        block_end=pl.when(length >= 5).then(pl.concat_str("prov", pl.lit("/"), skel.str.slice(-5))),  # noqa: PLR2004
        block_near=pl.when(length >= 3).then(pl.concat_str("sub", pl.lit("/"), skel.str.slice(0, 3))),  # noqa: PLR2004
        block_near_end=pl.when(length >= 3).then(pl.concat_str("sub", pl.lit("/"), skel.str.slice(-3))),  # noqa: PLR2004
    )
    dropped = 0
    for key in KEYS:
        crowd = pl.col(key).is_not_null() & (pl.len().over(key) > MOST)
        dropped += made.filter(crowd)[key].n_unique()
        made = made.with_columns(pl.when(~crowd).then(pl.col(key)).alias(key))
    return made, dropped


def rules() -> list[str]:
    """The rules as Splink takes them."""
    return [f"l.{key} = r.{key} and (l.loose or r.loose)" for key in KEYS]
