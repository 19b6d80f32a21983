"""Which pairs are looked at: equal keys, where at least one side has no number of its own (LINKAGE section 4.4).

Keys are columns made beforehand; a key that more than 500 profiles share (50 where it is a part of a name) is dropped and
counted. Invariant: two profiles
that both hold a number are never scored, as the numbers have settled them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

MOST = 500
MOST_ALIKE = 50
"""A key that is only part of a name says little where more than this many share it."""
_SHORT = 3
_GRAM, _RAREST = 5, 2

_OF_PARTS = ("block_begin", "block_rare", "block_near", "block_across")

KEYS = (
    "block_phone",
    "block_skel",
    "block_en",
    "block_en_skel",
    "block_site",
    "block_begin",
    "block_rare",
    "block_near",
    "block_address",
    "block_across",
)


def keyed(profiles: pl.DataFrame, grams: pl.DataFrame | None = None) -> pl.DataFrame:
    """The profiles with the columns of `KEYS`: text, null where a profile has no such key; `block_phone` is a list.

    grams: `rarest_grams` of everybody, where `profiles` are only some.
    """
    return _with_grams(profiles, grams).with_columns(**_keys()).drop("grams")


def _with_grams(profiles: pl.DataFrame, grams: pl.DataFrame | None = None) -> pl.DataFrame:
    known = rarest_grams(profiles["skel_b"]) if grams is None else grams
    return profiles.join(known, on="skel_b", how="left", maintain_order="left")


def _keys() -> dict[str, pl.Expr]:
    """Every key by its name, over the columns of a profile and `grams`."""
    import polars as pl

    skel = pl.col("skel_b")
    long = skel.str.len_chars() >= _SHORT

    def joined(*parts: pl.Expr | str) -> pl.Expr:
        return pl.concat_str(*parts, separator="/")

    return {
        "block_phone": pl.col("phones"),
        "block_skel": joined(skel, "num"),
        "block_en": pl.col("en_core"),
        "block_en_skel": joined("en_skel", "prov"),
        "block_site": joined("any_b", "prov"),
        "block_begin": pl.when(long).then(joined("prov", skel.str.slice(0, 6))),
        "block_rare": pl.concat_list(
            joined("prov", pl.col("grams").list.get(place, null_on_oob=True)) for place in range(_RAREST)
        ).list.drop_nulls(),
        "block_near": pl.when(long).then(joined("sub", skel.str.slice(0, _SHORT))),
        "block_address": joined("sub", "house", pl.col("moo").fill_null("")),
        "block_across": joined("dist", pl.col("x").str.slice(0, _SHORT + 1)),
    }


def rarest_grams(skeletons: pl.Series) -> pl.DataFrame:
    """skel_b, grams: the two rarest runs of five signs of each skeleton that some other skeleton has too.

    A slip in a name leaves most of its runs whole, and the rarest ones are what sets the name apart from its trade.
    """
    import polars as pl

    distinct = skeletons.drop_nulls().unique().to_frame("skel_b").filter(pl.col("skel_b").str.len_chars() >= _GRAM)
    runs = (
        distinct.with_columns(at=pl.int_ranges(0, pl.col("skel_b").str.len_chars().cast(pl.Int64) - _GRAM + 1))
        .explode("at")
        .select("skel_b", gram=pl.col("skel_b").str.slice(pl.col("at"), _GRAM))
        .unique()
    )
    shared = runs.with_columns(count=pl.len().over("gram")).filter(pl.col("count") > 1)
    return (
        shared.sort("skel_b", "count", "gram")
        .group_by("skel_b", maintain_order=True)
        .agg(pl.col("gram").head(_RAREST).alias("grams"))
    )


def posted(profiles: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """`postings` of profiles, the keys made one after another: the texts of all at once would be the widest thing of a run."""
    keys, grams = _keys(), _with_grams(profiles)
    return _gathered((rule, name, grams.select("uid", key=keys[name])) for rule, name in enumerate(KEYS))


def postings(keys: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """(uid, rule, key of every key that is not shared by too many, how many keys were dropped). `rule`: place in `KEYS`.

    In: uid and the columns of `KEYS`. A key of one profile makes no pair and is left out. Keys are 64-bit hashes of the
    text: two texts of one hash would only be looked at in vain.
    """
    return _gathered((rule, name, keys.select("uid", key=name)) for rule, name in enumerate(KEYS))


def _gathered(columns: Iterable[tuple[int, str, pl.DataFrame]]) -> tuple[pl.DataFrame, int]:
    """In: place of the rule, its name, and uid, key."""
    import polars as pl

    listed, dropped = [], 0
    for rule, name, column in columns:
        one = column.drop_nulls("key")
        if column.schema["key"] == pl.List(pl.Utf8):
            one = one.explode("key").drop_nulls("key").unique()
        hashed = one.select("uid", key=pl.concat_str(pl.lit(f"{rule}/"), "key").hash(seed=1))
        sizes = hashed.group_by("key").len()
        dropped += sizes.filter(pl.col("len") > most_of(name)).height
        kept = sizes.filter(pl.col("len").is_between(2, most_of(name))).select("key")
        listed.append(
            hashed.join(kept, on="key", how="semi").select("uid", pl.lit(rule, dtype=pl.Int8).alias("rule"), "key")
        )
    return pl.concat(listed), dropped


def most_of(rule: str) -> int:
    """How many profiles may share a key of this rule."""
    return MOST_ALIKE if rule in _OF_PARTS else MOST
