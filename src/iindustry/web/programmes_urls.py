"""Addresses of the pages of programmes, the open check and the owner's opportunities."""

from __future__ import annotations

from django.urls import path

from iindustry.web import check, owner_opportunities, programme_page, programmes

urlpatterns = [
    path("programmes", programmes.catalogue, name="programmes"),
    path("programmes/<str:programme_id>", programme_page.programme, name="programme"),
    path("programmes/<str:programme_id>/document", programme_page.document, name="programme_document"),
    path("check", check.check, name="check"),
    path("my/opportunities", owner_opportunities.opportunities, name="my_opportunities"),
    path("my/opportunities/compare", owner_opportunities.compare, name="my_compare"),
    path("my/opportunities/<str:programme_id>", owner_opportunities.opportunity, name="my_opportunity"),
]
