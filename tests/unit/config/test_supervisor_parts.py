"""Ports and addresses of an installation, without starting one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest

from iindustry.config import child, supervisor


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert supervisor.free_port("127.0.0.1", port) != port


def test_where_tells_only_of_a_supervisor_that_lives(tmp_path):
    assert supervisor.where(tmp_path) is None
    (tmp_path / "up.json").write_text(json.dumps({"url": "http://127.0.0.1:1", "pid": os.getpid()}))
    assert supervisor.where(tmp_path) == supervisor.Serving("http://127.0.0.1:1", os.getpid())
    (tmp_path / "up.json").write_text(json.dumps({"url": "http://127.0.0.1:1", "pid": 2**22 + 1}))
    assert supervisor.where(tmp_path) is None


def test_a_child_that_was_started_too_often_is_broken(tmp_path):
    one = supervisor.Child("web", ["/bin/false"], tmp_path / "log")
    for _ in range(5):
        assert not one.is_broken()
        one.start({})
        one.process.wait()
    assert one.is_broken()
    assert not one.is_alive()


def test_a_new_home_opens_to_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("IINDUSTRY_HOME", str(tmp_path / "new"))
    monkeypatch.setattr(supervisor.signal, "signal", lambda *_: None)
    supervisor.environment.cache_clear()
    try:
        with supervisor.Supervisor():
            assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    finally:
        supervisor.environment.cache_clear()


def test_a_command_over_a_home_that_is_not_there_says_so_and_makes_nothing(tmp_path, monkeypatch, capsys):
    from iindustry.cli import main

    home = tmp_path / "nowhere"
    monkeypatch.setenv("IINDUSTRY_HOME", str(home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    supervisor.environment.cache_clear()
    try:
        for command in (["enterprise", "0105558197632"], ["link"], ["explain", "0105558197632"]):
            assert main.run([*command, "--json"]) == 1
            error = json.loads(capsys.readouterr().out)["error"]
            assert error["code"] == "home-absent"
            assert str(home) in error["message_th"]
            assert str(home) in error["message_en"]
        assert main.run(["doctor", "--json"]) == 0
        assert not home.exists()
    finally:
        supervisor.environment.cache_clear()


def test_doctor_knows_a_demo_home_by_the_country_it_was_asked_to_hold(tmp_path, monkeypatch, capsys):
    from iindustry.cli import main

    monkeypatch.setenv("IINDUSTRY_HOME", str(tmp_path))
    monkeypatch.delenv("IINDUSTRY_DEMO", raising=False)
    said = []
    try:
        for _ in range(2):
            supervisor.environment.cache_clear()
            main.run(["doctor", "--json"])
            findings = json.loads(capsys.readouterr().out)["findings"]
            said.append(next(one["found"] for one in findings if one["name"] == "settings").rpartition(", ")[2])
            supervisor.environment().demo_marker.parent.mkdir(exist_ok=True)
            supervisor.environment().demo_marker.write_text("{}", encoding="ascii")
    finally:
        supervisor.environment.cache_clear()
    assert said == ["real", "demo"]


def test_the_only_worker_takes_no_running_job_for_dead(monkeypatch):
    from iindustry.config import jobs
    from iindustry.ledger import services as ledger
    from iindustry.programmes import services as programmes

    rescued = []
    monkeypatch.setattr(jobs, "take_up_the_dead", lambda: rescued.append("looked"))
    monkeypatch.setattr(programmes, "settle", lambda home: None)
    monkeypatch.setattr(ledger, "unsealed_count", lambda: 0)
    number = jobs._RESCUE_EVERY_BEATS
    jobs.beat(number, is_only=True)
    assert rescued == []
    jobs.beat(number)
    assert rescued == ["looked"]


@pytest.mark.parametrize(("supervisor_id", "ended"), [(os.getpid(), 0), (2**22 + 1, 1)])
def test_a_child_whose_supervisor_died_while_it_was_loading_ends_by_itself(supervisor_id, ended):
    done = subprocess.run(
        [sys.executable, "-c", "from iindustry.config import child; child.begin('app')"],
        env={**os.environ, child.SUPERVISED_BY: str(supervisor_id)},
        check=False,
    )
    assert done.returncode == ended
