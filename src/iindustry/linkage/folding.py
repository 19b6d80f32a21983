"""One profile for equal facets of one source; records that only hold a number follow it.

Fifty licences of one holder are one profile with a count of fifty: they neither score fifty times nor make a name look
common. A record that carries a number and no name is no profile: it follows its number (`follows`).
Registers are read one after another, large ones in parts, and what is made of each is laid aside: memory holds the raw texts
of one part, then the facets of one register. Invariant: every record belongs to exactly one profile, whatever the parts it
is read in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iindustry.linkage.aside import Lap, Room
from iindustry.linkage.facets import (
    CERTIFICATES,
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

    from iindustry.linkage.aside import Desk, Laid

_KEYS = ["source", "record_key"]
_ROWS_A_PART = 1_000_000
_NAME = ("core", "skel", "form", "any_core", "core_b", "skel_b", "any_b", "named_b")
_NUMBERS = ["factory_id", "old_factory_id", "jid", "person_tag"]


class _Register(NamedTuple):
    """One register. told: facets of records that say more than a number; silent: keys and numbers of those that do not."""

    told: Laid
    silent: Laid


def read(records: pl.DataFrame | pl.LazyFrame, apart: pl.DataFrame | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`profiles` of IDENTITY rows, register by register."""
    told, of_record = laid(records, apart, Room())
    return told.read(), of_record.read()


def laid(records: pl.DataFrame | pl.LazyFrame, apart: pl.DataFrame | None, desk: Desk) -> tuple[Laid, Laid]:
    """As `read`; both frames lie on the desk, and neither was ever whole in memory."""
    import polars as pl

    lazy = records.lazy()
    counted = lazy.group_by("source").len().collect().sort("source")
    registers, named = [], []
    for source, rows in counted.iter_rows():
        splits = []
        for part in _parts(lazy.filter(pl.col("source") == source), rows):
            own = one_a_key(part)
            named.append(phone_names(own))
            splits.append(_split(said(own), apart, desk))
            del own
        registers.append(_Register(*(desk.joined(parts) for parts in zip(*splits, strict=True))))
    if not registers:  # of no record at all the columns are still wanted
        own = one_a_key(lazy)
        named.append(phone_names(own))
        registers.append(_split(said(own), apart, desk))
    return _profiles(registers, busy_phones(named), desk)


def _parts(register: pl.LazyFrame, rows: int) -> Iterator[pl.LazyFrame]:
    """A register's records in parts of which none parts a key; in each they come as they arrived."""
    import polars as pl

    many = 1 + rows // _ROWS_A_PART
    if many == 1:
        yield register
    else:
        place = pl.col("record_key").hash(seed=7) % many
        yield from (register.filter(place == number) for number in range(many))


