"""The register at the size of the nation: loading its serving copy, and looking up one of 3.2 million enterprises.

Names are made of generated Thai syllables and of the words that company names share, as often as life shares them, so that
some searches meet one name in the country and some meet one in twenty. Rows go in by the platform's own first publication
(`loading.load`), into a database of the bench's own that is taken away afterwards. Times are of the use cases, connection and
decoding included, one after another on one connection, the best of three rounds; the table says what is asked of them.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import ROOT, circumstances, percentile, table, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

ENTERPRISES = 3_200_000
CHUNK = 200_000
ASKED = 300
SEED = 5
ROUNDS = 3
_MS = 1000
_TWO_WORDS = 0.7  # share of names of two words
_LONG_NAME = 10
_FINE = 1_000_003
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CONSONANTS = "กขคงจชซดตทนบปพมยรลวศสหอ"
_VOWELS = ("า", "ิ", "ี", "ุ", "ู", "ัน", "ัง", "อน", "อง", "", "ม", "ย")
_BEFORE = ("", "", "", "เ", "แ", "โ", "ไ")
# What company names share, with the share of names that hold it.
SHARED = (
    ("ก่อสร้าง", 0.055), ("การโยธา", 0.02), ("เทรดดิ้ง", 0.045), ("เอ็นจิเนียริ่ง", 0.03), ("กรุ๊ป", 0.05), ("เซอร์วิส", 0.045),
    ("อินเตอร์เนชั่นแนล", 0.02), ("พร็อพเพอร์ตี้", 0.03), ("ทรานสปอร์ต", 0.025), ("อุตสาหกรรม", 0.03), ("พลาสติก", 0.01),
    ("การเกษตร", 0.01), ("ฟู้ด", 0.02), ("คอนซัลติ้ง", 0.015), ("มาร์เก็ตติ้ง", 0.01), ("โลจิสติกส์", 0.015), ("ซัพพลาย", 0.02),
    ("เฟอร์นิเจอร์", 0.008), ("การพิมพ์", 0.006), ("โฮลดิ้ง", 0.012), ("(ประเทศไทย)", 0.03), ("", 0.5),
)  # fmt: skip
SAID = '{"@":[],"entity.name_th":"%s","entity.juristic_id":"%s","entity.status":"active","entity.registered_on":"2017-03-15","entity.tsic":"10304","entity.legal_kind":"company","entity.seat_address":"199 หมู่ที่ 5 ถนนมิตรภาพ","entity.seat":"490104","entity.province":"%s","entity.capital_satang":500000000,"entity.revenue_satang":4200000000,"entity.assets_satang":2100000000,"entity.accounts_year":2025}'
GOLDEN = '{"entity.establishment_count":["0","count"],"entity.name_th":"source 0 1","entity.province":"agreed 0 1","entity.sector":["manufacturing","tsic"],"entity.size_class":["small","2562-revenue/revenue"]}'


def main(size: int = ENTERPRISES) -> None:
    circumstance = circumstances()
    with tempfile.TemporaryDirectory(prefix="ii-bench-register-") as folder:
        Path(folder).chmod(0o755)
        found = _child("measure", folder, size)
    asked = {"by id": 5, "by juristic id": 5, "half a name, from its beginning": 50, "half a name, from its middle": 50,
             "with a slip of the hand": 300, "a word that many names share": 300, "a shared word, in a province": 300}  # fmt: skip
    rows = [
        (name, times["count"], f"{times['p50_ms']:.1f}", f"{times['p95_ms']:.1f}", f"{times['max_ms']:.1f}",
         times["too_broad"], limit)
        for name, limit in asked.items() if (times := found["times"][name])
    ]  # fmt: skip
    print(
        f"  loaded {found['enterprises']:,} enterprises, {found['members']:,} records in {found['load_seconds']} s, {found['gib']} GiB"
    )
    table(f"Look-up among {size:,}", ("what", "asked", "p50 ms", "p95 ms", "max ms", "too broad", "goal p95 ms"), rows)
    write("register", found, circumstance)


def _child(act: str, *arguments: object) -> dict[str, Any]:
    environ = os.environ | {  # noqa: TID251 - a home of the bench's own
        "IINDUSTRY_HOME": str(arguments[0]), "IINDUSTRY_DATABASE_ROLE": "worker",
        "DJANGO_SETTINGS_MODULE": "iindustry.config.settings",
    }  # fmt: skip
    command = [sys.executable, __file__, act, *map(str, arguments)]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{act} failed")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def measure(home: Path, size: int) -> dict[str, Any]:
    from iindustry.config import database
    from iindustry.config.supervisor import connected

    try:
        with connected("worker", makes_home=True):
            loaded = _load(home / "rows", size)
            return loaded | {"times": _times(home / "rows")}
    finally:
        cluster = database.cluster_of(home).data.parent
        if cluster.parent == Path("/var/lib/i-industry"):
            shutil.rmtree(cluster, ignore_errors=True)


def _load(folder: Path, size: int) -> dict[str, Any]:
    """Rows as a publication leaves them for its transaction, then the transaction's own loading."""
    from datetime import UTC, datetime

    from django.db import connection, transaction

    from iindustry.register.models import Publication
    from iindustry.register.services import loading

    brands = _words(60_000)
    parts = []
    for start in range(0, size, CHUNK):
        part = folder / f"{start:09d}"
        part.mkdir(parents=True)
        for name, frame in _rows(brands, start, min(CHUNK, size - start)).items():
            frame.write_parquet(loading.part_of(part, name), compression="lz4")
        parts.append(part)
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        loading.load(cursor, parts, 1)
        Publication.objects.create(
            number=1,
            version="bench",
            published_at=datetime(2026, 11, 22, tzinfo=UTC),
            newest={"dbd": "2026-10-31", "tisi": "2026-10-31"},
        )
    seconds = round(time.perf_counter() - began, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_member")
        members = cursor.fetchone()[0]
        cursor.execute("SELECT pg_database_size(current_database())")
        gib = round(cursor.fetchone()[0] / 2**30, 2)
    print(f"  loaded in {seconds} s", file=sys.stderr, flush=True)
    return {"enterprises": size, "members": members, "load_seconds": seconds, "gib": gib}


def _words(count: int) -> list[str]:
    """Generated words of two or three syllables: no name of anybody."""
    chance = random.Random(SEED)  # noqa: S311 - made-up names

    def syllable() -> str:
        return chance.choice(_BEFORE) + chance.choice(_CONSONANTS) + chance.choice(_VOWELS)

    return ["".join(syllable() for _ in range(2 + number % 2)) for number in range(count)]


def _chance(seed: int) -> pl.Expr:
    """A number from 0 to 1 for each row, the same in every run."""
    import polars as pl

    return (pl.col("number").hash(seed) % _FINE).cast(pl.Float64) / _FINE


def _rows(brands: list[str], start: int, count: int) -> dict[str, pl.DataFrame]:
    import polars as pl

    known = pl.Series(brands)
    shared = pl.Series([word for word, share in SHARED for _ in range(round(share * 1000))])
    some = (
        (_chance(1) ** 1.6 * len(brands)).cast(pl.Int64),
        (_chance(2) ** 1.6 * len(brands)).cast(pl.Int64),
    )  # some are liked more
    made = pl.DataFrame({"number": pl.int_range(start, start + count, eager=True)}).with_columns(
        first=some[0], other=some[1], shared=(_chance(3) * shared.len()).cast(pl.Int64)
    )  # fmt: skip
    made = made.select(
        "number",
        core=pl.concat_str(
            known.gather(made["first"]),
            pl.when(_chance(4) < _TWO_WORDS).then(known.gather(made["other"])).otherwise(pl.lit("")),
            shared.gather(made["shared"]),
        ),
    ).with_columns(
        enterprise_id=_id("ENT-"), juristic_id=pl.format("0{}", (pl.col("number") + 105_500_000_000).cast(pl.Utf8)),
        province_code=(_chance(5) * 87 + 10).cast(pl.Int64).cast(pl.Utf8), name_th=pl.format("บริษัท {} จำกัด", "core"),
    )  # fmt: skip
    enterprises = made.select(
        "enterprise_id", "name_th", pl.lit("").alias("name_en"), "juristic_id", "province_code",
        pl.lit(value=False).alias("is_person"), pl.lit(0).alias("establishment_count"), pl.col("core").alias("search_text"),
        pl.lit(GOLDEN).alias("golden"),
    ).sort("enterprise_id")  # fmt: skip
    before, between, after, end = (pl.lit(one) for one in SAID.split("%s"))
    said = pl.concat_str(before, "name_th", between, "juristic_id", after, "province_code", end)
    first = made.with_columns(source=pl.lit("dbd"), record_key=pl.col("juristic_id"))
    second = made.with_columns(source=pl.lit("tisi"), record_key=pl.format("T{}", "number"))
    members = pl.concat([first, second]).select(
        "source", "record_key", "enterprise_id", pl.lit(None, dtype=pl.Utf8).alias("establishment_id"),
        pl.lit("id").alias("link_ground"), pl.lit(1.0).alias("match_probability"), pl.lit("d1").alias("delivery_id"),
        pl.lit("2026-10-31").alias("observed_on"), pl.lit(value=False).alias("is_person"), said.alias("said"),
    )  # fmt: skip
    sites = pl.DataFrame(
        schema=dict.fromkeys(
            ("establishment_id", "enterprise_id", "factory_id", "name", "province_code", "golden"), pl.Utf8
        )
    )
    return {"register_enterprise": enterprises, "register_establishment": sites, "register_member": members}


def _id(prefix: str) -> pl.Expr:
    """An opaque id that a number makes, spread over the alphabet."""
    import polars as pl

    spread = (pl.col("number").cast(pl.UInt64) * 2_654_435_761 + 97) % 2**40
    digits = [
        (spread // 32**place % 32).replace_strict(dict(enumerate(_SIGNS)), return_dtype=pl.Utf8) for place in range(8)
    ]
    return pl.concat_str(pl.lit(prefix), *digits, pl.lit("000"))


def _times(folder: Path) -> dict[str, Any]:
    import polars as pl

    from iindustry.kernel.errors import Rejected
    from iindustry.register import services as register

    rows = pl.concat(
        pl.read_parquet(one / "register_enterprise.parquet").sample(60, seed=1) for one in sorted(folder.iterdir())
    )
    rows = rows.sample(min(ASKED, rows.height), seed=2)
    long = [one for one in rows["search_text"] if len(one) >= _LONG_NAME]
    starts = [one[: max(5, len(one) // 2)] for one in long]
    middles = [one[len(one) // 3 :][: max(5, len(one) // 2)] for one in long]
    slips = [one[: len(one) // 2] + "ฮ" + one[len(one) // 2 + 1 :] for one in long]
    shared = [word for word, _ in SHARED if word] * 5

    def timed(call: Callable[[Any], object], things: Sequence[Any]) -> dict[str, Any]:
        times, too_broad = [], 0
        for one in things:
            began = time.perf_counter()
            try:
                call(one)
            except Rejected:
                too_broad += 1
            times.append((time.perf_counter() - began) * _MS)
        return {"count": len(times), "p50_ms": round(percentile(times, 0.5), 2), "p95_ms": round(percentile(times, 0.95), 2),
                "max_ms": round(max(times), 2), "too_broad": too_broad}  # fmt: skip

    acts: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "by id": (register.get_enterprise, list(rows["enterprise_id"])),
        "by juristic id": (register.find_by_juristic_id, list(rows["juristic_id"])),
        "half a name, from its beginning": (register.search, starts),
        "half a name, from its middle": (register.search, middles),
        "with a slip of the hand": (register.search, slips),
        "a word that many names share": (register.search, shared),
        "a shared word, in a province": (lambda word: register.search(word, province="49"), shared),
    }
    for call, things in acts.values():  # what a running register has in memory
        for one in things[:30]:
            try:
                call(one)
            except Rejected:
                continue
    rounds = [{name: timed(*act) for name, act in acts.items()} for _ in range(ROUNDS)]
    return {name: min((one[name] for one in rounds), key=lambda found: found["p95_ms"]) for name in acts}


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case ["measure", home, size]:
            print(json.dumps(measure(Path(home), int(size))))
        case [size]:
            main(int(size))
