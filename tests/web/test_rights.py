"""Who may open which page, and that a post without the right changes nothing but the list of refusals."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from guiyan.platform.models import Refusal
from tests.people.world import row_counts
from tests.web.conftest import ROLES, Firm

EVERYBODY = set(ROLES)
HR = {"hr", "hr_elsewhere", "hr_lead"}
LISTS = HR | {"manager", "legal", "finance", "auditor"}
SEES_SUBJECT = {"employee", "manager", "hr", "hr_lead", "legal", "finance", "auditor"}
PAGES = {
    "home": EVERYBODY,
    "people": LISTS,
    "organisation": EVERYBODY,
    "person": SEES_SUBJECT,
    "person_employment": SEES_SUBJECT,
    "person_personal": {"employee", "hr", "hr_lead", "legal", "finance"},
    "transfer": {"hr", "hr_lead"},
    "contract": {"hr", "hr_lead"},
    "wage": {"hr", "hr_lead"},
    "protection": {"employee", "hr", "hr_lead"},
    "address": {"hr", "hr_lead"},
    "confirm-address": {"employee"},
    "correct": {"hr", "hr_lead"},
    "account": {"hr", "hr_lead"},
    "hire": HR,
    "unit_open": {"hr_lead"},
    "unit_head": {"hr_lead"},
    "unit_close": {"hr_lead"},
    "post_open": {"hr_lead"},
    "imports": {"hr", "hr_lead", "auditor"},
    "accounts": {"system_admin", "auditor"},
    "account_new": {"system_admin"},
    "refusals": {"system_admin", "auditor", "legal"},
    "suggest": LISTS,
    "ledger": {"auditor", "legal", "hr_lead"},
}
"""Who gets a page; everybody else is told that there is none."""
OWN_INSTEAD = {"people": {"employee"}}


def _addresses(firm: Firm) -> dict[str, str]:
    person = {"person_id": firm.world.subject}
    acts = ("transfer", "contract", "wage", "protection", "address", "confirm-address", "correct", "account")
    unit = {"unit_id": firm.world.right}
    return {
        **{name: reverse(name) for name in ("home", "people", "organisation", "hire", "imports", "accounts")},
        **{name: reverse(name) for name in ("account_new", "refusals", "ledger")},
        **{name: reverse(name, kwargs=person) for name in ("person", "person_employment", "person_personal")},
        **{key: reverse("person_act", kwargs={**person, "key": key}) for key in acts},
        "unit_open": reverse("organisation_new", kwargs={"key": "open"}),
        "post_open": reverse("organisation_new", kwargs={"key": "post"}),
        "unit_head": reverse("organisation_unit", kwargs={**unit, "key": "head"}),
        "unit_close": reverse("organisation_unit", kwargs={**unit, "key": "close"}),
        "suggest": reverse("people_suggest"),
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_its_pages_and_no_other(firm: Firm, role: str) -> None:
    client = firm.client(role)
    addresses = _addresses(firm)
    assert set(addresses) == set(PAGES)
    answers = {page: client.get(address).status_code for page, address in addresses.items()}
    expected = {
        page: 200 if role in roles else 302 if role in OWN_INSTEAD.get(page, ()) else 404
        for page, roles in PAGES.items()
    }
    assert answers == expected


def test_nobody_is_served_without_signing_in(firm: Firm) -> None:
    from django.test import Client

    for page, address in _addresses(firm).items():
        answer = Client().get(address)
        assert (page, answer.status_code) == (page, 302)
        assert answer["Location"].startswith("/accounts/login/")


def _posts(firm: Firm) -> dict[str, tuple[str, dict[str, Any]]]:
    world, today = firm.world, date.today().isoformat()  # noqa: DTZ011  a day for a form, whichever
    person = {"person_id": world.subject}

    def act(key: str) -> str:
        return reverse("person_act", kwargs={**person, "key": key})

    return {
        "transfer": (act("transfer"), {"unit": world.right, "post": world.post, "from_on": today}),
        "contract": (act("contract"), {"kind": "open_ended", "start_on": today}),
        "wage": (act("wage"), {"base": "1", "valid_from": today, "performance_kind": "none"}),
        "correct": (act("correct"), {"name": "某人", "sex": "male", "document_type": "citizen", "reason": "试"}),
        "account": (act("account"), {"username": "new-user", "password": "long enough 123"}),
        "unit_open": (
            reverse("organisation_new", kwargs={"key": "open"}),
            {"name": "甲", "code": "X", "opened_on": today},
        ),
        "unit_close": (
            reverse("organisation_unit", kwargs={"unit_id": world.right, "key": "close"}),
            {"closed_on": today},
        ),
        "unit_head": (
            reverse("organisation_unit", kwargs={"unit_id": world.right, "key": "head"}),
            {"from_on": today, "head": ""},
        ),
        "export": (reverse("people_export"), {"query": "", "reason": "试"}),
        "reveal": (reverse("person_reveal", kwargs={**person, "kind": "mobile"}), {"reason": "试"}),
        "discard": (reverse("import_discard", kwargs={"draft_id": UUID(int=1)}), {}),
        "reverse": (reverse("import_reverse", kwargs={"batch_id": UUID(int=1)}), {"reason": "试"}),
    }


@pytest.mark.parametrize("role", ["manager", "legal", "auditor", "it", "employee", "hr_elsewhere"])
def test_a_post_without_the_right_changes_nothing(firm: Firm, role: str) -> None:
    client = firm.client(role)
    permitted = {("employee", "reveal"), ("legal", "reveal"), ("hr_elsewhere", "export")}
    for name, (address, told) in _posts(firm).items():
        if (role, name) in permitted:
            continue
        before, refused = row_counts(), Refusal.objects.count()
        answer = client.post(address, told)
        assert (name, answer.status_code) in {(name, 403), (name, 404)}
        changed = {table for table, count in row_counts().items() if count != before[table]}
        assert changed <= {"platform_refusal", "ledger_entry", "platform_subjectkey"}, name
        assert Refusal.objects.count() - refused == (answer.status_code == 403)


def test_a_manager_sees_no_trace_of_a_protection(firm: Firm) -> None:
    pages = [reverse(name, kwargs={"person_id": firm.world.subject}) for name in ("person", "person_employment")]
    for address in [*pages, reverse("people"), reverse("home")]:
        seen = firm.client("manager").get(address).content.decode()
        assert "特殊保护" not in seen
        assert "孕期" not in seen
    assert "孕期" in firm.client("hr").get(pages[0]).content.decode(), "it could have leaked"


def test_ids_that_are_forged_or_another_tenants_are_not_found(firm: Firm) -> None:
    client = firm.client("hr_lead")
    for person in (UUID(int=7), firm.world.company):
        for name in ("person", "person_employment", "person_personal"):
            assert client.get(reverse(name, kwargs={"person_id": person})).status_code == 404
        act = reverse("person_act", kwargs={"person_id": person, "key": "transfer"})
        assert client.get(act).status_code == client.post(act, {}).status_code == 404
    for key in ("nothing", "head"):
        assert client.get(reverse("organisation_new", kwargs={"key": key})).status_code == 404
    assert client.get(reverse("import_draft", kwargs={"draft_id": UUID(int=3)})).status_code == 404
    assert client.get(reverse("import_batch", kwargs={"batch_id": UUID(int=3)})).status_code == 404
    assert client.get("/people/not-an-id/").status_code == 404
    assert client.get(f"/people/{firm.world.subject}/act/nothing/").status_code == 404


def test_another_tenants_session_opens_nothing_here(firm: Firm) -> None:
    from django.test import Client

    stranger = Client(headers={"host": "beta.localhost"})
    stranger.cookies = firm.client("hr_lead").cookies
    address = reverse("person", kwargs={"person_id": firm.world.subject})
    with pytest.raises(
        Exception, match="cannot change inside a transaction"
    ):  # the wall itself refuses: no connection is shared
        stranger.get(address)


def test_the_ledger_names_nobody_and_narrows(firm: Firm) -> None:
    auditor = firm.client("auditor")
    seen = auditor.get(reverse("ledger")).content.decode()
    assert "入职" in seen
    for secret in ("孕期", "周雨桐", "12345.67"):
        assert secret not in seen
    narrowed = auditor.get(reverse("ledger"), {"kind": "contract."}).content.decode()
    assert 1 <= narrowed.count("<tr><td") < seen.count("<tr><td")
    assert auditor.get(reverse("ledger"), {"kind": "contract.", "last": "2001-01-01"}).content.count(b"<tr><td") == 0
    assert auditor.get(reverse("ledger"), {"first": "2026-99-99", "before": "x", "kind": "?"}).status_code == 200
    part = auditor.get(reverse("ledger"), headers={"HX-Request": "true", "HX-Target": "ledger-list"}).content.decode()
    assert part.strip().startswith('<div id="ledger-list"')
