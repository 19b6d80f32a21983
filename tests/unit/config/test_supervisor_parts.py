"""Ports and addresses of an installation, without starting one."""

from __future__ import annotations

import json
import os
import socket

from iindustry.config import supervisor


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
    child = supervisor.Child("web", ["/bin/false"], tmp_path / "log")
    for _ in range(5):
        assert not child.is_broken()
        child.start({})
        child.process.wait()
    assert child.is_broken()
    assert not child.is_alive()


def test_a_new_home_opens_to_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("IINDUSTRY_HOME", str(tmp_path / "new"))
    monkeypatch.setattr(supervisor.signal, "signal", lambda *_: None)
    supervisor.environment.cache_clear()
    try:
        with supervisor.Supervisor():
            assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    finally:
        supervisor.environment.cache_clear()
