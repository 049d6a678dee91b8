"""Backup and restore: everything in one file, the keys in another.

A backup is a tar of ``manifest.json`` (what it is, digests), ``database.dump`` (pg_dump, custom format) and the copies
of checkpoints that lie outside the database. Without the keys it can be read by nobody; with them it is everything.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg

from guiyan import __version__
from guiyan.platform import database, embedded, home

FORMAT = "guiyan-backup/1"
DUMP = "database.dump"
MANIFEST = "manifest.json"
CHECKPOINTS = "checkpoints"
KEYS_FORMAT = "guiyan-keys/1"
NEWER_SETTING = b"SET transaction_timeout"  # unknown to PostgreSQL before 17
HEADING_LINES = 30
GUARD = "ledger_guard"


class SafekeepingError(RuntimeError):
    """A backup cannot be made or restored; the message says why."""


def _tool(name: str) -> str:
    return str(embedded.shared().binaries() / "bin" / name)


def _connection_words(params: dict[str, Any]) -> tuple[list[str], dict[str, str]]:
    words = ["-h", str(params["host"]), "-p", str(params["port"]), "-U", str(params["user"]), "--no-password"]
    return words, {"PGPASSWORD": str(params["password"]), "PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _key_files() -> list[Path]:
    return sorted(path for path in home.keys_dir().rglob("*.key") if path.is_file())


def backup(out: Path, *, now: datetime) -> None:
    """Write the backup to ``out`` and the keys to ``out`` + ``.keys`` (mode 0600). Nothing half-written stays."""
    from guiyan.platform.tenancy import directory  # noqa: PLC0415  needs Django, which restore does not

    keys_out = out.with_name(out.name + ".keys")
    for target in (out, keys_out):
        if target.exists():
            raise SafekeepingError(f"{target} is there already")
    if not os.access(out.parent, os.W_OK | os.X_OK) or not out.parent.is_dir():
        raise SafekeepingError(f"nothing can be written to {out.parent}")
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".guiyan-backup-") as folder:
        # Checkpoints first: one signed while the dump is made would be newer than the database it is restored with.
        copies = Path(folder) / CHECKPOINTS
        if (home.home() / CHECKPOINTS).is_dir():
            shutil.copytree(home.home() / CHECKPOINTS, copies)
        dump = Path(folder) / DUMP
        words, environment = _connection_words(database.params(database.role(database.MIGRATOR)))
        with dump.open("wb") as file:
            done = subprocess.run(
                [_tool("pg_dump"), *words, "--format=custom", "--compress=6", "-N", GUARD, database.name()],
                check=False, stdout=file, stderr=subprocess.PIPE, env=environment,
            )  # fmt: skip
        if done.returncode != 0:
            raise SafekeepingError(f"pg_dump failed: {done.stderr.decode(errors='replace').strip()[-400:]}")
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "made_at": now.isoformat(),
            "database": database.name(),
            "tenants": [tenant.schema_name for tenant in directory.every()],
            "dump_sha256": _sha256(dump),
        }
        draft = Path(folder) / "backup.tar"
        with tarfile.open(draft, "w") as tar:
            _add_bytes(tar, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
            tar.add(dump, DUMP)
            if copies.is_dir():
                tar.add(copies, CHECKPOINTS)
        keys = {"format": KEYS_FORMAT, "keys": {}}
        for path in _key_files():
            keys["keys"][str(path.relative_to(home.keys_dir()))] = path.read_text()  # type: ignore[index]
        descriptor = os.open(keys_out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as secret:
            json.dump(keys, secret)
        draft.chmod(0o600)
        draft.rename(out)


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o600
    tar.addfile(entry, io.BytesIO(content))


def _read_keys(path: Path) -> dict[str, str]:
    try:
        told = json.loads(path.read_text())
        keys = told["keys"]
        assert told["format"] == KEYS_FORMAT
        assert all(isinstance(part, str) for pair in keys.items() for part in pair)
    except (AttributeError, ValueError, KeyError, AssertionError, TypeError) as error:
        raise SafekeepingError(f"{path} is not a key file of a Guiyan backup") from error
    for name in keys:
        if Path(name).is_absolute() or ".." in Path(name).parts or not name.endswith(".key"):
            raise SafekeepingError(f"{path} names a file outside the key folder")
    return dict(keys)


def restore_keys(path: Path) -> int:
    """Put back the key files that are missing, and replace none. Returns how many."""
    return _put_keys(_read_keys(path))


def _put_keys(keys: dict[str, str]) -> int:
    """Put key files in their place; one that is there and differs is refused before any is put. Returns how many."""
    there = {name for name in keys if (home.keys_dir() / name).exists()}
    for name in sorted(there):
        target = home.keys_dir() / name
        if target.read_text() != keys[name]:
            raise SafekeepingError(f"{target} is there and differs: take it away first, or restore into an empty place")
    for name, content in keys.items():
        target = home.keys_dir() / name
        if name in there:
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
    return len(keys) - len(there)


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Write out the plain files of a backup; one that names anything else, or a place outside, is refused.

    Debian 12's Python has no extraction filters yet.
    """
    for entry in tar:
        target = folder / entry.name
        if not (entry.isfile() or entry.isdir()) or ".." in target.parts or folder not in target.parents:
            raise SafekeepingError(f"the backup holds something that is no part of a backup: {entry.name[:80]}")
        content = tar.extractfile(entry)
        if content is not None:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with content, target.open("wb") as file:
                shutil.copyfileobj(content, file)


