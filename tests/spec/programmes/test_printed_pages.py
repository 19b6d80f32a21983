"""The printed cases and the list of documents say what the cases and documents say."""

from __future__ import annotations

import pytest
from pages import FOLDER, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_the_documents_say(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name]()
