"""Strict YAML: text, whole numbers, true or false, null, lists and maps, and where each stands in the file.

A rule that two readers can read differently is no rule, so what YAML allows beyond that is refused: anchors, tags,
duplicate keys, floats, and dates or decimals that are not quoted. Invariant: what is accepted has one canonical form
(RFC 8785 over NFC text), and the version of a document is its SHA-256.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from iindustry.kernel.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")
_NUMBER_LIKE = re.compile(r"[-+.]?[0-9][0-9_.:eE+\-/]*\Z|[-+]?\.(inf|nan)\Z", re.IGNORECASE)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times quicker where the wheel carries it
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a document, its path (`conditions.all[0].op`) and its line, from 1."""

    value: Any
    path: str
    line: int
    children: Mapping[str | int, Place]

    def refuse(self, code: str, **facts: str) -> Rejected:
        """A refusal that says where: line, field, and what was written there when that is short."""
        return Rejected(code, line=self.line, field=self.path or "document", **facts)

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
            raise self.refuse("rule-wrong-type", wanted="a map")
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
            raise self.refuse("rule-wrong-type", wanted="a list")
        return list(self.children.values())

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.refuse("rule-wrong-type", wanted="text in quotes")
        return self.value

    def integer(self) -> int:
        """A whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.refuse("rule-wrong-type", wanted="a whole number")
        return self.value

    def boolean(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.refuse("rule-wrong-type", wanted="true or false")
        return self.value

    def choice(self, allowed: frozenset[str] | tuple[str, ...]) -> str:
        """One of the texts allowed."""
        text = self.text()
        if text not in allowed:
            raise self.refuse("rule-value", value=text, known=", ".join(sorted(allowed)))
        return text


def read(text: str | bytes) -> tuple[Place, ...]:
    """The documents of one file. Raises Rejected `rule-…` with line, field and what to write instead."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as fault:
            line = text[: fault.start].count(b"\n") + 1 if isinstance(text, bytes) else 1
            raise Rejected("rule-not-yaml", line=line, field="document", reason="not UTF-8") from fault
    if len(text.encode()) > MAX_BYTES:
        raise Rejected("rule-too-large", line=1, field="document", limit=MAX_BYTES)
    text = unicodedata.normalize("NFC", text)
    try:
        _refuse_anchors(text)
        return tuple(_place(node, "", 1) for node in yaml.compose_all(text, Loader=_LOADER) if node is not None)
    except yaml.MarkedYAMLError as fault:
        line = (fault.problem_mark.line if fault.problem_mark else 0) + 1
        raise Rejected("rule-not-yaml", line=line, field="document", reason=str(fault.problem or "")) from fault
    except yaml.YAMLError as fault:
        raise Rejected("rule-not-yaml", line=1, field="document", reason="unreadable sign") from fault


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


def _refuse_anchors(text: str) -> None:
    for event in yaml.parse(text, Loader=_LOADER):
        line = 1 if event.start_mark is None else event.start_mark.line + 1
        if getattr(event, "anchor", None) is not None:
            raise Rejected("rule-anchor", line=line, field="document")
        if getattr(event, "tag", None) is not None:
            raise Rejected("rule-tag", line=line, field="document")


def _place(node: yaml.Node, path: str, depth: int) -> Place:
    line = node.start_mark.line + 1
    if depth > MAX_DEPTH:
        raise Rejected("rule-too-deep", line=line, field=path, limit=MAX_DEPTH)
    if isinstance(node, yaml.MappingNode):
        return _map(node, path, depth)
    if isinstance(node, yaml.SequenceNode):
        inner: dict[str | int, Place] = {i: _place(one, f"{path}[{i}]", depth + 1) for i, one in enumerate(node.value)}
        return Place([one.value for one in inner.values()], path, line, inner)
    return Place(_scalar(node, path), path, line, {})


def _map(node: yaml.MappingNode, path: str, depth: int) -> Place:
    children: dict[str | int, Place] = {}
    for key_node, value_node in node.value:
        at = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise Rejected("rule-wrong-type", line=at, field=path, wanted="a text as key")
        key = str(key_node.value)
        if key in children:
            raise Rejected("rule-duplicate-key", line=at, field=path or "document", key=key)
        children[key] = _place(value_node, f"{path}.{key}" if path else key, depth + 1)
    return Place({str(k): v.value for k, v in children.items()}, path, node.start_mark.line + 1, children)


def _scalar(node: yaml.Node, path: str) -> str | int | bool | None:
    text = str(node.value)
    if getattr(node, "style", None):  # quoted or block text; a plain scalar has none
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text == "":
        return None
    if _INTEGER.match(text):
        return int(text)
    if _NUMBER_LIKE.match(text):
        raise Rejected("rule-float", line=node.start_mark.line + 1, field=path, value=text)
    return text
