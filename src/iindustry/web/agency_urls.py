"""Addresses of the agency data officer's pages."""

from __future__ import annotations

from django.urls import path

from iindustry.web import agency

urlpatterns = [
    path("agency", agency.home, name="agency"),
    path("agency/upload", agency.upload, name="agency_upload"),
    path("agency/templates/<slug:source>", agency.template, name="agency_template"),
    path("agency/deliveries/<slug:delivery_id>", agency.delivery, name="agency_delivery"),
    path("agency/deliveries/<slug:delivery_id>/mend", agency.mend, name="agency_mend"),
    path("agency/deliveries/<slug:delivery_id>/rows", agency.faulty_rows, name="agency_rows"),
    path("agency/deliveries/<slug:delivery_id>/workbook", agency.mend_by_workbook, name="agency_workbook"),
    path("agency/corrections", agency.corrections, name="agency_corrections"),
    path("agency/corrections/<uuid:correction_id>", agency.answer, name="agency_answer"),
]
