"""A rule's text edited by a form: each change is cut into the text where it belongs, and nothing else of it moves.

A policy officer fills a form, a lawyer reads the YAML, both write the same draft: so the text is the only truth, and a
form never writes it anew. Invariant: what an edit does not name keeps its bytes, comments and order included; after
`edited(text, path, value)` the document read at `path` is `value`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from iindustry.kernel.errors import Rejected
from iindustry.programmes.documents import refuse_unsafe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.@-]*\Z")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
GROUPS = ("all", "any", "at_least", "not", "some")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form: a group (`fact` empty) or a condition, how deep it stands, and what it says.

    `path` is where it stands in the document (`conditions.all[0]`); `values` is the condition as written.
    """

    path: str
    depth: int
    kind: str
    id: str
    fact: str
    values: Mapping[str, Any]
    list_path: str


def plain(text: str) -> Any:
    """The first document of a text as maps, lists and scalars; None where it cannot be read.

    Only for showing a form: what a rule means is read by `documents.read`, which is stricter.
    """
    node = _composed(text)
    return None if node is None else _value(node)


def at(document: Any, path: str) -> Any:
    """What stands at a path of a document; None where nothing does."""
    for step in _steps(path):
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    return document


def outline(text: str, path: str = "conditions") -> tuple[Row, ...]:
    """The groups and conditions of a rule in document order, as rows of a form."""
    document = plain(text)
    tree = at(document, path) if isinstance(document, dict) else None
    return tuple(_rows(tree, path, 0, "")) if isinstance(tree, dict) else ()


def edited(text: str, path: str, value: Any) -> str:
    """The text with `value` at `path`: replaced where something stands, else added at the end of its map.

    Raises Rejected `draft-unreadable` for a text that is no YAML, `draft-place-absent` where the map above is missing.
    """
    root = _root(text)
    steps = _steps(path)
    node = _find(root, steps)
    if node is not None:
        return _spliced(text, node, written(value))
    above = _find(root, steps[:-1])
    if not isinstance(above, yaml.MappingNode) or not isinstance(steps[-1], str):
        raise Rejected("draft-place-absent", field=path)
    return _with_key(text, above, steps[-1], value)


def removed(text: str, path: str) -> str:
    """The text without the entry at `path`, a key of a map or an item of a list.

    Raises Rejected `draft-unreadable`, `draft-place-absent`; `draft-last-item` for the only item of a list, which would
    leave a group that asks nothing.
    """
    root = _root(text)
    steps = _steps(path)
    above, node = _find(root, steps[:-1]), _find(root, steps)
    if above is None or node is None:
        raise Rejected("draft-place-absent", field=path)
    if isinstance(above, yaml.SequenceNode):
        if len(above.value) == 1:
            raise Rejected("draft-last-item", field=path)
        return _without(text, above, above.value.index(node), node, node)
    if not isinstance(above, yaml.MappingNode):
        raise Rejected("draft-place-absent", field=path)
    pairs = above.value
    place = next(i for i, (key, _) in enumerate(pairs) if key.value == steps[-1])
    return _without(text, above, place, pairs[place][0], node)


def added(text: str, path: str, item: Any) -> str:
    """The text with one more item at the end of the list at `path`. Raises as `edited`."""
    node = _find(_root(text), _steps(path))
    if not isinstance(node, yaml.SequenceNode):
        raise Rejected("draft-place-absent", field=path)
    if node.flow_style or not node.value:
        inside = text[node.start_mark.index + 1 : node.end_mark.index - 1].rstrip()
        comma = ", " if node.value and not inside.endswith(",") else ""
        end = node.start_mark.index + 1 + len(inside)
        return text[:end] + comma + written(item) + text[node.end_mark.index - 1 :]
    last = node.value[-1]
    dash = text.rindex("-", 0, last.start_mark.index)
    indent = dash - (text.rfind("\n", 0, dash) + 1)
    end = _line_end(text, _last_index(text, last))
    return text[:end] + "\n" + " " * indent + "- " + written(item) + text[end:]


def _steps(path: str) -> list[str | int]:
    return [int(number) if number else name for number, name in _STEP.findall(path)]


def _composed(text: str) -> yaml.Node | None:
    try:
        refuse_unsafe(text)  # before anything is built: depth, aliases and size are a stranger's to choose
    except Rejected:
        return None
    try:
        return next(iter(yaml.compose_all(text, Loader=_LOADER)), None)
    except yaml.YAMLError:
        return None


