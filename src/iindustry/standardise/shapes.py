"""What a standard record holds: IDENTITY, which linking reads of every source, and FACTS, what one source says besides.

FACTS follow the contracts: every kept column of a source that does not speak of identity, under the contract's name and in
the type that its decoder gives. A new register needs no line here unless a name or a code differs.
Invariant: null is not said; IDENTITY is the same for every source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from iindustry.sources.contracts import contract_of, contracts

if TYPE_CHECKING:
    from iindustry.sources.contracts import Column

Shape = dict[str, pl.DataType]

IDENTITY: Shape = {
    "source": pl.Utf8(), "record_key": pl.Utf8(), "delivery_id": pl.Utf8(), "observed_on": pl.Date(), "row": pl.Int64(),
    "juristic_id": pl.Utf8(), "id_state": pl.Utf8(), "person_tag": pl.Utf8(), "is_person": pl.Boolean(),
    "factory_id": pl.Utf8(), "factory_id_raw": pl.Utf8(), "old_factory_id": pl.Utf8(),
    "name_raw": pl.Utf8(), "core": pl.Utf8(), "core_alt": pl.Utf8(), "num": pl.Utf8(), "skel": pl.Utf8(),
    "xskel": pl.Utf8(), "form": pl.Utf8(), "branch": pl.Utf8(), "repaired": pl.Boolean(),
    "name_en_raw": pl.Utf8(), "en_core": pl.Utf8(), "en_skel": pl.Utf8(), "en_xskel": pl.Utf8(),
    "site_name_raw": pl.Utf8(), "site_core": pl.Utf8(), "site_core_alt": pl.Utf8(), "site_num": pl.Utf8(),
    "site_skel": pl.Utf8(), "site_xskel": pl.Utf8(), "site_form": pl.Utf8(),
    "address_raw": pl.Utf8(), "address_parts": pl.Utf8(), "house_no": pl.Utf8(), "moo": pl.Utf8(),
    "province_code": pl.Utf8(), "district_code": pl.Utf8(), "subdistrict_code": pl.Utf8(),
    "subdistrict_codes": pl.List(pl.Utf8), "postcode": pl.Utf8(), "phones": pl.List(pl.Utf8),
    "legal_kind": pl.Utf8(), "registered_on": pl.Date(), "tsic": pl.Utf8(),
}  # fmt: skip
"""Column to type. `core_alt` is the other reading of a name that begins with ร้าน, โรงงาน, กิจการ or บ. (null: there is one only). `xskel` are
consonant classes that Thai and Latin letters share, of the Thai name or, where there is none, of the English one, whose own
stand in `en_xskel`. `repaired`: a sara am lost by a PDF was put back. `house_no` and `moo`: digits and strokes.
"""

TAKEN_AS: Mapping[str, tuple[str, ...]] = {
    "name_raw": ("name", "operator"),
    "name_en_raw": ("name_en",),
    "site_name_raw": ("site_name",),
    "address_raw": ("address", "site_address"),
    "id_state": ("juristic_id_state",),
    "is_person": ("name_is_person", "operator_is_person"),
}
"""Column of IDENTITY to the contract's columns that say it: the first that a layout has. The rest keep their names."""

AREA_NAMES = ("subdistrict", "district", "province")
PART_WORDS = {"house_no": "", "moo": "หมู่ที่ ", "soi": "ซอย", "road": "ถนน"}
USED_UP = frozenset(
    {"phone", "juristic_id_state", *AREA_NAMES, *PART_WORDS, *(own for owns in TAKEN_AS.values() for own in owns)}
)
"""Columns of contracts that become columns of IDENTITY and are no facts of their own."""

FACT_NAMES: Mapping[str, Mapping[str, str]] = {
    "green": {"certificate_no": "licence_no"},
    "tisi": {"status": "licence_status"},
    "dbd_directors": {"person_tag": "director_tag"},
}
"""Source to the contract's column to the fact's name, where they differ."""

NOT_OF_THE_RECORD: Mapping[str, frozenset[str]] = {"dbd_directors": frozenset({"person_tag"})}
"""Columns that speak of somebody else than the record's own enterprise: facts there, never identity."""

MADE = frozenset({"phones", "legal_kind", "house_no", "moo"})
"""Columns of IDENTITY that are worked out even where a contract has a column of that name."""

ADDED: Mapping[str, Shape] = {"ieat": {"estate_code": pl.Utf8()}}
"""Facts that `standardise` works out beside those of the contract: the code of the estate that is named."""

TYPES: Mapping[str, pl.DataType] = {
    "money": pl.Int64(), "count": pl.Int64(), "level": pl.Int64(), "year": pl.Int64(), "licence_year": pl.Int64(),
    "fiscal_year": pl.Int64(), "number": pl.Float64(), "quantity": pl.Float64(), "decimal_level": pl.Float64(),
    "rating": pl.Float64(), "date": pl.Date(),
}  # fmt: skip
"""How a contract's column is read, to the type of what is read; every other way gives text."""

SEVERAL: Mapping[str, Callable[[str], Shape]] = {
    "sealed_name": lambda name: {f"{name}_sealed": pl.Utf8()},
    "citizen": lambda _: {"person_tag": pl.Utf8()},
    "signing_rule": lambda name: {name: pl.Utf8(), "signing_seal": pl.Boolean()},
}
"""Ways of reading that give other columns than one of the contract's own name."""


@cache
def facts_of(source: str) -> Shape:
    """The facts of one source, over all its layouts, in the order of the contract."""
    names, others = FACT_NAMES.get(source, {}), NOT_OF_THE_RECORD.get(source, frozenset())
    found: Shape = {}
    for layout in contract_of(source).layouts:
        read = {name: kind for column in layout.columns if column.keep for name, kind in _read(column).items()}
        for name, kind in (read | dict.fromkeys(layout.constants, pl.Utf8())).items():
            if name in others or (name not in USED_UP and name not in IDENTITY):
                found.setdefault(names.get(name, name), kind)
    return found | ADDED.get(source, {})


def _read(column: Column) -> Shape:
    """The columns that a column of a contract becomes."""
    several = SEVERAL.get(column.reads)
    return several(column.name) if several else {column.name: TYPES.get(column.reads, pl.Utf8())}


class _OfContracts(Mapping[str, Shape]):
    """FACTS by source, read from the contracts when first asked for."""

    def __getitem__(self, source: str) -> Shape:
        return facts_of(source)

    def __iter__(self) -> Iterator[str]:
        return iter(contracts())

    def __len__(self) -> int:
        return len(contracts())


FACTS: Mapping[str, Shape] = _OfContracts()
"""Source to what it says besides identity: column to type."""


def shape_of(source: str) -> Shape:
    """All columns of a source's standard file."""
    return IDENTITY | facts_of(source)


def digest_of(source: str) -> str:
    """Eight signs that change when the columns of a source's standard file do."""
    written = ";".join(f"{name}:{kind}" for name, kind in shape_of(source).items())
    return hashlib.sha256(written.encode()).hexdigest()[:8]
