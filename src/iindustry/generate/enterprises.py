"""The firms and sole traders of the demo country: what is true of them, before any register has written it down.

Invariant: one row an enterprise, `i` from 0 in order; the cast of the story are the first rows, as `cast.py` fixes them.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from iindustry.generate import calibration, numbering, places, roles, spelling, trades
from iindustry.generate.chance import between, by_weight
from iindustry.kernel.thaidate import BE_OFFSET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iindustry.generate.chance import Chance

_OLDEST_JURISTIC = 2513
_MAY = 5


@cache
def _people() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Given names of men and women and family names, from Faker's th_TH provider (MIT)."""
    from faker.providers.person.th_TH import Provider

    return tuple(Provider.first_names_male), tuple(Provider.first_names_female), tuple(Provider.last_names)


def with_person(frame: pl.DataFrame, chance: Chance, tag: str) -> pl.DataFrame:
    """Adds `title`, `given` and `family`: a made-up person's name."""
    men, women, families = _people()
    woman = chance.happens(f"{tag}/woman", 0.45)
    return frame.with_columns(
        pl.when(woman)
        .then(chance.pick(f"{tag}/title", ["นาง", "นางสาว", "น.ส."]))
        .otherwise(pl.lit("นาย"))
        .alias("title"),
        pl.when(woman)
        .then(chance.pick(f"{tag}/women", women))
        .otherwise(chance.pick(f"{tag}/men", men))
        .alias("given"),
        chance.pick(f"{tag}/family", families).alias("family"),
    )


def _pair(chance: Chance, tag: str, words: Sequence[Sequence[str]]) -> tuple[pl.Expr, pl.Expr]:
    """Thai and English of one drawn word."""
    return chance.pick(tag, [word[0] for word in words]), chance.pick(tag, [word[1] for word in words])


