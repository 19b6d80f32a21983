"""What each register writes of the truth, with its own flaws (SOURCES.md headings; traps of DOMAIN section 4).

Each function gives a `Written`: the cells as text under the register's headings, and whom each row is really about.
Invariant: flaws are drawn a row and a source at a time, so two registers err apart; `clean` rows (the cast) do not err.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import calibration, places, roles, spelling, trades
from iindustry.generate.chance import Chance, by_weight
from iindustry.kernel.thaidate import BE_OFFSET, MONTHS_TH_SHORT, fiscal_year_be
from iindustry.reference import factory_types

if TYPE_CHECKING:
    from datetime import date

_COMMAS_FROM = 1000  # the register writes thousands of millions with commas and spaces
_DATE_IN_WORDS = 0.03  # of TISI dates; assumed


@dataclass(frozen=True, slots=True)
class Written:
    """One register's rows. `cells`: Utf8 columns under its headings. `about`: source, record_key, enterprise, establishment."""

    cells: pl.DataFrame
    about: pl.DataFrame


def _flaw(name: str) -> float:
    return calibration.rate("flaws", name)


def _hit(chance: Chance, tag: str, name: str) -> pl.Expr:
    return chance.happens(tag, _flaw(name)) & ~pl.col("clean")


def be_date(day: pl.Expr) -> pl.Expr:
    """`14/1/2559`."""
    year = (day.dt.year() + BE_OFFSET).cast(pl.Utf8)
    return pl.concat_str(day.dt.day().cast(pl.Utf8), day.dt.month().cast(pl.Utf8), year, separator="/")


def be_date_words(day: pl.Expr) -> pl.Expr:
    """`14 ม.ค. 2559`."""
    months = dict(enumerate(MONTHS_TH_SHORT, start=1))
    month = day.dt.month().cast(pl.Int64).replace_strict(months, default=None)
    return pl.concat_str(day.dt.day().cast(pl.Utf8), month, (day.dt.year() + BE_OFFSET).cast(pl.Utf8), separator=" ")


def _about(frame: pl.DataFrame, source: str, key: str, establishment: str | None = None) -> pl.DataFrame:
    site = pl.lit(None, dtype=pl.Utf8) if establishment is None else pl.col(establishment)
    return frame.select(
        pl.lit(source).alias("source"),
        pl.col(key).alias("record_key"),
        pl.col("enterprise"),
        site.alias("establishment"),
    )


def _grouped(number: pl.Expr) -> pl.Expr:
    """`1,035.79` of a text number: commas by threes."""
    whole = number.str.split(".").list.get(0)
    rest = number.str.split(".").list.get(1, null_on_oob=True)
    backwards = whole.str.reverse().str.replace_all(r"(\d{3})", "${1},").str.reverse().str.strip_chars_start(",")
    return pl.when(rest.is_null()).then(backwards).otherwise(backwards + pl.lit(".") + rest)


