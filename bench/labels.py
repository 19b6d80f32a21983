"""Precision and recall on real pairs that readers have labelled (tests/labels/RULE.md says how).

The real registers are delivered, standardised and linked as on any day; then each labelled pair is looked up. Pairs stand as keyed
hashes of their two numbers. Each stratum was drawn with its own share, so a pair counts for as many as it stands for; intervals
(95 %) are percentiles of 2,000 draws with replacement within the strata, seed fixed. Without the extracts it says NOT RUN.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import importlib.util
import json
import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import ROOT, WORK, circumstances, percentile, table, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LABELS = ROOT / "tests" / "labels"
DRAWS, SEED = 2000, 20261122
JOINED, ASKED, APART = "joined", "asked", "apart"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A pair that was read. `weight`: how many pairs of its stratum it stands for. `fate`: what linking made of it."""

    stratum: str
    is_match: bool
    weight: float
    fate: str


def main() -> None:
    extracts = os.environ.get("IINDUSTRY_REAL_DATA")  # noqa: TID251 - where the extracts lie, as in the tests
    if not extracts:
        print("NOT RUN: labelled pairs, since the real extracts are not here; IINDUSTRY_REAL_DATA names their folder")
        return
    circumstance = circumstances()
    about = json.loads((LABELS / "diw-dbd.json").read_text(encoding="utf-8"))
    rows = _read(about, _fates(Path(extracts), about["key"]))
    found = {"joined by itself": _rates(rows, {JOINED}), "joined or asked": _rates(rows, {JOINED, ASKED})}
    shown = [
        (what, _shown(one["precision"]), _shown(one["recall"]), one["right"], one["wrong"], one["missed"])
        for what, one in found.items()
    ]
    table(
        f"{len(rows)} real pairs of the factory and the companies' register, labelled by readers",
        ["what counts as found", "precision (95 %)", "recall (95 %)", "right", "wrong", "missed"],
        shown,
    )
    by_stratum = [
        (name, len(of), sum(one.is_match for one in of), *(sum(one.fate == fate for one in of) for fate in (JOINED, ASKED, APART)),
         sum(one.fate == JOINED and not one.is_match for one in of))
        for name in sorted(about["strata"]) if (of := [one for one in rows if one.stratum == name])
    ]  # fmt: skip
    table("By stratum", ["stratum", "read", "match", "joined", "asked", "apart", "wrongly joined"], by_stratum)
    write("labels", {"pairs": len(rows), "found": found, "by_stratum": by_stratum}, circumstance)


def hashed(key: str, number: str) -> str:
    """How a number stands in the file of labels: 96 bits of HMAC-SHA-256. It keeps numbers out of sight; it is no secret."""
    return hmac.new(key.encode(), number.encode(), hashlib.sha256).hexdigest()[:24]


