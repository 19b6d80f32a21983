"""A programme in plain words, made from its document: who may have it, on which terms, what the rate is each year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iindustry.kernel.money import baht_text
from iindustry.programmes import wording
from iindustry.programmes.closures import compile_operand, context
from iindustry.programmes.facts import Words, spec_of
from iindustry.programmes.tree import Condition, Disclose, FactRef, Group, Literal, Missing, Not, Op, Some

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from iindustry.programmes.closures import Context
    from iindustry.programmes.offer import Rate
    from iindustry.programmes.shape import LegalReference, Programme
    from iindustry.programmes.tree import Node

WORKED_OUT = Words("ตามเกณฑ์ที่คำนวณจากข้อมูลอื่น", "a limit worked out from other facts")
ASKS_ONLY_ANSWER = Words("ตรวจเฉพาะผล ไม่เปิดเผยค่า", "only the answer is told, not the value")

OWNER_WORDS: Mapping[str, Words] = {
    "smed": Words("ธนาคารพัฒนาวิสาหกิจขนาดกลางและขนาดย่อมแห่งประเทศไทย (ธพว.)", "SME D Bank"),
    "exim": Words("ธนาคารเพื่อการส่งออกและนำเข้าแห่งประเทศไทย (ธสน.)", "EXIM Bank"),
    "fund": Words("กองทุนพัฒนาเอสเอ็มอีตามแนวประชารัฐ", "SME fund of the ministry"),
    "tcg": Words("บรรษัทประกันสินเชื่ออุตสาหกรรมขนาดย่อม (บสย.)", "Thai Credit Guarantee Corporation (TCG)"),
    "diw": Words("กรมโรงงานอุตสาหกรรม", "Department of Industrial Works"),
    "dip": Words("กรมส่งเสริมอุตสาหกรรม", "Department of Industrial Promotion"),
    "oie": Words("สำนักงานเศรษฐกิจอุตสาหกรรม", "Office of Industrial Economics"),
    "tisi": Words("สำนักงานมาตรฐานผลิตภัณฑ์อุตสาหกรรม", "Thai Industrial Standards Institute"),
    "dpim": Words("กรมอุตสาหกรรมพื้นฐานและการเหมืองแร่", "Department of Primary Industries and Mines"),
    "ocsb": Words("สำนักงานคณะกรรมการอ้อยและน้ำตาลทราย", "Office of the Cane and Sugar Board"),
    "ieat": Words("การนิคมอุตสาหกรรมแห่งประเทศไทย", "Industrial Estate Authority of Thailand"),
    "osmep": Words("สำนักงานส่งเสริมวิสาหกิจขนาดกลางและขนาดย่อม (สสว.)", "Office of SMEs Promotion (OSMEP)"),
}
LINE_WORDS: Mapping[str, Words] = {
    "s_curve": Words("อุตสาหกรรมเป้าหมาย", "Target industry (S-curve)"),
    "sme_upgrade": Words("ยกระดับ SME", "SME upgrading"),
    "area": Words("เชิงพื้นที่", "Area"),
    "green": Words("สังคมและสิ่งแวดล้อม", "Society and environment"),
    "smart_gov": Words("ภาครัฐอัจฉริยะ", "Smart government"),
}
KIND_WORDS: Mapping[str, Words] = {
    "loan_product": Words("สินเชื่อ", "Loan"),
    "measure": Words("มาตรการ", "Measure"),
    "guarantee": Words("การค้ำประกัน", "Guarantee"),
}
HOLDER_WORDS: Mapping[str, Words] = {
    "enterprise": Words("ผู้ประกอบการ", "the enterprise"),
    "lender": Words("ธนาคาร", "the lender"),
    "office": Words("หน่วยงาน", "the office"),
}
VIA_WORDS: Mapping[str, Words] = {
    "register": Words("ระบบดึงจากทะเบียน", "taken from the registers"),
    "prior": Words("ใช้จากคำขอก่อน", "taken from an earlier application"),
    "ask": Words("ท่านกรอกเอง", "you type it"),
    "upload": Words("แนบไฟล์", "uploaded"),
    "lender": Words("ให้กับธนาคารโดยตรง", "given to the lender directly"),
}
GUARANTEE_WORDS: Mapping[str, Words] = {"TCG": Words("บสย. ค้ำประกันได้", "TCG may guarantee")}


@dataclass(frozen=True, slots=True)
class Line:
    """One condition in words. `aside`: what is assumed where the fact is missing, or how little is told."""

    label: Words
    threshold: Words
    reference: LegalReference | None
    aside: Words | None


@dataclass(frozen=True, slots=True)
class Clause:
    """Conditions of which `need` must hold."""

    need: int
    lines: tuple[Line, ...]

    @property
    def is_choice(self) -> bool:
        """Whether fewer than all are enough."""
        return self.need < len(self.lines)


def clauses(programme: Programme, on: date) -> tuple[Clause, ...]:
    """Who may have it, one clause for each part of the rule's first level; empty for a card."""
    node = programme.conditions
    if node is None:
        return ()
    constants = context(programme.parameters, on)
    parts = node.of if isinstance(node, Group) and node.kind == "all" else (node,)
    return tuple(_clause(part, constants, programme) for part in parts)


