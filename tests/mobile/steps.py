"""The story on the pages: each step as somebody takes it, through the test client."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from guiyan.platform.ids import new_id
from tests.web.conftest import Firm

PNG = base64.b64encode(
    b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
).decode()


def ink(points: int = 24) -> str:
    """Return a signature as the pad sends it."""
    stroke = {
        "points": [{"x": n * 3.5, "y": 40 + n % 7, "pressure": 0.5, "time": 1000 + n * 16} for n in range(points)]
    }
    return json.dumps({"png": f"data:image/png;base64,{PNG}", "strokes": [stroke]})


def prove(client: Client, user_id: Any) -> None:
    """Confirm to be oneself, as the sign-in library does when the password was entered again."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    from allauth.account.internal.flows import login

    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = login.user_id_to_str(_user(user_id))
    session.save()


def _user(user_id: Any) -> Any:
    from guiyan.platform.models import User

    return User.objects.get(pk=user_id)


def digest(page: str) -> str:
    """Return the digest that a page's form carries."""
    found = re.search(r'name="sha256" value="([0-9a-f]{64})"', page)
    assert found, page[:2000]
    return found[1]


def agree(client: Client) -> None:
    """Agree to the electronic form."""
    page = client.get(reverse("m_resign_form")).content.decode()
    found = re.search(r'name="text_sha256" value="([0-9a-f]{64})"', page)
    assert found
    told = {"agree": "on", "text_sha256": found[1], "request_id": str(new_id())}
    assert client.post(reverse("m_resign_form"), told)["Location"] == reverse("m_resign_letter")


def write(client: Client, **told: Any) -> None:
    """Write the letter."""
    answer = client.post(reverse("m_resign_letter"), {"basis": "37", **told})
    assert answer.status_code == 302, answer.content.decode()


def read(client: Client, preview: str) -> str:
    """Read the preview to its end; returns where one is led."""
    page = client.get(preview).content.decode()
    told = {"sha256": digest(page), "at_end": "1", "read_ms": "9000"}
    answer = client.post(preview, told)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def sign(client: Client, address: str, **told: Any) -> Any:
    """Sign and submit."""
    page = client.get(address).content.decode()
    form = {"sha256": digest(page), "signature": ink(), "agree": "on", "request_id": str(new_id()), **told}
    return client.post(address, form)


def resign(firm: Firm, **told: Any) -> tuple[Client, UUID]:
    """Resign on the phone, all the way; returns the employee's client and the case."""
    client = firm.client("employee")
    agree(client)
    write(client, **told)
    read(client, reverse("m_resign_preview"))
    prove(client, firm.users["employee"].pk)
    answer = sign(client, reverse("m_resign_sign"))
    assert answer.status_code == 302, answer.content.decode()
    found = re.search(r"/m/cases/([0-9a-f-]{36})/receipt/", answer["Location"])
    assert found
    return client, UUID(found[1])


def withdraw(firm: Firm, client: Client, case_id: UUID, words: str = "") -> Any:
    """Take the resignation back on the phone, all the way."""
    here = {"case_id": case_id}
    assert client.post(reverse("m_withdraw", kwargs=here), {"words": words}).status_code == 302
    read(client, reverse("m_withdraw_preview", kwargs=here))
    prove(client, firm.users["employee"].pk)
    answer = sign(client, reverse("m_withdraw_sign", kwargs=here))
    assert answer["Location"] == reverse("m_withdraw_receipt", kwargs=here)
    return answer


def act(firm: Firm, role: str, case_id: UUID, key: str, **told: Any) -> Any:
    """Do an act on the case's page at the desk."""
    address = reverse("case_act", kwargs={"case_id": case_id, "key": key})
    return firm.client(role).post(address, {"request_id": str(new_id()), **told})
