"""One spelling of a name for search and comparison: core, trailing number, consonant skeleton, legal form, branch.

The rules are tables of rewritings (`rewriting` runs them on one text or on a whole column; a property test holds the
two equal): letters (`spelling`), then what stands around a name (`forms`), then the core (LINKAGE section 4.1).
Invariant: the raw name is never changed, and a name is a comparison key here, never shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.standardise import sounds
from iindustry.standardise.forms import (
    BRANCH_OF_BARE,
    BRANCHES,
    CLOSED,
    CUT_BRANCH,
    CUT_BRANCH_OF_BARE,
    CUT_COUNTRY,
    CUT_FORM,
    CUT_PERSON,
    FORMS,
    MAY_CLOSE,
    NO_NAME,
    OPEN_AT_THE_END,
    TAILS,
)
from iindustry.standardise.loanwords import AS_THAI
from iindustry.standardise.rewriting import (
    Letters,
    Rewrite,
    Step,
    first_match,
    put_back,
    rewritten,
    rewritten_series,
)
from iindustry.standardise.spelling import CLEAN, REPAIR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

    Normaliser = Callable[[pl.Expr], pl.Expr]

__all__ = ["CLEAN", "NORM_VERSION", "Name", "normalise", "normalised"]

NORM_VERSION = 5
"""Part of every register version and of the match model: a model never runs on another version's names."""

_NAMES_OF_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", ["เอ", "บี", "ซี", "ดี", "อี", "เอฟ", "จี", "เอช", "ไอ", "เจ", "เค", "แอล", "เอ็ม", "เอ็น", "โอ", "พี", "คิว", "อาร์", "เอส", "ที", "ยู", "วี", "ดับบลิว", "เอ็กซ์", "วาย", "แซด"], strict=True))  # fmt: skip
_ONE_SPELLING = Letters(
    dict.fromkeys(("ดับเบิลยู", "ดับเบิ้ลยู", "ดับเบิลยู่", "ดับบลิ้ว", "ดับบลิวย์", "ดับบิว", "ดับลิว", "ดับเบิ้ลยู่"), "ดับบลิว")
    | dict.fromkeys(("เฮช", "เอ็ช", "เอ๊ช", "เฮ็ช"), "เอช")
    | dict.fromkeys(("เอกซ์", "เอ๊กซ์"), "เอ็กซ์")
    | dict.fromkeys(("เซด", "แซท", "แซต", "แซ็ด", "แซ็ท"), "แซด")
)
"""A Latin letter's name as Thai writes it in several ways."""

AROUND: tuple[Step, ...] = (*NO_NAME, *TAILS, Rewrite(" *& *| +and +", " แอนด์ "))
BARE: tuple[Step, ...] = (*CUT_FORM, *CUT_COUNTRY)
SOLID: tuple[tuple[Step, ...], ...] = (
    AS_THAI,
    (Letters(_NAMES_OF_LETTERS),),
    (Rewrite("[^ก-ฮะ-ฺเ-๎0-9]+", ""),),
    (_ONE_SPELLING,),
)
"""English words as Thai writes them, Latin letters by their Thai names, Thai signs and digits only, one spelling of a letter's name."""
PERSON = "person"

_FOLDS = {"ขฃคฅฆ": "ค", "ฉชฌ": "ช", "ซศษส": "ส", "ญย": "ย", "ฎฏฐฑฒดตถทธ": "ต", "ณน": "น", "ผฝพฟภ": "พ", "รฤลฦฬ": "ล", "หฮ": "ห"}  # fmt: skip
_SILENT: tuple[Step, ...] = (Rewrite("[ก-ฮ][ิุ]?์", ""),)
SKELETON: tuple[Step, ...] = (
    Rewrite("[^ก-ฮ]+", ""),
    Letters({sign: fold for signs, fold in _FOLDS.items() for sign in signs if sign != fold}),
)
"""Consonants only, silent ones dropped before, homophones folded."""

