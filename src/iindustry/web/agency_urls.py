"""Addresses of the agency data officer's pages."""

from __future__ import annotations

from django.urls import path

from iindustry.web import agency, agency_deliver, agency_mend

urlpatterns = [
    path("agency", agency.home, name="agency"),
    path("agency/upload", agency_deliver.upload, name="agency_upload"),
    path("agency/incoming/<slug:incoming>", agency_deliver.columns, name="agency_columns"),
    path("agency/incoming/<slug:incoming>/reading", agency_deliver.reading, name="agency_reading"),
    path("agency/templates/<slug:source>", agency.template, name="agency_template"),
    path("agency/deliveries/<slug:delivery_id>", agency_mend.delivery, name="agency_delivery"),
    path("agency/deliveries/<slug:delivery_id>/mend", agency_mend.mend, name="agency_mend"),
    path("agency/deliveries/<slug:delivery_id>/rows", agency_mend.faulty_rows, name="agency_rows"),
    path("agency/deliveries/<slug:delivery_id>/workbook", agency_mend.mend_by_workbook, name="agency_workbook"),
    path("agency/returns/<slug:source>", agency.own_register, name="agency_returns"),
    path("agency/corrections", agency.corrections, name="agency_corrections"),
    path("agency/corrections/<uuid:correction_id>", agency.answer, name="agency_answer"),
]
