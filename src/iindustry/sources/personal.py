"""Citizen ids inside cells: 13 digits whose first is not 0. They are shown with three digits only, and kept as a keyed tag.

Invariant: what is masked here cannot be told from its mask; the plain cell lies only in the landing folder.
"""

from __future__ import annotations

import re

_THIRTEEN = re.compile(r"(?<!\d)[1-8](?:[ -]?\d){11}(?P<last>[ -]?\d)(?!\d)")
TAG_CONTEXT = "citizen-id"


def masked(text: str | None) -> str | None:
    """A text with every possible citizen id written `x-xxxx-xxxxx-xx-1`."""
    return None if text is None else _THIRTEEN.sub(lambda found: "x-xxxx-xxxxx-xx-" + found["last"][-1], text)
