"""Addresses of the pages of programmes, the open check and the owner's opportunities."""

from __future__ import annotations

from django.urls import path

from iindustry.web import programme_old, programme_page, programmes

urlpatterns = [
    path("programmes", programmes.catalogue, name="programmes"),
    path("programmes/<str:programme_id>", programme_page.programme, name="programme"),
    path("programmes/<str:programme_id>/document", programme_page.document, name="programme_document"),
    path("check", programme_old.check, name="check"),
    path("my/opportunities", programme_old.opportunities, name="my_opportunities"),
    path("my/opportunities/<str:programme_id>", programme_old.opportunity, name="my_opportunity"),
]
