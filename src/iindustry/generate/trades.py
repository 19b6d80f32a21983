"""Which trade a firm is in: target industries as DIW counts them in each province, all others by the country's mix."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from iindustry.generate import calibration

if TYPE_CHECKING:
    from iindustry.generate.chance import Chance

_TARGET_SHARE = 0.5  # of makers in a target industry, the country over; assumed


def _table() -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = calibration.document("trades.yaml")["trades"]
    return table


def programmes() -> list[str]:
    """Names of the promotion programmes of the demo country."""
    return list(calibration.document("trades.yaml")["programmes"])


@cache
def frame() -> pl.DataFrame:
    """One row a trade: types, tsics, words_th, words_en, makes, standard_nos, standard_names (lists)."""
    return pl.DataFrame(
        [
            {
                "trade": key,
                "types": row["types"],
                "tsics": row["tsic"],
                "words_th": [word[0] for word in row["words"]],
                "words_en": [word[1] for word in row["words"]],
                "makes": row["makes"],
                "standard_nos": [standard[0] for standard in row["standards"]],
                "standard_names": [standard[1] for standard in row["standards"]],
            }
            for key, row in _table().items()
        ],
        schema_overrides={"standard_nos": pl.List(pl.Utf8), "standard_names": pl.List(pl.Utf8)},
    )


@cache
def _weights() -> pl.DataFrame:
    """One row a (province, trade): `upto`, the share of that province's trades up to and with this one."""
    table = _table()
    rows = []
    by_group: dict[str, float] = {}
    for trade in table.values():
        group = trade.get("s_curve")
        by_group[group or ""] = by_group.get(group or "", 0.0) + trade["weight"]
    for province in calibration.province_mix():
        counts = {
            name: float(count) for name, count in province.items() if name not in {"province_code", "new_juristic"}
        }
        in_all = sum(counts.values())
        running = 0.0
        for key, trade in table.items():
            group = trade.get("s_curve")
            share = (counts[group] / in_all) * _TARGET_SHARE if group else 1 - _TARGET_SHARE
            running += share * trade["weight"] / by_group[group or ""]
            rows.append({"province": province["province_code"], "upto": running, "trade": key})
    return pl.DataFrame(rows)


def with_trade(enterprises: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Adds `trade` and its lists to a frame with `province`; keeps the order of `i`."""
    provinces, edges, trades = _table_of_draws()
    place = pl.col("province").replace_strict(provinces, return_dtype=pl.Float64) + chance.uniform("trade").clip(
        0, 0.999999
    )
    index = pl.lit(edges).search_sorted(place, side="right").clip(0, trades.len() - 1)
    drawn = enterprises.with_columns(pl.lit(trades).gather(index).alias("trade"))
    return drawn.join(frame(), on="trade", how="left", maintain_order="left")


@cache
def _table_of_draws() -> tuple[dict[str, float], pl.Series, pl.Series]:
    """Provinces numbered from 0, and for each draw `province + u` the edge below which a trade lies: one search for all."""
    weights = _weights()
    provinces = {code: float(number) for number, code in enumerate(weights["province"].unique(maintain_order=True))}
    laid = weights.with_columns(
        (pl.col("province").replace_strict(provinces, return_dtype=pl.Float64) + pl.col("upto")).alias("edge")
    ).sort("edge")
    return provinces, laid["edge"], laid["trade"]
