"""The vocabulary of rules, and the facts of one enterprise read through it.

Names, types and shelf lives of linked facts come from `reference.fields`; words and what can change a fact come from
`facts.yaml`. Invariant: a fact is a value, or it is missing with a reason: never said, or past its shelf life at `as_of`.
Inside the engine money is satang, a date is days since 1970, a decimal is fixed point (`digits`), a set is a frozenset.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from iindustry.programmes.documents import canonical, read
from iindustry.programmes.tree import Disclose, Mutability, Plain
from iindustry.reference.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

EPOCH = date(1970, 1, 1)
COUNT = "enterprise.establishment_count"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence or label in both languages."""

    th: str
    en: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that is offered: the value it stands for, and its words."""

    value: Plain
    words: Words


@dataclass(frozen=True, slots=True, eq=False)
class FactSpec:
    """One fact that rules may ask. `column` is its column in the register's frames, None where no register holds it.

    `only`: in whose programmes it may be read; empty: in all. `said`: of a flag, how a rule that wants it so is put.
    """

    name: str
    of: str
    type: str
    unit: str | None
    digits: int
    codes: tuple[str, ...]
    code_words: Mapping[str, Words]
    shelf_life_days: int | None
    classification: str
    sources: tuple[str, ...]
    column: str | None
    field: str | None
    label: Words
    question: Words
    next_step: Words
    mutability: Mutability
    disclose: Disclose
    least: int
    most: int
    derived_from: str | None = None
    derived_by: str | None = None
    otherwise: str | None = None
    otherwise_where: str | None = None
    until: str | None = None
    follow_up: Words | None = None
    choices: tuple[Choice, ...] = ()
    check_value: str | None = None
    only: frozenset[str] = frozenset()
    said: Mapping[bool, Words] = dataclasses.field(default_factory=dict)  # `field` is a name of the class here

    @property
    def ordered(self) -> bool:
        """Whether its values have an order."""
        return self.type in {"int", "money", "decimal", "date"}


class Why(StrEnum):
    """Why a fact has no value."""

    MISSING = "missing"
    STALE = "stale"
    CONFLICT = "conflict"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Reading:
    """One fact as read: the engine's value or None with `why`; where it comes from and its day."""

    value: Plain | None
    why: Why | None = None
    source: str | None = None
    as_of: date | None = None
    standing: str = "verified"
    via: str | None = None


NOTHING = Reading(None, Why.MISSING)


