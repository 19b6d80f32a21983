"""The Department of Business Development's files: juristic persons in three layouts, accounts, directors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import naming, numbering, places
from iindustry.generate.chance import by_weight
from iindustry.generate.months import CLOSED
from iindustry.generate.registers import MOST_ROWS, Written, about, be_date, grouped, joined_key
from iindustry.generate.setting import month_before
from iindustry.kernel.thaidate import BE_OFFSET

if TYPE_CHECKING:
    from iindustry.generate.registers import Scene

_DIRECTORS_FROM = 5_000_000  # made-up citizen numbers: owners by `i` below, directors above
_THAI_DIGITS = dict(zip("0123456789", "๐๑๒๓๔๕๖๗๘๙", strict=True))
_SIGNING = {
    "กรรมการหนึ่งคนลงลายมือชื่อและประทับตราสำคัญของบริษัท": 0.62,
    "กรรมการสองคนลงลายมือชื่อร่วมกันและประทับตราสำคัญของบริษัท": 0.28,
    "กรรมการหนึ่งคนลงลายมือชื่อ": 0.06,
    "กรรมการสามคนลงลายมือชื่อร่วมกันและประทับตราสำคัญของบริษัท": 0.02,
    "กรรมการทุกคนลงลายมือชื่อร่วมกัน": 0.02,
}


def _juristic(scene: Scene) -> pl.DataFrame:
    """Juristic persons ready to be laid out in either layout: seats as one text, numbers with their flaws."""
    chance = scene.setting.chance()
    frame = scene.firms.filter(~pl.col("person"))
    frame = places.with_names(frame, chance, "dbd", scene.rate("abolished_subdistrict", "dbd"))
    odd = pl.col("objective").str.slice(0, 1).is_in(["ป", "ข"])
    return frame.with_columns(
        places.one_line(chance, "dbd").alias("seat"),
        pl.when(odd).then("objective").otherwise(pl.lit("ประกอบกิจการ") + pl.col("objective")).alias("objective_text"),
        pl.when(scene.hit(chance, "tsic", "tsic_empty", "dbd")).then(None).otherwise("tsic").alias("tsic"),
        # a digit of Thai in a name is how the firm is registered (93 of 91,939): no slip
        pl.when(scene.hit(chance, "dbd digits", "thai_digits", "dbd"))
        .then(pl.col("name_th").str.replace_many(_THAI_DIGITS))
        .otherwise("name_th")
        .alias("name_written"),
    )


def _is_new(scene: Scene) -> pl.Expr:
    """Founded this month or, where but one month is told of, since the month before began: the monthly file's."""
    since = scene.month.first if scene.setting.periods > 1 else month_before(scene.month.first, 1)
    return (pl.col("registered_on") >= since) & ~pl.col("cast")


