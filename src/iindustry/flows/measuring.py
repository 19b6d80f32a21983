"""How right the links are: pairs of records joined, against the truth that the demo country knows of itself.

Real registers have no truth; there the strip shows no precision, and the review queue is what tells.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iindustry.kernel.home import current_version
from iindustry.kernel.whole import whole

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.home import Home
    from iindustry.linkage.evaluate import Quality

_KEYS = ("source", "record_key")


def measure(*, home: Home, truth: Path) -> Quality | None:
    """Precision and recall of the version in force, kept beside it as quality.json; None before the first version.

    `truth`: Parquet with source, record_key and the true owner of each record, as `generate` writes it.
    """
    from iindustry.linkage import evaluate

    version = current_version(home)
    if version is None:
        return None
    folder = home.register / version
    both = _owners(folder / "members.parquet", truth)
    quality = evaluate.measured(
        _pair_count(both, "found", "true"), _pair_count(both, "found"), _pair_count(both, "true")
    )
    facts = {
        "precision": quality.precision, "recall": quality.recall, "f1": quality.f1, "pairs": quality.pairs,
    }  # fmt: skip
    with whole(folder / "quality.json") as fresh:
        fresh.write_text(json.dumps(facts), encoding="utf-8")
    return quality


def _owners(members: Path, truth: Path) -> pl.DataFrame:
    """The enterprise found and the true one of every record that both know, as numbers: a nation has twenty million records."""
    import polars as pl

    said = pl.scan_parquet(truth)
    owner = next(name for name in said.collect_schema().names() if name not in _KEYS)
    found = pl.scan_parquet(members).select(*_KEYS, found=pl.col("enterprise_id").hash(seed=1))
    true = said.select(*_KEYS, true=pl.col(owner).cast(pl.Utf8).hash(seed=1))
    parts = []
    for source in sorted(said.select("source").unique().collect()["source"]):
        own = pl.col("source") == source
        joined = found.filter(own).join(true.filter(own), on="record_key", how="inner")
        parts.append(joined.select("found", "true").collect(engine="streaming"))
    return pl.concat(parts) if parts else pl.DataFrame(schema={"found": pl.UInt64, "true": pl.UInt64})


def _pair_count(owners: pl.DataFrame, *by: str) -> int:
    """Pairs of records that agree on these owners."""
    sizes = owners.group_by(by).len()["len"].cast(int)
    return int((sizes * (sizes - 1) // 2).sum())
