"""Which pairs are looked at: equal keys, where at least one side has no number of its own (LINKAGE section 4.4).

Keys are columns made beforehand; a key that more than 500 profiles share is dropped and counted. Invariant: two profiles
that both hold a number are never scored, as the numbers have settled them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

MOST = 500
_SHORT, _END = 3, 5

KEYS = (
    "block_phone",
    "block_skel",
    "block_en",
    "block_en_skel",
    "block_site",
    "block_begin",
    "block_end",
    "block_near",
    "block_near_end",
    "block_address",
)


def keyed(profiles: pl.DataFrame) -> pl.DataFrame:
    """The profiles with the columns of `KEYS`: text, null where a profile has no such key; `block_phone` is a list."""
    import polars as pl

    skel, length = pl.col("skel_b"), pl.col("skel_b").str.len_chars()
    long, longer = length >= _SHORT, length >= _END

    def joined(*parts: pl.Expr | str) -> pl.Expr:
        return pl.concat_str(*parts, separator="/")

    return profiles.with_columns(
        block_phone=pl.col("phones"),
        block_skel=joined(skel, "num"),
        block_en=pl.col("en_core"),
        block_en_skel=joined("en_skel", "prov"),
        block_site=joined("any_b", "prov"),
        block_begin=pl.when(long).then(joined("prov", skel.str.slice(0, 6))),
        block_end=pl.when(longer).then(joined("prov", skel.str.slice(-_END))),
        block_near=pl.when(long).then(joined("sub", skel.str.slice(0, _SHORT))),
        block_near_end=pl.when(long).then(joined("sub", skel.str.slice(-_SHORT))),
        block_address=joined("sub", "house", pl.col("moo").fill_null("")),
    )


def postings(keys: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """(uid, rule, key of every key that at most 500 profiles share, how many keys were dropped). `rule`: place in `KEYS`.

    In: uid and the columns of `KEYS`. A key of one profile makes no pair and is left out. Keys are 64-bit hashes of the
    text: two texts of one hash would only be looked at in vain.
    """
    import polars as pl

    listed = []
    for rule, name in enumerate(KEYS):
        one = keys.select("uid", key=name).drop_nulls("key")
        if keys.schema[name] == pl.List(pl.Utf8):
            one = one.explode("key").unique()
        listed.append(
            one.select(
                "uid", pl.lit(rule, dtype=pl.Int8).alias("rule"),
                pl.concat_str(pl.lit(f"{rule}/"), "key").hash(seed=1).alias("key"),
            )
        )  # fmt: skip
    sized = pl.concat(listed).with_columns(size=pl.len().over("key"))
    dropped = sized.filter(pl.col("size") > MOST)["key"].n_unique()
    return sized.filter(pl.col("size").is_between(2, MOST)).drop("size"), dropped
