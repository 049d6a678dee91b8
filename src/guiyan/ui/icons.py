"""Inline SVG icons by name: ``assets.lock.json`` decides which exist, the drawings come from Tabler Icons."""

import json
from functools import cache, lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString

from guiyan.ui import assets


class UnknownIconError(LookupError):
    """No icon of this name is in the lock; ``python -m guiyan.ui.assets --add-icons NAME`` adds one."""


@cache
def names() -> frozenset[str]:
    """Every icon name that templates and views may use."""
    return frozenset(assets.read_lock().icons)


@cache
def _drawings() -> dict[str, str]:
    path = assets.VENDOR / assets.ICONS_FILE
    if not path.is_file():
        return {}
    loaded: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=2048)
def svg(name: str, size: int = 20, css: str = "", label: str = "") -> SafeString:
    """One inline ``<svg>``, ``size`` in CSS pixels; with ``label`` it is an image with that name, else decoration.

    Raises UnknownIconError for a name that is not in the lock. While the front-end files are not prepared the frame
    is drawn empty, so that pages keep their shape.
    """
    if name not in names():
        raise UnknownIconError(f"There is no icon called {name!r}: python -m guiyan.ui.assets --add-icons {name}")
    told = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    classes = f"ic {escape(css)}" if css else "ic"
    # Drawings are verified by hash against the lock, sizes are integers, and the rest is escaped.
    return SafeString(
        f'<svg class="{classes}" width="{int(size)}" height="{int(size)}" viewBox="0 0 24 24" fill="none"'
        f' stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" {told}>'
        f"{_drawings().get(name, '')}</svg>"
    )
