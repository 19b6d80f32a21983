"""How the registers err: the rates of `data/noise.yaml`, a preset of them, or a file that replaces some.

Invariant: a rate lies between 0 and 0.95, or is exactly what a file or preset set it to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import yaml

from iindustry.generate import calibration
from iindustry.kernel.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 0.95
_STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Noise:
    """Rates by name and source. `drop`: headings that a source leaves out of its file."""

    rates: Mapping[str, Mapping[str, float]]
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def rate(self, name: str, source: str = "rate") -> float:
        """One rate: the source's own, else the one for all, else nought. Raises KeyError for a name that is not declared."""
        row = self.rates[name]
        return row.get(source, row.get("rate", 0.0))


def presets() -> tuple[str, ...]:
    """The names of the presets, in the order of the file."""
    return tuple(calibration.document("noise.yaml")["presets"])


def noise_of(said: str | Path) -> Noise:
    """The noise of a preset's name or of a file of the same shape as `data/noise.yaml`.

    Raises Rejected `noise-unknown` for a name that is neither, `noise-rate-unknown` for a rate that the table does not declare.
    """
    table = calibration.document("noise.yaml")
    if isinstance(said, str) and said in table["presets"]:
        preset = table["presets"][said]
    elif Path(said).is_file():
        loaded = yaml.safe_load(Path(said).read_text(encoding="utf-8"))
        preset = {"factor": 1.0} | (loaded if isinstance(loaded, dict) else {})
    else:
        raise Rejected("noise-unknown", known=", ".join(table["presets"]))
    own = preset.get("rates", {})
    unknown = sorted(set(own) - set(table["rates"]))
    if unknown:
        raise Rejected("noise-rate-unknown", names=", ".join(unknown))
    rates = {
        name: MappingProxyType(_scaled(row, float(preset["factor"])) | _numbers(own.get(name, {})))
        for name, row in table["rates"].items()
    }
    drop = {source: tuple(headings) for source, headings in preset.get("drop", {}).items()}
    return Noise(MappingProxyType(rates), MappingProxyType(drop))


def _numbers(row: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(value) for key, value in row.items() if key != _STANDING}


def _scaled(row: Mapping[str, Any], factor: float) -> dict[str, float]:
    return {key: min(value * factor, _MOST) if factor > 1 else value * factor for key, value in _numbers(row).items()}
