"""`programme check`, `schema` and `versions` speak both languages, and their exit codes say what happened."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from iindustry.cli import main
from iindustry.programmes import published, schemas, simulate

GOOD = next(one.text for one in published.seeds() if one.name == "SMED-D-GREEN")


@pytest.fixture
def document(tmp_path):
    def write(text, name="mine.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_a_good_document_ends_with_0_and_a_faulty_one_with_1(document, capsys):
    assert main.run(["programme", "check", document(GOOD)]) == 0
    assert capsys.readouterr().out == "mine.yaml: SMED-D-GREEN\n"
    assert main.run(["programme", "check", document(GOOD.replace("on_missing: ask", "on_missing: skip", 1))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "mine.yaml: faults: 1"
    assert lines[1].startswith("mine.yaml:")
    assert lines[1].endswith("on_missing: skip is not allowed (rule-value)")
    assert lines[2] == "    Use ask, fail"


def test_faults_are_told_in_thai_and_as_json_with_all_of_their_parts(document, capsys):
    path = document("schema: i-industry/order/1\n")
    assert main.run(["--lang", "th", "programme", "check", path]) == 1
    assert "ขาด keys" in capsys.readouterr().out
    assert main.run(["programme", "check", path, "--json"]) == 1
    (one,) = json.loads(capsys.readouterr().out)["files"]
    assert one["faults"] == [
        {"line": 1, "column": 1, "field": "document", "code": "rule-missing-key", "th": "ขาด keys", "en": "keys is missing",
         "fix_th": "โปรดเพิ่ม keys", "fix_en": "Add keys"}
    ]  # fmt: skip


def test_a_file_that_is_not_there_is_refused(capsys):
    assert main.run(["programme", "check", "nowhere.yaml"]) == 1
    assert "file-absent" in capsys.readouterr().err


@pytest.mark.parametrize("schema", schemas.DOCUMENTS)
def test_the_schema_of_each_kind_is_printed(schema, capsys):
    assert main.run(["programme", "schema", schema.split("/")[1]]) == 0
    assert json.loads(capsys.readouterr().out) == schemas.json_schema(schema)


def test_a_kind_that_is_none_is_refused_with_those_there_are(capsys):
    assert main.run(["programme", "schema", "loan"]) == 1
    assert "programme, definition, parameter, order, card" in capsys.readouterr().err


def test_the_editions_of_a_programme_are_listed(capsys, settings, home):
    settings.HOME = home
    assert main.run(["programme", "versions", "SMED-D-GREEN", "--json"]) == 0
    (edition,) = json.loads(capsys.readouterr().out)["editions"]
    assert edition["packaged"] is True
    assert edition["version"] == published.find("SMED-D-GREEN").version
    assert main.run(["programme", "versions", "SMED-D-GREEN", "--known-at", "2026-11-22T10:00"]) == 1
    assert "moment-unreadable" in capsys.readouterr().err


def test_the_how_to_names_every_command():
    text = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "write-a-programme.md").read_text(
        encoding="utf-8"
    )
    for name in (
        "check",
        "schema",
        "dry-run",
        "compare",
        "curve",
        "draft",
        "submit",
        "publish",
        "suspend",
        "resume",
        "end",
        "versions",
    ):
        assert f"programme {name}" in text, name


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("th", "SMED-D-GREEN: ได้ 1,200  ไม่ได้ 30  ยังไม่ทราบ 4  ใช้ค่าแทน 5"),
        ("en", "SMED-D-GREEN: yes 1,200  no 30  unknown 4  assumed 5"),
    ],
)
def test_a_trial_is_told_in_the_language_of_the_call(document, capsys, monkeypatch, language, told):
    run = SimpleNamespace(
        programme="SMED-D-GREEN", yes=1200, no=30, unknown=4, assumed=5, winners=None, losers=None, near_miss=(),
        settling=(), document=dict,
    )  # fmt: skip
    monkeypatch.setattr(simulate, "dry_run", lambda *_, **__: run)
    assert main.run(["--lang", language, "programme", "dry-run", document(GOOD)]) == 0
    assert capsys.readouterr().out == told + "\n"
