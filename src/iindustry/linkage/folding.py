"""One profile for equal facets of one source; records that only hold a number follow it.

Fifty licences of one holder are one profile with a count of fifty: they neither score fifty times nor make a name look
common. A record that carries a number and no name is no profile: it follows its number (`follows`).
Registers are read one after another, and of what follows a number only the number is kept: memory holds one register's
raw texts at a time. Invariant: every record belongs to exactly one profile, whatever the parts it is read in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iindustry.linkage.facets import (
    COMPARED,
    FACTORIES,
    OFFICIAL,
    TWINS,
    busy_phones,
    one_a_key,
    own_phones,
    phone_names,
    said,
)
from iindustry.linkage.passes import operators

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

_KEYS = ["source", "record_key"]
_NUMBERS = ["factory_id", "old_factory_id", "jid", "person_tag"]


class _Split(NamedTuple):
    """Facets of records that say more than a number, and keys and numbers of those that do not."""

    told: pl.DataFrame
    silent: pl.DataFrame


def read(records: pl.DataFrame | pl.LazyFrame, apart: pl.DataFrame | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`profiles` of IDENTITY rows, register by register."""
    import polars as pl

    lazy = records.lazy()
    sources = lazy.select(pl.col("source").unique()).collect()["source"].sort().to_list()
    splits, named = [], []
    parts = [lazy.filter(pl.col("source") == source) for source in sources]
    for part in parts or [lazy]:  # of no record at all the columns are still wanted
        own = one_a_key(part)
        named.append(phone_names(own))
        splits.append(_split(said(own), apart))
        del own
    return _profiles(splits, busy_phones(named))


