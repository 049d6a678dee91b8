"""Addresses of static files that change when any file changes, so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest(package: Path) -> str:
    """Return 12 hex digits over every static file that the package carries (names and contents)."""
    state = hashlib.sha256()
    for folder in sorted(package.glob("*/static")):
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                state.update(
                    str(file.relative_to(folder)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest()
                )
    return state.hexdigest()[:12]
