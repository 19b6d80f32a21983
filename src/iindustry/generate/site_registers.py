"""Registers that speak of sites: factories, estates, product licences, certificates, production, minerals, sugar, orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import places, roles, spelling, trades
from iindustry.generate.firm_registers import phone_written
from iindustry.generate.registers import (
    Written,
    about,
    be_date,
    be_date_words,
    be_month,
    grouped,
    joined_key,
    month_key,
    monthly,
)
from iindustry.generate.setting import month_before
from iindustry.kernel.thaidate import BE_OFFSET
from iindustry.reference import factory_types

if TYPE_CHECKING:
    from iindustry.generate.chance import Chance
    from iindustry.generate.registers import Scene

_COMMAS_FROM = 1000  # the register writes thousands of millions with commas and spaces
_OIE_MONTHS = 6  # in the first file
_OPEN_ORDERS = ("ยังไม่ปิด", "อยู่ระหว่างแก้ไข")
_ORDERS = {"สั่งปรับปรุงแก้ไข": 0.55, "ค่าธรรมเนียมค้างชำระ": 0.36, "สั่งหยุดประกอบกิจการ": 0.07, "สั่งปิดโรงงาน": 0.02}
_ORDER_STATES = {"ยังไม่ปิด": 0.35, "อยู่ระหว่างแก้ไข": 0.15, "ปิดแล้ว": 0.46, "ยกเลิก": 0.04}
# trade to the licence it would hold from the department of minerals; assumed
_MINERALS = {"metal": ("ใบอนุญาตประกอบโลหกรรม", "เหล็ก"), "construction_metal": ("ใบอนุญาตประกอบโลหกรรม", "อะลูมิเนียม"), "ceramics": ("ใบอนุญาตแต่งแร่", "ดินขาว"),
             "concrete": ("ประทานบัตร", "หินอุตสาหกรรม"), "chemicals": ("ใบอนุญาตแต่งแร่", "ยิปซัม"), "jewellery": ("ใบอนุญาตซื้อแร่", "ทองคำ")}  # fmt: skip
_SUGAR = {"โรงงานน้ำตาลทราย": 0.8, "โรงงานน้ำตาลทรายแดง": 0.15, "ส่งออกน้ำตาลทราย": 0.05}


def _operator(scene: Scene, here: Chance) -> pl.Expr:
    gap = pl.when(here.happens("two gaps", 0.2)).then(pl.lit("  ")).otherwise(pl.lit(" "))
    own = pl.concat_str(pl.col("title"), pl.col("given"), gap, pl.col("family"))
    masked = scene.hit(here, "masked", "operator_masked", "diw")
    own = pl.when(masked).then(pl.lit("บุคคลธรรมดา (ปกปิดชื่อ)")).otherwise(own)
    by_whom = here.happens("by whom", 0.002) & ~pl.col("clean")
    tail = pl.when(by_whom).then(pl.lit(" โดย นาย") + pl.col("given")).otherwise(pl.lit(""))
    return pl.when("person").then(own).otherwise(pl.col("_operator") + tail)


def _site_name(scene: Scene, here: Chance) -> pl.Expr:
    differs = scene.hit(here, "site differs", "site_name_differs", "diw")
    place = pl.lit("โรงงาน") + pl.col("core").str.split(" ").list.get(0)
    brand = pl.concat_str(pl.col("family"), pl.lit(" "), pl.col("activity").str.split("และ").list.get(0))
    other = pl.when(here.happens("site brand", 0.55)).then(place).otherwise(brand)
    return pl.when("person").then("core").when(differs).then(other).otherwise("_site")


def diw(scene: Scene) -> Written:
    """The factory register under its own headings: capital in million baht, types and years that lost digits."""
    setting, here = scene.setting, scene.setting.chance("j")
    frame = places.with_names(scene.sites, here, "diw", scene.rate("abolished_subdistrict", "diw"))
    frame = spelling.with_written(frame, "_operator", setting, here, tag="diw operator", source="diw")
    frame = spelling.with_written(frame, "_site", setting, here, tag="diw site", source="diw")
    operator, site = _operator(scene, here), _site_name(scene, here)
    if scene.first:
        for row, member in enumerate(roles.CAST):
            own = pl.col("i") == row
            operator = pl.when(own).then(pl.lit(member.factory["operator"])).otherwise(operator)
            site = pl.when(own).then(pl.lit(member.factory["site_name"])).otherwise(site)
    words = {item.code: item.th for item in factory_types.list_types()}
    number = pl.col("factory_id")
    year = pl.col("licence_be").cast(pl.Utf8)
    capital = pl.col("capital_mb").cast(pl.Utf8)
    capital = (
        pl.when(pl.col("capital_mb") >= _COMMAS_FROM)
        .then(pl.lit(" ") + grouped(capital) + pl.lit(" "))
        .otherwise(capital)
    )
    dash = {name: scene.hit(here, f"dash {name}", "part_dash", "diw") for name in ("moo", "soi", "road")}

    def part(name: str) -> pl.Expr:
        return pl.when(pl.col(name).is_null() & dash[name]).then(pl.lit("-")).otherwise(name)

    def hit(tag: str, name: str) -> pl.Expr:
        return scene.hit(here, tag, name, "diw")

    capital_district = (pl.col("province") != places.BANGKOK) & pl.col("amphoe").str.starts_with("เมือง")
    cells = frame.select(
        pl.col("old_factory_id").alias("เลขทะเบียนโรงงานเดิม"),
        pl.when(number.str.starts_with("0")).then(number.str.strip_chars_start("0")).otherwise(number).alias("fid"),
        pl.when(hit("type zero", "type_zero_lost"))
        .then(pl.col("type").str.strip_chars_start("0"))
        .otherwise("type")
        .alias("รหัสประเภท"),
        pl.col("type").replace_strict(words, default=None).alias("ประเภทโรงงาน"),
        pl.col("factory_class").alias("จำพวก"),
        pl.when(hit("short year", "two_digit_year")).then(year.str.slice(2, 2)).otherwise(year).alias("ปีที่อนุญาต"),
        pl.when(hit("site dash", "site_name_dash")).then(pl.lit("-")).otherwise(site).alias("ชื่อโรงงาน"),
        pl.when(hit("no operator", "operator_empty")).then(None).otherwise(operator).alias("ผู้ประกอบการ"),
        pl.col("activity").alias("ประกอบกิจการ"),
        pl.col("house_no").alias("เลขที่"),
        pl.when(pl.col("moo").is_null() & hit("moo 0", "moo_zero"))
        .then(pl.lit("0"))
        .otherwise(part("moo"))
        .alias("หมู่"),
        part("soi").alias("ซอย"),
        part("road").alias("ถนน"),
        pl.col("tambon").alias("ตำบล"),
        pl.when(capital_district & here.happens("just capital", 0.1))
        .then(pl.lit("เมือง"))
        .otherwise("amphoe")
        .alias("อำเภอ"),
        pl.col("changwat").alias("จังหวัด"),
        pl.col("postcode").alias("รหัสไปรษณีย์"),
        phone_written(scene, "j", "diw").alias("โทรศัพท์"),
        pl.when(hit("capital 0", "capital_nought")).then(pl.lit(" -   ")).otherwise(capital).alias("เงินทุนรวม (ล้านบาท)"),
        pl.when(hit("workers 0", "workers_nought"))
        .then(pl.lit("0"))
        .otherwise(pl.col("site_workers").cast(pl.Utf8))
        .alias("คนงานรวม"),
        pl.col("horsepower").cast(pl.Utf8).alias("แรงม้า"),
    )
    return Written(_wild(cells) if scene.first else cells, about(frame, "diw", "factory_id", "establishment"))


def _wild(cells: pl.DataFrame) -> pl.DataFrame:
    """The wild values that the register itself holds (T22)."""
    wild = ((2, "แรงม้า", "1902550"), (11, "เงินทุนรวม (ล้านบาท)", " 3,678,906.00 "), (23, "แรงม้า", "125000"))
    for place, column, value in wild:
        row = cells.height * 3 // 4 + place
        cells = cells.with_columns(
            pl.when(pl.int_range(pl.len()) == row).then(pl.lit(value)).otherwise(column).alias(column)
        )
    return cells


def ieat(scene: Scene) -> Written:
    """Factories in estates: the operator under the estates' own spelling, estate and plot, never an address."""
    setting, here = scene.setting, scene.setting.chance("j")
    frame = places.with_names(scene.sites.filter(pl.col("estate").is_not_null()), here, "ieat", 0.0)
    frame = spelling.with_written(frame, "_operator", setting, here, tag="ieat", source="ieat")
    own = pl.concat_str(pl.col("title"), pl.col("given"), pl.lit(" "), pl.col("family"))
    zone = here.pick("zone", ["A", "B", "C", "GIZ", "EPZ"])
    plot = pl.concat_str(zone, pl.lit("-"), here.whole("plot", 1, 480).cast(pl.Utf8))
    cells = frame.select(
        pl.col("factory_id").alias("เลขทะเบียนโรงงาน"),
        pl.when("person").then(own).otherwise("_operator").alias("ผู้ประกอบการ"),
        pl.col("estate").alias("นิคมอุตสาหกรรม"),
        plot.alias("แปลง"),
        pl.col("activity").alias("ประกอบกิจการ"),
        pl.col("changwat").alias("จังหวัด"),
        pl.col("site_workers").cast(pl.Utf8).alias("คนงานรวม"),
    )
    return Written(cells, about(frame, "ieat", "factory_id", "establishment"))


