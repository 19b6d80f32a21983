"""The one door through which anything is unpacked or parsed that is not plain text: a child process under limits.

The child (`child.py`) has an empty environment, a group of its own, no network where the kernel lets a process cut itself
off, and limits of memory, processor time, size of file and open files; this side holds the wall clock and ends the whole
group. A library under a memory limit may panic and hang: only the wall clock helps then (ASSURANCE section 7).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from iindustry.kernel.errors import Rejected
from iindustry.sources import containers

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 180
SECONDS_TO_UNPACK = 600
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1"}
_SHEET_EXITS = {4: "sheet-empty", 5: "sheet-several"}
_REFUSED = 6


def unpacked(path: Path, filename: str, folder: Path) -> tuple[Path, containers.Kind]:
    """The file to decode and its kind; the one member of a zip or gz is unpacked into `folder` first.

    Raises Rejected `file-type-unknown`, `file-type-differs`, `file-empty`, `file-too-large`, `archive-…`, `sheet-has-…`.
    """
    if not containers.is_packed(path):
        return containers.opened(path, filename, folder)
    answer = folder / "answer.json"
    code = _run(
        "unpack", str(path), str(folder), filename, str(answer), seconds=SECONDS_TO_UNPACK, late="archive-too-slow"
    )
    said = json.loads(answer.read_text(encoding="utf-8")) if code in {0, _REFUSED} and answer.exists() else {}
    if code == _REFUSED and "code" in said:
        raise Rejected(said["code"], **said["facts"])
    if code != 0 or not said:
        raise Rejected("archive-broken")
    return (folder / "member" if said["is_member"] else path), containers.Kind(said["kind"])


def read_sheet(source: Path, target: Path, kind: containers.Kind, *, seconds: int = SECONDS) -> None:
    """Read the one sheet of a workbook, or a Parquet file, into a CSV. Raises Rejected `sheet-…`."""
    code = _run("sheet", str(source), str(target), kind.value, seconds=seconds, late="sheet-too-slow")
    if code != 0:
        raise Rejected(_SHEET_EXITS.get(code, "sheet-unreadable"))


def is_cut_off() -> bool:
    """Whether the child can leave the network on this machine; where it cannot, its other limits still stand."""
    return _run("cut-off", seconds=SECONDS, late="sheet-too-slow") == 0


def _run(act: str, *arguments: str, seconds: int, late: str) -> int:
    command = [sys.executable, "-m", "iindustry.sources.child", act, *arguments]
    with subprocess.Popen(  # noqa: S603 - our own module, our own arguments
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_ENVIRONMENT,
        start_new_session=True, cwd="/",
    ) as child:  # fmt: skip
        try:
            return child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Rejected(late, seconds=seconds) from None
        finally:
            _end_group(child)


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it may have started; its group is its own (`start_new_session`)."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()
