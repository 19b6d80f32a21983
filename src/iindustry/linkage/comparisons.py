"""What is compared, and the levels of each comparison, strongest first: one table (LINKAGE section 4.4).

Two seats, a seat and a site, and two sites are three comparisons: a firm has one seat and many sites.

A level's condition is SQL over the columns of a pair (`…_l`, `…_r`) that DuckDB runs on one-byte twins; its m and u come
from the model file or are learnt. Words are what a steward reads. Invariant: every pair reaches exactly one level.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Level:
    """One level. `frequency` names the column whose value's own frequency replaces u."""

    name: str
    condition: str
    th: str
    en: str
    frequency: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison. `missing`: when a side has nothing to compare, it says nothing either way."""

    name: str
    missing: str
    levels: tuple[Level, ...]
    th: str
    en: str


def _near(column: str, ratio: float) -> str:
    """Edit distance at most a share of the longer text; lengths are looked at first, as the distance is dear."""
    left, right = f"{column}_l", f"{column}_r"
    longer = f"greatest(length({left}), length({right}))"
    return (
        f"abs(length({left}) - length({right})) <= {ratio} * {longer}"
        f" and levenshtein({left}, {right}) <= {ratio} * {longer}"
    )


_COLUMN = re.compile(r"\b([a-z_]+)_l\b")
_NUM = "num_l = num_r"
_BEGINS = (
    "least(length(skel_b_l), length(skel_b_r)) >= 4"
    " and (starts_with(skel_b_l, skel_b_r) or starts_with(skel_b_r, skel_b_l))"
)
_LONGER = (
    "least(length(core_b_l), length(core_b_r)) >= 4 and abs(length(core_b_l) - length(core_b_r)) >= 3"
    " and (starts_with(core_b_l, core_b_r) or starts_with(core_b_r, core_b_l))"
)
_OTHER_TH, _OTHER_EN = "ไม่ตรงกัน", "do not agree"

_ALIKE = "any_b_l = any_b_r and (any_b_l is distinct from core_b_l or any_b_r is distinct from core_b_r)"
_OTHER_FORM = "(core_b_l = core_b_r and form_l <> form_r)"
_SAME = f"(core_b_l = core_b_r or {_ALIKE})"
_NO_DOOR = "house_l is null or house_r is null or sub_l is null or sub_r is null or sub_l <> sub_r"
_ADDRESS = (
    "house_l = house_r and (moo_l = moo_r or moo_l is null or moo_r is null)"
    " and (soi_l = soi_r or soi_l is null or soi_r is null)"
)
_PHONES = "(phone_l = phone_r or list_has_any(phones_l, phones_r))"

SUBDISTRICT = ("ตำบลเดียวกัน", "same subdistrict")
DISTRICT = ("อำเภอเดียวกัน", "same district")
PROVINCE = ("จังหวัดเดียวกัน", "same province")
ELSEWHERE = ("คนละจังหวัด", "other province")


def _place(name: str, kinds: str, th: str, en: str) -> Comparison:
    """Where two records are, for one combination of seats and sites. Names of other forms say that kin live there."""
    missing = f"prov_l is null or prov_r is null or not ({kinds}) or {_OTHER_FORM}"
    levels = (
        Level("subdistrict", "sub_l = sub_r", *SUBDISTRICT),
        Level("district", "dist_l = dist_r", *DISTRICT),
        Level("province", "prov_l = prov_r", *PROVINCE),
        Level("other", "ELSE", *ELSEWHERE),
    )
    return Comparison(name, missing, levels, th, en)


COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "name",
        "any_b_l is null or any_b_r is null",
        (
            Level("whole", "named_b_l = named_b_r", "ชื่อและรูปแบบกิจการตรงกันทุกตัวอักษร", "equal names and legal forms", "named_b"),
            Level("equal", "core_b_l = core_b_r", "ชื่อตรงกัน โดยไม่นับรูปแบบกิจการ", "equal names, the legal form aside", "core_b"),
            Level("skeleton", f"skel_b_l = skel_b_r and {_NUM}", "ชื่อออกเสียงเหมือนกัน สะกดต่างกัน",
                  "names sound alike, spelt differently", "skel_b"),
            Level("site", _ALIKE, "ชื่อโรงงานของฝ่ายหนึ่งตรงกับชื่อของอีกฝ่าย", "one's factory name is the other's name", "any_b"),
            Level("longer", _LONGER, "ชื่อหนึ่งมีคำต่อท้ายเพิ่มจากอีกชื่อหนึ่ง", "one name has a word more at its end"),
            Level("near_10", f"{_NUM} and {_near('core_b', 0.10)}", "ชื่อต่างกันไม่เกิน 1 ใน 10", "names differ by at most a tenth"),
            Level("near_18", f"{_NUM} and {_near('core_b', 0.18)}", "ชื่อต่างกันเล็กน้อย", "names differ a little"),
            Level("begins", f"{_NUM} and {_BEGINS}", "ชื่อหนึ่งขึ้นต้นด้วยอีกชื่อหนึ่ง", "one name begins with the other"),
            Level("near_30", _near("core_b", 0.30), "ชื่อคล้ายกันบางส่วน", "names are alike in part"),
            Level("other", "ELSE", "ชื่อไม่ตรงกัน", "names do not agree"),
        ),
        "ชื่อไทย",
        "Thai name",
    ),
    Comparison(
        "english",
        "en_core_l is null or en_core_r is null",
        (
            Level("equal", "en_core_l = en_core_r", "ชื่ออังกฤษตรงกัน", "equal English names", "en_core"),
            Level("skeleton", "en_skel_l = en_skel_r and en_num_l = en_num_r", "ชื่ออังกฤษออกเสียงเหมือนกัน", "English names sound alike", "en_skel"),
            Level("near_12", _near("en_core", 0.12), "ชื่ออังกฤษต่างกันเล็กน้อย", "English names differ a little"),
            Level("near_25", _near("en_core", 0.25), "ชื่ออังกฤษคล้ายกันบางส่วน", "English names are alike in part"),
            Level("other", "ELSE", "ชื่ออังกฤษไม่ตรงกัน", "English names do not agree"),
        ),
        "ชื่ออังกฤษ",
        "English name",
    ),
    Comparison(
        "across",
        "x_l is null or x_r is null or (core_b_l is not null and core_b_r is not null) or (core_b_l is null and core_b_r is null)"
        " or (en_core_l is not null and en_core_r is not null)",
        (
            Level("equal", "x_l = x_r", "ชื่ออังกฤษออกเสียงเหมือนชื่อไทยของอีกฝ่าย", "an English name that sounds as the other's Thai name"),
            Level("near", _near("x", 0.25), "ชื่ออังกฤษออกเสียงคล้ายชื่อไทยของอีกฝ่าย", "an English name that sounds like the other's Thai name"),
            Level("other", "ELSE", "ชื่ออังกฤษกับชื่อไทยไม่ตรงกัน", "the English and the Thai name do not agree"),
        ),
        "ชื่ออังกฤษกับชื่อไทย",
        "English and Thai name",
    ),
    _place("place", "kind_l = 'seat' and kind_r = 'seat'", "ที่ตั้ง", "Place"),
    _place("seat_site", "kind_l <> kind_r", "สำนักงานกับโรงงาน", "Seat and site"),
    _place("sites", "kind_l = 'site' and kind_r = 'site'", "โรงงานกับโรงงาน", "Two sites"),
    Comparison(
        "address",
        f"{_NO_DOOR} or {_OTHER_FORM} or not coalesce({_SAME}, false)",
        (
            Level("equal", _ADDRESS, "บ้านเลขที่ตรงกัน", "same house number"),
            Level("other", "ELSE", "บ้านเลขที่" + _OTHER_TH, "house numbers " + _OTHER_EN),
        ),
        "บ้านเลขที่ในตำบลเดียวกัน",
        "House number in the same subdistrict",
    ),
    Comparison(
        "kin",
        f"coalesce({_SAME}, false) or (({_NO_DOOR}) and not coalesce(sub_l = sub_r and phone_l is not null and phone_r is not null, false))",
        (
            Level("door", f"coalesce({_ADDRESS}, false) or coalesce({_PHONES}, false)", "ชื่อเพียงคล้ายกัน แต่บ้านเลขที่หรือโทรศัพท์เดียวกัน อาจเป็นกิจการในเครือ",
                  "names only alike at one door or telephone: perhaps kin"),
            Level("other", "ELSE", "ชื่อเพียงคล้ายกัน ในตำบลเดียวกัน", "names only alike, in one subdistrict"),
        ),
        "กิจการในเครือ",
        "Kin",
    ),
    Comparison(
        "phone",
        f"phone_l is null or phone_r is null or {_OTHER_FORM} or (sub_l = sub_r and not coalesce({_SAME}, false))",
        (
            Level("equal", _PHONES, "โทรศัพท์ตรงกัน", "equal telephone"),
            Level("other", "ELSE", "โทรศัพท์" + _OTHER_TH, "telephones " + _OTHER_EN),
        ),
        "โทรศัพท์",
        "Telephone",
    ),
    Comparison(
        "form",
        "form_l is null or form_r is null",
        (
            Level("equal", "form_l = form_r", "รูปแบบกิจการตรงกัน", "same legal form"),
            Level("other", "ELSE", "รูปแบบกิจการ" + _OTHER_TH, "legal forms " + _OTHER_EN),
        ),
        "รูปแบบกิจการ",
        "Legal form",
    ),
    Comparison(
        "land",
        "core_b_l is null or core_b_r is null or core_b_l <> core_b_r",
        (
            Level("equal", "land_l = land_r", "คำว่าประเทศไทยหรือไทยแลนด์ในชื่อตรงกัน", "Thailand stands in both names or in neither"),
            Level("other", "ELSE", "ชื่อหนึ่งมีคำว่าประเทศไทยหรือไทยแลนด์ อีกชื่อไม่มี", "Thailand stands in one name only"),
        ),
        "คำว่าประเทศไทยในชื่อ",
        "Thailand in the name",
    ),
)  # fmt: skip

PLACES = ("place", "seat_site", "sites")
"""The comparisons of places: at most one of them speaks for a pair."""

SAME_NAME = ("whole", "equal")
"""Levels of `name` that say: the very same name."""

MISSING = "missing"
MISSING_WORDS = ("ฝ่ายหนึ่งไม่มีข้อมูล", "one side does not say")


def words_of(comparison: Mapping[str, str]) -> list[tuple[tuple[str, str], tuple[str, str], str]]:
    """(words of the comparison, words of the level reached, level) in the order of the table; Thai and English each."""
    said = []
    for one in COMPARISONS:
        level = comparison.get(one.name, MISSING)
        found = next((each for each in one.levels if each.name == level), None)
        said.append(((one.th, one.en), (found.th, found.en) if found else MISSING_WORDS, level))
    return said


def level_case(one: Comparison) -> str:
    """SQL that numbers the level of a pair: 0 the strongest, -1 where a side has nothing."""
    whens = " ".join(
        f"WHEN {level.condition} THEN {place}" for place, level in enumerate(one.levels) if level.condition != "ELSE"
    )
    return f"CAST(CASE WHEN {one.missing} THEN -1 {whens} ELSE {len(one.levels) - 1} END AS TINYINT)"


def compared_columns() -> list[str]:
    """The columns of a profile that some condition reads, in alphabetical order."""
    conditions = [text for one in COMPARISONS for text in (one.missing, *(level.condition for level in one.levels))]
    return sorted({name for text in conditions for name in _COLUMN.findall(text)})
