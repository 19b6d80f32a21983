"""Everything that long work says of itself has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iindustry.config import country, jobs
from iindustry.flows import building, phases

SOURCES = [Path(module.__file__) for module in (building, country, jobs)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_phase_that_is_said_is_in_the_table(path):
    said = set(re.findall(r'(?:progress|steps|within)\("([a-z._]+)"', path.read_text(encoding="utf-8")))
    assert said - set(phases.PHASES) == set()


def test_a_finer_step_has_the_words_of_its_phase():
    assert phases.phase_label("link.train") == phases.PHASES["link"]


def test_an_unknown_phase_shows_its_code():
    assert phases.phase_label("xyz") == phases.Label("xyz", "xyz")


@pytest.mark.parametrize("label", [*phases.PHASES.values(), *phases.KINDS.values()])
def test_words_are_thai_and_english(label):
    assert re.search("[ก-๙]", label.th)
    assert label.en.isascii()
