"""A refusal says what, why and what to do; values become plain JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

import pytest

from iindustry.cli import main, output, rules
from iindustry.kernel.errors import Conflict
from iindustry.programmes.tree import Answer


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Thing:
    on: date
    colour: Colour
    parts: frozenset[str]
    inner: tuple[dict[Colour, UUID], ...]


def test_values_become_plain_json():
    key = UUID(int=1)
    thing = Thing(date(2026, 11, 22), Colour.RED, frozenset("ba"), ({Colour.RED: key},))
    assert output.plain(thing) == {
        "on": "2026-11-22", "colour": "red", "parts": ["a", "b"], "inner": [{"red": str(key)}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("It is full. Make room.", "en", ("It is full.", "Make room.")),
        ("It is full.", "en", ("It is full.", "")),
        ("เต็มแล้ว โปรดเพิ่มที่", "th", ("เต็มแล้ว", "โปรดเพิ่มที่")),
        ("เต็มแล้ว", "th", ("เต็มแล้ว", "")),
    ],
)
def test_words_are_taken_apart_into_why_and_what_to_do(sentence, language, expected):
    assert output.parts(sentence, language) == expected


def test_a_refusal_is_three_lines_and_exit_code_one(capsys):
    assert output.refuse(Conflict("register-empty"), command="export", as_json=False) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert "register-empty" in lines[0]
    assert "i-industry link" in lines[2]


def test_a_refusal_as_json_has_both_languages_where_and_fix(capsys):
    output.refuse(Conflict("no-free-port", port=80), command="up", as_json=True)
    error = json.loads(capsys.readouterr().out)["error"]
    assert set(error) == {"code", "message_th", "message_en", "where", "fix"}
    assert error["where"] == {"port": 80}
    assert "--port" in error["fix"]


@pytest.mark.parametrize(
    ("arguments", "rest", "language"),
    [
        (["link", "--lang", "th"], ["link"], "th"),
        (["--lang=th", "link"], ["link"], "th"),
        (["link", "--json"], ["link", "--json"], "en"),
        (["link", "--lang", "fr"], ["link"], "fr"),
    ],
)
def test_the_language_may_stand_anywhere(arguments, rest, language):
    assert main.spoken(arguments) == (rest, language)


def test_misuse_leaves_with_two(capsys):
    assert main.run(["no-such-command"]) == 2
    assert main.run(["demo", "--enterprises", "many"]) == 2
    assert capsys.readouterr().out == ""


def test_every_answer_of_a_programme_has_a_word_in_both_languages():
    assert set(rules.ANSWERS) == {one.value for one in Answer}
    assert all(th and en and th != en for th, en in rules.ANSWERS.values())
