"""What records say that tells enterprises apart: one record a key, then one profile for equal facets of one source.

Fifty licences of one holder are one profile with a count of fifty: they neither score fifty times nor make a name look
common. A record that carries a number and no name is no profile: it follows its number (`FOLLOWS`).
Invariant: every record belongs to exactly one profile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.standardise.twins import twin_expr

if TYPE_CHECKING:
    import polars as pl

OFFICIAL, FACTORIES = "dbd", "diw"
_KEYS = ["source", "record_key"]
SITE_SOURCES = frozenset({"diw", "green"})
"""Registers of which a record with a factory number is a place of production."""
AT_SITE = SITE_SOURCES | {"tisi", "dpim", "ocsb", "ieat", "oie"}
"""Registers whose address is a place of production; elsewhere it is a seat."""

_NO_FORM = ("none", "")
_FAMILY = {"plc": "co"}  # a public company was a company, and is still written as one
_BUSY_PHONE_CORES = 5
_HOUSE = r"^\D{0,12}?(\d+(?:/\d+)*)(?:\D|$)"
_MOO = r"(?:หมู่ *(?:ที่)?|ม\.) *(\d+)"

COMPARED = ("jid", "person_tag", "is_person", "core", "num", "skel", "form", "any_core", "en_core", "en_skel", "en_num", "x",
            "prov", "dist", "sub", "house", "moo", "soi", "phone", "kind", "land")  # fmt: skip
"""Facets that make a profile: records of one source that agree in all of them are one."""
TWINS = {"core_b": "core", "skel_b": "skel", "any_b": "any_core"}
"""One-byte twins for comparing, and the text of each."""


NEEDED = (
    "source", "record_key", "delivery_id", "observed_on", "row", "juristic_id", "id_state", "person_tag", "is_person",
    "factory_id", "old_factory_id", "core", "num", "skel", "xskel", "form", "en_core", "en_skel", "en_xskel", "site_core",
    "site_skel",
    "name_raw", "site_name_raw", "address_parts", "province_code", "district_code", "subdistrict_code", "phones",
)  # fmt: skip
"""The columns of a standard record that linking reads."""
_SOI = r"(?:ซอย|ซ\.) *(.+?) *(?:ถนน|ถ\.|แยก|หมู่|$)"
_LAND = "(?i)ประเทศไทย|ไทยแลนด์|thailand"
_NAMES = ("core", "en_core", "site_core")


def one_a_key(records: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """One row a (source, record_key): the newest word of every column, an older one where the newest says nothing.

    Only keys that come more than once are gone through; at a first load there are few.
    """
    import polars as pl

    keys = ["source", "record_key"]
    given = records.lazy().select(NEEDED).collect()
    often = given.group_by(keys).len().filter(pl.col("len") > 1).select(keys)
    if often.is_empty():
        return given.sort(keys)
    once = given.join(often, on=keys, how="anti")
    newest = given.join(often, on=keys, how="semi").sort(
        "observed_on", "delivery_id", "row", descending=True, nulls_last=True
    )
    folded = newest.group_by(keys, maintain_order=True).agg(pl.exclude(keys).drop_nulls().first())
    return pl.concat([once, folded.select(once.columns)]).sort(keys)


def facets(records: pl.DataFrame) -> pl.DataFrame:
    """The columns that linking compares, one row a record (from `one_a_key`), in the order of the records.

    A name in Latin letters alone is English and no Thai name; `x` is the skeleton that Thai and Latin letters share.
    `land` says whether Thailand stands in the name (`th`, else empty): two living companies may differ by just that.
    Twins for comparing: `core_b`, `skel_b`, `named_b` (core, legal form and land together), and `any_b`: the factory's own name
    where it differs from the operator's, else the name. A number in an invalid state is no number. Phones of more than
    five names (an accountant's) are nobody's. A record that names only a site (`site_only`) is compared by nothing: its
    factory number places it.
    """
    import polars as pl

    site = pl.when(pl.col("source") == "diw").then(_filled("site_core"))
    thai = records.with_columns(pl.when(~_latin()).then(pl.col(name)).alias(name) for name in ("core", "skel", "num"))
    whole = thai.select(
        "source",
        pl.all_horizontal(_filled(name).is_null() for name in _NAMES).alias("nameless"),
        "record_key",
        "factory_id",
        "old_factory_id",
        pl.when(pl.col("id_state") == "valid").then(pl.col("juristic_id")).alias("jid"),
        "person_tag",
        pl.col("is_person").fill_null(value=False),
        _name("core", "site_core"),
        _filled("num").fill_null(""),
        _name("skel", "site_skel"),
        pl.when(~pl.col("form").is_in(_NO_FORM)).then(pl.col("form").replace(_FAMILY)).alias("form"),
        pl.coalesce(site, _filled("core")).alias("any_core"),
        _filled("en_core"),
        _filled("en_skel"),
        pl.col("en_core").str.extract(r"(\d+)$", 1).fill_null("").alias("en_num"),
        pl.when(_latin()).then(_filled("en_xskel")).otherwise(_filled("xskel")).alias("x"),
        _land().alias("land"),
        pl.col("province_code").alias("prov"),
        pl.coalesce("district_code", pl.col("subdistrict_code").str.slice(0, 4)).alias("dist"),
        pl.col("subdistrict_code").alias("sub"),
        pl.col("address_parts").str.extract(_HOUSE, 1).alias("house"),
        pl.col("address_parts").str.extract(_MOO, 1).alias("moo"),
        _filled_text(pl.col("address_parts").str.extract(_SOI, 1).str.replace_all(r"[ .\-]+", "")).alias("soi"),
        pl.when(pl.col("source").is_in(sorted(AT_SITE))).then(pl.lit("site")).otherwise(pl.lit("seat")).alias("kind"),
    ).with_columns(
        phones=_own_phones(records),
        site_only=pl.coalesce("core", "en_core").is_null() & pl.col("jid").is_null() & pl.col("person_tag").is_null(),
    )
    twins = [twin_of(whole, text).alias(name) for name, text in TWINS.items()]
    return whole.with_columns(*twins, phone=pl.col("phones").list.first()).with_columns(
        named_b=pl.concat_str(pl.col("core_b"), pl.lit("/"), "form", pl.lit("/"), "land")
    )


def twin_of(frame: pl.DataFrame, column: str) -> pl.Series:
    """The one-byte twins of a column, worked on its distinct values."""
    import polars as pl

    distinct = frame.select(pl.col(column).unique()).with_columns(twin_expr(pl.col(column)).alias("twin"))
    return frame.select(column).join(distinct, on=column, how="left", maintain_order="left")["twin"]


def profiles(all_facets: pl.DataFrame, apart: pl.DataFrame | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(profiles, record to profile). A profile is numbered from 0 in the order of its first record; followers come last.

    A record without name or number, and one that has neither number, place nor phone, is a profile of its own: an equal
    name alone is no evidence. Records that a steward kept from another fold only with those of their side (`apart`:
    source, record_key, side). A record that holds a number and no name follows the profile that its number would be
    joined to (`follows`); where nobody else holds the number, those that hold it are one profile.
    """
    import polars as pl

    sided = (
        all_facets.join(apart, on=["source", "record_key"], how="left")
        if apart is not None
        else all_facets.with_columns(side=pl.lit(None, dtype=pl.Utf8))
    )
    number = pl.coalesce("jid", "person_tag", "factory_id")
    silent = pl.col("nameless") & number.is_not_null() & pl.col("side").is_null() & (pl.col("source") != FACTORIES)
    told = _folded(sided.filter(~silent))
    of_told = told.select("uid", "source", "record_key").explode("record_key")
    known = of_told.join(all_facets.select(*_KEYS, "factory_id", "old_factory_id"), on=_KEYS, how="left")
    followers = _followers(sided.filter(silent), told, known)
    alone = _alone(followers, told)
    found = followers.join(alone.select("number", lone="uid"), on="number", how="left").select(
        *_KEYS, "factory_id", "old_factory_id", uid=pl.coalesce("uid", "lone"), follows=pl.lit(value=True)
    )
    of_record = known.select(*_KEYS, "factory_id", "old_factory_id", "uid", follows=pl.lit(value=False))
    every = pl.concat([told.drop("record_key"), alone.drop("number")], how="diagonal")
    return every, pl.concat([of_record, found]).sort(_KEYS)


def _folded(sided: pl.DataFrame) -> pl.DataFrame:
    """The profiles of records that say more than a number, each with its record keys."""
    import polars as pl

    number = pl.coalesce("jid", "person_tag")
    lone = number.is_null() & (pl.coalesce("core", "en_core").is_null() | pl.coalesce("sub", "phone").is_null())
    keys = ["source", *COMPARED, "own"]
    return (
        sided.with_columns(own=pl.when(lone).then(pl.col("record_key")).otherwise("side"))
        .group_by(keys)
        .agg(
            pl.col("record_key").min().alias("first_key"),
            pl.len().alias("record_count"),
            pl.col("phones", *TWINS, "named_b").first(),
            pl.col("site_only").all(),
            pl.col("record_key"),
        )
        .sort("source", "first_key")
        .with_row_index("uid")
        .with_columns(pl.col("uid").cast(pl.Int64))
        .drop("own")
    )


def _followers(silent: pl.DataFrame, told: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """source, record_key, factory ids, jid, person_tag, number, uid: whom each silent record follows; null: nobody."""
    import polars as pl

    official = told.sort(pl.col("source") != OFFICIAL, "source", "first_key")
    found = silent.select(
        *_KEYS, "factory_id", "old_factory_id", "jid", "person_tag",
        number=pl.coalesce(pl.lit("j") + pl.col("jid"), pl.lit("p") + pl.col("person_tag"), pl.lit("f") + pl.col("factory_id")),
    )  # fmt: skip
    for column in ("jid", "person_tag"):
        anchors = official.drop_nulls(column).unique(column, keep="first", maintain_order=True)
        found = found.join(anchors.select(column, pl.col("uid").alias(f"by_{column}")), on=column, how="left")
    owners = known.filter(pl.col("source") == FACTORIES).sort("record_key")
    new = owners.drop_nulls("factory_id").unique("factory_id", keep="first", maintain_order=True)
    old = owners.drop_nulls("old_factory_id").filter(pl.len().over("old_factory_id") == 1)
    found = found.join(new.select("factory_id", by_new="uid"), on="factory_id", how="left").join(
        old.select("old_factory_id", by_old="uid"), on="old_factory_id", how="left"
    )
    numbered = pl.coalesce("by_jid", "by_person_tag")
    has_number = pl.coalesce("jid", "person_tag").is_not_null()
    uid = pl.when(has_number).then(numbered).otherwise(pl.coalesce("by_new", "by_old"))
    return found.select(*_KEYS, "factory_id", "old_factory_id", "jid", "person_tag", "number", uid=uid)


def _alone(followers: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """One profile for each number that only silent records hold."""
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
        .with_row_index("uid", offset=told.height)
        .select(
            pl.col("uid").cast(pl.Int64), "number", "source", "jid", "person_tag", "record_count",
            first_key="record_key", is_person=pl.col("person_tag").is_not_null(), num=pl.lit(""), site_only=pl.lit(value=True),
        )
    )  # fmt: skip


def _land() -> pl.Expr:
    """Whether Thailand stands in the name that is compared: of 53 pairs of real companies with one core and form, 37 differ so."""
    import polars as pl

    said = pl.when(_silent()).then("site_name_raw").otherwise("name_raw").str.contains(_LAND)
    return pl.when(said).then(pl.lit("th")).otherwise(pl.lit(""))


def _latin() -> pl.Expr:
    """Whether the name is written in Latin letters alone: it is an English name, whatever column holds it."""
    import polars as pl

    return (pl.col("name_raw").str.contains("[A-Za-z]") & ~pl.col("name_raw").str.contains("[ก-ฮ]")).fill_null(
        value=False
    )


def _silent() -> pl.Expr:
    import polars as pl

    return (pl.col("source") == "diw") & ~pl.col("is_person").fill_null(value=False) & pl.col("core").is_null()


def _name(name: str, of_site: str) -> pl.Expr:
    """The operator's name; where a factory names none, the factory's own (77 % are the operator's), never a person's."""
    import polars as pl

    return pl.when(_silent()).then(_filled(of_site)).otherwise(_filled(name)).alias(name)


def _filled_text(text: pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.when(text != "").then(text)


def _filled(name: str) -> pl.Expr:
    import polars as pl

    return pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)


def _own_phones(records: pl.DataFrame) -> pl.Series:
    """The phones of each record that are not shared by more than five names, sorted; null where there is none."""
    import polars as pl

    said = records.select(pl.int_range(pl.len()).alias("place"), "core", "phones").drop_nulls("phones")
    listed = said.explode("phones").drop_nulls("phones")
    names = listed.group_by("phones").agg(pl.col("core").n_unique().alias("names"))
    own = (
        listed.join(names.filter(pl.col("names") <= _BUSY_PHONE_CORES), on="phones", how="semi")
        .group_by("place")
        .agg(pl.col("phones").unique().sort())
    )
    places = pl.DataFrame({"place": pl.int_range(records.height, eager=True)})
    return places.join(own, on="place", how="left", maintain_order="left")["phones"]
