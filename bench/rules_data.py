"""One table of facts and one set of rules, which every engine of the rules bench is given in its own words.

Twenty programmes of five conditions over twelve facts; the shares of missing values are chosen here, not Thailand's. Facts
stand as whole numbers: codes by number, money in baht thousands, flags 0 and 1; a missing one is null.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SEED = 20261122
PROGRAMMES, CONDITIONS = 20, 5
FACTS: dict[str, tuple[int, float]] = {
    # name: (values are 0 to this, share that is missing)
    "status": (2, 0.05), "sector": (1, 0.10), "size": (3, 0.15), "province": (76, 0.0), "legal": (3, 0.02),
    "revenue": (1_000_000, 0.35), "capital": (200_000, 0.10), "workers": (500, 0.20), "age": (600, 0.10),
    "green": (5, 0.0), "exports": (100_000, 0.60), "arrears": (1, 0.30),
}  # fmt: skip
NAMED = ("status", "sector", "size", "province", "legal")
OPERATORS = ("ge", "le", "eq", "in")


def rules(seed: int = SEED) -> list[dict[str, Any]]:
    """The programmes: each has `id` and `conditions`, each of those `fact`, `op` (eq, ge, le, in) and `value`."""
    chance = random.Random(seed)  # noqa: S311 - a bench, no secret
    found = []
    for number in range(PROGRAMMES):
        facts = chance.sample(sorted(FACTS), CONDITIONS)
        found.append({"id": f"P{number:02d}", "conditions": [_condition(fact, chance) for fact in facts]})
    return found


def _condition(fact: str, chance: random.Random) -> dict[str, Any]:
    most, _ = FACTS[fact]
    if fact in NAMED:
        members = sorted(chance.sample(range(most + 1), max(1, (most + 1) * 2 // 3)))
        return {"fact": fact, "op": "in", "value": members}
    if most == 1:
        return {"fact": fact, "op": "eq", "value": 0}
    op = chance.choice(("ge", "le"))
    share = chance.uniform(0.05, 0.4)
    return {"fact": fact, "op": op, "value": int(most * share) if op == "ge" else int(most * (1 - share))}


def write(folder: Path, size: int, seed: int = SEED) -> None:
    """The facts as `facts.parquet`, the rules as `rules.json`."""
    import polars as pl

    columns = {}
    for number, (fact, (most, missing)) in enumerate(FACTS.items()):
        draw = pl.int_range(size, dtype=pl.UInt64, eager=True).hash(seed + number)
        value = (draw % (most + 1)).cast(pl.Int32)
        absent = (draw // 1_000_003 % 10_000) < int(missing * 10_000)
        columns[fact] = pl.select(pl.when(~absent).then(value)).to_series()
    pl.DataFrame(columns).write_parquet(folder / "facts.parquet")
    (folder / "rules.json").write_text(json.dumps(rules(seed)), encoding="ascii")
