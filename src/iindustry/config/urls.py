"""Every address: pages from `web`, machine routes from `api`. Modules are named by dotted string; the layers hold.

Of allauth's pages only sign-in and sign-out are open: people are enrolled by their organisation or by the demo, and a page
for mail and passwords that nobody looked after would be worse than none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import urls as account
from django.urls import URLPattern, include, path
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

OPEN = {"account_login", "account_logout"}


def closed(request: HttpRequest, **_: str) -> HttpResponse:
    """A page of a library that is not offered: answers as absent."""
    answer: HttpResponse = import_string("iindustry.web.refusals.absent")(request)
    return answer


urlpatterns = [
    path(
        "accounts/",
        include(
            [one if one.name in OPEN else URLPattern(one.pattern, closed, name=one.name) for one in account.urlpatterns]
        ),
    ),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("iindustry.api.urls")),
    path("", include("iindustry.web.urls")),
]

handler400 = "iindustry.web.refusals.mistaken"
handler404 = "iindustry.web.refusals.absent"
handler500 = "iindustry.web.refusals.broken"
