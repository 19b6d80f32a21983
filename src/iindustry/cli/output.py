"""What a command prints: facts on stdout, progress on stderr, a refusal in three lines or one JSON object.

Invariant: the exit code is 0 done, 1 refused with reasons, 2 misuse; nothing else.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from iindustry.config import words

if TYPE_CHECKING:
    from iindustry.kernel.errors import DomainError

DONE, REFUSED, MISUSE = 0, 1, 2
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_DO_TH = " โปรด"
_NEXT = {"th": "สั่ง i-industry doctor เพื่อตรวจระบบ", "en": "Run i-industry doctor to look for the cause."}
_NOT_DONE = {"th": "ไม่ได้ทำ", "en": "not done"}


class Language:
    """The language of this call: `en`, or `th` with --lang th."""

    code = "en"


def pick(th: str, en: str) -> str:
    """The one of the two that this call reads."""
    return th if Language.code == "th" else en


def say(text: str) -> None:
    """One line of facts."""
    sys.stdout.write(text + "\n")


def tell(text: str) -> None:
    """One line of progress or advice; never on stdout."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def show(value: object, *, as_json: bool, text: str) -> None:
    """A result: one JSON object, or the text made for people."""
    say(json.dumps(plain(value), ensure_ascii=False, indent=2) if as_json else text)


def refuse(error: DomainError, *, command: str, as_json: bool) -> int:
    """A refusal: what, why, what to do. Returns the exit code."""
    if as_json:
        say(json.dumps({"error": document(error)}, ensure_ascii=False, indent=2))
        return REFUSED
    why, fix = parts(words.sentence(error, Language.code), Language.code)
    tell(f"i-industry {command}: {_NOT_DONE[Language.code]} ({error.code})")
    tell(why)
    tell(fix or _NEXT[Language.code])
    return REFUSED


def document(error: DomainError) -> dict[str, Any]:
    """A refusal as JSON: code, both sentences, where (the facts), fix."""
    th, en = words.sentence(error, "th"), words.sentence(error, "en")
    return {
        "code": error.code,
        "message_th": th,
        "message_en": en,
        "where": plain(error.facts),
        "fix": parts(en, "en")[1] or _NEXT["en"],
    }


def parts(sentence: str, language: str) -> tuple[str, str]:
    """A refusal's words taken apart: why, and what to do (empty where the words do not say).

    In English the last sentence says what to do; in Thai it begins with โปรด.
    """
    if language == "th":
        why, found, rest = sentence.partition(_DO_TH)
        return why.strip(), (_DO_TH + rest).strip() if found else ""
    head, found, rest = sentence.rstrip(".").rpartition(". ")
    return (f"{head}.", f"{rest}.") if found else (sentence, "")


def plain(value: object) -> Any:
    """A value as JSON writes it: dataclasses as objects, dates as ISO, sets sorted, anything else as its text."""
    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, Enum)):
        return value
    for kind, written in _WRITERS:
        if isinstance(value, kind):
            return written(value)
    if dataclasses.is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    return str(value)


def _object(value: Mapping[str, object]) -> dict[str, Any]:
    return {str(plain(key)): plain(one) for key, one in value.items()}


_WRITERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Enum, lambda value: value.value),
    (date, lambda value: value.isoformat()),
    (Mapping, _object),
    (AbstractSet, lambda value: sorted((plain(one) for one in value), key=str)),
    (Sequence, lambda value: [plain(one) for one in value]),
)
