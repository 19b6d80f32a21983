"""Which versions' files stay on the disk, and taking away the others.

What stood on a day and what changed between two versions is told by the rows of the past, which stay (decision 0005); the
files of an old version serve set work and exports alone. Invariant: the version in force, the version whose figures are
shown, and versions that somebody named stay whatever their age.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from iindustry.kernel.errors import NotFound, Rejected
from iindustry.kernel.home import current_version
from iindustry.register.models import Publication

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from iindustry.kernel.clock import Clock
    from iindustry.kernel.home import Home

KEEP = 5
"""Versions kept where nobody says how many: the one in force and the four before it."""
UNPUBLISHED_KEPT = timedelta(days=30)
"""How long a version that was made and not put in force (`register-worse`) waits for somebody to look at it."""
_COUNTED = "COUNTED"


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a pruning did: versions kept and taken away, by name. Units: bytes."""

    kept: tuple[str, ...]
    gone: tuple[str, ...]
    freed: int


def prune(*, home: Home, clock: Clock, keep: int = KEEP, named: Collection[str] = ()) -> Pruned:
    """Take away the files of versions that are neither of the newest `keep` nor needed (invariant above).

    `named`: versions to be kept besides. Rejected `versions-kept-none` for `keep` under 1; NotFound `version-absent` for a name
    that has no files. A version whose taking away broke off is taken away by the next call.
    """
    if keep < 1:
        raise Rejected("versions-kept-none")
    there = {one.name for one in home.register.iterdir() if one.is_dir() and not one.name.startswith(".")}
    unknown = sorted(set(named) - there)
    if unknown:
        raise NotFound("version-absent", version=unknown[0])
    staying = _staying(there, home, clock, keep) | set(named)
    gone, freed = sorted(there - staying), 0
    for version in gone:
        for folder in (home.register / version, home.linkage / version):
            if folder.exists():
                freed += _bytes(folder)
                hidden = folder.with_name(f".gone-{version}")  # readers find the whole or nothing
                shutil.rmtree(hidden, ignore_errors=True)
                folder.rename(hidden)
                shutil.rmtree(hidden)
    return Pruned(tuple(sorted(there & staying)), tuple(gone), freed)


def _staying(there: Collection[str], home: Home, clock: Clock, keep: int) -> set[str]:
    rows = Publication.objects.order_by("-number").values_list("version", flat=True)
    published = list(dict.fromkeys(rows))
    counted = home.register / _COUNTED
    needed = {current_version(home), counted.read_text(encoding="ascii").strip() if counted.exists() else None}
    oldest = clock.now() - UNPUBLISHED_KEPT
    waiting = {one for one in set(there) - set(published) if _made(home.register / one) > oldest}
    return {*published[:keep], *waiting, *(one for one in needed if one)}


def _made(folder: Path) -> datetime:
    return datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC)


def _bytes(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
