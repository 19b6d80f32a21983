"""Addresses of the steward's pages."""

from __future__ import annotations

from django.urls import path

from iindustry.web import steward

urlpatterns = [
    path("steward", steward.queue, name="steward"),
    path("steward/pairs/<uuid:pair_id>", steward.pair, name="steward_pair"),
    path("steward/pairs/<uuid:pair_id>/withdraw", steward.withdraw, name="steward_withdraw"),
    path("steward/search", steward.search, name="steward_search"),
    path("steward/enterprise/<str:enterprise_id>", steward.enterprise, name="steward_enterprise"),
    path("steward/corrections/<uuid:correction_id>", steward.answer, name="steward_answer"),
]