def tisi_rows(sites: pl.DataFrame, scene: Scene) -> pl.DataFrame:
    """The product licences that are true, of first factories: `issued`, `standard_no`, `standard_name`, `licence_status`."""
    here = scene.setting.chance("j")
    share = scene.share("tisi") * 1.5
    stated = trades.frame().select("trade", "standard_nos", "standard_names")
    which = (here.uniform("standard") * pl.col("standard_nos").list.len()).floor().cast(pl.Int64)
    # nobody holds a licence before the standards act of 2511; days are drawn over the last nine years
    issued = pl.lit(scene.setting.as_of) - pl.duration(days=here.whole("tisi issued", 40, 3300))
    status = here.weighted("tisi status", {"มีผลบังคับใช้": 0.93, "ยกเลิก": 0.05, "พักใช้": 0.02})
    return (
        sites.filter(pl.col("k") == 0)
        .join(stated, on="trade", how="left", maintain_order="left")
        .filter((pl.col("standard_nos").list.len() > 0) & (here.happens("tisi", share) | pl.col("cast")))
        .with_columns(
            issued.alias("issued"),
            pl.col("standard_nos").list.get(which).alias("standard_no"),
            pl.col("standard_names").list.get(which).alias("standard_name"),
            pl.when("cast").then(pl.lit("มีผลบังคับใช้")).otherwise(status).alias("licence_status"),
        )
    )


