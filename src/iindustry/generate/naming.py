"""What made-up firms are called: brand, line of business, tail; and that a name is taken only once, as at the registrar's.

The ways of naming and their shares stand in the vocabulary. A name that another firm already has gets a word more, as the
registrar asks; siblings (`with_siblings`) are the exception that life knows too.
Invariant: the same seed gives the same names whatever the size; nobody's name is copied, all are put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.generate import calibration, roles
from iindustry.generate.chance import by_weight

if TYPE_CHECKING:
    from iindustry.generate.chance import Chance
    from iindustry.generate.words import Pairs, Vocabulary

_GAP, _DOT, _NOTHING, _AND = pl.lit(" "), pl.lit("."), pl.lit(""), pl.lit(" แอนด์ ")
_POWER = 2.0  # how much more often the first words of a list are used than its last
_ENDINGS = {
    "co": " Co., Ltd.",
    "plc": " Public Company Limited",
    "lp": " Limited Partnership",
    "op": " Registered Partnership",
}
_OTHER_FORM = {"co": "lp", "plc": "co", "lp": "co", "op": "co"}
_SHARED = ("province", "subdistrict", "house_no", "moo", "soi", "road", "trade", "types", "tsics", "makes",
           "standard_nos", "standard_names")  # fmt: skip


class Taken:
    """The names given so far, as hashes of their letters: 8 bytes a firm."""

    def __init__(self) -> None:
        self._hashes = pl.Series("taken", [], dtype=pl.UInt64)

    def again(self, names: pl.Series) -> pl.Series:
        """True where a name was given before, in an earlier part or higher up in this one."""
        hashes = _letters(names)
        return hashes.is_in(self._hashes.implode()) | ~hashes.is_first_distinct()

    def take(self, names: pl.Series) -> None:
        """Remember these names."""
        self._hashes = pl.concat([self._hashes, _letters(names).alias("taken")])


def _letters(names: pl.Series) -> pl.Series:
    return names.str.replace_all(r"[\s.()]|ประเทศไทย|ไทยแลนด์", "").hash(seed=7)


def with_person(frame: pl.DataFrame, chance: Chance, words: Vocabulary, tag: str) -> pl.DataFrame:
    """Adds `title`, `given` and `family`: a made-up person's name."""
    woman = chance.happens(f"{tag}/woman", 0.45)
    return frame.with_columns(
        pl.when(woman)
        .then(chance.pick(f"{tag}/title", ["นาง", "นางสาว", "น.ส."]))
        .otherwise(pl.lit("นาย"))
        .alias("title"),
        pl.when(woman)
        .then(chance.pick(f"{tag}/women", words.women))
        .otherwise(chance.pick(f"{tag}/men", words.men))
        .alias("given"),
        chance.pick(f"{tag}/family", words.families).alias("family"),
    )


def _pair(chance: Chance, tag: str, words: Pairs, power: float = _POWER) -> tuple[pl.Expr, pl.Expr]:
    """Thai and Latin of one drawn word."""
    return (
        chance.skewed(tag, [word[0] for word in words], power),
        chance.skewed(tag, [word[1] for word in words], power),
    )


def _brands(chance: Chance, words: Vocabulary) -> dict[str, tuple[pl.Expr, pl.Expr | None]]:
    """Thai and Latin of every way of naming; Latin None where nobody spells it in one way only."""
    first, second = _pair(chance, "first", words.first, 1.15), _pair(chance, "second", words.second, 1.6)
    third = _pair(chance, "third", words.second, 1.6)
    longer = chance.happens("longer brand", 0.28)
    new, new2 = _pair(chance, "modern first", words.modern, 1.2), _pair(chance, "modern second", words.modern, 1.2)
    two = chance.happens("two modern", 0.72)
    how = chance.uniform("modern joined")
    join = pl.when(how < 0.48).then(_NOTHING).when(how < 0.76).then(_GAP).otherwise(_AND)  # noqa: PLR2004 - shares
    syllables = [_pair(chance, f"syllable {n}", words.syllables, 1.0) for n in (1, 2, 3)]
    three = chance.happens("three syllables", 0.35)
    return {
        "old": (
            first[0] + second[0] + pl.when(longer).then(third[0]).otherwise(_NOTHING),
            first[1] + _GAP + second[1] + pl.when(longer).then(_GAP + third[1]).otherwise(_NOTHING),
        ),
        "family": (pl.col("family") + pl.when(longer).then(second[0]).otherwise(_NOTHING), None),
        "given": (pl.col("given") + pl.when(longer).then(second[0]).otherwise(_NOTHING), None),
        "letters": _initials(chance, words),
        "modern": (
            new[0] + pl.when(two).then(join + new2[0]).otherwise(_NOTHING),
            new[1] + pl.when(two).then(_GAP + new2[1]).otherwise(_NOTHING),
        ),
        "invented": (
            syllables[0][0] + syllables[1][0] + pl.when(three).then(syllables[2][0]).otherwise(_NOTHING),
            (syllables[0][1] + syllables[1][1] + pl.when(three).then(syllables[2][1]).otherwise(_NOTHING)).str.to_titlecase(),
        ),
        "place": (pl.col("place_name"), None),
    }  # fmt: skip


