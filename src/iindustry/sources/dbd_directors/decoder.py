"""How a signing rule is read: what it means lands, its words do not, because they may name the directors.

`กรรมการสองคนลงลายมือชื่อร่วมกันและประทับตราสำคัญ` is `two` with a seal. Meanings: DOMAIN section 3 and the affidavit's usual
wording. Invariant: nothing that is not one of `RULES` leaves this decoder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iindustry.sources.cells import Decoded, Fault, cleaned

if TYPE_CHECKING:
    from datetime import date

    from iindustry.sources.contracts import Column

RULES = ("one", "two", "three_or_more", "all", "named", "other")
"""Any one director; any two together; three or more together; all; directors by name; words that say something else."""

_PERSON = r"(?:นาย|นางสาว|นาง|น\.\s?ส\.|ว่าที่)\s*[ก-ฮเ-ไ]"
_TOLD = (
    ("named", _PERSON),
    ("all", r"ทุกคน|ทั้งหมด"),
    ("three_or_more", r"(?:สาม|สี่|ห้า|หก|[3-9๓-๙])\s*(?:คน|ท่าน)"),
    ("two", r"(?:สอง|2|๒)\s*(?:คน|ท่าน)"),
    ("one", r"(?:หนึ่ง|1|๑)\s*(?:คน|ท่าน)|คน(?:ใดคน)?หนึ่ง|กรรมการผู้จัดการ|หุ้นส่วนผู้จัดการ"),
)
_SEAL = r"ประทับตรา"
_NO_SEAL = r"ไม่(?:ต้อง)?ประทับตรา"


def signing_rule(column: Column, _: date) -> Decoded:
    """`<name>` as one of `RULES`, and `signing_seal`: whether the seal is needed. Null where nothing was said."""
    text = cleaned(column.name)
    told = [pl.when(text.str.contains(pattern)).then(pl.lit(code)) for code, pattern in _TOLD]
    value = pl.coalesce(*told, pl.when(text.is_not_null()).then(pl.lit("other")))
    seal = text.str.contains(_SEAL) & ~text.str.contains(_NO_SEAL)
    return Decoded({column.name: value, "signing_seal": seal}, (Fault("signing-rule-other", value == "other"),))


DECODERS = {"signing_rule": signing_rule}
