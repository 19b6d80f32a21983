"""Addresses of pages. Each area keeps its own list, so that a page is found by its area's name."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

AREAS = (
    "public", "scoreboard", "programmes", "trust", "developers", "owner", "consents", "bank", "agency", "steward",
    "policy", "audit", "studio",
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = []
for area in AREAS:
    name = f"iindustry.web.{area}_urls"
    if find_spec(name):
        urlpatterns += import_module(name).urlpatterns
