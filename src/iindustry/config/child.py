"""What every supervised process does first: end with its supervisor, and say which role it connects in."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

SUPERVISED_BY = "SUPERVISED_BY"  # the supervisor's process id, in the environment of its children
_PR_SET_PDEATHSIG = 1


def begin(role: str, *, ends_by: signal.Signals = signal.SIGTERM) -> None:
    """Take a database role for this process, and ask Linux for a signal when the supervisor dies, however it dies."""
    os.environ["IINDUSTRY_DATABASE_ROLE"] = role  # noqa: TID251 - before the settings are read
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")  # noqa: TID251
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ends_by)
    except (OSError, AttributeError):  # not Linux: the supervisor's own end is what is left
        return
    # It may have died while this process was still loading: then no signal comes any more.
    if os.environ.get(SUPERVISED_BY, str(os.getppid())) != str(os.getppid()):  # noqa: TID251
        sys.exit(1)
