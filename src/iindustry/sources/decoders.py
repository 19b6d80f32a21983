"""How a cell is read: one decoder a kind (`reads` of a contract's column), as Polars expressions over whole columns.

A decoder gives typed columns and, for each fault, an expression that is true where a cell has it. `voids` says that the
fault leaves no value: in a required column such a fault sends the row to quarantine. A register's folder may add kinds of
its own in a `decoder.py` (`DECODERS: dict[str, Decoder]`).
Invariant: the text as sent is never repaired; it is read, or it is null with a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from importlib.resources import files

import polars as pl

from iindustry.reference import areas, countries
from iindustry.sources import cells, days, identifiers
from iindustry.sources.cells import Decoded, Fault, Steps, cleaned, hidden, in_digits
from iindustry.sources.contracts import Column

__all__ = ["DECODERS", "Decoded", "Fault", "cleaned", "decode", "prepared"]

Decoder = Callable[[Column, date], Decoded]
_MASKED = r"^\s*บุคคลธรรมดา"
_PERSON = r"^\s*(?:นาย|นางสาว|นาง|น\.\s?ส\.|ด\.ช\.|ด\.ญ\.|ว่าที่)\s*[ก-ฮเ-ไ]"
_COMPANY = r"จำกัด|บริษัท|ห้างหุ้นส่วน|บจก|หจก|บมจ"
_SATANG = {"baht": 100, "million_baht": 100_000_000}


def decode(column: Column, *, today: date) -> Decoded:
    """The expressions of one column of a contract, over a frame that `prepared` made."""
    decoded = all_decoders()[column.reads](column, today)
    return Decoded(decoded.values, (*decoded.faults, Fault("hidden-signs", hidden(column.name))))


def _text(column: Column, _: date) -> Decoded:
    return Decoded({column.name: cleaned(column.name)})


def _part(column: Column, _: date) -> Decoded:
    text = cleaned(column.name)
    return Decoded({column.name: pl.when(text != "0").then(text)})


def _name(column: Column, _: date) -> Decoded:
    """A name that may be a person's. A masked one is null; `<name>_is_person` says what it was (T19, T41)."""
    text = cleaned(column.name)
    is_masked = text.str.contains(_MASKED)
    is_person = is_masked | (text.str.contains(_PERSON) & ~text.str.contains(_COMPANY))
    return Decoded(
        {column.name: pl.when(~is_masked).then(text), f"{column.name}_is_person": is_person},
        (Fault("name-masked", is_masked.fill_null(value=False)),),
    )


def _number_text(name: str) -> pl.Expr:
    text = in_digits(cleaned(name)).str.replace_all(r"[,\s]|บาท", "")
    bracketed = text.str.replace(r"^\((.*)\)$", "-${1}")
    return pl.when(~bracketed.is_in(["", "-", "."])).then(bracketed)


def _number_value(column: Column, text: pl.Expr, pattern: str) -> pl.Expr:
    fits = text.str.contains(pattern)
    if not column.signed:
        fits = fits & ~text.str.starts_with("-")
    return pl.when(fits).then(text)


def _extremes(column: Column, value: pl.Expr) -> tuple[Fault, ...]:
    """Wild values are findings, not faults: they are kept and left out of sums later (T22)."""
    faults = []
    if column.at_most is not None:
        faults.append(Fault("value-extreme", value.abs() > column.at_most))
    if column.zero_is_odd:
        faults.append(Fault("value-zero", value == 0))
    return tuple(faults)


def _money_steps(column: Column) -> Steps:
    name = column.name
    fitting = _number_value(column, pl.col(f"{name}~number"), r"^-?\d{1,15}(?:\.\d{1,20})?$")
    exact = fitting.str.extract(r"^(-?\d+(?:\.\d{1,10})?)", 1).cast(pl.Decimal(38, 10), strict=False)
    satang = (exact * _SATANG[column.unit or "baht"]).round(0).cast(pl.Int64, strict=False)
    return [{f"{name}~number": _number_text(name)}, {f"{name}~satang": satang}]


def _money(column: Column, _: date) -> Decoded:
    """Satang. The contract names the unit (T4); commas, spaces and ` - ` are read (T3)."""
    text, satang = pl.col(f"{column.name}~number"), pl.col(f"{column.name}~satang")
    return Decoded(
        {column.name: satang},
        (Fault("number-unreadable", text.is_not_null() & satang.is_null(), voids=True), *_extremes(column, satang)),
    )


def _count(column: Column, _: date) -> Decoded:
    text = _number_text(column.name)
    value = _number_value(column, text, r"^-?\d{1,12}(?:\.0*)?$").str.replace(r"\..*$", "").cast(pl.Int64, strict=False)
    return Decoded(
        {column.name: value},
        (Fault("number-unreadable", text.is_not_null() & value.is_null(), voids=True), *_extremes(column, value)),
    )


