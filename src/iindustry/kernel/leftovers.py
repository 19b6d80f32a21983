"""What killed processes leave in a folder where everything is written under a hidden name first and renamed when whole.

Invariant: a hidden name that nobody has written to for two hours is nobody's work any more.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KEPT = timedelta(hours=2)


def sweep(folder: Path, *, now: datetime) -> int:
    """Take away every file and folder under `folder` whose name begins with a dot and that is older than `KEPT`; how many.

    A folder is as old as the newest thing in it. `now`: an aware instant.
    """
    gone = 0
    for path in sorted(folder.rglob(".*")) if folder.is_dir() else []:
        if path.exists() and now - _written(path) > KEPT:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            gone += 1
    return gone


def _written(path: Path) -> datetime:
    newest = 0.0
    for one in (path, *(path.rglob("*") if path.is_dir() else ())):
        try:
            newest = max(newest, one.lstat().st_mtime)
        except FileNotFoundError:  # its process is alive and has just renamed it
            continue
    return datetime.fromtimestamp(newest, tz=UTC)
