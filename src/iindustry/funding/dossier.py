"""The dossier: what the registers know, each value with source and date, and the few things only the owner can say.

Invariant: what a register knows is never typed, and a register value is never altered here. At sending the dossier is
frozen as canonical JSON (RFC 8785); its SHA-256 binds ledger, consent and lender to the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from iindustry.kernel import money
from iindustry.programmes.programme import USES
from iindustry.reference import fields as reference
from iindustry.register.enterprise import Content, Enterprise, Establishment, Rule, Standing, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iindustry.funding.application import Answer, Application

SCHEMA = "i-industry/dossier/1"
MOST_TYPED = 10
BASE_FIELDS = ("entity.*", "factory.*", "standard.*", "participation.*", "area.*")
_BAHT = re.compile(r"[\d,]+(\.\d{1,2})?")
_PHONE = re.compile(r"0\d{8,9}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a closed list."""

    code: str
    th: str
    en: str


@dataclass(frozen=True, slots=True)
class TypedField:
    """One field that the owner fills. `type`: money (typed in baht, kept in satang), int, text, choice, phone, email."""

    name: str
    type: str
    th: str
    en: str
    hint_th: str = ""
    hint_en: str = ""
    required: bool = True
    least: int = 1
    most: int = 500
    choices: tuple[Choice, ...] = ()


_BILLION_BAHT_SATANG = 1_000_000_000 * money.SATANG_PER_BAHT

TYPED: tuple[TypedField, ...] = (
    TypedField("amount_satang", "money", "วงเงินที่ขอ (บาท)", "Amount asked for (baht)",
               "เช่น 1,500,000", "For example 1,500,000", least=1_000_000, most=_BILLION_BAHT_SATANG),
    TypedField("use_code", "choice", "จะใช้เงินทำอะไร", "What the money is for",
               choices=tuple(Choice(code, words.th, words.en) for code, words in USES.items())),
    TypedField("use_words", "text", "รายละเอียดการใช้เงิน", "What exactly you will pay for",
               "หนึ่งหรือสองประโยค เช่น ซื้อเครื่องบรรจุ 1 เครื่อง", "One or two sentences, such as one packing machine"),
    TypedField("tenor_months", "int", "ขอผ่อนชำระกี่เดือน", "Months to repay",
               "ระหว่าง 6 ถึง 180 เดือน", "Between 6 and 180 months", least=6, most=180),
    TypedField("revenue_expected_satang", "money", "รายได้ที่คาดใน 12 เดือนข้างหน้า (บาท)",
               "Revenue expected in the next 12 months (baht)", least=0, most=100 * _BILLION_BAHT_SATANG),
    TypedField("collateral_code", "choice", "หลักประกัน", "Collateral", choices=(
        Choice("none", "ไม่มีหลักประกัน", "No collateral"),
        Choice("guarantee", "ให้ บสย. ค้ำประกัน", "Guarantee of the Thai Credit Guarantee Corporation"),
        Choice("land", "ที่ดินหรืออาคาร", "Land or building"),
        Choice("machine", "เครื่องจักร", "Machines"),
    )),
    TypedField("contact_phone", "phone", "โทรศัพท์ติดต่อ", "Telephone",
               "ตัวเลข 9 หรือ 10 หลัก", "9 or 10 digits"),
    TypedField("contact_email", "email", "อีเมล (ไม่กรอกก็ได้)", "E-mail (optional)", required=False, most=200),
)  # fmt: skip
TYPED_BY_NAME = {one.name: one for one in TYPED}


