"""The master key of this installation: 32 random bytes in a file that its owner alone can read.

Invariant: a key file is written whole or not at all, and never replaced: two processes that start at once share one key.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_BYTES = 32


@lru_cache(maxsize=8)
def master_key(folder: Path) -> bytes:
    """The master key kept in `folder/vault.key`, made at the first call (mode 0600, folder 0700)."""
    path = folder / "vault.key"
    if not path.exists():
        _make(path)
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise RuntimeError("vault.key is not 32 bytes long: restore it from the backup of keys")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # fails where another process was first; its key is then ours
    except FileExistsError:
        return
    finally:
        fresh.unlink()
