"""Where an installation keeps what is not in the database: keys, the embedded cluster, sockets.

Everything lies under ``$GUIYAN_HOME``. Keys are files of mode 0600, made once; losing them loses the encrypted fields.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

KEY_BYTES = 32
MASTER_KEY = "master"
ROLES_KEY = "roles"
SECRET_KEY = "web-secret"  # noqa: S105  the name of a key file
ALL_KEYS = (MASTER_KEY, ROLES_KEY, SECRET_KEY)


def home() -> Path:
    """Return the installation's folder: ``$GUIYAN_HOME``, or a place fit for the user who runs it."""
    told = os.environ.get("GUIYAN_HOME")
    if told:
        return Path(told).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/guiyan")
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "guiyan"


def keys_dir() -> Path:
    """Return the folder of key files (mode 0700)."""
    return home() / "keys"


def key_path(name: str) -> Path:
    """Return the path of the key file called ``name``."""
    return keys_dir() / f"{name}.key"


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> bytes:
    """Return the bytes of a key file; asked again only when the file changed."""
    value = bytes.fromhex(path.read_text().strip())
    if len(value) != KEY_BYTES:
        raise ValueError(f"{path} does not hold a key of {KEY_BYTES} bytes")
    return value


def key(name: str) -> bytes:
    """Return the 32 bytes of a key, making the file when it is not there yet.

    Two processes that start together agree: the file is linked into place whole, and the loser reads the winner's.
    """
    path = key_path(name)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_bytes(KEY_BYTES).hex() + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return _read(path, path.stat().st_mtime_ns)


def derive(name: str, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, derived from the key called ``name`` (HMAC-SHA256)."""
    return hmac.new(key(name), purpose.encode(), hashlib.sha256).digest()
