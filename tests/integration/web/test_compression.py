"""Pages travel compressed; what is signed travels as it was signed."""

from __future__ import annotations

import gzip

import pytest

pytestmark = pytest.mark.django_db


def test_a_page_is_compressed_for_whoever_takes_it(client):
    answer = client.get("/privacy", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "<h1" in gzip.decompress(answer.content).decode()


def test_an_answer_for_machines_is_not(client):
    answer = client.get("/api/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