def _number(column: Column, _: date) -> Decoded:
    text = _number_text(column.name)
    value = _number_value(column, text, r"^-?\d{1,15}(?:\.\d+)?$").cast(pl.Float64, strict=False)
    return Decoded(
        {column.name: value},
        (Fault("number-unreadable", text.is_not_null() & value.is_null(), voids=True), *_extremes(column, value)),
    )


def _level(column: Column, _: date) -> Decoded:
    """A whole number inside its limits, or nothing."""
    text = in_digits(cleaned(column.name)).str.extract(r"^(?:ระดับ|level)?\s*(?:ที่)?\s*(\d{1,3})(?:\.0+)?$", 1)
    value = text.cast(pl.Int64, strict=False)
    inside = value.is_between(column.at_least or 0, column.at_most or 999)
    return Decoded(
        {column.name: pl.when(inside).then(value)},
        (
            Fault(
                "number-out-of-range", cleaned(column.name).is_not_null() & ~inside.fill_null(value=False), voids=True
            ),
        ),
    )


def _sealed_name(column: Column, _: date) -> Decoded:
    """A person's name: the caller seals the text for its person, and only `<name>_sealed` stays."""
    return Decoded({f"{column.name}_sealed": cleaned(column.name)})


def _country(column: Column, _: date) -> Decoded:
    """Two letters of ISO 3166 out of its letters or names."""
    text = cleaned(column.name)
    key = text.str.to_lowercase().str.replace_all(r"[\s.\-']", "")
    code = key.replace_strict(dict(countries.known()), default=None, return_dtype=pl.Utf8)
    return Decoded({column.name: code}, (Fault("country-unknown", text.is_not_null() & code.is_null(), voids=True),))


def _decimal_level(column: Column, _: date) -> Decoded:
    """A level with one decimal or none, inside its limits."""
    text = _number_text(column.name).str.replace(r"^(?:ระดับ|level)(?:ที่)?", "")
    value = pl.when(text.str.contains(r"^\d{1,3}(?:\.\d+)?$")).then(text).cast(pl.Float64, strict=False)
    inside = value.is_between(column.at_least or 0, column.at_most or 999)
    fault = cleaned(column.name).is_not_null() & ~inside.fill_null(value=False)
    return Decoded({column.name: pl.when(inside).then(value)}, (Fault("number-out-of-range", fault, voids=True),))


def _province(column: Column, _: date) -> Decoded:
    """The name as sent; a name that no province has is a fault (`จ.`, `กทม.` and English names are known)."""
    text = cleaned(column.name)
    key = text.str.to_lowercase().str.replace(r"^(?:จังหวัด|จ\.)", "").str.replace_all(r"[\s.\-']", "")
    known = {areas.area_key(name) for one in areas.PROVINCES for name in (one.th, one.en)} | set(areas.PROVINCE_ALIASES)
    return Decoded({column.name: text}, (Fault("province-unknown", text.is_not_null() & ~key.is_in(sorted(known))),))


def _words(column: Column, _: date) -> Decoded:
    text = cleaned(column.name)
    return Decoded({column.name: text}, (Fault("code-unknown", text.is_not_null() & ~text.is_in(column.values)),))


DECODERS: dict[str, Decoder] = {
    "text": _text, "key": _text, "part": _part, "name": _name, "money": _money, "count": _count, "number": _number,
    "level": _level, "decimal_level": _decimal_level, "date": days.day, "year": days.year, "licence_year": days.licence_year,
    "fiscal_year": days.fiscal_year, "period": days.period, "thirteen": identifiers.thirteen,
    "citizen": identifiers.citizen, "factory_id": identifiers.factory_id, "old_factory_id": identifiers.old_factory_id,
    "factory_type": identifiers.factory_type, "factory_class": identifiers.factory_class, "tsic": identifiers.tsic,
    "hs": identifiers.hs, "province": _province, "country": _country, "words": _words, "sealed_name": _sealed_name,
}  # fmt: skip


_STEPS = {"date": days.day_steps, "money": _money_steps, "thirteen": identifiers.thirteen_steps}


def prepared(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """A frame of texts with the helper columns that the decoders of these columns read."""
    return cells.prepared(frame, columns, _STEPS)


@cache
def all_decoders() -> dict[str, Decoder]:
    """The kinds above and those of the registers' folders."""
    folders = sorted((one for one in files("iindustry.sources").iterdir() if one.is_dir()), key=lambda one: one.name)
    own = [one.name for one in folders if (one / "decoder.py").is_file()]
    found = dict(DECODERS)
    for name in own:
        found |= import_module(f"iindustry.sources.{name}.decoder").DECODERS
    return found
