"""Packaged tables of law and public fact. Each file names the law or public page it comes from, in its head or its `source`.

Invariant: read only, read once; nothing here depends on the day it is read.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

# libyaml is twenty times quicker; both loaders make the same plain values
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def text(name: str) -> str:
    """The text of one packaged file of `reference/data`."""
    return files("iindustry.reference").joinpath("data", name).read_text(encoding="utf-8")


@cache
def document(name: str) -> dict[str, Any]:
    """A YAML table. The caller must not change it: it is shared."""
    loaded: dict[str, Any] = yaml.load(text(name), Loader=_LOADER)  # noqa: S506 - a safe loader, see above
    return loaded


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """A CSV table; lines that begin with `#` tell its source."""
    lines = (line for line in text(name).splitlines() if not line.startswith("#"))
    return tuple(csv.DictReader(lines))


@cache
def json_document(name: str) -> dict[str, Any]:
    """A JSON table. The caller must not change it: it is shared."""
    loaded: dict[str, Any] = json.loads(text(name))
    return loaded
