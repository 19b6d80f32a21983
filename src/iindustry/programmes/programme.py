"""Documents of every schema to programmes, definitions, parameters, cards and the order: checked whole, as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.programmes.amounts import Names, Parameter, amount, day, fixed, steps
from iindustry.programmes.dead import dead_facts
from iindustry.programmes.documents import canonical, version_of
from iindustry.programmes.facts import Words, vocabulary
from iindustry.programmes.language import derivation, tree
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
from iindustry.programmes.terms import LINES, ORDER_KEYS, OWNERS, PAPERS, STEPS, USES, WAYS

if TYPE_CHECKING:
    from iindustry.kernel.errors import Rejected
    from iindustry.programmes.documents import Place
    from iindustry.programmes.tree import Node

PROGRAMME = "i-industry/programme/1"
DEFINITION = "i-industry/definition/1"
PARAMETER = "i-industry/parameter/1"
ORDER = "i-industry/order/1"
CARD = "i-industry/card/1"
SCHEMAS = (PROGRAMME, DEFINITION, PARAMETER, ORDER, CARD)

__all__ = ["CARD", "DEFINITION", "LINES", "ORDER", "ORDER_KEYS", "PARAMETER", "PROGRAMME", "SCHEMAS", "USES", "Kind",
           "Programme", "Shelf", "card", "definition", "order", "parameter", "programme"]  # fmt: skip

_PROGRAMME_KEYS = (
    "schema", "programme", "kind", "owner", "subject", "title", "summary", "policy_lines", "provenance", "demo",
    "legal_references", "valid_from", "valid_to", "uses", "parameters", "conditions", "benefit", "requires", "budget",
    "evaluation", "process", "approval_limit_satang",
)  # fmt: skip


def words(place: Place) -> Words:
    """A `{th, en}` map."""
    place.only("th", "en")
    return Words(place.need("th").text(), place.need("en").text())


def definition(place: Place, shelf: Shelf) -> Definition:
    """One definition document."""
    place.only("schema", "definition", "also", "legal_references", "valid_from", "gives", "sets", "uses")
    references = _references(place)
    uses = _uses(place, shelf)
    names = Names(cites=frozenset(one.id for one in references), sets=shelf.sets(uses))
    gives = {str(fact): derivation(one, names) for fact, one in place.need("gives").need_map().children.items()}
    rows = place.get("sets")
    sets = {} if rows is None else {
        str(key): frozenset(one.text() for one in row.items()) for key, row in rows.need_map().children.items()
    }  # fmt: skip
    return Definition(
        place.need("definition").text(), version_of(place.plain()), gives, sets, day(place.need("valid_from"))
    )


def parameter(place: Place) -> tuple[Parameter, str]:
    """One parameter document and its version."""
    place.only("schema", "parameter", "owner", "unit", "shelf_life_days", "values", "demo", "title", "legal_references")
    life = place.get("shelf_life_days")
    unit = place.need("unit").choice(("percent_a_year", "satang", "number"))
    digits = RATE_DIGITS if unit == "percent_a_year" else 0
    found = Parameter(
        place.need("parameter").text(), unit, digits, None if life is None else life.integer(),
        steps(place.need("values"), digits),
    )  # fmt: skip
    return found, version_of(place.plain())


def programme(place: Place, shelf: Shelf) -> Programme:
    """One programme document, checked whole. Raises Rejected `rule-…`."""
    place.only(*_PROGRAMME_KEYS)
    references = _references(place)
    cites = frozenset(one.id for one in references)
    uses = _uses(place, shelf)
    own = _parameters(place, cites)
    names = Names(
        cites, frozenset(own) | frozenset(n for n in uses if n in shelf.parameters), shelf.sets(uses),
        establishment=(subject := place.need("subject").choice(("enterprise", "establishment"))) == "establishment",
    )  # fmt: skip
    provenance = place.need("provenance").only("basis", "confirmed_by_owner")
    valid_from = day(place.need("valid_from"))
    valid_to = None if (end := place.get("valid_to")) is None else day(end)
    if valid_to is not None and valid_to < valid_from:
        raise place.need("valid_to").refuse("rule-date-order", value=valid_to.isoformat())
    lines = place.get("policy_lines")
    budget = place.get("budget")
    limit = place.get("approval_limit_satang")
    return Programme(
        id=place.need("programme").text(),
        kind=Kind(place.need("kind").choice(tuple(Kind))),
        owner=place.need("owner").choice(OWNERS),
        title=words(place.need("title")),
        summary=words(place.need("summary")) if place.get("summary") else words(place.need("title")),
        policy_lines=() if lines is None else tuple(one.choice(LINES) for one in lines.items()),
        subject=subject,
        valid_from=valid_from,
        valid_to=valid_to,
        basis=provenance.need("basis").choice(("law", "press", "owner", "demo")),
        confirmed_by_owner=provenance.need("confirmed_by_owner").boolean(),
        is_demo=(demo := place.get("demo")) is not None and demo.boolean(),
        version=version_of(place.plain()),
        written=canonical(place.plain()).decode(),
        legal_references=references,
        uses=uses,
        parameters={**own, **{name: shelf.parameters[name][0] for name in uses if name in shelf.parameters}},
        conditions=_rule(place.need("conditions"), names),
        benefit=_benefit(place.need("benefit"), names),
        requires=_requires(place),
        process=_process(place),
        budget=None if budget is None else _budget(budget),
        approval_limit_satang=None if limit is None else limit.integer(),
    )


def _rule(place: Place, names: Names) -> Node:
    node = tree(place, names)
    if dead := dead_facts(node):
        raise place.refuse("rule-dead-fact", fact=dead[0])
    return node


def card(place: Place) -> Programme:
    """One real product as reported: no rule, terms as text."""
    place.only(
        "schema", "programme", "kind", "owner", "title", "policy_lines", "line_is_weak", "valid_from", "valid_to",
        "years_be", "who", "rate", "limit", "security", "sources", "pool_satang", "limit_satang", "tenor_months",
        "grace_months",
    )  # fmt: skip
    lines = place.get("policy_lines")

    def number(key: str) -> int | None:
        return None if (found := place.get(key)) is None else found.integer()

    return Programme(
        id=place.need("programme").text(),
        kind=Kind(place.need("kind").choice(tuple(Kind))),
        owner=place.need("owner").choice(OWNERS),
        title=words(place.need("title")),
        summary=words(place.need("who")),
        policy_lines=() if lines is None else tuple(one.choice(LINES) for one in lines.items()),
        subject="enterprise",
        valid_from=day(place.need("valid_from")),
        valid_to=None if (end := place.get("valid_to")) is None else day(end),
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


def order(place: Place) -> tuple[str, ...]:
    """The declared order of opportunities: keys, the first deciding."""
    place.only("schema", "order", "valid_from", "keys", "note")
    return tuple(one.choice(ORDER_KEYS) for one in place.need("keys").items())


def _references(place: Place) -> tuple[LegalReference, ...]:
    found = place.get("legal_references")
    if found is None:
        return ()
    rows = []
    for one in found.items():
        one.only("id", "instrument", "date", "note")
        rows.append(
            LegalReference(one.need("id").text(), one.need("instrument").text(), _text(one, "date"), _text(one, "note"))
        )
    return tuple(rows)


def _text(place: Place, key: str) -> str:
    return "" if (found := place.get(key)) is None else found.text()


def _uses(place: Place, shelf: Shelf) -> tuple[str, ...]:
    found = place.get("uses")
    if found is None:
        return ()
    known = {*shelf.definitions, *shelf.parameters}
    for one in found.items():
        if one.text() not in known:
            raise one.refuse("rule-unknown-reference", name=one.text(), known=", ".join(sorted(known)))
    return tuple(one.text() for one in found.items())


def _parameters(place: Place, cites: frozenset[str]) -> dict[str, Parameter]:
    found = place.get("parameters")
    if found is None:
        return {}
    return {
        str(name): Parameter(
            str(name), "satang" if str(name).endswith("_satang") else "number", 0, None, steps(one, 0, cites)
        )
        for name, one in found.need_map().children.items()
    }


def _benefit(place: Place, names: Names) -> Benefit:
    place.only(
        "amount_satang",
        "tenor_months",
        "grace_months",
        "rates",
        "collateral",
        "use_of_funds",
        "waives",
        "share",
        "gives",
    )
    money, tenor, grace = place.get("amount_satang"), place.get("tenor_months"), place.get("grace_months")
    collateral, rates, use = place.get("collateral"), place.get("rates"), place.get("use_of_funds")
    guarantee = None if collateral is None else collateral.only("required", "guarantee").get("guarantee")
    gives = place.get("gives")
    return Benefit(
        amount=None if money is None else amount(money, names, inside=names.establishment),
        tenor_months=None if tenor is None else tenor.integer(),
        grace_months=0 if grace is None else grace.integer(),
        rates=() if rates is None else tuple(_rate_case(one, names) for one in rates.items()),
        collateral_required=None if collateral is None else collateral.need("required").boolean(),
        guarantees=() if guarantee is None else tuple(one.text() for one in guarantee.items()),
        use_of_funds=() if use is None else tuple(one.choice(tuple(USES)) for one in use.items()),
        waives=_text(place, "waives") or None,
        share=_text(place, "share") or None,
        gives=None if gives is None else words(gives),
    )


def _rate_case(place: Place, names: Names) -> RateCase:
    place.only("if", "rate_bands")
    when = place.get("if")
    bands = tuple(_band(one, names) for one in place.need("rate_bands").items())
    expected = 1
    for band in bands:
        if band.first != expected or band.last < band.first:
            raise place.refuse(
                "rule-value", value=f"{band.first}-{band.last}", known=f"years that begin with {expected}"
            )
        expected = band.last + 1
    return RateCase(None if when is None else tree(when, names), bands)


def _band(place: Place, names: Names) -> RateBand:
    place.only("years", "kind", "rate", "base_code", "spread")
    years = [one.integer() for one in place.need("years").items()]
    if len(years) != 2:  # noqa: PLR2004 - first and last
        raise place.need("years").refuse("rule-wrong-type", wanted="a list of first and last year")
    if place.need("kind").choice(("fixed", "base_plus")) == "fixed":
        return RateBand(years[0], years[1], None, fixed(place.need("rate"), RATE_DIGITS))
    code = place.need("base_code")
    found = [name for name in names.params if name == code.text() or name.endswith("." + code.text())]
    if len(found) != 1:
        raise code.refuse("rule-unknown-reference", name=code.text(), known=", ".join(sorted(names.params)) or "—")
    return RateBand(years[0], years[1], found[0], fixed(place.need("spread"), RATE_DIGITS))


def _requires(place: Place) -> tuple[Requirement, ...]:
    found = place.get("requires")
    return () if found is None else tuple(_requirement(one) for one in found.items())


def _requirement(place: Place) -> Requirement:
    place.only("id", "fact", "document", "via", "years", "max_age_days", "title")
    fact, document = place.get("fact"), place.get("document")
    if (fact is None) is (document is None):
        raise place.refuse("rule-missing-key", key="fact or document")
    if fact is not None:
        fact.choice(tuple(vocabulary()))
    if document is not None:
        document.choice(tuple(PAPERS))
    years, age, title = place.get("years"), place.get("max_age_days"), place.get("title")
    return Requirement(
        place.need("id").text(), None if fact is None else fact.text(), None if document is None else document.text(),
        tuple(one.choice(WAYS) for one in place.need("via").items()),
        None if years is None else years.integer(), None if age is None else age.integer(),
        words(title) if title is not None else None if document is None else PAPERS[document.text()],
    )  # fmt: skip


def _process(place: Place) -> tuple[ProcessStep, ...]:
    found = place.get("process")
    rows = []
    for one in () if found is None else found.items():
        one.only("step", "holder", "working_days", "title")
        title = one.get("title")
        step = one.need("step").choice(tuple(STEPS))
        rows.append(
            ProcessStep(
                step, one.need("holder").choice(("enterprise", "lender", "office")), one.need("working_days").integer(),
                STEPS[step] if title is None else words(title),
            )
        )  # fmt: skip
    return tuple(rows)


def _budget(place: Place) -> Budget:
    place.only("pool_satang", "subsidy_satang", "count", "order", "when_spent")
    pool, subsidy = place.get("pool_satang"), place.get("subsidy_satang")
    return Budget(
        None if pool is None else pool.integer(), None if subsidy is None else subsidy.integer(),
        place.need("count").choice(("approved", "disbursed")), place.need("when_spent").choice(("waitlist", "close")),
    )  # fmt: skip


def refuse_schema(place: Place) -> Rejected:
    """The refusal of a document of no known schema."""
    return place.refuse("rule-schema-unknown", known=", ".join(SCHEMAS))