def dbd_register(scene: Scene) -> Written:
    """The register as agreed: every column of SOURCES, ids as numbers that lost their zero now and then."""
    frame = _juristic(scene).filter(~_is_new(scene))
    number = pl.col("juristic_id")
    lost = scene.hit(scene.setting.chance(), "dbd zero", "id_zero_lost", "dbd")
    cells = frame.select(
        (pl.col("i") + 1).cast(pl.Utf8).alias("ลำดับ"),
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
    return Written(cells, about(frame, "dbd", "juristic_id"))


def dbd_month(scene: Scene) -> Written:
    """A month's new firms: two title lines, a heading with a line break, capital with commas (DOMAIN section 3)."""
    frame = _juristic(scene).filter(_is_new(scene))
    cells = frame.select(
        (pl.col("i") + 1).cast(pl.Utf8).alias("ที่"),
        pl.col("juristic_id").alias("เลขทะเบียน"),
        pl.col("name_written").alias("ชื่อนิติบุคคล"),
        be_date(pl.col("registered_on")).alias("วันที่จดทะเบียน"),
        (pl.lit(" ") + grouped(pl.col("capital_baht").cast(pl.Utf8)) + pl.lit(" ")).alias(" ทุนจดทะเบียน\n (บาท) "),
        pl.col("tsic").alias("รหัสวัตถุประสงค์"),
        pl.col("objective_text").alias("รายละเอียดวัตถุประสงค์"),
        pl.col("seat").alias("ที่ตั้งสำนักงานใหญ่"),
    )
    return Written(cells, about(frame, "dbd", "juristic_id"))


def dbd_closed(scene: Scene) -> Written:
    """The firms that closed this month, as open data has them: numbers without their zero."""
    frame = _juristic(scene).filter(
        (pl.col("closed_at") == scene.month.place) & (pl.col("status") == CLOSED) & ~_is_new(scene)
    )
    days = (scene.month.last - scene.month.first).days
    day = pl.lit(scene.month.first) + pl.duration(days=scene.setting.chance().whole("closed day", 0, max(days, 0)))
    cells = frame.select(
        pl.col("juristic_id").str.slice(1).alias("เลขทะเบียน"),
        pl.col("name_written").alias("ชื่อนิติบุคคล"),
        be_date(day).alias("วันที่จดทะเบียนเลิก"),
        pl.col("capital_baht").cast(pl.Utf8).alias("ทุนจดทะเบียน"),
        pl.col("tsic").alias("รหัสวัตถุประสงค์"),
        pl.col("objective_text").alias("วัตถุประสงค์"),
        pl.col("seat").alias("ที่ตั้งสำนักงานใหญ่"),
        pl.col("tambon").alias("ตำบล"),
        pl.col("amphoe").alias("อำเภอ"),
        pl.col("changwat").alias("จังหวัด"),
        pl.col("postcode").alias("รหัสไปรษณีย์"),
    )
    return Written(cells, about(frame, "dbd", "juristic_id"))


def accounts(scene: Scene) -> Written:
    """Filed accounts of three years, each when it was filed; the latest says what the register says."""
    frame = (
        scene.firms.filter(pl.col("accounts_year").is_not_null())
        .with_columns(pl.int_ranges(0, 3).alias("back"))
        .explode("back")
        .with_columns(
            (pl.col("accounts_year") - pl.col("back")).alias("year"),
            (pl.col("i") * MOST_ROWS + pl.col("back")).alias("p"),
        )
        .filter(pl.col("year") > pl.col("registered_be"))
    )
    here = scene.setting.chance("p")
    wobble = pl.when(pl.col("back") == 0).then(0.0).otherwise(1.0)
    revenue = pl.col("revenue_baht") * (0.12 * wobble * here.normal("accounts") - 0.03 * pl.col("back")).exp()
    assets = pl.col("assets_baht") * (0.08 * wobble * here.normal("assets of year") - 0.02 * pl.col("back")).exp()
    filed = pl.date(pl.col("year") - BE_OFFSET + 1, 3, 1) + pl.duration(days=here.whole("filed on", 0, 100))
    frame = frame.with_columns(
        revenue.round().cast(pl.Int64).alias("revenue"),
        assets.round().cast(pl.Int64).alias("assets"),
        filed.alias("filed_on"),
        (0.05 + 0.09 * here.normal("margin")).alias("margin"),
        here.uniform("fixed").alias("fixed"),
        (0.62 + 0.25 * here.normal("debt")).clip(0.02, 1.4).alias("debt"),
    ).filter(pl.col("filed_on") <= scene.month.last)
    if scene.month.place:
        frame = frame.filter(pl.col("filed_on") >= scene.month.first)
    liabilities = (pl.col("assets") * pl.col("debt")).round().cast(pl.Int64)
    cells = frame.select(
        pl.col("juristic_id").alias("เลขทะเบียน"),
        pl.col("year").cast(pl.Utf8).alias("ปีงบการเงิน"),
        pl.col("revenue").cast(pl.Utf8).alias("รายได้รวม (บาท)"),
        (pl.col("revenue") * pl.col("margin")).round().cast(pl.Int64).cast(pl.Utf8).alias("กำไร (ขาดทุน) สุทธิ (บาท)"),
        pl.col("assets").cast(pl.Utf8).alias("สินทรัพย์รวม (บาท)"),
        (pl.col("assets") * pl.col("fixed") * 0.7).round().cast(pl.Int64).cast(pl.Utf8).alias("สินทรัพย์ถาวร (บาท)"),
        liabilities.cast(pl.Utf8).alias("หนี้สินรวม (บาท)"),
        (pl.col("assets") - liabilities).cast(pl.Utf8).alias("ส่วนของผู้ถือหุ้น (บาท)"),
        be_date(pl.col("filed_on")).alias("วันที่ส่งงบ"),
    )
    return Written(cells, about(frame, "dbd_accounts", joined_key(pl.col("juristic_id"), pl.col("year") - BE_OFFSET)))


def directors(scene: Scene) -> Written:
    """Directors with made-up citizen ids, and who may sign; the owner of a firm is its first."""
    chance = scene.setting.chance()
    count = by_weight(chance.uniform("directors"), {"1": 0.42, "2": 0.33, "3": 0.16, "4": 0.06, "5": 0.03}).cast(
        pl.Int64
    )
    signing = pl.when(pl.col("form").is_in(["lp", "op"])).then(pl.lit("หุ้นส่วนผู้จัดการลงลายมือชื่อและประทับตราสำคัญของห้าง"))
    known = chance.happens("directors known", scene.share("dbd_directors")) | pl.col("cast")
    firms = scene.firms.filter(~pl.col("person") & known).with_columns(
        pl.when("cast").then(1).when(pl.col("form").is_in(["lp", "op"])).then(1).otherwise(count).alias("count"),
    )
    rule = (
        pl.when(pl.col("count") == 1).then(pl.lit(next(iter(_SIGNING)))).otherwise(chance.weighted("signing", _SIGNING))
    )
    frame = (
        firms.with_columns(signing.otherwise(rule).alias("signing"))
        .with_columns(pl.int_ranges(0, "count").alias("k"))
        .explode("k")
        .with_columns((pl.col("i") * MOST_ROWS + pl.col("k")).alias("p"))
    )
    others = naming.with_person(frame.select("p"), scene.setting.chance("p"), scene.setting.words, "director")
    own = pl.col("k") == 0
    frame = frame.with_columns(
        pl.when(own).then(pl.col(name)).otherwise(others[name]).alias(name) for name in ("title", "given", "family")
    ).with_columns(numbering.citizen_id(pl.lit(_DIRECTORS_FROM) + pl.col("p")).alias("citizen"))
    here = scene.setting.chance("p")
    since = pl.col("registered_on") + pl.duration(days=pl.when(own).then(0).otherwise(here.whole("appointed", 0, 900)))
    cells = frame.select(
        pl.col("juristic_id").alias("เลขทะเบียน"),
        (pl.col("k") + 1).cast(pl.Utf8).alias("ลำดับกรรมการ"),
        (pl.col("title") + pl.col("given") + pl.lit(" ") + pl.col("family")).alias("ชื่อกรรมการ"),
        pl.col("citizen").alias("เลขประจำตัวประชาชน"),
        be_date(pl.min_horizontal(since, pl.lit(scene.month.last))).alias("วันที่เข้ารับตำแหน่ง"),
        pl.col("signing").alias("อำนาจกระทำการ"),
    )
    return Written(cells, about(frame, "dbd_directors", joined_key(pl.col("juristic_id"), pl.col("k") + 1)))