def profiles(faces: pl.DataFrame, apart: pl.DataFrame | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(profiles, record to profile). A profile is numbered from 0 in the order of its first record; followers come last.

    A record without name or number, and one that has neither number, place nor phone, is a profile of its own: an equal
    name alone is no evidence. Records that a steward kept from another fold only with those of their side (`apart`:
    source, record_key, side). A record that holds a number and no name follows the profile that its number would be
    joined to (`follows`); where nobody else holds the number, those that hold it are one profile.
    """
    desk = Lap()
    by_source = [faces] if faces["source"].n_unique() <= 1 else faces.sort("source").partition_by("source")
    told, of_record = _profiles([_split(one, apart, desk) for one in by_source], None, desk)
    return told.read(), of_record.read()


def _split(faces: pl.DataFrame, apart: pl.DataFrame | None, desk: Desk) -> _Register:
    import polars as pl

    sided = (
        faces.join(apart, on=_KEYS, how="left")
        if apart is not None
        else faces.with_columns(side=pl.lit(None, dtype=pl.Utf8))
    )
    number = pl.coalesce("jid", "person_tag", "factory_id")
    silent = pl.col("nameless") & number.is_not_null() & pl.col("side").is_null() & (pl.col("source") != FACTORIES)
    quiet = sided.filter(silent).select(*_KEYS, *_NUMBERS)
    return _Register(desk.put(sided.filter(~silent)), desk.put(quiet))


def _profiles(registers: Sequence[_Register], busy: pl.DataFrame | None, desk: Desk) -> tuple[Laid, Laid]:
    """In: registers in alphabetical order; whose phones are nobody's, where phones are not settled."""
    import polars as pl

    told, owned, held, placed, start = [], [], [], [], 0
    number, factory = pl.coalesce("jid", "person_tag"), pl.coalesce("factory_id", "old_factory_id")
    gates: pl.DataFrame | None = None
    for register in registers:
        source = register.told.read("source")["source"].first()
        if source == FACTORIES:
            gates = register.told.read("record_key", "factory_id", "named_b").drop_nulls().sort("record_key")
            gates = gates.unique("factory_id", keep="first", maintain_order=True).select("factory_id", gate="named_b")
        found, records = _folded(_settled(register, busy, gates if source in CERTIFICATES else None), start)
        register.told.forget()
        start += found.height
        shape = found.clear()
        held.append(found.filter(number.is_not_null()).select("source", "jid", "person_tag", "uid"))
        placed.append(
            records.filter(factory.is_not_null()).join(found.select("uid", "site_only"), on="uid", how="left")
        )
        told.append(desk.put(found))
        owned.append(desk.put(records))
        del found, records
    numbered, factories = pl.concat(held), pl.concat(placed)
    del held, placed
    following, lone = [], []
    for silent in _batches(registers):
        followers = _followers(pl.concat(silent), numbered, factories)
        lone.append(followers.filter(pl.col("uid").is_null()))
        for one in silent:
            own = followers.filter(pl.col("source").is_in(one["source"].unique().implode()))
            following.append(desk.put(own.select(*_KEYS, "factory_id", "old_factory_id", "number", "uid")))
    alone = _alone(pl.concat(lone).sort(_KEYS), start)
    told.append(desk.put(pl.concat([shape, alone.drop("number")], how="diagonal")))
    places = alone.select("number", lone="uid")
    of_record = []
    for mine, theirs in zip(owned, following, strict=True):
        of_record.append(desk.put(_records(mine.read(), theirs.read(), places)))
        mine.forget()
        theirs.forget()
    return desk.joined(told), desk.joined(of_record)


def _batches(registers: Sequence[_Register]) -> Iterator[list[pl.DataFrame]]:
    """The silent records of each register in order, some registers at a time: never many records, and not each alone."""
    batch: list[pl.DataFrame] = []
    for register in registers:
        silent = register.silent.read()
        register.silent.forget()
        if batch and sum(one.height for one in batch) + silent.height > _ROWS_A_PART:
            yield batch
            batch = []
        batch.append(silent)
    yield batch


def _settled(register: _Register, busy: pl.DataFrame | None, gates: pl.DataFrame | None) -> pl.DataFrame:
    """A register's facets, their phones settled. `gates`, of certificates: those that repeat the factory's name have none."""
    settled = register.told.read() if busy is None else own_phones(register.told.read(), busy)
    return settled if gates is None else _quiet(settled, gates)


def _records(known: pl.DataFrame, followers: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The records of one register with their profiles, by key. `places`: number, lone: profiles of numbers held by followers alone."""
    import polars as pl

    found = followers.join(places, on="number", how="left").select(
        *_KEYS, "factory_id", "old_factory_id", uid=pl.coalesce("uid", "lone"), follows=pl.lit(value=True)
    )
    own = known.select(*_KEYS, "factory_id", "old_factory_id", "uid", follows=pl.lit(value=False))
    return pl.concat([own, found]).sort(_KEYS)


def _folded(told: pl.DataFrame, start: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The profiles of one register, by first record, and each record's profile (`uid`, from `start`).

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
    del told
    often = (pl.len().over("mark") > 1).alias("often")
    given = given.with_columns(often).drop("mark")
    records = ["record_key", "factory_id", "old_factory_id"]
    several = (
        given.filter("often")
        .sort("record_key")
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
    found = found.insert_column(0, pl.int_range(start, start + found.height, dtype=pl.Int64, eager=True).alias("uid"))
    place = found.select("first_key", "uid")
    owned = pl.concat([of_single, of_several]).join(place, on="first_key", how="left").drop("first_key")
    return found, owned


def _quiet(certificates: pl.DataFrame, gates: pl.DataFrame) -> pl.DataFrame:
    """Certificates without their name where the factory register says the very same of that factory: nothing to compare.

    `gates`: factory_id, gate (`named_b` of the factory's record).
    """
    import polars as pl

    known = certificates.join(gates, on="factory_id", how="left", maintain_order="left")
    said = (pl.col("gate") == pl.col("named_b")).fill_null(value=False)
    blank = [pl.when(~said).then(pl.col(name)).alias(name) for name in _NAME]
    return known.with_columns(
        *blank, pl.when(said).then(pl.lit("")).otherwise("num").alias("num"), site_only=pl.col("site_only") | said
    ).drop("gate")


def _followers(silent: pl.DataFrame, told: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """source, record_key, factory ids, jid, person_tag, number, uid: whom each silent record follows; null: nobody.

    `told`: source, jid, person_tag, uid of profiles that hold a number. `known`: records that name a factory, with `site_only`
    of their profiles.
    """
    import polars as pl

    held = told.select("source", "jid", "person_tag", "uid")
    official = pl.concat([held.filter(pl.col("source") == OFFICIAL), held.filter(pl.col("source") != OFFICIAL)])
    found = silent.with_columns(
        number=pl.coalesce(pl.lit("j") + pl.col("jid"), pl.lit("p") + pl.col("person_tag"), pl.lit("f") + pl.col("factory_id"))
    )  # fmt: skip
    for column in ("jid", "person_tag"):
        anchors = official.select(column, "uid").drop_nulls(column).unique(column, keep="first", maintain_order=True)
        found = found.join(anchors.rename({"uid": f"by_{column}"}), on=column, how="left")
    owners = operators(known.drop("site_only"), known.select("uid", "site_only").unique())
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
