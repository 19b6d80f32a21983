from __future__ import annotations

import pytest

from iindustry.funding import papers
from iindustry.kernel.errors import Rejected

PDF = b"%PDF-1.7 made up"


@pytest.mark.parametrize(
    ("first", "name", "media_type"),
    [
        (PDF, "งบการเงิน.PDF", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "photo.jpeg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "scan.png", "image/png"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(first, name, media_type):
    assert papers.kind_of(first, name, 100).media_type == media_type


@pytest.mark.parametrize(
    ("first", "name", "size", "code"),
    [
        (PDF, "a.pdf", 0, "paper-empty"),
        (PDF, "a.pdf", papers.LARGEST_BYTES + 1, "paper-too-large"),
        (b"MZ\x90", "a.pdf", 9, "paper-type"),
        (b"<html>", "a.pdf", 9, "paper-type"),
        (PDF, "a.exe", 9, "paper-extension"),
        (PDF, "a.png", 9, "paper-extension"),
    ],
)
def test_what_only_pretends_is_refused(first, name, size, code):
    with pytest.raises(Rejected) as refusal:
        papers.kind_of(first, name, size)
    assert refusal.value.code == code


def test_a_paper_that_a_register_supplies_is_spared_and_never_asked():
    assert "factory_licence" in papers.spared(frozenset({"factory.factory_id"}))
    assert papers.spared(frozenset()) == ()
    assert not set(papers.SPARED) & set(papers.ASKED)
