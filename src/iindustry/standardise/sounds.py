"""Classes of consonants that Thai and Latin letters share, so that a name in English only can meet one in Thai.

Eleven classes, K J S T N G(ng) P M L W H, and nothing for y and vowels. d and t, b p and f, l and r are one class each:
romanised Thai writes a final ด as t and พ as ph, and names from English keep the other letter.
Measured on nothing yet but generated names: it is evidence for finding candidates, never a ground to join.
"""

from __future__ import annotations

from iindustry.standardise.rewriting import Letters, Rewrite, Step

CLASSES = "KJSTNGPMLWH"
_OF_THAI = {
    "กขฃคฅฆ": "K", "จฉชฌ": "J", "ซศษส": "S", "ดตถทธฎฏฐฑฒ": "T", "นณญ": "N", "ง": "G", "บปผพภฝฟ": "P", "ม": "M", "รลฬฤฦ": "L",
    "ว": "W", "หฮ": "H",
}  # fmt: skip
_ONCE = Letters({sign * times: sign for sign in CLASSES for times in (2, 3, 4)})

OF_THAI: tuple[Step, ...] = (
    Rewrite("ั[่-๋]?ว", ""),
    Rewrite("[ทตก]ร์|[ก-ฮ][ิุ]์|[งจฌญฎฏฐฑฒณตทธนบพภมยวศษหฬอ]์", ""),
    Rewrite("ทร([ัาีงไ])", "ซ${1}"),
    Rewrite("รร", "น"),
    Rewrite("ญ([ะัาำ-ู])", "${1}"),
    Rewrite("ห([งญนมยรลว])", "${1}"),
    Rewrite("[^ก-ฮ]+", ""),
    Letters({sign: kind for signs, kind in _OF_THAI.items() for sign in signs} | {"ย": "", "อ": ""}),
    _ONCE,
)
"""Of a core. Silent letters go, but those that stand for an English letter (`ส์ ร์ ล์ ด์ ค์ ก์ ป์ ฟ์ ช์ ซ์`) stay."""

_OF_A_LETTER = {
    "b": "P", "c": "S", "d": "T", "f": "P", "g": "J", "h": "J", "j": "J", "k": "K", "l": "L", "m": "M", "n": "N", "p": "P",
    "q": "KW", "r": "L", "s": "S", "t": "T", "v": "W", "w": "TPLW", "x": "KS", "y": "W", "z": "ST", "a": "", "e": "", "i": "",
    "o": "", "u": "",
}  # fmt: skip
"""A letter that stands alone is named, as Thai writes it: A.B. is เอ.บี."""

OF_LATIN: tuple[Step, ...] = (
    Rewrite("[^a-z]+", "  "),
    Rewrite("^", " "),
    Rewrite("$", " "),
    Letters({f" {letter} ": f" {named} " for letter, named in _OF_A_LETTER.items()}),
    Rewrite("[ts]ion|tial", "JN"),
    Rewrite("tech|teck", "TK"),
    Rewrite("logy", "L"),
    Letters({
        "ng": "G", "nge": "NJ", "ngi": "NJ", "sh": "J", "ch": "J", "ck": "K", "ph": "P", "th": "T", "kh": "K", "gh": "K", "dh": "T",
        "bh": "P", "rh": "L", "wh": "W", "ce": "S", "ci": "S", "cy": "S", "ge": "J", "gi": "J", "gy": "J", "qu": "KW", "x": "KS",
        "b": "P", "c": "K", "d": "T", "f": "P", "g": "K", "h": "H", "j": "J", "k": "K", "l": "L", "m": "M", "n": "N", "p": "P",
        "q": "K", "r": "L", "s": "S", "t": "T", "v": "W", "w": "W", "z": "S",
    }),
    Rewrite("[^A-Z]+", ""),
    _ONCE,
)  # fmt: skip
"""Of an English name without its form, words still apart."""