@dataclass(frozen=True, slots=True)
class Prefilled:
    """One register value of the form. `of` is an establishment's id and name, None for the enterprise itself."""

    field: str
    value: Value
    of: str | None = None
    of_name: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A frozen dossier: canonical bytes and their SHA-256 (hex)."""

    canonical: bytes
    sha256: str


def typed_for(uses: tuple[str, ...], most_satang: int | None, most_months: int | None) -> tuple[TypedField, ...]:
    """The fields to type for a product: its uses alone to choose from, its limits in the hints. None: no limit named."""
    by_name = dict(TYPED_BY_NAME)
    if uses:
        use = by_name["use_code"]
        by_name["use_code"] = replace(use, choices=tuple(choice for choice in use.choices if choice.code in uses))
    if most_satang is not None:
        text = f"{most_satang // money.SATANG_PER_BAHT:,}"
        by_name["amount_satang"] = replace(
            by_name["amount_satang"], hint_th=f"ไม่เกิน {text} บาท", hint_en=f"{text} baht at most", most=most_satang
        )
    if most_months is not None:
        by_name["tenor_months"] = replace(
            by_name["tenor_months"],
            hint_th=f"ระหว่าง 6 ถึง {most_months} เดือน",
            hint_en=f"Between 6 and {most_months} months",
            most=most_months,
        )
    return tuple(by_name.values())


def prefilled(enterprise: Enterprise, only: frozenset[str] | None = None) -> tuple[Prefilled, ...]:
    """Every register value that the form shows, in the order of `fields.yaml`, then establishments by id."""
    wanted = only if only is not None else reference.expand(BASE_FIELDS)
    found: list[Prefilled] = []
    for one in reference.FIELDS:
        if one.name not in wanted:
            continue
        value = enterprise.value_of(one.name)
        if value is not None:
            found.append(Prefilled(one.name, value))
        for place in sorted(enterprise.establishments, key=lambda it: it.establishment_id):
            there = place.value_of(one.name)
            if there is not None:
                found.append(Prefilled(one.name, there, place.establishment_id, place.name))
    return tuple(found)


def read_answers(raw: Mapping[str, str]) -> tuple[dict[str, Answer], dict[str, str]]:
    """Typed text as kept answers, and faults by field (field -> code). A blank is left out; unknown names are faults."""
    answers: dict[str, Answer] = {}
    faults: dict[str, str] = {}
    for name, text in raw.items():
        one = TYPED_BY_NAME.get(name)
        if one is None:
            faults[name] = "answer-unknown-field"
        elif text.strip():
            answer = _answer(one, text.strip())
            if answer is None:
                faults[name] = _FAULT_OF[one.type]
            elif not _fits(one, answer):
                faults[name] = "answer-out-of-range"
            else:
                answers[name] = answer
    return answers, faults


def read_baht(text: str) -> int | None:
    """Satang of an amount typed in baht (`1,500,000.50`, Thai digits too), None where it is no amount."""
    cleaned = text.strip().translate(_THAI_DIGITS).removesuffix("บาท").strip()
    if not _BAHT.fullmatch(cleaned):
        return None
    try:
        return money.satang(Decimal(cleaned.replace(",", "")))
    except InvalidOperation:
        return None


def missing(answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Required fields with no answer yet, in the form's order."""
    return tuple(one.name for one in TYPED if one.required and one.name not in answers)


def freeze(
    application: Application,
    enterprise: Enterprise,
    answers: Mapping[str, Answer],
    fields: frozenset[str],
    sent_at: datetime,
) -> Dossier:
    """The dossier of one application, holding only the fields that were consented to."""
    import rfc8785

    document: dict[str, Any] = {
        "schema": SCHEMA,
        "application_id": str(application.id),
        "reference": application.reference,
        "product": {"product_id": application.product_id, "version": application.product_version, "lender": application.lender},
        "enterprise": {
            "enterprise_id": application.enterprise_id,
            "register_version": enterprise.version,
            "name_th": enterprise.name_th,
            "name_en": enterprise.name_en,
            "juristic_id": enterprise.juristic_id,
            "province_code": enterprise.province_code,
            "is_person": enterprise.is_person,
        },
        "establishments": [
            {"establishment_id": one.establishment_id, "name": one.name, "factory_id": one.factory_id, "province_code": one.province_code}
            for one in sorted(enterprise.establishments, key=lambda it: it.establishment_id)
        ],
        "declared": dict(answers),
        "values": [_plain(one) for one in prefilled(enterprise, fields)],
        "sent_at": sent_at.isoformat(),
    }  # fmt: skip
    canonical = rfc8785.dumps(document)
    return Dossier(canonical, hashlib.sha256(canonical).hexdigest())


