"""What linking gives back to an agency: her own register, row by row, with what the others know of the same enterprise.

Confirmed number, lasting ids, codes of the place, rows that seem to be double, and what has changed since the version before. Of other
registers only what is public goes back: number, name, status. Invariant: exactly the agency's own records of the version in force,
each once, in the order of their keys; the ledger's entry is written before the first byte is handed out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from iindustry.kernel.errors import Conflict
from iindustry.kernel.home import current_version
from iindustry.kernel.whole import whole
from iindustry.ledger import services as ledger
from iindustry.linkage.outcome import GROUND_WORDS, Ground
from iindustry.reference import areas
from iindustry.register import services as register
from iindustry.sources import permissions
from iindustry.sources import services as sources
from iindustry.sources.contracts import contract_of
from iindustry.standardise import services as standardise

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from iindustry.kernel.actors import Actor
    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home

COLUMNS = {
    "record_key": "รหัสระเบียนของท่าน",
    "enterprise_id": "รหัสกิจการในทะเบียนกลาง",
    "establishment_id": "รหัสสถานประกอบการในทะเบียนกลาง",
    "juristic_id": "เลขทะเบียนนิติบุคคลที่ยืนยันแล้ว",
    "name_th": "ชื่อกิจการในทะเบียนกลาง",
    "status": "สถานะกิจการ",
    "province_code": "รหัสจังหวัด",
    "province": "จังหวัด",
    "district_code": "รหัสอำเภอ",
    "subdistrict_code": "รหัสตำบล",
    "ground": "เชื่อมด้วย",
    "match_probability": "ความน่าจะเป็นของการเชื่อม",
    "same_enterprise": "ระเบียนอื่นของท่านที่เป็นกิจการเดียวกัน (จำนวน)",
    "same_site": "ระเบียนอื่นของท่านที่เป็นสถานประกอบการเดียวกัน",
    "changed": "สิ่งที่เปลี่ยนจากทะเบียนกลางรุ่นก่อน",
}
"""Columns of the file, in order, with the headings an officer reads. Docs: docs/how-to/deliver.md."""

_STATUS = {"active": "ยังดำเนินกิจการ", "suspended": "พักหรือร้าง", "closed": "เลิก"}
_COMPARED = {
    "enterprise_id": "รหัสกิจการ",
    "juristic_id": "เลขทะเบียนนิติบุคคล",
    "name_th": "ชื่อกิจการ",
    "status": "สถานะ",
}
OFFICIAL = "dbd"  # the register that answers for juristic ids: what it holds is confirmed
_MOST_NAMED = 5  # of the other records of one place; the rest is counted
_FORMULA = r"^[=+\-@\t\r]"


@dataclass(frozen=True, slots=True)
class Returned:
    """A file given back. `rows`: records in it; `entry`: hash of the ledger's leaf."""

    path: Path
    version: str
    rows: int
    sha256: str
    entry: str


def give_back(source: str, folder: Path, *, actor: Actor, home: Home, clock: Clock) -> Returned:
    """Write an agency's own register, with what linking found, as CSV into a folder.

    UTF-8 with a byte-order mark, since it is opened in spreadsheets; no cell can become a formula. Raises NotFound
    `source-unknown`; Denied `source-not-yours`; Conflict `register-absent` before the first version.
    """
    contract = contract_of(source)
    permissions.check_deliver(actor, contract)
    version = current_version(home)
    if version is None:
        raise Conflict("register-absent")
    rows = own_rows(source, version, _before(version), home)
    path = folder / f"{source}-{version}.csv"
    with whole(path) as fresh:
        _safe(rows).rename(COLUMNS).write_csv(fresh, include_bom=True, line_terminator="\r\n")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with transaction.atomic():
        entry = ledger.append(
            "register.returned", actor=actor, at=clock.now(), source=source, version=version, records=rows.height, sha256=digest
        )  # fmt: skip
    return Returned(path, version, rows.height, digest, entry.leaf_hash)


