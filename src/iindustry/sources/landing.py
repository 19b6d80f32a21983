"""The landing folder: every delivery byte for byte, its manifest, its accepted and its quarantined rows.

`landing/<source>/<delivery_id>/{original, manifest.json, accepted.parquet, quarantined.parquet}`. A folder is filled
under `.incoming`, synced, then renamed: it is there whole or not at all. A folder without its row in the database was
left by a killed process; the next delivery of the same bytes replaces it.
Invariant: the id of a delivery is made from the hash of its bytes, so that the same bytes land in the same place.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iindustry.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iindustry.kernel.home import Home

ORIGINAL = "original"
ACCEPTED = "accepted.parquet"
QUARANTINED = "quarantined.parquet"
MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjkmnpqrstv")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A delivery's bytes on their way in: a folder of their own under `.incoming`, and their hash."""

    folder: Path
    sha256: str

    @property
    def original(self) -> Path:
        """The bytes."""
        return self.folder / ORIGINAL


def delivery_id(source: str, sha256: str) -> str:
    """`dip-bcdfghjkmnpqrstv…`: twenty letters of the hash (80 bits), without digits: an address never looks like an id."""
    return f"{source}-{sha256[:20].translate(_LETTERS)}"


def folder_of(home: Home, source: str, delivery: str) -> Path:
    """Where a delivery lies."""
    return home.landing / source / delivery


def take_in(file: Path, *, home: Home) -> Incoming:
    """Copy a file into a fresh folder under `.incoming`, hashing while it streams."""
    with file.open("rb") as source:
        taken = take_pieces(iter(lambda: source.read(_CHUNK), b""), home=home)
    assert taken is not None  # noqa: S101 - no limit was given
    return taken


def take_pieces(pieces: Iterable[bytes], *, home: Home, most: int | None = None) -> Incoming | None:
    """Write pieces into a fresh folder under `.incoming`, hashing while they stream; None where they are over `most` bytes.

    Whatever goes wrong on the way leaves nothing behind.
    """
    folder = _incoming(home) / str(new_id())
    folder.mkdir(parents=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    is_done = False
    try:
        with (folder / ORIGINAL).open("wb") as out:
            for piece in pieces:
                size += len(piece)
                if most is not None and size > most:
                    return None
                digest.update(piece)
                out.write(piece)
        is_done = True
    finally:
        if not is_done:
            shutil.rmtree(folder, ignore_errors=True)
    return Incoming(folder, digest.hexdigest())


def write_ticket(incoming: Incoming, facts: Mapping[str, str | None]) -> None:
    """Write whose a waiting file is beside its folder, synced: it outlives the folder's renaming."""
    path = _ticket(incoming.folder)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    _sync(incoming.original)
    _sync(part)
    part.rename(path)


def read_ticket(incoming_id: str, *, home: Home) -> dict[str, Any] | None:
    """What `write_ticket` wrote, or None."""
    path = _ticket(_incoming(home) / Path(incoming_id).name)
    facts: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    return facts


def waiting(incoming_id: str, *, home: Home, source: str, sha256: str) -> Incoming | None:
    """A waiting file. One whose folder was landed by a process that was killed then is taken back from where it lies."""
    folder = _incoming(home) / Path(incoming_id).name
    landed = folder_of(home, source, delivery_id(source, sha256)) / ORIGINAL
    if not (folder / ORIGINAL).is_file():
        if not landed.is_file():
            return None
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(landed, folder / ORIGINAL)
    return Incoming(folder, sha256)


def apart(incoming: Incoming, *, home: Home) -> Incoming | None:
    """The bytes of a waiting file in a folder of their own: two who read it at once never write to one place.

    None where the file is gone: somebody else has finished with it.
    """
    folder = _incoming(home) / str(new_id())
    folder.mkdir(parents=True, mode=0o700)
    try:
        os.link(incoming.original, folder / ORIGINAL)
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)
        return None
    except OSError:  # a file system without hard links
        shutil.copyfile(incoming.original, folder / ORIGINAL)
    return Incoming(folder, incoming.sha256)


def sweep(*, home: Home, now: datetime) -> int:
    """Take away folders without a ticket that nobody has written to for two hours, and waiting files of two days; how many."""
    if not _incoming(home).is_dir():
        return 0
    gone = 0
    for folder in sorted(_incoming(home).iterdir()):
        if not folder.is_dir():
            if not folder.with_suffix("").is_dir() and _age(folder, now) > _KEPT_WAITING:
                folder.unlink(missing_ok=True)
            continue
        kept = _KEPT_WAITING if _ticket(folder).is_file() else _KEPT_WITHOUT_TICKET
        if _age(folder, now) > kept:
            discard(Incoming(folder, ""))
            gone += 1
    return gone


_KEPT_WITHOUT_TICKET, _KEPT_WAITING = timedelta(hours=2), timedelta(days=2)


def _age(path: Path, now: datetime) -> timedelta:
    inside = sorted(path.rglob("*")) if path.is_dir() else []
    newest = max((one.stat().st_mtime for one in (path, *inside) if one.exists()), default=0.0)
    return now - datetime.fromtimestamp(newest, tz=UTC)


def _incoming(home: Home) -> Path:
    return home.landing / ".incoming"


def _ticket(folder: Path) -> Path:
    return folder.with_name(folder.name + ".json")


def write_manifest(incoming: Incoming, facts: Mapping[str, object]) -> None:
    """Write `manifest.json`: what was sent, by whom, read how."""
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (incoming.folder / MANIFEST).write_text(text, encoding="utf-8")


def land(incoming: Incoming, target: Path) -> None:
    """Sync a filled folder and rename it to its place; what a killed process left there goes first."""
    for path in sorted(incoming.folder.iterdir()):
        _sync(path)
    _sync(incoming.folder)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if target.exists():
        shutil.rmtree(target)
    incoming.folder.rename(target)
    _sync(target.parent)


def discard(incoming: Incoming) -> None:
    """Take back what did not become a delivery, with its ticket."""
    shutil.rmtree(incoming.folder, ignore_errors=True)
    _ticket(incoming.folder).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
