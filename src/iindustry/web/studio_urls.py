"""Addresses of the studio's pages."""

from __future__ import annotations

from django.urls import path

from iindustry.web import studio, studio_draft

urlpatterns = [
    path("studio", studio.studio, name="studio"),
    path("studio/new", studio.begin, name="studio_new"),
    path("studio/compare", studio.compare, name="studio_compare"),
    path("studio/<uuid:draft_id>", studio_draft.draft, name="studio_draft"),
    path("studio/<uuid:draft_id>/live", studio_draft.live, name="studio_live"),
    path("studio/<uuid:draft_id>/decide", studio_draft.decide, name="studio_decide"),
]