NUMBER = "(?:^|[^0-9])0*([0-9]+)$"
FIRST_WORD = "^(?:ร้าน|โรงงาน|กิจการ)(.{2,})$"
_ANY_BRANCH = "|".join(f"(?:{pattern})" for pattern, _, _ in BRANCHES)
_CUT_APART = "^(?:ร้าน|โรงงาน|กิจการ) +"
_ONE_WORD = "^(?:ร้าน|โรงงาน|กิจการ)(?:ค้า|อาหาร|ขาย|ขนม|ยา|น้ำ|ผลิต|ทำ|ซ่อม|ตัด|เสริม|กาแฟ|ไม้|เหล็ก|เหล้า|สุรา|ยาง|พลาสติก|ร่วม|รับ)"
"""A first word that makes one word with the next: it belongs to the name unless a space parts them."""
_FIRST_WORD_STANDS_BEFORE = ("none", "shop")
_INITIAL = r"^บ\.[^ ]"
_IS_COMPANY = "จำกัด|จก"


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. `core` keeps its digits; `num` is its trailing number; None where there is none.

    `core_alt` is the other reading: a first word ร้าน, โรงงาน or กิจการ may belong to the name or stand before it, and
    `บ.` may be บริษัท or an initial. `repaired`: a sara am that a PDF lost was put back.
    """

    core: str | None
    core_alt: str | None
    num: str | None
    skel: str | None
    xskel: str | None
    form: str | None
    branch: str | None
    repaired: bool | None


def normalise(text: str) -> Name:
    """One name taken apart: the twin of `apart`, for one record at a time."""
    clean = rewritten(text, CLEAN)
    mended = rewritten(clean, REPAIR)
    whole = rewritten(mended, AROUND)
    rest = rewritten(whole, CUT_BRANCH)
    form = next((form for form, pattern in FORMS if first_match(rest, pattern, 0) is not None), "none")
    bare = rewritten(rest, BARE)
    branch = _branch(whole)
    if form in OPEN_AT_THE_END or (form in MAY_CLOSE and first_match(rest, CLOSED, 0) is None):
        branch = branch or _solid_branch(first_match(bare, BRANCH_OF_BARE, 2))
        bare = rewritten(bare, CUT_BRANCH_OF_BARE)
    if form == PERSON:
        bare = rewritten(bare, CUT_PERSON)
    kept = _solid(bare)
    without = first_match(kept, FIRST_WORD, 1)
    is_before = form in _FIRST_WORD_STANDS_BEFORE and first_match(kept, _ONE_WORD, 0) is None
    is_cut = without is not None and (
        is_before or (form in _FIRST_WORD_STANDS_BEFORE and first_match(bare, _CUT_APART, 0) is not None)
    )
    core = without if is_cut and without is not None else kept
    other = kept if is_cut else without
    if other is None and first_match(rest, _INITIAL, 0) is not None and first_match(rest, _IS_COMPANY, 0) is None:
        other = "บ" + kept
    return Name(
        core=core or None,
        core_alt=other,
        num=first_match(core, NUMBER, 1),
        skel=rewritten(rewritten(core, _SILENT), SKELETON) or None,
        xskel=rewritten(core, sounds.OF_THAI) or None,
        form=form,
        branch=branch,
        repaired=mended != clean,
    )


def _solid(bare: str) -> str:
    for steps in SOLID:
        bare = rewritten(bare, steps)
    return bare


def _branch(whole: str) -> str | None:
    for pattern, group, prefix in BRANCHES:
        found = first_match(whole, pattern, group)
        if found is not None:
            return prefix + found.replace(" ", "") if group else prefix
    return None


def _solid_branch(found: str | None) -> str | None:
    return None if found is None else found.replace(" ", "")


def apart(texts: pl.Series) -> pl.DataFrame:
    """Names of a Utf8 column taken apart: one row a text, columns as the fields of `Name`; null in, null out."""
    import polars as pl

    if texts.null_count() == len(texts):
        return pl.DataFrame(schema=_schema()).clear(len(texts))
    clean = rewritten_series(texts, CLEAN)
    mended = rewritten_series(clean, REPAIR)
    whole = rewritten_series(mended, AROUND)
    rest = rewritten_series(whole, CUT_BRANCH)
    form = first_of(rest, FORMS, "none")
    bare = rewritten_series(rest, BARE)
    is_open = form.is_in(OPEN_AT_THE_END) | (form.is_in(MAY_CLOSE) & ~rest.str.contains(CLOSED))
    branch = _branches(whole, pl.select(pl.when(is_open).then(bare)).to_series())
    bare = _where(is_open, bare, CUT_BRANCH_OF_BARE)
    bare = _where(form == PERSON, bare, CUT_PERSON)
    kept = bare
    for steps in SOLID:
        kept = rewritten_series(kept, steps)
    frame = pl.DataFrame(
        {"rest": rest, "bare": bare, "form": form, "kept": kept, "without": kept.str.extract(FIRST_WORD, 1)}
    )
    before = pl.col("form").is_in(_FIRST_WORD_STANDS_BEFORE)
    is_cut = (
        pl.col("without").is_not_null()
        & before
        & (~pl.col("kept").str.contains(_ONE_WORD) | pl.col("bare").str.contains(_CUT_APART))
    )
    is_initial = pl.col("rest").str.contains(_INITIAL) & ~pl.col("rest").str.contains(_IS_COMPANY)
    read = frame.select(
        core=pl.when(is_cut).then("without").otherwise("kept"),
        core_alt=pl.when(is_cut).then("kept").otherwise(
            pl.coalesce("without", pl.when(is_initial).then("บ" + pl.col("kept")))
        ),
    )  # fmt: skip
    core = read["core"]
    return pl.DataFrame({
        "core": filled(core),
        "core_alt": read["core_alt"],
        "num": core.str.extract(NUMBER, 1),
        "skel": filled(rewritten_series(rewritten_series(core, _SILENT), SKELETON)),
        "xskel": filled(rewritten_series(core, sounds.OF_THAI)),
        "form": form,
        "branch": branch,
        "repaired": mended != clean,
    })  # fmt: skip


def _where(is_so: pl.Series, texts: pl.Series, steps: Sequence[Step]) -> pl.Series:
    """The column with the steps done where it is so."""
    is_so = is_so.fill_null(value=False)
    if not is_so.any():
        return texts
    return put_back(texts, is_so, rewritten_series(texts.filter(is_so), steps))


def first_of(texts: pl.Series, table: Sequence[tuple[str, str]], otherwise: str) -> pl.Series:
    """The code of the first pattern of a table that each text meets; null stays null. Each text is asked till it meets."""
    import polars as pl

    left = texts.to_frame("text").with_row_index("place").drop_nulls("text")
    found = []
    for code, pattern in table:
        meets = left["text"].str.contains(pattern)
        if meets.any():
            found.append(left.filter(meets).select("place", code=pl.lit(code)))
            left = left.filter(~meets)
    found.append(left.select("place", code=pl.lit(otherwise)))
    places = pl.DataFrame({"place": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    return places.join(pl.concat(found), on="place", how="left", maintain_order="left")["code"]


def _branches(whole: pl.Series, bare: pl.Series) -> pl.Series:
    """The branch of each name: few have one, and only those are asked for it."""
    import polars as pl

    has = whole.str.contains(_ANY_BRANCH) | bare.str.contains(BRANCH_OF_BARE)
    has = has.fill_null(value=False)
    nothing = pl.Series("branch", [None], dtype=pl.Utf8).new_from_index(0, len(whole))
    if not has.any():
        return nothing
    read = [
        prefix + pl.col("whole").str.extract(pattern, group).str.replace_all(" ", "", literal=True)
        if group
        else pl.when(pl.col("whole").str.contains(pattern)).then(pl.lit(prefix))
        for pattern, group, prefix in BRANCHES
    ]
    behind = pl.col("bare").str.extract(BRANCH_OF_BARE, 2).str.replace_all(" ", "", literal=True)
    few = pl.DataFrame({"whole": whole.filter(has), "bare": bare.filter(has)})
    return put_back(nothing, has, few.select(branch=pl.coalesce(*read, behind)).to_series())


def normalised(expr: pl.Expr) -> pl.Expr:
    """`apart` as an expression: a struct of the fields of `Name`."""
    import polars as pl

    return expr.map_batches(lambda texts: apart(texts).to_struct(texts.name), return_dtype=pl.Struct(_schema()))


def _schema() -> dict[str, pl.DataType]:
    import polars as pl

    return {name: pl.Boolean() if name == "repaired" else pl.Utf8() for name in Name.__slots__}


def filled(texts: pl.Series) -> pl.Series:
    """An empty text is none."""
    import polars as pl

    return pl.select(pl.when(texts != "").then(texts)).to_series().alias(texts.name)
