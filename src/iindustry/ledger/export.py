"""The exported log as a file: one JSON object a line, and small files written whole."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from iindustry.ledger import audit
from iindustry.ledger.views import Fault

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Exported:
    """What a file holds. `faults` are lines that could not be read; `key` is None where the file names none."""

    key: str | None
    leaves: tuple[audit.StoredLeaf, ...]
    checkpoints: tuple[tuple[int, str], ...]
    faults: tuple[Fault, ...]


def read(path: Path) -> Exported:
    """Read an export, line by line. A line that cannot be read is a fault, not an exception."""
    key: str | None = None
    leaves: list[audit.StoredLeaf] = []
    checkpoints: list[tuple[int, str]] = []
    faults: list[Fault] = []
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            try:
                said = json.loads(line)
                if said["type"] == "key":
                    key = str(said["key"])
                elif said["type"] == "leaf":
                    leaves.append(_leaf(said))
                elif said["type"] == "checkpoint":
                    checkpoints.append((int(said["size"]), str(said["note"])))
                else:
                    faults.append(Fault("export-line", f"line {number}"))
            except (ValueError, KeyError, TypeError, AttributeError):
                faults.append(Fault("export-line", f"line {number}"))
    return Exported(key, tuple(leaves), tuple(checkpoints), tuple(faults))


def _leaf(said: dict[str, Any]) -> audit.StoredLeaf:
    entry_id, text = UUID(said["entry_id"]), said["leaf"]
    hashed = base64.b64decode(said["hash"], validate=True)
    return audit.StoredLeaf(int(said["index"]), entry_id, hashed, _entry(entry_id, text))


def _entry(entry_id: UUID, text: str | None) -> audit.StoredEntry | None:
    """The entry as its leaf tells it: an export carries no columns beside it."""
    if text is None:
        return None
    try:
        said = json.loads(text)
        said = said if isinstance(said, dict) else {}
    except ValueError:
        said = {}
    kind, at = str(said.get("kind")), str(said.get("at"))
    return audit.StoredEntry(entry_id, kind, at, said.get("subject_tag"), str(said.get("actor_tag")), text, None)


def write_whole(path: Path, text: str) -> None:
    """Replace a small file: written beside, made durable, then renamed over."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)  # noqa: PTH105 - one atomic call, which the crash harness watches