def own_rows(source: str, version: str, before: str | None, home: Home) -> pl.DataFrame:
    """One row a record of the source in a version; columns `COLUMNS`, all text but `same_enterprise`."""
    import polars as pl

    members = _members(home, version).filter(pl.col("source") == source)
    others = pl.col("record_key").sort_by("record_key")
    by_site = (
        members.filter(pl.col("establishment_id").is_not_null())
        .group_by("establishment_id")
        .agg(others.alias("keys"))
        .filter(pl.col("keys").list.len() > 1)
    )
    by_enterprise = members.group_by("enterprise_id").agg((pl.len() - 1).alias("same_enterprise"))
    official = _members(home, version).filter(pl.col("source") == OFFICIAL).select("enterprise_id").unique()
    confirmed = official.with_columns(pl.lit(value=True).alias("is_confirmed"))
    sizes = _members(home, version).group_by("enterprise_id").agg((pl.len() == 1).alias("is_alone"))
    found = (
        members.join(sizes, on="enterprise_id", how="left")
        .join(_enterprises(home, version), on="enterprise_id", how="left")
        .join(confirmed, on="enterprise_id", how="left")
        .with_columns(pl.when("is_confirmed").then("juristic_id").alias("juristic_id"))
        .join(_places(source, home), on="record_key", how="left")
        .join(by_enterprise, on="enterprise_id", how="left")
        .join(by_site, on="establishment_id", how="left")
        .join(_changes(source, version, before, home), on="record_key", how="left")
    )
    grounds = {ground.value: words[0] for ground, words in GROUND_WORDS.items()}
    names = {one.code: one.th for one in areas.PROVINCES}
    rest = pl.col("keys").list.set_difference(pl.concat_list("record_key")).list.sort()
    return (
        found.with_columns(
            pl.col("status").replace(_STATUS),
            pl.when("is_alone")
            .then(pl.lit(grounds[Ground.SINGLE.value]))
            .otherwise(pl.col("link_ground").replace(grounds))
            .alias("ground"),
            pl.when(~pl.col("is_alone"))
            .then(pl.col("match_probability").round(4).cast(pl.Utf8))
            .alias("match_probability"),
            pl.col("province_code").replace_strict(names, default=None, return_dtype=pl.Utf8).alias("province"),
            rest.list.head(_MOST_NAMED).list.join(" ").alias("same_site"),
        )
        .select(*COLUMNS)
        .sort("record_key")
        .collect()
    )


def _members(home: Home, version: str) -> pl.LazyFrame:
    import polars as pl

    return pl.scan_parquet(home.register / version / "members.parquet")


def _enterprises(home: Home, version: str) -> pl.LazyFrame:
    """What is public of enterprises. A natural person's name is not, whichever register gave it: null."""
    import polars as pl

    return pl.scan_parquet(home.register / version / "enterprises.parquet").select(
        "enterprise_id",
        "juristic_id",
        pl.when(~pl.col("is_person").fill_null(value=True)).then("name_th").alias("name_th"),
        pl.col("entity__status").alias("status"),
    )


def _places(source: str, home: Home) -> pl.LazyFrame:
    """Codes of the place that each record's own address leads to, as its newest row says them."""
    import polars as pl

    kept = [one for one in sources.in_force(home=home) if one.source == source]
    arrived = {one.delivery_id: place for place, one in enumerate(kept)}  # of two files of one day the later one speaks
    return (
        standardise.identities(standardise.standard_files(kept, home=home))
        .with_columns(arrived=pl.col("delivery_id").replace_strict(arrived, default=None, return_dtype=pl.Int64))
        .sort("observed_on", "arrived", "row", descending=True)
        .group_by("record_key")
        .agg(pl.col("province_code", "district_code", "subdistrict_code").drop_nulls().first())
    )


def _changes(source: str, version: str, before: str | None, home: Home) -> pl.LazyFrame:
    """What differs between two versions for each record, in words; a record that is new says so."""
    import polars as pl

    now = _compared(source, version, home)
    if before is None:
        return now.select("record_key", pl.lit(None, dtype=pl.Utf8).alias("changed"))
    earlier = _compared(source, before, home).with_columns(pl.lit(value=True).alias("known"))
    both = now.join(earlier, on="record_key", how="left", suffix="_before")
    said = [
        pl.when(pl.col(name).ne_missing(pl.col(f"{name}_before"))).then(pl.lit(word))
        for name, word in _COMPARED.items()
    ]
    words = pl.concat_str(said, separator=" ", ignore_nulls=True)
    return both.select(
        "record_key", pl.when(pl.col("known").is_null()).then(pl.lit("ระเบียนใหม่")).otherwise(words).alias("changed")
    )


def _compared(source: str, version: str, home: Home) -> pl.LazyFrame:
    import polars as pl

    own = _members(home, version).filter(pl.col("source") == source).select("record_key", "enterprise_id")
    return own.join(_enterprises(home, version), on="enterprise_id", how="left")


def _before(version: str) -> str | None:
    """The version published before this one; None for the first."""
    published = [one.version for one in register.list_versions(limit=50)]
    later = published[published.index(version) + 1 :] if version in published else []
    return later[0] if later else None


def _safe(rows: pl.DataFrame) -> pl.DataFrame:
    """Texts that a spreadsheet would take for a formula get an apostrophe."""
    import polars as pl

    texts = [name for name, kind in rows.schema.items() if kind == pl.Utf8]
    return rows.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )
