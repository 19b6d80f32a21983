"""Domain errors become pages here, and only here: code to words and status stands in `web.words`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.kernel.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class DomainErrors:
    """Turns a refused use case into its page, with the status of its class."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal; anything else goes on to Django."""
        if not isinstance(exception, DomainError):
            return None
        from iindustry.web.refusals import page_of

        return page_of(request, exception)
