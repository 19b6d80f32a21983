"""Deliveries taken in: rows a second on one core, and the memory that a file of two gigabytes needs.

The file is made up in the agreed layout of the juristic persons. Reading, the contract and the landing folder are
measured without the database, whose part is a few rows a delivery. Each round runs in a fresh process bound to one core.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import RESULTS, ROOT, circumstances, table, write

if TYPE_CHECKING:
    import polars as pl

ROWS = 200_000
ROUNDS = 3
LARGE_BYTES = 2_000_000_000
AS_OF = date(2026, 11, 22)
_BATCH = 250_000
_KIB, _MIB = 1024, 1 << 20


def main(*, large: bool) -> None:
    circumstance = circumstances()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="ii-bench-") as folder:
        for encoding in ("utf-8", "cp874", "utf-16"):
            path = Path(folder) / f"{encoding}.csv"
            make(path, rows=ROWS, encoding=encoding)
            rounds = [_child(path) for _ in range(ROUNDS)]
            found[encoding] = min(rounds, key=lambda one: one["seconds"])
            path.unlink()
        if large:
            path = Path(folder) / "large.csv"
            make(path, least_bytes=LARGE_BYTES)
            found["2 GB"] = _child(path) | {key: circumstance[key] for key in ("commit", "date")}
    rows = [
        (f"{name}: {one['rows']:,} rows, {one['mib']:,} MiB", f"{one['seconds']:.1f} s",
         f"{one['rows'] / one['seconds']:,.0f}", f"{one['rows'] / one.get('seconds_with_standardising', float('nan')):,.0f}",
         f"{one['peak_mib']:,} MiB", "50,000 rows/s" if name != "2 GB" else "1,536 MiB")
        for name, one in found.items()
    ]  # fmt: skip
    table("Ingest, one core", ("file", "CPU", "rows/s", "with standardising (asked 25,000)", "peak", "asked"), rows)
    write("ingest", _kept() | found, circumstance)


def _kept() -> dict[str, Any]:
    """The figure of the large file as it was measured last: two gigabytes are made only when asked for (`--large`)."""
    path = RESULTS / "ingest.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {"2 GB": known["2 GB"]} if "2 GB" in known else {}


def _child(path: Path) -> dict[str, Any]:
    environ = os.environ | {"POLARS_MAX_THREADS": "1", "IINDUSTRY_DEMO": "1"}  # noqa: TID251 - for a child
    command = [sys.executable, __file__, "read", str(path)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"reading failed:\n{done.stderr[-4000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def read(path: Path) -> dict[str, Any]:
    """Decode, check and land one file; figures. CPU seconds: another's work on the machine stretches wall time."""
    from iindustry.sources import taking
    from iindustry.sources.contracts import contract_of

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    began, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="ii-landed-") as folder:
        taken = taking.take(
            path, path.name, contract_of("dbd"), folder=Path(folder), today=AS_OF, tag=lambda number: number[::-1]
        )
        landed = time.process_time() - cpu
        _standardised(Path(folder), taken.layout.name)
    return {
        "rows": taken.accepted + taken.quarantined,
        "accepted": taken.accepted,
        "mib": path.stat().st_size // _MIB,
        "seconds": round(landed, 2),
        "seconds_with_standardising": round(time.process_time() - cpu, 2),
        "wall_seconds": round(time.perf_counter() - began, 2),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB,
    }


def _standardised(folder: Path, layout: str) -> None:
    """The accepted rows as standard records, on this one core."""
    from datetime import UTC, datetime

    from iindustry.kernel.home import Home
    from iindustry.sources import landing
    from iindustry.sources.reports import DeliveryInForce
    from iindustry.standardise import services

    at = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)
    landed = DeliveryInForce("dbd-bench", "dbd", layout, "replace", "all", None, AS_OF, at, folder / landing.ACCEPTED)
    services.standard_files([landed], home=Home(folder / "home"), threads=1)


