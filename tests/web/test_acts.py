"""What is done about people on the pages: once however often it is sent, and never at the price of what was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from guiyan.ledger.models import Entry
from guiyan.ledger.queries import openings
from guiyan.people import queries
from guiyan.people.models import Assignment, ContractBrief, DeliveryAddress, EmploymentSpell, Person, Unit, Wage
from guiyan.platform import clock
from guiyan.platform.models import User
from guiyan.platform.permissions import SYSTEM, Held, Viewer
from tests.people.world import BANK, MOBILE, row_counts
from tests.web.conftest import Firm

HR = Viewer(None, None, "hr", (Held("hr"),))


def _act(firm: Firm, key: str) -> str:
    return reverse("person_act", kwargs={"person_id": firm.world.subject, "key": key})


def _hire(firm: Firm, request_id: str, **more: Any) -> dict[str, Any]:
    told = {
        "request_id": request_id,
        "name": "新来的",
        "sex": "female",
        "document_type": "passport",
        "id_document": "E12345678",
        "mobile": "14200001111",
        "unit": str(firm.world.right),
        "post": str(firm.world.post),
        "number": "N001",
        "hired_on": clock.today().isoformat(),
        "probation_months": "3",
        "manager": "A003",
    }
    return {**told, **more}


def test_somebody_is_hired_and_stands_in_the_list(firm: Firm, request_id: str) -> None:
    answer = firm.client("hr").post(reverse("hire"), _hire(firm, request_id), follow=True)
    assert answer.status_code == 200
    made = Person.objects.get(name="新来的")
    assert answer.redirect_chain[0][0] == reverse("person", kwargs={"person_id": made.id})
    shown = queries.profile(HR, made.id)
    assert (shown.unit, shown.manager and shown.manager.name) == ("研发部", "何佳宁")
    assert "142****1111" in answer.content.decode()
    assert "14200001111" not in answer.content.decode()


def test_a_form_that_is_sent_twice_acts_once(firm: Firm, request_id: str) -> None:
    client, told = firm.client("hr"), _hire(firm, request_id)
    first = client.post(reverse("hire"), told)
    before = row_counts()
    again = client.post(reverse("hire"), told)
    assert first["Location"] == again["Location"]
    assert row_counts() == before
    move = {"request_id": request_id[:-2] + "aa", "unit": firm.world.right, "post": firm.world.post}
    move["from_on"] = clock.today().isoformat()
    for _time in range(2):
        assert client.post(_act(firm, "transfer"), move).status_code == 302
    assert Assignment.objects.filter(spell=firm.world.spell).count() == 2


def test_bad_input_keeps_what_was_typed_and_saves_nothing(firm: Firm, request_id: str) -> None:
    before = row_counts()
    told = _hire(firm, request_id, hired_on="2026-02-30", id_document="", manager="没有这个人", name="欧阳娜娜")
    answer = firm.client("hr").post(reverse("hire"), told)
    seen = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("欧阳娜娜", "2026-02-30", "没有这个人", "14200001111", request_id):
        assert f'value="{kept}"' in seen
    assert "有 3 处需要修改" in seen
    assert row_counts() == before


def test_a_rule_that_stops_is_said_in_the_form(firm: Firm, request_id: str) -> None:
    client = firm.client("hr")
    taken = client.post(reverse("hire"), _hire(firm, request_id, number="A002"))
    assert taken.status_code == 422
    assert "这个工号已经有人使用" in taken.content.decode()
    assert 'value="新来的"' in taken.content.decode()
    known = _hire(firm, request_id, document_type="citizen", id_document="310000199003070018")
    seen = client.post(reverse("hire"), known).content.decode()
    assert "此人已在册" in seen
    assert reverse("person", kwargs={"person_id": firm.world.subject}) in seen


def test_a_name_that_several_have_asks_for_the_number(firm: Firm, request_id: str) -> None:
    client = firm.client("hr")
    client.post(reverse("hire"), _hire(firm, request_id, name="何佳宁"))
    told = {"unit": firm.world.right, "post": firm.world.post, "from_on": clock.today(), "manager": "何佳宁"}
    seen = client.post(_act(firm, "transfer"), told).content.decode()
    assert "有几位同名的人" in seen
    assert "N001" in seen


def test_contract_wage_and_correction_are_recorded(firm: Firm) -> None:
    client = firm.client("hr_lead")
    spell = firm.world.spell
    told: dict[str, Any] = {"kind": "fixed_term", "start_on": "2027-03-01", "number": "HT-2"}
    assert client.post(_act(firm, "contract"), told).status_code == 422, "a fixed term needs its end"
    assert client.post(_act(firm, "contract"), {**told, "end_on": "2030-02-28"}).status_code == 302
    assert ContractBrief.objects.filter(spell=spell).count() == 2
    wage = {"base": "15000.50", "valid_from": "2026-12-01", "performance_kind": "percent", "performance": "20"}
    assert client.post(_act(firm, "wage"), wage).status_code == 302
    assert Wage.objects.filter(spell=spell).count() == 2
    assert client.post(_act(firm, "wage"), {**wage, "base": "-1"}).status_code == 422
    correct = {"name": "周雨彤", "sex": "female", "document_type": "citizen", "reason": "证件更名", "mobile": ""}
    assert client.post(_act(firm, "correct"), correct).status_code == 302
    shown = queries.profile(HR, firm.world.subject)
    assert shown.name == "周雨彤"
    assert {row.kind: row.mask for row in shown.sensitive or ()}["mobile"] == "142****6021", "empty means unchanged"


def test_an_address_needs_the_signed_paper(firm: Firm) -> None:
    client = firm.client("hr")
    told = {"kind": "email", "value": "zhou@example.com", "confirmed_on": "2026-11-01"}

    def send(data: bytes, name: str = "a.pdf") -> int:
        paper = SimpleUploadedFile(name, data)
        return client.post(_act(firm, "address"), {**told, "paper": paper}).status_code

    assert client.post(_act(firm, "address"), told).status_code == 422
    assert send(b"MZ\x90 not a paper") == 422
    assert send(b"%PDF-1.7 signed") == 302
    row = DeliveryAddress.objects.get(kind="email")
    assert (row.confirmed_how, len(row.proof_sha256)) == ("paper", 64)


def test_an_account_is_made_and_signs_in(firm: Firm) -> None:
    client = firm.client("hr_lead")
    address = reverse("person_act", kwargs={"person_id": firm.world.outsider, "key": "account"})
    weak = client.post(address, {"username": "hejianing", "password": "123"})
    assert weak.status_code == 422
    assert 'value="hejianing"' in weak.content.decode()
    assert "123" not in re.findall(r'type="password"[^>]*', weak.content.decode())[0], "a password is not sent back"
    assert client.post(address, {"username": "hejianing", "password": "long enough 42"}).status_code == 302
    assert User.objects.get(username="hejianing").person_id == firm.world.outsider


def test_who_left_comes_back_as_the_same_person(firm: Firm) -> None:
    client = firm.client("hr_lead")
    address = reverse("person_act", kwargs={"person_id": firm.world.gone, "key": "rehire"})
    told = {"unit": firm.world.right, "post": firm.world.post, "number": "A004", "hired_on": clock.today()}
    answer = client.post(address, {**told, "probation_months": "2"}, follow=True)
    assert "以前约定过试用期" in answer.content.decode()
    assert EmploymentSpell.objects.filter(person_id=firm.world.gone).count() == 2
    assert "第 2 段任职" in answer.content.decode()


# --- looks -----------------------------------------------------------------------------------------------------------


def test_a_look_at_anothers_value_needs_a_reason_and_is_recorded(firm: Firm) -> None:
    client = firm.client("hr")
    address = reverse("person_reveal", kwargs={"person_id": firm.world.subject, "kind": "mobile"})
    before = row_counts()["ledger_entry"]
    asked = client.post(address).content.decode()
    assert "为什么查看" in asked
    assert MOBILE not in asked
    shown = client.post(address, {"reason": "联系本人"}).content.decode()
    assert MOBILE in shown
    assert 'data-mask-after="30"' in shown
    assert row_counts()["ledger_entry"] == before + 1, "the look, and not the question"
    assert client.get(address).status_code == 405, "a link cannot look"


def test_ones_own_value_needs_no_reason(firm: Firm) -> None:
    address = reverse("person_reveal", kwargs={"person_id": firm.world.subject, "kind": "mobile"})
    assert MOBILE in firm.client("employee").post(address).content.decode()


def test_bank_accounts_and_wages_are_for_those_whom_the_table_names(firm: Firm) -> None:
    bank = reverse("person_reveal", kwargs={"person_id": firm.world.subject, "kind": "bank_account"})
    assert BANK in firm.client("finance").post(bank, {"reason": "发工资"}).content.decode()
    assert firm.client("legal").post(bank, {"reason": "看看"}).status_code == 403
    wage = reverse(
        "person_reveal_wage",
        kwargs={"person_id": firm.world.subject, "spell_id": firm.world.spell, "day": "2022-03-01"},
    )
    asked = firm.client("finance").post(wage).content.decode()
    assert "12,345.67" not in asked, "who looks at another's wage says why first"
    assert "12,345.67" in firm.client("finance").post(wage, {"reason": "核对工资"}).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(entry, 'UTF8') FROM ledger_entry ORDER BY id DESC LIMIT 1")
        (entry,) = cursor.fetchone()
    assert '"pii.revealed"' in entry
    assert "12345" not in entry
    for role in ("manager", "legal", "auditor"):
        assert firm.client(role).post(wage).status_code == 404
    page = reverse("person_employment", kwargs={"person_id": firm.world.subject})
    for role in ("hr", "finance", "manager"):
        assert "12345" not in firm.client(role).get(page).content.decode().replace(",", "")


# --- organisation ----------------------------------------------------------------------------------------------------


def test_the_hr_lead_opens_heads_and_closes_units(firm: Firm, request_id: str) -> None:
    client, today = firm.client("hr_lead"), clock.today().isoformat()
    told = {"name": "新部门", "code": "NEW", "parent": firm.world.company, "opened_on": today}
    address = reverse("organisation_new", kwargs={"key": "open"})
    assert client.post(address, {**told, "code": "坏 编码"}).status_code == 422
    assert client.post(address, {**told, "request_id": request_id}).status_code == 302
    unit = Unit.objects.get(code="NEW")
    assert "新部门" in client.get(reverse("organisation")).content.decode()
    head = reverse("organisation_unit", kwargs={"unit_id": unit.id, "key": "head"})
    assert client.post(head, {"head": "A003", "from_on": today}).status_code == 302
    assert next(node for node in queries.unit_tree(SYSTEM) if node.code == "NEW").head is not None
    in_use = reverse("organisation_unit", kwargs={"unit_id": firm.world.right, "key": "close"})
    refused = client.post(in_use, {"closed_on": today})
    assert refused.status_code == 422
    assert "不能撤销" in refused.content.decode()
    assert client.post(in_use.replace(str(firm.world.right), str(unit.id)), {"closed_on": today}).status_code == 302


@pytest.mark.parametrize("role", ["employee", "manager", "hr", "auditor", "system_admin"])
def test_the_first_page_fits_the_role(firm: Firm, role: str) -> None:
    seen = firm.client(role).get(reverse("home")).content.decode()
    assert ("我的任职" in seen) == (role in {"employee", "manager"})
    assert ("入职与离职" in seen) == (role in {"manager", "hr", "auditor"})
    assert ("我的团队" in seen) == (role == "manager")
    assert ("被拒绝的操作" in seen) == (role in {"auditor", "system_admin"})
    assert ("各部门在职人数" in seen) == (role in {"hr", "auditor"})


def test_an_entry_commits_to_how_the_person_signed_in(firm: Firm, request_id: str) -> None:
    password, user = "a-long-password-7", firm.users["hr"]
    user.set_password(password)
    user.save()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    asked = client.post("/accounts/login/", {"login": "hr", "password": password})
    assert asked["Location"].startswith("/accounts/2fa/authenticate/")
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.post(reverse("hire"), _hire(firm, request_id)).status_code == 302
    entry_id = Entry.objects.filter(type="person.hired").latest("id").pk
    opened = openings(Viewer(None, None, "legal", (Held("legal"),)), [(entry_id, "actor.auth")])
    assert opened[entry_id, "actor.auth"].value == "password+totp"
