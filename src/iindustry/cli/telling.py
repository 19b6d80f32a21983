"""Progress on stderr: one line that moves on a terminal, else a line a phase and one each ten seconds."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from iindustry.cli.output import Language, tell
from iindustry.flows import phases

if TYPE_CHECKING:
    from iindustry.flows.works import WorkView

_EVERY_SECONDS = 10.0
_WIDTH = 78


class Teller:
    """Shows where work is; a `Progress`, and it can read the row of another process's work."""

    def __init__(self) -> None:
        self.moves = sys.stderr.isatty() and os.get_terminal_size(sys.stderr.fileno()).columns > _WIDTH
        self._phase = ""
        self._since = self._told = time.monotonic()

    def __call__(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Say a step."""
        now = time.monotonic()
        if phase != self._phase:
            self.end()
            self._phase, self._since, self._told = phase, now, now
            if self.moves:
                self._line(done, total)
        elif self.moves:
            self._line(done, total)
        elif now - self._told >= _EVERY_SECONDS:
            self._told = now
            tell(f"  … {self._words()} {_of(done, total)}")

    def follow(self, work: WorkView) -> None:
        """Say where a piece of work in another process is."""
        if work.is_open and work.phase != "waiting":
            self(work.phase, work.done, work.total)

    def end(self) -> None:
        """Say that the last phase ended, and how long it took."""
        if self._phase:
            if self.moves:
                sys.stderr.write("\r\x1b[K")
            tell(f"  {self._words()}: {time.monotonic() - self._since:.1f} s")
        self._phase = ""

    def _line(self, done: int, total: int) -> None:
        sys.stderr.write(f"\r\x1b[K  {self._words()} {_of(done, total)}"[: _WIDTH + 4])
        sys.stderr.flush()

    def _words(self) -> str:
        label = phases.phase_label(self._phase)
        return label.th if Language.code == "th" else label.en


def _of(done: int, total: int) -> str:
    return f"{done:,} / {total:,}" if total else (f"{done:,}" if done else "")
