"""A word in both languages, as the steward's pages hand it to their templates."""

from __future__ import annotations

from typing import NamedTuple


class Both(NamedTuple):
    """A word in both languages, as the filter `say` reads it."""

    th: str
    en: str
