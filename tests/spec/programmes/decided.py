"""The decided cases as enterprises and frames, for the tests and for the page that prints them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import yaml

from iindustry.programmes import published
from iindustry.programmes.facts import FactSpec, vocabulary
from iindustry.programmes.frames import ENGINE_TYPES
from iindustry.programmes.published import Bundle, bundle_of
from iindustry.reference.fields import FIELDS
from iindustry.register.enterprise import Enterprise, Establishment, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
TABLE = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))
SEEN_DAYS_AGO = 21
EXPIRES = "green_expires_on"


@dataclass(frozen=True)
class Case:
    """One decided case: `number` runs through the file."""

    number: int
    programme: str
    row: dict[str, Any]

    @property
    def on(self) -> date:
        """The day of the case."""
        return date.fromisoformat(self.row.get("on", TABLE["on"]))

    @property
    def sites(self) -> list[dict[str, Any]]:
        """What is said of each factory, the usual laid under it; null takes a value away."""
        told = self.row["sites"] if "sites" in self.row else [self.row.get("site", {})]
        gone = self.row.get("site_without", [])
        return [
            {k: v for k, v in {**TABLE["usual_site"], **one}.items() if k not in gone and v is not None} for one in told
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What is said of the enterprise, the usual laid under it."""
        told = self.row.get("with", {})
        usual = {k: v for k, v in TABLE["usual"].items() if _money(k) not in {_money(one) for one in told}}
        gone = self.row.get("without", [])
        return {k: v for k, v in {**usual, **told}.items() if _money(k) not in gone}


CASES = [
    Case(number, programme, row)
    for number, (programme, row) in enumerate(
        ((programme, row) for programme, rows in TABLE["cases"].items() for row in rows), start=1
    )
]


@cache
def practice() -> published.Library:
    """The rules of the tests alone, with what every rule may use."""
    return published.load([(HERE / "practice.yaml").read_text(encoding="utf-8")])


@cache
def bundle(programme: str) -> Bundle:
    """The rule that a case is decided by."""
    if programme.startswith("PRACTICE-"):
        return bundle_of(practice().programmes[programme], practice())
    return bundle_of(published.find(programme))


def enterprise(case: Case) -> Enterprise:
    """The enterprise of a case, as the register hands it over."""
    seen = case.row.get("seen", {})
    values = _values(case.values, "enterprise", case.on, seen)
    counted = _day(case.on, seen, "establishment_count")
    values["entity.establishment_count"] = Value("entity.establishment_count", len(case.sites), "derived", "", counted)
    sites = tuple(
        Establishment(f"E{i}", "", None, None, _values(one, "establishment", case.on, case.row.get("site_seen", {})))
        for i, one in enumerate(case.sites)
    )
    return Enterprise(f"ENT-{case.number:04}", "v", "", "", None, None, values, sites)


def overlay(case: Case) -> dict[str, object]:
    """What the applicant declares and asks for."""
    asked = case.row.get("asked_baht")
    sums = {} if asked is None else {"asked.cost_satang": asked * 100, "asked.amount_satang": asked * 100}
    return {**case.row.get("declared", {}), **sums}


def frames(cases: Iterable[Case]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enterprises of several cases as the register's frames, declared facts as columns under their own names."""
    every = [(case, enterprise(case)) for case in cases]
    enterprises = _frame([(one.enterprise_id, one.values) for _, one in every], "enterprise")
    for fact in sorted({fact for case, _ in every for fact in case.row.get("declared", {})}):
        said = [case.row.get("declared", {}).get(fact) for case, _ in every]
        days = [None if value is None else case.on for (case, _), value in zip(every, said, strict=True)]
        enterprises = enterprises.with_columns(pl.Series(fact, said), pl.Series(fact + "__as_of", days, dtype=pl.Date))
    sites = [(one.enterprise_id, site.values) for _, one in every for site in one.establishments]
    return enterprises, _frame(sites, "establishment")


def spec_of_key(key: str, of: str) -> FactSpec:
    """The fact that a short name of the file stands for."""
    wanted = _money(key)
    (spec,) = [one for one in vocabulary().values() if one.name.rsplit(".", 1)[-1] == wanted and one.of == of]
    return spec


def content(key: str, value: Any, spec: FactSpec) -> Any:
    """What the file says, as the register holds it."""
    if key.endswith("_baht"):
        return value * 100
    if spec.type == "date":
        return date.fromisoformat(value)
    return tuple(value) if spec.type == "set" else value


def _money(key: str) -> str:
    return key.removesuffix("_baht") + "_satang" if key.endswith("_baht") else key


def _day(on: date, seen: dict[str, str], key: str) -> date:
    return date.fromisoformat(seen[key]) if key in seen else on - timedelta(days=SEEN_DAYS_AGO)


def _values(row: dict[str, Any], of: str, on: date, seen: dict[str, str]) -> dict[str, Value]:
    found = {}
    for key, value in row.items():
        if key == EXPIRES:
            field, said = "standard." + key, date.fromisoformat(value)
        else:
            spec = spec_of_key(key, of)
            field, said = spec.field, content(key, value, spec)
        found[field] = Value(field, said, "dbd", "row", _day(on, seen, _money(key)))
    return found


def _frame(rows: list[tuple[str, dict[str, Value]]], of: str) -> pl.DataFrame:
    columns: dict[str, Any] = {"enterprise_id": pl.String()}
    if of == "establishment":
        columns |= {"establishment_id": pl.String()}
    for field in FIELDS:
        if field.of == of and field.type != "text":
            kind = {"date": pl.Date(), "decimal": pl.Float64()}.get(field.type, ENGINE_TYPES[field.type])
            columns |= {field.column: kind, field.column + "__as_of": pl.Date()}
    data = []
    for number, (enterprise_id, row) in enumerate(rows):
        cells: dict[str, Any] = {"enterprise_id": enterprise_id, "establishment_id": f"E{number:04}"}
        for name, value in row.items():
            column = name.replace(".", "__")
            cells |= {column: list(value.value) if isinstance(value.value, tuple) else value.value}
            cells |= {column + "__as_of": value.as_of}
        data.append({key: cell for key, cell in cells.items() if key in columns})
    return pl.DataFrame(data, schema=columns)
