"""What records say that tells enterprises apart: one record a key, and the columns of it that are compared (facets).

Everything here looks at one register at a time, but for phones: whose a phone is hangs on all (`busy_phones`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.standardise.twins import twin_expr

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

OFFICIAL, FACTORIES = "dbd", "diw"
_KEYS = ["source", "record_key"]
CERTIFICATES = frozenset({"green"})
"""Registers that say of a site what stands over its gate and where, and never who runs it."""
SITE_SOURCES = CERTIFICATES | {FACTORIES}
"""Registers of which a record with a factory number is a place of production."""
AT_SITE = SITE_SOURCES | {"tisi", "dpim", "ocsb", "ieat", "oie"}
"""Registers whose address is a place of production; elsewhere it is a seat."""

_NO_FORM = ("none", "")
_LEGAL = ("co", "plc", "lp", "op", "coop", "jv")
"""Forms of juristic persons: written over a factory's gate they are the operator's, where the register names none."""
_FAMILY = {"plc": "co", "shop": "person"}
"""Forms that do not tell apart: a public company was a company and is still written as one, a shop is its owner."""
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
    "site_skel", "site_form",
    "name_raw", "site_name_raw", "address_parts", "province_code", "district_code", "subdistrict_code", "phones",
)  # fmt: skip
"""The columns of a standard record that linking reads."""
_SOI = r"(?:ซอย|ซ\.) *(.+?) *(?:ถนน|ถ\.|แยก|หมู่|$)"
_LAND = "(?i)ประเท[ศสษ] ?[ไใ]ทย|ไทยแลนด์|thailand"
_NAMES = ("core", "en_core", "site_core")


def one_a_key(records: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """One row a (source, record_key): the newest word of every column, an older one where the newest says nothing.

    Records come as they arrived (`standardise.identities`). Of two deliveries of one day the later one speaks, of two rows
    of one delivery the first. Only keys that come more than once are gone through; at a first load there are few.
    """
    import polars as pl

    keys = ["source", "record_key"]
    given = records.lazy().select(NEEDED).collect()
    often = given.group_by(keys).len().filter(pl.col("len") > 1).select(keys)
    if often.is_empty():
        return given.sort(keys)
    once = given.join(often, on=keys, how="anti")
    newest = (
        given.join(often, on=keys, how="semi", maintain_order="left")
        .with_row_index("place")
        .with_columns(turn=pl.col("place").min().over("delivery_id"))
        .sort("observed_on", "turn", "place", descending=[True, True, False], nulls_last=True)
        .drop("turn", "place")
    )
    folded = newest.group_by(keys, maintain_order=True).agg(pl.exclude(keys).drop_nulls().first())
    return pl.concat([once, folded.select(once.columns)]).sort(keys)


def facets(records: pl.DataFrame) -> pl.DataFrame:
    """The columns that linking compares, one row a record (from `one_a_key`), in the order of the records.

    As `said`, without the phones of more than five names (an accountant's), which are nobody's.
    """
    return own_phones(said(records), busy_phones([phone_names(records)]))


def said(records: pl.DataFrame) -> pl.DataFrame:
    """The columns that linking compares, with every phone that a record gives; `phone` is not known yet.

    A name in Latin letters alone is English and no Thai name; `x` is the skeleton that Thai and Latin letters share.
    `land` says whether Thailand stands in the name (`th`, else empty): two living companies may differ by just that.
    Twins for comparing: `core_b`, `skel_b`, `named_b` (core, legal form and land together), and `any_b`: the factory's own name
    where it differs from the operator's, else the name. A number in an invalid state is no number. A record that names only
    a site (`site_only`) is compared by nothing: its factory number places it.
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
        _form(),
        pl.coalesce(site, _name("core", "site_core")).alias("any_core"),
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
        phones=records["phones"],
        site_only=pl.coalesce("core", "en_core").is_null() & pl.col("jid").is_null() & pl.col("person_tag").is_null(),
    )
    twins = [twin_of(whole, text).alias(name) for name, text in TWINS.items()]
    return whole.with_columns(*twins).with_columns(
        named_b=pl.concat_str(pl.col("core_b"), pl.lit("/"), "form", pl.lit("/"), "land")
    )


def twin_of(frame: pl.DataFrame, column: str) -> pl.Series:
    """The one-byte twins of a column, worked on its distinct values."""
    import polars as pl

    distinct = frame.select(pl.col(column).unique()).with_columns(twin_expr(pl.col(column)).alias("twin"))
    return frame.select(column).join(distinct, on=column, how="left", maintain_order="left")["twin"]


def phone_names(records: pl.DataFrame) -> pl.DataFrame:
    """phones, name: every phone with the (hashed) names that give it, each once."""
    import polars as pl

    given = records.select("phones", name=pl.col("core").hash(seed=1)).drop_nulls("phones")
    return given.explode("phones").drop_nulls("phones").unique()


def busy_phones(named: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The phones of more than five names. `named`: `phone_names` of all records there are, in parts."""
    import polars as pl

    whole = pl.concat(named).unique()
    return whole.group_by("phones").len().filter(pl.col("len") > _BUSY_PHONE_CORES).select("phones").sort("phones")


def own_phones(faces: pl.DataFrame, busy: pl.DataFrame) -> pl.DataFrame:
    """`said` with `phones` (sorted, none of `busy`; null where none is left) and the first of them as `phone`."""
    import polars as pl

    places = pl.int_range(pl.len()).alias("place")
    listed = faces.select(places, "phones").drop_nulls("phones").explode("phones").drop_nulls("phones")
    own = (
        listed.join(busy, on="phones", how="anti").group_by("place").agg(pl.col("phones").unique().sort()).sort("place")
    )
    every = faces.select(places).join(own, on="place", how="left", maintain_order="left")["phones"]
    return faces.with_columns(every).with_columns(phone=pl.col("phones").list.first())


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
    """Whether the name over the gate is all there is: no operator is named. Of a certificate only a legal name counts."""
    import polars as pl

    nobody = pl.col("core").is_null() & ~pl.col("is_person").fill_null(value=False)
    unnumbered = pl.coalesce("en_core", "juristic_id", "person_tag").is_null()
    legal = pl.col("site_form").is_in(_LEGAL).fill_null(value=False)
    return nobody & (
        (pl.col("source") == FACTORIES) | (pl.col("source").is_in(sorted(CERTIFICATES)) & unnumbered & legal)
    )


def _name(name: str, of_site: str) -> pl.Expr:
    """The operator's name; where a factory names none, the factory's own (77 % are the operator's), never a person's."""
    import polars as pl

    return pl.when(_silent()).then(_filled(of_site)).otherwise(_filled(name)).alias(name)


def _form() -> pl.Expr:
    """The operator's legal form; where a factory names no operator, the one that stands in the factory's own name."""
    import polars as pl

    of_site = pl.when(pl.col("site_form").is_in(_LEGAL)).then("site_form")
    said = pl.when(_silent()).then(of_site).otherwise("form")
    return pl.when(~said.is_in(_NO_FORM)).then(said.replace(_FAMILY)).alias("form")


def _filled_text(text: pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.when(text != "").then(text)


def _filled(name: str) -> pl.Expr:
    import polars as pl

    return pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)


def profiles(faces: pl.DataFrame, apart: pl.DataFrame | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`folding.profiles`, under the name that a delta asks for."""
    from iindustry.linkage import folding

    return folding.profiles(faces, apart)