def enterprise_of(document: Mapping[str, Any]) -> Enterprise:
    """The enterprise as a frozen dossier knew it: what the lender is shown of, through `protection`."""
    own: dict[str, Value] = {}
    places: dict[str, dict[str, Value]] = {one["establishment_id"]: {} for one in document["establishments"]}
    for row in document["values"]:
        (own if row["of"] is None else places[row["of"]])[row["field"]] = _value(row)
    head = document["enterprise"]
    return Enterprise(
        enterprise_id=head["enterprise_id"],
        version=head["register_version"],
        name_th=head["name_th"],
        name_en=head["name_en"],
        juristic_id=head["juristic_id"],
        province_code=head["province_code"],
        values=own,
        establishments=tuple(
            Establishment(one["establishment_id"], one["name"], one["factory_id"], one["province_code"], places[one["establishment_id"]])
            for one in document["establishments"]
        ),
        is_person=head["is_person"],
    )  # fmt: skip


def fields_of(document: Mapping[str, Any]) -> frozenset[str]:
    """Names of the register fields that a frozen dossier holds."""
    return frozenset(row["field"] for row in document["values"])


def names(prefilled_values: Iterable[Prefilled]) -> frozenset[str]:
    """Names of the fields that have a value."""
    return frozenset(one.field for one in prefilled_values)


_FAULT_OF = {
    "money": "answer-not-money",
    "int": "answer-not-a-number",
    "text": "answer-too-long",
    "choice": "answer-not-a-choice",
    "phone": "answer-not-a-phone",
    "email": "answer-not-an-email",
}


def _answer(one: TypedField, text: str) -> Answer | None:
    plain = text.translate(_THAI_DIGITS)
    if one.type == "money":
        return read_baht(plain)
    if one.type == "int":
        return int(plain) if re.fullmatch(r"\d{1,9}", plain) else None
    if one.type == "choice":
        return text if text in {choice.code for choice in one.choices} else None
    if one.type == "phone":
        digits = re.sub(r"[\s\-()]", "", plain)
        return digits if _PHONE.fullmatch(digits) else None
    if one.type == "email":
        return text if len(text) <= one.most and _EMAIL.fullmatch(text) else None
    return text if len(text) <= one.most else None


def _fits(one: TypedField, answer: Answer) -> bool:
    return not isinstance(answer, int) or one.least <= answer <= one.most


def _plain(one: Prefilled) -> dict[str, Any]:
    value = one.value
    return {
        "field": one.field, "of": one.of, "value": _content(value.value), "source": value.source,
        "record_key": value.record_key, "as_of": value.as_of.isoformat(), "standing": value.standing.value,
        "rule": value.rule.value, "disputed": value.disputed, "basis": value.basis,
    }  # fmt: skip


def _content(value: Content) -> str | int | bool | list[str]:
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _value(row: Mapping[str, Any]) -> Value:
    return Value(
        field=row["field"], value=_read_content(row["field"], row["value"]), source=row["source"],
        record_key=row["record_key"], as_of=date.fromisoformat(row["as_of"]), standing=Standing(row["standing"]),
        rule=Rule(row["rule"]), disputed=row["disputed"], basis=row["basis"],
    )  # fmt: skip


def _read_content(field: str, plain: Any) -> Content:
    kind = reference.field_of(field).type
    if kind == "date":
        return date.fromisoformat(plain)
    if kind == "decimal":
        return Decimal(plain)
    return tuple(plain) if kind == "set" else plain
