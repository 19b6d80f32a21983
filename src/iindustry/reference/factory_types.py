"""The 107 kinds of factory and their types, and the target industry (S-curve) a type is coded to.

A type is five digits: kind (3) and item (2). Registers drop leading zeros: pad first (trap T2).
Sources: `data/factory_types.csv`, `data/factory_kinds.csv` (ministerial regulation), `data/s_curve.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from iindustry.reference import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

Basis = Literal["observed", "inferred"]
_CODE_LENGTH = 5
_KIND_LENGTH = 3


@dataclass(frozen=True, slots=True)
class FactoryKind:
    """One of 107 kinds in short words. `standing` unverified: its law text was not read."""

    kind: int
    th: str
    en: str
    standing: Literal["known", "unverified"]


@dataclass(frozen=True, slots=True)
class FactoryType:
    """One five-digit type. `law_th` is the regulation's text, `th` and `en` the short words of its kind."""

    code: str
    kind: int
    th: str
    en: str
    law_th: str
    class2: bool


@dataclass(frozen=True, slots=True)
class SCurve:
    """A target industry and how a factory type was put in it."""

    group: str
    basis: Basis
    th: str
    en: str


@cache
def _kinds() -> Mapping[int, FactoryKind]:
    rows = tables.rows("factory_kinds.csv")
    kinds = [
        FactoryKind(int(row["kind"]), row["th"], row["en"], "known" if row["standing"] == "known" else "unverified")
        for row in rows
    ]
    return MappingProxyType({kind.kind: kind for kind in kinds})


def list_kinds() -> tuple[FactoryKind, ...]:
    """The 107 kinds by number."""
    return tuple(_kinds()[kind] for kind in sorted(_kinds()))


@cache
def _types() -> Mapping[str, FactoryType]:
    types: dict[str, FactoryType] = {}
    for row in tables.rows("factory_types.csv"):
        kind = _kinds()[int(row["code"][:_KIND_LENGTH])]
        types[row["code"]] = FactoryType(row["code"], kind.kind, kind.th, kind.en, row["th"], row["class2"] == "1")
    return MappingProxyType(types)


def padded(code: str) -> str:
    """A type with its lost zeros put back: `401` is `00401`, `1001` is `01001`."""
    return code.strip().zfill(_CODE_LENGTH)


def factory_type(code: str) -> FactoryType | None:
    """The type of a code, padded first, or None."""
    return _types().get(padded(code))


def list_types() -> tuple[FactoryType, ...]:
    """Every type by code."""
    return tuple(_types()[code] for code in sorted(_types()))


@cache
def annex_codes() -> tuple[str, ...]:
    """Codes that the regulation's annex was read to hold; one of an unverified kind is not among them (trap T24)."""
    return tuple(code for code, one in sorted(_types().items()) if _kinds()[one.kind].standing == "known")


@cache
def _s_curve() -> Mapping[str, SCurve]:
    groups = tables.document("s_curve.yaml")["groups"]
    found: dict[str, SCurve] = {}
    for key, group in groups.items():
        for code in group["observed"]:
            found[code] = SCurve(key, "observed", group["th"], group["en"])
    for key, group in groups.items():
        for stem in group["inferred"]:
            for code in (code for code in _types() if code.startswith(stem)):
                found.setdefault(code, SCurve(key, "inferred", group["th"], group["en"]))
    return MappingProxyType(found)


def s_curve(code: str | None) -> SCurve | None:
    """The target industry of a factory type with its basis, or None where the type is coded to none or unknown."""
    return None if code is None else _s_curve().get(padded(code))


def list_s_curve() -> Mapping[str, SCurve]:
    """Every coded type and its target industry."""
    return _s_curve()


def s_curve_groups() -> Mapping[str, tuple[str, str]]:
    """Key of each target industry with a factory type, to its Thai and English words."""
    groups = tables.document("s_curve.yaml")["groups"]
    return MappingProxyType({key: (group["th"], group["en"]) for key, group in groups.items()})
