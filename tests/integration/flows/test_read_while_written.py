"""Pages are asked while the files they rest on are being written: at every half-written file and around every rename.

The disk is a slow one: each file that is written shows its first half for a moment, and readers come in that moment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from iindustry.flows import services as flows
from iindustry.flows.measuring import measure
from iindustry.funding.snapshot import SCHEMA
from iindustry.insight import services as insight

pytestmark = pytest.mark.django_db
VERSION = "r0000000000000001"
READERS = (
    insight.strip,
    insight.scoreboard,
    insight.coverage,
    insight.smart_government,
    lambda home: insight.map_of_lines(home, line="area"),
    insight.funnel,
)


@dataclass
class SlowDisk:
    """Lets readers in whenever something is half there; counts how often."""

    read: object
    halves: int = 0
    renames: int = 0
    busy: bool = False
    seen: list[object] = field(default_factory=list)

    def let_in(self) -> None:
        if not self.busy:
            self.busy = True
            self.seen.append(self.read())
            self.busy = False

    def half_written(self, path: Path) -> None:
        said = path.read_bytes()
        os.truncate(path, len(said) // 2)
        self.halves += 1
        self.let_in()
        path.write_bytes(said)


@pytest.fixture
def version(home):
    """A version in force: forty enterprises, answered and linked, not counted yet."""
    folder = home.register / VERSION
    folder.mkdir(parents=True)
    ids = [f"ENT-{number:05d}" for number in range(40)]
    rows = pl.DataFrame({"enterprise_id": ids})
    rows.with_columns(entity__province=pl.lit("49"), juristic_id=pl.col("enterprise_id")).write_parquet(
        folder / "enterprises.parquet"
    )
    members = pl.concat(
        rows.select(source=pl.lit(source), record_key="enterprise_id", enterprise_id="enterprise_id")
        for source in ("dbd", "diw")
    )
    members.write_parquet(folder / "members.parquet")
    rows.with_columns(programme=pl.lit("P-AREA"), answer=pl.lit("yes")).write_parquet(folder / "eligibility.parquet")
    pl.DataFrame(
        {"programme": ["P-AREA"], "kind": ["loan"], "policy_line": ["area"], "lender": ["smed"], "title_th": ["ก"],
         "title_en": ["a"], "version": ["1"]}
    ).write_parquet(folder / "programmes.parquet")  # fmt: skip
    (home.register / "CURRENT").write_text(VERSION, encoding="ascii")
    members.rename({"enterprise_id": "owner"}).write_parquet(home.root / "truth.parquet")
    sent = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    told = {"application_id": "a1", "product_id": "P-AREA", "lender": "smed", "policy_line": "area",
            "province_code": "49", "started_at": sent, "sent_at": sent, "is_history": True}  # fmt: skip
    past = [dict.fromkeys(SCHEMA) | told | {"juristic_id": one} for one in ids[:12]]
    pl.DataFrame(past, schema={**SCHEMA, "juristic_id": pl.String}).write_parquet(home.root / "past.parquet")
    return folder


@pytest.fixture
def disk(home, monkeypatch, client, settings):
    settings.HOME = home

    def read() -> tuple[object, ...]:
        assert client.get("/live").status_code == 200
        assert client.get("/").status_code == 200
        return tuple(one(home) for one in READERS)

    slow = SlowDisk(read)
    plain = {name: getattr(Path, name) for name in ("write_text", "replace", "rename")}
    write_parquet = pl.DataFrame.write_parquet

    def slowly(frame, path, *args, **kwargs):
        write_parquet(frame, path, *args, **kwargs)
        slow.half_written(Path(path))

    def slow_text(path, *args, **kwargs):
        written = plain["write_text"](path, *args, **kwargs)
        slow.half_written(path)
        return written

    def around(name):
        def moved(path, target):
            slow.let_in()
            slow.renames += 1
            there = plain[name](path, target)
            slow.let_in()
            return there

        return moved

    monkeypatch.setattr(pl.DataFrame, "write_parquet", slowly)
    monkeypatch.setattr(Path, "write_text", slow_text)
    for name in ("replace", "rename"):
        monkeypatch.setattr(Path, name, around(name))
    return slow


def acts(home):
    """Everything that the making of a country writes and a page reads, in its order."""
    return (
        lambda: measure(home=home, truth=home.root / "truth.parquet"),
        lambda: insight.prepare(home),
        lambda: flows.import_history(home=home, history=home.root / "past.parquet"),
        lambda: flows.snapshot_applications(home=home),
    )


@pytest.mark.usefixtures("version")
def test_every_page_of_figures_answers_at_every_moment_of_a_writing(home, disk):
    for _ in range(2):  # the second time over files that are there
        for act in acts(home):
            act()
    assert disk.halves >= 12
    assert disk.renames >= 12
    assert insight.strip(home).precision == 1.0
    assert insight.strip(home).eligible == 40
    assert insight.strip(home).applied == 10  # of 12, by the public rule


@pytest.mark.usefixtures("version")
def test_a_reader_meets_the_old_figures_or_the_new_ones(home, disk):
    for act in acts(home):
        before = disk.read()
        disk.seen.clear()
        act()
        after = disk.read()
        for place, reader in enumerate(READERS):
            met = {repr(one[place]) for one in disk.seen}
            assert met <= {repr(before[place]), repr(after[place])} or _between(act, home), reader


def _between(act, home):
    """Snapshots of applications and of the ministry are two files: between them one is new and one is old."""
    return act.__code__ in {one.__code__ for one in acts(home)[2:]}


def test_a_file_written_in_place_would_be_noticed(home, disk, version):
    insight.prepare(home)
    with pytest.raises((pl.exceptions.ComputeError, ValueError)):
        (version / "quality.json").write_text('{"precision": 0.5}', encoding="ascii")
