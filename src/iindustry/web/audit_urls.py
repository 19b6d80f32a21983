"""Addresses of the auditor's pages."""

from __future__ import annotations

from django.urls import path

from iindustry.web import audit

urlpatterns = [
    path("audit", audit.log, name="audit"),
    path("audit/entries/<uuid:entry_id>", audit.entry, name="audit_entry"),
    path("audit/entries/<uuid:entry_id>/receipt", audit.entry_receipt, name="audit_receipt"),
    path("audit/agreements", audit.agreements, name="audit_agreements"),
    path("audit/consents", audit.consents, name="audit_consents"),
    path("audit/consents/<uuid:consent_id>", audit.consent, name="audit_consent"),
    path("audit/verify", audit.verify, name="audit_verify"),
]