def rate_words(rate: Rate) -> Words:
    """`MLR - 0.50 %, now 6.50 %`; a base rate that is not known is said so."""
    if rate.base_code is None:
        return Words(f"{rate.percent} % ต่อปี", f"{rate.percent} % a year")
    base = rate.base_code.rsplit(".", 1)[-1]
    spread = rate.spread or 0
    rule = base if spread == 0 else f"{base} {'+' if spread > 0 else '-'} {abs(spread)} %"
    if rate.percent is None:
        return Words(f"{rule} (ยังไม่ทราบอัตราอ้างอิงของวันนี้)", f"{rule} (today's base rate is not known)")
    return Words(f"{rate.percent} % ต่อปี ({rule} ณ วันนี้)", f"{rate.percent} % a year ({rule} today)")


def years_words(rate: Rate) -> Words:
    """`years 1–3`."""
    if rate.first == rate.last:
        return Words(f"ปีที่ {rate.first}", f"year {rate.first}")
    return Words(f"ปีที่ {rate.first}–{rate.last}", f"years {rate.first}–{rate.last}")


def amount_words(amount_satang: int | None) -> Words:
    """A credit limit in words."""
    if amount_satang is None:
        return Words("ไม่ได้กำหนดตัวเลขเดียว", "no single figure")
    text = baht_text(amount_satang).removesuffix(".00")
    return Words(f"ไม่เกิน {text} บาท", f"up to {text} baht")


def _clause(node: Node, constants: Context, programme: Programme) -> Clause:
    inner = node.of if isinstance(node, Some) else node
    leaves = _leaves(inner, positive=True)
    lines = tuple(_line(leaf, constants, programme, positive=positive) for leaf, positive in leaves)
    need = inner.need if isinstance(inner, Group) and len(inner.of) == len(lines) else len(lines)
    return Clause(need, lines)


def _leaves(node: Node, *, positive: bool) -> list[tuple[Condition, bool]]:
    if isinstance(node, Condition):
        return [(node, positive)]
    if isinstance(node, Not):
        return _leaves(node.of, positive=not positive)
    below = node.of if isinstance(node, Group) else (node.of,)
    return [leaf for child in below for leaf in _leaves(child, positive=positive)]


def _line(leaf: Condition, constants: Context, programme: Programme, *, positive: bool) -> Line:
    spec = spec_of(leaf.fact)
    operand = compile_operand(leaf, constants)({}, {}) if leaf.op is not Op.KNOWN else leaf.value == Literal(value=True)
    threshold = WORKED_OUT if operand is None else wording.threshold_words(spec, leaf.op, operand, negated=not positive)
    return Line(spec.label, threshold, programme.reference(leaf.cite), _aside(leaf))


def _aside(leaf: Condition) -> Words | None:
    if leaf.disclose is Disclose.ANSWER:
        return ASKS_ONLY_ANSWER
    if leaf.on_missing.kind is not Missing.ASSUME or leaf.on_missing.assume is None:
        return None
    assume = leaf.on_missing.assume
    shown = (
        spec_of(assume.fact).label
        if isinstance(assume, FactRef)
        else wording.value_words(spec_of(leaf.fact), assume.value)
    )
    return Words(f"หากไม่มีข้อมูล ใช้ {shown.th} แทน", f"where missing, {shown.en} is used instead")
