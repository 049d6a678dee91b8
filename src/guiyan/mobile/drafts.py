"""The letter while it is being written: kept sealed in the session of whoever writes it, and nowhere else."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from guiyan.platform import crypto, home

WHERE = "mobile-draft"
SENT = "mobile_sent"


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


def sent(request: HttpRequest, name: str, request_id: UUID, receipt: str) -> None:
    """Forget a draft that was sent, and remember where its receipt is for who presses the button again."""
    request.session.pop(_key(name), None)
    request.session[SENT] = {"id": str(request_id), "receipt": receipt}


def receipt_of(request: HttpRequest) -> str:
    """Return where the receipt of what this form already sent is; empty when it sent nothing."""
    before = request.session.get(SENT) or {}
    told = request.POST.get("request_id", "")
    return str(before["receipt"]) if told and before.get("id") == told else ""


def _key(name: str) -> str:
    return f"mobile_draft_{name}"


def _seal() -> bytes:
    return home.derive(home.MASTER_KEY, WHERE)
