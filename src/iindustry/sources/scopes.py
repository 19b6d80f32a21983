"""Of what part of a register a delivery is the whole: its scope, in codes (`all`, `province=10`, `area=eec`).

A delivery that replaces does so only within its scope; a large fall there is held for a person (trap T40).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected
from iindustry.reference import areas

if TYPE_CHECKING:
    import polars as pl

    from iindustry.sources.contracts import Layout

ALL = "all"
FALL = 0.7  # fewer accepted rows than this share of what they replace is a large fall
FALL_FROM = 20


def of(layout: Layout, common: str, *, said: str | None) -> str:
    """The scope of a delivery: what the sender said, else the layout's own, else what all its rows have in common."""
    if said is not None and said.strip():
        return checked(said)
    return layout.scope or common or ALL


def checked(said: str) -> str:
    """A scope that somebody wrote. Rejected `scope-unreadable`."""
    text = said.strip()
    if not re.fullmatch(r"[a-z_]+=[a-z0-9-]+(?:;[a-z_]+=[a-z0-9-]+)*|all", text):
        raise Rejected("scope-unreadable")
    return text


def is_large_fall(before: int, now: int) -> bool:
    """Whether a delivery has so many fewer rows than the one it replaces that a person should look."""
    return before >= FALL_FROM and now < before * FALL


class Common:
    """What all accepted rows of a delivery have in common, batch after batch: at most two values a column are kept."""

    def __init__(self, layout: Layout) -> None:
        self._names = layout.scope_by
        self._values: dict[str, set[str | None]] = {name: set() for name in layout.scope_by}

    def add(self, accepted: pl.DataFrame) -> None:
        """The accepted rows of the next batch."""
        for name, known in self._values.items():
            if name in accepted.columns and len(known) <= 1:
                known.update(accepted[name].unique().head(2).to_list())

    def scope(self) -> str:
        """`province=10;district=1013` where every row lies in one; codes, never names. Empty where nothing is shared."""
        names = {}
        for name in self._names:
            values = self._values[name]
            only = next(iter(values)) if len(values) == 1 else None
            if only is None:
                break
            names[name] = only
        codes = []
        if "province" in names:
            found = areas.find_province(names["province"])
            codes += [f"province={found}"] if found else []
        if codes and "district" in names:
            found_in = sorted(areas.find(None, names["district"], names["province"]))
            codes += [f"district={found_in[0]}"] if len(found_in) == 1 else []
        return ";".join(codes)
