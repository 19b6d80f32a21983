"""The rules bench in our own words: its facts as a facts table, its rules as programmes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from rules_data import FACTS, NAMED

from iindustry.programmes.facts import spec_of
from iindustry.programmes.facts_table import FactsTable, Rows
from iindustry.programmes.published import Bundle
from iindustry.programmes.services import get_programme
from iindustry.programmes.tree import Condition, Group, Literal, Missing, Mutability, OnMissing, Op

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 22)
FACT_OF = {
    "status": "enterprise.status", "sector": "enterprise.sector", "size": "enterprise.size_class",
    "province": "enterprise.province", "legal": "enterprise.legal_kind", "revenue": "enterprise.revenue_satang",
    "capital": "enterprise.capital_satang", "workers": "enterprise.worker_count", "age": "enterprise.assets_satang",
    "green": "enterprise.accounts_year", "exports": "enterprise.exports_satang", "arrears": "arrears.smed_loan",
}  # fmt: skip
"""Facts of the vocabulary of the same kinds; what they mean does not matter here."""


def translated(folder: Path, size: int) -> tuple[FactsTable, list[Bundle]]:
    """The facts and the rules of a folder."""
    frame = pl.read_parquet(folder / "facts.parquet").head(size)
    columns, dictionaries = {}, {}
    for name, fact in FACT_OF.items():
        column = frame[name]
        if name in NAMED:
            dictionaries[fact] = pl.Series([_code(one) for one in range(FACTS[name][0] + 1)])
            columns[fact] = column.cast(pl.UInt8)
        else:
            columns[fact] = column.cast(pl.Boolean) if spec_of(fact).type == "bool" else column.shrink_dtype()
    nobody = Rows(0, {}, {})
    none = pl.zeros(size, pl.Boolean, eager=True)
    rows = Rows(size, columns, dictionaries)
    empty = Rows(size, {}, {})
    table = FactsTable(
        "bench", AS_OF, rows, empty, none, nobody, pl.Series([], dtype=pl.UInt32), ~none, lambda: pl.Series([])
    )
    base = get_programme("SMED-D-LOCAL")
    bundles = []
    for rule in json.loads((folder / "rules.json").read_text(encoding="ascii")):
        each = tuple(_condition(number, one) for number, one in enumerate(rule["conditions"]))
        programme = replace(base, id=rule["id"], conditions=Group("all", len(each), each))
        bundles.append(Bundle(programme, {}, rule["id"]))
    return table, bundles


def _condition(number: int, one: dict[str, Any]) -> Condition:
    fact = FACT_OF[one["fact"]]
    if one["op"] == "in":
        value: Any = tuple(Literal(_code(member)) for member in one["value"])
    else:
        value = Literal(bool(one["value"]) if spec_of(fact).type == "bool" else one["value"])
    return Condition(f"c{number}", fact, Op(one["op"]), value, OnMissing(Missing.ASK), Mutability.FIXED)


def _code(number: int) -> str:
    return f"{number:02d}"
