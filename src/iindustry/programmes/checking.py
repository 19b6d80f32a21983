"""Everything that is wrong with the text of a document: each fault with its place, what is the matter, and what to write.

Invariant: a text without faults can be published and evaluated; a text that the reader refuses has at least one fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from iindustry.kernel.errors import Rejected
from iindustry.programmes import contradictions, faults, published
from iindustry.programmes import programme as documents
from iindustry.programmes.documents import Faults, read, walk
from iindustry.programmes.facts import spec_of
from iindustry.programmes.lifecycle import KINDS, MINISTRY, Identity, Subject
from iindustry.programmes.programme import CARD, DEFINITION, ORDER, PARAMETER, PROGRAMME, SCHEMAS
from iindustry.programmes.shape import Kind, Shelf
from iindustry.programmes.tree import Flag, Missing, conditions

if TYPE_CHECKING:
    from collections.abc import Callable

    from iindustry.programmes.documents import Place
    from iindustry.programmes.published import Library
    from iindustry.programmes.shape import Programme
    from iindustry.programmes.tree import Derivation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, or for a warning worth a second look: where (line and column from 1, field), why, what to do."""

    line: int
    column: int
    field: str
    code: str
    th: str
    en: str
    fix_th: str
    fix_en: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text holds and what is wrong with it. Programmes are those that could be read whole."""

    programmes: tuple[Programme, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]

    @property
    def is_good(self) -> bool:
        """Whether it may be submitted."""
        return not self.faults


def check(text: str | bytes, *, within: Library | None = None) -> Checked:
    """All faults of a text of one or more documents, in order of place, and warnings. Nothing is raised.

    What a document refers to is looked for in the text itself and in the library (that in force today).
    """
    sink = Faults(gather=True)
    warnings: list[Rejected] = []
    try:
        places = read(text, sink)
    except Rejected as fault:
        sink.add(fault)
        places = ()
    if not places and not sink.found:
        sink.add(Rejected("rule-empty", line=1, column=1, field="document"))
    programmes = _programmes(places, (within or published.library()).shelf, sink, warnings)
    return Checked(tuple(programmes), _told(sink.found), _told(warnings))


def _programmes(places: tuple[Place, ...], shelf: Shelf, sink: Faults, warnings: list[Rejected]) -> list[Programme]:
    named: dict[str, list[Place]] = {schema: [] for schema in SCHEMAS}
    seen: set[tuple[str, str]] = set()
    for place in places:
        schema = sink.take(lambda place=place: _schema_of(place), "")  # type: ignore[misc]
        if not schema:
            continue
        key = (schema, str(place.value.get(published.NAMED_BY[schema] or "schema")))
        if key in seen:
            sink.add(place.refuse("rule-duplicate-id", id=key[1]))
            continue
        seen.add(key)
        named[schema].append(place)
    shelf = _shelf(named, shelf, sink, warnings)
    found = [_programme(place, shelf, sink, warnings) for place in named[PROGRAMME]]
    found += [_whole(lambda own, place=place: documents.card(place, own), sink) for place in named[CARD]]  # type: ignore[misc]
    for place in named[ORDER]:
        _whole(lambda own, place=place: documents.order(place, own), sink)  # type: ignore[misc]
    return [one for one in found if one is not None]


def _schema_of(place: Place) -> str:
    schema = place.need_map().need("schema").text()
    if schema not in SCHEMAS:
        raise documents.refuse_schema(place.need("schema"))
    return schema


def _shelf(named: dict[str, list[Place]], shelf: Shelf, sink: Faults, warnings: list[Rejected]) -> Shelf:
    parameters = dict(shelf.parameters)
    for place in named[PARAMETER]:
        read_one = _whole(lambda own, place=place: documents.parameter(place, own), sink)  # type: ignore[misc]
        if read_one is not None:
            parameters[read_one[0].name] = read_one
            if place.get("owner") is None:
                sink.add(place.refuse("rule-missing-key", key="owner"))
    shelf = Shelf(shelf.definitions, parameters, shelf.written)
    for place in published.by_use(named[DEFINITION]):
        one = _whole(lambda own, place=place, on=shelf: documents.definition(place, on, own), sink)  # type: ignore[misc]
        if one is None:
            continue
        shelf = Shelf({**shelf.definitions, one.name: one}, parameters, shelf.written)
        gives = place.need("gives")
        whole = {**_derivations(shelf), **one.gives}
        sink.take(lambda whole=whole: published.in_order(whole), whole)  # type: ignore[misc]
        for fact, how in one.gives.items():
            if isinstance(how, Flag):
                sense = contradictions.findings(gives.need(str(fact)).need("flag"), how.node, {}, one.valid_from, None)
                _add(sense, sink, warnings)
    return shelf


def _derivations(shelf: Shelf) -> dict[str, Derivation]:
    return {fact: how for one in shelf.definitions.values() for fact, how in one.gives.items()}


def _programme(place: Place, shelf: Shelf, sink: Faults, warnings: list[Rejected]) -> Programme | None:
    one = _whole(lambda own: documents.programme(place, shelf, own), sink)
    if one is None or one.conditions is None:
        return None
    before = len(sink.found)
    sense = contradictions.findings(
        place.need("conditions"), one.conditions, one.parameters, one.valid_from, one.valid_to
    )
    _add(sense, sink, warnings)
    _look_at_rates(place, one, sink, warnings)
    warnings += _oddities(place, one)
    return one if len(sink.found) == before else None


def _look_at_rates(place: Place, one: Programme, sink: Faults, warnings: list[Rejected]) -> None:
    rates = place.need("benefit").get("rates")
    is_closed = False
    for case, at in zip(one.benefit.rates, () if rates is None else rates.items(), strict=True):
        if is_closed:
            sink.add(at.refuse("rule-rate-unreachable"))
        if case.when is None:
            is_closed = True
            continue
        sense = contradictions.findings(at.need("if"), case.when, one.parameters, one.valid_from, one.valid_to)
        _add(sense, sink, warnings)


def _add(sense: contradictions.Findings, sink: Faults, warnings: list[Rejected]) -> None:
    for fault in sense.faults:
        sink.add(fault)
    warnings += sense.warnings


def _oddities(place: Place, one: Programme) -> list[Rejected]:
    """What may be meant so: conditions that cite nothing, facts that no register gives, names that nothing reads."""
    found = []
    at = {
        str(below.value.get("id")): below for below in walk(place.need("conditions")) if isinstance(below.value, dict)
    }
    for leaf in conditions(one.conditions) if one.conditions is not None else ():
        if not leaf.cite:
            found.append(at[leaf.id].refuse("rule-no-cite", id=leaf.id))
        spec = spec_of(leaf.fact)
        if (
            leaf.on_missing.kind is Missing.ASK
            and spec.column is None
            and not spec.derived_by
            and not _is_derived(leaf.fact)
        ):
            found.append(at[leaf.id].refuse("rule-no-source", fact=leaf.fact))
    cited = {str(below.value) for below in walk(place) if below.path.endswith(".cite")}
    references = place.get("legal_references")
    found += [
        row.refuse("rule-unused", name=str(row.value["id"]))
        for row in (() if references is None else references.items())
        if row.value["id"] not in cited
    ]
    return found


def _is_derived(fact: str) -> bool:
    return any(fact in one.gives for one in published.library().shelf.definitions.values())


def _whole(make: Callable[[Faults], T], sink: Faults) -> T | None:
    """What a reader gives where nothing is wrong with it, else None; its faults go where faults go."""
    own = Faults(gather=True)
    try:
        found: T | None = make(own)
    except documents.Unreadable:
        found = None
    except Rejected as fault:
        own.add(fault)
    for each in own.found:
        sink.add(each)
    return None if own.found else found


def _told(found: list[Rejected]) -> tuple[Fault, ...]:
    return tuple(
        sorted({_fault(one) for one in found}, key=lambda one: (one.line, one.column, one.field, one.code, one.en))
    )


def _fault(one: Rejected) -> Fault:
    th, en, fix_th, fix_en = faults.said(one.code, one.facts)
    line, column = (int(str(one.facts.get(key, 1))) for key in ("line", "column"))
    return Fault(line, column, str(one.facts.get("field", "document")), one.code, th, en, fix_th, fix_en)


def identity_of(text: str | bytes) -> Identity:
    """What the one document of a text is: schema, name, owner. Raises Rejected `rule-…`, `draft-one-document`."""
    places = read(text)
    if len(places) != 1:
        raise Rejected("draft-one-document", count=len(places))
    return _identity(places[0])


def _identity(place: Place) -> Identity:
    schema, name = place.need("schema").text(), published.name_of(place)
    if schema not in {PROGRAMME, CARD, PARAMETER}:
        return Identity(schema, name, MINISTRY, Subject.MEANING)
    owner = place.need("owner").text()
    kind = None if schema == PARAMETER else Kind(place.need("kind").choice(tuple(Kind)))
    claims = schema == PROGRAMME and bool(place.value.get("policy_lines"))
    return Identity(schema, name, owner, Subject.BASE_RATE if kind is None else KINDS[kind], claims_line=claims)
