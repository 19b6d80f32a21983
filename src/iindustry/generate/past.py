"""Three years that lie behind: applications, decisions, money, what came of it, and how the ministry itself did.

Shares are those of DOMAIN section 16: about 28 % approved by number, R1 the main refusal in four of five. The effect of a
loan is planted on natural logs (`calibration.yaml`), so that an estimate can be held against the truth.
Invariant: juristic persons only, never the cast; nothing is decided or paid after `as_of`; no real bank fact is in it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from iindustry.funding.snapshot import SCHEMA
from iindustry.generate import calibration
from iindustry.generate.chance import by_weight
from iindustry.generate.setting import month_before
from iindustry.reference import factory_types, holidays, zones

if TYPE_CHECKING:
    from datetime import date

    from iindustry.generate.setting import Setting

_DAYS = 3 * 365
_SATANG = 100
_ROUND_TO = 50_000
_HISTORY_YEARS = 5
_ROUNDS = 3  # times that an enterprise may ask
_GREEN_LEVEL = 2

# past product, its lender, its policy line, its share of applications, and who mostly asked for it
_PRODUCTS = (
    ("SMED-D-LOCAL", "smed", "area", 0.20, "area"),
    ("SMED-D-GREEN", "smed", "green", 0.12, "green"),
    ("SMED-D-UP", "smed", "sme_upgrade", 0.24, "any"),
    ("SMED-D-DIGI", "smed", "smart_gov", 0.08, "any"),
    ("EXIM-D-SCURVE", "exim", "s_curve", 0.14, "s_curve"),
    ("EXIM-D-ZONE", "exim", "area", 0.10, "area"),
    ("EXIM-D-GREEN", "exim", "green", 0.05, "green"),
    ("EXIM-D-EXPORT", "exim", "sme_upgrade", 0.07, "any"),
)
_OFFICES = {
    "provincial": 12,
    "smed": 9,
    "exim": 11,
    "diw": 14,
    "dip": 6,
    "tisi": 21,
    "oie": 4,
    "dbd": 2,
}  # median working days at the start; assumed


def _standing(enterprises: pl.DataFrame, factories: pl.DataFrame) -> pl.DataFrame:
    """Juristic persons that may have asked, with the facts that products look at."""
    target = sorted(factory_types.list_s_curve())
    sites = factories.group_by("i").agg(
        (pl.col("green_level").max() >= _GREEN_LEVEL).fill_null(value=False).alias("green"),
        pl.col("type").is_in(target).any().alias("s_curve"),
    )
    corridor = [
        row["province_code"]
        for row in calibration.province_mix()
        if zones.corridor(row["province_code"]) != zones.NO_CORRIDOR
    ]
    eec = [row["province_code"] for row in calibration.province_mix() if zones.in_eec(row["province_code"])]
    return (
        enterprises.filter(~pl.col("person") & ~pl.col("cast") & (pl.col("status") == "ยังดำเนินกิจการอยู่"))
        .join(sites, on="i", how="left", maintain_order="left")
        .with_columns(
            pl.col("green").fill_null(value=False),
            pl.col("s_curve").fill_null(value=False),
            pl.col("province").is_in([*corridor, *eec]).alias("area"),
            pl.lit(value=True).alias("any"),
        )
    )


def _fits() -> pl.Expr:
    """Whether the drawn product is of the kind this enterprise would ask for."""
    fits = pl.lit(value=False)
    for product, *_, kind in _PRODUCTS:
        fits = pl.when(pl.col("product_id") == product).then(pl.col(kind)).otherwise(fits)
    return fits


def _asked(enterprises: pl.DataFrame, factories: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """One row an application, in order of its own number `a`, with product, sum and the day it was sent."""
    wanted = float(calibration.numbers()["loans"]["applications_per_enterprise"])
    people = _standing(enterprises, factories)
    rounds = pl.DataFrame({"round": range(_ROUNDS)}, schema={"round": pl.Int64})
    frame = people.join(rounds, how="cross", maintain_order="left_right").with_columns(
        (pl.col("i") * _ROUNDS + pl.col("round")).alias("a")
    )
    here, as_of = setting.chance("a"), setting.as_of
    weights = {product: share for product, _, _, share, _ in _PRODUCTS}
    frame = frame.with_columns(here.weighted("product", weights).alias("product_id"))
    keen = pl.when(_fits()).then(1.0).otherwise(0.12)  # a few ask for what does not fit them: R1
    # the rate is set so that all rounds together give the wanted number of applications an enterprise
    frame = frame.filter(here.uniform("asks") < keen * wanted * _scale(frame))
    ln_mean, ln_sd = calibration.numbers()["loans"]["ln_asked_baht"]
    asked = ((ln_mean + ln_sd * here.normal("asked")).exp() / _ROUND_TO).round().clip(4) * _ROUND_TO
    days_ago = 5 + (_DAYS * here.uniform("when") ** 1.2).floor()  # more of late
    hour = 8 * 60 + (here.uniform("hour") * 9 * 60).floor()
    sent = (
        pl.lit(as_of).cast(pl.Datetime("us"))
        - pl.duration(days=days_ago.cast(pl.Int64))
        + pl.duration(minutes=hour.cast(pl.Int64) - 7 * 60)
    )
    return frame.with_columns(
        (asked * _SATANG).cast(pl.Int64).alias("requested_satang"), sent.dt.replace_time_zone("UTC").alias("sent_at")
    )


def _scale(frame: pl.DataFrame) -> float:
    """One over the mean number of times an enterprise is offered the question, weighted by how keen it is."""
    keen = frame.select(pl.when(_fits()).then(1.0).otherwise(0.12).sum()).item()
    return float(frame["i"].n_unique()) / float(keen)


@cache
def _open_days(as_of: date) -> list[date]:
    """Working days of the period, from the office calendar."""
    first, last = as_of.year - 4, as_of.year + 1
    days = pl.date_range(pl.date(first, 1, 1), pl.date(last, 12, 31), eager=True)
    return [day for day in days if holidays.is_working_day(day)]


def _after_working_days(frame: pl.DataFrame, start: str, days: str, into: str, calendar: pl.DataFrame) -> pl.DataFrame:
    """Adds `into`: the instant, `days` working days after the day of `start`, at an hour of the afternoon (UTC+7)."""
    day = (pl.col(start) + pl.duration(hours=7)).dt.date()
    placed = (
        frame.with_columns(day.alias("_day"))
        .sort("_day", "a")
        .join_asof(calendar, left_on="_day", right_on="day", strategy="forward")
    )
    ends = calendar.select(pl.col("n").alias("_n"), pl.col("day").alias("_end"))
    joined = placed.with_columns((pl.col("n") + pl.col(days)).alias("_n")).join(
        ends, on="_n", how="left", maintain_order="left"
    )
    at = (
        pl.col("_end").cast(pl.Datetime("us")) + pl.duration(minutes=pl.col("a") % 180 + 6 * 60)
    ).dt.replace_time_zone("UTC")
    return joined.with_columns(at.alias(into)).drop("_day", "day", "n", "_n", "_end").sort("a")


def history(applied: pl.DataFrame) -> pl.DataFrame:
    """Past applications in the schema of `funding.snapshot`, with `juristic_id` in place of the lasting id, by sent_at."""
    columns = {("juristic_id" if name == "enterprise_id" else name): kind for name, kind in SCHEMA.items()}
    return applied.select(pl.col(name).cast(kind) for name, kind in columns.items()).sort("sent_at", "application_id")


def applications(enterprises: pl.DataFrame, factories: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """Past applications of these firms: the columns of `history`, and `a` (their number), `enterprise`, `i`."""
    here, loans, as_of = setting.chance("a"), calibration.numbers()["loans"], setting.as_of
    frame = _asked(enterprises, factories, setting)
    # three years ago a case took some 17 working days, of late some 8: the registers fill the forms
    age = (pl.lit(as_of).cast(pl.Datetime("us", "UTC")) - pl.col("sent_at")).dt.total_days() / _DAYS
    slow = pl.when(pl.col("product_id").str.starts_with("EXIM")).then(1.25).otherwise(1.0)
    draw = pl.col("_outcome")
    frame = frame.with_columns(age.alias("_age"), here.uniform("outcome").alias("_outcome")).with_columns(
        ((here.normal("days") * 0.6 + 2.0 + 0.75 * pl.col("_age")).exp() * slow)
        .round()
        .clip(1, 150)
        .cast(pl.Int64)
        .alias("_days"),
        pl.when(draw < loans["approved"])
        .then(pl.lit("approved"))
        .when(draw < loans["approved"] + loans["withdrawn"])
        .then(pl.lit("withdrawn"))
        .otherwise(pl.lit("declined"))
        .alias("decision"),
        here.weighted("reason", loans["reasons"]).alias("_reason"),
        (4 + here.whole("contract", 2, 14)).alias("_contract"),
    )
    calendar = pl.DataFrame({"day": _open_days(as_of)}).with_row_index("n").with_columns(pl.col("n").cast(pl.Int64))
    frame = frame.with_columns((pl.col("_days") // 3).alias("_papers"))
    for start, days, into in (
        ("sent_at", "_days", "decided_at"),
        ("sent_at", "_papers", "papers_asked_at"),
        ("decided_at", "_contract", "disbursed_at"),
    ):
        frame = _after_working_days(frame, start, days, into, calendar)
    end = pl.lit(as_of).cast(pl.Datetime("us", "UTC"))
    frame = frame.filter(pl.col("decided_at") < end)  # what still waits is not yet past
    approved = pl.col("decision") == "approved"
    share = (calibration.numbers()["loans"]["approved_share_of_asked"] + 0.18 * here.normal("cut")).clip(0.3, 1.0)
    paid = approved & (pl.col("disbursed_at") < end) & ~here.happens("not drawn", 0.06)
    granted = (
        (pl.col("requested_satang") * share / (_ROUND_TO * _SATANG)).round().clip(1).cast(pl.Int64)
        * _ROUND_TO
        * _SATANG
    )
    typed = (9 + 22 * pl.col("_age") + 2 * here.normal("typed")).round().clip(5, 60).cast(pl.Int32)
    frame = frame.with_columns(
        pl.when(approved).then(granted).alias("approved_satang"), paid.alias("_paid"), typed.alias("typed_count")
    )
    return frame.with_columns(
        pl.concat_str(pl.lit("PAST-"), (900001 + pl.col("a")).cast(pl.Utf8)).alias("application_id"),
        pl.col("product_id").str.slice(0, 4).str.to_lowercase().alias("lender"),
        pl.col("product_id").replace_strict({product: line for product, _, line, *_ in _PRODUCTS}).alias("policy_line"),
        pl.col("province").alias("province_code"),
        by_weight(here.uniform("channel"), {"portal": 0.62, "desk": 0.38}).alias("channel"),
        (pl.col("sent_at") - pl.duration(minutes=here.whole("typing", 12, 2600))).alias("started_at"),
        pl.when(
            here.happens("papers", 0.45) & pl.col("papers_asked_at").is_between("sent_at", "decided_at", closed="none")
        )
        .then("papers_asked_at")
        .alias("papers_asked_at"),
        pl.when(pl.col("decision") == "declined").then("_reason").alias("reason_code"),
        pl.when("_paid").then("disbursed_at").alias("disbursed_at"),
        pl.when("_paid").then("approved_satang").alias("disbursed_satang"),
        (44 - pl.col("typed_count")).clip(0).cast(pl.Int32).alias("prefilled_count"),
        ((1 - pl.col("_age")) * 6 + here.uniform("spared") * 2)
        .floor()
        .clip(0, 9)
        .cast(pl.Int32)
        .alias("papers_spared_count"),
        pl.lit(value=True).alias("is_history"),
    )


def outcomes(enterprises: pl.DataFrame, applied: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """juristic_id, year (C.E.), revenue_satang, worker_count for five years up to the latest accounts.

    The last year is what the register of DBD says; earlier years are walked back from it. From the year after its first
    money came, an enterprise stands higher by the planted effects.
    """
    effects = calibration.numbers()["effects"]
    first_paid = (
        applied.filter(pl.col("disbursed_at").is_not_null())
        .group_by("juristic_id")
        .agg(pl.col("disbursed_at").min().dt.year().cast(pl.Int64).alias("paid_year"))
    )
    known = enterprises.filter(~pl.col("person") & ~pl.col("cast") & pl.col("revenue_baht").is_not_null())
    last = setting.as_of.year - 1
    frame = (
        known.select("i", "juristic_id", "revenue_baht", "workers", "registered_be", "accounts_year")
        .join(first_paid, on="juristic_id", how="left", maintain_order="left")
        .with_columns(pl.int_ranges(last - _HISTORY_YEARS + 1, last + 1).alias("year"))
        .explode("year")
        .filter((pl.col("year") >= pl.col("registered_be") - 543) & (pl.col("year") <= pl.col("accounts_year") - 543))
        .with_columns((pl.col("i") * _HISTORY_YEARS + last - pl.col("year")).alias("y"))
    )
    here = setting.chance("y")
    back = pl.col("accounts_year") - 543 - pl.col("year")
    treated_at_end = (pl.col("accounts_year") - 543 > pl.col("paid_year")).fill_null(value=False)
    treated_now = (pl.col("year") > pl.col("paid_year")).fill_null(value=False)
    lost = treated_at_end.cast(pl.Int64) - treated_now.cast(pl.Int64)
    wobble = pl.when(back == 0).then(0.0).otherwise(1.0)
    revenue = (
        pl.col("revenue_baht").log()
        - 0.03 * back
        - effects["revenue"] * lost
        + wobble * 0.12 * here.normal("revenue of year")
    )
    workers = (
        pl.col("workers").log()
        - 0.01 * back
        - effects["workers"] * lost
        + wobble * 0.06 * here.normal("workers of year")
    )
    return frame.select(
        "juristic_id",
        pl.col("year").cast(pl.Int32),
        (revenue.exp().round() * _SATANG).cast(pl.Int64).alias("revenue_satang"),
        workers.exp().round().clip(1).cast(pl.Int64).alias("worker_count"),
    ).sort("juristic_id", "year")


def effects() -> pl.DataFrame:
    """The truth about past loans: outcome, effect on natural logs from the year after the money."""
    rows = calibration.numbers()["effects"]
    return pl.DataFrame({"outcome": list(rows), "effect_ln": [float(value) for value in rows.values()]})


def ministry(size: int, setting: Setting) -> pl.DataFrame:
    """The ministry's own record, by kind, office and month: what the fifth policy line is measured on.

    kind `office_days` (days_median, count cases) · `corrections` (count answered of of_count asked) · `deliveries_late`
    (count late of of_count due) · `fields_not_asked_twice`, `papers_not_asked` (count of of_count asked in all).
    """
    months = [month_before(setting.as_of, back) for back in range(36, 0, -1)]
    frame = pl.DataFrame({"office": list(_OFFICES), "start": list(_OFFICES.values())}).join(
        pl.DataFrame({"month": months, "n": range(36)}), how="cross"
    )
    frame = frame.with_row_index("m").with_columns(pl.col("m").cast(pl.Int64))
    here = setting.chance("m")
    scale = max(1.0, size / 3000)
    better = pl.col("n") / 35.0
    cases = ((8 + 10 * better) * scale * (0.6 + 0.8 * here.uniform("cases"))).round().cast(pl.Int64)
    asked = ((1 + 3 * better) * scale * (0.5 + here.uniform("asked"))).round().cast(pl.Int64)
    nothing = pl.lit(None, dtype=pl.Int64)

    def kind(name: str, count: pl.Expr, of_count: pl.Expr, days: pl.Expr) -> pl.DataFrame:
        return frame.select(
            pl.lit(name).alias("kind"), "office", "month", count.alias("count"), of_count.alias("of_count"),
            days.cast(pl.Float64).alias("days_median"),
        )  # fmt: skip

    registers = pl.col("office").is_in(["diw", "dip", "tisi", "dbd"])
    days = (pl.col("start") * (1.25 - 0.6 * better) * (0.85 + 0.3 * here.uniform("days"))).round(1)
    answered = (asked * (0.55 + 0.35 * better)).floor().cast(pl.Int64)
    late = here.happens("late", 0.2).cast(pl.Int64)
    parts = [
        kind("office_days", cases, cases, days),
        kind("corrections", answered, asked, nothing).filter(frame["office"].is_in(["diw", "dip", "tisi", "dbd"])),
        kind("deliveries_late", late, pl.when(registers).then(1).otherwise(1).cast(pl.Int64), nothing).filter(
            frame["office"].is_in(["diw", "dip", "tisi", "dbd"])
        ),
        kind("fields_not_asked_twice", (cases * (8 + 26 * better)).round().cast(pl.Int64), cases * 44, nothing),
        kind("papers_not_asked", (cases * (1 + 4 * better)).round().cast(pl.Int64), cases * 9, nothing),
    ]
    return pl.concat(parts).sort("kind", "office", "month")
