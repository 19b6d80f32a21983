"""The page of a refusal: what happened, where, and what to do, in the words of the `words/` tables.

Forbidden and absent look alike: NotFound and an unknown address give the same page, status and length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render
from django.urls import is_valid_path

from iindustry.config import words
from iindustry.kernel.errors import Conflict, Denied, DomainError, NotFound, Rejected
from iindustry.web.language import is_thai

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

STATUS: dict[type[DomainError], int] = {NotFound: 404, Denied: 403, Conflict: 409, Rejected: 422}


def sentence(request: HttpRequest | None, error: DomainError) -> str:
    """A refusal in this request's language, its facts filled in."""
    return words.sentence(error, "th" if is_thai(request) else "en")


def page_of(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The whole page of a refusal, with its class's status."""
    if isinstance(error, NotFound):
        return absent(request)
    context = {"sentence": sentence(request, error), "code": error.code}
    return render(request, "web/refused.html", context, status=STATUS[type(error)])


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's handler404
    """The one page of everything that is not there."""
    return render(request, "web/absent.html", status=404)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's CSRF_FAILURE_VIEW
    """The page of a press without this session's token: the form was open too long, or cookies are off. Nothing was done."""
    return page_of(request, Denied("form-stale"))


def by_button(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The page of an address that takes presses only, opened as a page: a reload, or the other language after a faulty press.

    It tells the same whatever the address names, and leads to the nearest address above, where the form is if anywhere.
    """
    context = {"sentence": sentence(request, Rejected("page-by-button")), "code": "page-by-button"}
    page = render(request, "web/refused.html", context | {"up": _above(request.path)}, status=answer.status_code)
    page.headers["Allow"] = answer.headers["Allow"]
    return page


def _above(path: str) -> str:
    """The nearest address above this one that names a page."""
    while path := path.rstrip("/").rpartition("/")[0]:
        if is_valid_path(path):
            return path
    return "/"


def mistaken(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of a request that cannot be read: too large a file, too many fields, an address not ours. Django's handler400."""
    is_large = isinstance(exception, RequestDataTooBig)
    context = {"sentence": sentence(request, Rejected("request-too-large" if is_large else "request-unreadable"))}
    return render(request, "web/refused.html", context | {"code": 400}, status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """The page of a fault of ours: an incident number, what is safe, try again. Django's handler500."""
    from iindustry.kernel.ids import new_id

    number = str(new_id())
    import logging

    logging.getLogger("iindustry.web").error("incident %s", number)
    return render(request, "web/broken.html", {"number": number}, status=500)
