"""Addresses of the steward's pages."""

from __future__ import annotations

from django.urls import path

from iindustry.web import (
    steward,
    steward_acts,
    steward_claims,
    steward_cluster,
    steward_deliveries,
    steward_enterprise,
    steward_pair,
    steward_quality,
    steward_queue,
    steward_versions,
)

urlpatterns = [
    path("steward", steward_queue.queue, name="steward"),
    path("steward/pairs/undo", steward_pair.undo, name="steward_undo"),
    path("steward/pairs/<uuid:pair_id>", steward_pair.pair, name="steward_pair"),
    path("steward/pairs/<uuid:pair_id>/withdraw", steward_pair.withdraw, name="steward_withdraw"),
    path("steward/search", steward.search, name="steward_search"),
    path("steward/enterprise/<str:enterprise_id>", steward_enterprise.enterprise, name="steward_enterprise"),
    path("steward/enterprise/<str:enterprise_id>/cluster", steward_cluster.cluster, name="steward_cluster"),
    path("steward/enterprise/<str:enterprise_id>/edge", steward_cluster.judge, name="steward_edge"),
    path("steward/enterprise/<str:enterprise_id>/merge", steward_acts.merge, name="steward_merge"),
    path("steward/corrections/<uuid:correction_id>", steward_enterprise.answer, name="steward_answer"),
    path("steward/acts", steward_acts.acts, name="steward_acts"),
    path("steward/acts/preview", steward_acts.preview, name="steward_act_preview"),
    path("steward/acts/do", steward_acts.do, name="steward_act_do"),
    path("steward/acts/<uuid:act_id>", steward_acts.act, name="steward_act"),
    path("steward/acts/<uuid:act_id>/approve", steward_acts.approve, name="steward_act_approve"),
    path("steward/acts/<uuid:act_id>/withdraw", steward_acts.withdraw, name="steward_act_withdraw"),
    path("steward/deliveries", steward_deliveries.deliveries, name="steward_deliveries"),
    path("steward/deliveries/<slug:delivery_id>", steward_deliveries.decide, name="steward_delivery_decide"),
    path("steward/claims", steward_claims.claims, name="steward_claims"),
    path("steward/claims/<uuid:claim_id>", steward_claims.answer, name="steward_claim_answer"),
    path("steward/quality", steward_quality.quality, name="steward_quality"),
    path("steward/versions", steward_versions.versions, name="steward_versions"),
]
