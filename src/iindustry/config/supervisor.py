"""`i-industry up`: three processes watched by one. Database (embedded only), web, worker.

A child that dies is started again, a few times; when that does not help, everything stops with a sentence. However the
supervisor ends, nothing is left running: children lead process groups of their own, which are ended whole, and Linux ends
them when the supervisor is killed outright. A second start finds the first by its lock and says where it serves.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self, TextIO

from iindustry.config import child, database, shape
from iindustry.config.environment import environment
from iindustry.kernel.errors import Conflict, NotFound
from iindustry.kernel.whole import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "127.0.0.1"
PORT = 8000
_TICK_SECONDS = 0.2
_STARTS_ALLOWED = 5  # within _WINDOW_SECONDS; more, and the child is broken rather than unlucky
_WINDOW_SECONDS = 60.0
_GRACE_SECONDS = 4.0
_ANSWER_SECONDS = 60.0
_PORTS_TRIED = 50


@dataclass(frozen=True, slots=True)
class Serving:
    """Where a running installation answers, and the supervisor's process id."""

    url: str
    pid: int


@dataclass(slots=True)
class Child:
    """One watched process."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=_STARTS_ALLOWED))

    def start(self, environ: dict[str, str]) -> None:
        """Start it in a process group of its own; its words go to its log."""
        self.starts.append(time.monotonic())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environ, start_new_session=True
            )

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def is_broken(self) -> bool:
        """Whether it has been started too often of late."""
        return len(self.starts) == _STARTS_ALLOWED and time.monotonic() - self.starts[0] < _WINDOW_SECONDS

    def signal(self, number: int) -> None:
        """Signal its whole group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Starts, watches and stops one installation. Use as a context manager: leaving it leaves nothing running."""

    def __init__(self, *, host: str = HOST, port: int = PORT, demo: bool = False) -> None:
        self.home = environment().paths
        self.host = host
        self.wanted_port = self.port = port
        self.demo = demo
        self.stopping = threading.Event()
        self.url = ""
        self._children: list[Child] = []
        self._lock: TextIO | None = None
        self._own_database = False

    def __enter__(self) -> Self:
        """Take the lock of this installation. Raises Conflict `already-serving` with the address of the first."""
        self.home.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = (self.home.root / "up.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            running = where(self.home.root)
            raise Conflict("already-serving", url=running.url if running else "?") from None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        return self

    def __exit__(self, *_: object) -> None:
        """Stop children, then the database, then let the lock go."""
        self._stop_children()
        if self._own_database:
            database.stop(self.home.root)
        (self.home.root / "up.json").unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()

    def start(self) -> str:
        """Database, migrations, web, worker. Returns the address once a page answers."""
        self.start_database()
        port = self.port = free_port(self.host, self.wanted_port)
        self.url = os.environ.get("IINDUSTRY_PUBLIC_URL") or f"http://{self.host}:{port}"  # noqa: TID251 - config
        logs = self.home.root / "logs"
        logs.mkdir(exist_ok=True)
        (self.home.root / "static").mkdir(exist_ok=True)
        module = [sys.executable, "-m"]
        self._begin(Child("web", [*module, "iindustry.config.serve", self.host, str(port)], logs / "web.log"))
        self._wait_for_answer(f"http://{self.host}:{port}/")
        # Second, so that both cores load the pages first: somebody waits for them.
        self._begin(Child("worker", [*module, "iindustry.config.work", "only"], logs / "worker.log"))
        with whole(self.home.root / "up.json") as fresh:
            fresh.write_text(json.dumps({"url": self.url, "pid": os.getpid()}), encoding="utf-8")
        return self.url

    def start_database(self) -> None:
        """Start the embedded server unless DATABASE_URL names one, and bring its shape up to date."""
        start_database(self.home.root)
        self._own_database = not environment().database_url
        migrate(self._environ())

    def watch(self, tick: Callable[[], None]) -> None:
        """Until told to stop: start what died, and call `tick` five times a second. Raises Conflict `child-broken`."""
        while not self.stopping.wait(_TICK_SECONDS):
            self._start_what_died()
            tick()

    def _begin(self, one: Child) -> None:
        self._children.append(one)
        one.start(self._environ())

    def _start_what_died(self) -> None:
        if self._own_database and not _postmaster_lives(self.home.root):
            database.start(self.home.root)
        for one in self._children:
            if one.is_alive():
                continue
            if one.is_broken():
                raise Conflict("child-broken", name=one.name, log=str(one.log))
            one.start(self._environ())

    def _environ(self) -> dict[str, str]:
        environ = dict(os.environ)  # noqa: TID251 - handed to children
        environ["IINDUSTRY_HOME"] = str(self.home.root)
        environ[child.SUPERVISED_BY] = str(os.getpid())
        if self.demo:
            environ["IINDUSTRY_DEMO"] = "1"
        if self.url:
            environ["IINDUSTRY_PUBLIC_URL"] = self.url
        return environ

    def _wait_for_answer(self, address: str) -> None:
        until = time.monotonic() + _ANSWER_SECONDS
        while not self.stopping.is_set() and time.monotonic() < until:
            try:
                with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                    return
            except urllib.error.HTTPError:
                return  # it answers; what it answers is the page's own matter
            except OSError:
                self._start_what_died()
                self.stopping.wait(0.1)
        if not self.stopping.is_set():
            raise Conflict("child-broken", name="web", log=str(self._children[0].log))

    def _stop_children(self) -> None:
        for one in self._children:
            one.signal(signal.SIGTERM)
        until = time.monotonic() + _GRACE_SECONDS
        for one in self._children:
            if one.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    one.process.wait(max(0.1, until - time.monotonic()))
                one.signal(signal.SIGKILL)  # the rest of its group, and itself if it would not end
                one.process.wait()


def where(root: Path) -> Serving | None:
    """Where an installation serves, if its supervisor wrote it down and still runs."""
    try:
        noted = json.loads((root / "up.json").read_text(encoding="utf-8"))
        os.kill(noted["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return Serving(noted["url"], noted["pid"])


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next free one above it, or any free one. Conflict `host-unusable`, `no-free-port`."""
    for port in [*range(wanted, wanted + _PORTS_TRIED), 0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
                    raise Conflict("host-unusable", host=host) from None
                continue
            return int(probe.getsockname()[1])
    raise Conflict("no-free-port", port=wanted)


def start_database(root: Path) -> bool:
    """Start the embedded server of a folder; False where DATABASE_URL names another or it ran already."""
    if environment().database_url:
        return False
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _set_aside_what_lost_its_home(root)
    was_running = database.is_running(database.cluster_of(root))
    cluster = database.start(root)
    (root / "database").write_text(str(cluster.data), encoding="utf-8")
    return not was_running


def migrate(environ: dict[str, str]) -> None:
    """Migrate and grant, in a child process that connects as the owner, where this code has not.

    Conflict `migration-failed`, its cause in a log; `database-silent` where an outside database does not answer.
    """
    home = Path(environ["IINDUSTRY_HOME"])
    if shape.is_current(environment().database_url or database.cluster_of(home).url("ii_app")):
        return
    if environment().database_url and not shape.answers(environment().database_url):
        raise Conflict("database-silent")
    done = subprocess.run(
        [sys.executable, "-m", "iindustry.config.migrate"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        log = home / "logs" / "migrate.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stderr, encoding="utf-8")
        raise Conflict("migration-failed", log=str(log))


@contextlib.contextmanager
def connected(role: str, *, makes_home: bool = False) -> Iterator[None]:
    """Django set up in one database role, with the server running: started for the while if it was not.

    NotFound `home-absent` where nothing was ever installed, unless the command is one that begins an installation.
    Conflict `home-unusable` where it is another user's.
    """
    os.environ["IINDUSTRY_DATABASE_ROLE"] = role  # noqa: TID251 - before the settings are read
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")  # noqa: TID251
    environment.cache_clear()
    root = environment().home
    if root.is_dir() and not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        raise Conflict("home-unusable", home=str(root))
    if not (makes_home or environment().database_url or _is_installed(root)):
        raise NotFound("home-absent", home=str(root))
    own = start_database(root)
    try:
        if own or environment().database_url:
            migrate({**os.environ, "IINDUSTRY_HOME": str(root)})  # noqa: TID251
        import django

        django.setup()
        yield
    finally:
        if own and where(root) is None:
            from django.db import connections

            connections.close_all()
            database.stop(root)


def _is_installed(root: Path) -> bool:
    """Whether an embedded server was ever made for a folder that is still there: its data may lie outside."""
    return root.is_dir() and (database.cluster_of(root).data / "PG_VERSION").exists()


def _postmaster_lives(root: Path) -> bool:
    """A cheap look, five times a second: the process that wrote postmaster.pid is there."""
    try:
        os.kill(int((database.cluster_of(root).data / "postmaster.pid").read_text(encoding="ascii").split()[0]), 0)
    except PermissionError:
        return True
    except (OSError, ValueError, IndexError):
        return False
    return True


def _set_aside_what_lost_its_home(root: Path) -> None:
    """An embedded cluster may lie outside the home (when run as root). One whose home was deleted is not taken over."""
    data = database.cluster_of(root).data
    if (root / "database").exists() or not (data / "PG_VERSION").exists() or data.is_relative_to(root.resolve()):
        return
    if database.is_running(database.cluster_of(root)):
        return
    data.rename(data.with_name(f"pg-left-{int((data / 'PG_VERSION').stat().st_mtime)}"))
