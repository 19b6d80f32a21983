"""What the worth of linking is measured on: the true firms as a register, and the records as each contestant joins them.

A contestant is a frame source, record_key, cluster. Its register is made by the platform's own survivorship and
establishments, so that two contestants differ by their clusters alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import polars as pl

    from iindustry.register.buckets import Facts

KEY = ("source", "record_key")
FACTORY_REGISTER = "diw"
SEED = 1
_STATUS = {"active": "active", "deserted": "suspended", "closed": "closed"}
_BE = 543


def true_register(country: Path, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enterprises and establishments as the register writes them, every field from what is true of the firm on this day.

    Read from the generator's own facts, not from any record. Classes of size, zones and target groups are worked out of them
    by the register's rules; workers are those of the firm, also where no factory counts them.
    """
    import polars as pl

    from iindustry.reference import estates
    from iindustry.register import derive, wide
    from iindustry.standardise.words import LEGAL_KIND_OF_FORM

    facts = pl.read_parquet(country / "truth" / "facts.parquet").with_row_index("subject")
    sites = pl.read_parquet(country / "truth" / "sites.parquet").with_row_index("subject")
    known = {one: estates.find(one) for one in sites["estate"].drop_nulls().unique()}
    of_firms = {
        "entity.juristic_id": pl.col("juristic_id"),
        "entity.legal_kind": pl.col("form").replace_strict(LEGAL_KIND_OF_FORM, default=None, return_dtype=pl.Utf8),
        "entity.status": pl.col("status").replace_strict(_STATUS, default=None, return_dtype=pl.Utf8),
        "entity.registered_on": pl.col("registered_on"),
        "entity.tsic": pl.col("tsic"),
        "entity.seat": pl.col("subdistrict_code"),
        "entity.province": pl.col("province_code"),
        "entity.capital_satang": pl.col("capital_satang"),
        "entity.revenue_satang": pl.col("revenue_satang"),
        "participation.programmes": pl.col("passed"),
        "standard.licences": pl.col("standards"),
    }
    of_sites = {
        "factory.factory_class": pl.col("factory_class"),
        "factory.factory_type": pl.col("factory_type"),
        "factory.licensed_year": pl.col("licensed_year") - _BE,
        "factory.province": pl.col("province_code"),
        "factory.district": pl.col("subdistrict_code").str.slice(0, 4),
        "factory.subdistrict": pl.col("subdistrict_code"),
        "factory.worker_count": pl.col("worker_count"),
        "factory.horsepower": pl.col("horsepower"),
        "standard.green_level": pl.col("green_level"),
        "standard.green_expires_on": pl.col("green_expires_on"),
        "area.estate": pl.col("estate").replace_strict(known, default=None, return_dtype=pl.Utf8),
    }
    golden = _golden(facts, of_firms, day) | _golden(sites, of_sites, day)
    silent = _silences(day)
    subject = facts.select("subject", enterprise_id="enterprise", newest_on=pl.lit(day))
    place = sites.select(
        "subject",
        "factory_id",
        establishment_id="establishment",
        enterprise_id="enterprise",
        newest_on=pl.lit(day),
    )
    broad = wide.spread(subject, "enterprise", golden, silent)
    broad_sites = wide.spread(place, "establishment", golden, silent)
    broad_sites = wide.with_derived(broad_sites, "establishment", derive.of_establishments(broad_sites))
    broad = wide.with_derived(broad, "enterprise", derive.of_enterprises(broad, broad_sites))
    workers = facts.select(enterprise_id="enterprise", entity__worker_count="worker_count")
    whole = broad.drop("entity__worker_count").join(workers, on="enterprise_id", how="left")
    return whole.with_columns(pl.lit(day).alias("entity__worker_count__as_of")), broad_sites


def _golden(frame: pl.DataFrame, values: Mapping[str, pl.Expr], day: date) -> dict[str, pl.DataFrame]:
    import polars as pl

    return {
        field: frame.select("subject", value.alias("value"), pl.lit(day).alias("as_of")).drop_nulls("value")
        for field, value in values.items()
    }


def _silences(day: date) -> dict[str, tuple[str, date]]:
    from iindustry.reference.fields import FIELDS
    from iindustry.register.statements import nothing_of

    return {one.name: (nothing, day) for one in FIELDS if (nothing := nothing_of(one)) is not None}


