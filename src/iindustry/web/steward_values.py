"""What a record or a register says, as a steward may read it: masked where it is a natural person's, differing signs marked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

from iindustry.reference.fields import field_of
from iindustry.register import masking, proposals
from iindustry.register.enterprise import RULE_WORDS
from iindustry.web.steward_hidden import hidden_parts
from iindustry.web.steward_marks import Run, marked
from iindustry.web.steward_words import Both
from iindustry.web.templatetags.words import plain_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from iindustry.register.enterprise import Content, CorrectionRequest, RecordCard, Statement, Value


_TEXTS = frozenset({"text", "code"})


@dataclass(frozen=True, slots=True)
class Said:
    """One statement as it may be shown. `runs` holds a text in pieces, the differing ones marked; empty for what is no text."""

    field: str
    value: Content
    masked: bool
    source: str
    as_of: date
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One field of two records, facing each other. `places` counts where their texts differ.

    `parts`: of hidden texts, which part is equal and which is not, in words: what can be judged without reading them.
    """

    field: str
    left: Said | None
    right: Said | None
    agrees: bool
    both: bool
    places: int = 0
    parts: tuple[Both, ...] = ()


BASIS_WORDS = {
    "count": Both("นับสถานประกอบการ", "establishments counted"),
    "sum-of-factories": Both("รวมคนงานของทุกโรงงาน", "workers of all factories together"),
    "tsic": Both("ตามรหัส TSIC", "by the activity code"),
    "factory-type": Both("ตามประเภทโรงงาน", "by the type of factory"),
    "province": Both("ตามจังหวัดที่ตั้ง", "by its province"),
    "subdistrict": Both("ตามตำบลที่ตั้ง", "by its subdistrict"),
    "district": Both("ตามอำเภอที่ตั้ง", "by its district"),
    "factory-id": Both("ตามเลขทะเบียนโรงงาน", "by the factory number"),
    "observed": Both("ตามที่กรมโรงงานฯ ระบุไว้สำหรับประเภทโรงงานนี้", "as the factory register codes this type of factory"),
    "inferred": Both("อนุมานจากประเภทโรงงาน", "inferred from the type of factory"),
    "2562-revenue/revenue": Both("ตามรายได้ กฎกระทรวง พ.ศ. 2562", "by revenue, ministerial regulation of B.E. 2562"),
    "2562-revenue/workers": Both(
        "ตามจำนวนคนงาน กฎกระทรวง พ.ศ. 2562", "by workers, ministerial regulation of B.E. 2562"
    ),
}
"""How a derived value was worked out, by the basis that `register.derive` gives it."""


# A factory's record says of its operator what a company's says of itself: the two face each other.
FACING = {
    "factory.operator": "entity.name_th",
    "factory.province": "entity.province",
    "factory.subdistrict": "entity.seat",
    "factory.address": "entity.seat_address",
}


def facing(field: str) -> str:
    """The field beside which one is shown."""
    return FACING.get(field, field)


def lines(left: RecordCard, right: RecordCard) -> list[Line]:
    """One line a field that either record speaks of, in the order of `fields.yaml`; a seat faces a factory."""
    sides = [{facing(one.field): one for one in card.statements} for card in (left, right)]
    order = {name: place for place, name in enumerate(dict.fromkeys(map(facing, masking.ORDER)))}
    return [
        _line(name, (sides[0].get(name), left.is_person), (sides[1].get(name), right.is_person))
        for name in sorted({*sides[0], *sides[1]}, key=lambda name: order[name])
    ]


def _line(field: str, left: tuple[Statement | None, bool], right: tuple[Statement | None, bool]) -> Line:
    (one, one_person), (other, other_person) = left, right
    said = shown(one, is_person=one_person), shown(other, is_person=other_person)
    if one is None or other is None or said[0] is None or said[1] is None:
        return Line(field, *said, agrees=False, both=False)
    agrees = one.value == other.value
    if agrees or not (_is_text(said[0]) and _is_text(said[1])):
        return Line(field, *said, agrees=agrees, both=True)
    found = marked(str(one.value), str(other.value))
    if said[0].masked or said[1].masked:  # in how many places, never which: a mark would tell of what is hidden
        parts = hidden_parts(field, str(one.value), str(other.value))
        return Line(field, *said, agrees=False, both=True, places=found.places, parts=parts)
    return Line(
        field,
        replace(said[0], runs=found.left),
        replace(said[1], runs=found.right),
        agrees=False,
        both=True,
        places=found.places,
    )


def _is_text(said: Said) -> bool:
    return field_of(said.field).type == "text" and said.field not in {"entity.juristic_id", "person.phone"}


def shown(one: Statement | Value | None, *, is_person: bool) -> Said | None:
    """A statement as a page may show it."""
    if one is None:
        return None
    hidden = masking.masked(one.field, one.value, is_person=is_person)
    return Said(one.field, hidden, hidden != one.value, one.source, one.as_of)


def shown_name(name: str, *, is_person: bool) -> str:
    """The name of an enterprise: a natural person's is masked."""
    return masking.masked_name(name) if is_person and name else name


def masked_correction(one: CorrectionRequest, *, is_person: bool) -> CorrectionRequest:
    """A request as a steward may read it: the new name or telephone of a natural person is the agency's to see."""

    def hidden(text: str) -> str:
        return str(masking.masked(one.field, text, is_person=is_person))

    return replace(one, current=hidden(one.current), proposed=hidden(one.proposed))


def told(field: str, text: str) -> str:
    """A stored text of a correction as pages write a value of its field: money in baht, days in words."""
    content = proposals.told(field, text)
    if isinstance(content, str) and field_of(field).type not in _TEXTS:
        return text  # asked for in words, before they were read
    return " · ".join(plain_lines(SimpleNamespace(field=field, value=content)))


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value believed: why it was chosen, which registers say the same, and what others say instead, each once.

    `more` counts the other values beyond `OTHERS_MOST`.
    """

    field: str
    value: Value
    shown: Said | None
    rule: Both
    basis: Both | None
    agreeing: tuple[str, ...]
    others: tuple[Said, ...]
    more: int


OTHERS_MOST = 4


def value_rows(values: Mapping[str, Value], *, is_person: bool) -> list[ValueRow]:
    """Each value believed with the rule that chose it and all that competes, in the order of `fields.yaml`."""
    order = {name: place for place, name in enumerate(masking.ORDER)}
    return [
        _value_row(name, value, is_person=is_person)
        for name, value in sorted(values.items(), key=lambda pair: order[pair[0]])
    ]


def _value_row(name: str, value: Value, *, is_person: bool) -> ValueRow:
    same = dict.fromkeys(one.source for one in value.competing if one.value == value.value)
    # of several records of one register that say the same, the newest speaks
    others = {(str(one.value), one.source): one for one in sorted(value.competing, key=lambda one: one.as_of)
              if one.value != value.value}  # fmt: skip
    said = [shown(one, is_person=is_person) for one in sorted(others.values(), key=lambda one: one.as_of, reverse=True)]
    return ValueRow(
        field=name,
        value=value,
        shown=shown(value, is_person=is_person),
        rule=Both(*RULE_WORDS[value.rule]),
        basis=BASIS_WORDS.get(value.basis),
        agreeing=tuple(one for one in same if one != value.source),
        others=tuple(one for one in said[:OTHERS_MOST] if one is not None),
        more=max(0, len(said) - OTHERS_MOST),
    )
