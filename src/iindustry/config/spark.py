"""A Spark session for one run: opened, used by standardising and linking, closed; what is missing is said in words.

pyspark is imported when a session is asked for. Invariant: what fails inside a session, be it Java, the master or a
worker, leaves it as a refusal.
"""

from __future__ import annotations

import socket
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from iindustry.kernel.errors import Conflict
from iindustry.standardise.spark import Spark

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCAL_OPTIONS = {
    "spark.driver.memory": "2g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",  # Spark's own 200 cost more than they carry on one computer
}
_OPTIONS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "65536",
}
_CALL_SECONDS = 5


@contextmanager
def opened(master: str, *, folder: Path) -> Iterator[Spark]:
    """A session on a master, such as local[2], spark://host:7077 or yarn. `folder`: where it may make its own.

    Conflict: `spark-absent`, `spark-master-missing`, `spark-master-unreachable`, `java-absent`, `spark-run-failed`.
    """
    if find_spec("pyspark") is None:
        raise Conflict("spark-absent")
    if not master:
        raise Conflict("spark-master-missing")
    _call(master)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".spark-") as own:
        try:
            session = _session(master, Path(own))
            try:
                yield Spark(session, Path(own))
            finally:
                session.stop()
        except (Py4JError, PySparkException, ConnectionError) as failed:
            if getattr(failed, "error_class", None) == "JAVA_GATEWAY_EXITED":
                raise Conflict("java-absent") from failed
            raise Conflict("spark-run-failed", master=master, what=type(failed).__name__) from failed


def _session(master: str, folder: Path) -> Any:
    from pyspark.sql import SparkSession

    options = _OPTIONS | {"spark.sql.warehouse.dir": str(folder / "warehouse")}
    if _is_local(master):
        options |= _LOCAL_OPTIONS
    builder = SparkSession.builder.master(master).appName("i-industry")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    if _is_local(master):
        session.sparkContext.pythonExec = sys.executable  # workers find what the driver finds
    return session


def _is_local(master: str) -> bool:
    return master.startswith("local")


def _call(master: str) -> None:
    """Spark tries a dead master for a minute and then says something else: knock first."""
    if not master.startswith("spark://"):
        return
    for one in master.removeprefix("spark://").split(","):
        at = urlsplit(f"//{one}")
        try:
            socket.create_connection((at.hostname or "", at.port or 7077), timeout=_CALL_SECONDS).close()
        except OSError:
            continue
        return
    raise Conflict("spark-master-unreachable", master=master)
