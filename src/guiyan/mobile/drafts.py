"""The letter while it is being written: kept sealed in the session of whoever writes it, and nowhere else."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from guiyan.platform import crypto, home

WHERE = "mobile-draft"


def keep(request: HttpRequest, name: str, draft: dict[str, Any]) -> None:
    """Keep a draft under a name until it is submitted or the session ends."""
    request.session[_key(name)] = crypto.seal(_seal(), json.dumps(draft).encode(), where=WHERE).hex()


def read(request: HttpRequest, name: str) -> dict[str, Any] | None:
    """Return the draft of that name, or None when nothing is being written."""
    sealed = request.session.get(_key(name))
    if not sealed:
        return None
    draft: dict[str, Any] = json.loads(crypto.unseal(_seal(), bytes.fromhex(sealed), where=WHERE))
    return draft


def drop(request: HttpRequest, name: str) -> None:
    """Forget a draft."""
    request.session.pop(_key(name), None)


def _key(name: str) -> str:
    return f"mobile_draft_{name}"


def _seal() -> bytes:
    return home.derive(home.MASTER_KEY, WHERE)
