"""One spelling of letters: case, digits, spaces, brackets and the order of Thai marks, and sara am that a PDF lost.

First of all steps, for names and addresses alike (LINKAGE section 4.1, traps T13, T14, T34).
Invariant: only letters change here, no word is cut.
"""

from __future__ import annotations

from iindustry.standardise.rewriting import Compose, Letters, Rewrite, Step

_HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_ODD_SPACES = "\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_MARKS = "ัิีึืฺุู็่้๊๋์ํ๎"
_LOWER = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_DIGITS = dict(zip("๐๑๒๓๔๕๖๗๘๙", "0123456789", strict=True))
_FULL_WIDTH = {
    chr(code + 0xFEE0): chr(code).lower() for code in range(ord("!"), ord("~") + 1) if chr(code) not in "[]\"'"
}
_ACCENTS = {
    sign: plain
    for plain, signs in {
        "a": "àáâãäåÀÁÂÃÄÅ", "c": "çÇ", "e": "èéêëÈÉÊË", "i": "ìíîïÌÍÎÏ", "n": "ñÑ", "o": "òóôõöøÒÓÔÕÖØ", "u": "ùúûüÙÚÛÜ", "y": "ýÿÝ",
    }.items()
    for sign in signs
}  # fmt: skip
_ONCE = Letters({mark * times: mark for mark in _MARKS for times in (2, 3, 4, 8)})

CLEAN: tuple[Step, ...] = (
    Compose(),
    Rewrite(f"[{_HIDDEN}]", ""),
    Rewrite(f"[{_ODD_SPACES}]", " "),
    Letters(_LOWER | _DIGITS | _FULL_WIDTH | _ACCENTS),
    Rewrite("[‐‑‒–—―−]", "-"),
    Rewrite("เเ", "แ"),
    Rewrite("\u0e4d([่-๋]?)า", "${1}ำ"),
    Rewrite("([่-๋])\u0e4dา", "${1}ำ"),
    _ONCE,
    _ONCE,
    Rewrite("([่-๋]+)([ัิ-ฺ็]+)", "${2}${1}"),
    Rewrite("ำ([่-๋])", "${1}ำ"),
    _ONCE,
    Rewrite(r"[\[【]", "("),
    Rewrite(r"[\]】]", ")"),
    Rewrite("[\"'“”‘’`´]", ""),
    Rewrite(" {2,}", " "),
    Rewrite("^ | $", ""),
)
"""One case, one kind of digit, space, dash and bracket, one order of Thai marks."""

_LOST_AM = (
    "จากัด", "นาเข้า", "สานักงาน", "จาหน่าย", "บารุง", "ชานาญ", "กาลัง", "กาจัด", "กาไร", "กาหนด", "กาเนิด", "สาเร็จ",
    "สาหรับ", "สาคัญ", "สาอาง", "สาราญ", "ดาเนิน", "อานวย", "อานาจ", "คานวณ", "ทางาน", "ทาความ", "บาบัด", "จานวน", "จาเริญ",
    "ลาเลียง", "ลาไย", "ลาพูน", "ลาปาง", "ตารับ", "อาเภอ", "นาเที่ยว", "กาแพง",
)  # fmt: skip
_AFTER_WATER = "แข็ง|มัน|ดื่ม|ตาล|ปลา|หอม|พริก|ผึ้ง|บาดาล"
REPAIR: tuple[Step, ...] = (
    Rewrite("([ก-ฮ][่-๋]?) +[าำ]", "${1}ำ"),
    Letters({word: word.replace("า", "ำ", 1) for word in _LOST_AM} | {"รามคาแหง": "รามคำแหง", "ค้าประกัน": "ค้ำประกัน"}),
    Rewrite(f"(^|[^ห])น้า({_AFTER_WATER})", "${1}น้ำ${2}"),
)
"""Sara am that text taken from a PDF lost, by a dictionary of words that are none without it (T34).

No word begins with sara aa or sara am: a space before one is where the sign fell apart.
"""
