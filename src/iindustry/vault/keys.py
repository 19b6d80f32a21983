"""The master key of this installation: 32 random bytes in a file that its owner alone can read.

Invariant: a key file is written whole or not at all, and never replaced: two processes that start at once share one key.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from iindustry.kernel.keyfiles import kept

if TYPE_CHECKING:
    from pathlib import Path

_BYTES = 32


@lru_cache(maxsize=8)
def master_key(folder: Path) -> bytes:
    """The master key kept in `folder/vault.key`, made at the first call (mode 0600, folder 0700)."""
    key = kept(folder / "vault.key", lambda: secrets.token_bytes(_BYTES))
    if len(key) != _BYTES:
        raise RuntimeError("vault.key is not 32 bytes long: restore it from the backup of keys")
    return key
