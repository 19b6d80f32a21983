"""The firms and sole traders of a country: what is true of them, before any register has written it down.

Made in parts of `PART` rows, so that memory does not grow with the country; numbers and names go on from part to part.
Invariant: one row an enterprise, `i` from 0 in order; the cast of the story are the first rows, as `cast.py` fixes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from iindustry.generate import calibration, naming, numbering, places, roles, spelling, trades
from iindustry.generate.chance import between, by_weight
from iindustry.kernel.errors import Rejected
from iindustry.kernel.thaidate import BE_OFFSET

if TYPE_CHECKING:
    from iindustry.generate.chance import Chance
    from iindustry.generate.setting import Setting

PART = 50_000
LEAST, MOST = 200, 5_000_000
_OLDEST_JURISTIC = 2513
_MAY = 5


@dataclass(slots=True)
class Given:
    """What was given out so far: running numbers and names."""

    runs: numbering.Runs = field(default_factory=numbering.Runs)
    names: naming.Taken = field(default_factory=naming.Taken)


def _forms() -> dict[str, float]:
    return {form: float(share) for form, share in calibration.numbers()["forms"].items()}


def _with_registration(frame: pl.DataFrame, chance: Chance, as_of: date) -> pl.DataFrame:
    """Adds `registered_on` and the 13-digit number (`juristic_id`, or `citizen_id` of a sole trader)."""
    newest = as_of.year + BE_OFFSET
    year = between(
        chance.uniform("registered"),
        {0.0: _OLDEST_JURISTIC, 0.15: 2535, 0.4: 2550, 0.75: 2562, 0.94: newest, 1.0: newest + 0.999},
    )
    frame = frame.with_columns(year.floor().cast(pl.Int64).clip(_OLDEST_JURISTIC, newest).alias("registered_be"))
    first = pl.date(pl.col("registered_be") - BE_OFFSET, 1, 1)
    span = pl.when(pl.col("registered_be") == newest).then((as_of - date(as_of.year, 1, 1)).days).otherwise(364)
    day = first + pl.duration(days=(chance.uniform("registered day") * span).floor().cast(pl.Int64))
    weekday = day - pl.duration(days=(day.dt.weekday() - 5).clip(0))  # offices are closed at weekends
    return frame.with_columns(
        pl.max_horizontal(weekday, first).alias("registered_on"),
        # the year of the number is that of the registration; its province that of the seat then
        pl.when(chance.happens("moved", 0.0012))
        .then(pl.lit(places.BANGKOK))
        .otherwise("province")
        .alias("_number_province"),
    )


def _with_numbers(frame: pl.DataFrame, runs: numbering.Runs) -> pl.DataFrame:
    juristic = numbering.with_juristic_id(
        frame.filter(~pl.col("person")), runs, "_number_province", "form", "registered_be"
    )
    return (
        frame.join(juristic.select("i", "juristic_id"), on="i", how="left", maintain_order="left")
        .with_columns(pl.when("person").then(numbering.citizen_id(pl.col("i"))).alias("citizen_id"))
        .drop("_number_province")
    )


def _with_money(frame: pl.DataFrame, chance: Chance, as_of: date) -> pl.DataFrame:
    """Adds workers, `capital_baht`, `revenue_baht`, `assets_baht`, `accounts_year` (B.E.) and `status`."""
    numbers = calibration.numbers()
    mean, sd = numbers["factories"]["ln_workers"]
    shift = (
        pl.when("person")
        .then(float(numbers["factories"]["person_shift"]))
        .otherwise(float(numbers["factories"]["juristic_shift"]))
    )
    frame = frame.with_columns(
        chance.normal("workers").alias("z_workers"),
    ).with_columns((mean + shift + sd * pl.col("z_workers")).exp().round().clip(1).cast(pl.Int64).alias("workers"))
    heap = {str(amount): float(share) for amount, share in numbers["capital_heap_baht"].items()}
    heaped = by_weight(chance.uniform("capital heap"), heap).cast(pl.Int64)
    free = (
        (15.2 + 1.3 * (0.4 * pl.col("z_workers") + 0.9 * chance.normal("capital"))).exp().cast(pl.Int64)
        // 100_000
        * 100_000
    )
    per_worker, spread = numbers["accounts"]["ln_revenue_per_worker"]
    revenue = (pl.col("workers").log() + per_worker + spread * chance.normal("revenue")).exp()
    last = as_of.year + BE_OFFSET - (1 if as_of.month > _MAY else 2)
    late = (
        pl.when(chance.happens("accounts latest", float(numbers["accounts"]["latest"]["rate"])))
        .then(0)
        .otherwise(chance.whole("accounts age", 1, 3))
    )
    filed = (
        chance.happens("accounts filed", float(numbers["accounts"]["filed"]["rate"]))
        & ~pl.col("person")
        & (pl.col("registered_be") <= last - 1)
    )
    status = by_weight(
        chance.uniform("status"),
        {
            "ยังดำเนินกิจการอยู่": numbers["status"]["active"],
            "ร้าง": numbers["status"]["deserted"],
            "เลิก": numbers["status"]["closed"],
        },
    )
    return frame.with_columns(
        pl.when(chance.happens("capital heaped", sum(heap.values())))
        .then(heaped)
        .otherwise(free.clip(100_000))
        .alias("capital_baht"),
        revenue.round().cast(pl.Int64).alias("true_revenue_baht"),
        pl.when(filed).then(revenue.round().cast(pl.Int64)).alias("revenue_baht"),
        pl.when(filed)
        .then((revenue * (0.35 + 0.9 * chance.uniform("assets"))).round().cast(pl.Int64))
        .alias("assets_baht"),
        pl.when("cast").then(last).when(filed).then(last - late).alias("accounts_year"),
        pl.when("person").then(None).otherwise(status).alias("status"),
    )


def _factory_count(chance: Chance) -> pl.Expr:
    numbers = calibration.numbers()["factories"]
    several = by_weight(
        chance.uniform("factories"), {str(n): float(share) for n, share in numbers["per_operator"].items()}
    ).cast(pl.Int64)
    share = pl.when("person").then(float(numbers["none_of_persons"]["rate"])).otherwise(float(numbers["none"]["rate"]))
    return pl.when(chance.uniform("no factory") < share).then(0).otherwise(several)


def _phone(chance: Chance) -> pl.Expr:
    """A number that is nobody's: 07x-xxx-xxxx (ten digits) and 0-1xxx-xxxx are not given out in Thailand."""

    def part(name: str, signs: int) -> pl.Expr:
        return chance.whole(f"phone/{name}", 0, 10**signs - 1).cast(pl.Utf8).str.zfill(signs)

    mobile = pl.concat_str(pl.lit("07"), part("a", 1), pl.lit("-"), part("b", 3), pl.lit("-"), part("c", 4))
    fixed = pl.concat_str(pl.lit("0-1"), part("b", 3), pl.lit("-"), part("c", 4))
    return pl.when(chance.happens("mobile", 0.6)).then(mobile).otherwise(fixed)


