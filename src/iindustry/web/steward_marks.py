"""Where two texts differ, in signs as a reader sees them: `ที่` is one sign, and no mark ever cuts through it.

Graphemes are the extended clusters of Unicode (UAX 29) as far as registers need them: a base with all that stands on, under
or behind it. SARA AM is a letter by its category but belongs to its consonant (น้ำ is one sign); เ and แ stand alone.
"""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher
from typing import NamedTuple

MOST = 400
"""Signs of one text that are compared; of longer texts the whole is marked."""
ALIKE = 0.4
"""Texts less alike than this are marked whole: a text of marks tells nobody anything."""
_ATTACHED = frozenset({"Mn", "Me", "Mc"})
_JOINED = frozenset({"\u0e33", "\u0eb3", "\u200c", "\u200d"})


class Run(NamedTuple):
    """A piece of a text, and whether the other text has something else in its place."""

    text: str
    differs: bool


class Marked(NamedTuple):
    """Both texts in pieces, and in how many places they differ."""

    left: tuple[Run, ...]
    right: tuple[Run, ...]
    places: int


def graphemes(text: str) -> list[str]:
    """The signs of a text, each whole. Joined together they are the text again."""
    signs: list[str] = []
    for point in text:
        if signs and (unicodedata.category(point) in _ATTACHED or point in _JOINED):
            signs[-1] += point
        else:
            signs.append(point)
    return signs


def marked(left: str, right: str) -> Marked:
    """Both texts (NFC) with the signs marked that the other does not have there."""
    one, other = graphemes(unicodedata.normalize("NFC", left)), graphemes(unicodedata.normalize("NFC", right))
    if one == other:
        return Marked(_whole(one, differs=False), _whole(other, differs=False), 0)
    if max(len(one), len(other)) > MOST:
        return Marked(_whole(one, differs=True), _whole(other, differs=True), 1)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < ALIKE:
        return Marked(_whole(one, differs=True), _whole(other, differs=True), 1)
    sides: tuple[list[Run], list[Run]] = ([], [])
    places = 0
    for what, a, b, c, d in matcher.get_opcodes():
        differs = what != "equal"
        places += differs
        sides[0].extend(_whole(one[a:b], differs=differs))
        sides[1].extend(_whole(other[c:d], differs=differs))
    return Marked(tuple(sides[0]), tuple(sides[1]), places)


def _whole(signs: list[str], *, differs: bool) -> tuple[Run, ...]:
    return (Run("".join(signs), differs),) if signs else ()
