"""That it is really me: the sign-in library asks for the password or the code again, shortly before a signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from django.urls import reverse

from guiyan.platform import clock


@dataclass(frozen=True)
class Proof:
    """How and when the account was confirmed again. ``method`` is ``password``, ``totp``, ``webauthn`` …"""

    method: str
    at: datetime


def proof(request: HttpRequest) -> Proof | None:
    """Return the newest confirmation that is recent enough to sign by, or None. Signing in alone is none."""
    records = [item for item in get_authentication_records(request, request.user) if item.get("reauthenticated")]
    if not records:
        return None
    last = records[-1]  # the library stamps it by the wall clock, a simulation or not
    if clock.wall().timestamp() - last["at"] > app_settings.REAUTHENTICATION_TIMEOUT:
        return None
    method = last.get("type", "mfa") if last["method"] == "mfa" else last["method"]
    return Proof(str(method), datetime.fromtimestamp(last["at"], UTC))


def ask(url: str) -> str:
    """Return the address that asks for it and then leads to ``url``."""
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': url})}"
