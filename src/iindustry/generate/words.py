"""The words that made-up firms and people are named with: `data/names.yaml`, `data/names_other.yaml`, or a file like them.

Invariant: every list holds (Thai, Latin) pairs in falling order of use; nothing in them is anybody's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from iindustry.generate import calibration
from iindustry.kernel.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Pairs = tuple[tuple[str, str], ...]
_SHIPPED = {"default": "names.yaml", "other": "names_other.yaml"}
_PAIRS = ("first", "second", "modern", "general", "tails", "letters")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One list of words. `trade_words`: whether a firm is named after its trade, else by a general word."""

    kinds: Mapping[str, float]
    first: Pairs
    second: Pairs
    modern: Pairs
    general: Pairs
    tails: Pairs
    letters: Pairs
    syllables: Pairs
    numbers: tuple[str, ...]
    roads: tuple[str, ...]
    tumble: Mapping[str, str]
    men: tuple[str, ...]
    women: tuple[str, ...]
    families: tuple[str, ...]
    trade_words: bool


def vocabulary_of(said: str | Path | None = None) -> Vocabulary:
    """The shipped list (`default`, the one where None is said), the second one (`other`), or a file of the same shape.

    Raises Rejected `vocabulary-unknown` for what is neither, `vocabulary-incomplete` where a list is missing.
    """
    name = "default" if said is None else str(said)
    if name in _SHIPPED:
        return _shipped(_SHIPPED[name])
    if not Path(name).is_file():
        raise Rejected("vocabulary-unknown", known=", ".join(_SHIPPED))
    return _vocabulary(yaml.safe_load(Path(name).read_text(encoding="utf-8")))


@cache
def _shipped(name: str) -> Vocabulary:
    return _vocabulary(calibration.document(name))


def _vocabulary(document: Mapping[str, Any]) -> Vocabulary:
    missing = sorted(
        {*_PAIRS, "kinds", "onsets", "rhymes", "numbers", "roads", "tumble", "people", "given_parts", "family_parts"}
        - set(document)
    )
    if missing:
        raise Rejected("vocabulary-incomplete", names=", ".join(missing))
    men, women, families = _composed(document)
    if document["people"] == "faker":
        men, women, families = (own + rule for own, rule in zip(_people(), (men, women, families), strict=True))
    return Vocabulary(
        kinds=document["kinds"],
        **{name: _pairs(document[name]) for name in _PAIRS},
        syllables=tuple(
            (rhyme_th.format(onset_th), onset + rhyme)
            for (rhyme_th, rhyme), (onset_th, onset) in product(_pairs(document["rhymes"]), _pairs(document["onsets"]))
        ),
        numbers=tuple(document["numbers"]),
        roads=tuple(document["roads"]),
        tumble=document["tumble"],
        men=men,
        women=women,
        families=families,
        trade_words=document.get("trade_words", "trade") == "trade",
    )


def _pairs(rows: Sequence[Sequence[str]]) -> Pairs:
    return tuple((str(thai), str(latin)) for thai, latin in rows)


def _people() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Given names of men and women and family names, from Faker's th_TH provider (MIT)."""
    from faker.providers.person.th_TH import Provider

    return tuple(Provider.first_names_male), tuple(Provider.first_names_female), tuple(Provider.last_names)


def _composed(document: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    given, family = document["given_parts"], document["family_parts"]
    names = tuple(a + b for a, b in product(given["first"], given["second"]))
    families = tuple(a + b + c for a, b, c in product(family["first"], family["second"], family["third"]))
    return names[::2], names[1::2], families
