"""The numbers and words the demo country is drawn with, from `generate/data`, each marked measured or assumed there."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _text(name: str) -> str:
    return files("iindustry.generate").joinpath("data", name).read_text(encoding="utf-8")


@cache
def document(name: str) -> dict[str, Any]:
    """A YAML table of this package. Shared: not to be changed."""
    loaded: dict[str, Any] = yaml.load(_text(name), Loader=_LOADER)  # noqa: S506 - a safe loader, see above
    return loaded


@cache
def province_mix() -> tuple[dict[str, str], ...]:
    """How enterprises and target industries spread over the provinces."""
    lines = (line for line in _text("province_mix.csv").splitlines() if not line.startswith("#"))
    return tuple(csv.DictReader(lines))


def numbers() -> dict[str, Any]:
    """`calibration.yaml`."""
    return document("calibration.yaml")


def rate(group: str, name: str) -> float:
    """One rate of `calibration.yaml`."""
    return float(numbers()[group][name]["rate"])


def mark() -> str:
    """What everything made here says of itself: ข้อมูลสมมติ."""
    return str(numbers()["mark"]["th"])
