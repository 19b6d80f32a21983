"""A tiny writer of old workbooks (BIFF5 in an OLE container), so that a file in code page 874 can be tested."""

from __future__ import annotations

import struct

_SECTOR = 512
_FREE, _END, _IS_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def workbook(rows, *, codepage=874):
    """An .xls of one sheet: texts in the code page, numbers as floats, as an old program saves them."""
    sheet = _record(0x0809, struct.pack("<HHHH", 0x0500, 0x0010, 0, 0))
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                text = cell.encode(f"cp{codepage}")
                sheet += _record(0x0204, struct.pack("<HHHH", place, column, 0, len(text)) + text)
            else:
                sheet += _record(0x0203, struct.pack("<HHHd", place, column, 0, cell))
    sheet += _record(0x000A, b"")
    head = _record(0x0809, struct.pack("<HHHH", 0x0500, 0x0005, 0, 0)) + _record(0x0042, struct.pack("<H", codepage))
    name = b"Sheet1"
    bound = _record(0x0085, struct.pack("<IBBB", 0, 0, 0, len(name)) + name)
    start = len(head) + len(bound) + 4
    bound = _record(0x0085, struct.pack("<IBBB", start, 0, 0, len(name)) + name)
    return _contained(head + bound + _record(0x000A, b"") + sheet)


def _record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def _contained(stream):
    """The stream `Book` in an OLE container: header, its sectors, the directory, the allocation table."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    stream = stream.ljust(sectors * _SECTOR, b"\0")
    table = [*range(1, sectors), _END, _END, _IS_FAT]
    table += [_FREE] * (_SECTOR // 4 - len(table))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Book", 2, _FREE, 0, len(stream))
    directory += (b"\0" * 66 + b"\0\0" + struct.pack("<III", _FREE, _FREE, _FREE) + b"\0" * 48) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, sectors, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", sectors + 1, *[_FREE] * 108)
    return header + stream + directory.ljust(_SECTOR, b"\0") + struct.pack(f"<{_SECTOR // 4}I", *table)


def _entry(name, kind, child, start, size):
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + struct.pack("<III", _FREE, _FREE, child)
    return entry + b"\0" * 36 + struct.pack("<IQ", start, size)
