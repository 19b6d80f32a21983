"""Registers that speak of firms beside that of juristic persons: programmes, exports, assessments, declarations, loans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import calibration as calibrated
from iindustry.generate import places, roles, spelling, trades
from iindustry.generate.chance import by_weight
from iindustry.generate.registers import MOST_ROWS, Written, about, be_date, be_month, joined_key, month_key, monthly
from iindustry.generate.setting import month_before
from iindustry.kernel.thaidate import fiscal_year_be

if TYPE_CHECKING:
    from iindustry.generate.registers import Scene
    from iindustry.generate.setting import Setting

_DIP_MONTHS = 72
# ISO 3166 code, its weight, currency; assumed
_MARKETS = {"US": 17, "CN": 13, "JP": 9, "MY": 5, "VN": 5, "SG": 4, "LA": 4, "KH": 3, "MM": 3, "ID": 4, "AU": 4, "DE": 3, "IN": 4, "HK": 4, "GB": 2, "NL": 2, "KR": 3, "TW": 2, "PH": 3, "AE": 2}  # fmt: skip


def dip_rows(firms: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """The programme participations that are true, one row each: `p`, `key`, `programme`, `year`, `result`, `at` (month)."""
    chance, here = setting.chance(), setting.chance("p")
    times = by_weight(chance.uniform("dip times"), {"1": 0.7, "2": 0.22, "3": 0.08}).cast(pl.Int64)
    share = float(calibrated.numbers()["coverage"]["dip"])
    frame = (
        firms.filter(chance.happens("dip", share) & ~pl.col("cast"))
        .with_columns(pl.int_ranges(0, times).alias("k"))
        .explode("k")
        .with_columns((pl.col("i") * MOST_ROWS + pl.col("k")).alias("p"))
    )
    failed = float(calibrated.numbers()["dip_failed"])
    at = (here.uniform("dip month") * (_DIP_MONTHS + setting.periods - 1)).floor().cast(pl.Int64) - _DIP_MONTHS + 1
    newest = fiscal_year_be(setting.as_of)
    year = pl.when(at > 0).then(newest).otherwise(newest - here.whole("dip year", 0, 5)).cast(pl.Utf8)
    return frame.with_columns(
        at.clip(0).alias("at"),
        year.alias("year"),
        here.pick("programme", trades.programmes()).alias("programme"),
        here.weighted("dip result", {"ผ่าน": 1 - failed, "ไม่ผ่าน": failed}).alias("result"),
    ).with_columns(
        pl.concat_str(pl.lit("DIP-"), "year", pl.lit("-"), pl.col("p").cast(pl.Utf8).str.zfill(8)).alias("key")
    )


def dip(scene: Scene) -> Written:
    """Programme participants: informal names, tax id often missing, one row a participation."""
    setting, here = scene.setting, scene.setting.chance("p")
    frame = dip_rows(scene.firms, setting).filter(pl.col("at") == scene.month.place)
    frame = places.with_names(frame, here, "dip", scene.rate("abolished_subdistrict", "dip"))
    frame = spelling.with_written(frame, "_name", setting, here, tag="dip", source="dip")
    own = pl.col("given") + pl.lit(" ") + pl.col("family")
    number = pl.coalesce("juristic_id", "citizen_id")
    missing = here.happens("dip id", scene.rate("missing_id", "dip"))
    made = frame.with_columns(
        pl.when(pl.col("person") & here.happens("own name", 0.5)).then(own).otherwise("_name").alias("name"),
        pl.when(~here.happens("dip english", scene.rate("english_missing", "dip"))).then("name_en").alias("english"),
        pl.when(~missing).then(spelling.number_written(number, setting, here, "dip")).alias("tax_id"),
    )
    if scene.first and not scene.month.place:
        made = pl.concat([made, _cast_dip(scene)], how="diagonal")
    return _dip_cells(made, scene)


def _cast_dip(scene: Scene) -> pl.DataFrame:
    """The cast's own rows, after all others."""
    rows = [
        {"i": row, "key": f"DIP-{facts['fiscal_year']}-{890001 + row}", "programme": facts["programme"], "year": str(facts["fiscal_year"]),
         "name": facts["name"], "tax_id": facts["tax_id"] or None, "result": facts["result"], "p": row * MOST_ROWS + MOST_ROWS - 1}
        for row, member in enumerate(roles.CAST)
        for facts in member.dip
    ]  # fmt: skip
    cast = places.with_names(scene.firms.filter("cast"), scene.setting.chance(), "dip cast", 0.0)
    return cast.join(pl.DataFrame(rows), on="i").with_columns(pl.col("name_en").alias("english"))


