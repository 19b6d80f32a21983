"""One code, one pair of sentences; facts are filled in, and what is not known shows as a dash."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from iindustry.config import words
from iindustry.kernel.errors import Conflict, NotFound

ROOT = Path(words.__file__).resolve().parents[1]
OWN = [*(ROOT / "flows").glob("*.py"), *(ROOT / "config").glob("*.py"), *(ROOT / "cli").glob("*.py")]


def test_no_code_stands_in_two_tables():
    counted = Counter(code for table in words.tables(words.FOLDER).values() for code in table)
    assert [code for code, times in counted.items() if times > 1] == []


def test_a_status_is_that_of_a_class_of_error():
    odd = {code: one.status for code, one in words.all_words().items() if one.status not in {None, 403, 404, 409, 422}}
    assert {code: status for code, status in odd.items() if not 400 <= (status or 0) < 600} == {}


@pytest.mark.parametrize("path", OWN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_code_that_is_raised_here_has_words(path):
    raised = set(re.findall(r'(?:NotFound|Denied|Conflict|Rejected)\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8")))
    assert raised - set(words.all_words()) == set()


def test_facts_are_filled_in_and_absent_ones_show_as_a_dash():
    assert "http://x" in words.sentence(Conflict("already-serving", url="http://x"), "en")
    assert "—" in words.sentence(Conflict("already-serving"), "th")


def test_a_code_without_words_says_so():
    assert words.sentence(NotFound("no-such-code"), "en") == words.UNKNOWN.en
