"""Which law a finding was made with: a digest over the rules, their data and what they rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from guiyan import __version__

PACKAGES = ("guiyan.kernel", "guiyan.law")
ENDINGS = (".py", ".yaml", ".txt", ".csv")
NO_RULES = ("reviewed", "__pycache__")
"""Folders that decide nothing: cases that were reviewed, and what Python keeps."""


@cache
def law_version() -> str:
    """The package's version and 16 hex digits over every source and data file of the rules, 1.2.0+0123456789abcdef.

    Any change of a file changes it, also one that changes no answer: which answers changed is found by judging again.
    """
    digest = hashlib.sha256()
    for package in PACKAGES:
        for name, file in sorted(_files(package, resources.files(package))):
            content = file.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"{__version__}+{digest.hexdigest()[:16]}"


def _files(name: str, folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    for file in folder.iterdir():
        if file.is_dir():
            if file.name not in NO_RULES:
                yield from _files(f"{name}/{file.name}", file)
        elif file.name.endswith(ENDINGS):
            yield f"{name}/{file.name}", file
