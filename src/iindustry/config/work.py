"""The worker process: procrastinate runs jobs, and a pulse beside them seals the ledger and keeps snapshots fresh.

Run as `python -m iindustry.config.work [only]`. It is nicer than the web process: pages come first. The pulse is a thread and not
a job, because a seal is due within a second of each entry and a queue of one row a second would be all noise.
Asked to stop, it finishes what it is at; the supervisor's patience is short, so long work is cut like by a crash.
Invariant: a job that died with its worker is taken up again, by a worker that knows it is the `only` one at its start, by
others when no sign of life came for a while; every job is written so that it can be.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

from iindustry.config import child

BEAT_SECONDS = 1.0
NICENESS = 5
STALLED_AFTER_SECONDS = 20
LOG = logging.getLogger("iindustry.worker")


def main(*, is_only: bool) -> None:
    """Work until SIGTERM."""
    child.begin("worker", ends_by=signal.SIGKILL)
    os.nice(NICENESS)
    import django

    django.setup()
    from iindustry.config import jobs

    if is_only:
        jobs.take_up_the_dead(0)
    stopping = threading.Event()
    pulse = threading.Thread(target=_beat, args=(stopping, is_only), name="pulse", daemon=True)
    pulse.start()
    jobs.worker().run_worker(
        concurrency=2,
        wait=True,
        fetch_job_polling_interval=2.0,
        update_heartbeat_interval=5.0,
        stalled_worker_timeout=STALLED_AFTER_SECONDS,
        delete_jobs="never",
    )
    stopping.set()


def _beat(stopping: threading.Event, is_only: bool) -> None:
    from django.db import DatabaseError, connection

    from iindustry.config import jobs

    beats = 0
    while not stopping.wait(BEAT_SECONDS):
        try:
            jobs.beat(beats, is_only=is_only)
        except DatabaseError:  # the server restarts: try again with a fresh connection
            connection.close()
        except Exception:  # the pulse must outlive one bad beat; what failed is in the log
            LOG.exception("beat %s", beats)
        beats += 1


if __name__ == "__main__":
    main(is_only=sys.argv[1:] == ["only"])