def _initials(chance: Chance, words: Vocabulary) -> tuple[pl.Expr, pl.Expr]:
    """Two to four letters, said in Thai: joined, apart, or with dots."""
    drawn = [_pair(chance, f"letter {n}", words.letters, 1.1) for n in range(4)]
    count = chance.uniform("letters")
    how = chance.uniform("letters apart")
    mark = (
        pl.when(how < 0.46)  # noqa: PLR2004 - shares
        .then(_NOTHING)
        .when(how < 0.58)  # noqa: PLR2004
        .then(_GAP)
        .when(how < 0.66)  # noqa: PLR2004
        .then(_AND)
        .otherwise(_DOT)
    )
    parts = []
    for side in (0, 1):
        text = drawn[0][side] + mark + drawn[1][side]
        text = text + pl.when(count > 0.38).then(mark + drawn[2][side]).otherwise(_NOTHING)  # noqa: PLR2004
        text = text + pl.when(count > 0.90).then(mark + drawn[3][side]).otherwise(_NOTHING)  # noqa: PLR2004
        parts.append(text + pl.when(how >= 0.66).then(_DOT).otherwise(_NOTHING))  # noqa: PLR2004
    return parts[0], parts[1]


def with_core(frame: pl.DataFrame, chance: Chance, words: Vocabulary) -> pl.DataFrame:
    """Adds `core` (the Thai name without its legal form), `name_en` (null for most family names) and `brand_th`.

    `frame` holds trade, factory_count, person's name, form and `place_name`.
    """
    frame = frame.with_columns(by_weight(chance.uniform("brand"), dict(words.kinds)).alias("_kind"))
    parts = [
        frame.filter(pl.col("_kind") == kind).with_columns(
            thai.alias("brand_th"), (pl.lit(None, dtype=pl.Utf8) if latin is None else latin).alias("_brand_en")
        )
        for kind, (thai, latin) in _brands(chance, words).items()
    ]
    frame = pl.concat(parts).sort("i")
    return _with_line(frame, chance, words).drop("_kind", "_brand_en")


def _with_line(frame: pl.DataFrame, chance: Chance, words: Vocabulary) -> pl.DataFrame:
    """Brand, then line of business, a second one, a tail, a number; each now and then."""
    other_th, other_en = _pair(chance, "other word", words.general)
    rest = calibration.document("trades.yaml")["without_factory"]["words"]
    shop_th, shop_en = _pair(chance, "shop word", tuple((word[0], word[1]) for word in rest), 1.0)
    by_trade = pl.col("trade").is_not_null() & (pl.lit(words.trade_words) & chance.happens("by trade", 0.62))
    maker = by_trade & (pl.col("factory_count") > 0)
    keeper = by_trade & (pl.col("factory_count") == 0)
    invented = [_pair(chance, f"line syllable {n}", words.syllables, 1.0) for n in (1, 2)]
    own = chance.happens("own word", 0.17)
    word_th = (
        pl.when(own)
        .then(invented[0][0] + invented[1][0])
        .when(maker)
        .then(chance.of_list("word", "words_th"))
        .when(keeper)
        .then(shop_th)
        .otherwise(other_th)
    )
    own_en = (invented[0][1] + invented[1][1]).str.to_titlecase()
    word_en = (
        pl.when(own)
        .then(own_en)
        .when(maker)
        .then(chance.of_list("word", "words_en"))
        .when(keeper)
        .then(shop_en)
        .otherwise(other_en)
    )
    more, tail = _pair(chance, "more word", words.general), _pair(chance, "tail", words.tails, 1.9)
    thai_like = pl.col("_kind").is_in(["old", "family", "given", "place"])
    joined = chance.uniform("gap") < pl.when(thai_like).then(0.62).otherwise(0.22)
    lined = chance.happens("line?", 0.74)
    steps = (
        (lined, pl.when(joined).then(_NOTHING).otherwise(_GAP), word_th, word_en),
        (lined & chance.happens("second line?", 0.18), _GAP, more[0], more[1]),
        (chance.happens("tail?", 0.23), _GAP, tail[0], tail[1]),
        (chance.happens("number?", 0.082), _GAP, *(chance.skewed("number", words.numbers),) * 2),
    )
    frame = frame.with_columns(pl.col("brand_th").alias("core"), pl.col("_brand_en").alias("name_en"))
    for happens, gap, thai, latin in steps:
        frame = frame.with_columns(
            pl.when(happens).then(pl.col("core") + gap + thai).otherwise("core").alias("core"),
            pl.when(happens).then(pl.col("name_en") + _GAP + latin).otherwise("name_en").alias("name_en"),
        )
    known = chance.happens("english?", calibration.rate("names", "english"))
    ending = pl.col("form").replace_strict(_ENDINGS, default="")
    return frame.with_columns(pl.when(known).then(pl.col("name_en") + ending).alias("name_en"))


