"""Every case of `cases.yaml` is answered as an official decided it, by both back ends."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml

from iindustry.programmes import services
from iindustry.programmes.closures import root
from iindustry.programmes.columns import evaluate
from iindustry.programmes.explain import outcome_of
from iindustry.programmes.facts import spec_of, vocabulary
from iindustry.programmes.frames import ENGINE_TYPES
from iindustry.programmes.published import bundle_of
from iindustry.programmes.tree import ANSWERS, Truth, items
from iindustry.reference.fields import FIELDS
from iindustry.register.enterprise import Enterprise, Establishment, Value

TABLE = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
CASES = TABLE["cases"]


def content(key, value, of):
    if key.endswith("_baht"):
        key, value = key.removesuffix("_baht") + "_satang", value * 100
    wanted = [spec for spec in vocabulary().values() if spec.name.rsplit(".", 1)[-1] == key and spec.of == of]
    (spec,) = wanted
    if spec.type == "date":
        value = date.fromisoformat(value)
    return spec, tuple(value) if spec.type == "set" else value


def values(row, of, seen):
    found = {}
    for key, value in row.items():
        if key == "green_expires_on":
            found["standard." + key] = Value("standard." + key, date.fromisoformat(value), "green", "row", seen)
            continue
        spec, one = content(key, value, of)
        found[spec.field] = Value(spec.field, one, "dbd", "row", seen)
    return found


def enterprise(case):
    on = date.fromisoformat(case.get("on", "2026-11-22"))
    seen = date.fromisoformat(case["seen"]) if "seen" in case else on - timedelta(days=21)
    sites = case["sites"] if "sites" in case else [case["site"]]
    given = case.get("with", {})
    usual = {
        key: value
        for key, value in TABLE["usual"].items()
        if key not in given and not (key == "revenue_baht" and "revenue_satang" in given)
    }
    row = values({**usual, **given}, "enterprise", seen)
    for key in case.get("without", []):
        row.pop("entity." + key)
    row["entity.establishment_count"] = Value("entity.establishment_count", len(sites), "derived", "", seen)
    places = tuple(
        Establishment(f"E{i}", "", None, None, values(one, "establishment", seen)) for i, one in enumerate(sites)
    )
    return on, Enterprise("ENT-1", "v", "", "", None, None, row, places)


def frame(rows, of):
    columns = {"enterprise_id": pl.String()}
    for field in FIELDS:
        if field.of == of and field.type != "text":
            kind = {"date": pl.Date(), "decimal": pl.Float64()}.get(field.type, ENGINE_TYPES[field.type])
            columns |= {field.column: kind, field.column + "__as_of": pl.Date()}
    data = []
    for row in rows:
        cells = {"enterprise_id": "ENT-1"}
        for name, value in row.items():
            column = name.replace(".", "__")
            cells |= {column: list(value.value) if isinstance(value.value, tuple) else value.value}
            cells |= {column + "__as_of": value.as_of}
        data.append(cells)
    return pl.DataFrame(data, schema=columns)


@pytest.mark.parametrize("case", CASES, ids=[f"{one['n']}-{one['programme']}-{one['why']}" for one in CASES])
def test_case(case):
    on, one = enterprise(case)
    programme = services.get_programme(case["programme"])
    bundle = bundle_of(programme)
    overlay = case.get("overlay", {})
    outcome = outcome_of(bundle, services.facts_of(one, as_of=on, overlay=overlay))
    names = [item.id for item in items(root(bundle))]
    assert ANSWERS[outcome.answer] == case["answer"]
    if case["answer"] != "yes":
        assert [names[i] for i, one in enumerate(outcome.answers) if one is Truth.NO] == case.get("failed", [])
        assert [names[i] for i, one in enumerate(outcome.answers) if one is Truth.UNKNOWN] == case.get("unknown", [])
    assert [names[i] for i in sorted(outcome.assumed)] == case.get("assumed", [])

    enterprises = frame([one.values], "enterprise").with_columns(
        [pl.lit(value, ENGINE_TYPES[spec_of(fact).type]).alias(fact) for fact, value in overlay.items()]
        + [pl.lit(on).alias(fact + "__as_of") for fact in overlay]
    )
    row = evaluate([bundle], enterprises, frame([site.values for site in one.establishments], "establishment"), on)
    assert row.select("answer", "fail_bits", "unknown_bits").row(0) == (
        case["answer"], outcome.fail_bits, outcome.unknown_bits,
    )  # fmt: skip


def test_every_open_programme_has_a_yes_a_no_and_there_are_enough_cases():
    assert len(CASES) >= 40
    for one in services.open_rules(date(2026, 11, 22)):
        assert {"yes", "no"} <= {case["answer"] for case in CASES if case["programme"] == one.id}
