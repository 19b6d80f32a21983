"""Two languages, one page: every visible sentence is written in both, Thai first, side by side where it is used.

A catalogue keeps the two apart and lets one of them go stale unseen; a pair cannot be half translated
(docs/decisions/0004-two-languages-side-by-side.md). Sentences of libraries still come from their catalogues.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from iindustry.web.access import View

_YEAR_SECONDS = 365 * 86_400


def is_thai(request: HttpRequest | None = None) -> bool:
    """Whether this request is answered in Thai; the default is yes."""
    code = getattr(request, "LANGUAGE_CODE", None) or get_language() or "th"
    return not code.startswith("en")


def pick(request: HttpRequest | None, th: str, en: str) -> str:
    """The one of the two that this request reads."""
    return th if is_thai(request) else en


def keeps_typed(view: View) -> View:
    """Let a page's own form carry the language switch, so that nothing chosen or typed is lost (`web/parts/speak.html`).

    The form is posted with `speak`: the view is asked in that language and shows itself again; the cookie is set as the switch
    of other pages sets it. A view asks `is_switched` and does nothing else then.
    """

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_switched(request):
            return view(request, *args, **kwargs)
        language = request.POST["speak"]
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = view(request, *args, **kwargs)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE or _YEAR_SECONDS,
            path=settings.LANGUAGE_COOKIE_PATH, secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY, samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )  # fmt: skip
        response.headers["Content-Language"] = language
        return response

    return spoken


def is_switched(request: HttpRequest) -> bool:
    """Whether a form was posted only to be read in the other language."""
    return request.method == "POST" and request.POST.get("speak") in dict(settings.LANGUAGES)
