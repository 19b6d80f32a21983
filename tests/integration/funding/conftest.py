"""The small world of `funding_world`, for every test here; imported late, when Django is ready."""

from __future__ import annotations

import pytest


@pytest.fixture
def world(db, clock, home, monkeypatch):
    import funding_world

    return funding_world.made(clock, home, monkeypatch)