def _root(text: str) -> yaml.Node:
    node = _composed(text)
    if node is None:
        raise Rejected("draft-unreadable", field="text")
    return node


def _find(node: yaml.Node, steps: Sequence[str | int]) -> yaml.Node | None:
    found: yaml.Node | None = node
    for step in steps:
        if isinstance(found, yaml.MappingNode):
            found = next((value for key, value in found.value if key.value == step), None)
        elif isinstance(found, yaml.SequenceNode) and isinstance(step, int) and step < len(found.value):
            found = found.value[step]
        else:
            return None
    return found


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(one) for one in node.value]
    if not isinstance(node, yaml.ScalarNode) or node.style:
        return node.value
    return _SCALARS.get(node.value, int(node.value) if re.fullmatch(r"-?(0|[1-9]\d{0,17})", node.value) else node.value)


_SCALARS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "": None}


def _rows(tree: Mapping[str, Any], path: str, depth: int, list_path: str) -> Iterator[Row]:
    kind = next((key for key in GROUPS if key in tree), "")
    if not kind:
        yield Row(path, depth, "", str(tree.get("id", "")), str(tree.get("fact", "")), tree, list_path)
        return
    below = tree[kind]
    inner, of = f"{path}.{kind}", below
    if kind == "at_least" and isinstance(below, dict):
        inner, of = f"{inner}.of", below.get("of")
    elif kind == "some" and isinstance(below, dict):
        how = next((key for key in ("all", "any") if key in below), "all")
        inner, of = f"{inner}.{how}", below.get(how)
    name = str(below.get("id", "")) if isinstance(below, dict) else ""
    yield Row(path, depth, kind, name, "", below if isinstance(below, dict) else {}, inner)
    if isinstance(of, dict):
        yield from _rows(of, inner, depth + 1, "")
    for place, one in enumerate(of if isinstance(of, list) else ()):
        if isinstance(one, dict):
            yield from _rows(one, f"{inner}[{place}]", depth + 1, inner)


def written(value: Any) -> str:
    """A value as flow YAML that the strict reader takes: text in quotes unless it is a simple name."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(str(key))}: {written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(written(one) for one in value) + "]"
    text = str(value)
    return text if _PLAIN.match(text) and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)


def _spliced(text: str, node: yaml.Node, written: str) -> str:
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:  # a block ends where its last entry does
        end = _last_index(text, node)
        below_key = text.rfind("\n", 0, start) + 1
        if text[below_key:start].strip() in {"", "-"} and "-" not in text[below_key:start]:
            start = len(text[:below_key].rstrip("\n"))
            written = " " + written
    elif isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        end = start + len(text[start:end].rstrip("\n"))
    elif isinstance(node, yaml.ScalarNode) and start == end:  # nothing was written after the colon
        written = " " + written
    return text[:start] + written + text[end:]


def _with_key(text: str, node: yaml.MappingNode, key: str, value: Any) -> str:
    entry = f"{written(key)}: {written(value)}"
    if node.flow_style or not node.value:
        inside = text[node.start_mark.index + 1 : node.end_mark.index - 1].rstrip()
        comma = ", " if node.value and not inside.endswith(",") else ""
        end = node.start_mark.index + 1 + len(inside)
        return text[:end] + comma + entry + text[node.end_mark.index - 1 :]
    indent = node.start_mark.column
    end = _line_end(text, _last_index(text, node))
    return text[:end] + "\n" + " " * indent + entry + text[end:]


def _without(text: str, above: yaml.CollectionNode, place: int, first: yaml.Node, last: yaml.Node) -> str:
    """The text without one entry of a map or list. `first` to `last` are its nodes."""
    start, end = first.start_mark.index, _last_index(text, last)
    if above.flow_style:
        after = re.match(r"\s*,\s*", text[end:])
        if after:
            return text[:start] + text[end + after.end() :]
        return text[:start].rstrip().removesuffix(",").rstrip() + text[end:]
    line = text.rfind("\n", 0, start) + 1
    if isinstance(above, yaml.MappingNode) and place == 0 and text[line:start].strip():  # `- key: …`, first on its line
        second = above.value[1][0].start_mark.index if len(above.value) > 1 else end
        return text[:start] + text[second:]
    return text[:line] + text[_line_end(text, end) + 1 :]


def _last_index(text: str, node: yaml.Node) -> int:
    """Where what a node says ends: of a block, its last entry; comments behind it are not its own."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_index(text, last[1] if isinstance(last, tuple) else last)
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        return len(text[: node.end_mark.index].rstrip())
    return int(node.end_mark.index)


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end