def profiles(faces: pl.DataFrame, apart: pl.DataFrame | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(profiles, record to profile). A profile is numbered from 0 in the order of its first record; followers come last.

    A record without name or number, and one that has neither number, place nor phone, is a profile of its own: an equal
    name alone is no evidence. Records that a steward kept from another fold only with those of their side (`apart`:
    source, record_key, side). A record that holds a number and no name follows the profile that its number would be
    joined to (`follows`); where nobody else holds the number, those that hold it are one profile.
    """
    return _profiles([_split(faces, apart)], None)


def _split(faces: pl.DataFrame, apart: pl.DataFrame | None) -> _Split:
    import polars as pl

    sided = (
        faces.join(apart, on=_KEYS, how="left")
        if apart is not None
        else faces.with_columns(side=pl.lit(None, dtype=pl.Utf8))
    )
    number = pl.coalesce("jid", "person_tag", "factory_id")
    silent = pl.col("nameless") & number.is_not_null() & pl.col("side").is_null() & (pl.col("source") != FACTORIES)
    return _Split(sided.filter(~silent), sided.filter(silent).select(*_KEYS, *_NUMBERS))


def _profiles(splits: Sequence[_Split], busy: pl.DataFrame | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """In: the parts, in any order, each with whole registers; whose phones are nobody's, where phones are not settled."""
    import polars as pl

    folded = [
        _folded(own_phones(one, busy) if busy is not None else one) for part in splits for one in _registers(part.told)
    ]
    folded.sort(key=lambda pair: pair[0]["source"].first() or "")
    told = pl.concat([one for one, _ in folded]).with_row_index("uid").with_columns(pl.col("uid").cast(pl.Int64))
    of_told, start = [], 0
    for one, records in folded:
        of_told.append(records.with_columns(uid=pl.col("uid") + start))
        start += one.height
    known = pl.concat(of_told)
    del folded, of_told
    followers = _followers(pl.concat([part.silent for part in splits]), told, known)
    alone = _alone(followers, told.height)
    found = followers.join(alone.select("number", lone="uid"), on="number", how="left").select(
        *_KEYS, "factory_id", "old_factory_id", uid=pl.coalesce("uid", "lone"), follows=pl.lit(value=True)
    )
    of_record = known.select(*_KEYS, "factory_id", "old_factory_id", "uid", follows=pl.lit(value=False))
    every = pl.concat([told, alone.drop("number")], how="diagonal")
    return every, pl.concat([of_record, found]).sort(_KEYS)


def _registers(told: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The records of each register; of none at all the empty frame, which has the columns."""
    if told["source"].n_unique() <= 1:
        yield told
    else:
        yield from told.partition_by("source")


def _folded(told: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The profiles of one register, by first record, and the place of each record's profile (`uid`, from 0).

    Nearly every record is a profile of its own; only those whose facets have an equal hash are gone through.
    """
    import polars as pl

    number = pl.coalesce("jid", "person_tag")
    lone = number.is_null() & (pl.coalesce("core", "en_core").is_null() | pl.coalesce("sub", "phone").is_null())
    keys = ["source", *COMPARED, "own"]
    kept = ["phones", *TWINS, "named_b", "site_only"]
    given = told.select(
        *_KEYS, *COMPARED, *kept, "factory_id", "old_factory_id",
        own=pl.when(lone).then(pl.col("record_key")).otherwise("side"),
    ).with_columns(mark=pl.struct(keys).hash(seed=1))  # fmt: skip
    often = (pl.len().over("mark") > 1).alias("often")
    given = given.with_columns(often).drop("mark")
    records = ["record_key", "factory_id", "old_factory_id"]
    several = (
        given.filter("often")
        .group_by(keys)
        .agg(
            pl.col("record_key").min().alias("first_key"),
            pl.len().alias("record_count"),
            pl.col(*kept[:-1]).first(),
            pl.col("site_only").all(),
            *(pl.col(name).alias(f"of_{name}") for name in records),
        )
        .drop("own")
    )
    once = given.filter(~pl.col("often"))
    del given
    columns = ["source", *COMPARED, "first_key", "record_count", *kept]
    single = once.with_columns(
        first_key="record_key", record_count=pl.lit(1, dtype=several.schema["record_count"])
    ).select(columns)
    of_single = once.select(*_KEYS, "factory_id", "old_factory_id", first_key="record_key")
    del once
    of_several = (
        several.select("source", "first_key", *(pl.col(f"of_{name}").alias(name) for name in records))
        .explode(records)
        .select(*_KEYS, "factory_id", "old_factory_id", "first_key")
    )
    found = pl.concat([single, several.select(columns)]).sort("first_key")
    del single, several
    place = found.select("first_key").with_row_index("uid").with_columns(pl.col("uid").cast(pl.Int64))
    owned = pl.concat([of_single, of_several]).join(place, on="first_key", how="left").drop("first_key")
    return found, owned


def _followers(silent: pl.DataFrame, told: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """source, record_key, factory ids, jid, person_tag, number, uid: whom each silent record follows; null: nobody."""
    import polars as pl

    held = told.select("source", "jid", "person_tag", "uid")
    official = pl.concat([held.filter(pl.col("source") == OFFICIAL), held.filter(pl.col("source") != OFFICIAL)])
    found = silent.with_columns(
        number=pl.coalesce(pl.lit("j") + pl.col("jid"), pl.lit("p") + pl.col("person_tag"), pl.lit("f") + pl.col("factory_id"))
    )  # fmt: skip
    for column in ("jid", "person_tag"):
        anchors = official.select(column, "uid").drop_nulls(column).unique(column, keep="first", maintain_order=True)
        found = found.join(anchors.rename({"uid": f"by_{column}"}), on=column, how="left")
    owners = operators(known, told.select("uid", "site_only"))
    new = owners.drop_nulls("factory_id").unique("factory_id", keep="first", maintain_order=True)
    of_register = owners.filter(pl.col("source") == FACTORIES)
    old = of_register.drop_nulls("old_factory_id").filter(pl.len().over("old_factory_id") == 1)
    found = found.join(new.select("factory_id", by_new="uid"), on="factory_id", how="left").join(
        old.select("old_factory_id", by_old="uid"), on="old_factory_id", how="left"
    )
    numbered = pl.coalesce("by_jid", "by_person_tag")
    has_number = pl.coalesce("jid", "person_tag").is_not_null()
    uid = pl.when(has_number).then(numbered).otherwise(pl.coalesce("by_new", "by_old"))
    return found.select(*_KEYS, "factory_id", "old_factory_id", "jid", "person_tag", "number", uid=uid)


def _alone(followers: pl.DataFrame, start: int) -> pl.DataFrame:
    """One profile for each number that only silent records hold, numbered from `start`."""
    import polars as pl

    return (
        followers.filter(pl.col("uid").is_null())
        .group_by("number")
        .agg(
            pl.col("source", "record_key").sort_by(*_KEYS).first(),
            pl.col("jid", "person_tag").first(),
            pl.len().alias("record_count"),
        )
        .sort("number")
        .with_row_index("uid", offset=start)
        .select(
            pl.col("uid").cast(pl.Int64), "number", "source", "jid", "person_tag", "record_count",
            first_key="record_key", is_person=pl.col("person_tag").is_not_null(), num=pl.lit(""), site_only=pl.lit(value=True),
        )
    )  # fmt: skip
