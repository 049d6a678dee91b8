"""The resignation and its withdrawal on the phone: signed, received once, taken back, and nobody else's to see."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from guiyan.ledger.models import Entry
from guiyan.mobile import paperwork
from guiyan.platform.ids import new_id
from guiyan.platform.models import Refusal
from guiyan.separation.models import Case, Signature, Withdrawal
from tests.mobile.steps import act, agree, digest, ink, prove, read, resign, sign, withdraw, write
from tests.web.conftest import Firm

BANNED = ("个人原因", "审批通过", "视为同意", "批准后生效")


def _home(client: object) -> str:
    return client.get(reverse("m_home")).content.decode()  # type: ignore[attr-defined]


def test_a_signed_letter_arrives_once_and_the_employee_has_a_receipt(firm: Firm) -> None:
    client, case_id = resign(firm, reason="想换个城市生活")
    page = client.get(reverse("m_receipt", kwargs={"case_id": case_id})).content.decode()
    case = Case.objects.get()
    assert case.pk == case_id
    assert case.number in page
    assert Signature.objects.get().document_sha256 in page
    assert "不表示公司同意；辞职也不需要同意" in page
    assert "公司已收到您的辞职" in _home(client)


def test_the_letter_says_what_was_written_and_nothing_else(firm: Firm) -> None:
    client = firm.client("employee")
    agree(client)
    write(client, reason="想换个城市生活")
    page = client.get(reverse("m_resign_preview")).content.decode()
    assert "想换个城市生活" in page
    assert "第三十七条" in page
    assert [word for word in BANNED if word in page] == []
    image = client.get(reverse("m_resign_page", kwargs={"number": 1}))
    assert image.content.startswith(b"\x89PNG")
    assert client.get(reverse("m_resign_page", kwargs={"number": 99})).status_code == 404
    assert client.get(reverse("m_resign_pdf")).content.startswith(b"%PDF-")
    assert not Case.objects.exists()


def test_pressed_twice_it_is_submitted_once(firm: Firm) -> None:
    client = firm.client("employee")
    agree(client)
    write(client)
    read(client, reverse("m_resign_preview"))
    prove(client, firm.users["employee"].pk)
    page = client.get(reverse("m_resign_sign")).content.decode()
    told = {"sha256": digest(page), "signature": ink(), "agree": "on", "request_id": str(new_id())}
    first = client.post(reverse("m_resign_sign"), told)
    second = client.post(reverse("m_resign_sign"), told)
    assert first["Location"] == second["Location"]
    assert "receipt" in first["Location"]
    assert Case.objects.count() == 1


def test_without_the_agreement_one_is_asked_and_paper_stands_beside_it(firm: Firm) -> None:
    client = firm.client("employee")
    page = client.get(reverse("m_resign_form")).content.decode()
    assert reverse("m_resign_paper") in page
    assert client.post(reverse("m_resign_form"), {}).status_code == 422
    assert client.post(reverse("m_resign_form"), {"agree": "on", "text_sha256": "0" * 64}).status_code == 422
    agree(client)
    assert client.get(reverse("m_resign_form"))["Location"] == reverse("m_resign_letter")


def test_signing_wants_reading_and_identity_first(firm: Firm) -> None:
    client = firm.client("employee")
    agree(client)
    write(client)
    assert client.get(reverse("m_resign_sign"))["Location"] == reverse("m_resign_preview")
    led = read(client, reverse("m_resign_preview"))
    assert led.startswith(reverse("account_reauthenticate"))
    again = client.get(reverse("m_resign_sign"))
    assert again["Location"].startswith(reverse("account_reauthenticate"))
    assert client.post(reverse("m_resign_sign"), {"signature": ink()}).status_code == 302
    assert not Case.objects.exists()


def test_a_letter_that_was_not_read_is_not_signed(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    client = firm.client("employee")
    agree(client)
    write(client)
    page = client.get(reverse("m_resign_preview")).content.decode()
    assert client.post(reverse("m_resign_preview"), {"sha256": digest(page), "at_end": ""}).status_code == 422
    assert client.post(reverse("m_resign_preview"), {"sha256": "0" * 64, "at_end": "1"}).status_code == 422
    monkeypatch.setattr(paperwork, "SECONDS_MIN", 3600)
    assert client.post(reverse("m_resign_preview"), {"sha256": digest(page), "at_end": "1"}).status_code == 422


@pytest.mark.parametrize("change", [{"signature": ""}, {"signature": ink(2)}, {"signature": "{}"}, {"agree": ""}])
def test_no_signature_no_submission_and_the_draft_stays(firm: Firm, change: dict[str, str]) -> None:
    client = firm.client("employee")
    agree(client)
    write(client, reason="想换个城市生活")
    read(client, reverse("m_resign_preview"))
    prove(client, firm.users["employee"].pk)
    assert sign(client, reverse("m_resign_sign"), **change).status_code == 422
    assert not Case.objects.exists()
    assert "想换个城市生活" in client.get(reverse("m_resign_letter")).content.decode()


def test_a_letter_changed_after_the_preview_is_not_submitted(firm: Firm) -> None:
    client = firm.client("employee")
    agree(client)
    write(client)
    read(client, reverse("m_resign_preview"))
    prove(client, firm.users["employee"].pk)
    answer = sign(client, reverse("m_resign_sign"), sha256="0" * 64)
    assert answer.status_code == 422
    assert "请重新预览" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_character_without_a_glyph_is_named_and_the_words_stay(firm: Firm) -> None:
    client = firm.client("employee")
    agree(client)
    write(client, reason="再见😀")
    answer = client.get(reverse("m_resign_preview"), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse("m_resign_letter")
    assert "字库里没有" in page
    assert "再见" in page


def test_it_can_be_taken_back_and_the_page_says_what_that_means(firm: Firm) -> None:
    client, case_id = resign(firm)
    before = client.get(reverse("m_withdraw", kwargs={"case_id": case_id})).content.decode()
    assert "需要公司同意" in before
    withdraw(firm, client, case_id, "家里的事解决了，想留下")
    page = client.get(reverse("m_withdraw_receipt", kwargs={"case_id": case_id})).content.decode()
    assert "不表示公司已经同意" in page
    assert "没有答复不等于同意" in _home(client)
    assert Withdrawal.objects.get().status == "pending"
    again = client.get(reverse("m_withdraw", kwargs={"case_id": case_id}))
    assert again["Location"] == reverse("m_case", kwargs={"case_id": case_id})


@pytest.mark.parametrize(
    ("decision", "said"), [("consent", "公司同意撤回，您继续在职"), ("refuse", "公司没有同意撤回")]
)
def test_the_answer_is_told_in_plain_words(firm: Firm, decision: str, said: str) -> None:
    client, case_id = resign(firm)
    withdraw(firm, client, case_id)
    assert act(firm, "manager", case_id, "opinion", opinion="agree", note="").status_code == 302
    assert act(firm, "hr", case_id, decision, note="").status_code == 302
    page = client.get(reverse("m_case", kwargs={"case_id": case_id})).content.decode()
    assert said in page
    assert said in _home(client)


def test_nobody_else_sees_the_case_and_the_attempt_is_on_record(firm: Firm) -> None:
    _client, case_id = resign(firm)
    addresses = [
        reverse(name, kwargs={"case_id": case_id})
        for name in ("m_case", "m_receipt", "m_withdraw", "m_withdraw_preview", "m_withdraw_sign", "m_withdraw_pdf")
    ]
    users = {**firm.users}
    from tests.web.conftest import account

    firm.users["other"] = account("other", firm.world.outsider)
    other = firm.client("other")
    before = Refusal.objects.count()
    for address in addresses:
        answer = other.get(address)
        assert answer.status_code == 404, address
        assert Case.objects.get().number not in answer.content.decode()
    assert Refusal.objects.count() == before + len(addresses)
    assert Refusal.objects.order_by("-at").first().rule == "not_their_case"  # type: ignore[union-attr]
    assert other.post(addresses[2], {"words": "撤回"}).status_code == 404
    firm.users = users
    for role in ("manager", "hr"):
        assert firm.client(role).get(addresses[0]).status_code == 404


def test_a_made_up_case_is_not_found(firm: Firm) -> None:
    assert firm.client("employee").get(reverse("m_case", kwargs={"case_id": new_id()})).status_code == 404


def test_files_of_the_case_are_the_owners_alone(firm: Firm) -> None:
    client, case_id = resign(firm)
    page = client.get(reverse("m_case", kwargs={"case_id": case_id})).content.decode()
    found = re.findall(rf"/m/cases/{case_id}/file/[0-9a-f-]+/", page)
    assert len(set(found)) == 2
    assert client.get(found[0]).content.startswith(b"%PDF-")
    assert firm.client("manager").get(found[0]).status_code == 404


def test_an_identity_step_long_ago_is_none(firm: Firm) -> None:
    client = firm.client("employee")
    agree(client)
    write(client)
    read(client, reverse("m_resign_preview"))
    prove(client, firm.users["employee"].pk)
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 3600
    session.save()
    assert client.get(reverse("m_resign_sign"))["Location"].startswith(reverse("account_reauthenticate"))


def test_the_story_is_told_in_english_too(firm: Firm) -> None:
    client, case_id = resign(firm)
    client.cookies["django_language"] = "en"
    for name in ("m_case", "m_receipt", "m_withdraw"):
        page = client.get(reverse(name, kwargs={"case_id": case_id})).content.decode()
        main = page.split("<main", 1)[1].split("</main", 1)[0]
        for data in ("周雨桐", "陈立衡", "甲公司"):
            main = main.replace(data, "")
        left = [word for word in ("您", "公司已", "撤回需要", "接下来", "时间从") if word in main]
        assert left == [], name


def test_entries_tell_who_signed_what(firm: Firm) -> None:
    _client, _case_id = resign(firm)
    kinds = set(Entry.objects.values_list("type", flat=True))
    assert {"form.agreed", "resign.submitted", "idv.done", "sign.done", "resign.arrived"} <= kinds