def with_siblings(frame: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Some firms share brand, place and often telephone with the one before (traps T11, T15): a word or number more.

    Adds `sibling` (Boolean). A few bear the very same name in another form.
    """
    rates = calibration.numbers()["sibling"]
    sibling = (
        chance.happens("sibling", float(rates["rate"]))
        & (pl.col("i") > roles.CAST_SIZE)
        & (pl.int_range(pl.len()) > 0)
        & ~pl.col("person")
        & ~pl.col("person").shift(1, fill_value=True)
    )
    before, brand = pl.col("core").shift(1), pl.col("brand_th").shift(1)
    same = chance.happens("sibling/same", float(rates["same_name"]))
    another = (
        pl.when(same)
        .then(before)
        .when(chance.happens("sibling/number", 0.25))
        .then(before + _GAP + chance.pick("sibling/no", ["2", "3", "2559", "1999", "(2)"]))
        .otherwise(brand + _GAP + chance.pick("sibling/word", ["กรุ๊ป", "เทรดดิ้ง", "เซอร์วิส", "โฮลดิ้ง", "อินเตอร์", "พร็อพเพอร์ตี้", "มาร์เก็ตติ้ง"]))
    )  # fmt: skip
    phone = pl.when(chance.happens("sibling/phone", float(rates["same_phone"]))).then(pl.col("phone").shift(1)).otherwise("phone")  # fmt: skip
    return frame.with_columns(sibling.alias("sibling")).with_columns(
        *(pl.when("sibling").then(pl.col(name).shift(1)).otherwise(name).alias(name) for name in _SHARED),
        pl.when("sibling").then(phone).otherwise("phone").alias("phone"),
        pl.when("sibling").then(another).otherwise("core").alias("core"),
        pl.when(pl.col("sibling") & same & chance.happens("sibling/form", 0.6))
        .then(pl.col("form").shift(1).replace(_OTHER_FORM))
        .otherwise("form")
        .alias("form"),
        pl.when("sibling").then(None).otherwise("name_en").alias("name_en"),
    )


def with_names_once(frame: pl.DataFrame, chance: Chance, words: Vocabulary, taken: Taken) -> pl.DataFrame:
    """A name that is taken gets a word more, then a year: the registrar lets no two firms bear one name.

    Siblings of one name in two forms stay as they are, and sole traders are called as they please.
    """
    same = pl.col("sibling") & (pl.col("core") == pl.col("core").shift(1))
    frame = frame.with_columns((pl.col("person") | same.fill_null(value=False)).alias("_free"))
    tries = (
        _GAP + chance.skewed("again word", [word[0] for word in words.general], 1.0),
        _GAP + pl.col("place_name"),
        _GAP + chance.whole("again number", 2, 2569).cast(pl.Utf8),
    )
    for more in tries:
        again = taken.again(frame["core"]) & ~frame["_free"]
        frame = frame.with_columns(pl.when(again).then(pl.col("core") + more).otherwise("core").alias("core"))
    taken.take(frame.filter(~pl.col("_free"))["core"])
    return frame.drop("_free")
