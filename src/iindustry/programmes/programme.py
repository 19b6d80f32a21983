"""Documents of every schema to programmes, definitions, parameters, cards and the order: checked whole, as written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from iindustry.programmes.amounts import Names, Parameter, amount, day, fixed, steps
from iindustry.programmes.documents import Faults, canonical, version_of
from iindustry.programmes.facts import Words
from iindustry.programmes.language import derivation, tree
from iindustry.programmes.schemas import CARD, DEFINITION, DOCUMENTS, ORDER, PARAMETER, PROGRAMME, check_shape
from iindustry.programmes.shape import (
    RATE_DIGITS,
    Benefit,
    Budget,
    Card,
    Definition,
    Kind,
    LegalReference,
    ProcessStep,
    Programme,
    RateBand,
    RateCase,
    Requirement,
    Shelf,
)
from iindustry.programmes.terms import LINES, ORDER_KEYS, PAPERS, STEPS, USES
from iindustry.programmes.tree import CodeMap, Derivation, Group, Node

if TYPE_CHECKING:
    from iindustry.kernel.errors import Rejected
    from iindustry.programmes.documents import Place

SCHEMAS = tuple(DOCUMENTS)
STRICT = Faults()
"""Where nothing is gathered: the first fault is raised."""
NO_RULE: Node = Group("all", 0, ())
NO_RATES = RateCase(None, ())
NO_DERIVATION: Derivation = CodeMap("", {}, by_prefix=False, otherwise=None)


class Unreadable(Exception):  # noqa: N818 - no fault of its own: the sink holds them
    """Faults were gathered that leave nothing to read on."""


__all__ = ["CARD", "DEFINITION", "LINES", "ORDER", "ORDER_KEYS", "PARAMETER", "PROGRAMME", "SCHEMAS", "USES", "Kind",
           "Programme", "Shelf", "card", "definition", "order", "parameter", "programme"]  # fmt: skip


def words(place: Place) -> Words:
    """A `{th, en}` map."""
    return Words(place.need("th").text(), place.need("en").text())


def definition(place: Place, shelf: Shelf, sink: Faults = STRICT) -> Definition:
    """One definition document. Raises Rejected `rule-…`, or gathers: then what it gives is of no use."""
    _check(place, sink)
    references = _references(place)
    uses = _uses(place, shelf, sink)
    names = Names(cites=frozenset(one.id for one in references), sets=shelf.sets(uses), sink=sink)
    gives = {
        str(fact): sink.take(lambda one=one: derivation(one, names), NO_DERIVATION)  # type: ignore[misc]
        for fact, one in place.need("gives").children.items()
    }
    rows = place.get("sets")
    sets = {} if rows is None else {
        str(key): frozenset(one.text() for one in row.items()) for key, row in rows.children.items()
    }  # fmt: skip
    return Definition(
        place.need("definition").text(), version_of(place.plain()), gives, sets, day(place.need("valid_from"))
    )


def parameter(place: Place, sink: Faults = STRICT) -> tuple[Parameter, str]:
    """One parameter document and its version."""
    _check(place, sink)
    life = place.get("shelf_life_days")
    unit = place.need("unit").text()
    digits = RATE_DIGITS if unit == "percent_a_year" else 0
    cites = frozenset(one.id for one in _references(place)) or None
    found = Parameter(
        place.need("parameter").text(), unit, digits, None if life is None else life.integer(),
        sink.take(lambda: steps(place.need("values"), digits, cites), ()),
    )  # fmt: skip
    return found, version_of(place.plain())


def programme(place: Place, shelf: Shelf, sink: Faults = STRICT) -> Programme:
    """One programme document, checked whole but for contradictions (`soundness`).

    Raises Rejected `rule-…`, or gathers: then the programme is of no use.
    """
    _check(place, sink)
    references = _references(place)
    cites = frozenset(one.id for one in references)
    owner = place.need("owner").text()
    uses = _uses(place, shelf, sink)
    own = _parameters(place, cites, sink)
    names = Names(
        cites, frozenset(own) | frozenset(n for n in uses if n in shelf.parameters), shelf.sets(uses),
        establishment=(subject := place.need("subject").text()) == "establishment", owner=owner, sink=sink,
    )  # fmt: skip
    provenance = place.need("provenance")
    valid_from, valid_to = _period(place, sink)
    lines, budget, limit = place.get("policy_lines"), place.get("budget"), place.get("approval_limit_satang")
    return Programme(
        id=place.need("programme").text(),
        kind=Kind(place.need("kind").text()),
        owner=owner,
        title=words(place.need("title")),
        summary=words(place.need("summary")) if place.get("summary") else words(place.need("title")),
        policy_lines=() if lines is None else tuple(one.text() for one in lines.items()),
        subject=subject,
        valid_from=valid_from,
        valid_to=valid_to,
        basis=provenance.need("basis").text(),
        confirmed_by_owner=provenance.need("confirmed_by_owner").boolean(),
        is_demo=(demo := place.get("demo")) is not None and demo.boolean(),
        version=version_of(place.plain()),
        written=canonical(place.plain()).decode(),
        legal_references=references,
        uses=uses,
        parameters={**own, **{name: shelf.parameters[name][0] for name in uses if name in shelf.parameters}},
        conditions=sink.take(lambda: tree(place.need("conditions"), names), NO_RULE),
        benefit=_benefit(place.need("benefit"), names),
        requires=_requires(place, sink),
        process=_process(place),
        budget=None if budget is None else _budget(budget),
        approval_limit_satang=None if limit is None else limit.integer(),
    )


def card(place: Place, sink: Faults = STRICT) -> Programme:
    """One real product as reported: no rule, terms as text."""
    _check(place, sink)
    lines = place.get("policy_lines")
    valid_from, valid_to = _period(place, sink)

    def number(key: str) -> int | None:
        return None if (found := place.get(key)) is None else found.integer()

    return Programme(
        id=place.need("programme").text(),
        kind=Kind(place.need("kind").text()),
        owner=place.need("owner").text(),
        title=words(place.need("title")),
        summary=words(place.need("who")),
        policy_lines=() if lines is None else tuple(one.text() for one in lines.items()),
        subject="enterprise",
        valid_from=valid_from,
        valid_to=valid_to,
        basis="press",
        confirmed_by_owner=False,
        is_demo=False,
        version=version_of(place.plain()),
        written=canonical(place.plain()).decode(),
        card=Card(
            who=words(place.need("who")),
            rate=words(place.need("rate")),
            limit=words(place.need("limit")),
            security=words(place.need("security")),
            years_be=place.need("years_be").text(),
            sources=tuple(one.text() for one in place.need("sources").items()),
            pool_satang=number("pool_satang"),
            limit_satang=number("limit_satang"),
            tenor_months=number("tenor_months"),
            grace_months=number("grace_months"),
            line_is_weak=(weak := place.get("line_is_weak")) is not None and weak.boolean(),
        ),
    )


def order(place: Place, sink: Faults = STRICT) -> tuple[str, ...]:
    """The declared order of opportunities: keys, the first deciding."""
    _check(place, sink)
    return tuple(one.text() for one in place.need("keys").items())


def _check(place: Place, sink: Faults) -> None:
    """The shape first. Where faults are gathered and the shape has some, nothing more can be read."""
    if not check_shape(place, sink):
        raise Unreadable


def _period(place: Place, sink: Faults) -> tuple[date, date | None]:
    start = sink.take(lambda: day(place.need("valid_from")), date.min)
    end = place.get("valid_to")
    last = None if end is None else sink.take(lambda: day(place.need("valid_to")), None)
    if end is not None and last is not None and last < start:
        sink.add(end.refuse("rule-date-order", value=last.isoformat()))
    return start, last


def _references(place: Place) -> tuple[LegalReference, ...]:
    found = place.get("legal_references")
    return tuple(
        LegalReference(one.need("id").text(), one.need("instrument").text(), _text(one, "date"), _text(one, "note"))
        for one in (() if found is None else found.items())
    )


def _text(place: Place, key: str) -> str:
    return "" if (found := place.get(key)) is None else found.text()


def _uses(place: Place, shelf: Shelf, sink: Faults) -> tuple[str, ...]:
    found = place.get("uses")
    if found is None:
        return ()
    known = {*shelf.definitions, *shelf.parameters}
    for one in found.items():
        if one.text() not in known:
            sink.add(one.refuse("rule-unknown-reference", name=one.text(), known=", ".join(sorted(known))))
    return tuple(one.text() for one in found.items())


def _parameters(place: Place, cites: frozenset[str], sink: Faults) -> dict[str, Parameter]:
    found = place.get("parameters")
    if found is None:
        return {}
    return {
        str(name): Parameter(
            str(name),
            "satang" if str(name).endswith("_satang") else "number",
            0,
            None,
            sink.take(lambda one=one: steps(one, 0, cites), ()),  # type: ignore[misc]
        )
        for name, one in found.children.items()
    }


def _benefit(place: Place, names: Names) -> Benefit:
    take = names.sink.take
    money, tenor, grace = place.get("amount_satang"), place.get("tenor_months"), place.get("grace_months")
    collateral, rates, use = place.get("collateral"), place.get("rates"), place.get("use_of_funds")
    guarantee = None if collateral is None else collateral.get("guarantee")
    gives = place.get("gives")
    return Benefit(
        amount=None
        if money is None
        else take(lambda: amount(place.need("amount_satang"), names, inside=names.establishment), None),
        tenor_months=None if tenor is None else tenor.integer(),
        grace_months=0 if grace is None else grace.integer(),
        rates=()
        if rates is None
        else tuple(
            take(lambda one=one: _rate_case(one, names), NO_RATES)  # type: ignore[misc]
            for one in rates.items()
        ),
        collateral_required=None if collateral is None else collateral.need("required").boolean(),
        guarantees=() if guarantee is None else tuple(one.text() for one in guarantee.items()),
        use_of_funds=() if use is None else tuple(one.text() for one in use.items()),
        waives=_text(place, "waives") or None,
        share=_text(place, "share") or None,
        gives=None if gives is None else words(gives),
    )


def _rate_case(place: Place, names: Names) -> RateCase:
    when = place.get("if")
    bands = tuple(_band(one, names) for one in place.need("rate_bands").items())
    expected = 1
    for band in bands:
        if band.first != expected or band.last < band.first:
            raise place.refuse("rule-value", value=f"{band.first}–{band.last}", known=f"{expected}–")
        expected = band.last + 1
    return RateCase(None if when is None else tree(when, names), bands)


def _band(place: Place, names: Names) -> RateBand:
    years = [one.integer() for one in place.need("years").items()]
    if place.need("kind").text() == "fixed":
        return RateBand(years[0], years[1], None, fixed(place.need("rate"), RATE_DIGITS))
    code = place.need("base_code")
    found = [name for name in names.params if name == code.text() or name.endswith("." + code.text())]
    if len(found) != 1:
        raise code.refuse("rule-unknown-reference", name=code.text(), known=", ".join(sorted(names.params)) or "—")
    return RateBand(years[0], years[1], found[0], fixed(place.need("spread"), RATE_DIGITS))


def _requires(place: Place, sink: Faults) -> tuple[Requirement, ...]:
    found = place.get("requires")
    seen: set[str] = set()
    for one in () if found is None else found.items():
        if (name := one.need("id").text()) in seen:
            sink.add(one.need("id").refuse("rule-duplicate-id", id=name))
        seen.add(name)
    return () if found is None else tuple(_requirement(one) for one in found.items())


def _requirement(place: Place) -> Requirement:
    fact, document = place.get("fact"), place.get("document")
    years, age, title = place.get("years"), place.get("max_age_days"), place.get("title")
    return Requirement(
        place.need("id").text(), None if fact is None else fact.text(), None if document is None else document.text(),
        tuple(one.text() for one in place.need("via").items()),
        None if years is None else years.integer(), None if age is None else age.integer(),
        words(title) if title is not None else None if document is None else PAPERS[document.text()],
    )  # fmt: skip


def _process(place: Place) -> tuple[ProcessStep, ...]:
    found = place.get("process")
    rows = []
    for one in () if found is None else found.items():
        title = one.get("title")
        step = one.need("step").text()
        rows.append(
            ProcessStep(
                step, one.need("holder").text(), one.need("working_days").integer(),
                STEPS[step] if title is None else words(title),
            )
        )  # fmt: skip
    return tuple(rows)


def _budget(place: Place) -> Budget:
    pool, subsidy = place.get("pool_satang"), place.get("subsidy_satang")
    return Budget(
        None if pool is None else pool.integer(), None if subsidy is None else subsidy.integer(),
        place.need("count").text(), place.need("when_spent").text(),
    )  # fmt: skip


def refuse_schema(place: Place) -> Rejected:
    """The refusal of a document of no known schema."""
    return place.refuse("rule-schema-unknown", known=", ".join(SCHEMAS))
