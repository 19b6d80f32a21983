"""What each record says, as statements: subject, record, day and content, one field at a time.

Which column of a source's standard record speaks to which field is one table, `COLUMNS`; which sources may speak, and in
which rank they are believed, stands in `fields.yaml`. Invariant: nothing said is dropped; null says nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from iindustry.reference import estates
from iindustry.reference.fields import FIELDS, Field
from iindustry.register.gathering import DAYS, gathered_from

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

COLUMNS: Mapping[str, str] = {
    "entity.juristic_id": "juristic_id",
    "entity.name_th": "name_raw",
    "entity.name_en": "name_en_raw",
    "entity.legal_kind": "legal_kind",
    "entity.status": "status",
    "entity.registered_on": "registered_on",
    "entity.tsic": "tsic",
    "entity.objective": "objective",
    "entity.seat_address": "address_raw",
    "entity.seat": "subdistrict_code",
    "entity.province": "province_code",
    "entity.capital_satang": "capital_satang",
    "entity.revenue_satang": "revenue_satang",
    "entity.assets_satang": "assets_satang",
    "entity.profit_satang": "profit_satang",
    "entity.fixed_assets_satang": "fixed_assets_satang",
    "entity.liabilities_satang": "liabilities_satang",
    "entity.equity_satang": "equity_satang",
    "entity.accounts_year": "accounts_year",
    "entity.signing_rule": "signing_rule",
    "entity.signing_seal": "signing_seal",
    "factory.factory_id": "factory_id",
    "factory.old_factory_id": "old_factory_id",
    "factory.name": "site_name_raw",
    "factory.operator": "name_raw",
    "factory.factory_class": "factory_class",
    "factory.factory_type": "factory_type",
    "factory.licensed_year": "licensed_year",
    "factory.activity": "activity",
    "factory.address": "address_raw",
    "factory.province": "province_code",
    "factory.district": "district_code",
    "factory.subdistrict": "subdistrict_code",
    "factory.capital_satang": "investment_satang",
    "factory.worker_count": "worker_count",
    "factory.horsepower": "horsepower",
    "area.estate": "estate",
    "standard.i40_level": "i40_level",
    "standard.green_level": "green_level",
    "standard.green_expires_on": "expires_on",
    "person.phone": "phones",
}
"""Field to column of a standard record. What is gathered from many records stands in `gathering.SETS`."""


NOT_SPEAKING = frozenset({"derived"})

NAMES = ("core", "en_core", "site_core")
"""Columns that search reads."""

_ALWAYS = ("source", "record_key", "delivery_id", "observed_on", "row", "is_person", "id_state", "factory_id", *NAMES)


@cache
def spoken_by(source: str) -> tuple[Field, ...]:
    """The fields that each record of a source may speak to, in the order of `fields.yaml`."""
    return tuple(one for one in FIELDS if source in one.sources and one.name in COLUMNS)


@cache
def needed_of(source: str) -> tuple[str, ...]:
    """The columns of a source's standard file that the register reads."""
    wanted = dict.fromkeys(_ALWAYS)
    wanted |= dict.fromkeys(COLUMNS[field.name] for field in spoken_by(source))
    wanted |= dict.fromkeys(column for _, how in gathered_from(source) for column in how.columns)
    wanted |= dict.fromkeys(DAYS[source].columns if source in DAYS else ())
    return tuple(wanted)


def contents(source: str, present: frozenset[str]) -> dict[str, pl.Expr]:
    """Field to what a record of the source says of it, typed; fields whose column is not there are left out."""
    return {field.name: _content(field) for field in spoken_by(source) if COLUMNS[field.name] in present}


def nothing_of(field: Field) -> str | None:
    """What the silence of a complete register says of a field, as text; None where silence says nothing."""
    if field.coverage != "complete":
        return None
    return _NOTHING_OF_FIELD.get(field.name, _NOTHING.get(field.type))


_NOTHING = {"set": "[]", "int": "0", "money": "0"}
_NOTHING_OF_FIELD = {"area.estate": estates.NONE}


def silent_source(field: Field, newest: Mapping[str, object]) -> str | None:
    """The register whose silence says none: the first of the field's sources that was delivered."""
    if nothing_of(field) is None:
        return None
    return next((source for source in field.sources if source in newest), None)


def _content(field: Field) -> pl.Expr:
    import polars as pl

    column = pl.col(COLUMNS[field.name])
    if field.name in _READ:
        return _READ[field.name](column)
    match field.type:
        case "decimal":
            return column.cast(pl.Float64, strict=False)
        case "bool":
            return column.cast(pl.Boolean, strict=False)
        case _:
            return column


def _valid_number(column: pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.when(pl.col("id_state") == "valid").then(column)


def _first(column: pl.Expr) -> pl.Expr:
    return column.list.first()


def _estate(column: pl.Expr) -> pl.Expr:
    """The code of an estate by its name; a code stays as it is."""
    import polars as pl

    def over(values: pl.Series) -> pl.Series:
        known = {one: one if one in estates.ESTATES else estates.find(one) for one in values.drop_nulls().unique()}
        return values.replace_strict(known, default=None, return_dtype=pl.Utf8) if known else values.cast(pl.Utf8)

    return column.map_batches(over, return_dtype=pl.Utf8)


_READ: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "entity.juristic_id": _valid_number,
    "person.phone": _first,
    "area.estate": _estate,
}
"""Fields whose column is not taken as it stands."""
