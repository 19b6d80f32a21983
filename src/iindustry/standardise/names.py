"""One spelling of a name for search and comparison: core, trailing number, consonant skeleton, legal form, branch.

The rules are tables of rewritings (`rewriting.py` runs them on one text or on a whole column; a property test holds the
two equal). Order matters: branch before form, form before core (LINKAGE section 4.1, traps T9-T14, T19, T31, T34).
Invariant: the raw name is never changed, and a name is a comparison key here, never shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.standardise.rewriting import Letters, Rewrite, Step, first_match, rewritten

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    Normaliser = Callable[[pl.Expr], pl.Expr]

NORM_VERSION = 1
"""Part of every register version and of the match model: a model never runs on another version's names."""

_HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_SPACES = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_MARKS = "ัิีึืฺุู็่้๊๋์ํ๎"
_LOWER = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_DIGITS = dict(zip("๐๑๒๓๔๕๖๗๘๙", "0123456789", strict=True))
_ONCE = Letters({mark * 2: mark for mark in _MARKS})
_TITLE = r"(?:นาย|นางสาว|นาง|น\. ?ส\.)"

CLEAN: tuple[Step, ...] = (
    Rewrite(f"[{_HIDDEN}]", ""),
    Rewrite(f"[{_SPACES}]+", " "),
    Letters(_LOWER | _DIGITS),
    Rewrite("เเ", "แ"),
    Rewrite("\u0e4d([่-๋]?)า", "${1}ำ"),
    Rewrite("([่-๋])\u0e4dา", "${1}ำ"),
    _ONCE,
    _ONCE,
    Rewrite("([่-๋]+)([ัิ-ฺ็]+)", "${2}${1}"),
    Rewrite("ำ([่-๋])", "${1}ำ"),
    _ONCE,
    Rewrite(r"[\[（【]", "("),
    Rewrite(r"[\]）】]", ")"),
    Rewrite("[\"'“”‘’`´]", ""),
)
"""Letters only: one case, one kind of digit and space, one order of Thai marks (T13, T14)."""

REPAIR: tuple[Step, ...] = (
    Rewrite("จากัด", "จำกัด"),
    Rewrite("สานักงาน", "สำนักงาน"),
    Rewrite("นาเข้า", "นำเข้า"),
    Rewrite(" *& *", " แอนด์ "),
    Rewrite(rf"(จำกัด.*?|ห้างหุ้นส่วน.*?|หจก.*?) *โดย *{_TITLE}.*$", "${1}"),
    Rewrite(rf"^(.+)\( *{_TITLE}[^)]*\) *$", "${1}"),
    Rewrite("^ +| +$", ""),
)
"""Sara am lost by PDF (T34), the manager's name at the end of a company's (T19)."""

_HEAD_OFFICE = r"^(.+?)[ (]*(?:สำนักงานใหญ่|head office)[ )]*$"
_BRANCH_NUMBER = r"^(.+?)[ (,]*(?:สาขา *(?:ที่)?|branch *(?:no\.?)?) *0*([0-9]{1,5})[ )]*(.*)$"
_PLANT_NUMBER = r"^(.+?)[ (]*โรงงาน *(?:ที่)? *0*([0-9]{1,3})[ )]*$"
_BRANCH_NAME = r"^(.+?) *\( *สาขา *([^()0-9]{2,40}) *\) *$"
BRANCHES: tuple[tuple[str, int, str], ...] = (
    (_HEAD_OFFICE, 0, "0"), (_BRANCH_NUMBER, 2, ""), (_PLANT_NUMBER, 2, "f"), (_BRANCH_NAME, 2, ""),
)  # fmt: skip
"""Pattern, group that names the branch (0: none), what stands before it."""

CUT_BRANCH: tuple[Step, ...] = (
    Rewrite(_HEAD_OFFICE, "${1}"),
    Rewrite(_BRANCH_NUMBER, "${1} ${3}"),
    Rewrite(_PLANT_NUMBER, "${1}"),
    Rewrite(_BRANCH_NAME, "${1}"),
    Rewrite("^ +| +$", ""),
)

FORMS: tuple[tuple[str, str], ...] = (
    ("plc", r"^บมจ[. ]|จำกัด *\(? *มหาชน|public +(?:company|co\.?)|[ ,]p\.?c\.?l\.?$|[ ,]plc\.?$"),
    ("lp", r"^ห้างหุ้นส่วน *จำกัด|^หจก|^หจ[. ]|(?:limited|ltd\.?) +part"),
    ("op", r"^ห้างหุ้นส่วน|^หสน|^หส[. ]|ordinary +partnership"),
    ("jv", r"^กิจการร่วมค้า|joint +venture"),
    ("coop", r"^(?:ชุมนุม)?สหกรณ์|cooperative"),
    ("co", r"^บริษัท|^บจก|^บจ[. ]|^บ\. |จำกัด$|จก\.$|co\.?,? *ltd|company +limited|[ .,](?:ltd|inc|corp|llc)\.?$|[ ,](?:limited|corporation)$"),
    ("person", rf"^(?:{_TITLE}|ว่าที่|mr\.|mrs\.|ms\.|miss ) *[^ ]+ +[^ ]+"),
    ("shop", "^ร้าน|[ -]shop$"),
)  # fmt: skip
"""Legal form by the first pattern that meets; `none` where none does."""

