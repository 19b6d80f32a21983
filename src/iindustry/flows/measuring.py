"""How right the links are: pairs of records joined, against the truth that the demo country knows of itself.

Real registers have no truth; there the strip shows no precision, and the review queue is what tells.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iindustry.kernel.home import current_version

if TYPE_CHECKING:
    from pathlib import Path

    from iindustry.kernel.home import Home
    from iindustry.linkage.evaluate import Quality


def measure(*, home: Home, truth: Path) -> Quality | None:
    """Precision and recall of the version in force, kept beside it as quality.json; None before the first version.

    `truth`: Parquet with source, record_key and the true owner of each record, as `generate` writes it.
    """
    import polars as pl

    from iindustry.linkage import evaluate

    version = current_version(home)
    if version is None:
        return None
    folder = home.register / version
    quality = evaluate.pairs(pl.read_parquet(folder / "members.parquet"), pl.read_parquet(truth))
    facts = {
        "precision": quality.precision, "recall": quality.recall, "f1": quality.f1, "pairs": quality.pairs,
    }  # fmt: skip
    part = folder / ".quality.json.part"
    part.write_text(json.dumps(facts), encoding="utf-8")
    part.rename(folder / "quality.json")
    return quality