def tisi(scene: Scene) -> Written:
    """Product licences: holder, juristic id often missing, site as one text."""
    here = scene.setting.chance("j")
    frame = tisi_rows(scene.sites, scene).filter(pl.col("issued") <= scene.month.last)
    frame = _held(frame, scene, "tisi").with_columns(
        pl.concat_str(
            pl.lit("(ม)"), (90001 + pl.col("j")).cast(pl.Utf8), pl.lit("-1/"),
            (pl.col("issued").dt.year() + BE_OFFSET).cast(pl.Utf8),
        ).alias("key")
    )  # fmt: skip
    cells = frame.select(
        pl.col("key").alias("เลขที่ใบอนุญาต"),
        pl.col("standard_no").alias("มาตรฐานเลขที่"),
        pl.col("standard_name").alias("ชื่อมาตรฐาน"),
        pl.col("_holder").alias("ผู้รับใบอนุญาต"),
        pl.col("_number").alias("เลขทะเบียนนิติบุคคล"),
        places.one_line(here, "tisi").alias("ที่ตั้งโรงงาน"),
        pl.col("changwat").alias("จังหวัด"),
        pl.when(scene.hit(here, "tisi words", "date_in_words", "tisi"))
        .then(be_date_words(pl.col("issued")))
        .otherwise(be_date(pl.col("issued")))
        .alias("วันที่อนุญาต"),
        pl.col("licence_status").alias("สถานะ"),
    )
    return Written(cells, about(frame, "tisi", "key", "establishment"))


def _held(frame: pl.DataFrame, scene: Scene, source: str) -> pl.DataFrame:
    """Adds names of places, `_holder` as this register spells it, and `_number`, often missing."""
    setting, here = scene.setting, scene.setting.chance("j")
    frame = places.with_names(frame, here, source, scene.rate("abolished_subdistrict", source))
    frame = spelling.with_written(frame, "_holder", setting, here, tag=source, source=source)
    own = pl.col("title") + pl.col("given") + pl.lit(" ") + pl.col("family")
    missing = scene.hit(here, f"{source} id", "missing_id", source)
    number = spelling.number_written(pl.coalesce("juristic_id", "citizen_id"), setting, here, source)
    return frame.with_columns(
        pl.when("person").then(own).otherwise("_holder").alias("_holder"),
        pl.when(~missing).then(number).alias("_number"),
    )


def dpim(scene: Scene) -> Written:
    """Licences for minerals and metals: as product licences, with kind and site."""
    here = scene.setting.chance("j")
    frame = scene.sites.filter(
        pl.col("trade").is_in(list(_MINERALS)) & here.happens("dpim", scene.share("dpim")) & ~pl.col("cast")
    )
    frame = frame.with_columns(
        pl.col("trade").replace_strict({trade: kind for trade, (kind, _) in _MINERALS.items()}).alias("licence_kind"),
        pl.col("trade").replace_strict({trade: mineral for trade, (_, mineral) in _MINERALS.items()}).alias("mineral"),
    )
    return _licences(frame, scene, "dpim", extra=("mineral", "ชนิดแร่"))