def registers_of(
    found: pl.DataFrame, identities: pl.DataFrame, rows: Mapping[str, pl.DataFrame], facts: Facts
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The register that the clusters of `found` make of the rows of the sources in `facts`: enterprises, establishments.

    A register without the factory register's own list does not say how many factories there are.
    """
    import polars as pl

    from iindustry.linkage.sites import establishment_ids
    from iindustry.register.assemble import assemble

    own = {source: rows[source] for source in facts.by_source}
    owned = found.filter(pl.col("source").is_in(list(own))).rename({"cluster": "enterprise_id"})
    placed = establishment_ids(owned.join(identities.select(*KEY, "factory_id"), on=KEY, how="left"), None, SEED)
    members = owned.join(placed, on=KEY, how="left").select(
        *KEY, "enterprise_id", "establishment_id",
        pl.lit("model").alias("link_ground"), pl.lit(None, pl.Float64).alias("match_probability"),
    )  # fmt: skip
    made = assemble(members, own, facts=facts, yielding=pl.Series("enterprise_id", [], dtype=pl.Utf8))
    unlisted = [] if FACTORY_REGISTER in own else [
        name for name in made.enterprises.columns if name.startswith("entity__establishment_count")
    ]  # fmt: skip
    return made.enterprises.drop(unlisted), made.establishments


def by_exact_ids(identities: pl.DataFrame) -> pl.DataFrame:
    """Records of an equal valid 13-digit number or an equal factory number are one, and nothing else is."""
    import polars as pl

    number = pl.when(pl.col("id_state") == "valid").then(pl.coalesce("juristic_id", "person_tag"))
    nodes = (
        identities.unique(KEY, keep="last", maintain_order=True)
        .with_row_index("node")
        .select(*KEY, "node", number=number, factory=pl.col("factory_id"), cluster=pl.col("node"))
    )
    while True:
        least = nodes
        for name in ("number", "factory"):
            lowest = pl.when(pl.col(name).is_not_null()).then(pl.col("cluster").min().over(name))
            least = least.with_columns(cluster=pl.coalesce(lowest, "cluster"))
        if least["cluster"].equals(nodes["cluster"]):
            return nodes.select(*KEY, pl.col("cluster").cast(pl.Utf8))
        nodes = least


def one_register(identities: pl.DataFrame, source: str) -> pl.DataFrame:
    """The records of one register, those of an equal valid number as one."""
    import polars as pl

    exact = by_exact_ids(identities.filter(pl.col("source") == source).with_columns(factory_id=pl.lit(None, pl.Utf8)))
    return exact.select(*KEY, "cluster")


def by_splink(flat: Path, weight: float) -> pl.DataFrame:
    """As plain Splink with factory numbers joins them at a fixed weight."""
    import polars as pl
    from plain_splink import clusters, predicted

    key = pl.col("unique_id").str.split_exact("|", 1)
    found = clusters(*predicted(flat, with_factory=True), weight)
    return found.select(
        key.struct[0].alias("source"), key.struct[1].alias("record_key"), cluster=pl.col("cluster_id").cast(pl.Utf8)
    )


def by_us(identities: pl.DataFrame) -> pl.DataFrame:
    """As the platform joins them without a person's help."""
    from iindustry.linkage import services as linkage

    linked: Any = linkage.link(identities, threads=2)
    return linked.members.select(*KEY, cluster="enterprise_id")


def by_truth(truth: pl.DataFrame) -> pl.DataFrame:
    """As they should be joined: what is wrong then is wrong in the records themselves."""
    return truth.select(*KEY, cluster="enterprise")


def owners(found: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """enterprise_id, firm: the true firm of most of a cluster's records; of equally many, the least."""
    import polars as pl

    counted = found.join(truth.select(*KEY, firm="enterprise"), on=KEY).group_by("cluster", "firm").len()
    return (
        counted.sort("cluster", "len", "firm", descending=[False, True, False])
        .unique("cluster", keep="first", maintain_order=True)
        .select(pl.col("cluster").alias("enterprise_id"), "firm")
    )


def sums(country: Path, programmes: Sequence[Any], day: date) -> dict[str, int | None]:
    """Programme to what it gives a firm, satang; None where its document names no sum (advice, half of a fee).

    A loan: the median asked of past applications for it, at most the ceiling of its document.
    """
    import polars as pl

    from iindustry.programmes.closures import context

    past = pl.read_parquet(country / "past" / "history.parquet", columns=["product_id", "requested_satang"])
    typical = dict(past.group_by("product_id").agg(pl.col("requested_satang").median()).iter_rows())
    found: dict[str, int | None] = {}
    for one in programmes:
        ceiling = context(one.parameters, day).parameters.get("amount_max_satang")
        asked = typical.get(one.id)
        found[one.id] = None if ceiling is None else min(ceiling, int(asked) if asked else ceiling)
    return found
