"""What the bench of deltas does in a process of its own: `python bench/delta_steps.py STEP NUMBER` (bench/delta.py calls it).

`withhold` keeps back some rows of three registers before anything is delivered. `change` hands the three registers over again:
some rows come that were kept back, some go, of others the name or the address is other than before; then the delta is
linked and published and every id that went away is explained. The last line printed is JSON.
"""

from __future__ import annotations

import csv
import io
import json
import random
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nation_steps import main

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

    from iindustry.kernel.home import Home

KEYS = ["source", "record_key"]
NEW, GONE = 0.1, 0.1
"""Shares of a delta's records that come and that go; the others say something else."""
NO_REASON = "none of these"
SLIP, MOVE = 0.4, 0.6
"""Shares of the changed ones whose name loses a sign and whose house number is another."""
REGISTERS: Mapping[str, tuple[str, str, str]] = {
    "dbd": ("dbd-register", "ชื่อนิติบุคคล", "ที่ตั้งสำนักงานใหญ่"),
    "diw": ("diw", "ผู้ประกอบการ", "เลขที่"),
    "green": ("green", "ชื่อโรงงาน", "จังหวัด"),
}
"""By source: how its file begins, the column of a name, the column of an address. Each is a whole register by CSV."""


def withhold(home: Home, records: int) -> dict[str, Any]:
    """Keep every row of the three registers beside the home, and leave some out of the files that are delivered first."""
    folder = home.root / "delta"
    folder.mkdir(parents=True, exist_ok=True)
    kept = json.loads((home.root / "nation" / "country.json").read_text(encoding="utf-8"))
    draw, absent = random.Random(1), {}  # noqa: S311 - repeatable on purpose
    for source, (begins, *_) in REGISTERS.items():
        one = next(
            one for one in kept["deliveries"] if one["source"] == source and Path(one["path"]).name.startswith(begins)
        )
        rows = _rows(Path(one["path"]).read_bytes())
        (folder / f"{source}.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        (folder / f"{source}.about.json").write_text(json.dumps(one), encoding="utf-8")
        many = min(len(rows["rows"]) // 10, records)
        absent[source] = sorted(draw.sample(range(len(rows["rows"])), many))
        _write(Path(one["path"]), rows, set(absent[source]))
    (folder / "absent.json").write_text(json.dumps(absent), encoding="utf-8")
    return {"withheld": sum(map(len, absent.values()))}


def change(home: Home, records: int) -> dict[str, Any]:
    """A delta of about so many records: handed over, linked, published; what it took and what became of ids."""
    import polars as pl

    from iindustry.flows import deltas
    from iindustry.kernel.clock import SystemClock
    from iindustry.kernel.home import current_version
    from iindustry.linkage import services as linkage
    from iindustry.sources import services as sources
    from iindustry.standardise import services as standardise

    delivered = _deliver(home, records)
    version = current_version(home) or ""
    before = pl.read_parquet(home.register / version / "members.parquet")
    files = standardise.standard_files(sources.in_force(home=home), home=home)
    new, gone = deltas.found(files, linkage.deliveries_of(version, home=home) or (), home=home)
    changed = pl.concat([new.select(KEYS), gone]).unique()
    phases = _Phases()
    report = deltas.apply_deliveries(home=home, clock=SystemClock(), progress=phases)
    phases("end")
    after = pl.read_parquet(home.register / report.version / "members.parquet")
    return delivered | {
        "report": asdict(report), "phases": phases.told(), "peak_mib": _peak(),
        "ids": explained(before, after, changed, _tied(home, (version, report.version), before, changed), linkage.redirected),
    }  # fmt: skip


class _Phases:
    """A progress that notes when each phase began. Units: seconds, and seconds of this process's cores."""

    def __init__(self) -> None:
        self._marks: list[tuple[str, float, float]] = []

    def __call__(self, phase: str, done: int = 0, total: int = 0) -> None:
        name = f"{phase} {done}/{total}" if phase in {"link", "publish"} else phase
        if not self._marks or self._marks[-1][0] != name:
            self._marks.append((name, time.perf_counter(), time.process_time()))

    def told(self) -> list[dict[str, Any]]:
        pairs = zip(self._marks, self._marks[1:], strict=False)
        return [
            {"phase": one[0], "seconds": round(then[1] - one[1], 2), "cpu_seconds": round(then[2] - one[2], 2)}
            for one, then in pairs
        ]


def _tied(home: Home, versions: tuple[str, str], before: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """enterprise_id (of before) of which a record has an edge with a changed one, or a name that sounds as its name: they stand
    against each other, also where that keeps both below the weight from which an edge is kept.
    """
    import polars as pl

    found = []
    for version in versions:
        of_record = pl.read_parquet(home.linkage / version / "of_record.parquet", columns=[*KEYS, "uid"])
        edges = pl.read_parquet(home.linkage / version / "edges.parquet", columns=["left", "right"])
        own = of_record.join(changed, on=KEYS, how="semi").select("uid").unique()
        names = pl.read_parquet(home.linkage / version / "profiles.parquet", columns=["uid", "skel_b"]).drop_nulls()
        sounds = names.join(own, on="uid", how="semi").select("skel_b").unique()
        met = [names.join(sounds, on="skel_b", how="semi").select("uid")]
        for side, other in (("left", "right"), ("right", "left")):
            met.append(edges.join(own, left_on=side, right_on="uid", how="semi").select(uid=other))
        found.append(of_record.join(pl.concat(met).unique(), on="uid", how="semi").select(KEYS))
    return before.join(pl.concat(found).unique(), on=KEYS, how="semi").select("enterprise_id").unique()


def explained(
    before: pl.DataFrame,
    after: pl.DataFrame,
    changed: pl.DataFrame,
    tied: pl.DataFrame,
    redirected: Callable[[str], str | None],
) -> dict[str, Any]:
    """What became of the ids of enterprises. `before`, `after`: members; `changed`: keys of records new, other or gone.

    An enterprise is untouched where none of its records changed, none that changed is now with one of them, and none was or is
    weighed against one of them (`tied`). Why an id went away: its records are gone; a changed record was in it; one is in the
    enterprise that it now is; a namesake that stood against it changed (who was doubtful is no more); none of these.
    """
    import polars as pl

    now = after.select(*KEYS, now="enterprise_id")
    both = before.select(*KEYS, "enterprise_id").join(now, on=KEYS, how="left")
    was_changed = before.join(changed, on=KEYS, how="semi").select("enterprise_id").unique()
    is_changed = after.join(changed, on=KEYS, how="semi").select(now="enterprise_id").unique()
    beside = both.join(is_changed, on="now", how="semi").select("enterprise_id").unique()
    touched = pl.concat([was_changed, beside, tied]).unique()
    untouched = both.join(touched, on="enterprise_id", how="anti")
    kept = untouched.group_by("enterprise_id").agg(
        (pl.col("now").is_not_null() & (pl.col("now") == pl.col("enterprise_id"))).all().alias("kept")
    )
    lost = both.join(after.select("enterprise_id").unique(), on="enterprise_id", how="anti")
    ids = lost.select("enterprise_id").unique().sort("enterprise_id")["enterprise_id"].to_list()
    held, neighbours, against = set(was_changed["enterprise_id"]), set(is_changed["now"]), set(tied["enterprise_id"])
    went = set(lost.filter(pl.col("now").is_null())["enterprise_id"]) - set(lost.drop_nulls("now")["enterprise_id"])
    why: Counter[str] = Counter()
    no_redirect, unexplained = 0, []
    for one in ids:
        into = redirected(one)
        reason = (
            "its records are gone" if one in went
            else "a changed record was in it" if one in held
            else "a changed record is in what it now is" if into in neighbours
            else "a namesake that stood against it changed" if one in against or into in against
            else NO_REASON
        )  # fmt: skip
        why[reason] += 1
        no_redirect += into is None and one not in went
        if reason == NO_REASON:
            unexplained.append([one, into])
    return {
        "before": before["enterprise_id"].n_unique(), "after": after["enterprise_id"].n_unique(),
        "untouched": kept.height, "untouched_kept": int(kept["kept"].sum()), "gone": len(ids), "why": dict(why),
        "without_redirect": no_redirect, "unexplained": unexplained[:20],
    }  # fmt: skip


def _deliver(home: Home, records: int) -> dict[str, Any]:
    """The three registers handed over again, other than before."""
    from iindustry.flows import services as flows
    from iindustry.kernel.actors import SYSTEM
    from iindustry.kernel.clock import SystemClock

    folder = home.root / "delta"
    absent = json.loads((folder / "absent.json").read_text(encoding="utf-8"))
    tries = int(absent.pop("tries", 0)) + 1
    draw = random.Random(1000 + tries)  # noqa: S311 - repeatable on purpose
    handed: list[flows.Handover] = []
    counts: Counter[str] = Counter()
    sizes = {source: json.loads((folder / f"{source}.json").read_text(encoding="utf-8")) for source in REGISTERS}
    whole = sum(len(one["rows"]) for one in sizes.values())
    for source, rows in sizes.items():
        share = round(records * len(rows["rows"]) / whole)
        away, here = absent[source], sorted(set(range(len(rows["rows"]))) - set(absent[source]))
        come = draw.sample(away, min(len(away), round(share * NEW)))
        leave = set(draw.sample(here, round(share * GONE)))
        other = draw.sample([one for one in here if one not in leave], share - len(come) - len(leave))
        for one in other:
            _change(source, rows, one, draw)
        absent[source] = sorted((set(away) - set(come)) | leave)
        counts.update(came=len(come), left=len(leave), other=len(other))
        (folder / f"{source}.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        about = json.loads((folder / f"{source}.about.json").read_text(encoding="utf-8"))
        path = folder / f"{source}-try-{tries}.csv"
        _write(path, rows, set(absent[source]))
        handed.append(flows.Handover(source, path, path.name, about["period"], about["scope"]))
    flows.deliver_all(handed, actor=SYSTEM, home=home, clock=SystemClock())
    (folder / "absent.json").write_text(json.dumps(absent | {"tries": tries}), encoding="utf-8")
    for given in handed:
        given.file.unlink()
    return {"try": tries, **counts}


def _change(source: str, rows: dict[str, Any], place: int, draw: random.Random) -> None:
    """One row says something else: a sign of its name is lost, or its house number (of a green certificate: its name) is another."""
    _, name, address = REGISTERS[source]
    heads, row = rows["heads"], rows["rows"][place]
    at = heads.index(name if draw.random() < SLIP / (SLIP + MOVE) or source == "green" else address)
    text = row[at]
    if at == heads.index(name):
        cut = draw.randrange(len(text)) if text else 0
        row[at] = text[:cut] + text[cut + 1 :]
    else:
        row[at] = f"{draw.randrange(1, 900)} " + text.split(" ", 1)[-1] if " " in text else str(draw.randrange(1, 900))


def _rows(content: bytes) -> dict[str, Any]:
    """encoding, preamble, heads, rows of a generated CSV file."""
    try:
        encoding, text = "utf-8-sig", content.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding, text = "cp874", content.decode("cp874")
    lines = list(csv.reader(io.StringIO(text)))
    start = next(place for place, one in enumerate(lines) if len(one) > 3)  # noqa: PLR2004 - a title is no heading
    return {"encoding": encoding, "preamble": lines[:start], "heads": lines[start], "rows": lines[start + 1 :]}


def _write(path: Path, rows: dict[str, Any], without: set[int]) -> None:
    with path.open("w", encoding=rows["encoding"], newline="") as file:
        written = csv.writer(file)
        written.writerows([*rows["preamble"], rows["heads"]])
        written.writerows(row for place, row in enumerate(rows["rows"]) if place not in without)


def _peak() -> int:
    from iindustry.flows.building import peak_mib

    return peak_mib()


STEPS = {"withhold": withhold, "change": change}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), STEPS)
