"""What each register hands over: the contracts (ODCS 3.1) read into frozen values.

A contract holds several layouts of one register, told apart by their headings. Standard ODCS keys say name, type, whether a
value is required or unique, and its class; what ODCS has no word for (how a cell is read, unit, era, mode, coverage)
stands in `customProperties`.
Invariant: contracts are packaged files, read once; a source is a folder with a `contract.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from iindustry.kernel.errors import NotFound


class Mode(StrEnum):
    """What a delivery does to those in force (SOURCES.md)."""

    REPLACE = "replace"
    UPSERT = "upsert"
    EVENT = "event"


# The safe loader in C is ten times as fast; both make plain values only.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layout. `reads` names the decoder; `errors` are the fault codes that send a row to quarantine."""

    name: str
    heading: str
    reads: str
    classification: str
    required: bool = False
    unique: bool = False
    key: bool = False
    keep: bool = True
    signed: bool = False
    zero_is_odd: bool = False
    distinguishes: bool = False
    unit: str | None = None
    era: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    headings: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    errors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the absence of a row means: `complete` within `scope` = there is none; `partial` = unknown. Words for people."""

    kind: str
    scope: dict[str, str] = field(default_factory=dict)
    th: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One shape of a register's files."""

    name: str
    description: str
    mode: Mode
    coverage: Coverage
    columns: tuple[Column, ...]
    any_of: tuple[tuple[str, ...], ...] = ()
    scope: str | None = None
    scope_by: tuple[str, ...] = ()
    constants: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns that together name a record."""
        return tuple(column for column in self.columns if column.key)

    @property
    def key(self) -> Column:
        """The first of the columns that name a record."""
        return self.keys[0]

    @property
    def has_unique_key(self) -> bool:
        """Whether one record stands in one row only."""
        return any(column.unique for column in self.keys)

    def column(self, name: str) -> Column:
        """The column called so. Raises StopIteration where there is none."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True)
class Contract:
    """One register: who owns it and which layouts it sends."""

    key: str
    version: str
    agency: str
    agency_th: str
    agency_en: str
    title_th: str
    title_en: str
    coverage: Coverage
    layouts: tuple[Layout, ...]

    def layout(self, name: str) -> Layout:
        """The layout called so. Raises StopIteration where there is none."""
        return next(layout for layout in self.layouts if layout.name == name)


@cache
def contracts() -> dict[str, Contract]:
    """Every source, by key, in the order of their names."""
    folders = sorted((one for one in files("iindustry.sources").iterdir() if one.is_dir()), key=lambda one: one.name)
    found = [one / "contract.yaml" for one in folders]
    texts = [one.read_text(encoding="utf-8") for one in found if one.is_file()]
    read = [_contract(yaml.load(text, Loader=_LOADER)) for text in texts]  # noqa: S506 - a safe loader either way
    return {contract.key: contract for contract in read}


def contract_of(source: str) -> Contract:
    """One source's contract. Raises NotFound `source-unknown`."""
    if source not in contracts():
        raise NotFound("source-unknown", source=source[:40], known=list(contracts()))
    return contracts()[source]


def owned_by(organisation: str | None) -> tuple[Contract, ...]:
    """The sources that an organisation answers for."""
    return tuple(contract for contract in contracts().values() if contract.agency == organisation)


def _custom(node: dict[str, Any]) -> dict[str, Any]:
    return {one["property"]: one["value"] for one in node.get("customProperties", ())}


def _contract(document: dict[str, Any]) -> Contract:
    custom = _custom(document)
    return Contract(
        key=document["name"],
        version=document["version"],
        agency=custom["agency"],
        agency_th=document["team"]["name"],
        agency_en=custom["agencyEn"],
        title_th=custom["titleTh"],
        title_en=custom["titleEn"],
        coverage=_coverage(custom.get("coverage", "partial")),
        layouts=tuple(_layout(node, custom) for node in document["schema"]),
    )


def _layout(node: dict[str, Any], of_contract: dict[str, Any]) -> Layout:
    custom = _custom(node)
    return Layout(
        name=node["name"],
        description=node["description"],
        mode=Mode(custom["mode"]),
        coverage=_coverage(custom.get("coverage", of_contract.get("coverage", "partial"))),
        columns=tuple(_column(one) for one in node["properties"]),
        any_of=tuple(tuple(names) for names in custom.get("anyOf", ())),
        scope=custom.get("scope"),
        scope_by=tuple(custom.get("scopeBy", ())),
        constants=custom.get("constants", {}),
    )


def _coverage(said: str | dict[str, Any]) -> Coverage:
    """A word alone, or kind, scope and words."""
    if isinstance(said, str):
        return Coverage(said)
    scope = {name: str(value) for name, value in said.get("scope", {}).items()}
    return Coverage(said["kind"], scope, said.get("th", ""), said.get("en", ""))


def _column(node: dict[str, Any]) -> Column:
    custom = _custom(node)
    return Column(
        name=node["name"],
        heading=node["physicalName"],
        reads=custom["reads"],
        classification=node["classification"],
        required=node.get("required", False),
        unique=node.get("unique", False),
        key=node.get("primaryKey", False),
        keep=custom.get("keep", True),
        signed=custom.get("signed", False),
        zero_is_odd=custom.get("zeroIsOdd", False),
        distinguishes=custom.get("distinguishes", False),
        unit=custom.get("unit"),
        era=custom.get("era"),
        at_least=custom.get("atLeast"),
        at_most=custom.get("atMost"),
        headings=tuple(custom.get("headings", ())),
        values=tuple(custom.get("values", ())),
        errors=frozenset(rule["implementation"] for rule in node.get("quality", ()) if rule.get("severity") == "error"),
    )
