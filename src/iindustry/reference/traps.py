"""What is done with each oddity of the real registers, in words for the person who sent the file (`data/traps.yaml`).

Invariant: each of the 41 has words in both languages and at least one test case of its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from iindustry.reference import tables

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Trap:
    """One oddity. `findings`: the codes of findings that it raises, none where the value is simply read."""

    key: str
    th: str
    en: str
    findings: tuple[str, ...]


TRAPS: Mapping[str, Trap] = MappingProxyType(
    {key: Trap(key, row["th"], row["en"], tuple(row["findings"])) for key, row in tables.document("traps.yaml").items()}
)
