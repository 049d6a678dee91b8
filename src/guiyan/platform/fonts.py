"""Where the Chinese fonts for documents are: ``GUIYAN_FONT_DIR`` first, else the wheel that carries them."""

from __future__ import annotations

import os
from importlib import util
from pathlib import Path

FAMILIES = ("Noto Sans SC", "Noto Serif SC")
WHEEL = "pylopdf_fonts_zh_cn"


def folder() -> Path | None:
    """Return the folder with the fonts, or None when there is none."""
    told = os.environ.get("GUIYAN_FONT_DIR")
    if told:
        return Path(told)
    spec = util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def files() -> list[Path]:
    """Return every font file found."""
    where = folder()
    return sorted([*where.rglob("*.ttf"), *where.rglob("*.otf")]) if where and where.is_dir() else []


def missing() -> list[str]:
    """Return the font families that documents need and that are not there."""
    names = " ".join(path.stem.replace("-", "").replace("_", "").lower() for path in files())
    return [family for family in FAMILIES if family.replace(" ", "").lower() not in names]
