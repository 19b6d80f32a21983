"""Draw pairs for readers, and keep what they said (RULE.md says how). Names stay in the folder that is named, outside the tree.

`python tests/labels/draw.py sheet EXTRACTS FOLDER` writes FOLDER/pairs.txt for the readers and FOLDER/drawn.csv for the next act;
`python tests/labels/draw.py keep FOLDER` reads FOLDER/reading-1.tsv, reading-2.tsv (number, y|n|u, reason) and settled.tsv (number, y|n),
and writes diw-dbd.csv and diw-dbd.json beside this file: keyed hashes and labels, no number and no name.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import json
import random
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
KEY = "labels of 2026-11-22"
DRAWN = {"1-equal": 71, "2-sound": 80, "3-jw95": 60, "4-part": 60, "5-jw90": 50, "6-jw85": 40}
ANSWERS = {"y": "match", "n": "no match"}
_LIKE = """
SELECT a.core AS core_a, b.core AS core_b, a.num AS num_a, b.num AS num_b,
       jaro_winkler_similarity(a.twin, b.twin) AS likeness, a.skel = b.skel AND length(a.skel) >= 3 AS sound,
       least(length(a.twin), length(b.twin)) >= 6 AND (starts_with(a.twin, b.twin) OR starts_with(b.twin, a.twin)
         OR suffix(a.twin, b.twin) OR suffix(b.twin, a.twin)) AS part
FROM a, b WHERE likeness >= .85 OR sound OR part
"""
_STRATUM = """
CASE WHEN core_a = core_b AND num_a = num_b THEN '1-equal' WHEN sound THEN '2-sound' WHEN likeness >= .95 THEN '3-jw95'
     WHEN part THEN '4-part' WHEN likeness >= .90 THEN '5-jw90' ELSE '6-jw85' END
"""


def sheet(extracts: Path, folder: Path) -> None:
    """Draw by stratum and write what the readers see, in an order that mixes the strata."""
    import duckdb
    import polars as pl

    factories = pl.read_csv(extracts / "factory" / "diw_factories_bangkok.csv", infer_schema_length=0)
    firms = pl.read_csv(extracts / "dbd" / "dbd_new_juristic_2015_2016.csv.gz", infer_schema_length=0)
    left = _named(factories.filter(pl.col("is_juristic") == "1"), "operator")
    right = _named(firms, "name_th")
    with duckdb.connect(config={"threads": 2}) as engine:
        for name, frame in (("a", left), ("b", right)):
            engine.register(name, frame.select("core", "num", "skel", "twin").unique().to_arrow())
        alike = engine.sql(f"SELECT DISTINCT *, {_STRATUM} AS stratum FROM ({_LIKE})").pl()  # noqa: S608 - our own text
    pairs = (
        alike.join(left, left_on=["core_a", "num_a"], right_on=["core", "num"])
        .join(right, left_on=["core_b", "num_b"], right_on=["core", "num"], suffix="_firm")
        .unique(["factory_id", "juristic_id"])
    )
    sizes = dict(pairs["stratum"].value_counts().iter_rows())
    drawn = []
    for stratum, count in DRAWN.items():
        rows = pairs.filter(pl.col("stratum") == stratum).to_dicts()
        drawn += sorted(rows, key=lambda one: _hash("draw", one["factory_id"], one["juristic_id"]))[:count]
    random.Random(7).shuffle(drawn)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "drawn.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["no", "stratum", "of", "factory", "company"])
        out.writerows(
            (number, one["stratum"], sizes[one["stratum"]], one["factory_id"], one["juristic_id"])
            for number, one in enumerate(drawn, 1)
        )
    (folder / "pairs.txt").write_text(
        "".join(_shown(number, one) for number, one in enumerate(drawn, 1)), encoding="utf-8"
    )


def keep(folder: Path) -> None:
    """Two readings and what was settled, as hashes and labels."""
    with (folder / "drawn.csv").open(encoding="utf-8", newline="") as file:
        drawn = list(csv.DictReader(file))
    first, second, settled = (_answers(folder / name) for name in ("reading-1.tsv", "reading-2.tsv", "settled.tsv"))
    rows, agreed = [], 0
    for one in drawn:
        number = one["no"]
        both = first[number] == second[number] != "u"
        agreed += both
        label = ANSWERS[first[number] if both else settled[number]]
        rows.append(
            (one["stratum"], hashed(one["factory"].zfill(14)), hashed(one["company"].zfill(13)), label, int(both))
        )
    with (HERE / "diw-dbd.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["stratum", "factory", "company", "label", "both_readers"])
        out.writerows(sorted(rows))
    about = {
        "key": KEY,
        "rule": "tests/labels/RULE.md",
        "drawn": len(rows),
        "strata": {one["stratum"]: int(one["of"]) for one in drawn},
        "both_readers_agreed": agreed,
        "settled_by_a_third": len(rows) - agreed,
        "kappa": _kappa([(first[one["no"]], second[one["no"]]) for one in drawn]),
    }
    (HERE / "diw-dbd.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def hashed(number: str) -> str:
    """As bench/labels.py hashes it."""
    return hmac.new(KEY.encode(), number.encode(), hashlib.sha256).hexdigest()[:24]


def _hash(*parts: str) -> str:
    return hashlib.sha256("|".join(("draw1", *parts[1:])).encode()).hexdigest()


def _named(frame: Any, column: str) -> Any:
    import polars as pl

    from iindustry.standardise import names
    from iindustry.standardise.twins import twin_expr

    return (
        frame.with_columns(names.normalised(pl.col(column)).struct.field("core", "num", "skel"))
        .filter(pl.col("core").str.len_chars() >= 3)
        .with_columns(pl.col("num").fill_null(""), twin=twin_expr(pl.col("core")), skel=twin_expr(pl.col("skel")))
    )


def _shown(number: int, one: dict[str, Any]) -> str:
    place = " ".join(one[name] for name in ("address_no", "moo", "soi", "road", "subdistrict", "district") if one[name])
    return (
        f"#{number}\n A operator: {one['operator']} | factory: {one['factory_name']} | old no: {one['old_reg']}"
        f" | activity: {one['activity']} | at: {place}\n B company: {one['name_th']} | registered: {one['registered_on']}"
        f" | tsic {one['tsic_firm']} | objective: {one['objective']} | seat: {one['address']}\n"
    )


def _answers(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {number: answer.strip() for number, answer, *_ in (line.split("\t") for line in lines if line)}


def _kappa(answers: list[tuple[str, str]]) -> float:
    """Cohen's kappa over y, n and u."""
    count = len(answers)
    same = sum(one == other for one, other in answers) / count
    by_chance = sum(
        sum(pair[0] == kind for pair in answers) * sum(pair[1] == kind for pair in answers) for kind in "ynu"
    ) / (count * count)
    return round((same - by_chance) / (1 - by_chance), 4)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sheet", extracts, folder]:
            sheet(Path(extracts), Path(folder))
        case ["keep", folder]:
            keep(Path(folder))
        case _:
            sys.exit(__doc__)
