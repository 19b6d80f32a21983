"""Which registers there are, how each writes its file, and the files of every month growing part by part.

Invariant: every row written is known to the truth, but for the broken rows, which are about nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import broken, calibration, dbd_registers, files, firm_registers, site_registers
from iindustry.generate.country import Delivery
from iindustry.kernel.errors import Rejected
from iindustry.kernel.thaidate import BE_OFFSET, MONTHS_TH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from iindustry.generate.registers import Scene, Written
    from iindustry.generate.setting import Month, Setting

SHEETS_UP_TO = 5_000  # enterprises: workbooks are what persons send, of a few thousand rows
CSV_UP_TO = 1_000_000  # enterprises: above, deliveries are Parquet


@dataclass(frozen=True, slots=True)
class Register:
    """One file of a register. `snapshot`: each month's file is the whole, else what came since. `later`: none in the first month."""

    name: str
    source: str
    title: str
    write: Callable[[Scene], Written]
    encoding: files.Encoding = "utf-8-sig"
    snapshot: bool = False
    sheet: bool = False
    later: bool = False


REGISTERS = (
    Register("dbd-register", "dbd", "ทะเบียนนิติบุคคล", dbd_registers.dbd_register, snapshot=True),
    Register("dbd-new", "dbd", "", dbd_registers.dbd_month, "cp874"),
    Register("dbd-closed", "dbd", "นิติบุคคลเลิก", dbd_registers.dbd_closed, later=True),
    Register("dbd_accounts", "dbd_accounts", "งบการเงินที่ยื่น", dbd_registers.accounts),
    Register("dbd_directors", "dbd_directors", "กรรมการและอำนาจกระทำการ", dbd_registers.directors, snapshot=True),
    Register("diw", "diw", "ทะเบียนโรงงาน", site_registers.diw, "cp874", snapshot=True),
    Register("dip", "dip", "ผู้เข้าร่วมโครงการส่งเสริมอุตสาหกรรม", firm_registers.dip, sheet=True),
    Register("tisi", "tisi", "ใบอนุญาต มอก.", site_registers.tisi, "cp874", snapshot=True, sheet=True),
    Register("green", "green", "ใบรับรองอุตสาหกรรมสีเขียว", site_registers.green, snapshot=True),
    Register("ieat", "ieat", "โรงงานในนิคมอุตสาหกรรม", site_registers.ieat, "cp874", snapshot=True),
    Register("oie", "oie", "รายงานการผลิตรายเดือน", site_registers.oie),
    Register("dpim", "dpim", "ใบอนุญาตด้านแร่และโลหการ", site_registers.dpim, snapshot=True),
    Register("ocsb", "ocsb", "ใบอนุญาตโรงงานน้ำตาล", site_registers.ocsb, snapshot=True),
    Register("exports", "exports", "มูลค่าส่งออกรายเดือน", firm_registers.exports),
    Register("orders", "orders", "คำสั่งและค่าธรรมเนียมค้างชำระ", site_registers.orders, snapshot=True),
    Register("i40", "i40", "ผลประเมิน Thailand i4.0 Index", firm_registers.i40),
    Register("portal", "portal", "กิจการที่เจ้าของแจ้งเอง", firm_registers.portal),
    Register("smed", "smed", "ยอดสินเชื่อคงเหลือ", lambda scene: firm_registers.positions(scene, "smed")),
    Register("exim", "exim", "ยอดสินเชื่อคงเหลือ", lambda scene: firm_registers.positions(scene, "exim")),
)
SOURCES = tuple(dict.fromkeys(one.source for one in REGISTERS))
# the mix of the linkage bench (LINKAGE section 7): the nine registers whose records hold a name
LINKAGE_MIX = ("dbd", "diw", "dip", "tisi", "green", "ieat", "dpim", "ocsb", "portal")


def chosen(registers: Collection[str] | None) -> tuple[Register, ...]:
    """The files of these sources; of all where None is said. Raises Rejected `registers-not-generated`."""
    if registers is None:
        return REGISTERS
    unknown = sorted(set(registers) - set(SOURCES))
    if unknown:
        raise Rejected("registers-not-generated", names=", ".join(unknown), known=", ".join(SOURCES))
    return tuple(one for one in REGISTERS if one.source in registers)


class Deliveries:
    """The files of a country while they are written: one a register and month, and whom their rows are about."""

    def __init__(self, folder: Path, registers: tuple[Register, ...], setting: Setting, *, enterprises: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._setting, self._size = folder, setting, enterprises
        self._registers = registers
        self._files: dict[tuple[str, int], files.Writer] = {}
        self._about: dict[tuple[str, int], files.Parquet] = {}

    def add(self, scene: Scene) -> None:
        """One part of the country at one month, in every register."""
        for register in self._registers:
            if register.later and not scene.month.place:
                continue
            written = register.write(scene)
            if written.cells.is_empty():  # nobody hands over a file without a row
                continue
            cells = written.cells.drop(self._setting.noise.drop.get(register.source, ()), strict=False)
            if scene.first and not scene.month.place:
                cells = broken.with_broken(cells, register.name.removesuffix("-register"))
            self._file(register, scene.month).add(cells)
            self._told(register, scene.month).add(written.about)

    def close(self) -> tuple[Delivery, ...]:
        """Finish all files, in the order of months and registers."""
        return tuple(
            Delivery(register.source, self._files[register.name, month.place].close(), month.name)
            for month in self._setting.months()
            for register in self._registers
            if (register.name, month.place) in self._files
        )

    def truth(self, month: Month) -> pl.LazyFrame:
        """Whom each record in force at the end of a month is about; the latest file to name a record decides."""
        parts = [
            told.scan()
            for register in self._registers
            for place in ([month.place] if register.snapshot else range(month.place + 1))
            if (told := self._about.get((register.name, place))) is not None
        ]
        rows = pl.concat(parts)
        return (
            rows
            if self._setting.periods == 1
            else rows.unique(["source", "record_key"], keep="last", maintain_order=True)
        )

    def drop(self) -> None:
        """Take away what only the truth was made of."""
        for told in self._about.values():
            told.drop()

    def _told(self, register: Register, month: Month) -> files.Parquet:
        key = (register.name, month.place)
        if key not in self._about:
            self._about[key] = files.Parquet(self._folder / f".{register.name}-{month.name}.about.parquet")
        return self._about[key]

    def _file(self, register: Register, month: Month) -> files.Writer:
        key = (register.name, month.place)
        if key not in self._files:
            self._files[key] = self._opened(register, month)
        return self._files[key]

    def _opened(self, register: Register, month: Month) -> files.Writer:
        path = self._folder / f"{register.name}-{month.name}.csv"
        titles = _titles(register, month)
        if self._size > CSV_UP_TO:
            return files.Parquet(path.with_suffix(".parquet"))
        if register.sheet and self._size <= SHEETS_UP_TO:
            return files.Sheet(path.with_suffix(".xlsx"), titles)
        return files.Csv(path, titles, register.encoding)


def _titles(register: Register, month: Month) -> list[str]:
    """Title lines as the office writes them; the factory register leaves an empty one below."""
    extra: Mapping[str, list[str]] = {
        "dbd-new": [f"นิติบุคคลจัดตั้งเดือน{MONTHS_TH[month.first.month - 1]}  {month.first.year + BE_OFFSET} ({calibration.mark()})", "ทั่วประเทศ"],
        "diw": [files.title(register.title), ""],
    }  # fmt: skip
    return extra.get(register.name, [files.title(register.title)])
