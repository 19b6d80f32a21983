"""The environment, read once into one frozen value. An unknown `IINDUSTRY_*` name stops the start: it is a typing slip.

Invariant: a secret prints as `***`.
"""

from __future__ import annotations

import os
from dataclasses import Field, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from iindustry.kernel.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable


class Secret(str):
    """A text that never prints itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Three stars, whatever it holds."""
        return "'***'"


class UnknownSetting(Exception):  # noqa: N818 - said at the start, read by a person
    """An environment name that begins with IINDUSTRY_ and that nothing reads."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Every setting, with its safe default. The name in the environment is `IINDUSTRY_` and the name in capitals."""

    home: Path = field(default=Path.home() / ".i-industry", metadata={"help": "the installation's folder"})
    demo: bool = field(
        default=False, metadata={"help": "1 in the demo country: one-click doors, ข้อมูลสมมติ on every page"}
    )
    public_url: str = field(default="http://127.0.0.1:8000", metadata={"help": "the address people and banks use"})
    secret_key: Secret = field(
        default=Secret(), metadata={"help": "signs sessions; made and kept in keys/ when absent"}
    )
    database_role: str = field(
        default="app", metadata={"help": "owner, app or worker: which database role to connect as"}
    )
    spark_master: str = field(
        default="local[2]",
        metadata={"help": "where `i-industry link --engine spark` runs: local[2], spark://host:7077, yarn, k8s://…"},
    )
    real_data: str = field(default="", metadata={"help": "folder of real registers; tests only"})
    proof: bool = field(default=False, metadata={"help": "1: the long form of the proofs; tests only"})
    database_url: Secret = field(
        default=Secret(), metadata={"help": "DATABASE_URL: an outside PostgreSQL ≥ 15", "name": "DATABASE_URL"}
    )
    database_owner_url: Secret = field(
        default=Secret(), metadata={"help": "DATABASE_OWNER_URL: the same for migrations", "name": "DATABASE_OWNER_URL"}
    )

    @property
    def paths(self) -> Home:
        """Where things lie."""
        return Home(self.home)

    @property
    def demo_marker(self) -> Path:
        """The file that says which demo country this home was asked to hold."""
        return self.paths.demo / "asked.json"

    @property
    def is_demo(self) -> bool:
        """Whether a demo country lives here: said so, or asked for here before."""
        return self.demo or self.demo_marker.exists()


def names() -> dict[str, Field[object]]:
    """Every setting by its name in the environment."""
    return {one.metadata.get("name", "IINDUSTRY_" + one.name.upper()): one for one in fields(Environment)}


def read(environ: dict[str, str]) -> Environment:
    """The settings in a mapping of names. Raises UnknownSetting for an IINDUSTRY_ name that nothing reads."""
    known = names()
    unknown = sorted(name for name in environ if name.startswith("IINDUSTRY_") and name not in known)
    if unknown:
        raise UnknownSetting(", ".join(unknown))
    values: dict[str, object] = {}
    for name, one in known.items():
        if name not in environ:
            continue
        values[one.name] = _READERS[type(one.default)](environ[name])
    return Environment(**values)  # type: ignore[arg-type]


_READERS: dict[type, Callable[[str], object]] = {
    bool: lambda text: text == "1",
    str: str,
    Secret: Secret,
    type(Path()): lambda text: Path(text).resolve(),
}


@cache
def environment() -> Environment:
    """The settings of this process."""
    return read(dict(os.environ))  # noqa: TID251 - the one place
