"""What a machine does to a command is told as what it is, with what to do; a fault of ours stays one, and its trace is kept."""

from __future__ import annotations

import errno
import io
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.db import utils

from iindustry.cli import faults, main, rules
from iindustry.config import supervisor
from iindustry.config.words import all_words
from iindustry.kernel.errors import Conflict

LOG = Path("/somewhere/command.log")


def full():
    return OSError(errno.ENOSPC, "No space left on device")


CASES = [
    (full(), "disk-full"),
    (RuntimeError("IO Error: Could not write file: No space left on device"), "disk-full"),
    (psycopg.OperationalError("connection refused"), "database-silent"),
    (utils.OperationalError("connection refused"), "database-silent"),
    (subprocess.CalledProcessError(1, ["/x/bin/initdb", "-D", "y"]), "database-not-started"),
    (subprocess.CalledProcessError(1, ["/x/bin/pg_ctl", "start"]), "database-not-started"),
]


@pytest.mark.parametrize(("error", "code"), CASES)
def test_an_error_of_the_machine_has_its_code(error, code, tmp_path):
    said = faults.of_machine(error, home=tmp_path, log=LOG)
    assert said is not None
    assert (said.code, said.facts["log"]) == (code, str(LOG))


def test_every_code_has_words_and_a_case():
    assert set(faults.CODES) <= set(all_words())
    assert set(faults.CODES) == {code for _, code in CASES} | {"home-unusable"}


@pytest.mark.parametrize("number", sorted(faults._CLOSED))
def test_a_home_that_is_no_folder_is_said_to_be_unusable(number, tmp_path):
    home = tmp_path / "home"
    home.write_text("a file", encoding="ascii")
    said = faults.of_machine(OSError(number, "no"), home=home, log=LOG)
    assert said is not None
    assert said.code == "home-unusable"
    assert said.facts["home"] == str(home)


@pytest.mark.parametrize(
    "error", [KeyError("x"), FileNotFoundError(errno.ENOENT, "gone"), subprocess.CalledProcessError(1, ["useradd"])]
)
def test_what_is_our_own_fault_is_not_laid_on_the_machine(error, tmp_path):
    assert faults.of_machine(error, home=tmp_path, log=LOG) is None


def test_a_full_disk_is_said_in_the_language_asked_for(monkeypatch, capsys, tmp_path):
    def breaks(*_, **__):
        raise full()

    monkeypatch.setattr(rules, "current_version", breaks)
    monkeypatch.setattr(main.Language, "code", "en")
    monkeypatch.setattr(main, "_logged", lambda: tmp_path / "command.log")
    assert main.run(["evaluate", "--lang", "th"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert "disk-full" in lines[0]
    assert lines[2].startswith("โปรด")


@pytest.mark.parametrize("arguments", [["evaluate", "--lang", "xx"], ["evaluate", "--lang"], ["--lang=", "evaluate"]])
def test_a_language_that_nobody_speaks_is_misuse(arguments, capsys):
    assert main.run(arguments) == 2
    assert "language-unknown" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "command"),
    [(["programme", "check", "x.yaml"], "programme check"), (["evaluate", "--json"], "evaluate"), ([], "")],
)
def test_a_refusal_names_the_command_with_its_group(arguments, command):
    assert main.named(arguments) == command


@pytest.mark.parametrize("encoding", ["ascii", "ANSI_X3.4-1968", "tis-620", "utf-8"])
def test_a_terminal_of_any_letters_takes_a_thai_sentence(encoding):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    main._speak_thai(stream)
    stream.write("โปรดเพิ่มที่ว่าง … – “x”")
    stream.flush()
    said = raw.getvalue().decode("tis-620" if encoding == "tis-620" else "utf-8")
    assert said.startswith("โปรดเพิ่มที่ว่าง")


def test_a_trace_finds_a_place_where_the_home_takes_no_file(monkeypatch, tmp_path):
    closed = tmp_path / "home"
    closed.write_text("a file", encoding="ascii")
    monkeypatch.setattr(main, "environment", lambda: type("E", (), {"home": closed}))
    monkeypatch.setattr(main.tempfile, "tempdir", str(tmp_path))
    try:
        int("a fault of ours")
    except ValueError:
        path = main._logged()
    assert path.parent == tmp_path
    assert path.stat().st_mode & 0o077 == 0
    assert "a fault of ours" in path.read_text(encoding="utf-8")


def test_an_address_that_is_not_this_machines_is_not_a_matter_of_ports():
    with pytest.raises(Conflict) as refused:
        supervisor.free_port("192.0.2.1", 8000)
    assert refused.value.code == "host-unusable"


def test_a_full_disk_takes_no_trace_and_the_command_still_speaks(monkeypatch, tmp_path):
    full = Path("/dev/full")
    monkeypatch.setattr(main, "environment", lambda: type("E", (), {"home": _Home(full)}))
    monkeypatch.setattr(main.tempfile, "tempdir", str(tmp_path))
    try:
        int("a fault of ours")
    except ValueError:
        path = main._logged()
    assert path.parent == tmp_path


class _Home:
    """A home whose log is a device that is always full."""

    def __init__(self, log):
        self.log = log

    def __truediv__(self, part):
        return self.log if part.endswith(".log") else self
