"""Every address: pages from `web`, machine routes from `api`. Modules are named by dotted string; the layers hold."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("iindustry.api.urls")),
    path("", include("iindustry.web.urls")),
]

handler404 = "iindustry.web.refusals.absent"
handler500 = "iindustry.web.refusals.broken"
