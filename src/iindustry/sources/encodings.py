"""Which encoding a text file is in, by a strict rule of ours; a general guesser errs silently (ASSURANCE section 7).

Byte-order mark, then the zero-byte pattern of UTF-16, then strict UTF-8, then CP874 when at least 97 % of its high bytes
are Thai letters, else refused with the row. One encoding a file: where rows in another were pasted in, the file is refused
with the row in which the second begins, because which of the two is right is for the sender to see. Text that UTF-8
accepts but that was Thai read as Latin-1 is refused, and so is a NUL.
Invariant: bytes that cannot be read are refused, never replaced.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from iindustry.kernel.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_THAI_SHARE = 0.97
_THAI = bytes(range(0xA1, 0xDB)) + bytes(range(0xDF, 0xFC))
_ASCII = bytes(range(0x80))
_THAI_UTF8 = re.compile(rb"(?:\xe0[\xb8\xb9][\x80-\xbf]){5}")
_CONSONANT = b"\xe0\xb8"  # how every consonant begins in UTF-8; rare in CP874, and looked for fast
_LONGEST_RUN = 16
_ZERO_SHARE = 0.3
_MOJIBAKE_LEAST = 8
_ALLOWED_MARKS = {0xA0: None, 0xB0: None, 0xB1: None, 0xB2: None, 0xB3: None, 0xB5: None, 0xB7: None, 0xD7: None}


@dataclass(frozen=True, slots=True)
class _Count:
    """High bytes of a file, and those of them that CP874 gives to Thai letters."""

    high: int
    thai: int


def detect(path: Path) -> str:
    """The Python name of a text file's encoding. Raises Rejected `file-encoding-unknown` with the row that broke it."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
    for mark, name in _BOMS:
        if head.startswith(mark):
            if mark == codecs.BOM_UTF8 and (row := _first_fault(path, name)) is not None:
                raise Rejected("file-two-encodings" if _first_row_of_utf8(path) else "file-encoding-unknown", row=row)
            return name
    if zeros := _utf16_by_zeros(head):
        return zeros
    fault = _first_fault(path, "utf-8")
    if fault is None:
        return "utf-8"
    pasted = _first_row_of_utf8(path)
    if pasted is not None:
        raise Rejected("file-two-encodings", row=max(fault, pasted))
    count, fault_of_thai = _count_high(path), _first_fault(path, "cp874")
    if fault_of_thai is not None or count.high == 0 or count.thai / count.high < _THAI_SHARE:
        raise Rejected("file-encoding-unknown", row=fault_of_thai or fault)
    return "cp874"


def text_of(path: Path, encoding: str) -> Iterator[str]:
    r"""The file's text in pieces, line ends made `\\n`. Raises Rejected at the first byte that the encoding refuses."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    rows = 1
    left = ""
    with path.open("rb") as file:
        while True:
            piece = file.read(CHUNK)
            try:
                text = left + decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                broken = piece[: error.start].count(b"\n")
                raise Rejected("file-encoding-unknown", row=rows + broken) from None
            left = "\r" if piece and text.endswith("\r") else ""
            text = text.removesuffix("\r") if left else text
            _refuse_nul(text, rows)
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            rows += text.count("\n")
            if text:
                yield text
            if not piece:
                return


def refuse_mojibake(sample: str) -> None:
    """Refuse text that turns into Thai when read again as CP874: it was saved wrongly before it was sent."""
    if len(sample.encode("latin-1", "ignore").translate(None, delete=_ASCII)) < _MOJIBAKE_LEAST:
        return  # nothing of Latin-1 in it: the usual case, found out fast
    high = [sign for sign in sample if "\xa0" <= sign <= "\xff" and ord(sign) not in _ALLOWED_MARKS]
    thai = sum("ก" <= sign <= "๛" for sign in sample)
    if len(high) < _MOJIBAKE_LEAST or thai > len(high):
        return
    again = "".join(high).encode("latin-1")
    if sum(byte in _THAI for byte in again) / len(again) >= _THAI_SHARE:
        raise Rejected("file-encoding-broken-before")


def _utf16_by_zeros(head: bytes) -> str | None:
    sample = head[:4096]
    if len(sample) < 4:  # noqa: PLR2004 - too little to tell
        return None
    even, odd = sample[0::2].count(0) / len(sample[0::2]), sample[1::2].count(0) / len(sample[1::2])
    if max(even, odd) < _ZERO_SHARE or min(even, odd) > 0.05:  # noqa: PLR2004 - both sides zero: not text
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _first_fault(path: Path, encoding: str) -> int | None:
    """The row of the first byte that an encoding refuses, counted by line feeds; None where all of it decodes."""
    try:
        for _ in text_of(path, encoding):
            pass
    except Rejected as error:
        if error.code != "file-encoding-unknown":
            raise
        row = error.facts["row"]
        return row if isinstance(row, int) else 1
    return None


def _first_row_of_utf8(path: Path) -> int | None:
    """The first row with Thai as UTF-8 writes it, in a file that is not UTF-8; None where there is none.

    Five Thai letters on end in UTF-8 would be five pairs of `เธ` or `เน` in CP874, each with a sign that rarely follows: no
    Thai text holds that.
    """
    row = 1
    left = b""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            text = left + piece
            if _CONSONANT in text and (found := _THAI_UTF8.search(text)):
                return row + text.count(b"\n", 0, found.start())
            left = text[-_LONGEST_RUN:]
            row += text.count(b"\n", 0, len(text) - len(left))
    return None


def _count_high(path: Path) -> _Count:
    high = thai = 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            above = piece.translate(None, delete=_ASCII)
            high += len(above)
            thai += len(above) - len(above.translate(None, delete=_THAI))
    return _Count(high, thai)


def _refuse_nul(text: str, row: int) -> None:
    if "\0" in text:
        raise Rejected("file-holds-nul", row=row + text[: text.index("\0")].count("\n"))


def write_utf8(path: Path, encoding: str, to: IO[str]) -> None:
    """Write a text file again as UTF-8, refusing what `text_of` refuses and text that was broken before it was sent."""
    for number, text in enumerate(text_of(path, encoding)):
        if number == 0:
            refuse_mojibake(text)
        to.write(text)
