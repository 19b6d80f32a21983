"""The level that a pair reaches, in plain Python: the twin of the table's SQL, for one record against a few hundred.

An engine spends far longer on planning such a question than on answering it. The conditions of `comparisons` are read as
they stand, so a comparison that is added there is known here; what unknown says follows SQL: neither true nor false.
Invariant: for every pair the level is the one that the SQL gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from rapidfuzz.distance import Levenshtein

from iindustry.linkage.comparisons import COMPARISONS, MISSING

Row = Mapping[str, Any]
Reading = Callable[[Row, Row], Any]

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*)|'([^']*)'|(<>|<=|>=|[=<>()*,+-])|([a-z_][a-z_0-9]*))", re.IGNORECASE)


def levels_of(left: Row, right: Row) -> dict[str, str]:
    """The level reached by each comparison, `missing` where a side says nothing. Rows: compared columns; absent is null."""
    return {name: _level(missing, levels, left, right) for name, missing, levels in _table()}


def _level(missing: Reading, levels: tuple[tuple[str, Reading | None], ...], left: Row, right: Row) -> str:
    if missing(left, right) is True:
        return MISSING
    return next(name for name, holds in levels if holds is None or holds(left, right) is True)


@cache
def _table() -> tuple[tuple[str, Reading, tuple[tuple[str, Reading | None], ...]], ...]:
    return tuple(
        (
            one.name,
            read(one.missing),
            tuple((level.name, None if level.condition == "ELSE" else read(level.condition)) for level in one.levels),
        )
        for one in COMPARISONS
    )


def read(condition: str) -> Reading:
    """A condition as a function of the two sides: True, False, or None for unknown. ValueError for what it cannot read."""
    tokens = _Tokens(condition)
    found = _either(tokens)
    if tokens.next is not None:
        raise ValueError(f"what is this in a condition: {tokens.next}")
    return found


class _Tokens:
    """The words of a condition, one ahead."""

    def __init__(self, text: str) -> None:
        self._found: list[tuple[str, str]] = []
        place = 0
        while place < len(text.rstrip()):
            match = _TOKEN.match(text, place)
            if match is None:
                raise ValueError(f"what is this in a condition: {text[place:]}")
            number, string, sign, name = match.groups()
            kind = "number" if number else "text" if string is not None else "sign" if sign else "name"
            self._found.append((kind, number or (string if string is not None else sign or name.lower())))
            place = match.end()
        self._place = 0

    @property
    def next(self) -> str | None:
        return self._found[self._place][1] if self._place < len(self._found) else None

    def take(self, *words: str) -> bool:
        """Whether these words stand next; they are passed by if so."""
        ahead = [one for kind, one in self._found[self._place : self._place + len(words)] if kind != "text"]
        if ahead != list(words):
            return False
        self._place += len(words)
        return True

    def one(self) -> tuple[str, str]:
        self._place += 1
        return self._found[self._place - 1]


def _either(tokens: _Tokens) -> Reading:
    parts = [_both(tokens)]
    while tokens.take("or"):
        parts.append(_both(tokens))
    if len(parts) == 1:
        return parts[0]

    def any_of(left: Row, right: Row) -> bool | None:
        unknown = False
        for part in parts:
            said = part(left, right)
            if said is True:
                return True
            unknown = unknown or said is None
        return None if unknown else False

    return any_of


def _both(tokens: _Tokens) -> Reading:
    parts = [_not(tokens)]
    while tokens.take("and"):
        parts.append(_not(tokens))
    if len(parts) == 1:
        return parts[0]

    def all_of(left: Row, right: Row) -> bool | None:
        unknown = False
        for part in parts:
            said = part(left, right)
            if said is False:
                return False
            unknown = unknown or said is None
        return None if unknown else True

    return all_of


def _not(tokens: _Tokens) -> Reading:
    if not tokens.take("not"):
        return _compared(tokens)
    inner = _not(tokens)

    def opposite(left: Row, right: Row) -> bool | None:
        said = inner(left, right)
        return None if said is None else not said

    return opposite


def _compared(tokens: _Tokens) -> Reading:
    one = _sum(tokens)
    if tokens.take("is", "not", "null"):
        return lambda left, right: one(left, right) is not None
    if tokens.take("is", "null"):
        return lambda left, right: one(left, right) is None
    if tokens.take("is", "distinct", "from"):
        other = _sum(tokens)
        return lambda left, right: one(left, right) != other(left, right)
    for sign, holds in _SIGNS.items():
        if tokens.take(sign):
            return _known(holds, one, _sum(tokens))
    return one


def _sum(tokens: _Tokens) -> Reading:
    found = _product(tokens)
    while True:
        if tokens.take("-"):
            found = _known(lambda a, b: a - b, found, _product(tokens))
        elif tokens.take("+"):
            found = _known(lambda a, b: a + b, found, _product(tokens))
        else:
            return found


def _product(tokens: _Tokens) -> Reading:
    found = _factor(tokens)
    while tokens.take("*"):
        found = _known(lambda a, b: a * b, found, _factor(tokens))
    return found


def _factor(tokens: _Tokens) -> Reading:
    kind, word = tokens.one()
    if word == "(" and kind == "sign":
        inner = _either(tokens)
        _closed(tokens)
        return inner
    if kind in {"number", "text"}:
        fixed: Any = float(word) if kind == "number" else word
        return lambda *_: fixed
    if word in {"true", "false"}:
        is_true = word == "true"
        return lambda *_: is_true
    if tokens.take("("):
        return _called(word, tokens)
    name, side = word[:-2], word[-2:]
    if side == "_l":
        return lambda left, _: left.get(name)
    if side == "_r":
        return lambda _, right: right.get(name)
    raise ValueError(f"what is this in a condition: {word}")


def _called(word: str, tokens: _Tokens) -> Reading:
    given = [_either(tokens)]
    while tokens.take(","):
        given.append(_either(tokens))
    _closed(tokens)
    if word == "coalesce":
        return lambda left, right: next((said for one in given if (said := one(left, right)) is not None), None)
    if word not in _FUNCTIONS:
        raise ValueError(f"what is this in a condition: {word}")
    return _known(_FUNCTIONS[word], *given)


def _closed(tokens: _Tokens) -> None:
    if not tokens.take(")"):
        raise ValueError("a bracket of a condition is not closed")


def _known(work: Callable[..., Any], *given: Reading) -> Reading:
    """What a function makes of known values; of an unknown one, unknown."""

    def worked(left: Row, right: Row) -> Any:
        values = [one(left, right) for one in given]
        return None if None in values else work(*values)

    return worked


def _edits(one: str, other: str) -> int:
    """Edit distance in bytes, as the engine counts it."""
    return Levenshtein.distance(one.encode(), other.encode())


_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "length": len,
    "abs": abs,
    "greatest": max,
    "least": min,
    "levenshtein": _edits,
    "starts_with": str.startswith,
    "list_has_any": lambda one, other: not set(one).isdisjoint(other),
}
