"""A demo country for a bench: made and served by the command a newcomer uses, taken away afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from report import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.path.insert(0, str(ROOT / "tests"))
from stage import Stage, open_stage


@contextlib.contextmanager
def running(enterprises: int = 3000) -> Iterator[Stage]:
    """A complete country that answers. As root its database lies outside the home, and goes too."""
    from iindustry.config import database

    print("  making a demo country", flush=True)
    with contextlib.contextmanager(open_stage)(enterprises) as stage:
        cluster = database.cluster_of(stage.home).data.parent
        yield stage
    if cluster.parent == Path("/var/lib/i-industry"):
        shutil.rmtree(cluster, ignore_errors=True)


def environ(stage: Stage, role: str) -> dict[str, str]:
    """What a child process needs to read that country."""
    return os.environ | {  # noqa: TID251 - for a child
        "IINDUSTRY_HOME": str(stage.home),
        "IINDUSTRY_DATABASE_ROLE": role,
        "IINDUSTRY_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "iindustry.config.settings",
    }
