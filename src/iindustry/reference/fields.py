"""Every field the platform knows of an enterprise or one of its establishments (`data/fields.yaml`).

The register, the programmes, the contracts of exchange and the consent screen all print from this one table.
Invariant: a field's name never changes its meaning; a new meaning is a new field.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast

from iindustry.kernel.errors import NotFound
from iindustry.kernel.thaidate import BE_OFFSET
from iindustry.reference import countries, estates, filed_accounts, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Subject = Literal["enterprise", "establishment"]
Kind = Literal["text", "code", "int", "money", "decimal", "date", "bool", "set"]
Classification = Literal["public", "business", "personal"]
Coverage = Literal["complete", "partial", "derived"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `fact` is its name in programmes (None: no rule may ask). `sources` are by rank of belief.

    `coverage` `complete`: no row in that register means none; `partial`: no row means unknown.
    `shelf_life_days` None: the value does not age. `words`: code, Thai, English, where the code has no table of its own.
    """

    name: str
    fact: str | None
    of: Subject
    type: Kind
    codes: tuple[str, ...]
    unit: str | None
    classification: Classification
    sources: tuple[str, ...]
    coverage: Coverage
    shelf_life_days: int | None
    th: str
    en: str
    words: tuple[tuple[str, str, str], ...] = ()

    @property
    def column(self) -> str:
        """The field's name as a column of the register's frames: `entity.capital_satang` is `entity__capital_satang`."""
        return self.name.replace(".", "__")


def _field(row: dict[str, Any]) -> Field:
    return Field(
        name=row["field"],
        fact=row["fact"],
        of=cast("Subject", row["of"]),
        type=cast("Kind", row["type"]),
        codes=tuple(row.get("codes", ())),
        unit=row.get("unit"),
        classification=cast("Classification", row["class"]),
        sources=tuple(row["sources"]),
        coverage=cast("Coverage", row["coverage"]),
        shelf_life_days=row["shelf_life_days"],
        th=row["th"],
        en=row["en"],
        words=tuple((str(code), th, en) for code, (th, en) in row.get("words", {}).items()),
    )


FIELDS: tuple[Field, ...] = tuple(_field(row) for row in tables.document("fields.yaml")["fields"])


@cache
def _by_name() -> Mapping[str, Field]:
    return MappingProxyType({field.name: field for field in FIELDS})


@cache
def _by_fact() -> Mapping[str, Field]:
    return MappingProxyType({field.fact: field for field in FIELDS if field.fact is not None})


def field_of(name: str) -> Field:
    """The field of a name such as `entity.capital_satang`. Raises NotFound `field-unknown`."""
    found = _by_name().get(name)
    if found is None:
        raise NotFound("field-unknown", field=name)
    return found


def by_fact(fact: str) -> Field:
    """The field behind a programme's fact such as `enterprise.capital_satang`. Raises NotFound `field-unknown`."""
    found = _by_fact().get(fact)
    if found is None:
        raise NotFound("field-unknown", field=fact)
    return found


def words_of(name: str, element: str) -> tuple[str, str] | None:
    """What people read, in Thai and English, for a code or an element of a set; None where it is its own word.

    Raises NotFound `field-unknown`.
    """
    own = next(((th, en) for code, th, en in field_of(name).words if code == element), None)
    if own is not None:
        return own
    return _NAMED[name](element) if name in _NAMED else None


_NAMED: Mapping[str, Callable[[str], tuple[str, str]]] = MappingProxyType(
    {
        "area.estate": estates.name_of,
        "entity.export_markets": countries.name_of,
        "accounts.years": lambda element: (str(int(element) + BE_OFFSET), element),
        "accounts.by_year": lambda element: filed_accounts.in_words(filed_accounts.read(element)),
    }
)
"""Fields whose codes or elements have a table of their own."""


def expand(patterns: Iterable[str]) -> frozenset[str]:
    """Field names that a list of names and `group.*` patterns stands for.

    Raises NotFound `field-unknown` for a pattern that stands for nothing: an agreement must not name what does not exist.
    """
    found: set[str] = set()
    for pattern in patterns:
        prefix = pattern.removesuffix("*")
        names = {
            field.name
            for field in FIELDS
            if field.name == pattern or (prefix != pattern and field.name.startswith(prefix))
        }
        if not names:
            raise NotFound("field-unknown", field=pattern)
        found |= names
    return frozenset(found)
