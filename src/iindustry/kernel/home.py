"""Where things lie under `$IINDUSTRY_HOME` (ARCHITECTURE, data at rest).

Invariant: paths only; nothing is made here, and the one read is the small file CURRENT.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """One installation's folder."""

    root: Path

    @property
    def landing(self) -> Path:
        """Deliveries byte for byte: `landing/<source>/<delivery_id>/`."""
        return self.root / "landing"

    @property
    def standard(self) -> Path:
        """Standardised records: `lake/standard/<source>/<delivery_id>.parquet`."""
        return self.root / "lake" / "standard"

    @property
    def linkage(self) -> Path:
        """What a run of linking leaves for the next: `lake/linkage/<version>/`."""
        return self.root / "lake" / "linkage"

    @property
    def register(self) -> Path:
        """Register versions: `lake/register/<version>/*.parquet`, and the file `CURRENT` that names one."""
        return self.root / "lake" / "register"

    @property
    def applications(self) -> Path:
        """Snapshots of applications that `insight` reads: `lake/applications/*.parquet`."""
        return self.root / "lake" / "applications"

    @property
    def ministry(self) -> Path:
        """What the ministry counts of its own work: `lake/ministry/live.json`, `history.parquet`."""
        return self.root / "lake" / "ministry"

    @property
    def keys(self) -> Path:
        """Private keys of this installation, readable by its owner alone."""
        return self.root / "keys"

    @property
    def uploads(self) -> Path:
        """Papers that owners sent."""
        return self.root / "uploads"

    @property
    def demo(self) -> Path:
        """The demo country's own files: deliveries made, truth, samples, the demo bank's client keys."""
        return self.root / "demo"


def current_version(home: Home) -> str | None:
    """The name of the register version in force, or None before the first. One small read of the file CURRENT."""
    pointer = home.register / "CURRENT"
    return pointer.read_text(encoding="ascii").strip() if pointer.exists() else None
