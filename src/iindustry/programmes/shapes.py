"""Shapes of values in a document, and what they say of a value: each fault at its place, and the JSON Schema of the same.

A shape is one table read twice: by the reader, which refuses what does not fit, and by an editor, which underlines it
while it is typed. Invariant: what the reader refuses on shape, the JSON Schema refuses, and the reverse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from iindustry.programmes.documents import MAX_WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iindustry.programmes.documents import Faults, Place

DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
DECIMAL = r"^-?\d{1,15}(\.\d{1,6})?$"


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is not empty. `pattern`: what it looks like; `like`: an example or rule for people."""

    pattern: str | None = None
    like: str = ""
    wanted: str = "text"

    def faults(self, place: Place, sink: Faults) -> None:
        """Faults of a value."""
        if not isinstance(place.value, str) or not place.value:
            sink.add(place.refuse("rule-wrong-type", wanted=self.wanted))
        elif self.pattern is not None and re.search(self.pattern, place.value) is None:
            if self.like:
                sink.add(place.refuse("rule-value", value=_short(place.value), known=self.like))
            else:
                sink.add(place.refuse("rule-wrong-type", wanted=self.wanted))

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"type": "string", "minLength": 1} | ({} if self.pattern is None else {"pattern": self.pattern})


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds, both included."""

    least: int = -MAX_WHOLE
    most: int = MAX_WHOLE

    def faults(self, place: Place, sink: Faults) -> None:
        """Faults of a value."""
        if isinstance(place.value, bool) or not isinstance(place.value, int):
            sink.add(place.refuse("rule-wrong-type", wanted="whole"))
        elif not self.least <= place.value <= self.most:
            sink.add(place.refuse("rule-value", value=str(place.value), known=f"{self.least}–{self.most}"))

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class YesNo:
    """True or false."""

    def faults(self, place: Place, sink: Faults) -> None:
        """Faults of a value."""
        if not isinstance(place.value, bool):
            sink.add(place.refuse("rule-wrong-type", wanted="flag"))

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some texts."""

    of: tuple[str, ...]

    def faults(self, place: Place, sink: Faults) -> None:
        """Faults of a value."""
        if not isinstance(place.value, str) or not place.value:
            sink.add(place.refuse("rule-wrong-type", wanted="text"))
        elif place.value not in self.of:
            sink.add(place.refuse("rule-value", value=_short(place.value), known=", ".join(self.of)))

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"enum": list(self.of)}


@dataclass(frozen=True, slots=True)
class FactName:
    """The name of a fact of the vocabulary; the table is read when it is needed, because it reads documents itself."""

    names: Callable[[], tuple[str, ...]]

    def faults(self, place: Place, sink: Faults) -> None:
        """Faults of a value."""
        if not isinstance(place.value, str) or not place.value:
            sink.add(place.refuse("rule-wrong-type", wanted="text"))
        elif place.value not in self.names():
            from difflib import get_close_matches

            near = ", ".join(get_close_matches(place.value, self.names(), n=2, cutoff=0.4)) or "–"
            sink.add(place.refuse("rule-unknown-fact", fact=_short(place.value), nearest=near))

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"enum": list(self.names())}


@dataclass(frozen=True, slots=True)
class Several:
    """A list of so many values of one shape."""

    of: Shape
    least: int = 0
    most: int | None = None
    wanted: str = "list"

    def faults(self, place: Place, sink: Faults) -> None:
        """Faults of a value and of all in it."""
        if not isinstance(place.value, list):
            sink.add(place.refuse("rule-wrong-type", wanted=self.wanted))
            return
        if len(place.value) < self.least or (self.most is not None and len(place.value) > self.most):
            sink.add(place.refuse("rule-wrong-type", wanted=self.wanted))
        for one in place.children.values():
            self.of.faults(one, sink)

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        ends = {"minItems": self.least} | ({} if self.most is None else {"maxItems": self.most})
        return {"type": "array", "items": self.of.schema()} | ends


@dataclass(frozen=True, slots=True)
class Table:
    """A map from any names to values of one shape."""

    of: Shape
    least: int = 1

    def faults(self, place: Place, sink: Faults) -> None:
        """Faults of a value and of all in it."""
        if not isinstance(place.value, dict) or len(place.value) < self.least:
            sink.add(place.refuse("rule-wrong-type", wanted="map"))
            return
        for one in place.children.values():
            self.of.faults(one, sink)

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        return {"type": "object", "additionalProperties": self.of.schema(), "minProperties": self.least}


