"""How the sign-in library is bent to our accounts: nobody signs up by themselves; names come from the account."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from guiyan.platform.models import User


def signed_in_by(request: HttpRequest) -> str:
    """Return how the person of this session showed who they are, in order: ``password``, or ``password+totp``.

    Empty when the session holds nothing of it. A factor is named by its type, once.
    """
    records = get_authentication_records(request, request.user)
    return "+".join(dict.fromkeys(str(record.get("type") or record["method"]) for record in records))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator or by an import, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets are kept encrypted under the installation's key."""

    def encrypt(self, text: str) -> str:
        from guiyan.platform import crypto, home  # noqa: PLC0415  the library imports this module before models are ready

        return crypto.seal(home.derive(home.MASTER_KEY, "mfa"), text.encode(), where="mfa").hex()

    def decrypt(self, encrypted_text: str) -> str:
        from guiyan.platform import crypto, home  # noqa: PLC0415  the library imports this module before models are ready

        return crypto.unseal(home.derive(home.MASTER_KEY, "mfa"), bytes.fromhex(encrypted_text), where="mfa").decode()

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {"id": user.pk.bytes, "name": user.username, "display_name": user.display_name}
