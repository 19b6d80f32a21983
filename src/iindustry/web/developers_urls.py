"""Addresses of the pages for developers, and of the health page."""

from django.urls import path

from iindustry.web import developers

urlpatterns = [
    path("developers", developers.developers, name="developers"),
    path("developers/problems/<slug:code>", developers.problem, name="problem"),
    path("health", developers.health, name="health"),
]