def make(path: Path, *, rows: int | None = None, least_bytes: int = 0, encoding: str = "utf-8") -> None:
    """A made-up file of juristic persons, one in five hundred with a fault."""
    first = 0
    with path.open("w", encoding=encoding, newline="") as out:
        while (rows is None or first < rows) and (rows is not None or path.stat().st_size < least_bytes):
            count = _BATCH if rows is None else min(_BATCH, rows - first)
            out.write(_frame(first, count).write_csv(include_header=first == 0))
            out.flush()
            first += count


def _frame(first: int, count: int) -> pl.DataFrame:
    import polars as pl

    n = pl.col("n")
    frame = pl.select(n=pl.int_range(first, first + count, dtype=pl.Int64))
    number = (105_000 + n // 6_000_000 * 10_000 + n // 100_000 % 60 + 500) * 100_000 + n % 100_000
    total = pl.sum_horizontal((pl.col("twelve") // 10 ** (11 - place)) % 10 * (13 - place) for place in range(12))
    frame = frame.with_columns(twelve=number).with_columns(check=(11 - total % 11) % 10)
    digits = pl.col("twelve") * 10 + pl.when(n % 500 == 7).then((pl.col("check") + 1) % 10).otherwise(pl.col("check"))  # noqa: PLR2004
    word = lambda words, step: pl.lit(pl.Series(words)).gather(n // step % len(words))  # noqa: E731
    money = lambda factor: (n * factor % 97_000_000 + 1_000).cast(pl.Utf8) + ".00"  # noqa: E731
    return frame.select(
        pl.col("n").cast(pl.Utf8).alias("ลำดับ"),
        ("0" + digits.cast(pl.Utf8)).alias("เลขทะเบียน"),
        pl.format("บริษัท {}{} {} จำกัด", word(_FIRST, 1), word(_SECOND, 7), n).alias("ชื่อนิติบุคคล"),
        pl.format("{} {} CO., LTD.", word(_LATIN, 3), n).alias("ชื่อภาษาอังกฤษ"),
        pl.format("{}/{}/{}", n % 28 + 1, n // 28 % 12 + 1, n // 336 % 30 + 2535).alias("วันที่จดทะเบียน"),
        word(["ยังดำเนินกิจการอยู่", "ยังดำเนินกิจการอยู่", "ยังดำเนินกิจการอยู่", "เลิก"], 5).alias("สถานะ"),
        money(1_000_003).alias("ทุนจดทะเบียน (บาท)"),
        word(["10301", "46900", "41002", "25999", "56101"], 11).alias("รหัสวัตถุประสงค์"),
        word(["การผลิตน้ำผลไม้และผัก", "การขายส่งสินค้าทั่วไป", "การก่อสร้างอาคารที่ไม่ใช่ที่อยู่อาศัย"], 2).alias("รายละเอียดวัตถุประสงค์"),
        pl.format("{}/{} หมู่ที่ {} ถนน{} ตำบลทุ่งสุขลา อำเภอศรีราชา จังหวัดชลบุรี 20230", n % 999, n % 77, n % 12 + 1, word(_SECOND, 13)).alias("ที่ตั้งสำนักงานใหญ่"),
        money(2_000_029).alias("รายได้รวม (บาท)"),
        money(3_000_073).alias("สินทรัพย์รวม (บาท)"),
        (n % 4 + 2565).cast(pl.Utf8).alias("ปีงบการเงิน"),
    )  # fmt: skip


_FIRST = ["ไทย", "สยาม", "รุ่งเรือง", "เจริญ", "พัฒนา", "สุข", "ศรี", "เอก", "ทรัพย์", "มั่นคง"]
_SECOND = ["อุตสาหกรรม", "การช่าง", "พลาสติก", "อาหาร", "ขนส่ง", "เคมีภัณฑ์", "ยานยนต์", "สิ่งทอ", "โลหะกิจ"]
_LATIN = ["THAI", "SIAM", "RUNGRUANG", "CHAROEN", "PATTANA"]

if __name__ == "__main__":
    match sys.argv[1:]:
        case ["read", path]:
            print(json.dumps(read(Path(path))))
        case arguments:
            main(large="--large" in arguments)
