"""The web process: granian serves the WSGI application. Run as `python -m iindustry.config.serve HOST PORT`.

Two workers, so that a slow page keeps nobody waiting on a machine of two cores; each answers on a few threads.
"""

from __future__ import annotations

import sys

from iindustry.config import child

WORKERS = 2
THREADS = 4


def main(host: str, port: int) -> None:
    """Serve until SIGTERM."""
    from granian import Granian
    from granian.constants import Interfaces

    child.begin("app")
    Granian(
        "iindustry.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        backpressure=64,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        process_name=None,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