def _dip_cells(frame: pl.DataFrame, scene: Scene) -> Written:
    here = scene.setting.chance("p")
    latin = pl.lit("contact") + pl.col("p").cast(pl.Utf8) + pl.lit("@example.co.th")
    bangkok = pl.col("province") == places.BANGKOK
    cells = frame.select(
        pl.col("key").alias("รหัสผู้เข้าร่วม"),
        pl.col("programme").alias("โครงการ"),
        pl.col("year").alias("ปีงบประมาณ"),
        pl.col("name").alias("ชื่อสถานประกอบการ"),
        pl.col("english").alias("ชื่อภาษาอังกฤษ"),
        pl.col("tax_id").alias("เลขประจำตัวผู้เสียภาษี"),
        (pl.col("title") + pl.col("given") + pl.lit(" ") + pl.col("family")).alias("ชื่อผู้ติดต่อ"),
        phone_written(scene, "p", "dip").alias("โทรศัพท์"),
        pl.when(here.happens("mail", 0.4)).then(latin).alias("อีเมล"),
        pl.when(bangkok & here.happens("dip capital", 0.5)).then(pl.lit("กทม.")).otherwise("changwat").alias("จังหวัด"),
        pl.when(scene.hit(here, "no district", "district_missing", "dip"))
        .then(None)
        .otherwise("amphoe")
        .alias("อำเภอ"),
        pl.when(scene.hit(here, "no subdistrict", "subdistrict_missing", "dip"))
        .then(None)
        .otherwise("tambon")
        .alias("ตำบล"),
        pl.col("result").alias("ผลลัพธ์"),
    )
    return Written(cells, about(frame, "dip", "key"))


def phone_written(scene: Scene, row: str, source: str) -> pl.Expr:
    """The firm's telephone as a register has it: missing, or an old number, now and then."""
    here = scene.setting.chance(row)
    old = pl.concat_str(pl.lit("0-1"), here.whole(f"{source} old phone", 1_000_000, 9_999_999).cast(pl.Utf8))
    stale = scene.hit(here, f"{source} stale phone", "phone_stale", source)
    missing = scene.hit(here, f"{source} no phone", "phone_missing", source)
    return pl.when(~missing).then(pl.when(stale).then(old).otherwise("phone"))


def exports(scene: Scene) -> Written:
    """Exports by month and market of those who export, twelve months in the first file and one in each after."""
    chance = scene.setting.chance()
    count = by_weight(chance.uniform("markets"), {"1": 0.45, "2": 0.3, "3": 0.15, "4": 0.1}).cast(pl.Int64)
    months = [month_before(scene.month.first, back) for back in range(12 if scene.month.place == 0 else 1, 0, -1)]
    frame = (
        scene.firms.filter(pl.col("export_ratio").is_not_null())
        .with_columns(count.alias("markets"))
        .with_columns(pl.int_ranges(0, "markets").alias("k"))
        .explode("k")
        .with_columns((pl.col("i") * MOST_ROWS + pl.col("k")).alias("p"))
    )
    per_market = scene.setting.chance("p")
    frame = frame.with_columns(
        per_market.weighted("market", _MARKETS).alias("country"),
        per_market.whole("hs", 1, 97).cast(pl.Utf8).str.zfill(2).alias("chapter"),
        per_market.whole("hs 6", 0, 9999).cast(pl.Utf8).str.zfill(4).alias("heading"),
    ).unique(["i", "country"], keep="first", maintain_order=True)
    here = scene.setting.chance("m")
    frame = monthly(frame, "p", months).filter(here.happens("ships", 0.6))
    value = (
        pl.col("true_revenue_baht")
        * pl.col("export_ratio")
        / 12
        / 0.6
        / pl.col("markets")
        * (0.35 * here.normal("shipped")).exp()
    )
    cells = frame.select(
        be_month(pl.col("period")).alias("งวด"),
        pl.col("juristic_id").alias("เลขทะเบียนนิติบุคคล"),
        pl.col("country").alias("ประเทศปลายทาง"),
        (pl.col("chapter") + pl.col("heading")).alias("พิกัดศุลกากร"),
        value.round().cast(pl.Int64).cast(pl.Utf8).alias("มูลค่าส่งออก (บาท)"),
        pl.lit("THB").alias("สกุลเงิน"),
    )
    return Written(
        cells,
        about(frame, "exports", joined_key(month_key(pl.col("period")), pl.col("juristic_id"), pl.col("country"))),
    )


