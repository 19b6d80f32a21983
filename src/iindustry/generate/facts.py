"""What is true of each firm on the country's day, whatever any register says: the measure of targeting error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate.firm_registers import dip_rows, i40_rows
from iindustry.generate.site_registers import green_rows, order_rows, tisi_rows
from iindustry.reference import factory_types

if TYPE_CHECKING:
    from iindustry.generate.registers import Scene

_PASSED, _VALID = "ผ่าน", "มีผลบังคับใช้"
_SATANG = 100
_NOUGHT = (
    "factory_count",
    "tisi_count",
    "dip_passed_count",
    "dip_joined_count",
    "open_order_count",
    "paid_satang",
    "export_satang",
)


def facts(scene: Scene) -> pl.DataFrame:
    """One row a firm of the scene (the last month's), ordered as the firms are.

    enterprise, juristic_id (null of sole traders), is_person, form, status (active, deserted, closed), registered_on,
    province_code, district_code, subdistrict_code, tsic, capital_satang, revenue_satang (of the last year, filed or not),
    accounts_filed, worker_count, factory_count, factory_types, factory_class (the lowest number), horsepower, in_estate,
    is_s_curve, site_provinces, export_satang (a year), green_level (best certificate in date), standards and passed
    (lists: product standards held, programmes passed), tisi_count, dip_passed_count, dip_joined_count, i40_level, open_order_count, paid_satang (by banks in three years).
    """
    day = scene.setting.as_of
    target = sorted(factory_types.list_s_curve())
    sites = scene.sites.group_by("i").agg(
        pl.col("type").unique().sort().alias("factory_types"),
        pl.col("factory_class").min(),
        pl.col("horsepower").sum(),
        pl.col("estate").is_not_null().any().alias("in_estate"),
        pl.col("type").is_in(target).any().alias("is_s_curve"),
        pl.col("province").unique().sort().alias("site_provinces"),
        pl.len().cast(pl.Int64).alias("_sites"),
    )
    parts = (
        sites,
        green_rows(scene.sites, scene).filter(pl.col("expires") >= day).group_by("i").agg(pl.col("green_level").max()),
        tisi_rows(scene.sites, scene)
        .filter(pl.col("licence_status") == _VALID)
        .group_by("i")
        .agg(pl.len().cast(pl.Int64).alias("tisi_count"), pl.col("standard_no").sort().alias("standards")),
        dip_rows(scene.firms, scene.setting)
        .group_by("i")
        .agg(
            (pl.col("result") == _PASSED).sum().cast(pl.Int64).alias("dip_passed_count"),
            pl.len().cast(pl.Int64).alias("dip_joined_count"),
            pl.col("programme").filter(pl.col("result") == _PASSED).unique().sort().alias("passed"),
        ),
        i40_rows(scene.firms, scene.setting).select("i", "i40_level"),
        order_rows(scene.sites, scene)
        .filter("is_open")
        .group_by("i")
        .agg(pl.len().cast(pl.Int64).alias("open_order_count")),
        scene.loans.group_by("i").agg(pl.col("disbursed_satang").sum().alias("paid_satang")),
    )
    frame = scene.firms
    for part in parts:
        own = frame.drop([name for name in part.columns if name != "i" and name in frame.columns])
        frame = own.join(part, on="i", how="left", maintain_order="left")
    status = {"ยังดำเนินกิจการอยู่": "active", "ร้าง": "deserted", "เลิก": "closed"}
    return frame.with_columns(
        pl.col("_sites").alias("factory_count"),
        (pl.col("true_revenue_baht") * pl.col("export_ratio") * _SATANG).round().cast(pl.Int64).alias("export_satang"),
    ).select(
        "enterprise",
        "juristic_id",
        pl.col("person").alias("is_person"),
        "form",
        pl.when("person")
        .then(pl.lit("active"))
        .otherwise(pl.col("status").replace_strict(status, default=None))
        .alias("status"),
        "registered_on",
        pl.col("province").alias("province_code"),
        pl.col("subdistrict").str.slice(0, 4).alias("district_code"),
        pl.col("subdistrict").alias("subdistrict_code"),
        "tsic",
        (pl.col("capital_baht") * _SATANG).alias("capital_satang"),
        (pl.coalesce("revenue_baht", "true_revenue_baht") * _SATANG).alias("revenue_satang"),
        pl.col("accounts_year").is_not_null().alias("accounts_filed"),
        pl.col("workers").alias("worker_count"),
        "factory_types",
        "factory_class",
        "horsepower",
        pl.col("in_estate").fill_null(value=False),
        pl.col("is_s_curve").fill_null(value=False),
        "site_provinces",
        "green_level",
        "i40_level",
        "standards",
        "passed",
        *(pl.col(name).fill_null(0) for name in _NOUGHT),
    )


def true_sites(scene: Scene) -> pl.DataFrame:
    """One row a factory of the scene, ordered as the factories are.

    establishment, enterprise, factory_id, factory_type, factory_class, licensed_year (B.E.), province_code, subdistrict_code,
    estate, worker_count, horsepower, green_level and green_expires_on (the certificate, also when it has run out),
    open_order_kinds (list).
    """
    green = green_rows(scene.sites, scene).select("establishment", pl.col("expires").alias("green_expires_on"))
    orders = (
        order_rows(scene.sites, scene)
        .filter("is_open")
        .group_by("establishment")
        .agg(pl.col("order_kind").sort().alias("open_order_kinds"))
    )
    return (
        scene.sites.join(green, on="establishment", how="left", maintain_order="left")
        .join(orders, on="establishment", how="left", maintain_order="left")
        .select(
            "establishment",
            "enterprise",
            "factory_id",
            pl.col("type").alias("factory_type"),
            "factory_class",
            pl.col("licence_be").alias("licensed_year"),
            pl.col("province").alias("province_code"),
            pl.col("subdistrict").alias("subdistrict_code"),
            "estate",
            pl.col("site_workers").alias("worker_count"),
            "horsepower",
            "green_level",
            "green_expires_on",
            "open_order_kinds",
        )
    )
