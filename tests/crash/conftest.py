"""The process that forks, for every test of this folder; imported late, when Django is ready."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def zygote():
    """Started by the first test that asks; it connects to nothing itself."""
    from crash import world

    process = world.begin()
    yield process
    world.end(process)