def i40_rows(firms: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """The assessments that are true: one a firm at most, `assessed_on` and `i40_level` (1.0 to 4.0)."""
    chance = setting.chance()
    share = float(calibrated.numbers()["coverage"]["i40"])
    level = (1.4 + 0.5 * chance.normal("i40") + 0.15 * (pl.col("workers").log() - 3.3)).clip(1.0, 4.0)
    return firms.filter(
        chance.happens("i40?", share) & (pl.col("factory_count") > 0) & ~pl.col("person") & ~pl.col("cast")
    ).with_columns(
        (pl.lit(setting.as_of) - pl.duration(days=chance.whole("assessed", 10, 1400))).alias("assessed_on"),
        level.round(1).alias("i40_level"),
    )


def i40(scene: Scene) -> Written:
    """Thailand i4.0 index assessments, in the file of the month they were made in."""
    frame = i40_rows(scene.firms, scene.setting).filter(pl.col("assessed_on") <= scene.month.last)
    if scene.month.place:
        frame = frame.filter(pl.col("assessed_on") >= scene.month.first)
    frame = frame.with_columns(pl.concat_str(pl.lit("I40-"), pl.col("i").cast(pl.Utf8).str.zfill(8)).alias("key"))
    cells = frame.select(
        pl.col("key").alias("เลขที่ประเมิน"),
        pl.col("juristic_id").alias("เลขทะเบียนนิติบุคคล"),
        be_date(pl.col("assessed_on")).alias("วันที่ประเมิน"),
        pl.col("i40_level").cast(pl.Utf8).alias("ระดับ"),
    )
    return Written(cells, about(frame, "i40", "key"))


def portal(scene: Scene) -> Written:
    """Businesses that their owners declared: those in no register yet, and a few that are."""
    setting, chance = scene.setting, scene.setting.chance()
    nowhere = pl.col("person") & (pl.col("factory_count") == 0)
    declared = nowhere | chance.happens("declares", scene.share("portal"))
    on = pl.lit(setting.as_of) - pl.duration(days=chance.whole("declared", 1, 500))
    frame = scene.firms.filter(declared & ~pl.col("cast")).with_columns(on.alias("declared_on"))
    frame = frame.filter(pl.col("declared_on") <= scene.month.last)
    if scene.month.place:
        frame = frame.filter(pl.col("declared_on") >= scene.month.first)
    frame = places.with_names(frame, chance, "portal", scene.rate("abolished_subdistrict", "portal"))
    frame = spelling.with_written(frame, "_name", setting, chance, tag="portal", source="portal")
    frame = frame.with_columns(pl.concat_str(pl.lit("POR-"), pl.col("i").cast(pl.Utf8).str.zfill(8)).alias("key"))
    missing = chance.happens("portal id", scene.rate("missing_id", "portal"))
    number = spelling.number_written(pl.coalesce("juristic_id", "citizen_id"), setting, chance, "portal")
    cells = frame.select(
        pl.col("key").alias("รหัสกิจการที่แจ้ง"),
        pl.col("_name").alias("ชื่อกิจการ"),
        pl.when(~chance.happens("portal english", scene.rate("english_missing", "portal")))
        .then("name_en")
        .alias("ชื่อภาษาอังกฤษ"),
        pl.when(~missing).then(number).alias("เลขประจำตัวผู้เสียภาษี"),
        pl.lit(None, dtype=pl.Utf8).alias("เลขทะเบียนโรงงาน"),
        pl.col("objective").alias("ประกอบกิจการ"),
        pl.col("house_no").alias("ที่ตั้ง"),
        pl.col("tambon").alias("ตำบล"),
        pl.col("amphoe").alias("อำเภอ"),
        pl.col("changwat").alias("จังหวัด"),
        phone_written(scene, "i", "portal").alias("โทรศัพท์"),
        pl.col("workers").cast(pl.Utf8).alias("คนงาน"),
        (pl.col("true_revenue_baht") // 10_000 * 10_000).cast(pl.Utf8).alias("รายได้ต่อปี (บาท)"),
        be_date(pl.col("declared_on")).alias("วันที่แจ้ง"),
    )
    return Written(cells, about(frame, "portal", "key"))


def positions(scene: Scene, lender: str) -> Written:
    """A bank's loans as they stand in the month before: what is left of each, and its class."""
    period = month_before(scene.month.first, 1)
    frame = scene.loans.filter(
        (pl.col("lender") == lender)
        & (pl.col("disbursed_at").dt.date() < period)
        & pl.col("disbursed_satang").is_not_null()
    ).with_columns(pl.lit(period).alias("period"))
    here = scene.setting.chance("a")
    paid_months = (pl.lit(period) - pl.col("disbursed_at").dt.date()).dt.total_days() / 30.4
    left = (1 - (paid_months - 6).clip(0) / 60).clip(0, 1)
    classes = {"ปกติ": 0.86, "กล่าวถึงเป็นพิเศษ": 0.06, "ต่ำกว่ามาตรฐาน": 0.03, "สงสัย": 0.02, "สงสัยจะสูญ": 0.03}
    frame = frame.with_columns(
        pl.concat_str(pl.lit("SL" if lender == "smed" else "EX"), pl.col("a").cast(pl.Utf8).str.zfill(9)).alias("ref")
    )
    cells = frame.select(
        be_month(pl.col("period")).alias("งวด"),
        pl.col("ref").alias("เลขอ้างอิงสินเชื่อ"),
        pl.col("juristic_id").alias("เลขทะเบียนนิติบุคคล"),
        pl.col("product_id").alias("รหัสผลิตภัณฑ์"),
        be_date(pl.col("decided_at").dt.date()).alias("วันที่อนุมัติ"),
        (pl.col("approved_satang") // 100).cast(pl.Utf8).alias("วงเงินอนุมัติ (บาท)"),
        be_date(pl.col("disbursed_at").dt.date()).alias("วันที่เบิกจ่าย"),
        (pl.col("disbursed_satang") / 100 * left).round().cast(pl.Int64).cast(pl.Utf8).alias("ยอดคงเหลือ (บาท)"),
        here.weighted("debt class", classes).alias("ชั้นหนี้"),
    )
    return Written(cells, about(frame, lender, joined_key(month_key(pl.col("period")), pl.col("ref"))))
