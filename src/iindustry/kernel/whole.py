"""Files that others read while they are written anew: under a hidden name of their own first, then renamed.

Invariant: whoever opens the file finds the old one or the new one, whole, also after the power went; two who write it at
once, in one process or in several, never share a page. What a kill leaves has a hidden name, and `leftovers` takes it away.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from iindustry.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to, put in its stead when the block ends well; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}-{new_id()}")
    try:
        yield fresh
        with fresh.open("rb+") as written:
            os.fsync(written.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
