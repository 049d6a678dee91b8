"""A PostgreSQL of the company's own: set up by an administrator who is no superuser, backed up, lost and restored."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from guiyan.platform import embedded
from tests.config.conftest import Installation
from tests.config.test_up import _init, _up

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
BINARIES = [None, *(path.parent for path in DEBIAN if int(path.parent.parent.name) >= 15)]
"""None stands for the binaries of Guiyan's own wheel, run as a server apart; beside it what Debian has here."""


@dataclass(frozen=True)
class Server:
    """A server that listens on loopback, with a superuser ``postgres`` and a plain administrator ``boss``."""

    port: int
    password: str

    def url(self, user: str) -> str:
        return f"postgresql://{user}:{self.password}@127.0.0.1:{self.port}/hr"

    def superuser(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=self.password,
            dbname="postgres",
            autocommit=True,
        )

    def empty_database(self) -> None:
        with self.superuser() as conn:
            conn.execute("DROP DATABASE IF EXISTS hr WITH (FORCE)")
            conn.execute("CREATE DATABASE hr OWNER boss")


@pytest.fixture(params=BINARIES, ids=lambda folder: folder.parent.name if folder else "wheel")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    who = embedded.account()
    binaries = request.param or embedded.shared().binaries() / "bin"
    folder = Path(tempfile.mkdtemp(prefix="guiyan-outside-", dir="/tmp"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        here = Server(int(probe.getsockname()[1]), "a-word-of-its-own")
    (folder / "word").write_text(here.password)
    if who.uid is not None:
        for path in (folder, folder / "word"):
            os.chown(path, who.uid, who.gid or -1)

    def run(*words: object) -> None:
        subprocess.run([str(word) for word in words], check=True, cwd=folder, stdout=subprocess.DEVNULL, **who.popen())  # type: ignore[call-overload]

    run(binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8",
        "--locale=C", "--no-sync", f"--pwfile={folder / 'word'}")  # fmt: skip
    options = f"-p {here.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    run(binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start")
    try:
        with here.superuser() as conn:
            conn.execute(f"CREATE ROLE boss LOGIN CREATEDB CREATEROLE PASSWORD '{here.password}'")
        here.empty_database()
        yield here
    finally:
        run(binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_it_is_set_up_without_a_superuser_and_survives_its_loss(
    server: Server, here: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    here.outside = elsewhere.outside = server.url("boss")
    with _up(here, "--init", str(_init(here))) as client:
        assert client.get("/").url.path == "/accounts/login/"
    with _up(here) as client:
        assert client.get("/healthz").status_code == 200, "a second set-up finds everything as it should be"
    assert not (here.home / "postgres").exists()
    told = here.run("doctor").stdout
    assert "event triggers are absent" in told
    assert "✗" not in told

    saved = tmp_path / "saved.tar"
    assert here.run("backup", "--out", str(saved)).returncode == 0
    before = here.run("ledger", "verify", "--json").stdout
    assert '"haiyue"' in before
    server.empty_database()

    halved = _with_half_a_dump(saved, tmp_path)
    refused = elsewhere.run("restore", str(halved), "--keys", f"{saved}.keys")
    assert refused.returncode == 1
    assert "could not be" in refused.stderr, "half a database is worse than none: nothing of it stays"
    restored = elsewhere.run("restore", str(saved), "--keys", f"{saved}.keys")
    assert restored.returncode == 0, restored.stderr
    assert elsewhere.run("ledger", "verify", "--json").stdout == before
    assert "✗" not in elsewhere.run("doctor").stdout


def test_a_superuser_gives_the_third_wall_and_a_plain_administrator_can_restore_from_it(
    server: Server, here: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    here.outside, elsewhere.outside = server.url("postgres"), server.url("boss")
    with _up(here, "--init", str(_init(here))) as client:
        assert client.get("/healthz").status_code == 200
    assert "event triggers are absent" not in here.run("doctor").stdout
    saved = tmp_path / "saved.tar"
    assert here.run("backup", "--out", str(saved)).returncode == 0
    with server.superuser() as conn:
        conn.execute("DROP DATABASE hr WITH (FORCE)")
        for (role,) in conn.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'hr\\_%'").fetchall():
            conn.execute(f'DROP ROLE "{role}"')
    server.empty_database()
    restored = elsewhere.run("restore", str(saved), "--keys", f"{saved}.keys")
    assert restored.returncode == 0, restored.stderr
    assert "event triggers are absent" in elsewhere.run("doctor").stdout


def _with_half_a_dump(saved: Path, folder: Path) -> Path:
    """The backup with its database cut in half, and a manifest that agrees with the half."""
    subprocess.run(["tar", "-xf", saved, "--one-top-level=parts"], check=True, cwd=folder)
    dump = folder / "parts" / "database.dump"
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    manifest = folder / "parts" / "manifest.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(told | {"dump_sha256": hashlib.sha256(dump.read_bytes()).hexdigest()}))
    halved = folder / "halved.tar"
    with tarfile.open(halved, "w") as tar:
        for part in (folder / "parts").iterdir():
            tar.add(part, part.name)
    return halved