def dbd(enterprises: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Juristic persons ready to be laid out in either layout: seats as one text, numbers with their flaws."""
    frame = enterprises.filter(~pl.col("person"))
    frame = places.with_names(frame, chance, "dbd")
    objective = pl.lit("ประกอบกิจการ") + pl.col("objective")
    odd = pl.col("objective").str.slice(0, 1).is_in(["ป", "ข"])
    return frame.with_columns(
        places.one_line(chance, "dbd").alias("seat"),
        pl.when(odd).then("objective").otherwise(objective).alias("objective_text"),
        pl.when(_hit(chance, "tsic", "tsic_empty")).then(None).otherwise("tsic").alias("tsic"),
        # a digit of Thai in a name is how the firm is registered (93 of 91,939): no slip
        pl.when(_hit(chance, "dbd digits", "thai_digits"))
        .then(pl.col("name_th").str.replace_many(dict(zip("0123456789", "๐๑๒๓๔๕๖๗๘๙", strict=True))))
        .otherwise("name_th")
        .alias("name_written"),
    )


def dbd_register(frame: pl.DataFrame, chance: Chance) -> Written:
    """The register as agreed: every column of SOURCES, ids as numbers that lost their zero now and then."""
    number = pl.col("juristic_id")
    lost = chance.happens("dbd zero", 0.04) & ~pl.col("clean")
    cells = frame.with_row_index("n", offset=1).select(
        pl.col("n").cast(pl.Utf8).alias("ลำดับ"),
        pl.when(lost).then(number.str.slice(1)).otherwise(number).alias("เลขทะเบียน"),
        pl.col("name_written").alias("ชื่อนิติบุคคล"),
        pl.col("name_en").alias("ชื่อภาษาอังกฤษ"),
        be_date(pl.col("registered_on")).alias("วันที่จดทะเบียน"),
        pl.col("status").alias("สถานะ"),
        pl.col("capital_baht").cast(pl.Utf8).alias("ทุนจดทะเบียน (บาท)"),
        pl.col("tsic").alias("รหัสวัตถุประสงค์"),
        pl.col("objective_text").alias("รายละเอียดวัตถุประสงค์"),
        pl.col("seat").alias("ที่ตั้งสำนักงานใหญ่"),
        pl.col("revenue_baht").cast(pl.Utf8).alias("รายได้รวม (บาท)"),
        pl.col("assets_baht").cast(pl.Utf8).alias("สินทรัพย์รวม (บาท)"),
        pl.col("accounts_year").cast(pl.Utf8).alias("ปีงบการเงิน"),
    )
    return Written(cells, _about(frame, "dbd", "juristic_id"))


def dbd_month(frame: pl.DataFrame) -> Written:
    """A month's new firms: two title lines, a heading with a line break, capital with commas (DOMAIN section 3)."""
    cells = frame.with_row_index("n", offset=1).select(
        pl.col("n").cast(pl.Utf8).alias("ที่"),
        pl.col("juristic_id").alias("เลขทะเบียน"),
        pl.col("name_written").alias("ชื่อนิติบุคคล"),
        be_date(pl.col("registered_on")).alias("วันที่จดทะเบียน"),
        (pl.lit(" ") + _grouped(pl.col("capital_baht").cast(pl.Utf8)) + pl.lit(" ")).alias(" ทุนจดทะเบียน\n (บาท) "),
        pl.col("tsic").alias("รหัสวัตถุประสงค์"),
        pl.col("objective_text").alias("รายละเอียดวัตถุประสงค์"),
        pl.col("seat").alias("ที่ตั้งสำนักงานใหญ่"),
    )
    return Written(cells, _about(frame, "dbd", "juristic_id"))


def _operator(chance: Chance) -> pl.Expr:
    gap = pl.when(chance.happens("two gaps", 0.2)).then(pl.lit("  ")).otherwise(pl.lit(" "))
    own = pl.concat_str(pl.col("title"), pl.col("given"), gap, pl.col("family"))
    by_whom = chance.happens("by whom", 0.002) & ~pl.col("clean")
    tail = pl.when(by_whom).then(pl.lit(" โดย นาย") + pl.col("given")).otherwise(pl.lit(""))
    return pl.when("person").then(own).otherwise(pl.col("_operator") + tail)


def _site_name(chance: Chance) -> pl.Expr:
    differs = chance.happens("site differs", _flaw("site_name_differs")) & ~pl.col("clean")
    place = pl.lit("โรงงาน") + pl.col("core").str.split(" ").list.get(0)
    brand = pl.concat_str(pl.col("family"), pl.lit(" "), pl.col("activity").str.split("และ").list.get(0))
    other = pl.when(chance.happens("site brand", 0.55)).then(place).otherwise(brand)
    return pl.when("person").then("core").when(differs).then(other).otherwise("_site")


def diw(factories: pl.DataFrame, chance: Chance) -> Written:
    """The factory register under its own headings: capital in million baht, types and years that lost digits."""
    here = Chance(chance.seed, row="j")
    frame = places.with_names(factories, here, "diw")
    frame = spelling.with_written(frame, "_operator", here, "diw operator", "diw")
    frame = spelling.with_written(frame, "_site", here, "diw site", "diw")
    fixed = {row: member.factory for row, member in enumerate(roles.CAST)}
    operator, site = _operator(here), _site_name(here)
    for row, facts in fixed.items():
        operator = pl.when(pl.col("i") == row).then(pl.lit(facts["operator"])).otherwise(operator)
        site = pl.when(pl.col("i") == row).then(pl.lit(facts["site_name"])).otherwise(site)
    words = {item.code: item.th for item in factory_types.list_types()}
    number = pl.col("factory_id")
    year = pl.col("licence_be").cast(pl.Utf8)
    capital = pl.col("capital_mb").cast(pl.Utf8)
    capital = (
        pl.when(pl.col("capital_mb") >= _COMMAS_FROM)
        .then(pl.lit(" ") + _grouped(capital) + pl.lit(" "))
        .otherwise(capital)
    )
    dash = {name: _hit(here, f"dash {name}", "part_dash") for name in ("moo", "soi", "road")}

    def part(name: str) -> pl.Expr:
        return pl.when(pl.col(name).is_null() & dash[name]).then(pl.lit("-")).otherwise(name)

    cells = frame.select(
        pl.col("old_factory_id").alias("เลขทะเบียนโรงงานเดิม"),
        pl.when(number.str.starts_with("0")).then(number.str.strip_chars_start("0")).otherwise(number).alias("fid"),
        pl.when(_hit(here, "type zero", "type_zero_lost"))
        .then(pl.col("type").str.strip_chars_start("0"))
        .otherwise("type")
        .alias("รหัสประเภท"),
        pl.col("type").replace_strict(words, default=None).alias("ประเภทโรงงาน"),
        pl.col("factory_class").alias("จำพวก"),
        pl.when(_hit(here, "short year", "two_digit_year")).then(year.str.slice(2, 2)).otherwise(year).alias("ปีที่อนุญาต"),
        pl.when(_hit(here, "site dash", "site_name_dash")).then(pl.lit("-")).otherwise(site).alias("ชื่อโรงงาน"),
        pl.when(_hit(here, "no operator", "operator_empty")).then(None).otherwise(operator).alias("ผู้ประกอบการ"),
        pl.col("activity").alias("ประกอบกิจการ"),
        pl.col("house_no").alias("เลขที่"),
        pl.when(pl.col("moo").is_null() & _hit(here, "moo 0", "moo_zero"))
        .then(pl.lit("0"))
        .otherwise(part("moo"))
        .alias("หมู่"),
        part("soi").alias("ซอย"),
        part("road").alias("ถนน"),
        pl.col("tambon").alias("ตำบล"),
        pl.when(
            (pl.col("province") != places.BANGKOK)
            & pl.col("amphoe").str.starts_with("เมือง")
            & here.happens("just capital", 0.1)
        )
        .then(pl.lit("เมือง"))
        .otherwise("amphoe")
        .alias("อำเภอ"),
        pl.col("changwat").alias("จังหวัด"),
        pl.col("postcode").alias("รหัสไปรษณีย์"),
        pl.when(here.happens("diw phone", 0.6)).then("phone").alias("โทรศัพท์"),
        pl.when(_hit(here, "capital 0", "capital_nought"))
        .then(pl.lit(" -   "))
        .otherwise(capital)
        .alias("เงินทุนรวม (ล้านบาท)"),
        pl.when(_hit(here, "workers 0", "workers_nought"))
        .then(pl.lit("0"))
        .otherwise(pl.col("site_workers").cast(pl.Utf8))
        .alias("คนงานรวม"),
        pl.col("horsepower").cast(pl.Utf8).alias("แรงม้า"),
    )
    wild = ((2, "แรงม้า", "1902550"), (11, "เงินทุนรวม (ล้านบาท)", " 3,678,906.00 "), (23, "แรงม้า", "125000"))
    for place, column, value in wild:  # the wild values that the register itself holds (T22)
        row = frame.height * 3 // 4 + place
        cells = cells.with_columns(
            pl.when(pl.int_range(pl.len()) == row).then(pl.lit(value)).otherwise(column).alias(column)
        )
    return Written(cells, _about(frame, "diw", "factory_id", "establishment"))


def dip(enterprises: pl.DataFrame, chance: Chance, as_of: date) -> Written:
    """Programme participants: informal names, tax id often missing, one row a participation."""
    share = float(calibration.numbers()["coverage"]["dip"])
    times = by_weight(chance.uniform("dip times"), {"1": 0.7, "2": 0.22, "3": 0.08}).cast(pl.Int64)
    frame = (
        enterprises.filter(chance.happens("dip", share) & ~pl.col("clean"))
        .with_columns(times.alias("times"))
        .with_columns(pl.int_ranges(0, "times").alias("k"))
        .explode("k")
        .with_row_index("p")
        .with_columns(pl.col("p").cast(pl.Int64))
    )
    here = Chance(chance.seed, row="p")
    frame = spelling.with_written(places.with_names(frame, here, "dip"), "_name", here, "dip", "dip")
    newest = fiscal_year_be(as_of)
    own = pl.col("given") + pl.lit(" ") + pl.col("family")
    number = pl.coalesce("juristic_id", "citizen_id")
    missing = here.happens("dip id", float(calibration.numbers()["missing_id"]["dip"]))
    year = (newest - here.whole("dip year", 0, 5)).cast(pl.Utf8)
    made = frame.with_columns(
        pl.concat_str(pl.lit("DIP-"), year, pl.lit("-"), (900001 + pl.col("p")).cast(pl.Utf8)).alias("key"),
        here.pick("programme", trades.programmes()).alias("programme"),
        year.alias("year"),
        pl.when(pl.col("person") & here.happens("own name", 0.5)).then(own).otherwise("_name").alias("name"),
        pl.when(here.happens("dip english", 0.35)).then("name_en").alias("english"),
        pl.when(~missing).then(spelling.number_written(number, here, "dip")).alias("tax_id"),
        here.weighted(
            "dip result", {"ผ่าน": 1 - calibration.numbers()["dip_failed"], "ไม่ผ่าน": calibration.numbers()["dip_failed"]}
        ).alias("result"),
    )
    return _dip_cells(pl.concat([made, _cast_dip(enterprises, chance, made)], how="diagonal"), here)


def _cast_dip(enterprises: pl.DataFrame, chance: Chance, like: pl.DataFrame) -> pl.DataFrame:
    """The cast's own rows, after all others."""
    rows = [
        {"i": row, "key": f"DIP-{facts['fiscal_year']}-{890001 + row}", "programme": facts["programme"], "year": str(facts["fiscal_year"]),
         "name": facts["name"], "tax_id": facts["tax_id"] or None, "result": facts["result"], "p": like.height + row}
        for row, member in enumerate(roles.CAST)
        for facts in member.dip
    ]  # fmt: skip
    facts_ = pl.DataFrame(rows)
    cast = places.with_names(enterprises.filter("clean"), chance, "dip cast")
    return cast.join(facts_, on="i").with_columns(pl.col("name_en").alias("english"))


def _dip_cells(frame: pl.DataFrame, here: Chance) -> Written:
    latin = pl.lit("contact") + pl.col("p").cast(pl.Utf8) + pl.lit("@example.co.th")
    bangkok = pl.col("province") == places.BANGKOK
    short = here.happens("dip capital", 0.5)
    cells = frame.select(
        pl.col("key").alias("รหัสผู้เข้าร่วม"),
        pl.col("programme").alias("โครงการ"),
        pl.col("year").alias("ปีงบประมาณ"),
        pl.col("name").alias("ชื่อสถานประกอบการ"),
        pl.col("english").alias("ชื่อภาษาอังกฤษ"),
        pl.col("tax_id").alias("เลขประจำตัวผู้เสียภาษี"),
        (pl.col("title") + pl.col("given") + pl.lit(" ") + pl.col("family")).alias("ชื่อผู้ติดต่อ"),
        pl.when(here.happens("dip phone", 0.85) | pl.col("clean")).then("phone").alias("โทรศัพท์"),
        pl.when(here.happens("mail", 0.4)).then(latin).alias("อีเมล"),
        pl.when(bangkok & short).then(pl.lit("กทม.")).otherwise("changwat").alias("จังหวัด"),
        pl.when(here.happens("no district", 0.05) & ~pl.col("clean")).then(None).otherwise("amphoe").alias("อำเภอ"),
        pl.when(here.happens("no subdistrict", 0.12) & ~pl.col("clean")).then(None).otherwise("tambon").alias("ตำบล"),
        pl.col("result").alias("ผลลัพธ์"),
    )
    return Written(cells, _about(frame, "dip", "key"))


def tisi(factories: pl.DataFrame, enterprises: pl.DataFrame, chance: Chance, as_of: date) -> Written:
    """Product licences: holder, juristic id often missing, site as one text."""
    share = float(calibration.numbers()["coverage"]["tisi"])
    here = Chance(chance.seed, row="j")
    stated = trades.frame().select("trade", "standard_nos", "standard_names")
    ids = enterprises.select("i", "juristic_id", "citizen_id")
    # the trade lists stay with enterprises; a licence is of the first factory
    frame = (
        factories.filter(pl.col("k") == 0)
        .join(stated, on="trade", how="left", maintain_order="left")
        .join(ids, on="i", how="left", maintain_order="left")
        .filter((pl.col("standard_nos").list.len() > 0) & (here.happens("tisi", share * 1.5) | pl.col("clean")))
    )
    frame = spelling.with_written(places.with_names(frame, here, "tisi"), "_holder", here, "tisi", "tisi")
    missing = here.happens("tisi id", float(calibration.numbers()["missing_id"]["tisi"])) & ~pl.col("clean")
    # nobody holds a licence before the standards act of 2511; days are drawn over the last nine years
    issued = pl.lit(as_of) - pl.duration(days=here.whole("tisi issued", 40, 3300))
    own = pl.col("title") + pl.col("given") + pl.lit(" ") + pl.col("family")
    frame = frame.with_columns(issued.alias("issued")).with_columns(
        pl.concat_str(
            pl.lit("(ม)"),
            (90001 + pl.col("j")).cast(pl.Utf8),
            pl.lit("-1/"),
            (pl.col("issued").dt.year() + BE_OFFSET).cast(pl.Utf8),
        ).alias("key"),
        (here.uniform("standard") * pl.col("standard_nos").list.len()).floor().cast(pl.Int64).alias("which"),
    )
    number = spelling.number_written(pl.coalesce("juristic_id", "citizen_id"), here, "tisi")
    cells = frame.select(
        pl.col("key").alias("เลขที่ใบอนุญาต"),
        pl.col("standard_nos").list.get(pl.col("which")).alias("มาตรฐานเลขที่"),
        pl.col("standard_names").list.get(pl.col("which")).alias("ชื่อมาตรฐาน"),
        pl.when("person").then(own).otherwise("_holder").alias("ผู้รับใบอนุญาต"),
        pl.when(~missing).then(number).alias("เลขทะเบียนนิติบุคคล"),
        places.one_line(here, "tisi").alias("ที่ตั้งโรงงาน"),
        pl.col("changwat").alias("จังหวัด"),
        pl.when(here.happens("tisi words", _DATE_IN_WORDS) & ~pl.col("clean"))
        .then(be_date_words(pl.col("issued")))
        .otherwise(be_date(pl.col("issued")))
        .alias("วันที่อนุญาต"),
        here.weighted("tisi status", {"มีผลบังคับใช้": 0.93, "ยกเลิก": 0.05, "พักใช้": 0.02}).alias("สถานะ"),
    )
    cells = cells.with_columns(pl.when(frame["clean"]).then(pl.lit("มีผลบังคับใช้")).otherwise("สถานะ").alias("สถานะ"))
    return Written(cells, _about(frame, "tisi", "key", "establishment"))


def green(factories: pl.DataFrame, chance: Chance, as_of: date) -> Written:
    """Green Industry certificates: they name a factory, never a firm."""
    here = Chance(chance.seed, row="j")
    frame = places.with_names(factories.filter(pl.col("green_level").is_not_null()), here, "green")
    frame = spelling.with_written(frame, "_site", here, "green", "diw")
    issued = pl.lit(as_of) - pl.duration(days=here.whole("green issued", 20, 950))
    frame = frame.with_columns(issued.alias("issued")).with_columns(
        pl.concat_str(
            pl.lit("GI-"), (pl.col("issued").dt.year() + BE_OFFSET).cast(pl.Utf8), pl.lit("-"),
            pl.col("green_level").cast(pl.Utf8), pl.lit("-"), (900001 + pl.col("j")).cast(pl.Utf8),
        ).alias("key")
    )  # fmt: skip
    number = pl.col("factory_id")
    cells = frame.select(
        pl.col("key").alias("เลขที่ใบรับรอง"),
        pl.col("green_level").cast(pl.Utf8).alias("ระดับ"),
        pl.col("_site").alias("ชื่อโรงงาน"),
        number.str.strip_chars_start("0").alias("เลขทะเบียนโรงงาน"),
        pl.col("changwat").alias("จังหวัด"),
        be_date(pl.col("issued")).alias("วันที่รับรอง"),
        be_date(pl.col("issued").dt.offset_by("3y")).alias("วันหมดอายุ"),
    )
    return Written(cells, _about(frame, "green", "key", "establishment"))
