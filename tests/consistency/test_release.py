"""What is installed and what the changelog tells of bear one number."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_newest_entry_of_the_changelog_is_of_the_version_that_is_installed():
    told = re.search(
        r"^## (\d+\.\d+\.\d+) — \d{4}-\d{2}-\d{2}", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert told is not None
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == told[1]
