"""Spelling flaws seen in the registers (traps T9, T12 to T14, T31 of DOMAIN section 4), as expressions over whole columns.

Invariant: a row whose `clean` is true keeps its spelling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.generate.chance import Chance
    from iindustry.generate.setting import Setting

_TONE = r"([\u0e48-\u0e4b])"
_THAI_DIGITS = dict(zip("0123456789", "๐๑๒๓๔๕๖๗๘๙", strict=True))
_DROPPED, _DOUBLED = 0.45, 0.7  # of slips: letters dropped, then doubled, then taken for their like
_SHORTEST = 5  # names shorter than this get no slip

# legal form: full form, then short forms as people write them; `{}` is the core
_DRESS = {
    "co": ("บริษัท {} จำกัด", ("บจก.{}", "บจก. {}", "บ.{} จก.", "บริษัท {} จก.", "บจ.{} จำกัด", "บริษัท{}จำกัด")),
    "plc": ("บริษัท {} จำกัด (มหาชน)", ("บมจ.{}", "บมจ. {}", "บมจ.{} จำกัด (มหาชน)")),
    "lp": ("ห้างหุ้นส่วนจำกัด {}", ("หจก.{}", "หจก. {}", "หจก {}")),
    "op": ("ห้างหุ้นส่วนสามัญนิติบุคคล {}", ("หสน.{}", "หสน. {}")),
}


def full_name(core: str, form: str) -> pl.Expr:
    """The registered name: form and core."""
    name = pl.col(core)
    for key, (full, _) in _DRESS.items():
        name = pl.when(pl.col(form) == key).then(_filled(full, pl.col(core))).otherwise(name)
    return name


def _filled(pattern: str, core: pl.Expr) -> pl.Expr:
    before, after = pattern.split("{}")
    return pl.lit(before) + core + pl.lit(after)


def with_spoilt(
    frame: pl.DataFrame, core: str, into: str, setting: Setting, chance: Chance, *, tag: str, source: str
) -> pl.DataFrame:
    """Adds `into`: the core name with this source's slips.

    Each step is laid down before the next is drawn, so that expressions stay small.
    """
    length = pl.col(core).str.len_chars().cast(pl.Int64)
    place = (chance.uniform(f"{tag}/place") * (length - 3).clip(1)).floor().cast(pl.Int64) + 1
    frame = frame.with_columns(
        place.alias("_place"), chance.uniform(f"{tag}/kind").alias("_kind"), length.alias("_length")
    )
    frame = frame.with_columns(
        pl.col(core).str.slice(0, pl.col("_place")).alias("_head"),
        pl.col(core).str.slice(pl.col("_place"), 1).alias("_letter"),
        pl.col(core).str.slice(pl.col("_place") + 1).alias("_rest"),
    )
    hit = (
        chance.happens(f"{tag}/slip", setting.noise.rate("slip", source))
        & (pl.col("_length") > _SHORTEST)
        & ~pl.col("clean")
    )
    frame = frame.with_columns(pl.when(hit).then(_slipped(setting.words.tumble)).otherwise(core).alias(into))
    gap = pl.col("_head") + pl.lit(" ") + pl.col("_letter") + pl.col("_rest")
    flaws = (
        ("spaced", pl.when(pl.col(into) == pl.col(core)).then(gap).otherwise(into)),
        ("sara_am_apart", pl.col(into).str.replace("ำ", "ํา", literal=True)),
        ("tone_doubled", pl.col(into).str.replace(_TONE, "${1}${1}")),
        ("sara_ae_split", pl.col(into).str.replace("แ", "เเ", literal=True)),
        ("thai_digits", pl.col(into).str.replace_many(_THAI_DIGITS)),
    )
    for flaw, changed in flaws:
        hit = chance.happens(f"{tag}/{flaw}", setting.noise.rate(flaw, source)) & ~pl.col("clean")
        frame = frame.with_columns(pl.when(hit).then(changed).otherwise(into).alias(into))
    return frame.drop("_place", "_kind", "_length", "_head", "_letter", "_rest")


def _slipped(tumble: Mapping[str, str]) -> pl.Expr:
    """One letter dropped, doubled or taken for its like, by `_kind`."""
    head, letter, rest, kind = (pl.col(name) for name in ("_head", "_letter", "_rest", "_kind"))
    swapped = letter.replace(dict(tumble))
    return (
        pl.when((kind > _DOUBLED) & (swapped != letter))
        .then(head + swapped + rest)
        .when((kind > _DROPPED) & (kind <= _DOUBLED))
        .then(head + letter + letter + rest)
        .otherwise(head + rest)
    )


def with_written(
    frame: pl.DataFrame, into: str, setting: Setting, chance: Chance, *, tag: str, source: str
) -> pl.DataFrame:
    """Adds `into`: a firm's name as one source writes it, from `core` and `form`.

    The form stands in full, short or not at all; the core has its slips; now and then branch words follow.
    """
    frame = with_spoilt(frame, "core", into, setting, chance, tag=tag, source=source)
    rate = setting.noise.rate
    none = pl.lit(rate("form_dropped", source))
    frame = frame.with_columns(
        chance.uniform(f"{tag}/form").alias("_how"), chance.uniform(f"{tag}/short form").alias("_which")
    ).with_columns(
        pl.when("clean")
        .then(pl.lit("full"))
        .when(pl.col("_how") < none)
        .then(pl.lit("none"))
        .when(pl.col("_how") < none + rate("form_abbreviated", source))
        .then(pl.lit("short"))
        .otherwise(pl.lit("full"))
        .alias("_how")
    )
    branch = (
        chance.happens(f"{tag}/branch", rate("branch_words", source)) & ~pl.col("clean") & (pl.col("form") != "person")
    )
    words = chance.pick(f"{tag}/branch words", ["(สาขา 1)", "(สาขา 2)", "สาขา 00001", "(สำนักงานใหญ่)", "โรงงาน 2"])
    before, after = _around("before"), _around("after")
    named = pl.concat_str(before, pl.col(into), after)
    return frame.with_columns(
        pl.when(branch).then(pl.concat_str(named, pl.lit(" "), words)).otherwise(named).alias(into)
    ).drop("_how", "_which")


def _around(side: str) -> pl.Expr:
    """What stands before or after the core, by `form`, `_how` and `_which`."""
    pick = 0 if side == "before" else 1
    text = pl.lit("")
    for form, (full, shorts) in _DRESS.items():
        is_form = pl.col("form") == form
        text = pl.when(is_form & (pl.col("_how") == "full")).then(pl.lit(full.split("{}")[pick])).otherwise(text)
        index = (pl.col("_which") * len(shorts)).floor().cast(pl.UInt32)
        short = pl.lit(pl.Series([pattern.split("{}")[pick] for pattern in shorts])).gather(index)
        text = pl.when(is_form & (pl.col("_how") == "short")).then(short).otherwise(text)
    return text


def number_written(number: pl.Expr, setting: Setting, chance: Chance, source: str) -> pl.Expr:
    """A 13-digit number as a cell holds it: now and then with a slip, its zero lost, or spaced."""
    tag, rate = source, setting.noise.rate
    place = chance.whole(f"{tag}/place", 1, 11)
    other = ((number.str.slice(place, 1).cast(pl.Int64, strict=False) + chance.whole(f"{tag}/other", 1, 9)) % 10).cast(
        pl.Utf8
    )
    slipped = number.str.slice(0, place) + other + number.str.slice(place + 1)
    spaced = pl.concat_str(
        *(number.str.slice(start, length) for start, length in ((0, 1), (1, 4), (5, 5), (10, 2), (12, 1))),
        separator="-",
    )
    draw = chance.uniform(f"{tag}/flaw")
    slip, zero, space = (rate(name, source) for name in ("id_slip", "id_zero_lost", "id_spaced"))
    flawed = (
        pl.when(draw < slip)
        .then(slipped)
        .when(draw < slip + zero)
        .then(number.str.strip_chars_start("0"))
        .when(draw < slip + zero + space)
        .then(spaced)
        .otherwise(number)
    )
    return pl.when(pl.col("clean")).then(number).otherwise(flawed)
