"""Keys of the logs: one Ed25519 key per tenant and epoch, in a file outside the database.

``$GUIYAN_HOME/keys/log/<tenant>.key`` (mode 0600) holds one private key per line, the newest epoch last. Whoever holds
it can sign for the log; only the sequencer and the set-up read it. A lost key cannot be made again: open a new epoch.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from guiyan.ledger.note import NoteError, SigningKey, VerifierKey
from guiyan.platform import home


class LogKeyError(RuntimeError):
    """The key of a log is missing, unreadable or open to others; the message names the file."""


def path(tenant: str) -> Path:
    """Return the path of a tenant's key file."""
    return home.keys_dir() / "log" / f"{tenant}.key"


def origin(host: str, tenant: str, epoch: int, *, simulation: bool) -> str:
    """Return the name of a tenant's log: ``hr.example.cn/evidence/acme/e1``; a simulation's begins with ``sim/``."""
    return f"{'sim/' if simulation else ''}{host}/evidence/{tenant}/e{epoch}"


def stored(tenant: str) -> list[SigningKey]:
    """Return the keys of a tenant's file, oldest epoch first; none when there is no file. Raises ``LogKeyError``."""
    file = path(tenant)
    try:
        if file.stat().st_mode & 0o077:
            raise LogKeyError(f"{file} can be read by others: set its mode to 0600")
        return [SigningKey.parse(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, NoteError) as error:
        raise LogKeyError(f"{file} does not hold log keys: {error}") from None


def signing_key(tenant: str, log: str) -> SigningKey:
    """Return the key that signs for the log called ``log``. Raises ``LogKeyError`` when there is none."""
    for key in stored(tenant):
        if key.name == log:
            return key
    raise LogKeyError(f"{path(tenant)} holds no key of {log}: put it back from your safe copy, or open a new epoch")


def verifier_keys(tenant: str) -> dict[str, VerifierKey]:
    """Return the public halves of a tenant's keys by the name of their log."""
    return {key.name: key.verifier for key in stored(tenant)}


def make(tenant: str, log: str) -> SigningKey:
    """Return the key of ``log``, making it and adding it to the tenant's file when it is not there yet."""
    held = stored(tenant)
    for key in held:
        if key.name == log:
            return key
    made = SigningKey.generate(log)
    write_private(path(tenant), "".join(f"{key.private_text}\n" for key in [*held, made]).encode())
    return made


def write_private(file: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Replace a file by ``data`` so that a crash leaves the old or the new one whole; its folder is made (0700)."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def problems(tenants: list[str]) -> list[str]:
    """Return what is wrong with the keys of these tenants' logs, one sentence each, for ``doctor``."""
    found = []
    for tenant in tenants:
        try:
            if not stored(tenant):
                found.append(f"{path(tenant)} is missing: nobody can sign for the log of {tenant}")
        except LogKeyError as error:
            found.append(str(error))
    return found
