"""Two languages, one page: every visible sentence is written in both, Thai first, side by side where it is used.

A catalogue keeps the two apart and lets one of them go stale unseen; a pair cannot be half translated
(docs/decisions/0004-two-languages-side-by-side.md). Sentences of libraries still come from their catalogues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.http import HttpRequest


def is_thai(request: HttpRequest | None = None) -> bool:
    """Whether this request is answered in Thai; the default is yes."""
    code = getattr(request, "LANGUAGE_CODE", None) or get_language() or "th"
    return not code.startswith("en")


def pick(request: HttpRequest | None, th: str, en: str) -> str:
    """The one of the two that this request reads."""
    return th if is_thai(request) else en
