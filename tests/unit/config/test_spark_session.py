"""What is said where Spark cannot be had."""

from __future__ import annotations

import socket

import pytest

from iindustry.config import spark
from iindustry.kernel.errors import Conflict


@pytest.mark.parametrize(
    ("master", "code"), [("", "spark-master-missing"), ("spark://127.0.0.1:{closed}", "spark-master-unreachable")]
)
def test_a_master_that_is_not_there_is_refused_before_java_starts(master, code, tmp_path, monkeypatch):
    monkeypatch.setattr(spark, "find_spec", lambda name: name)
    with socket.socket() as held:  # bound and not listening: nobody answers
        held.bind(("127.0.0.1", 0))
        with (
            pytest.raises(Conflict, match=code),
            spark.opened(master.format(closed=held.getsockname()[1]), folder=tmp_path),
        ):
            pass


def test_without_pyspark_it_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(spark, "find_spec", lambda name: None)
    with pytest.raises(Conflict, match="spark-absent"), spark.opened("local[2]", folder=tmp_path):
        pass
    assert not list(tmp_path.iterdir())
