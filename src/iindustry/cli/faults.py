"""What a machine does to a command, told as a refusal: a full disk, a folder that cannot be written to, a silent database.

Pure but for a look at the home folder. Whatever is not known here is a fault of ours, and stays one.
"""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iindustry.kernel.errors import DomainError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT})
_SERVER = frozenset({"initdb", "pg_ctl"})
_NO_SPACE = "No space left on device"


def _is_full(error: BaseException, home: Path) -> bool:
    """A full disk, as the system says it or as an engine passes it on."""
    del home
    return (isinstance(error, OSError) and error.errno in _FULL) or _NO_SPACE in str(error)


def _is_closed(error: BaseException, home: Path) -> bool:
    """A path that could not be used, in a home that is no folder of this user's."""
    is_usable = home.is_dir() and os.access(home, os.R_OK | os.W_OK | os.X_OK)
    return isinstance(error, OSError) and error.errno in _CLOSED and not is_usable


def _did_not_start(error: BaseException, home: Path) -> bool:
    """A program of the embedded server that ended with an error."""
    del home
    return isinstance(error, subprocess.CalledProcessError) and Path(str(error.cmd[0])).name in _SERVER


def _is_silent(error: BaseException, home: Path) -> bool:
    """A database that does not answer: psycopg's error, and Django's of the same name."""
    del home
    return type(error).__name__ == "OperationalError"


CODES: Mapping[str, Callable[[BaseException, Path], bool]] = {
    "disk-full": _is_full,
    "home-unusable": _is_closed,
    "database-not-started": _did_not_start,
    "database-silent": _is_silent,
}
"""The first whose look says yes has the word; each has its words in `web/words/flow.yaml`."""


def of_machine(error: BaseException, *, home: Path, log: Path) -> DomainError | None:
    """The refusal that an error of the machine is; None where the fault is ours. `log`: where its trace was kept."""
    code = next((code for code, is_so in CODES.items() if is_so(error, home)), None)
    return None if code is None else Conflict(code, home=str(home), log=str(log))