def _with_brand(frame: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Adds `brand_th` and `brand_en` (null where the brand is a family name, which has no fixed Latin spelling).

    Two or three words together, so that at 100,000 firms about as many share a name as in the real register.
    """
    words = calibration.document("names.yaml")
    first, second = _pair(chance, "first", words["first"]), _pair(chance, "second", words["second"])
    third, new3 = _pair(chance, "third", words["second"]), _pair(chance, "modern third", words["modern_third"])
    new1, new2 = (
        _pair(chance, "modern first", words["modern_first"]),
        _pair(chance, "modern second", words["modern_second"]),
    )
    letters = [_pair(chance, f"letter {n}", words["letters"]) for n in (1, 2, 3)]
    longer, dot, gap = chance.happens("longer brand", 0.62), pl.lit("."), pl.lit(" ")
    kind = by_weight(chance.uniform("brand"), {"old": 0.42, "family": 0.20, "letters": 0.12, "new": 0.26})
    thai = {
        "old": first[0] + second[0] + pl.when(longer).then(third[0]).otherwise(pl.lit("")),
        "new": new1[0] + new2[0] + pl.when(longer).then(gap + new3[0]).otherwise(pl.lit("")),
        "letters": pl.concat_str(*(part for letter, _ in letters for part in (letter, dot))),
        "family": pl.col("family") + pl.when(longer).then(second[0]).otherwise(pl.lit("")),
    }
    english = {
        "old": first[1] + gap + second[1] + pl.when(longer).then(gap + third[1]).otherwise(pl.lit("")),
        "new": new1[1] + gap + new2[1] + pl.when(longer).then(gap + new3[1]).otherwise(pl.lit("")),
        "letters": pl.concat_str(*(part for _, letter in letters for part in (letter, dot))),
    }
    return (
        frame.with_columns(kind.alias("_brand"))
        .with_columns(_chosen(thai).alias("brand_th"), _chosen(english).alias("brand_en"))
        .drop("_brand")
    )


def _chosen(texts: dict[str, pl.Expr]) -> pl.Expr:
    """The text of the kind that `_brand` names; null where it has none."""
    chosen = pl.lit(None, dtype=pl.Utf8)
    for kind, text in texts.items():
        chosen = pl.when(pl.col("_brand") == kind).then(text).otherwise(chosen)
    return chosen


def _with_core(frame: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Adds `core` (the Thai name without its legal form), `name_th` and `name_en`."""
    words = calibration.document("names.yaml")
    rest = calibration.document("trades.yaml")["without_factory"]
    maker = pl.col("trade").is_not_null() & (pl.col("factory_count") > 0)
    other_th, other_en = _pair(chance, "other word", rest["words"])
    word_th = pl.when(maker).then(chance.of_list("word", "words_th")).otherwise(other_th)
    word_en = pl.when(maker).then(chance.of_list("word", "words_en")).otherwise(other_en)
    tail_th, tail_en = _pair(chance, "tail", words["tails"])
    tailed = chance.happens("tail?", 0.22)
    gap = pl.when(chance.happens("gap", 0.45)).then(pl.lit(" ")).otherwise(pl.lit(""))
    core = pl.col("brand_th") + gap + word_th + pl.when(tailed).then(pl.lit(" ") + tail_th).otherwise(pl.lit(""))
    english = (
        pl.col("brand_en") + pl.lit(" ") + word_en + pl.when(tailed).then(pl.lit(" ") + tail_en).otherwise(pl.lit(""))
    )
    ending = pl.col("form").replace_strict(
        {
            "co": " Co., Ltd.",
            "plc": " Public Company Limited",
            "lp": " Limited Partnership",
            "op": " Registered Partnership",
        },
        default="",
    )
    known = chance.happens("english?", calibration.rate("names", "english"))
    return frame.with_columns(core.alias("core"), pl.when(known).then(english + ending).alias("name_en"))


def _with_siblings(frame: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Some firms share brand, place and telephone with the one before (traps T11, T15): another form, or a number more."""
    sibling = (
        chance.happens("sibling", float(calibration.numbers()["sibling"]["rate"]))
        & (pl.col("i") > roles.CAST_SIZE)
        & ~pl.col("person")
        & ~pl.col("person").shift(1, fill_value=True)
    )
    shared = (
        "province",
        "subdistrict",
        "house_no",
        "moo",
        "soi",
        "road",
        "phone",
        "trade",
        "types",
        "tsics",
        "makes",
        "standard_nos",
        "standard_names",
    )
    before = pl.col("core").shift(1)
    another = (
        pl.when(chance.happens("sibling/form", 0.3))
        .then(before)
        .otherwise(before + pl.lit(" ") + chance.pick("sibling/word", ["กรุ๊ป", "2", "เทรดดิ้ง", "เซอร์วิส", "โฮลดิ้ง"]))
    )
    return (
        frame.with_columns(sibling.alias("_sibling"))
        .with_columns(
            *(pl.when("_sibling").then(pl.col(name).shift(1)).otherwise(name).alias(name) for name in shared),
            pl.when("_sibling").then(another).otherwise("core").alias("core"),
            pl.when("_sibling").then(None).otherwise("name_en").alias("name_en"),
        )
        .drop("_sibling")
    )


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


def _with_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.when(~pl.col("person"))
        .then(numbering.juristic_id("_number_province", "form", "registered_be"))
        .alias("juristic_id"),
        pl.when("person").then(numbering.citizen_id("i")).alias("citizen_id"),
    ).drop("_number_province")


def _with_money(frame: pl.DataFrame, chance: Chance, as_of: date) -> pl.DataFrame:
    """Adds workers, `capital_baht`, `revenue_baht`, `assets_baht`, `accounts_year` (B.E.) and `status`."""
    numbers = calibration.numbers()
    mean, sd = numbers["factories"]["ln_workers"]
    shift = pl.when("person").then(float(numbers["factories"]["person_shift"])).otherwise(0.0)
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
        pl.when(filed).then(revenue.round().cast(pl.Int64)).alias("revenue_baht"),
        pl.when(filed)
        .then((revenue * (0.35 + 0.9 * chance.uniform("assets"))).round().cast(pl.Int64))
        .alias("assets_baht"),
        pl.when("clean").then(last).when(filed).then(last - late).alias("accounts_year"),
        pl.when("person").then(None).otherwise(status).alias("status"),
    )


def _factory_count(chance: Chance) -> pl.Expr:
    numbers = calibration.numbers()["factories"]
    several = by_weight(
        chance.uniform("factories"), {str(n): float(share) for n, share in numbers["per_operator"].items()}
    ).cast(pl.Int64)
    none = chance.happens("no factory", float(numbers["none"]["rate"])) & ~pl.col("person")
    return pl.when(none).then(0).otherwise(several)


def _phone(chance: Chance) -> pl.Expr:
    """A number that is nobody's: 07x-xxx-xxxx (ten digits) and 0-1xxx-xxxx are not given out in Thailand."""

    def part(name: str, signs: int) -> pl.Expr:
        return chance.whole(f"phone/{name}", 0, 10**signs - 1).cast(pl.Utf8).str.zfill(signs)

    mobile = pl.concat_str(pl.lit("07"), part("a", 1), pl.lit("-"), part("b", 3), pl.lit("-"), part("c", 4))
    fixed = pl.concat_str(pl.lit("0-1"), part("b", 3), pl.lit("-"), part("c", 4))
    return pl.when(chance.happens("mobile", 0.6)).then(mobile).otherwise(fixed)


def enterprises(count: int, chance: Chance, as_of: date) -> pl.DataFrame:
    """The true enterprises, one row each. Raises ValueError below 200: then shares mean nothing."""
    if count < 200:  # noqa: PLR2004 - PRODUCT: from 200 up
        raise ValueError("a demo country has 200 enterprises or more")
    frame = pl.DataFrame({"i": pl.int_range(count, dtype=pl.Int64, eager=True)}).with_columns(
        (pl.col("i") < roles.CAST_SIZE).alias("clean"),
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
    frame = places.with_street(places.with_subdistrict(frame, chance, "seat"), chance, "seat")
    frame = _with_core(_with_brand(with_person(frame, chance, "owner"), chance), chance)
    frame = _with_numbers(_with_registration(_with_siblings(frame, chance), chance, as_of))
    frame = _with_money(frame, chance, as_of)
    rest = calibration.document("trades.yaml")["without_factory"]
    maker = pl.col("factory_count") > 0
    frame = frame.with_columns(
        pl.when(maker)
        .then(chance.of_list("tsic", "tsics"))
        .otherwise(chance.pick("other", rest["tsic"]))
        .alias("tsic"),
        pl.when(maker)
        .then(chance.of_list("makes", "makes"))
        .otherwise(chance.pick("other", rest["objective"]))
        .alias("objective"),
    )
    frame = _cast_columns(frame, tuple(roles.ENTERPRISE_COLUMNS))
    own = pl.col("title") + pl.col("given") + pl.lit(" ") + pl.col("family")
    return frame.with_columns(
        pl.when("person").then(own).otherwise(spelling.full_name("core", "form")).alias("name_th"),
        (pl.lit("E") + pl.col("i").cast(pl.Utf8).str.zfill(7)).alias("enterprise"),
    )


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
