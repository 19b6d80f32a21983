"""The shape of a stored profile, and back: texts by field in JSON, typed values for readers.

Short keys because there is one profile an enterprise: v value, s source, k record key, d delivery, a as of, r rule,
b basis, c competing. Invariant: what `encode` writes, `decode` reads, by the type in `fields.yaml`.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from iindustry.reference.fields import field_of
from iindustry.register.enterprise import (
    Content,
    Establishment,
    RecordCard,
    RecordRef,
    Rule,
    Standing,
    Statement,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PROFILE_SHAPE = 2
"""Part of a version's name: another shape of profile is another version."""

_DECLARING = frozenset({"portal"})

_DECODE: Mapping[str, Callable[[str], Content]] = {
    "text": str,
    "code": str,
    "int": int,
    "money": int,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "bool": lambda text: text == "true",
    "set": lambda text: tuple(json.loads(text)),
}


def decode(field: str, text: str) -> Content:
    """The typed content of a stored text. Raises KeyError for an unknown field."""
    return _DECODE[field_of(field).type](text)


def encode(content: Content) -> str:
    """The stored text of a content; a set is a JSON list in order."""
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, tuple):
        return json.dumps(sorted(content), ensure_ascii=False)
    return content.isoformat() if isinstance(content, date) else str(content)


def values_of(stored: Iterable[Mapping[str, Any]], disputed: frozenset[str]) -> dict[str, Value]:
    """Typed values by field. `disputed` names the fields with an open correction."""
    return {one["f"]: _value(one, is_disputed=one["f"] in disputed) for one in stored}


def _value(one: Mapping[str, Any], *, is_disputed: bool) -> Value:
    field = one["f"]
    return Value(
        field=field,
        value=decode(field, one["v"]),
        source=one["s"],
        record_key=one["k"],
        as_of=date.fromisoformat(one["a"]),
        standing=Standing.DECLARED if one["s"] in _DECLARING else Standing.VERIFIED,
        rule=Rule(one["r"]),
        competing=tuple(_statement(field, other) for other in one["c"] or ()),
        disputed=is_disputed,
        basis=one["b"] or "",
    )


def _statement(field: str, one: Mapping[str, Any]) -> Statement:
    return Statement(field, decode(field, one["v"]), one["s"], one["k"], date.fromisoformat(one["a"]), one["d"] or "")


def establishment_of(one: Mapping[str, Any], disputed: Mapping[str, frozenset[str]]) -> Establishment:
    """One establishment of a profile. `disputed` is by establishment id."""
    return Establishment(
        establishment_id=one["id"],
        name=one["name"] or "",
        factory_id=one["factory_id"],
        province_code=one["province_code"],
        values=values_of(one["values"] or (), disputed.get(one["id"], frozenset())),
    )


def card_of(one: Mapping[str, Any], enterprise_id: str) -> RecordCard:
    """What one member record says by itself."""
    ref = record_of(one)
    said = tuple(
        Statement(each["f"], decode(each["f"], each["v"]), ref.source, ref.record_key, ref.observed_on, ref.delivery_id)
        for each in one["said"] or ()
    )
    return RecordCard(ref, enterprise_id, bool(one["is_person"]), said)


def record_of(one: Mapping[str, Any]) -> RecordRef:
    """One member record of a profile."""
    return RecordRef(
        source=one["source"],
        record_key=one["record_key"],
        delivery_id=one["delivery_id"] or "",
        observed_on=date.fromisoformat(one["observed_on"]),
        link_ground=one["link_ground"],
        match_probability=one["match_probability"],
        establishment_id=one["establishment_id"],
    )
