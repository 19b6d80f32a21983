"""What kind of file was sent, by its first bytes, and the one member of a zip or gz (ASSURANCE section 7).

A zip is looked at before it is opened: entries, unpacked size, ratio, names, encryption. XLSX is a zip too.
Invariant: the name a sender gives is never believed; it only has to agree.
"""

from __future__ import annotations

import gzip
import struct
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path, PurePosixPath

from iindustry.kernel.errors import Rejected

MEBIBYTE = 1 << 20
MOST_ENTRIES = 1000
MOST_UNPACKED = 1024 * MEBIBYTE
MOST_TEXT = 2048 * MEBIBYTE
MOST_SHEET = 100 * MEBIBYTE
MOST_RATIO = 100
_RATIO_FROM = MEBIBYTE  # small texts squeeze well; only a large unpacked size is a threat
_ENCRYPTED = 0x1
_LINK = 0o120000
_STREAMED, _UTF8 = 0x8, 0x800
_SIZE_ELSEWHERE = 0xFFFF_FFFF
_LOCAL = struct.Struct("<4s2xHH4xIIIHH")
_CHUNK = 1 << 20


class Kind(StrEnum):
    """What a delivery's bytes are."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    PARQUET = "parquet"


_EXTENSIONS = {
    ".csv": {Kind.CSV}, ".tsv": {Kind.CSV}, ".txt": {Kind.CSV},
    ".xlsx": {Kind.XLSX}, ".xls": {Kind.XLS, Kind.XLSX}, ".parquet": {Kind.PARQUET},
}  # fmt: skip
_MAGIC = ((b"PAR1", Kind.PARQUET), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.XLS))
_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"BZh",
    b"\x7fELF",
    b"MZ",
    b"\x28\xb5\x2f\xfd",
)


def opened(path: Path, filename: str, folder: Path) -> tuple[Path, Kind]:
    """The file to decode and its kind; a zip or gz is unpacked into `folder` first.

    Raises Rejected `file-type-unknown`, `file-empty`, `file-too-large`, `archive-…`.
    """
    if path.stat().st_size == 0:
        raise Rejected("file-empty")
    name = filename
    inner = path
    head = _head(path)
    if head.startswith(b"\x1f\x8b"):
        inner, name = _ungzip(path, folder), filename.removesuffix(".gz")
    elif head.startswith(b"PK\x03\x04") and not _is_sheet(path):
        inner, name = _unzip(path, folder)
    kind = _kind(inner)
    _check_size(inner, kind)
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in _EXTENSIONS and kind not in _EXTENSIONS[suffix]:
        raise Rejected("file-type-differs", said=suffix.lstrip("."), found=kind.value)
    return inner, kind


def is_packed(path: Path) -> bool:
    """Whether a file is a zip (a workbook is one too) or a gz, by its first bytes."""
    return _head(path).startswith((b"\x1f\x8b", b"PK\x03\x04"))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)


def _kind(path: Path) -> Kind:
    head = _head(path)
    if not head:
        raise Rejected("file-empty")
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK\x03\x04"):
        if _is_sheet(path):
            return Kind.XLSX
        raise Rejected("archive-nested")
    if head.startswith((b"\x1f\x8b", *_FOREIGN)) or head.lstrip()[:1] in {b"<", b"{"}:
        raise Rejected("file-type-unknown")
    return Kind.CSV


def _check_size(path: Path, kind: Kind) -> None:
    most = MOST_SHEET if kind in {Kind.XLSX, Kind.XLS} else MOST_TEXT
    if path.stat().st_size > most:
        raise Rejected("file-too-large", most_mib=most // MEBIBYTE)


def _entries(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):  # zipfile's own: a zip it cannot read
        raise Rejected("archive-broken") from None


def _is_sheet(path: Path) -> bool:
    """Whether a zip is an XLSX workbook; every zip is checked here before anything of it is unpacked."""
    entries = _entries(path)
    check_entries(entries, path.stat().st_size)
    check_headers(path, entries)
    names = {one.filename for one in entries}
    if "[Content_Types].xml" not in names:
        return False
    lowered = {name.lower() for name in names}
    if any(name.endswith("vbaproject.bin") for name in lowered):
        raise Rejected("sheet-has-macro")
    if any(name.startswith("xl/externallinks/") for name in lowered):
        raise Rejected("sheet-has-external-link")
    return "xl/workbook.xml" in lowered


def check_entries(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse an archive by its directory alone."""
    names = [one.filename for one in entries]
    unpacked = sum(one.file_size for one in entries)
    faults = (
        (len(entries) > MOST_ENTRIES, "archive-too-many-entries"),
        (unpacked > MOST_TEXT or (unpacked > MOST_UNPACKED and len(entries) > 1), "archive-too-large"),
        (unpacked > _RATIO_FROM and unpacked > MOST_RATIO * max(packed, 1), "archive-too-large"),
        (len({name.lower() for name in names}) != len(names), "archive-duplicate-name"),
        (sum(one.compress_size for one in entries) > packed, "archive-headers-differ"),
        (any(one.flag_bits & _ENCRYPTED for one in entries), "archive-encrypted"),
        (any((one.external_attr >> 16) & 0o170000 == _LINK for one in entries), "archive-unsafe-name"),
        (any(_unsafe(name) for name in names), "archive-unsafe-name"),
    )
    for found, code in faults:
        if found:
            raise Rejected(code)


def check_headers(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive whose directory says something else than the headers beside its members: two readers would differ."""
    with path.open("rb") as file:
        for one in entries:
            file.seek(one.header_offset)
            head = file.read(_LOCAL.size)
            if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
                raise Rejected("archive-headers-differ")
            _, flags, method, crc, packed, unpacked, length, _ = _LOCAL.unpack(head)
            name = file.read(length)
            said = one.orig_filename.encode("utf-8" if one.flag_bits & _UTF8 else "cp437", "replace")
            # With the streaming flag, and in zip64, sizes stand after the member.
            is_silent = bool(flags & _STREAMED) or _SIZE_ELSEWHERE in {packed, unpacked}
            same_sizes = is_silent or (crc, packed, unpacked) == (one.CRC, one.compress_size, one.file_size)
            if name != said or method != one.compress_type or (flags ^ one.flag_bits) & _ENCRYPTED or not same_sizes:
                raise Rejected("archive-headers-differ")


def _unsafe(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts or ":" in name[:3]


def _unzip(path: Path, folder: Path) -> tuple[Path, str]:
    files = [one for one in _entries(path) if not one.is_dir()]
    if len(files) != 1:
        raise Rejected("archive-not-one-member", members=len(files))
    target = folder / "member"
    try:
        with zipfile.ZipFile(path) as archive, archive.open(files[0]) as source, target.open("wb") as out:
            _copy_limited(source, out, files[0].file_size, path.stat().st_size)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, RuntimeError):  # also a method it lacks
        raise Rejected("archive-broken") from None
    return target, files[0].filename


def _ungzip(path: Path, folder: Path) -> Path:
    target = folder / "member"
    try:
        with gzip.open(path) as source, target.open("wb") as out:
            _copy_limited(source, out, MOST_TEXT, path.stat().st_size)
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise Rejected("archive-broken") from None
    return target


def _copy_limited(source: object, out: object, most: int, packed: int) -> None:
    """Copy, counting as it streams: a directory may lie about sizes."""
    done = 0
    while piece := source.read(_CHUNK):  # type: ignore[attr-defined]
        done += len(piece)
        if done > most or (done > _RATIO_FROM and done > MOST_RATIO * max(packed, 1)):
            raise Rejected("archive-too-large")
        out.write(piece)  # type: ignore[attr-defined]