def restore(file: Path, keys_file: Path) -> None:
    """Bring back a backup with its keys. Raises ``SafekeepingError`` when the installation is not empty."""
    keys = _read_keys(keys_file)
    with tempfile.TemporaryDirectory(prefix="guiyan-restore-") as name:
        folder = Path(name)
        try:
            with tarfile.open(file) as tar:
                _unpack(tar, folder)
            manifest = json.loads((folder / MANIFEST).read_text())
        except (tarfile.TarError, OSError, ValueError) as error:
            raise SafekeepingError(f"{file} is not a Guiyan backup") from error
        if manifest.get("format") != FORMAT or _sha256(folder / DUMP) != manifest.get("dump_sha256"):
            raise SafekeepingError(f"{file} is damaged: its database does not have the digest it names")
        if manifest["database"] != database.name():
            raise SafekeepingError(f"the backup is of a database called {manifest['database']}; name that one")
        _put_keys(keys)
        from guiyan.config.cli import start  # noqa: PLC0415  Django reads the keys, so they come first

        start.database_ready(empty=True)
        _fill_database(folder / DUMP, list(manifest["tenants"]))
        if (folder / CHECKPOINTS).is_dir():
            _put_checkpoints(folder / CHECKPOINTS)


def _fill_database(dump: Path, tenants: list[str]) -> None:
    from guiyan.platform.tenancy import provision  # noqa: PLC0415  needs Django

    provision.prepare_database()
    with psycopg.connect(**database.admin(), autocommit=True) as conn:
        if conn.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone():
            raise SafekeepingError(f"the database {database.name()} is not empty: restore into an empty one")
        for code in tenants:
            provision.ensure_tenant_role(conn, code)
    _replay(dump, tenants)
    provision.prepare_database()
    provision.migrate()


def _replay(dump: Path, tenants: list[str]) -> None:
    """Play a dump into the database in one transaction, as the role that owns its schemas.

    It is played as a script, so that the dump of a newer server fits an older one. The ledger's tables go to an owner
    who may make nothing in a schema; that right is lent for the time of the play. What only a superuser may make (the
    guard of event triggers) is left out: set-up makes it anew where it can.
    """
    listed = subprocess.run([_tool("pg_restore"), "-l", str(dump)], check=False, capture_output=True, text=True)
    if listed.returncode != 0:
        raise SafekeepingError(f"pg_restore failed: {listed.stderr.strip()[-600:]}")
    wanted = [line for line in listed.stdout.splitlines() if "EVENT TRIGGER" not in line and GUARD not in line]
    schemas = [line for line in wanted if " SCHEMA " in line and not line.startswith(";")]
    owner = database.role(database.LEDGER_OWNER)
    lend = "".join(f'GRANT CREATE ON SCHEMA "{code}" TO "{owner}";\n' for code in tenants)
    take = "".join(f'REVOKE CREATE ON SCHEMA "{code}" FROM "{owner}";\n' for code in tenants)
    words, environment = _connection_words(database.params(database.role(database.MIGRATOR)))
    player = subprocess.Popen(
        [_tool("psql"), *words, "-d", database.name(), "-qX1", "-v", "ON_ERROR_STOP=1", "-f", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip
    assert player.stdin is not None
    assert player.stderr is not None
    whole = True
    with contextlib.suppress(BrokenPipeError), player.stdin as script:
        whole = _script(dump, schemas, script)
        script.write(lend.encode())
        whole = _script(dump, [line for line in wanted if line not in schemas], script) and whole
        script.write(take.encode() if whole else b"\\error\n")
    told = player.stderr.read().decode(errors="replace").strip()
    if player.wait() != 0 or not whole:
        raise SafekeepingError(f"the database could not be filled: {told[-600:]}")


def _script(dump: Path, entries: list[str], out: IO[bytes]) -> bool:
    """Write the script of some entries of a dump to ``out``. Returns whether all of it could be read."""
    with tempfile.NamedTemporaryFile("w", suffix=".list") as chosen:
        chosen.write("\n".join(entries) + "\n")
        chosen.flush()
        reading = [_tool("pg_restore"), "-L", chosen.name, "-f", "-", str(dump)]
        with subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
            assert reader.stdout is not None
            heading = itertools.islice(reader.stdout, HEADING_LINES)
            out.writelines(line for line in heading if not line.startswith(NEWER_SETTING))
            shutil.copyfileobj(reader.stdout, out)
    return reader.returncode == 0


def _put_checkpoints(source: Path) -> None:
    target = home.home() / CHECKPOINTS
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in source.rglob("*"):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
