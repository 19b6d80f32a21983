"""Values worked out from other values: sector, workers, size, areas, target industry. Each names its basis.

Age is not stored: it is worked out for a day. Invariant: a value whose inputs are unknown is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.reference import activities, estates, factory_types, size, zones
from iindustry.reference.size import CLASSES

if TYPE_CHECKING:
    import polars as pl

DERIVED = ("subject", "field", "value", "as_of", "basis")
SIZE_RULE = "2562-revenue"

LAST_MAKING_KIND = "087"
"""Kinds 1 to 87 of the annex of factories make things; those after them supply, pack, store, repair or treat waste."""

INPUT = {
    "entity.sector": "entity.tsic",
    "entity.size_class": "entity.revenue_satang",
    "area.eec": "factory.province",
    "area.sez": "factory.province",
    "area.corridor": "factory.province",
    "area.s_curve_group": "factory.factory_type",
}
"""Derived field to the field whose day it has; the newest day of a record where that is not known or none is named."""

ON_SITES = {
    "entity.worker_count": "",
    "entity.establishment_count": "",
    "entity.size_class": f"{SIZE_RULE}/workers",
    "entity.size_class_by_workers": "",
}
"""Derived field that has the day of the newest count of workers at a factory; for one, only when this is its basis."""


def of_establishments(sites: pl.DataFrame) -> pl.DataFrame:
    """Areas of policy and target industry of each establishment.

    In: wide golden values of establishments (columns `factory__…` typed, `…__as_of`), `establishment_id`. Out: `DERIVED`
    rows, value as text. The border zone of a district alone is "possible only": no value.
    """
    import polars as pl

    placed = sites.join(
        zones.zone_frame().select("subdistrict_code", "sez"),
        left_on="factory__subdistrict",
        right_on="subdistrict_code",
        how="left",
    ).with_columns(
        sez=pl.coalesce("sez", _mapped("factory__district", lambda code: zones.sez(None, code), pl.Boolean)),
        eec=_mapped("factory__province", zones.in_eec, pl.Boolean),
        corridor=_mapped("factory__province", zones.corridor, pl.Utf8),
        group=_mapped(
            "factory__factory_type", lambda code: getattr(factory_types.s_curve(code), "group", None), pl.Utf8
        ),
        group_basis=_mapped(
            "factory__factory_type", lambda code: getattr(factory_types.s_curve(code), "basis", None), pl.Utf8
        ),
    )
    province_day, type_day = pl.col("factory__province__as_of"), pl.col("factory__factory_type__as_of")
    return pl.concat(
        [
            _rows(placed, "establishment_id", "area.eec", pl.col("eec"), province_day, pl.lit("province")),
            _rows(placed, "establishment_id", "area.sez", pl.col("sez"), province_day, _place_basis()),
            _rows(placed, "establishment_id", "area.corridor", pl.col("corridor"), province_day, pl.lit("province")),
            _rows(placed, "establishment_id", "area.estate", _estate(), pl.col("newest_on"), pl.lit("factory-id")),
            _rows(placed, "establishment_id", "area.s_curve_group", pl.col("group"), type_day, pl.col("group_basis")),
        ]
    )


FACTORIES = "diw"
"""The register of factories: only where it was delivered does an enterprise without an establishment have none."""


def of_enterprises(enterprises: pl.DataFrame, sites: pl.DataFrame, *, counted: bool) -> pl.DataFrame:
    """Sector, workers, establishments and size of each enterprise.

    Workers are summed over its factories; where one of them does not say, the sum is unknown. Size: rule `2562-revenue`.
    Sector: of its activity code; a sole trader has none, so that of the type of its largest factory.
    counted: whether the register of factories was delivered; else no establishment is not none, but unknown.
    In: wide golden values of enterprises and establishments (`enterprise_id` on both). Out: `DERIVED` rows.
    """
    import polars as pl

    workers = pl.col("factory__worker_count")
    of_sites = sites.group_by("enterprise_id").agg(
        sites=pl.len(),
        workers=pl.when(workers.is_null().any()).then(None).otherwise(workers.sum()),
        sites_day=pl.col("factory__worker_count__as_of").max(),
        kind=pl.col("factory__factory_type").sort_by(
            workers, "establishment_id", descending=[True, False], nulls_last=True
        ).first().str.slice(0, 3),
    )  # fmt: skip
    whole = enterprises.join(of_sites, on="enterprise_id", how="left").with_columns(
        sites=pl.col("sites").fill_null(0) if counted else pl.col("sites"),
        by_tsic=_mapped("entity__tsic", activities.sector, pl.Utf8),
        anyday=pl.coalesce(pl.col("sites_day"), pl.col("newest_on")),
    )
    making = pl.when(pl.col("kind") <= LAST_MAKING_KIND).then(pl.lit("manufacturing"))
    whole = whole.with_columns(sector=pl.coalesce("by_tsic", making)).with_columns(
        by_revenue=_band("enterprise.size_class", pl.col("entity__revenue_satang")),
        by_workers=_band("enterprise.size_class_by_workers", pl.col("workers")),
    )
    revenue_day, tsic_day = pl.col("entity__revenue_satang__as_of"), pl.col("entity__tsic__as_of")
    size_day = pl.when(pl.col("by_revenue").is_not_null()).then(revenue_day).otherwise(pl.col("anyday"))
    size_basis = (
        pl.when(pl.col("by_revenue").is_not_null()).then(pl.lit(f"{SIZE_RULE}/revenue"))
        .otherwise(pl.lit(f"{SIZE_RULE}/workers"))
    )  # fmt: skip
    sector_basis = pl.when(pl.col("by_tsic").is_not_null()).then(pl.lit("tsic")).otherwise(pl.lit("factory-type"))
    subject = "enterprise_id"
    return pl.concat(
        [
            _rows(whole, subject, "entity.sector", pl.col("sector"), tsic_day, sector_basis),
            _rows(whole, subject, "entity.worker_count", pl.col("workers"), pl.col("anyday"), pl.lit("sum-of-factories")),
            _rows(whole, subject, "entity.establishment_count", pl.col("sites"), pl.col("anyday"), pl.lit("count")),
            _rows(whole, subject, "entity.size_class", pl.coalesce("by_revenue", "by_workers"), size_day, size_basis),
            _rows(whole, subject, "entity.size_class_by_workers", pl.col("by_workers"), pl.col("anyday"),
                  pl.lit(f"{SIZE_RULE}/workers")),
        ]
    )  # fmt: skip


def _band(fact: str, amount: pl.Expr) -> pl.Expr:
    """The class of the size rule as an expression over `sector` and an amount; null where either is unknown."""
    import polars as pl

    upto = size.document()["gives"][fact]["ladder"]["upto"]
    band: pl.Expr = pl.lit(None, dtype=pl.Utf8)
    for sector, limits in upto.items():
        of_sector: pl.Expr = pl.lit(CLASSES[-1])
        for name in reversed(CLASSES[:-1]):
            of_sector = pl.when(amount <= limits[name]).then(pl.lit(name)).otherwise(of_sector)
        band = pl.when((pl.col("sector") == sector) & amount.is_not_null()).then(of_sector).otherwise(band)
    return band


def _estate() -> pl.Expr:
    """The estate that a factory id names, where the Estate Authority's own register says none."""
    import polars as pl

    said = pl.col("area__estate")
    unsaid = said.is_null() | (said == estates.NONE)
    return pl.when(unsaid).then(estates.of_factory_ids(pl.col("factory_id")))


