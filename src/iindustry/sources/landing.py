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
from typing import TYPE_CHECKING

from iindustry.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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
    folder = home.landing / ".incoming" / str(new_id())
    folder.mkdir(parents=True, mode=0o700)
    digest = hashlib.sha256()
    with file.open("rb") as source, (folder / ORIGINAL).open("wb") as out:
        while piece := source.read(_CHUNK):
            digest.update(piece)
            out.write(piece)
    return Incoming(folder, digest.hexdigest())


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
    """Take back what did not become a delivery."""
    shutil.rmtree(incoming.folder, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
