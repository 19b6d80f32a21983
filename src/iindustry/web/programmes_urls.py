"""Addresses of the pages of programmes, the open check and the owner's opportunities."""

from __future__ import annotations

from django.urls import path

from iindustry.web import programmes

urlpatterns = [
    path("programmes", programmes.catalogue, name="programmes"),
    path("programmes/<str:programme_id>", programmes.programme, name="programme"),
    path("check", programmes.check, name="check"),
    path("my/opportunities", programmes.opportunities, name="my_opportunities"),
    path("my/opportunities/<str:programme_id>", programmes.opportunity, name="my_opportunity"),
]