CUT_FORM: tuple[Step, ...] = (
    Rewrite(r"^บริษัท *|^(?:บมจ|บจก|บจ|บ)(?:\. *| +)|^บจก *", ""),
    Rewrite(r"^ห้างหุ้นส่วน *(?:จำกัด|สามัญ *นิติบุคคล|สามัญ)? *|^(?:หจก|หจ|หสน|หส)(?:\. *| +)|^หจก *", ""),
    Rewrite(r"^กิจการร่วมค้า *", ""),
    Rewrite(r" *จำกัด *\(? *มหาชน *\)? *$| *\( *มหาชน *\)", ""),
    Rewrite(r" *(?:จำกัด|จก\.) *$", ""),
    Rewrite(rf"^(?:{_TITLE}|ว่าที่(?:ร้อย[^ ]*)?|mr\.|mrs\.|ms\.|miss ) *([^ ]+ +[^ ].*)$", "${1}"),
    Rewrite("^ร้าน +", ""),
    Rewrite(r"[ ,]+public +(?:company|co\.?)[ ,]*(?:limited|ltd\.?)? *$", ""),
    Rewrite(r"[ ,]+(?:company|co\.?)[ ,]*(?:limited|ltd\.?) *$", ""),
    Rewrite(r"[ ,]+(?:limited|ltd\.?) +part(?:nership|\.)? *$", ""),
    Rewrite(r"[ ,]+(?:limited|ltd\.?|inc\.?|corporation|corp\.?|plc\.?|p\.?c\.?l\.?|llc) *$", ""),
)

CUT_COUNTRY: tuple[Step, ...] = (
    Rewrite(r" *\( *(?:ประเทศไทย|ไทยแลนด์|thailand) *\)", " "),
    Rewrite(r"([^ ]) *(?:ประเทศไทย|ไทยแลนด์| thailand) *$", "${1}"),
)

_NAMES_OF_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", ["เอ", "บี", "ซี", "ดี", "อี", "เอฟ", "จี", "เอช", "ไอ", "เจ", "เค", "แอล", "เอ็ม", "เอ็น", "โอ", "พี", "คิว", "อาร์", "เอส", "ที", "ยู", "วี", "ดับบลิว", "เอ็กซ์", "วาย", "แซด"], strict=True))  # fmt: skip
_CORE: tuple[Step, ...] = (
    Letters(_NAMES_OF_LETTERS),
    Rewrite("[^ก-ฮะ-ฺเ-๎0-9]+", ""),
    Rewrite("ดับเบิ?้?ลยู", "ดับบลิว"),
    Rewrite("เฮช", "เอช"),
    Rewrite("เซด|แซท|แซต", "แซด"),
)
CORE: tuple[Step, ...] = (*CUT_FORM, *CUT_COUNTRY, *_CORE)

_FOLDS = {"ขฃคฅฆ": "ค", "ฉชฌ": "ช", "ซศษส": "ส", "ญย": "ย", "ฎฏฐฑฒดตถทธ": "ต", "ณน": "น", "ผฝพฟภ": "พ", "รฤลฦฬ": "ล", "หฮ": "ห"}  # fmt: skip
SKELETON: tuple[Step, ...] = (
    Rewrite("[ก-ฮ][ิุ]?์", ""),
    Rewrite("[^ก-ฮ]+", ""),
    Letters({sign: fold for signs, fold in _FOLDS.items() for sign in signs if sign != fold}),
)
"""Consonants only, silent ones dropped, homophones folded."""

NUMBER = "(?:^|[^0-9])0*([0-9]+)$"


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. `core` keeps its digits; `num` is its trailing number; None where there is none."""

    core: str | None
    num: str | None
    skel: str | None
    form: str
    branch: str | None


def normalise(text: str) -> Name:
    """One name taken apart: the twin of `normalised`, for one record at a time."""
    import unicodedata

    whole = rewritten(unicodedata.normalize("NFC", text), (*CLEAN, *REPAIR))
    rest = rewritten(whole, CUT_BRANCH)
    core = rewritten(rest, CORE)
    return Name(
        core=core or None,
        num=first_match(core, NUMBER, 1),
        skel=rewritten(core, SKELETON) or None,
        form=next((form for form, pattern in FORMS if first_match(rest, pattern, 0) is not None), "none"),
        branch=_branch(whole),
    )


def _branch(whole: str) -> str | None:
    for pattern, group, prefix in BRANCHES:
        found = first_match(whole, pattern, group)
        if found is not None:
            return prefix + rewritten(found, _SOLID) if group else prefix
    return None


_SOLID: tuple[Step, ...] = (Rewrite(" ", ""),)


def normalised(expr: pl.Expr) -> pl.Expr:
    """Names of a Utf8 column taken apart: a struct of core, num, skel, form, branch (Utf8). Null in, null fields out."""
    import polars as pl

    from iindustry.standardise.rewriting import rewritten_expr

    whole = rewritten_expr(expr.str.normalize("NFC"), (*CLEAN, *REPAIR))
    rest = rewritten_expr(whole, CUT_BRANCH)
    core = rewritten_expr(rest, CORE)
    form = pl.lit("none")
    for code, pattern in reversed(FORMS):
        form = pl.when(rest.str.contains(pattern)).then(pl.lit(code)).otherwise(form)
    branch = pl.coalesce(
        prefix + rewritten_expr(whole.str.extract(pattern, group), _SOLID) if group else pl.when(whole.str.contains(pattern)).then(pl.lit(prefix))
        for pattern, group, prefix in BRANCHES
    )  # fmt: skip
    return pl.struct(
        _filled(core).alias("core"),
        core.str.extract(NUMBER, 1).alias("num"),
        _filled(rewritten_expr(core, SKELETON)).alias("skel"),
        pl.when(expr.is_not_null()).then(form).alias("form"),
        branch.alias("branch"),
    )


def _filled(expr: pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.when(expr != "").then(expr)
