"""Industrial estates of the Estate Authority (`data/estates.csv`), by name and by the digits of a factory id.

A factory id of issuer 7 or 8 is licensed in an estate, and its third and fourth digits are the estate (DOMAIN section
2.2); of the digits only three are known by name, the rest are shown by their digits. A code is `E` and the number of the
Authority's list, or `F` and the digits of the id where the list's number is not known; outside is `none`.
Invariant: these digits are never read as a province (trap T32); an address alone proves no estate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from iindustry.reference import tables
from iindustry.reference.areas import area_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

NONE = "none"
ISSUERS = ("7", "8")
_PREFIX = "นิคมอุตสาหกรรม"


@dataclass(frozen=True, slots=True)
class Estate:
    """One estate. `fid`: its digits in factory ids, None where they are not known."""

    code: str
    th: str
    fid: str | None


ESTATES: Mapping[str, Estate] = MappingProxyType(
    {
        one.code: one
        for one in (Estate(f"E{row['number']}", row["th"], row["fid"] or None) for row in tables.rows("estates.csv"))
    }
)


@cache
def by_digits() -> Mapping[str, str]:
    """Digits of a factory id to the code of the estate, for those that are known by name."""
    return MappingProxyType({one.fid: one.code for one in ESTATES.values() if one.fid is not None})


@cache
def known() -> Mapping[str, str]:
    """Every name as `areas.area_key` writes it without `นิคมอุตสาหกรรม`, and the code."""
    return MappingProxyType({area_key(one.th): one.code for one in ESTATES.values()})


def find(name: str) -> str | None:
    """The code of an estate by its name, with or without `นิคมอุตสาหกรรม` or `นิคมฯ`; None for one that is not listed."""
    bare = name.strip().removeprefix(_PREFIX).removeprefix("นิคมฯ").removeprefix("นิคม")
    return known().get(area_key(bare))


def of_factory_id(factory_id: str) -> str | None:
    """The estate that a whole factory id of 14 digits names; None for an issuer that licenses outside estates too."""
    if factory_id[:1] not in ISSUERS:
        return None
    digits = factory_id[2:4]
    return by_digits().get(digits, f"F{digits}")


def of_factory_ids(column: pl.Expr) -> pl.Expr:
    """`of_factory_id` over a column of 14-digit ids."""
    import polars as pl

    digits = column.str.slice(2, 2)
    named = digits.replace_strict(dict(by_digits()), default=None, return_dtype=pl.Utf8)
    return pl.when(column.str.slice(0, 1).is_in(ISSUERS)).then(pl.coalesce(named, "F" + digits))


def name_of(code: str) -> tuple[str, str]:
    """What people read for a code, in Thai and English; estates have no official English spelling here."""
    if code == NONE:
        return "นอกนิคมอุตสาหกรรม", "outside industrial estates"
    one = ESTATES.get(code)
    if one is not None:
        return f"{_PREFIX}{one.th}", f"Industrial estate {one.th}"
    return f"{_PREFIX} (รหัส {code[1:]} ในเลขทะเบียนโรงงาน)", f"Industrial estate (code {code[1:]} of the factory id)"
