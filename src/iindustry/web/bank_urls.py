"""Addresses of the bank officer's pages."""

from __future__ import annotations

from django.urls import path

from iindustry.web import bank

urlpatterns = [
    path("bank", bank.queue, name="bank_queue"),
    path("bank/applications/<uuid:application_id>", bank.case, name="bank_case"),
    path("bank/applications/<uuid:application_id>/claim", bank.claim, name="bank_claim"),
    path("bank/applications/<uuid:application_id>/ask", bank.ask, name="bank_ask"),
    path("bank/applications/<uuid:application_id>/approve", bank.approve, name="bank_approve"),
    path("bank/applications/<uuid:application_id>/decline", bank.decline, name="bank_decline"),
    path("bank/applications/<uuid:application_id>/disburse", bank.disburse, name="bank_disburse"),
    path("bank/applications/<uuid:application_id>/papers/<uuid:paper_id>", bank.paper_file, name="bank_paper"),
]
