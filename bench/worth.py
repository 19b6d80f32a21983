"""The worth of linking: what the demo's measures and loans get wrong where the records are joined well, badly or not at all.

    python bench/worth.py                     20,000 records of nine registers, seed 202
    python bench/worth.py --records 100000    that many

Five ways to a register from the same files: the best single register; an exact-id join (equal valid 13-digit number or
factory number, nothing else); plain Splink with factory numbers, at the weight that is best on another country (seed 101)
whose truth it may see; the platform, which sees no truth; and perfect links, which show what the records themselves get
wrong. Each is survived and evaluated by the platform's own rules and laid beside the truth: the same rules on the true firms
(the generator's facts, not its records).

A firm is granted a programme where any of its rows is answered yes, has to be asked where none is yes and one unknown, and
else is refused; a firm without a row is refused. That is kind to whoever leaves firms in pieces, so pieces are counted too:
`counted twice` is each further row of one firm, `paid twice` each further row with a yes. Rows belong to the firm of most of
their records. A grant is one programme for one firm. Baht: of a loan the median asked in the country's past applications, at
most its ceiling; measures that name no sum count firms only. Programmes whose rule cannot say yes to any true firm are left
out by name.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import ROOT, WORK, circumstances, table, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

RECORDS = 20_000
SEED, CHOSEN_ON = 202, 101
_RECORDS_A_FIRM = 2.69
_MILLION_BAHT = 100_000_000
HEADS = ("joined by", "pair F1", "right", "wrongly in", "M baht", "wrongly out", "M baht", "to ask", "of them due",
         "M baht", "paid twice", "counted twice")  # fmt: skip
NAMES = {
    "exact": "exact ids",
    "splink": "plain Splink",
    "ours": "i-Industry",
    "perfect": "perfect links",
}


def main(arguments: list[str]) -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--records", type=int, default=RECORDS)
    records = asked.parse_args(arguments).records
    circumstance = circumstances()
    began = time.perf_counter()
    work = WORK / "worth"
    shutil.rmtree(work, ignore_errors=True)
    try:
        chosen_on = _made(work / "other", RECORDS, CHOSEN_ON)
        weight = _child("choose", chosen_on)["weight"]
        found = _child("measure", _made(work / "country", records, SEED), weight)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _show(found)
    seconds = round(time.perf_counter() - began)
    print(f"  {seconds} s in all")
    name = "worth" if records == RECORDS else f"worth-{records}"
    write(name, {"seed": SEED, "splink_weight": weight, "seconds": seconds} | found, circumstance)


def _show(found: Mapping[str, Any]) -> None:
    best = found["best_single"]
    named = {f"single:{best}": f"{best.upper()} alone, the best register"} | NAMES
    rows = [(shown, *_row(found["contestants"][name])) for name, shown in named.items()]
    title = (
        f"Targeting, {found['records']:,} records, {found['firms']:,} true firms, {len(found['programmes'])} programmes: "
        f"{found['due']:,} grants are due, {found['due_baht'] / 1e6:,.0f} M baht of them in loans"
    )
    table(title, HEADS, rows)
    if found["left_out"]:
        print(f"  left out, no register says enough for a yes: {', '.join(found['left_out'])}")


def _row(one: Mapping[str, Any]) -> tuple[object, ...]:
    def baht(name: str) -> str:
        return f"{one[name] / 1e6:,.0f}"

    f1 = "-" if one["f1"] is None else f"{one['f1']:.4f}"
    whole = {
        name: f"{one[name]:,}"
        for name in ("right", "wrongly_in", "wrongly_out", "to_ask", "to_ask_due", "twice", "rows_too_many")
    }
    return (f1, whole["right"], whole["wrongly_in"], baht("wrongly_in_baht"), whole["wrongly_out"], baht("wrongly_out_baht"),
            whole["to_ask"], whole["to_ask_due"], baht("to_ask_due_baht"), whole["twice"], whole["rows_too_many"])  # fmt: skip


def _made(folder: Path, records: int, seed: int) -> Path:
    """The folder of a fresh country of about so many records; the database that took its files in goes at once."""
    folder.mkdir(parents=True)
    home = folder / "home"
    try:
        _child("make", folder, round(records / _RECORDS_A_FIRM), seed, home=home)
    finally:
        from iindustry.config import database

        cluster = database.cluster_of(home).data.parent
        if cluster.parent == Path("/var/lib/i-industry"):
            shutil.rmtree(cluster, ignore_errors=True)
    return folder


def _child(act: str, *arguments: object, home: Path = WORK / "worth" / "home") -> dict[str, Any]:
    """An act of this file in a process of its own; what it found."""
    environ = os.environ | {  # noqa: TID251 - a home of the bench's own
        "IINDUSTRY_HOME": str(home),
        "IINDUSTRY_DATABASE_ROLE": "worker",
        "DJANGO_SETTINGS_MODULE": "iindustry.config.settings",
        "POLARS_MAX_THREADS": "2",
    }
    command = [sys.executable, __file__, act, *map(str, arguments)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{act} {arguments} failed:\n{done.stderr[-4000:]}")
    print(f"  {act}", flush=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def measure(folder: Path, weight: float) -> dict[str, Any]:
    """Every contestant's grants on one country beside the true ones."""
    import django

    django.setup()
    import polars as pl
    from linkage_data import deliveries
    from worth_data import by_exact_ids, by_splink, by_truth, by_us, one_register, registers_of, sums, true_register

    from iindustry.generate.services import AS_OF
    from iindustry.kernel.home import Home
    from iindustry.linkage import evaluate
    from iindustry.programmes.columns import evaluate as answers
    from iindustry.programmes.published import bundle_of
    from iindustry.programmes.services import open_rules
    from iindustry.register.buckets import facts_of
    from iindustry.standardise import services as standardise

    truth = pl.read_parquet(folder / "truth.parquet")
    bundles = [bundle_of(one) for one in open_rules(AS_OF)]
    true = answers(bundles, *true_register(folder / "country", AS_OF), AS_OF)
    due = true.filter(pl.col("answer") == "yes")
    programmes = sorted(due["programme"].unique())
    files = standardise.standard_files(deliveries(folder), home=Home(folder / "standard"))
    identities = (
        standardise.identities(files).collect().unique(["source", "record_key"], keep="last", maintain_order=True)
    )
    rows = {source: frame.collect() for source, frame in facts_of(files).by_source.items()}
    found = {f"single:{one}": one_register(identities, one) for one in rows} | {
        "exact": by_exact_ids(identities),
        "splink": by_splink(folder / "flat.parquet", weight),
        "ours": by_us(identities),
        "perfect": by_truth(truth),
    }
    money = sums(folder / "country", [one.programme for one in bundles], AS_OF)
    contestants = {}
    for name, clusters in found.items():
        facts = facts_of([one for one in files if name in {*NAMES, f"single:{one.source}"}])
        frames = registers_of(clusters, identities, rows, facts)
        given = answers(bundles, *frames, AS_OF).filter(pl.col("programme").is_in(programmes))
        quality = evaluate.pairs(clusters.rename({"cluster": "enterprise_id"}), truth)
        contestants[name] = compared(given, clusters, truth, true, money) | {
            "f1": None if name.startswith("single:") else quality.f1, "rows": frames[0].height,
        }  # fmt: skip
    singles = [name for name in contestants if name.startswith("single:")]
    return {
        "records": identities.height,
        "firms": true["enterprise_id"].n_unique(),
        "programmes": {one: money[one] for one in programmes},
        "left_out": sorted({one.programme.id for one in bundles} - set(programmes)),
        "due": due.height,
        "due_baht": _baht(due, money),
        "best_single": max(singles, key=lambda name: (contestants[name]["right"], name)).partition(":")[2],
        "contestants": contestants,
    }


