"""An open Spark session as standardising and linking know it; `config.spark` opens and closes it.

pyspark is imported by what uses a session, never by this module: most installations have none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iindustry.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spark:
    """A session, and a folder that the driver and every worker see; the folder goes when the session is closed."""

    session: Any
    folder: Path

    def read(self, *paths: Path) -> Any:
        """A Spark frame of Parquet files or folders."""
        return self.session.read.parquet(*map(_shared, paths))

    def write(self, frame: Any, name: str) -> Path:
        """A Spark frame as Parquet in a new folder of the run's own."""
        path = self.folder / f"{name}-{new_id()}"
        frame.write.parquet(_shared(path))
        return path


def _shared(path: Path) -> str:
    """A path of the folder that all workers see, whatever file system a cluster takes by default."""
    return f"file://{path.absolute()}"


def map_in_arrow(frame: Any, run: Callable[..., Any], schema: str) -> Any:
    """`frame.mapInArrow(run, schema)`, without pandas, which Spark 3.5 asks for there and does not use."""
    from pyspark.rdd import PythonEvalType
    from pyspark.sql import DataFrame
    from pyspark.sql.udf import UserDefinedFunction

    mapped = UserDefinedFunction(run, returnType=schema, evalType=PythonEvalType.SQL_MAP_ARROW_ITER_UDF)
    column = mapped(*[frame[name] for name in frame.columns])
    return DataFrame(frame._jdf.pythonMapInArrow(column._jc.expr(), False), frame.sparkSession)  # noqa: FBT003, SLF001 - Java
