"""Why two records are different enterprises: a short list to choose from by digit, and free words beside it.

A judgement keeps its reason as text: the key of the list, then the free words. What was written otherwise is read as it is.
"""

from __future__ import annotations

from typing import NamedTuple


class Why(NamedTuple):
    """One reason of the list, chosen by its digit."""

    digit: str
    key: str
    th: str
    en: str


WHYS = (
    Why("1", "other-number", "เลขทะเบียนต่างกัน และยังใช้อยู่ทั้งสองเลข", "Different registration numbers, both in use"),
    Why("2", "other-name", "ชื่อคล้ายกัน แต่เป็นคนละชื่อ", "The names are alike, but they are two names"),
    Why("3", "common-name", "ชื่อสามัญที่หลายกิจการใช้", "A common name that several enterprises use"),
    Why("4", "other-place", "ที่ตั้งและกิจกรรมไม่เกี่ยวข้องกัน", "Place and activity have nothing in common"),
    Why(
        "5",
        "related-firms",
        "กิจการในเครือหรือรับช่วงต่อ แต่คนละนิติบุคคล",
        "Related firms or a successor, but two legal persons",
    ),
    Why("6", "other-person", "ผู้ประกอบการเป็นคนละคน", "The operators are two persons"),
)
_SEPARATOR = ": "
_BY_KEY = {one.key: one for one in WHYS}


def written(key: str, words: str) -> str:
    """The reason as a judgement keeps it; empty where nothing was chosen or said. An unknown key says nothing."""
    return _SEPARATOR.join(part for part in (key if key in _BY_KEY else "", words.strip()) if part)


def read(text: str) -> tuple[Why | None, str]:
    """The reason of the list, if it was one, and the free words."""
    key, _, words = text.partition(_SEPARATOR)
    return (_BY_KEY[key], words) if key in _BY_KEY else (None, text)
