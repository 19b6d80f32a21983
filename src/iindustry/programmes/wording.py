"""Values, thresholds and gaps in words, Thai and English, from the vocabulary: no sentence is ever missing.

Invariant: what a condition discloses only as an answer has no value, threshold or gap in its words.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from iindustry.kernel import money, thaidate
from iindustry.programmes.facts import EPOCH, FactSpec, Why, Words
from iindustry.programmes.tree import Op

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iindustry.programmes.tree import Plain

_SHOWN = 6
GREEN = "establishment.green_level"

UNITS: Mapping[str, Words] = {
    "months": Words("เดือน", "months"),
    "people": Words("คน", "people"),
    "horsepower": Words("แรงม้า", "hp"),
    "satang": Words("บาท", "baht"),
    "days": Words("วัน", "days"),
    "years": Words("ปี", "years"),
}

OPERATORS: Mapping[Op, Words] = {
    Op.EQ: Words("ต้องเป็น {0}", "must be {0}"),
    Op.NE: Words("ต้องไม่ใช่ {0}", "must not be {0}"),
    Op.IN: Words("ต้องเป็น {0}", "must be {0}"),
    Op.NOT_IN: Words("ต้องไม่ใช่ {0}", "must not be {0}"),
    Op.KNOWN: Words("ต้องมีข้อมูลนี้", "must be known"),
    Op.LT: Words("ต้องต่ำกว่า {0}", "must be below {0}"),
    Op.LE: Words("ต้องไม่เกิน {0}", "must be at most {0}"),
    Op.GT: Words("ต้องมากกว่า {0}", "must be above {0}"),
    Op.GE: Words("ต้องตั้งแต่ {0} ขึ้นไป", "must be at least {0}"),
    Op.BETWEEN: Words("ต้องอยู่ระหว่าง {0} ถึง {1}", "must be between {0} and {1}"),
    Op.PREFIX: Words("รหัสต้องขึ้นต้นด้วย {0}", "code must begin with {0}"),
    Op.HAS_ANY: Words("ต้องมีอย่างน้อยหนึ่งใน {0}", "must include one of {0}"),
    Op.HAS_ALL: Words("ต้องมีครบทั้ง {0}", "must include all of {0}"),
    Op.WITHIN_DAYS: Words("ต้องอยู่ภายใน {0} วันที่ผ่านมา", "must be within the last {0} days"),
}

WHY: Mapping[Why, Words] = {
    Why.MISSING: Words("ยังไม่มีทะเบียนใดระบุ", "no register says"),
    Why.STALE: Words("ข้อมูลเก่าเกินกำหนด", "the value is too old"),
    Why.CONFLICT: Words("ทะเบียนระบุไม่ตรงกัน", "registers disagree"),
    Why.WITHHELD: Words("ใช้เพื่อการนี้ไม่ได้", "may not be used for this"),
}

ANSWER_WORDS: Mapping[str, Words] = {
    "yes": Words("ตรง", "Met"),
    "no": Words("ไม่ตรง", "Not met"),
    "unknown": Words("ยังไม่ทราบ", "Not known yet"),
}

NOTHING_HELD = Words("ไม่มี", "none")
NOT_EMPTY = Words("ต้องมีอย่างน้อยหนึ่งรายการ", "must have at least one")
HAVE_SOME = Words("ต้องมี", "must have some")
YES_NEEDED = Words("ต้องใช่", "must be so")
NO_NEEDED = Words("ต้องไม่ใช่", "must not be so")
NOT_NONE = Words("ต้องอยู่ในกลุ่มหรือพื้นที่ที่กำหนด", "must be in one of them")
IN_NONE = Words("ต้องไม่อยู่ในกลุ่มหรือพื้นที่ใด", "must be in none of them")
HAVE_NONE = Words("ต้องไม่มีเลย", "must have none")
NOT_KNOWN = Words("ต้องยังไม่มีข้อมูลนี้", "must not be known yet")
COUNTED = frozenset({"set", "code", "int", "money"})
NOTHING_ASKED: Mapping[tuple[Op, object], Words] = {
    (Op.NE, frozenset()): NOT_EMPTY,
    (Op.EQ, frozenset()): HAVE_NONE,
    (Op.NE, "none"): NOT_NONE,
    (Op.EQ, "none"): IN_NONE,
    (Op.EQ, 0): HAVE_NONE,
    (Op.LE, 0): HAVE_NONE,
    (Op.NE, 0): HAVE_SOME,
    (Op.GT, 0): HAVE_SOME,
}
"""How a rule that asks for something, or for nothing at all, is put; of types that are counted or listed."""


@lru_cache(maxsize=16_384)
def value_words(spec: FactSpec, value: Plain) -> Words:
    """One value of a fact, as people write it."""
    return _WRITERS[spec.type](spec, value)


def _money(spec: FactSpec, value: Plain) -> Words:  # noqa: ARG001 - the shape of _WRITERS
    text = money.baht_text(int(value)).removesuffix(".00")  # type: ignore[arg-type]
    return Words(f"{text} บาท", f"{text} baht")


def _date(spec: FactSpec, value: Plain) -> Words:  # noqa: ARG001
    on = EPOCH + timedelta(days=int(value))  # type: ignore[arg-type]
    return Words(thaidate.short_th(on), thaidate.short_en(on))


def _decimal(spec: FactSpec, value: Plain) -> Words:
    if spec.unit == "share":
        percent = f"{(Decimal(int(value)).scaleb(2 - spec.digits)).normalize():,f}"  # type: ignore[arg-type]
        return Words(f"ร้อยละ {percent}", f"{percent} %")
    text = f"{Decimal(int(value)).scaleb(-spec.digits):,f}"  # type: ignore[arg-type]
    return _with_unit(text, spec.unit)


def _int(spec: FactSpec, value: Plain) -> Words:
    number = int(value)  # type: ignore[arg-type]
    if spec.unit == "year_ce":
        return Words(f"พ.ศ. {number + thaidate.BE_OFFSET}", str(number))
    if spec.name == GREEN:
        return Words(f"ระดับ {number}", f"level {number}")
    return _with_unit(f"{number:,}", spec.unit)


def _set(spec: FactSpec, value: Plain) -> Words:
    return list_words(spec, sorted(value)) if value else NOTHING_HELD  # type: ignore[arg-type]


def _code(spec: FactSpec, value: Plain) -> Words:
    code = str(value)
    if code in spec.code_words:
        return spec.code_words[code]
    if spec.name.rsplit(".", 1)[-1] in {"province", "district", "subdistrict", "seat"}:
        from iindustry.reference import areas

        found = areas.name_of(code)
        if found is not None:
            return Words(*found)
    return Words(code, code)


_WRITERS: Mapping[str, Callable[[FactSpec, Plain], Words]] = {
    "money": _money,
    "date": _date,
    "decimal": _decimal,
    "int": _int,
    "set": _set,
    "code": _code,
    "bool": lambda spec, value: Words("ใช่", "yes") if value else Words("ไม่ใช่", "no"),  # noqa: ARG005
}


def list_words(spec: FactSpec, values: Sequence[Plain]) -> Words:
    """Several values in one line; after six, how many more."""
    each = [value_words(spec, value) if spec.type != "set" else Words(str(value), str(value)) for value in values]
    more = len(each) - _SHOWN
    th, en = ", ".join(one.th for one in each[:_SHOWN]), ", ".join(one.en for one in each[:_SHOWN])
    return Words(f"{th} และอีก {more} รายการ", f"{en} and {more} more") if more > 0 else Words(th, en)


def threshold_words(spec: FactSpec, op: Op, operand: object, *, negated: bool = False) -> Words:
    """What is asked of a fact: `must be at least 2`. `negated` where the rule asks the opposite."""
    if spec.type in COUNTED and (op, operand) in NOTHING_ASKED:
        words = NOTHING_ASKED[op, operand]
    elif op is Op.WITHIN_DAYS and isinstance(operand, tuple):
        days = str(operand[1] - operand[0])
        words = Words(OPERATORS[op].th.format(days), OPERATORS[op].en.format(days))
    elif op is Op.BETWEEN and isinstance(operand, tuple):
        low, high = (value_words(spec, one) for one in operand)
        words = Words(OPERATORS[op].th.format(low.th, high.th), OPERATORS[op].en.format(low.en, high.en))
    elif op is Op.KNOWN:
        words = NOT_KNOWN if operand is False else OPERATORS[op]
    elif spec.type == "bool" and op in {Op.EQ, Op.NE}:
        is_wanted = operand is (op is Op.EQ)
        words = spec.said.get(is_wanted, YES_NEEDED if is_wanted else NO_NEEDED)
    else:
        shown = _operand_words(spec, operand)
        words = Words(OPERATORS[op].th.format(shown.th), OPERATORS[op].en.format(shown.en))
    return Words(f"ต้องไม่เข้าเงื่อนไขนี้: {words.th}", f"must not hold: {words.en}") if negated else words


def gap_of(op: Op, value: object, operand: object) -> int | None:
    """How far a failed number is from the nearest that would pass, in units of the fact; None where there is no distance."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    if op is Op.BETWEEN and isinstance(operand, tuple):
        return int(max(operand[0] - value, value - operand[1]))
    if not isinstance(operand, int) or isinstance(operand, bool):
        return None
    distance = {Op.GE: operand - value, Op.GT: operand - value + 1, Op.LE: value - operand, Op.LT: value - operand + 1}
    found = distance.get(op)
    return found if found is not None and found > 0 else None


def gap_words(spec: FactSpec, gap: int) -> Words:
    """A gap with its unit: `8,000,000 บาท`; between dates, days."""
    if spec.type == "date":
        return Words(f"{gap:,} วัน", f"{gap:,} days")
    if spec.unit == "year_ce":
        return Words(f"{gap} ปี", f"{gap} years")
    if spec.name == GREEN:
        return Words(f"{gap} ระดับ", f"{gap} level" + ("s" if gap > 1 else ""))
    return value_words(spec, gap)


def _operand_words(spec: FactSpec, operand: object) -> Words:
    if isinstance(operand, frozenset):
        order = {code: i for i, code in enumerate(spec.codes)}
        return list_words(spec, sorted(operand, key=lambda one: (order.get(str(one), 99), str(one))))
    if isinstance(operand, tuple):
        return list_words(spec, operand)
    return value_words(spec, operand)


def _with_unit(text: str, unit: str | None) -> Words:
    words = UNITS.get(unit or "")
    return Words(text, text) if words is None else Words(f"{text} {words.th}", f"{text} {words.en}")
