"""Addresses of the owner's consents and of who saw my data."""

from __future__ import annotations

from django.urls import path

from iindustry.web import consents

urlpatterns = [
    path("my/consents", consents.consents, name="my_consents"),
    path("my/consents/<uuid:consent_id>/withdraw", consents.withdraw, name="my_consent_withdraw"),
    path("my/consents/<uuid:consent_id>/pause", consents.pause, name="my_consent_pause"),
    path("my/consents/<uuid:consent_id>/receipt", consents.consent_receipt, name="my_consent_receipt"),
    path("my/seen", consents.seen, name="my_seen"),
    path("my/seen/<uuid:disclosure_id>/receipt", consents.seen_receipt, name="my_seen_receipt"),
]
