"""Scores the pairs of the residual, on DuckDB unless another engine is handed in (`Engine`).

Conditions of levels are the table's own SQL; Splink, given `model.settings`, gives the same weights (a test holds them
equal). DuckDB 2.0 leaves a result open after `fetchone`; registering a table then fails, so every result is fetched whole.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from iindustry.kernel.ids import new_id
from iindustry.linkage import blocking, comparisons, deciding, model, priors
from iindustry.linkage.facets import FACTORIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb
    import polars as pl

_MEMORY = "2GiB"
_PROFILES_A_PART = 1_500_000

SQL_LEVELS = """
SELECT {levels} FROM (
    SELECT {sides} FROM matched
    JOIN profiles AS l ON l.uid = matched.left_uid JOIN profiles AS r ON r.uid = matched.right_uid
)
"""
SQL_CANDIDATES = """
SELECT l.uid AS left_uid, r.uid AS right_uid, bit_or(1::INTEGER << l.rule) AS rules
FROM postings AS l JOIN postings AS r ON l.key = r.key AND l.uid < r.uid AND (l.loose OR r.loose)
WHERE l.uid % {chunks} = {chunk}
GROUP BY ALL
"""
SQL_RULES = "SELECT rules, count(*) AS pairs FROM candidates GROUP BY ALL ORDER BY ALL"
SQL_REACHED = """
SELECT count(*) AS pairs FROM candidates JOIN asked ON left_uid = asked."left" AND right_uid = asked."right"
"""
SQL_PAIRS = """
SELECT left_uid, right_uid, {shares}, {levels} FROM (
    SELECT matched.left_uid, matched.right_uid, {sides} FROM candidates AS matched
    JOIN profiles AS l ON l.uid = matched.left_uid JOIN profiles AS r ON r.uid = matched.right_uid
)
"""
SQL_SCORED = """
SELECT * FROM (
    SELECT left_uid AS "left", right_uid AS "right", {weight} AS match_weight, {alone} AS alone_weight, {names} FROM reached
)
WHERE match_weight >= {least} OR "name" BETWEEN 0 AND {same}
"""


@dataclass(frozen=True, slots=True)
class Scored:
    """What scoring found, before candidates are weighed against each other (`priors.settled`).

    pairs: left, right (profile numbers, lesser first), match_weight (bits under the model's prior), alone_weight, the
    level reached by each comparison under its name, and of both sides `source_…`, `number_…`, `named_…`, `is_person_…`,
    `is_company_…`. Sorted by pair. sides: uid, source, number, named of every profile that could be scored. Levels and
    sources are Enums (a byte each) and a number is its place among the numbers: a nation has millions of pairs.
    looked: what blocking made.
    """

    pairs: pl.DataFrame
    sides: pl.DataFrame
    looked: Looked

    @property
    def rules(self) -> pl.DataFrame:
        """`Looked.rules`."""
        return self.looked.rules


class Handed:
    """A frame that is taken once: whoever hands it over holds it no longer."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame: pl.DataFrame | None = frame

    def take(self) -> pl.DataFrame:
        """The frame. RuntimeError where it was taken before."""
        frame, self._frame = self._frame, None
        if frame is None:
            raise RuntimeError("a frame that was handed over is taken once")
        return frame


@dataclass(frozen=True, slots=True)
class Asked:
    """What an engine scores.

    postings: uid, rule, key, loose. profiles: uid, the compared columns, shares. known: left, right of true pairs, or None.
    sql: what `SQL_PAIRS` and `SQL_SCORED` leave open. parts: into how many the work is cut on one computer.
    """

    postings: Handed
    profiles: Handed
    known: pl.DataFrame | None
    sql: Mapping[str, str]
    parts: int


@dataclass(frozen=True, slots=True)
class Made:
    """What an engine gives back.

    pairs: the columns of `SQL_SCORED`. counts: those of `SQL_RULES`. reached: how many of the known pairs are candidates.
    """

    pairs: pl.DataFrame
    counts: pl.DataFrame
    reached: int


class Engine(Protocol):
    """Runs the SQL of this module: here, or on many computers (`on_spark`). Equal answers within 1e-6 of a weight."""

    def reached(self, profiles: pl.DataFrame, matched: pl.DataFrame, *, sides: str, levels: str) -> pl.DataFrame:
        """`SQL_LEVELS` over profiles and matched pairs."""

    def made(self, asked: Asked) -> Made:
        """`SQL_CANDIDATES`, and of them `SQL_SCORED`, `SQL_RULES` and `SQL_REACHED`."""


@dataclass(frozen=True, slots=True)
class OnDuckDB:
    """The engine of one computer."""

    threads: int

    def reached(self, profiles: pl.DataFrame, matched: pl.DataFrame, *, sides: str, levels: str) -> pl.DataFrame:
        """As `Engine` says."""
        with connection(self.threads) as opened:
            opened.register("profiles", profiles.to_arrow())
            opened.register("matched", matched.to_arrow())
            return _frame(opened.sql(SQL_LEVELS.format(levels=levels, sides=sides)))

    def made(self, asked: Asked) -> Made:
        """As `Engine` says. Part by part, so that memory stays bounded."""
        import polars as pl

        sql = f"WITH reached AS ({SQL_PAIRS.format(**asked.sql)}) {SQL_SCORED.format(**asked.sql)}"
        found, counts, reached = [], [], 0
        with connection(self.threads) as opened:
            _tabled(opened, "profiles", asked.profiles)
            _tabled(opened, "postings", asked.postings)
            if asked.known is not None:
                opened.register("asked", asked.known.to_arrow())
            for part in range(asked.parts):
                candidates = SQL_CANDIDATES.format(chunks=asked.parts, chunk=part)
                opened.execute(f"CREATE OR REPLACE TABLE candidates AS {candidates}")
                found.append(_frame(opened.sql(sql)))
                counts.append(_frame(opened.sql(SQL_RULES)))
                reached += int(_frame(opened.sql(SQL_REACHED))["pairs"].sum()) if asked.known is not None else 0
        return Made(pl.concat(found), pl.concat(counts), reached)


@dataclass(frozen=True, slots=True)
class Looked:
    """What blocking made.

    rules: rule, pairs (made by it), alone (by it only). dropped: keys shared by too many. ceiling: the share of known true
    pairs that are looked at at all; None where none are known. pairs: how many were kept.
    """

    rules: pl.DataFrame
    dropped: int
    ceiling: float | None
    pairs: int


def level_counts(profiles: pl.DataFrame, matched: pl.DataFrame, *, engine: Engine) -> dict[str, dict[str, int]]:
    """How many matched pairs (left_uid, right_uid) reach each level, by comparison."""
    import polars as pl

    if matched.is_empty():
        return {}
    compared = profiles.select("uid", *comparisons.compared_columns())
    reached = engine.reached(compared, matched, sides=_sides(), levels=_levels())
    named = reached.select(level_name(one).alias(one.name) for one in comparisons.COMPARISONS)
    return {name: dict(named[name].cast(pl.Utf8).value_counts().sort(name).iter_rows()) for name in named.columns}


def score(
    profiles: pl.DataFrame,
    learnt: model.Model,
    frequencies: Mapping[str, pl.DataFrame],
    *,
    doubted: pl.Series,
    hidden: pl.Series,
    asked: pl.DataFrame,
    engine: Engine,
) -> Scored:
    """Score every pair that shares a key. `doubted`: profiles whose number failed the name guard counts as none here.

    `hidden`: profiles whose number is looked past to measure quality. `asked`: left, right of true pairs; how many of them
    are looked at is the ceiling of blocking.
    """
    import polars as pl

    bare = profiles.filter(~pl.col("site_only")).with_columns(
        number=pl.when(~pl.col("uid").is_in(doubted.implode())).then(pl.col("jid")).rank("dense").cast(pl.UInt32)
    )
    del profiles
    sides = bare.select("uid", source_kind(bare["source"]).alias("source"), "is_person", "number", **deciding.sides())
    loose = pl.col("number").is_null() | pl.col("uid").is_in(hidden.implode())
    given = Handed(bare.with_columns(loose=loose))
    del bare
    raw, looked = predicted(given, learnt, frequencies, engine, asked)
    pairs = raw.sort("left", "right")
    del raw
    for side in ("left", "right"):
        renamed = sides.rename({name: f"{name}_{side}" for name in sides.columns if name != "uid"} | {"uid": side})
        pairs = pairs.hstack(attached(pairs, renamed, side))
    return Scored(pairs, sides.select("uid", "source", "number", "named"), looked)


def predicted(
    given: pl.DataFrame | Handed,
    learnt: model.Model,
    frequencies: Mapping[str, pl.DataFrame],
    engine: Engine,
    asked: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, Looked]:
    """(left, right, match_weight under the model's prior, alone_weight, levels; what blocking made).

    Pairs far below the review weight are left out, unless they have an equal name. Work is done in as many parts as keep
    memory bounded.
    """
    import polars as pl

    bare = given.take() if isinstance(given, Handed) else given
    del given
    parts = 1 + bare.height // _PROFILES_A_PART
    postings, dropped = blocking.posted(bare)
    postings = postings.hstack(attached(postings, bare.select("uid", "loose"), "uid"))
    columns = comparisons.compared_columns()
    faces = bare.select("uid", *sorted({*columns, *model.FREQUENCY_COLUMNS}))
    del bare
    for column, share in frequencies.items():
        faces = faces.hstack(attached(faces, share, column))
    shares = [f"tf_{column}" for column in model.FREQUENCY_COLUMNS]
    handed = Handed(postings), Handed(faces.select("uid", *columns, *shares))
    del postings, faces
    made = engine.made(Asked(*handed, asked, _scored_sql(learnt, frequencies, shares), parts))
    return (
        made.pairs.with_columns(pl.col("match_weight").round(6), *(level_name(one) for one in comparisons.COMPARISONS)),
        Looked(
            by_rule(made.counts),
            dropped,
            round(made.reached / asked.height, 6) if asked is not None and asked.height else None,
            made.pairs.height,
        ),
    )


def _scored_sql(learnt: model.Model, frequencies: Mapping[str, pl.DataFrame], shares: list[str]) -> dict[str, str]:
    """What `SQL_PAIRS` and `SQL_SCORED` leave open."""
    rarest = {
        column: cast("float", share[f"tf_{column}"].min() or 1.0)
        for column, share in frequencies.items()
        if share.height
    }
    return {
        "sides": _sides(shares),
        "shares": ", ".join(f"{name}_{side}" for name in shares for side in ("l", "r")),
        "levels": _levels(),
        "names": ", ".join(f'"{one.name}"' for one in comparisons.COMPARISONS),
        "weight": weight_sql(learnt),
        "alone": weight_sql(learnt, rarest),
        "least": repr(learnt.review_weight - priors.MOST_BITS),
        "same": str(len(comparisons.SAME_NAME) - 1),
    }


def weight_sql(learnt: model.Model, rarest: Mapping[str, float] | None = None) -> str:
    """The weight of a pair by its levels, as SQL over their numbers and the sides' frequencies.

    `rarest`: by column, the share that every value takes instead of its own.
    """
    parts = [repr(model.bits(learnt.prior))]
    for one in comparisons.COMPARISONS:
        whens = []
        for place, level in enumerate(one.levels):
            m, u = learnt.m[one.name][level.name], repr(learnt.u[one.name][level.name])
            if level.frequency:
                own = f"greatest(tf_{level.frequency}_l, tf_{level.frequency}_r)"
                u = f"coalesce({own}, {u})" if rarest is None else str(rarest.get(level.frequency, u))
            whens.append(f"WHEN {place} THEN log2({m!r} / {u})")
        parts.append(f'CASE "{one.name}" {" ".join(whens)} ELSE 0.0 END')
    return " + ".join(parts)


def by_rule(counted: pl.DataFrame) -> pl.DataFrame:
    """rule, pairs, alone: how many pairs each rule made, and how many no other rule did. In: rules (bits), pairs."""
    import polars as pl

    rows = []
    for rule, name in enumerate(blocking.KEYS):
        made = counted.filter((pl.col("rules") // 2**rule) % 2 == 1)
        alone = made.filter(pl.col("rules") == 2**rule)
        rows.append((name, int(made["pairs"].sum()), int(alone["pairs"].sum())))
    return pl.DataFrame(rows, schema={"rule": pl.Utf8, "pairs": pl.Int64, "alone": pl.Int64}, orient="row")


def attached(frame: pl.DataFrame, more: pl.DataFrame, on: str) -> pl.DataFrame:
    """The other columns of `more`, whose `on` comes once, for each row of a frame: a join that copies nothing of the frame."""
    return frame.select(on).join(more, on=on, how="left", maintain_order="left").drop(on)


def level_name(one: comparisons.Comparison) -> pl.Expr:
    """The names of levels from their numbers, as `level_kind`."""
    import polars as pl

    names = {place: level.name for place, level in enumerate(one.levels)}
    return pl.col(one.name).cast(pl.Int64).replace_strict(names, default=comparisons.MISSING, return_dtype=level_kind())


@cache
def level_kind() -> pl.Enum:
    """The names of all levels of all comparisons as one type: a byte a pair and comparison."""
    import polars as pl

    levels = (level.name for one in comparisons.COMPARISONS for level in one.levels)
    return pl.Enum(list(dict.fromkeys([comparisons.MISSING, *levels])))


def as_text() -> list[pl.Expr]:
    """The levels of all comparisons as texts again, for what leaves a run."""
    import polars as pl

    return [pl.col(one.name).cast(pl.Utf8) for one in comparisons.COMPARISONS]


def source_kind(sources: pl.Series) -> pl.Series:
    """Names of sources as one type, in alphabetical order."""
    import polars as pl

    return sources.cast(pl.Enum(sorted({*sources.unique().to_list(), FACTORIES})))


def connection(threads: int, memory: str = _MEMORY) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory with its limits; what does not fit goes to a temporary folder of its own, gone when it is closed."""
    import duckdb

    folder = Path(tempfile.gettempdir()) / f"i-industry-pairs-{new_id()}"
    return duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": memory,
            "preserve_insertion_order": False,
            "temp_directory": str(folder),
        },
    )


def _tabled(opened: duckdb.DuckDBPyConnection, name: str, handed: Handed) -> None:
    """A frame as a table, by way of a file: so neither the frame nor a copy of it lies beside the table."""
    with tempfile.TemporaryDirectory(prefix="i-industry-pairs-") as folder:
        path = Path(folder) / f"{name}.parquet"
        handed.take().write_parquet(path, compression="lz4", statistics=False)
        opened.read_parquet(str(path)).create(name)


def _levels() -> str:
    return ", ".join(f'{comparisons.level_case(one)} AS "{one.name}"' for one in comparisons.COMPARISONS)


def _sides(more: list[str] | None = None) -> str:
    names = [*comparisons.compared_columns(), *(more or [])]
    return ", ".join(f"{side}.{name} AS {name}_{side}" for name in names for side in ("l", "r"))


def _frame(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    import polars as pl

    found = pl.from_arrow(relation.to_arrow_table())
    assert isinstance(found, pl.DataFrame)  # noqa: S101 - for the type checker
    return found
