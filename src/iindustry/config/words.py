"""The sentences of refusals: code to words in Thai and English, from the tables `web/words/*.yaml`.

Pages, the API and the command say the same sentence for the same code. A sentence says what is the matter, where, and
what to do. One code stands in one table, and every code that is raised has words: tests look for both. Where they looked
in vain the first table by name is believed, and a code without words gets a sentence that admits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iindustry.kernel.errors import DomainError

FOLDER = Path(__file__).resolve().parents[1] / "web" / "words"


@dataclass(frozen=True, slots=True)
class Words:
    """What one code says. `status` is the HTTP status its class has; None where the table leaves it to the class."""

    th: str
    en: str
    status: int | None = None


UNKNOWN = Words(
    "ระบบทำรายการนี้ไม่ได้ และยังไม่มีคำอธิบายสำหรับเหตุนี้ กรุณาแจ้งรหัสข้อผิดพลาดแก่ผู้ดูแลระบบ",
    "This cannot be done, and no explanation of the reason has been written yet. Please give the code to the operator.",
)


def words_of(code: str) -> Words:
    """The words of a code; a sentence that admits it where no table has the code."""
    return all_words().get(code, UNKNOWN)


def sentence(error: DomainError, language: str) -> str:
    """A refusal in `th` or `en`, its facts filled in; a fact that is absent shows as a dash."""
    words = words_of(error.code)
    return (words.en if language == "en" else words.th).format_map(
        _Facts({name: _said(fact) for name, fact in error.facts.items() if fact is not None})
    )


def _said(fact: object) -> object:
    """A fact as a sentence holds it: several things are a plain list of their names."""
    return ", ".join(map(str, fact)) if isinstance(fact, list | tuple) else fact


@cache
def all_words() -> Mapping[str, Words]:
    """Every code with its words, read once."""
    return read(FOLDER)


def read(folder: Path) -> Mapping[str, Words]:
    """The tables of a folder joined; the first table by name has the word."""
    joined: dict[str, Words] = {}
    for table in tables(folder).values():
        joined = {**table, **joined}
    return joined


def tables(folder: Path) -> dict[str, dict[str, Words]]:
    """Each table of a folder, by file name."""
    return {path.name: _table(path) for path in sorted(folder.glob("*.yaml"))}


def _table(path: Path) -> dict[str, Words]:
    raw: dict[str, dict[str, str | int]] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {code: _words(entry) for code, entry in raw.items()}


def _words(entry: Mapping[str, str | int]) -> Words:
    status = entry.get("status")
    return Words(str(entry["th"]), str(entry["en"]), int(status) if status is not None else None)


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "—"
