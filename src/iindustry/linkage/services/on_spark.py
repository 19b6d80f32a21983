"""Pairs made and scored on Spark: the SQL of `scoring`, in Spark's dialect, over Parquet in a folder that all workers see.

The driver makes profiles and keys, Spark joins keys to candidates, reaches levels and weighs, and the driver reads what is
kept. Candidates and levels are written between the steps: no plan is worked out twice, no checkpoint is needed, and Spark
does not write every level's condition into every weight, which grows past what Java takes as one method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.kernel.ids import new_id
from iindustry.linkage import dialects
from iindustry.linkage.services.scoring import (
    SQL_CANDIDATES,
    SQL_LEVELS,
    SQL_PAIRS,
    SQL_REACHED,
    SQL_RULES,
    SQL_SCORED,
    Made,
)

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from iindustry.linkage.services.scoring import Asked
    from iindustry.standardise.spark import Spark


@dataclass(frozen=True, slots=True)
class OnSpark:
    """`scoring.Engine` on an open session."""

    spark: Spark

    def reached(self, profiles: pl.DataFrame, matched: pl.DataFrame, *, sides: str, levels: str) -> pl.DataFrame:
        """The number of the level that each matched pair reaches, by comparison."""
        self._view("profiles", profiles)
        self._view("matched", matched)
        return self._made("levels", SQL_LEVELS.format(sides=sides, levels=dialects.spark(levels)))

    def made(self, asked: Asked) -> Made:
        """Every pair that shares a key, and those worth keeping with level and weight."""
        import polars as pl

        self._view("postings", asked.postings.take().with_columns(pl.col("key").reinterpret(signed=True)))
        self._view("profiles", asked.profiles.take())
        candidates = self._written("candidates", SQL_CANDIDATES.format(chunks=1, chunk=0))
        self.spark.read(candidates).createOrReplaceTempView("candidates")
        reached = 0
        if asked.known is not None:
            self._view("asked", asked.known)
            reached = int(self._made("reached", SQL_REACHED)["pairs"].sum())
        in_dialect = {name: dialects.spark(text) for name, text in asked.sql.items()}
        for name in ("weight", "alone", "least"):
            in_dialect[name] = dialects.spark_weight(asked.sql[name])
        levels = self._written("pairs", SQL_PAIRS.format(**in_dialect))
        self.spark.read(levels).createOrReplaceTempView("reached")
        return Made(self._made("scored", SQL_SCORED.format(**in_dialect)), self._made("rules", SQL_RULES), reached)

    def _view(self, name: str, frame: pl.DataFrame) -> None:
        """A frame of the driver as a table of the session, by way of the folder."""
        path = self.spark.folder / f"{name}-{new_id()}.parquet"
        frame.write_parquet(path)
        self.spark.read(path).createOrReplaceTempView(name)

    def _written(self, name: str, sql: str) -> Path:
        return self.spark.write(self.spark.session.sql(dialects.spark(sql)), name)

    def _made(self, name: str, sql: str) -> pl.DataFrame:
        """What a query gives, brought back by Parquet."""
        import polars as pl

        return pl.read_parquet(self._written(name, sql) / "*.parquet")
