"""An enterprise from the rows of the serving copy: what its records say, and which of them is believed.

A value is stored once, with the record that says it; `golden` (see `serving`) tells which record is believed where several
speak. Silence of a complete register and the day of a derived value are worked out here, from the days of the version.
Invariant: what `encode` writes, `decode` reads, by the type in `fields.yaml`; what is read here is what the Parquet says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from iindustry.reference.fields import FIELDS, Field, field_of
from iindustry.register import derive, totals
from iindustry.register.enterprise import (
    DERIVED,
    Content,
    Enterprise,
    Establishment,
    RecordCard,
    RecordRef,
    Rule,
    Standing,
    Statement,
    Value,
)
from iindustry.register.statements import nothing_of, silent_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = Mapping[str, Any]
"""One row of the serving copy, by column; dates as ISO texts or dates."""

PROFILE_SHAPE = 4
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


@dataclass(frozen=True, slots=True)
class _Word:
    """What one record says of one field."""

    place: int
    content: Any
    as_of: date
    delivery_id: str


@dataclass(slots=True)
class _Records:
    """The member records of an enterprise in their order, and their words by subject ("" the enterprise) and field."""

    refs: list[RecordRef]
    words: dict[str, dict[str, list[_Word]]]


def enterprise_of(
    row: Row,
    sites: Sequence[Row],
    members: Sequence[Row],
    *,
    version: str,
    newest: Mapping[str, date],
    disputed: Mapping[str, frozenset[str]],
) -> Enterprise:
    """The enterprise of one row, its establishments' rows and its members' rows, as one version holds them.

    newest: source to the day of its last delivery in that version. disputed: establishment id ("" the enterprise) to fields.
    """
    records = _records(members)
    places = tuple(
        Establishment(
            establishment_id=site["establishment_id"],
            name=site["name"] or "",
            factory_id=site["factory_id"],
            province_code=site["province_code"],
            values=_values(site["establishment_id"], site, records, newest, disputed),
        )
        for site in sorted(sites, key=lambda one: str(one["establishment_id"]))
    )
    values = _values("", row, records, newest, disputed)
    return Enterprise(
        enterprise_id=row["enterprise_id"],
        version=version,
        name_th=row["name_th"],
        name_en=row["name_en"],
        juristic_id=row["juristic_id"],
        province_code=row["province_code"],
        values=_with_days_of_sites(values, places),
        establishments=places,
        records=tuple(records.refs),
        is_person=row["is_person"],
    )


def card_of(row: Row) -> RecordCard:
    """What one member record says by itself."""
    ref, said = record_of(row), json.loads(row["said"])
    statements = tuple(
        Statement(field, _content(field, said[field]), ref.source, ref.record_key, ref.observed_on, ref.delivery_id)
        for field in sorted(one for one in said if "." in one)
    )
    return RecordCard(ref, row["enterprise_id"], bool(row["is_person"]), statements)


def record_of(row: Row) -> RecordRef:
    """One member record."""
    return RecordRef(
        source=row["source"],
        record_key=row["record_key"],
        delivery_id=row["delivery_id"] or "",
        observed_on=_day(row["observed_on"]),
        link_ground=row["link_ground"],
        match_probability=row["match_probability"],
        establishment_id=row["establishment_id"],
    )


def _records(members: Sequence[Row]) -> _Records:
    ordered = sorted(members, key=lambda one: (one["source"], one["record_key"]))
    found = _Records([record_of(one) for one in ordered], {})
    for place, (row, ref) in enumerate(zip(ordered, found.refs, strict=True)):
        said = json.loads(row["said"])
        spoken_on = _day(said["on"]) if said.get("on") else ref.observed_on
        earlier = {
            field: (delivery, _day(day)) for field, delivery, day in (one.split(" ") for one in said.get("@", ()))
        }
        for field, content in said.items():
            if "." not in field:
                continue
            delivery, as_of = earlier.get(field, (ref.delivery_id, spoken_on))
            subject = "" if field_of(field).of == "enterprise" else ref.establishment_id
            if subject is not None:
                words = found.words.setdefault(subject, {}).setdefault(field, [])
                words.append(_Word(place, content, as_of, delivery))
    return found


def _values(
    subject: str, row: Row, records: _Records, newest: Mapping[str, date], disputed: Mapping[str, frozenset[str]]
) -> dict[str, Value]:
    """Every value of an establishment, or of the enterprise (subject ""), in the order of `fields.yaml`."""
    of = "establishment" if subject else "enterprise"
    golden, words = json.loads(row["golden"]), records.words.get(subject, {})
    silent_too = of == "enterprise" or row["factory_id"] is not None
    open_fields = disputed.get(subject, frozenset())
    found: dict[str, Value] = {}
    for field in FIELDS:
        if field.of != of:
            continue
        value = _value(field, golden.get(field.name), words.get(field.name, ()), records.refs)
        if value is None and silent_too and golden.get(field.name) != _NOBODY:
            value = _silence(field, newest)
        if value is not None:
            found[field.name] = replace(value, disputed=True) if field.name in open_fields else value
    heard = max((ref.observed_on for ref in records.refs if subject in {"", ref.establishment_id}), default=None)
    for name, value in found.items():
        if value.source == DERIVED and heard is not None:
            input_name = derive.INPUT.get(name) or totals.INPUT.get(name)
            known = found.get(input_name) if input_name else None
            found[name] = replace(value, as_of=known.as_of if known else heard)
    return found


def _value(field: Field, told: Any, words: Sequence[_Word], refs: Sequence[RecordRef]) -> Value | None:
    match told:
        case [text, basis]:
            return Value(field.name, decode(field.name, text), DERIVED, "", _NO_DAY, rule=Rule.DERIVED, basis=basis)
        case [text, rule, place, day]:
            ref = refs[int(place)]
            return Value(
                field.name,
                decode(field.name, text),
                ref.source,
                ref.record_key,
                _day(day),
                _standing(ref.source),
                Rule(rule),
            )
        case str() if told:
            rule, *places = told.split(" ")
            by_place = {word.place: word for word in words}
            won, *rivals = (by_place[int(place)] for place in places)
        case None if words:  # all that speak say it of one record, or one source says it again and again
            rule, won, rivals = Rule.ONLY.value, min(words, key=_newest_first), []
        case _:
            return None
    ref = refs[won.place]
    competing = tuple(
        Statement(field.name, _content(field.name, one.content), refs[one.place].source, refs[one.place].record_key,
                  one.as_of, one.delivery_id)
        for one in rivals
    )  # fmt: skip
    return Value(
        field.name, _content(field.name, won.content), ref.source, ref.record_key, won.as_of, _standing(ref.source),
        Rule(rule), competing,
    )  # fmt: skip


def _newest_first(word: _Word) -> tuple[int, int]:
    return (-word.as_of.toordinal(), word.place)


def _silence(field: Field, newest: Mapping[str, date]) -> Value | None:
    source, nothing = silent_source(field, newest), nothing_of(field)
    if source is None or nothing is None:
        return None
    return Value(field.name, decode(field.name, nothing), source, "", newest[source], rule=Rule.NO_ROW)


def _with_days_of_sites(values: dict[str, Value], sites: Sequence[Establishment]) -> dict[str, Value]:
    """Workers and what rests on them are as new as the newest count of a factory; sums as the oldest value in them."""
    newest = _days(sites, "factory.worker_count")
    rests = {name for name, basis in derive.ON_SITES.items() if name in values and basis in {"", values[name].basis}}
    days = dict.fromkeys(rests, max(newest)) if newest else {}
    for name, summed in totals.OF_SITES.items():
        if name in values and values[name].source == DERIVED and (oldest := _days(sites, summed)):
            days[name] = min(oldest)
    return {name: replace(one, as_of=days[name]) if name in days else one for name, one in values.items()}


def _days(sites: Sequence[Establishment], field: str) -> list[date]:
    return [one.as_of for site in sites if (one := site.values.get(field)) is not None]


def _content(field: str, content: Any) -> Content:
    """A stored content by the type of its field: JSON holds numbers, truth values and texts."""
    kind = field_of(field).type
    if kind == "date":
        return date.fromisoformat(content)
    if kind == "decimal":
        return Decimal(str(content))
    return content  # type: ignore[no-any-return]


def _standing(source: str) -> Standing:
    return Standing.DECLARED if source in _DECLARING else Standing.VERIFIED


def _day(text: Any) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


_NO_DAY = date.min
_NOBODY = ""
"""Instead of a rule and places: nobody is believed, and the register's silence does not tell it either."""
