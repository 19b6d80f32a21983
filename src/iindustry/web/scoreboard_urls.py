"""Addresses of the scoreboard."""

from __future__ import annotations

from django.urls import path

from iindustry.web import scoreboard

urlpatterns = [
    path("scoreboard", scoreboard.scoreboard, name="scoreboard"),
    path("scoreboard.csv", scoreboard.scoreboard_csv, name="scoreboard-csv"),
]
