"""The country that a linkage bench runs on: generated, handed over, and laid out for every contestant.

A contestant of ours reads the accepted rows of each delivery; the others read `flat.parquet`, the same rows with their raw
columns in one file. Parts of an address are cut at their usual marks there, which is kind to plain Splink.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

TEXTS = ("jid", "phone", "name_th", "name_en", "province", "district", "subdistrict", "date", "tsic", "factory")
_MARKS = {"province": "จ\\.|จังหวัด", "district": "อ\\.|อำเภอ|เขต", "subdistrict": "ต\\.|ตำบล|แขวง"}


def make(folder: Path, *, firms: int, seed: int, variant: str = "default") -> dict[str, Any]:
    """Generate a country, hand its files over in a home of its own, and lay out what the contestants read."""
    import polars as pl

    from iindustry.config.environment import environment
    from iindustry.config.supervisor import connected
    from iindustry.kernel.actors import SYSTEM
    from iindustry.kernel.clock import SystemClock

    noise, _, vocabulary = variant.partition("/")
    with connected("worker", makes_home=True):
        from iindustry.flows import services as flows
        from iindustry.flows.building import Handover
        from iindustry.generate.delivering import LINKAGE_MIX
        from iindustry.generate.services import make_country
        from iindustry.sources import services as sources

        mix = LINKAGE_MIX if noise != "few-registers" else ("dbd", "diw", "dip")
        made = make_country(
            folder / "country", enterprises=firms, seed=seed, registers=mix,
            noise=noise if noise != "few-registers" else "default", vocabulary=vocabulary or None,
        )  # fmt: skip
        given = [Handover(one.source, one.path, one.path.name, one.period, one.scope) for one in made.deliveries]
        flows.deliver_all(given, actor=SYSTEM, home=environment().paths, clock=SystemClock())
        kept = sources.in_force(home=environment().paths)
    (folder / "deliveries.pickle").write_bytes(pickle.dumps(kept))
    pl.read_parquet(made.truth).write_parquet(folder / "truth.parquet")
    flat = _flat_of(kept)
    flat.write_parquet(folder / "flat.parquet")
    return {"records": flat.height}


def deliveries(folder: Path) -> Sequence[Any]:
    """The deliveries in force that `make` laid out."""
    found: Sequence[Any] = pickle.loads((folder / "deliveries.pickle").read_bytes())  # noqa: S301 - our own file
    return found


def _flat_of(kept: Sequence[Any]) -> pl.DataFrame:
    import polars as pl

    flat = pl.concat([_flat(pl.read_parquet(one.accepted), one.source) for one in kept])
    return flat.unique("unique_id", keep="last", maintain_order=True)


def _flat(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """The raw columns of one register."""
    import polars as pl

    def column(*names: str) -> pl.Expr:
        there = [pl.col(name).cast(pl.Utf8) for name in names if name in frame.columns]
        return pl.coalesce(there) if there else pl.lit(None, pl.Utf8)

    def part(name: str) -> pl.Expr:
        return pl.coalesce(
            column(name), column("address", "site_address").str.extract(rf"(?:{_MARKS[name]})\s*([^\s]+)")
        )

    values = {
        "jid": column("juristic_id").str.replace_all(r"\D", ""), "phone": column("phone").str.replace_all(r"\D", ""),
        "name_th": column("name", "operator", "site_name"), "name_en": column("name_en").str.to_lowercase(),
        "province": part("province"), "district": part("district"), "subdistrict": part("subdistrict"),
        "date": column("registered_on"), "tsic": column("tsic"), "factory": column("factory_id"),
    }  # fmt: skip
    blank = [pl.when(values[name].str.len_chars() > 0).then(values[name]).alias(name) for name in TEXTS]
    return frame.select(pl.concat_str(pl.lit(source + "|"), "record_key").alias("unique_id"), *blank)
