"""What can be set, typed or refused is documented, and docs/reference says what the code says today."""

from __future__ import annotations

import importlib.util
from dataclasses import fields
from pathlib import Path

import pytest

from iindustry.config.environment import Environment

_spec = importlib.util.spec_from_file_location("reference_pages", Path(__file__).with_name("reference.py"))
reference = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(reference)


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_the_page_says_what_the_code_says(name):
    path = reference.FOLDER / name
    assert path.read_text(encoding="utf-8") == reference.PAGES[name](), "run python tests/consistency/reference.py"


@pytest.mark.parametrize("setting", fields(Environment), ids=lambda one: one.name)
def test_every_setting_says_what_it_is(setting):
    assert len(setting.metadata.get("help", "")) > 10


@pytest.mark.parametrize(
    ("name", "command"), list(reference.tree()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_every_command_and_option_says_what_it_is(name, command):
    assert command.help, name
    bare = [one.name for one in reference.shown(command) if not one.help]
    assert not bare, f"{name}: {bare} say nothing"
