"""Addresses of the analyst's pages."""

from __future__ import annotations

from django.urls import path

from iindustry.web import policy

urlpatterns = [
    path("policy", policy.policy, name="policy"),
    path("policy/funnel.csv", policy.funnel_csv, name="policy-funnel-csv"),
]
