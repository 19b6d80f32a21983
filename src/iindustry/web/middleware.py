"""Thai unless someone chose English, and refused use cases as pages (code to words and status stands in `words/`)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.utils import translation

from iindustry.kernel.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

COMPRESSED = ("text/html", "text/csv")


class PagesCompressed(GZipMiddleware):
    """Pages and tables are compressed; answers of the exchange are not: their digest and signature cover the bytes as sent."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress HTML and CSV, leave all else alone."""
        if not response.headers.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)


class ThaiFirst:
    """The language of a request: the one chosen by the switch (a cookie), else Thai, whatever the browser prefers.

    Most phones in Thailand ask for English first, and their owners read Thai (UX section 10).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class DomainErrors:
    """Turns a refused use case into its page, with the status of its class; keeps no page of anybody's in any cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on. A refusal or an absent page names in its head who asks, as any other page does."""
        from iindustry.web.access import keep_nowhere

        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET" and not response.content:
            from iindustry.web.refusals import by_button

            response = by_button(request, response)
        keep_nowhere(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: list[object], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """A NUL typed into an address or a form is nobody's question: it answers as absent, and no query sees it."""
        del view, args
        texts = [value for values in (request.GET, request.POST) for _, found in values.lists() for value in found]
        if not any("\0" in text for text in (*texts, *map(str, kwargs.values()))):
            return None
        from iindustry.web.refusals import absent

        return absent(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal; anything else goes on to Django."""
        if not isinstance(exception, DomainError):
            return None
        from iindustry.web.refusals import page_of

        return page_of(request, exception)
