"""What is measured record by record through numbers is what comparing clusters pair by pair gives."""

from __future__ import annotations

import json
import random

import polars as pl
import pytest

from iindustry.flows.measuring import measure
from iindustry.linkage import evaluate


@pytest.mark.parametrize("seed", range(5))
def test_measuring_is_comparing_every_pair(home, seed):
    chance = random.Random(seed)
    keys = [(source, str(number)) for source in ("dbd", "diw") for number in range(60)]
    true = {key: f"T{chance.randrange(30)}" for key in keys}
    rows = [
        (*key, true[key].replace("T", "ENT-") if chance.random() < 0.8 else f"ENT-{chance.randrange(30)}")
        for key in keys
    ]
    members = pl.DataFrame(rows[:110], schema=["source", "record_key", "enterprise_id"], orient="row")
    truth = pl.DataFrame(
        [(*key, owner, None) for key, owner in true.items()],
        schema={"source": pl.Utf8, "record_key": pl.Utf8, "enterprise": pl.Utf8, "establishment": pl.Utf8}, orient="row",
    )  # fmt: skip
    folder = home.register / "r1"
    folder.mkdir(parents=True)
    members.write_parquet(folder / "members.parquet")
    truth.write_parquet(home.root / "truth.parquet")
    (home.register / "CURRENT").write_text("r1")
    found = measure(home=home, truth=home.root / "truth.parquet")
    assert found == evaluate.pairs(members, truth)
    assert json.loads((folder / "quality.json").read_text())["pairs"] == found.pairs > 0