def _read(about: dict[str, Any], fates: dict[tuple[str, str], str]) -> list[Labelled]:
    with (LABELS / "diw-dbd.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    drawn: dict[str, int] = {}
    for row in rows:
        drawn[row["stratum"]] = drawn.get(row["stratum"], 0) + 1
    return [
        Labelled(
            row["stratum"],
            row["label"] == "match",
            about["strata"][row["stratum"]] / drawn[row["stratum"]],
            fates.get((row["factory"], row["company"]), APART),
        )
        for row in rows
    ]


def _fates(extracts: Path, key: str) -> dict[tuple[str, str], str]:
    """What linking made of pairs of a factory and a company: those joined, and those asked."""
    import polars as pl

    linked = _linked(extracts)
    of = linked.members.select("source", "record_key", "enterprise_id")
    factories, firms = (
        of.filter(pl.col("source") == name).select("enterprise_id", pl.col("record_key").alias(name))
        for name in ("diw", "dbd")
    )
    joined = factories.join(firms, on="enterprise_id").select("diw", "dbd").iter_rows()
    key_of = ["source", "record_key"]
    waiting = linked.review.select("left_source", "left_key", "right_source", "right_key")
    for side in ("left", "right"):  # a question is of two enterprises, whichever of their records it shows
        waiting = waiting.join(
            of.rename({"enterprise_id": side}), left_on=[f"{side}_source", f"{side}_key"], right_on=key_of
        )
    both = pl.concat([waiting.select("left", "right"), waiting.select(left="right", right="left")]).unique()
    asked = (
        both.join(factories, left_on="left", right_on="enterprise_id")
        .join(firms, left_on="right", right_on="enterprise_id")
        .select("diw", "dbd")
        .iter_rows()
    )
    return _by_hash(asked, key, ASKED) | _by_hash(joined, key, JOINED)


def _by_hash(pairs: Iterable[tuple[str, ...]], key: str, fate: str) -> dict[tuple[str, str], str]:
    return {(hashed(key, factory.zfill(14)), hashed(key, firm.zfill(13))): fate for factory, firm in pairs}


def _linked(extracts: Path) -> Any:
    home = WORK / "labels-home"
    shutil.rmtree(home, ignore_errors=True)
    os.environ |= {"IINDUSTRY_HOME": str(home), "IINDUSTRY_DATABASE_ROLE": "worker"}  # noqa: TID251 - a home of its own
    from iindustry.config.environment import environment
    from iindustry.config.supervisor import connected
    from iindustry.kernel.actors import SYSTEM
    from iindustry.kernel.clock import SystemClock

    files = home / "files"
    files.mkdir(parents=True)
    _put_back(extracts, files)
    with connected("worker", makes_home=True):
        from iindustry.linkage import services as linkage
        from iindustry.sources import services as sources
        from iindustry.standardise import services as standardise

        paths = environment().paths
        for path in [*sorted(files.glob("dbd_*.csv")), *sorted(files.glob("diw_search_all.csv"))]:
            source = path.name.split("_")[0]
            sources.deliver(path, source=source, filename=path.name, actor=SYSTEM, home=paths, clock=SystemClock())
        kept = standardise.standard_files(sources.in_force(home=paths), home=paths)
        return linkage.link(standardise.identities(kept).collect())


def _put_back(extracts: Path, files: Path) -> None:
    """The extracts under the headings they are published with, as the tests of real registers make them."""
    place = ROOT / "tests" / "real" / "put_headings_back.py"
    spec = importlib.util.spec_from_file_location("put_headings_back", place)
    assert spec is not None  # noqa: S101 - the file is ours
    assert spec.loader is not None  # noqa: S101 - the same
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.dbd(extracts, files)
    module.diw(extracts, files)


def _rates(rows: Sequence[Labelled], taken: set[str]) -> dict[str, Any]:
    right = sum(one.is_match for one in rows if one.fate in taken)
    wrong = sum(not one.is_match for one in rows if one.fate in taken)
    missed = sum(one.is_match for one in rows if one.fate not in taken)
    chance = random.Random(SEED)  # noqa: S311 - a bootstrap
    strata = [[one for one in rows if one.stratum == name] for name in sorted({one.stratum for one in rows})]
    draws = [
        _weighed([one for of in strata for one in chance.choices(of, k=len(of))], taken) for _ in range(DRAWS)
    ]  # fmt: skip
    whole = _weighed(rows, taken)
    return {"right": right, "wrong": wrong, "missed": missed} | {
        name: [whole[place], *(_share([one[place] for one in draws], share) for share in (0.025, 0.975))]
        for place, name in enumerate(("precision", "recall"))
    }


def _share(values: Sequence[float | None], share: float) -> float | None:
    said = [one for one in values if one is not None]
    return percentile(said, share) if said else None


def _weighed(rows: Sequence[Labelled], taken: set[str]) -> tuple[float | None, float | None]:
    right = sum(one.weight for one in rows if one.fate in taken and one.is_match)
    found = sum(one.weight for one in rows if one.fate in taken)
    true = sum(one.weight for one in rows if one.is_match)
    return (round(right / found, 4) if found else None, round(right / true, 4) if true else None)


def _shown(rate: Sequence[float | None]) -> str:
    if rate[0] is None:
        return "not measured"
    middle, low, high = rate
    return f"{middle:.3f} ({low:.3f} to {high:.3f})"


if __name__ == "__main__":
    main()
