"""Compile translations: every ``locale/*/LC_MESSAGES/django.po`` of the package to the ``.mo`` that Django reads."""

from __future__ import annotations

from pathlib import Path

import polib

PACKAGE = Path(__file__).parents[1]


def compile_all(package: Path = PACKAGE) -> int:
    """Compile what changed. Returns how many catalogs were written."""
    written = 0
    for source in sorted(package.glob("*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        polib.pofile(str(source)).save_as_mofile(str(target))
        written += 1
    return written


if __name__ == "__main__":
    compile_all()