def check_count(count: int) -> None:
    """Raises Rejected `country-size-out-of-range` below 200, where shares mean nothing, and above five million, where numbers run out."""
    if not LEAST <= count <= MOST:
        raise Rejected("country-size-out-of-range", least=LEAST, most=MOST)


def enterprises(rows: range, setting: Setting, given: Given) -> pl.DataFrame:
    """The true enterprises of these row numbers, one row each. Parts come in order, each once for one `given`."""
    chance, words, as_of = setting.chance(), setting.words, setting.as_of
    frame = pl.DataFrame({"i": pl.int_range(rows.start, rows.stop, dtype=pl.Int64, eager=True)}).with_columns(
        (pl.col("i") < roles.CAST_SIZE).alias("cast"),
        (chance.happens("person", calibration.rate("people", "sole_trader")) & (pl.col("i") >= roles.CAST_SIZE)).alias(
            "person"
        ),
        chance.weighted("province", places.province_weights()).alias("province"),
    )
    frame = frame.with_columns(
        pl.when("person").then(pl.lit("person")).otherwise(by_weight(chance.uniform("form"), _forms())).alias("form"),
        _factory_count(chance).alias("factory_count"),
        _phone(chance).alias("phone"),
    )
    frame = trades.with_trade(_cast_columns(frame, ("province", "form", "factory_count")), chance)
    frame = places.with_street(places.with_subdistrict(frame, chance, "seat"), chance, "seat", words.roads)
    frame = naming.with_person(places.with_place_name(frame, chance), chance, words, "owner")
    frame = naming.with_siblings(naming.with_core(frame, chance, words), chance)
    frame = naming.with_names_once(frame, chance, words, given.names)
    frame = _with_numbers(_with_registration(frame, chance, as_of), given.runs)
    frame = _with_activity(_with_money(frame, chance, as_of), chance)
    return _finished(_cast_columns(frame, tuple(roles.ENTERPRISE_COLUMNS)))


def _with_activity(frame: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Adds `tsic` and `objective`: the trade's for makers, else those of trade and services."""
    rest = calibration.document("trades.yaml")["without_factory"]
    maker = pl.col("factory_count") > 0
    return frame.with_columns(
        pl.when(maker)
        .then(chance.of_list("tsic", "tsics"))
        .otherwise(chance.pick("other", rest["tsic"]))
        .alias("tsic"),
        pl.when(maker)
        .then(chance.of_list("makes", "makes"))
        .otherwise(chance.pick("other", rest["objective"]))
        .alias("objective"),
    )


def _finished(frame: pl.DataFrame) -> pl.DataFrame:
    own = pl.col("title") + pl.col("given") + pl.lit(" ") + pl.col("family")
    return frame.with_columns(
        pl.when("person").then(own).otherwise(spelling.full_name("core", "form")).alias("name_th"),
        (pl.lit("E") + pl.col("i").cast(pl.Utf8).str.zfill(7)).alias("enterprise"),
    ).drop("place_name", "words_th", "words_en")


def _cast_columns(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """Puts the cast's own values in their rows."""
    expressions = []
    for name in names:
        if name not in frame.columns:
            continue
        value = pl.col(name)
        for row, member in enumerate(roles.CAST):
            facts: dict[str, Any] = member.enterprise
            if name in facts:
                value = pl.when(pl.col("i") == row).then(pl.lit(facts[name], dtype=frame.schema[name])).otherwise(value)
        expressions.append(value.alias(name))
    return frame.with_columns(expressions)