@dataclass(frozen=True, slots=True)
class Site:
    """One establishment of the enterprise asked about."""

    establishment_id: str
    name: str
    readings: Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one enterprise on one day. `listed`: whether the list of its establishments is known."""

    as_of: date
    readings: Mapping[str, Reading]
    sites: tuple[Site, ...] = ()
    listed: bool = True
    enterprise_id: str = ""
    register_version: str = ""
    asked: Mapping[str, int] = field(default_factory=dict)

    def reading(self, fact: str) -> Reading:
        """A fact of the enterprise; NOTHING where it was never said."""
        return self.readings.get(fact, NOTHING)


def words_of(row: Mapping[str, str]) -> Words:
    """A `{th, en}` map as Words."""
    return Words(row["th"], row["en"])


@cache
def _document() -> Mapping[str, Any]:
    text = files("iindustry.programmes").joinpath("facts.yaml").read_text(encoding="utf-8")
    document: Mapping[str, Any] = read(text)[0].value
    return document


@cache
def vocabulary() -> Mapping[str, FactSpec]:
    """Every fact by name, in the order of the tables."""
    document = _document()
    specs: dict[str, FactSpec] = {}
    for one in FIELDS:
        if one.fact is not None and one.fact in document["facts"]:
            linked = {
                "of": one.of, "type": one.type, "unit": one.unit, "codes": one.codes, "th": one.th, "en": one.en,
                "shelf_life_days": one.shelf_life_days, "class": one.classification, "sources": one.sources,
                "column": one.column, "field": one.name,
            }  # fmt: skip
            specs[one.fact] = _spec(one.fact, {**linked, **_without_none(document["facts"][one.fact])})
    for name, row in document["unlinked"].items():
        specs[name] = _spec(name, row)
    return MappingProxyType(specs)


@cache
def vocabulary_version(names: frozenset[str] | None = None) -> str:
    """SHA-256 of names, types, shelf lives and bounds: what an answer depends on, not the words.

    Of the facts in `names` and those they are worked out of; of all where none are named.
    """
    import hashlib

    wanted = None if names is None else _closed(names)

    rows = [
        [s.name, s.of, s.type, s.digits, list(s.codes), s.shelf_life_days, s.least, s.most]
        for s in vocabulary().values()
        if wanted is None or s.name in wanted
    ]
    return "sha256:" + hashlib.sha256(canonical(rows)).hexdigest()  # type: ignore[arg-type]


def _closed(names: frozenset[str]) -> frozenset[str]:
    """The names with the facts that they are worked out of."""
    found = set(names)
    for name in names:
        spec = vocabulary()[name]
        found |= {one for one in (spec.derived_from, spec.otherwise_where) if one is not None}
    return frozenset(found)


def asked_words(name: str) -> Words:
    """The label of what an applicant says of the request."""
    return words_of(_document()["asked"][name])


def asked_names() -> frozenset[str]:
    """What `{asked: …}` may name."""
    return frozenset(_document()["asked"])


def spec_of(fact: str) -> FactSpec:
    """The entry of a fact. KeyError for a name that is none: documents are checked before."""
    return vocabulary()[fact]


def _without_none(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def _spec(name: str, row: Mapping[str, Any]) -> FactSpec:
    document = _document()
    bounds = document["bounds"].get(row["type"], [0, 0])
    code_rows: dict[str, Any] = document["codes"].get(name.rsplit(".", 1)[-1].removesuffix("_by_workers"), {})
    if isinstance(row.get("codes"), dict):
        code_rows = row["codes"]
    codes = tuple(code_rows) if row["type"] == "code" else ()
    open_ended = name == "establishment.estate"
    derive = row.get("derive") or {}
    follow = row.get("follow_up")
    return FactSpec(
        name=name, of=row["of"], type=row["type"], unit=row.get("unit"), digits=row.get("digits", 0),
        codes=() if open_ended else codes, code_words={code: words_of(one) for code, one in code_rows.items()},
        shelf_life_days=row.get("shelf_life_days"), classification=row["class"], sources=tuple(row["sources"]),
        column=row.get("column"), field=row.get("field"), label=words_of(row), question=words_of(row["question"]),
        next_step=words_of(row["next_step"]), mutability=Mutability(row["mutability"]),
        disclose=Disclose(row.get("disclose", "full")), least=row.get("least", bounds[0]), most=row.get("most", bounds[1]),
        derived_from=derive.get("from"), derived_by=derive.get("take"),
        otherwise=(row.get("otherwise") or {}).get("value"), otherwise_where=(row.get("otherwise") or {}).get("where"),
        until=row.get("until"),
        follow_up=words_of(follow) if follow else None,
        choices=tuple(Choice(one["value"], words_of(one)) for one in follow["choices"]) if follow else (),
        check_value=row.get("check"), only=frozenset(row.get("only") or ()),
        said={key == "true": words_of(one) for key, one in (row.get("said") or {}).items()},
    )  # fmt: skip


def engine_value(spec: FactSpec, content: object) -> Plain | None:
    """A value of the register or a form as the engine holds it. None where it is empty or cannot be of that type."""
    return None if content is None else _ENGINE[spec.type](spec, content)


def _whole_of(spec: FactSpec, content: object) -> Plain | None:  # noqa: ARG001 - the shape of _ENGINE
    return int(content) if isinstance(content, (int, Decimal)) and not isinstance(content, bool) else None


def _fixed_of(spec: FactSpec, content: object) -> Plain | None:
    return int(Decimal(str(content)).scaleb(spec.digits).to_integral_value(rounding=ROUND_HALF_EVEN))


def _days_of(spec: FactSpec, content: object) -> Plain | None:  # noqa: ARG001
    on = date.fromisoformat(content) if isinstance(content, str) else content
    return (on - EPOCH).days if isinstance(on, date) else None


def _set_of(spec: FactSpec, content: object) -> Plain | None:  # noqa: ARG001
    return frozenset(str(one) for one in content) if isinstance(content, (tuple, list, set, frozenset)) else None


_ENGINE: Mapping[str, Callable[[FactSpec, object], Plain | None]] = {
    "int": _whole_of,
    "money": _whole_of,
    "decimal": _fixed_of,
    "date": _days_of,
    "set": _set_of,
    "bool": lambda spec, content: content if isinstance(content, bool) else None,  # noqa: ARG005
    "code": lambda spec, content: str(content),  # noqa: ARG005
    "text": lambda spec, content: str(content),  # noqa: ARG005
}


def read_value(
    spec: FactSpec, content: object, as_of: date | None, today: date, *, source: str | None = None,
    standing: str = "verified", until: date | None = None, disputed: bool = False,
) -> Reading:  # fmt: skip
    """One fact read on `today`: stale after its last day, and where its day is unknown or older than its shelf life.

    `disputed`: sources disagree and no rank, day or vote decides; then it has no value.
    """
    value = engine_value(spec, content)
    if value is None:
        return Reading(None, Why.MISSING, source, as_of, standing)
    is_old = spec.shelf_life_days is not None and (
        as_of is None or today - as_of > timedelta(days=spec.shelf_life_days)
    )
    if is_old or (until is not None and until < today):
        return Reading(None, Why.STALE, source, as_of, standing)
    if disputed:
        return Reading(None, Why.CONFLICT, source, as_of, standing)
    return Reading(value, None, source, as_of, standing)


@dataclass(frozen=True, slots=True)
class Said:
    """What a register says of one fact: its content, its day, its source and standing; `disputed`: nothing decides."""

    content: object
    as_of: date | None
    source: str | None = None
    standing: str = "verified"
    until: date | None = None
    disputed: bool = False


def read_all(of: str, said: Callable[[FactSpec], Said | None], today: date) -> dict[str, Reading]:
    """Every fact of an enterprise or establishment that `said` knows something of, and those worked out of them."""
    readings: dict[str, Reading] = {}
    for spec in _of(of):
        one = said(spec)
        if one is not None:
            readings[spec.name] = read_value(
                spec, one.content, one.as_of, today,
                source=one.source, standing=one.standing, until=one.until, disputed=one.disputed,
            )  # fmt: skip
    return with_derived(readings, of, today)


@cache
def _of(of: str) -> tuple[FactSpec, ...]:
    return tuple(spec for spec in vocabulary().values() if spec.of == of)


def with_derived(readings: dict[str, Reading], of: str, today: date) -> dict[str, Reading]:
    """Adds the facts that `facts.yaml` works out of another: whole months since a day, `none` where a code does not apply."""
    for spec in _otherwise(of):
        where = readings.get(spec.otherwise_where or "", NOTHING)
        if spec.name in readings and readings[spec.name].why is not Why.MISSING:
            continue
        if where.value is not None:
            readings[spec.name] = replace(where, value=spec.otherwise, via=spec.otherwise_where)
    for spec in _derived(of):
        base = readings.get(spec.derived_from or "", NOTHING)
        if base.value is None:
            if base.why is not Why.MISSING or spec.name not in readings:
                readings[spec.name] = replace(base, via=spec.derived_from)
            continue
        value = TAKES[spec.derived_by or ""](base.value, today)
        readings[spec.name] = replace(
            base, value=value, why=None if value is not None else Why.MISSING, via=spec.derived_from
        )
    return readings


@cache
def _otherwise(of: str) -> tuple[FactSpec, ...]:
    return tuple(spec for spec in vocabulary().values() if spec.otherwise_where and spec.of == of)


@cache
def _derived(of: str) -> tuple[FactSpec, ...]:
    return tuple(spec for spec in vocabulary().values() if spec.derived_by and spec.of == of)


def months_since(days: Plain, today: date) -> int | None:
    """Whole months from a day (days since 1970) to today; 0 for a day to come."""
    start = EPOCH + timedelta(days=int(days))  # type: ignore[arg-type]
    months: int = (today.year - start.year) * 12 + today.month - start.month - (today.day < start.day)
    return max(0, months)


TAKES: Mapping[str, Callable[[Plain, date], int | None]] = {"months_since": months_since}