def ocsb(scene: Scene) -> Written:
    """Sugar mills: few, large, with their factory number."""
    here = scene.setting.chance("j")
    frame = scene.sites.filter(
        (pl.col("trade") == "sugar") & here.happens("ocsb", scene.share("ocsb")) & ~pl.col("cast")
    )
    frame = frame.with_columns(here.weighted("sugar", _SUGAR).alias("licence_kind"))
    return _licences(frame, scene, "ocsb", extra=("factory_id", "เลขทะเบียนโรงงาน"))


def _licences(frame: pl.DataFrame, scene: Scene, source: str, *, extra: tuple[str, str]) -> Written:
    """The layout that both offices share. `extra`: one column of their own and its heading."""
    setting, here = scene.setting, scene.setting.chance("j")
    issued = pl.lit(setting.as_of) - pl.duration(days=here.whole(f"{source} issued", 40, 3300))
    frame = _held(
        frame.with_columns(issued.alias("issued")).filter(pl.col("issued") <= scene.month.last), scene, source
    )
    frame = spelling.with_written(frame, "_site", setting, here, tag=f"{source} site", source=source)
    frame = frame.with_columns(
        pl.concat_str(
            pl.lit(f"{source.upper()}-"), (900001 + pl.col("j")).cast(pl.Utf8), pl.lit("/"),
            (pl.col("issued").dt.year() + BE_OFFSET).cast(pl.Utf8),
        ).alias("key"),
        pl.col("issued").dt.offset_by("10y").alias("expires"),
    )  # fmt: skip
    name, heading = extra
    cells = frame.select(
        pl.col("key").alias("เลขที่ใบอนุญาต"),
        pl.col("licence_kind").alias("ประเภทใบอนุญาต"),
        pl.col("_holder").alias("ผู้รับใบอนุญาต"),
        pl.col("_number").alias("เลขทะเบียนนิติบุคคล"),
        pl.col(name).alias(heading),
        pl.when("person").then("core").otherwise("_site").alias("ชื่อสถานประกอบการ"),
        places.one_line(here, source).alias("ที่ตั้งสถานประกอบการ"),
        pl.col("changwat").alias("จังหวัด"),
        be_date(pl.col("issued")).alias("วันที่อนุญาต"),
        be_date(pl.col("expires")).alias("วันหมดอายุ"),
        here.weighted(f"{source} status", {"มีผล": 0.92, "สิ้นอายุ": 0.05, "พักใช้": 0.03}).alias("สถานะ"),
    )
    return Written(cells, about(frame, source, "key", "establishment"))


def green_rows(sites: pl.DataFrame, scene: Scene) -> pl.DataFrame:
    """The Green certificates that are true: `green_level`, `issued`, `expires`."""
    here = scene.setting.chance("j")
    issued = pl.lit(scene.setting.as_of) - pl.duration(days=here.whole("green issued", 20, 950))
    return (
        sites.filter(pl.col("green_level").is_not_null())
        .with_columns(issued.alias("issued"))
        .with_columns(pl.col("issued").dt.offset_by("3y").alias("expires"))
    )


def green(scene: Scene) -> Written:
    """Green Industry certificates: they name a factory, never a firm."""
    setting, here = scene.setting, scene.setting.chance("j")
    frame = green_rows(scene.sites, scene).filter(pl.col("issued") <= scene.month.last)
    frame = places.with_names(frame, here, "green", 0.0)
    frame = spelling.with_written(frame, "_site", setting, here, tag="green", source="diw")
    frame = frame.with_columns(
        pl.concat_str(
            pl.lit("GI-"), (pl.col("issued").dt.year() + BE_OFFSET).cast(pl.Utf8), pl.lit("-"),
            pl.col("green_level").cast(pl.Utf8), pl.lit("-"), (900001 + pl.col("j")).cast(pl.Utf8),
        ).alias("key")
    )  # fmt: skip
    cells = frame.select(
        pl.col("key").alias("เลขที่ใบรับรอง"),
        pl.col("green_level").cast(pl.Utf8).alias("ระดับ"),
        pl.col("_site").alias("ชื่อโรงงาน"),
        pl.col("factory_id").str.strip_chars_start("0").alias("เลขทะเบียนโรงงาน"),
        pl.col("changwat").alias("จังหวัด"),
        be_date(pl.col("issued")).alias("วันที่รับรอง"),
        be_date(pl.col("expires")).alias("วันหมดอายุ"),
    )
    return Written(cells, about(frame, "green", "key", "establishment"))