def compared(
    given: pl.DataFrame,
    clusters: pl.DataFrame,
    truth: pl.DataFrame,
    true: pl.DataFrame,
    money: Mapping[str, int | None],
) -> dict[str, Any]:
    """Firms and baht by how the grants of a register stand to the true ones; and the same by programme."""
    import polars as pl
    from worth_data import owners

    answer = pl.col("answer").cast(pl.Utf8)
    whose = owners(clusters, truth)
    of_firm = (
        given.join(whose, on="enterprise_id")
        .group_by("programme", "firm")
        .agg(yes=(answer == "yes").sum(), unknown=(answer == "unknown").sum())
    )
    programmes = given["programme"].unique().to_list()
    both = (
        true.filter(pl.col("programme").is_in(programmes))
        .select("programme", firm="enterprise_id", due=answer)
        .join(of_firm, on=["programme", "firm"], how="left")
        .with_columns(pl.col("yes", "unknown").fill_null(0))
        .with_columns(
            told=pl.when(pl.col("yes") > 0).then(pl.lit("yes")).when(pl.col("unknown") > 0).then(pl.lit("unknown"))
            .otherwise(pl.lit("no")),
            satang=pl.col("programme").replace_strict(money, default=None, return_dtype=pl.Int64),
        )
    )  # fmt: skip
    due, told = pl.col("due"), pl.col("told")
    kinds = {
        "right": (told == "yes") & (due == "yes"),
        "wrongly_in": (told == "yes") & (due == "no"),
        "wrongly_out": (told == "no") & (due == "yes"),
        "to_ask": (told == "unknown") & (due != "unknown"),
        "to_ask_due": (told == "unknown") & (due == "yes"),
    }
    again = (pl.col("yes").cast(pl.Int64) - 1).clip(0)
    counts: list[Any] = []
    for name, kind in kinds.items():
        counts += [kind.sum().alias(name), (pl.col("satang").filter(kind).sum() / 100).alias(f"{name}_baht")]
    counts += [again.sum().alias("twice"), ((again * pl.col("satang")).sum() / 100).alias("twice_baht")]
    per = both.group_by("programme").agg(counts).sort("programme")
    firms = {f"{name}_firms": both.filter(kind)["firm"].n_unique() for name, kind in kinds.items() if name != "right"}
    firms["rows_too_many"] = whose.height - whose["firm"].n_unique()
    return both.select(counts).row(0, named=True) | firms | {"programmes": per.to_dicts()}


def _baht(due: pl.DataFrame, money: Mapping[str, int | None]) -> float:
    counts: Sequence[tuple[str, int]] = due.group_by("programme").len().rows()  # type: ignore[assignment]
    return sum(number * (money[programme] or 0) for programme, number in counts) / 100


def choose(folder: Path) -> dict[str, Any]:
    """The weight at which plain Splink does best on a country whose truth is known, as bench/linkage.py chooses it."""
    import django

    django.setup()
    import linkage

    return linkage.choose(folder, "A+")


def _act(arguments: list[str]) -> dict[str, Any]:
    match arguments:
        case ["make", folder, firms, seed]:
            from linkage_data import make

            return make(Path(folder), firms=int(firms), seed=int(seed))
        case ["choose", folder]:
            return choose(Path(folder))
        case ["measure", folder, weight]:
            return measure(Path(folder), float(weight))
    raise SystemExit(f"no such act: {arguments}")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in {"make", "choose", "measure"}:
        print(json.dumps(_act(sys.argv[1:])))
    else:
        main(sys.argv[1:])