@dataclass(frozen=True, slots=True)
class Record:
    """A map of known keys. `one_of`: exactly one of these must be there, each the value of a key of `optional`.

    A key with null counts as absent. `about`: what an editor tells of a key.
    """

    needed: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()
    wanted: str = "map"
    about: Mapping[str, str] = field(default_factory=dict)

    def faults(self, place: Place, sink: Faults) -> None:
        """Faults of a value and of all in it."""
        if not isinstance(place.value, dict):
            sink.add(place.refuse("rule-wrong-type", wanted=self.wanted))
            return
        shapes = {**self.needed, **self.optional}
        for key, child in place.children.items():
            if key not in shapes:
                sink.add(child.refuse("rule-unknown-key", key=_short(str(key)), known=", ".join(sorted(shapes))))
            elif child.value is not None:
                shapes[str(key)].faults(child, sink)
        for key in self.needed:
            if place.value.get(key) is None:
                sink.add(place.refuse("rule-missing-key", key=key))
        if self.one_of and len([key for key in self.one_of if place.value.get(key) is not None]) != 1:
            sink.add(place.refuse("rule-missing-key", key=" / ".join(self.one_of)))

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        properties = {key: self._said(key, shape.schema()) for key, shape in self.needed.items()}
        properties |= {key: self._said(key, _or_null(shape.schema())) for key, shape in self.optional.items()}
        found: dict[str, Any] = {
            "type": "object", "properties": properties, "required": list(self.needed), "additionalProperties": False,
        }  # fmt: skip
        if self.one_of:
            found["oneOf"] = [
                {"required": [key], "properties": {key: {"not": {"type": "null"}}}} for key in self.one_of
            ]
        return found

    def _said(self, key: str, schema: dict[str, Any]) -> dict[str, Any]:
        return {"description": self.about[key], **schema} if key in self.about and "$ref" not in schema else schema


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes, told apart by the kind of value and, for maps, by a key.

    `by_key`: the shape of a map that has the key; `maps`: of any other map; `lists`, `scalars`: of those.
    """

    by_key: Mapping[str, Shape] = field(default_factory=dict)
    maps: Shape | None = None
    lists: Shape | None = None
    scalars: tuple[Shape, ...] = ()
    wanted: str = "value"

    def faults(self, place: Place, sink: Faults) -> None:
        """Faults of a value as the shape that it is meant to be."""
        meant = self._meant(place)
        if meant is None:
            sink.add(place.refuse("rule-wrong-type", wanted=self.wanted))
        else:
            meant.faults(place, sink)

    def _meant(self, place: Place) -> Shape | None:
        if isinstance(place.value, dict):
            keys = [key for key in self.by_key if key in place.value]
            return self.by_key[keys[0]] if keys else self.maps
        if isinstance(place.value, list):
            return self.lists
        return next((one for one in self.scalars if fits(one, place)), self.scalars[0] if self.scalars else None)

    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        every = [*self.by_key.values(), *self.scalars, *(one for one in (self.maps, self.lists) if one is not None)]
        return {"anyOf": [one.schema() for one in every]}


@dataclass(frozen=True, slots=True)
class Named:
    """A shape by its name, for shapes that hold themselves: conditions in conditions, amounts in amounts."""

    name: str
    shapes: Mapping[str, Shape]

    def faults(self, place: Place, sink: Faults) -> None:
        """Faults of a value."""
        self.shapes[self.name].faults(place, sink)

    def schema(self) -> dict[str, Any]:
        """As JSON Schema: a reference."""
        return {"$ref": f"#/$defs/{self.name}"}


Shape: TypeAlias = Text | Whole | YesNo | Choice | FactName | Several | Table | Record | Either | Named


def fits(shape: Shape, place: Place) -> bool:
    """Whether a value has a shape."""
    from iindustry.programmes.documents import Faults

    sink = Faults(gather=True)
    shape.faults(place, sink)
    return not sink.found


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"  # noqa: PLR2004 - what fits in a sentence