def oie(scene: Scene) -> Written:
    """Monthly production of the factories that report: half a year in the first file, a month in each after."""
    chance, here = scene.setting.chance("j"), scene.setting.chance("m")
    likely = scene.share("oie") * (pl.col("site_workers").cast(pl.Float64) / 26).clip(0.3, 3.0)
    months = [
        month_before(scene.month.first, back) for back in range(_OIE_MONTHS if scene.month.place == 0 else 1, 0, -1)
    ]
    frame = scene.sites.filter((chance.uniform("reports") < likely) & ~pl.col("person") & ~pl.col("cast")).with_columns(
        (
            pl.col("true_revenue_baht") / 12 / pl.col("factory_count") * (0.9 + 0.2 * chance.uniform("sales share"))
        ).alias("sales"),
        (12 + 0.8 * chance.normal("price")).exp().alias("price"),
        (0.62 + 0.18 * chance.normal("use")).clip(0.15, 1.05).alias("use"),
    )
    frame = monthly(frame, "j", months).with_columns(
        (pl.col("sales") * (0.12 * here.normal("sales")).exp()).alias("sales"),
        (pl.col("use") * (0.06 * here.normal("use of month")).exp()).clip(0.05, 1.2).alias("used"),
    )
    output = pl.col("sales") / pl.col("price") * 100
    cells = frame.select(
        be_month(pl.col("period")).alias("งวด"),
        pl.col("factory_id").alias("เลขทะเบียนโรงงาน"),
        pl.col("activity").alias("ผลิตภัณฑ์"),
        pl.col("tsic").alias("รหัส TSIC"),
        pl.lit("หน่วย").alias("หน่วย"),
        (output / pl.col("used")).round(1).cast(pl.Utf8).alias("กำลังการผลิต"),
        output.round(1).cast(pl.Utf8).alias("ปริมาณการผลิต"),
        pl.col("sales").round().cast(pl.Int64).cast(pl.Utf8).alias("มูลค่าจำหน่าย (บาท)"),
        (pl.col("sales") * pl.col("export_ratio").fill_null(0))
        .round()
        .cast(pl.Int64)
        .cast(pl.Utf8)
        .alias("มูลค่าส่งออก (บาท)"),
        (output * here.uniform("stock")).round(1).cast(pl.Utf8).alias("สต็อกคงเหลือ"),
        pl.col("site_workers").cast(pl.Utf8).alias("คนงาน"),
    )
    key = joined_key(month_key(pl.col("period")), pl.col("factory_id"), pl.col("activity"))
    return Written(cells, about(frame, "oie", key, "establishment"))


def order_rows(sites: pl.DataFrame, scene: Scene) -> pl.DataFrame:
    """The ministry's orders and unpaid fees that are true: `order_kind`, `issued`, `order_status`, `is_open`."""
    here = scene.setting.chance("j")
    issued = pl.lit(scene.setting.as_of) - pl.duration(days=here.whole("order issued", 5, 700))
    return (
        sites.filter(here.happens("order", scene.share("orders")) & ~pl.col("cast"))
        .with_columns(
            issued.alias("issued"),
            here.weighted("order kind", _ORDERS).alias("order_kind"),
            here.weighted("order status", _ORDER_STATES).alias("order_status"),
            here.whole("order term", 15, 180).alias("term"),
        )
        .with_columns(pl.col("order_status").is_in(list(_OPEN_ORDERS)).alias("is_open"))
    )


def orders(scene: Scene) -> Written:
    """Standing orders and unpaid fees, complete: a factory that is not in it has none."""
    frame = order_rows(scene.sites, scene).filter(pl.col("issued") <= scene.month.last)
    frame = frame.with_columns(
        pl.concat_str(
            pl.lit("ORD-"), (pl.col("issued").dt.year() + BE_OFFSET).cast(pl.Utf8), pl.lit("-"),
            (900001 + pl.col("j")).cast(pl.Utf8),
        ).alias("key")
    )  # fmt: skip
    cells = frame.select(
        pl.col("key").alias("เลขที่คำสั่ง"),
        pl.col("factory_id").alias("เลขทะเบียนโรงงาน"),
        pl.col("order_kind").alias("ประเภท"),
        be_date(pl.col("issued")).alias("วันที่ออก"),
        be_date(pl.col("issued") + pl.duration(days=pl.col("term"))).alias("ครบกำหนด"),
        pl.col("order_status").alias("สถานะ"),
    )
    return Written(cells, about(frame, "orders", "key", "establishment"))