def _place_basis() -> pl.Expr:
    import polars as pl

    known = pl.col("factory__subdistrict").is_not_null()
    return pl.when(known).then(pl.lit("subdistrict")).otherwise(pl.lit("district"))


def _mapped(column: str, look_up: object, kind: type[pl.DataType]) -> pl.Expr:
    """A look-up of `reference` over the distinct values of a column; null stays null."""
    import polars as pl

    def over(values: pl.Series) -> pl.Series:
        known = values.drop_nulls().unique()
        answers = {value: look_up(value) for value in known}  # type: ignore[operator]
        return values.replace_strict(answers, default=None, return_dtype=kind) if answers else pl.Series(
            values.name, [None] * len(values), dtype=kind
        )  # fmt: skip

    return pl.col(column).map_batches(over, return_dtype=kind)


def _rows(frame: pl.DataFrame, subject: str, field: str, value: pl.Expr, day: pl.Expr, basis: pl.Expr) -> pl.DataFrame:  # noqa: PLR0917 - one row of the tables above
    import polars as pl

    return frame.select(
        pl.col(subject).alias("subject"),
        pl.lit(field).alias("field"),
        value.cast(pl.Utf8).alias("value"),
        pl.coalesce(day, pl.col("newest_on")).alias("as_of"),
        basis.cast(pl.Utf8).alias("basis"),
    ).drop_nulls(["value"])
