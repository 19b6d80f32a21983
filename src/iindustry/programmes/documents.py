"""Strict YAML: text, whole numbers, true or false, null, lists and maps, and where each stands in the file.

A rule that two readers can read differently is no rule, so what YAML allows beyond that is refused: anchors, tags,
duplicate keys, floats, and dates or decimals that are not quoted. Invariant: what is accepted has one canonical form
(RFC 8785 over NFC text), and the version of a document is its SHA-256.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from iindustry.kernel.errors import Rejected
from iindustry.programmes import faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
MAX_DIGITS = 19
MAX_WHOLE = 2**53 - 1
"""The greatest whole number of RFC 8785: a greater one has no canonical form."""
MAX_WRITTEN_DIGITS = 100
"""Longer numbers are refused before anything reads them; those between are a fault with its field like any other."""
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")
_NUMBER_LIKE = re.compile(r"[-+.]?[0-9][0-9_.:eE+\-/]*\Z|[-+]?\.(inf|nan)\Z", re.IGNORECASE)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times quicker where the wheel carries it
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a document, its path (`conditions.all[0].op`), its line and column, from 1."""

    value: Any
    path: str
    line: int
    children: Mapping[str | int, Place]
    column: int = 1

    def refuse(self, code: str, **facts: str) -> Rejected:
        """A refusal that says where: line, column, field; `wanted` is a code of `faults.yaml` and gets its words."""
        if "wanted" in facts:
            th, en = faults.wanted(facts["wanted"])
            facts |= {"wanted_th": th, "wanted": en}
        return _refusal(code, self.line, self.column, self.path, **facts)

    def plain(self) -> Plain:
        """The value as text, numbers, lists and dicts."""
        return self.value  # type: ignore[no-any-return]

    def get(self, key: str) -> Place | None:
        """The value under a key; None where the key is absent or null."""
        self.need_map()
        child = self.children.get(key)
        return None if child is None or child.value is None else child

    def need(self, key: str) -> Place:
        """The value under a key that must be there."""
        child = self.get(key)
        if child is None:
            raise self.refuse("rule-missing-key", key=key)
        return child

    def need_map(self) -> Place:
        """This value, which must be a map."""
        if not isinstance(self.value, dict):
            raise self.refuse("rule-wrong-type", wanted="map")
        return self

    def only(self, *keys: str) -> Place:
        """This map, which may have no other keys."""
        self.need_map()
        for key, child in self.children.items():
            if key not in keys:
                raise child.refuse("rule-unknown-key", key=str(key), known=", ".join(sorted(keys)))
        return self

    def items(self) -> list[Place]:
        """The entries of a list."""
        if not isinstance(self.value, list):
            raise self.refuse("rule-wrong-type", wanted="list")
        return list(self.children.values())

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.refuse("rule-wrong-type", wanted="text")
        return self.value

    def integer(self) -> int:
        """A whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.refuse("rule-wrong-type", wanted="whole")
        return self.value

    def boolean(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.refuse("rule-wrong-type", wanted="flag")
        return self.value

    def choice(self, allowed: frozenset[str] | tuple[str, ...]) -> str:
        """One of the texts allowed."""
        text = self.text()
        if text not in allowed:
            raise self.refuse("rule-value", value=text, known=", ".join(sorted(allowed)))
        return text


class Faults:
    """Where faults go: raised at once, or gathered so that a text can be told all of its own."""

    def __init__(self, *, gather: bool = False) -> None:
        self.found: list[Rejected] = []
        self._gather = gather

    def add(self, fault: Rejected) -> None:
        """One fault: kept, or raised."""
        if not self._gather:
            raise fault
        self.found.append(fault)

    def take(self, make: Callable[[], T], instead: T) -> T:
        """What `make` gives; `instead` where it is refused and faults are gathered."""
        try:
            return make()
        except Rejected as fault:
            self.add(fault)
            return instead


def read(text: str | bytes, gathering: Faults | None = None) -> tuple[Place, ...]:
    """The documents of one file. Raises Rejected `rule-…` with line, field and what to write instead.

    With `gathering`, keys that stand twice and numbers without quotes are gathered there and reading goes on; a text that
    is no YAML is refused all the same.
    """
    sink = gathering or Faults()
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as fault:
            line = text[: fault.start].count(b"\n") + 1 if isinstance(text, bytes) else 1
            raise _refusal("rule-not-yaml", line, reason="not UTF-8") from fault
    text = unicodedata.normalize("NFC", text)
    refuse_unsafe(text)
    with _told_as_refusals():
        nodes = [node for node in yaml.compose_all(text, Loader=_LOADER) if node is not None]
    return tuple(_place(node, "", 1, sink) for node in nodes)


def refuse_unsafe(text: str) -> None:
    """The gate before anything builds a tree of a text: its size, depth, anchors, tags, and how long its numbers are.

    It goes by events, which need no stack, so a text that is nested a hundred thousand times ends at the first level too
    many. Raises Rejected `rule-too-large`, `rule-too-deep`, `rule-anchor`, `rule-tag`, `rule-overflow`, `rule-not-yaml`.
    """
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise _refusal("rule-too-large", limit=MAX_BYTES)
    depth = 0
    with _told_as_refusals():
        for event in yaml.parse(text, Loader=_LOADER):
            mark = event.start_mark
            line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise _refusal("rule-too-deep", line, column, limit=MAX_DEPTH)
            if getattr(event, "anchor", None) is not None:
                raise _refusal("rule-anchor", line, column)
            if getattr(event, "tag", None) is not None:
                raise _refusal("rule-tag", line, column)
            if isinstance(event, yaml.ScalarEvent) and _is_endless(event):
                raise _refusal("rule-overflow", line, column, limit=MAX_WHOLE)


def canonical(plain: Plain) -> bytes:
    """RFC 8785 canonical JSON of a document as written."""
    import rfc8785

    canonical_json: bytes = rfc8785.dumps(plain)
    return canonical_json


def version_of(plain: Plain) -> str:
    """`sha256:…` of the canonical JSON."""
    return "sha256:" + hashlib.sha256(canonical(plain)).hexdigest()


def walk(place: Place) -> Iterator[Place]:
    """This place and all below it, in document order."""
    yield place
    for child in place.children.values():
        yield from walk(child)


def _refusal(code: str, line: int = 1, column: int = 1, path: str = "", **facts: str | int) -> Rejected:
    return Rejected(code, line=line, column=column, field=path or "document", **facts)


def _is_endless(event: yaml.ScalarEvent) -> bool:
    """A number without quotes that is longer than Python turns into an integer at a reasonable price."""
    return not event.style and len(event.value) > MAX_WRITTEN_DIGITS and bool(_NUMBER_LIKE.match(event.value))


@contextmanager
def _told_as_refusals() -> Iterator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _refusal("rule-not-yaml", line, column, reason=str(fault.problem or "")) from fault
    except (yaml.YAMLError, ValueError) as fault:  # ValueError: half of a surrogate pair
        raise _refusal("rule-not-yaml", reason="unreadable sign") from fault


def _place(node: yaml.Node, path: str, depth: int, sink: Faults) -> Place:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if depth > MAX_DEPTH:
        raise _refusal("rule-too-deep", line, column, path, limit=MAX_DEPTH)
    if isinstance(node, yaml.MappingNode):
        return _map(node, path, depth, sink)
    if isinstance(node, yaml.SequenceNode):
        inner: dict[str | int, Place] = {
            i: _place(one, f"{path}[{i}]", depth + 1, sink) for i, one in enumerate(node.value)
        }
        return Place([one.value for one in inner.values()], path, line, inner, column)
    return Place(_scalar(node, path, sink), path, line, {}, column)


def _map(node: yaml.MappingNode, path: str, depth: int, sink: Faults) -> Place:
    children: dict[str | int, Place] = {}
    for key_node, value_node in node.value:
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if not isinstance(key_node, yaml.ScalarNode):
            th, en = faults.wanted("key")
            sink.add(_refusal("rule-wrong-type", line, column, path, wanted=en, wanted_th=th))
            continue
        key = str(key_node.value)
        if key in children:
            sink.add(_refusal("rule-duplicate-key", line, column, path, key=key))
            continue
        children[key] = _place(value_node, f"{path}.{key}" if path else key, depth + 1, sink)
    plain = {str(k): v.value for k, v in children.items()}
    return Place(plain, path, node.start_mark.line + 1, children, node.start_mark.column + 1)


def _scalar(node: yaml.Node, path: str, sink: Faults) -> str | int | bool | None:
    text = str(node.value)
    if getattr(node, "style", None):  # quoted or block text; a plain scalar has none
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text == "":
        return None
    if _INTEGER.match(text):
        if len(text) <= MAX_DIGITS and abs(int(text)) <= MAX_WHOLE:
            return int(text)
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        sink.add(_refusal("rule-overflow", line, column, path, limit=MAX_WHOLE))
        return 0
    if _NUMBER_LIKE.match(text):
        sink.add(_refusal("rule-float", node.start_mark.line + 1, node.start_mark.column + 1, path, value=text))
    return text
