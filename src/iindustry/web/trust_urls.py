"""Addresses of the pages of trust."""

from __future__ import annotations

from django.urls import path

from iindustry.web import trust

urlpatterns = [
    path("agreements", trust.agreements, name="agreements"),
    path("verify", trust.verify, name="verify"),
    path("ledger/checkpoint", trust.checkpoint, name="ledger_checkpoint"),
    path("ledger/key", trust.public_key, name="ledger_key"),
    path("privacy", trust.privacy, name="privacy"),
]
