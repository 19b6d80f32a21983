"""Splink 5 on DuckDB: scores the pairs of the residual. The one place that knows an engine.

DuckDB 2.0 leaves a result open after `fetchone`; registering a table then fails, so every result here is fetched whole.
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

from iindustry.linkage import blocking, comparisons, model, priors

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from iindustry.linkage.passes import IdPass

_SQL_LEVELS = """
SELECT {levels} FROM matched JOIN profiles AS l ON l.uid = matched.left_uid JOIN profiles AS r ON r.uid = matched.right_uid
"""


def level_counts(profiles: pl.DataFrame, matched: pl.DataFrame, *, threads: int) -> dict[str, dict[str, int]]:
    """How many matched pairs (left_uid, right_uid) reach each level, by comparison."""
    import polars as pl

    if matched.is_empty():
        return {}
    with _connection(threads) as connection:
        connection.register("profiles", profiles.drop("record_count").to_arrow())
        connection.register("matched", matched.to_arrow())
        names = _columns()
        sides = ", ".join(f"{side}.{name} AS {name}_{side}" for name in names for side in ("l", "r"))
        paired = _SQL_LEVELS.format(levels=sides)
        cases = ", ".join(f"{comparisons.level_case(one)} AS {one.name}" for one in comparisons.COMPARISONS)
        reached = pl.from_arrow(connection.sql(f"SELECT {cases} FROM ({paired})").to_arrow_table())  # noqa: S608 - our own table
    assert isinstance(reached, pl.DataFrame)  # noqa: S101 - for the type checker
    return {name: dict(reached[name].value_counts().iter_rows()) for name in reached.columns}


def score(
    profiles: pl.DataFrame, learnt: model.Model, numbers: IdPass, hidden: frozenset[int], *, threads: int
) -> tuple[pl.DataFrame, int]:
    """(scored pairs, keys dropped for being shared by too many).

    Pairs: left, right (profile numbers, lesser first), match_weight, match_probability (six places), the level reached
    by each comparison under its name, `is_person_left/right`, and `real`: false for pairs scored only because a number
    is hidden. Sorted by pair. A number that failed the name guard counts as none here.
    """
    import polars as pl

    doubted = sorted({uid for _, uid in numbers.doubted})
    bare = profiles.filter(~pl.col("site_only")).with_columns(
        scored_number=pl.when(~pl.col("uid").is_in(doubted)).then(pl.col("jid"))
    )
    loose = (bare["scored_number"].is_null() | bare["uid"].is_in(sorted(hidden))).alias("loose")
    keyed, dropped = blocking.keyed(bare, loose)
    raw = _predicted(keyed, learnt, threads)
    sides = bare.select("uid", "source", "is_person", "scored_number", formed=pl.col("named_b").is_not_null(),
        is_company=~pl.col("is_person") & (pl.col("form").is_not_null() | pl.col("jid").is_not_null()),
    )  # fmt: skip
    pairs = raw.select(
        left=pl.min_horizontal("uid_l", "uid_r"),
        right=pl.max_horizontal("uid_l", "uid_r"),
        match_weight=pl.col("match_weight").round(6),
        match_probability=pl.col("match_probability").round(6),
        **{one.name: _level(one) for one in comparisons.COMPARISONS},
    )
    for side in ("left", "right"):
        pairs = pairs.join(
            sides.drop("formed").rename(
                {"uid": side, "source": f"source_{side}", "is_person": f"is_person_{side}",
                 "is_company": f"is_company_{side}", "scored_number": f"scored_{side}"}
            ),
            on=side, how="left",
        )  # fmt: skip
    real = pl.col("scored_left").is_null() | pl.col("scored_right").is_null()
    shifted = priors.shifted(pairs.with_columns(real=real), sides, learnt.prior)
    weighed = priors.covered(shifted, sides, model.shipped()["coverage_bits"])
    return weighed.drop("scored_left", "scored_right", "source_left", "source_right").sort("left", "right"), dropped


def _level(one: comparisons.Comparison) -> pl.Expr:
    """Splink counts levels from the weakest, 0, upwards; -1 is missing."""
    import polars as pl

    names = {len(one.levels) - 1 - place: level.name for place, level in enumerate(one.levels)}
    return (
        pl.col(f"gamma_{one.name}")
        .cast(pl.Int64)
        .replace_strict(names, default=comparisons.MISSING, return_dtype=pl.Utf8)
    )


def _predicted(keyed: pl.DataFrame, learnt: model.Model, threads: int) -> pl.DataFrame:
    import polars as pl

    with _connection(threads) as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from splink import Linker
        from splink.backends.duckdb import DuckDBAPI

        logging.getLogger("splink").setLevel(logging.ERROR)
        api = DuckDBAPI(connection=connection)
        table = api.register(keyed.to_arrow(), dataset_display_name="profiles")
        linker = Linker(table, model.settings(learnt, blocking.rules()), log_level=None)
        for column in model.FREQUENCY_COLUMNS:
            known = api.register(model.frequencies(keyed, column).to_arrow())
            linker.table_management.register_term_frequency_lookup(known, column)
        predicted = linker.inference.predict(warning_mode="never")
        levels = ", ".join(f"gamma_{one.name}" for one in comparisons.COMPARISONS)
        strongest = len(comparisons.COMPARISONS[0].levels) - len(comparisons.SAME_NAME)
        wanted = f"match_weight >= {learnt.review_weight - priors.MOST_BITS} or gamma_name >= {strongest}"
        relation = predicted.as_duckdbpyrelation().filter(wanted)
        found = pl.from_arrow(
            relation.project(f"uid_l, uid_r, match_weight, match_probability, {levels}").to_arrow_table()
        )
    assert isinstance(found, pl.DataFrame)  # noqa: S101 - for the type checker
    return found


def _columns() -> list[str]:
    return ["core_b", "named_b", "skel_b", "num", "en_core", "en_skel", "prov", "dist", "sub", "phone", "form", "kind"]


def _connection(threads: int) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(":memory:", config={"threads": threads})
