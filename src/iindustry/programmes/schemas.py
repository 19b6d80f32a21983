"""The shape of every document, one table a schema: what the reader checks first, and what editors are given.

Invariant: a document of the catalogue fits its table; a code that a document may choose stands in `terms`, `tree` or the
vocabulary and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iindustry.programmes.shape import Kind
from iindustry.programmes.shapes import (
    DAY,
    DECIMAL,
    Choice,
    Either,
    FactName,
    Named,
    Record,
    Several,
    Table,
    Text,
    Whole,
    YesNo,
)
from iindustry.programmes.terms import LINES, ORDER_KEYS, OWNERS, PAPERS, STEPS, USES, WAYS
from iindustry.programmes.tree import Disclose, Missing, Mutability, Op

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.programmes.documents import Faults, Place
    from iindustry.programmes.shapes import Shape

PROGRAMME = "i-industry/programme/1"
DEFINITION = "i-industry/definition/1"
PARAMETER = "i-industry/parameter/1"
ORDER = "i-industry/order/1"
CARD = "i-industry/card/1"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST_YEARS = 50
MOST_MONTHS = 600


def _facts() -> tuple[str, ...]:
    from iindustry.programmes.facts import vocabulary

    return tuple(vocabulary())


def _asked() -> tuple[str, ...]:
    from iindustry.programmes.facts import asked_names

    return tuple(sorted(asked_names()))


SHAPES: dict[str, Shape] = {}
"""Shapes that hold themselves, by name."""
NODE, AMOUNT = Named("node", SHAPES), Named("amount", SHAPES)

TEXT = Text()
DATE = Text(DAY, wanted="day")
RATE = Either(scalars=(Text(DECIMAL, wanted="decimal"), Whole(-10_000, 10_000)), wanted="decimal")
ID = Text(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", like="A–Z a–z 0–9 _ - (1–40)")
NAME = Text(r"^[A-Z0-9][A-Z0-9-]{1,63}$", like="A–Z 0–9 - (2–64)")
WORDS = Record({"th": TEXT, "en": TEXT})
FACT = FactName(_facts)
SATANG = Whole(0)

STEP = Record(
    {"from": DATE, "value": Either(scalars=(Text(DECIMAL, wanted="decimal"), Whole()), wanted="decimal")},
    {"cite": TEXT},
)
REFERENCE = Record({"id": ID, "instrument": TEXT}, {"date": DATE, "note": TEXT})
SCALE = Several(
    Either(by_key={}, maps=AMOUNT, scalars=(Text(DECIMAL, wanted="decimal"), Whole()), wanted="scale"), 2, 2, "scale"
)
FOLD = Several(AMOUNT, 1)
ONE_AMOUNT: Mapping[str, Shape] = {
    "fact": FACT, "param": TEXT, "asked": FactName(_asked), "min": FOLD, "max": FOLD, "add": FOLD, "sub": FOLD,
    "mul": SCALE, "div": SCALE,
}  # fmt: skip
SHAPES["amount"] = Either(
    by_key={key: Record({key: shape}, wanted="amount") for key, shape in ONE_AMOUNT.items()},
    scalars=(Whole(),),
    wanted="amount",
)

VALUE = Either(
    by_key={"set": Record({"set": TEXT})},
    maps=AMOUNT,
    lists=Several(Either(maps=AMOUNT, scalars=(TEXT, Whole(), YesNo()), wanted="value")),
    scalars=(TEXT, Whole(), YesNo()),
)
ASSUMED = Either(
    by_key={"fact": Record({"fact": FACT})}, lists=Several(TEXT), scalars=(TEXT, Whole(), YesNo()), wanted="value"
)
ON_MISSING = Either(
    by_key={"assume": Record({"assume": ASSUMED})},
    scalars=(Choice((Missing.ASK.value, Missing.FAIL.value)),),
    wanted="value",
)
CONDITION = Record(
    {"id": ID, "fact": FACT, "op": Choice(tuple(one.value for one in Op)), "value": VALUE},
    {
        "cite": TEXT, "on_missing": ON_MISSING, "mutability": Choice(tuple(one.value for one in Mutability)),
        "disclose": Choice(tuple(one.value for one in Disclose)),
    },
    wanted="condition",
    about={
        "on_missing": "What to answer where the fact is missing: ask (unknown), fail (no), or {assume: value or fact}.",
        "cite": "The id of a legal reference.",
        "disclose": "answer: pages say met or not met and hide value and threshold.",
    },
)  # fmt: skip
NODES = Several(NODE, 1)
SHAPES["node"] = Either(
    by_key={
        "all": Record({"all": NODES}),
        "any": Record({"any": NODES}),
        "not": Record({"not": NODE}),
        "at_least": Record({"at_least": Record({"n": Whole(1, 32), "of": NODES})}),
        "some": Record(
            {"some": Record({"id": ID}, {"at_least": Whole(1, 32), "all": NODES, "any": NODES}, one_of=("all", "any"))}
        ),
    },
    maps=CONDITION,
    wanted="condition",
)

BAND = Record(
    {"years": Several(Whole(1, MOST_YEARS), 2, 2, "two-years"), "kind": Choice(("fixed", "base_plus"))},
    {"rate": RATE, "base_code": TEXT, "spread": RATE},
)
BENEFIT = Record(
    {},
    {
        "amount_satang": AMOUNT, "tenor_months": Whole(1, MOST_MONTHS), "grace_months": Whole(0, MOST_MONTHS),
        "rates": Several(Record({"rate_bands": Several(BAND, 1)}, {"if": NODE}), 1),
        "collateral": Record({"required": YesNo()}, {"guarantee": Several(TEXT)}),
        "use_of_funds": Several(Choice(tuple(USES)), 1), "waives": TEXT, "share": Text(DECIMAL, wanted="decimal"),
        "gives": WORDS,
    },
)  # fmt: skip
REQUIREMENT = Record(
    {"id": ID, "via": Several(Choice(WAYS), 1)},
    {
        "fact": FACT, "document": Choice(tuple(PAPERS)), "years": Whole(1, 20), "max_age_days": Whole(1, 36_500),
        "title": WORDS,
    },
    one_of=("fact", "document"),
)  # fmt: skip
PROCESS = Record(
    {
        "step": Choice(tuple(STEPS)),
        "holder": Choice(("enterprise", "lender", "office")),
        "working_days": Whole(0, 1000),
    },
    {"title": WORDS},
)
BUDGET = Record(
    {"count": Choice(("approved", "disbursed")), "when_spent": Choice(("waitlist", "close"))},
    {
        "pool_satang": SATANG,
        "subsidy_satang": SATANG,
        "order": Several(
            Either(maps=Record({"points": Several(Record({"if": NODE, "add": Whole()}))}), scalars=(TEXT,))
        ),
    },
)
EVALUATION = Record(
    {}, {"design": TEXT, "outcomes": Several(FACT, 1), "horizon_months": Whole(1, MOST_MONTHS), "exempt": TEXT}
)

DOCUMENTS: Mapping[str, Record] = {
    PROGRAMME: Record(
        {
            "schema": Choice((PROGRAMME,)), "programme": NAME, "kind": Choice(tuple(one.value for one in Kind)),
            "owner": Choice(OWNERS), "subject": Choice(("enterprise", "establishment")), "title": WORDS,
            "provenance": Record({"basis": Choice(("law", "press", "owner", "demo")), "confirmed_by_owner": YesNo()}),
            "valid_from": DATE, "conditions": NODE, "benefit": BENEFIT,
        },
        {
            "summary": WORDS, "policy_lines": Several(Choice(LINES)), "demo": YesNo(), "legal_references": Several(REFERENCE),
            "valid_to": DATE, "uses": Several(TEXT), "parameters": Table(Several(STEP, 1)), "requires": Several(REQUIREMENT),
            "budget": BUDGET, "evaluation": EVALUATION, "process": Several(PROCESS), "approval_limit_satang": SATANG,
        },
        about={
            "programme": "The lasting id: owner and product, in capitals.",
            "valid_to": "The last day, included. Absent: until it is ended.",
            "uses": "Definitions and parameters that this programme reads, by name.",
            "conditions": "Who may have it. Every condition says what to answer where its fact is missing.",
        },
    ),
    DEFINITION: Record(
        {
            "schema": Choice((DEFINITION,)), "definition": Text(r"^[a-z][a-z0-9_]*@[A-Za-z0-9._-]+$", like="name@version"),
            "valid_from": DATE,
            "gives": Table(
                Either(
                    by_key={
                        "flag": Record({"flag": NODE}),
                        "ladder": Record({"ladder": Record({"on": FACT, "upto": Table(Either(maps=Table(Whole()), scalars=(Whole(),))), "above": TEXT}, {"split": FACT})}),
                        "map": Record({"map": Record({"on": FACT, "table": Table(TEXT)}, {"by": Choice(("code", "prefix")), "else": TEXT})}),
                    }
                )
            ),
        },
        {"also": TEXT, "legal_references": Several(REFERENCE), "sets": Table(Several(TEXT, 1)), "uses": Several(TEXT)},
    ),
    PARAMETER: Record(
        {
            "schema": Choice((PARAMETER,)), "parameter": Text(r"^[A-Z0-9][A-Z0-9-]*\.[A-Z][A-Z0-9]*$", like="OWNER.NAME"),
            "unit": Choice(("percent_a_year", "satang", "number")), "values": Several(STEP, 1),
        },
        {"owner": Choice(OWNERS), "shelf_life_days": Whole(1, 36_500), "demo": YesNo(), "title": WORDS, "legal_references": Several(REFERENCE)},
    ),
    ORDER: Record(
        {"schema": Choice((ORDER,)), "keys": Several(Choice(ORDER_KEYS), 1)},
        {"order": TEXT, "valid_from": DATE, "note": TEXT},
    ),
    CARD: Record(
        {
            "schema": Choice((CARD,)), "programme": NAME, "kind": Choice(tuple(one.value for one in Kind)),
            "owner": Choice(OWNERS), "title": WORDS, "valid_from": DATE, "who": WORDS, "rate": WORDS, "limit": WORDS,
            "security": WORDS, "years_be": TEXT, "sources": Several(TEXT, 1),
        },
        {
            "policy_lines": Several(Choice(LINES)), "line_is_weak": YesNo(), "valid_to": DATE, "pool_satang": SATANG,
            "limit_satang": SATANG, "tenor_months": Whole(1, MOST_MONTHS), "grace_months": Whole(0, MOST_MONTHS),
        },
    ),
}  # fmt: skip
"""The shape of a document of each schema."""


def check_shape(place: Place, sink: Faults) -> bool:
    """The faults of a document's shape, to where faults go; whether it has none. Its schema must be known."""
    from iindustry.programmes.documents import Faults

    own = Faults(gather=True)
    DOCUMENTS[place.need("schema").text()].faults(place, own)
    for fault in own.found:
        sink.add(fault)
    return not own.found


def json_schema(schema: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of documents of a schema, for editors. KeyError for a schema that is none."""
    whole = DOCUMENTS[schema].schema()
    title = schema.split("/")[1]
    return {
        "$schema": DIALECT,
        "$id": f"https://i-industry.example/schemas/{title}-1.json",
        "title": f"i-Industry {title}",
        **whole,
        **_definitions(whole),
    }


def any_schema() -> dict[str, Any]:
    """One JSON Schema for a file of any of the schemas: the document's `schema` chooses."""
    return {
        "$schema": DIALECT,
        "$id": "https://i-industry.example/schemas/document.json",
        "title": "i-Industry document",
        "type": "object",
        "required": ["schema"],
        "properties": {"schema": {"enum": list(DOCUMENTS)}},
        "allOf": [
            {
                "if": {"properties": {"schema": {"const": schema}}, "required": ["schema"]},
                "then": shape.schema(),
            }
            for schema, shape in DOCUMENTS.items()
        ],
        "$defs": {name: shape.schema() for name, shape in SHAPES.items()},
    }


def _definitions(whole: dict[str, Any]) -> dict[str, Any]:
    """The shapes that a schema refers to, by name; nothing where it refers to none."""
    found: dict[str, Any] = {}
    waiting = [whole]
    while waiting:
        text = str(waiting.pop())
        for name, shape in SHAPES.items():
            if f"#/$defs/{name}'" in text and name not in found:
                found[name] = shape.schema()
                waiting.append(found[name])
    return {"$defs": dict(sorted(found.items()))} if found else {}
