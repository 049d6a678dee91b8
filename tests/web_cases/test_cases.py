"""Cases at the desk: who sees what, who may do what, what an old exit is answered, and nothing twice."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from guiyan.ledger.models import Entry
from guiyan.people.models import EmploymentSpell
from guiyan.platform import clock
from guiyan.platform.ids import new_id
from guiyan.platform.models import Refusal
from guiyan.process.models import Task
from guiyan.separation.models import Case, IntakeProof, OutsideEffect, Withdrawal
from tests.mobile.steps import act, resign, withdraw
from tests.web.conftest import Firm

SEES = {
    "manager": 200, "hr": 200, "hr_lead": 200, "legal": 200, "auditor": 200, "it": 200, "finance": 200,
    "facilities": 200, "hr_elsewhere": 404, "system_admin": 404,
}  # fmt: skip
PDF = b"%PDF-1.7\n1 0 obj\n"


def _case(case_id: UUID, name: str = "case") -> str:
    return reverse(name, kwargs={"case_id": case_id})


def _page(firm: Firm, role: str, case_id: UUID) -> str:
    answer = firm.client(role).get(_case(case_id))
    assert answer.status_code == 200
    return str(answer.content.decode())


def _intake(firm: Firm, request_id: str, **more: Any) -> dict[str, Any]:
    told = {
        "request_id": request_id,
        "person": "A002",
        "channel": "paper",
        "arrived_at": (clock.now() - timedelta(hours=3)).astimezone(clock.LEGAL_ZONE).strftime("%Y-%m-%dT%H:%M"),
        "basis": "37",
        "words": "本人通知公司解除劳动合同。",
        "identity_attested": "unknown",
        "scan": SimpleUploadedFile("letter.pdf", PDF, "application/pdf"),
    }
    return {**told, **more}


@pytest.mark.parametrize("role", SEES)
def test_each_role_sees_what_is_theirs(firm: Firm, role: str) -> None:
    _me, case_id = resign(firm, reason="想换个城市生活")
    answer = firm.client(role).get(_case(case_id))
    assert answer.status_code == SEES[role]
    page = answer.content.decode()
    assert ("想换个城市生活" in page) == (role in {"hr", "hr_lead", "legal"})
    if answer.status_code == 200:
        assert "<style" not in page
        assert " style=" not in page
    else:
        assert Refusal.objects.filter(rule="not_their_case").count() == 1


def test_a_manager_learns_nothing_of_a_protection(firm: Firm) -> None:
    _me, case_id = resign(firm)
    hr, manager = _page(firm, "hr", case_id), _page(firm, "manager", case_id)
    assert "受保护情形" in hr, "who may know is shown it: it could have leaked"
    for word in ("受保护", "孕", "第四十二条", "三期"):
        assert word not in manager
    assert "由人力资源判断" in manager


def test_the_employee_is_led_to_their_own_page(firm: Firm) -> None:
    me, case_id = resign(firm)
    assert me.get(_case(case_id))["Location"] == reverse("m_case", kwargs={"case_id": case_id})


def test_to_take_note_acts_once_and_a_second_one_is_told(firm: Firm) -> None:
    _me, case_id = resign(firm)
    told = {"request_id": str(new_id())}
    client, address = firm.client("manager"), reverse("case_act", kwargs={"case_id": case_id, "key": "know"})
    assert client.post(address, told).status_code == 302
    assert client.post(address, told).status_code == 302, "the same click twice is one"
    late = client.post(address, {"request_id": str(new_id())})
    assert late.status_code == 409
    assert "已经有人答复知悉" in late.content.decode()
    assert "已经答复知悉" in _page(firm, "manager", case_id)


def test_acts_of_others_are_refused_and_change_nothing(firm: Firm) -> None:
    _me, case_id = resign(firm)
    before = Case.objects.values().get()
    for key in ("know-hr", "consent", "complete", "oral-consent"):
        assert act(firm, "manager", case_id, key, note="x").status_code in {403, 422}, key
        assert (
            firm.client("manager").get(reverse("case_act", kwargs={"case_id": case_id, "key": key})).status_code == 404
        )
    assert act(firm, "hr_elsewhere", case_id, "consent").status_code == 404
    assert Case.objects.values().get() == before


def test_every_grey_button_says_why(firm: Firm) -> None:
    _me, case_id = resign(firm)
    page = _page(firm, "hr", case_id)
    assert "办结离职" in page
    assert re.search(r"最后工作日是[^<]*还没有到", page)
    grey = page.count('aria-disabled="true"')
    assert grey >= 2
    assert page.count("c-why__text") == grey


def test_consent_restores_and_the_old_exit_is_refused_with_who_and_why(firm: Firm) -> None:
    me, case_id = resign(firm)
    withdraw(firm, me, case_id, "想留下")
    assert act(firm, "manager", case_id, "opinion", opinion="agree", note="是骨干").status_code == 302
    assert act(firm, "hr", case_id, "consent", note="欢迎留下").status_code == 302
    assert Case.objects.get().status == "restored"
    assert EmploymentSpell.objects.get(pk=firm.world.spell).planned_end_on is None
    answer = act(firm, "hr", case_id, "complete")
    page = answer.content.decode()
    assert answer.status_code == 422
    for word in ("不能办理离职", "hr", "同意撤回辞职", "第一百四十一条", "没有任何内容被修改"):
        assert word in page
    assert Case.objects.get().status == "restored"
    assert Refusal.objects.filter(rule="withdrawal_consented").exists()


def test_hr_waits_for_the_manager_and_is_told_so(firm: Firm) -> None:
    me, case_id = resign(firm)
    withdraw(firm, me, case_id)
    answer = act(firm, "hr", case_id, "consent", note="我写了很长的说明")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "主管还在两个工作日的答复期内" in page
    assert "我写了很长的说明" in page, "what was typed stays"
    assert Withdrawal.objects.get().status == "pending"


def test_the_second_of_two_answers_finds_the_first(firm: Firm) -> None:
    me, case_id = resign(firm)
    withdraw(firm, me, case_id)
    act(firm, "manager", case_id, "opinion", opinion="disagree", note="")
    assert act(firm, "hr", case_id, "refuse", note="").status_code == 302
    late = act(firm, "hr_lead", case_id, "consent", note="太晚了")
    assert late.status_code == 409
    assert "不同意撤回" in late.content.decode()
    assert Withdrawal.objects.get().status == "refused"


def test_outside_effects_stay_until_somebody_confirms_them(firm: Firm) -> None:
    me, case_id = resign(firm)
    withdraw(firm, me, case_id)
    act(firm, "manager", case_id, "opinion", opinion="agree", note="")
    act(firm, "hr", case_id, "consent", note="")
    assert "等待确认" in _page(firm, "hr", case_id)
    mail = OutsideEffect.objects.get(kind="mail_account")
    address = reverse("case_effect", kwargs={"case_id": case_id, "effect_id": mail.pk})
    again = reverse("case_effect_retry", kwargs={"case_id": case_id, "effect_id": mail.pk})
    done = {"request_id": str(new_id()), "done": "yes"}
    it, finance = firm.client("it"), firm.client("finance")
    assert address in _page(firm, "it", case_id)
    assert address not in _page(firm, "finance", case_id), "finance is offered its own alone"
    assert finance.post(address, done).status_code == finance.post(again, done).status_code == 403
    assert firm.client("hr_elsewhere").get(address).status_code == 404
    assert it.get(again).status_code == 405
    silent = it.post(address, {"request_id": str(new_id()), "done": "no"})
    assert silent.status_code == 422
    assert "请写明为什么" in silent.content.decode()
    said = it.post(address, {"request_id": str(new_id()), "done": "no", "reply": "邮箱系统在维护"})
    assert said["Location"].endswith("#outside")
    page = _page(firm, "hr", case_id)
    assert "邮箱系统在维护" in page
    assert "由信息技术人工处理" in page
    assert again not in page, "no system is connected: nothing can be asked again"
    hand = it.post(again, {"request_id": str(new_id())}, follow=True).content.decode()
    assert "没有接通外部系统" in hand
    assert it.post(address, done).status_code == 302
    mail.refresh_from_db()
    assert (mail.state, mail.reply) == ("confirmed", "")
    assert str(mail.settled_by) == it.session["_auth_user_id"]
    late = it.post(address, {"request_id": str(new_id()), "done": "yes"}, follow=True)
    assert "已经确认" in late.content.decode()
    assert "确认已恢复" not in it.get(address).content.decode()
    own = me.get(reverse("m_case", kwargs={"case_id": case_id})).content.decode()
    assert "正在恢复" in own
    assert "维护" not in own, "how the company's systems are is not the employee's trouble"


def test_an_offer_is_declined_at_the_desk_and_the_employee_reads_why(firm: Firm) -> None:
    me, case_id = resign(firm, reason="想回老家，望领导批准", meaning="offer")
    manager, hr = _page(firm, "manager", case_id), _page(firm, "hr", case_id)
    assert "/act/decline-offer/" in hr
    assert "decline-offer" not in manager
    assert act(firm, "manager", case_id, "decline-offer", note="x").status_code == 403
    why = "项目年底收尾，暂时不能接受"
    assert act(firm, "hr", case_id, "decline-offer", note=why).status_code == 302
    assert why in _page(firm, "hr", case_id)
    assert why not in _page(firm, "manager", case_id)
    assert "/act/decline-offer/" not in _page(firm, "hr", case_id)
    late = act(firm, "hr", case_id, "accept-offer", last_day=str(clock.today() + timedelta(days=20)))
    assert late.status_code == 409
    assert "单位未接受提议" in late.content.decode()
    own = me.get(reverse("m_case", kwargs={"case_id": case_id})).content.decode()
    for told in ("公司没有接受您的提议", "您照常在职", why):
        assert told in own
    assert reverse("m_resign") in me.get(reverse("m_home")).content.decode(), "a notice can still be given"


def test_who_sees_only_the_outlines_is_shown_no_empty_record(firm: Firm) -> None:
    _me, case_id = resign(firm)
    assert "证据时间线" in _page(firm, "hr", case_id)
    assert "证据时间线" not in _page(firm, "it", case_id)


def test_a_step_that_gives_something_back_leads_to_the_one_list(firm: Firm) -> None:
    me, case_id = resign(firm)
    withdraw(firm, me, case_id)
    act(firm, "manager", case_id, "opinion", opinion="agree", note="")
    act(firm, "hr", case_id, "consent", note="")
    it = firm.client("it")
    step = Task.objects.get(node="restore_access", state="open")
    assert it.get(reverse("task", kwargs={"task_id": step.pk}))["Location"] == f"{_case(case_id)}#outside"
    page = it.get(_case(case_id)).content.decode()
    assert f'href="{_case(case_id)}#outside"' in page
    assert page.count("确认已恢复") == 1


def test_hr_takes_in_a_paper_resignation_and_the_employee_answers(firm: Firm, request_id: str) -> None:
    client = firm.client("hr")
    told = _intake(firm, request_id)
    first = client.post(reverse("case_intake"), told)
    assert first.status_code == 302, first.content.decode()
    again = client.post(reverse("case_intake"), _intake(firm, request_id))
    assert first["Location"] == again["Location"]
    case = Case.objects.get()
    me = firm.client("employee")
    page = me.get(reverse("m_case", kwargs={"case_id": case.pk})).content.decode()
    assert "这份辞职是您本人提出的吗" in page
    intake = IntakeProof.objects.get()
    address = reverse("m_intake", kwargs={"case_id": case.pk, "intake_id": intake.pk})
    assert firm.client("manager").post(address, {"answer": "yes"}).status_code == 404
    assert me.post(address, {"answer": "no", "request_id": str(new_id())}).status_code == 302
    assert Case.objects.get().status == "disputed"
    assert "您说这份辞职不是您提出的" in me.get(reverse("m_home")).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"person": "没有这个人"},
        {"arrived_at": "2099-01-01T10:00"},
        {"arrived_at": "昨天"},
        {"words": ""},
        {"scan": ""},
        {"scan": SimpleUploadedFile("letter.exe", b"MZ\x90", "application/pdf")},
        {"channel": "oral", "witness": "", "scan": ""},
        {"channel": "app"},
        {"basis": "38", "grounds": ["38(99)"]},
    ],
)
def test_an_intake_that_proves_nothing_is_refused_and_stays_in_the_form(
    firm: Firm, request_id: str, change: dict[str, Any]
) -> None:
    answer = firm.client("hr").post(reverse("case_intake"), _intake(firm, request_id, **change))
    assert answer.status_code == 422
    assert change.get("words", "本人通知公司解除劳动合同。") in answer.content.decode()
    assert not Case.objects.exists()


def test_hr_elsewhere_cannot_take_it_in(firm: Firm, request_id: str) -> None:
    assert firm.client("hr_elsewhere").post(reverse("case_intake"), _intake(firm, request_id)).status_code == 422
    assert firm.client("manager").get(reverse("case_intake")).status_code == 404
    assert not Case.objects.exists()


def test_a_withdrawal_by_word_of_mouth_is_taken_in_by_the_manager(firm: Firm) -> None:
    _me, case_id = resign(firm)
    now = clock.now().astimezone(clock.LEGAL_ZONE).strftime("%Y-%m-%dT%H:%M:%S")
    told = {"channel": "oral", "arrived_at": now, "words": "我不走了", "witness": "宋嘉"}
    answer = act(firm, "manager", case_id, "withdrawal", identity_attested="true", **told)
    assert answer.status_code == 302, answer.content.decode()
    assert Withdrawal.objects.get().channel == "oral"


def test_the_list_filters_saves_and_exports(firm: Firm) -> None:
    _me, _case_id = resign(firm)
    client = firm.client("hr")
    page = client.get(reverse("cases")).content.decode()
    assert "周雨桐" in page
    assert "周雨桐" in client.get(reverse("cases"), {"q": "zhouyutong"}).content.decode()
    assert "没有符合条件的案件" in client.get(reverse("cases"), {"q": "不存在"}).content.decode()
    assert "周雨桐" not in client.get(reverse("cases"), {"status": "ended"}).content.decode()
    part = client.get(reverse("cases"), headers={"HX-Request": "true", "HX-Target": "case-list"}).content.decode()
    assert "<html" not in part
    assert client.post(reverse("case_view_save"), {"name": "进行中的", "query": "channel=app"}).status_code == 302
    assert "进行中的" in client.get(reverse("cases")).content.decode()
    assert client.get(reverse("cases")).content.decode().count("export-reason") == 2, "a label and its field"
    assert firm.client("hr_elsewhere").get(reverse("cases")).content.decode().count("周雨桐") == 0
    assert firm.client("system_admin").get(reverse("cases")).status_code == 404


def test_the_list_as_an_excel_file_needs_a_purpose_and_a_right(firm: Firm) -> None:
    _me, _case_id = resign(firm)
    client, address = firm.client("hr"), reverse("case_list_export")
    told = {"query": "channel=app", "reason": "月度核对"}
    answer = client.post(address, told)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["编号", "员工"]
    assert [row[1] for row in rows[1:]] == ["周雨桐"]
    assert Entry.objects.filter(type="data.exported").count() == 1
    vague = client.post(address, {"query": "channel=app"}, follow=True)
    assert "请填写导出的用途" in vague.content.decode()
    assert vague.redirect_chain[0][0] == f"{reverse('cases')}?channel=app"
    for role in ("manager", "legal", "auditor", "it", "employee"):
        assert firm.client(role).post(address, told).status_code == 403
        assert "export-reason" not in firm.client(role).get(reverse("cases")).content.decode()
    assert Entry.objects.filter(type="data.exported").count() == 1


def test_the_picture_and_the_notes_come_when_asked_for(firm: Firm) -> None:
    _me, case_id = resign(firm)
    client = firm.client("hr")
    page = client.get(_case(case_id)).content.decode()
    found = re.search(rf"/cases/{case_id}/flow/[0-9a-f-]+/", page)
    assert found
    drawn = client.get(found[0], headers={"HX-Request": "true"}).content.decode()
    assert drawn.strip().startswith("<svg")
    assert "<html" in client.get(found[0]).content.decode()
    assert (
        client.post(_case(case_id, "case_comment"), {"text": "已电话联系", "request_id": str(new_id())}).status_code
        == 302
    )
    notes = client.get(_case(case_id, "case_comments"), headers={"HX-Request": "true"}).content.decode()
    assert "已电话联系" in notes
    assert firm.client("hr_elsewhere").get(_case(case_id, "case_comments")).status_code == 404


def test_the_pack_is_for_who_may_export(firm: Firm) -> None:
    _me, case_id = resign(firm)
    for role, status in {"hr": 404, "manager": 404, "legal": 200, "hr_lead": 200}.items():
        assert firm.client(role).get(_case(case_id, "case_pack")).status_code == status, role


def test_the_case_page_costs_the_same_however_long_its_trail(firm: Firm) -> None:
    me, case_id = resign(firm)
    client = firm.client("hr")
    client.get(_case(case_id))
    with CaptureQueriesContext(connection) as short:
        client.get(_case(case_id))
    withdraw(firm, me, case_id)
    act(firm, "manager", case_id, "opinion", opinion="agree", note="")
    client.get(_case(case_id))
    with CaptureQueriesContext(connection) as long:
        client.get(_case(case_id))
    assert len(long) <= len(short) + 3, [query["sql"][:90] for query in long.captured_queries]


def test_everything_is_said_in_english_too(firm: Firm) -> None:
    _me, case_id = resign(firm)
    client = firm.client("hr")
    client.cookies["django_language"] = "en"
    for address in (reverse("cases"), _case(case_id), reverse("case_intake"), reverse("inbox"), reverse("messages")):
        main = client.get(address).content.decode().split("<main", 1)[1].split("</main", 1)[0]
        left = [
            word for word in ("您", "最后一天", "证据时间线", "登记收到", "可以办理", "规则依据") if word in _bare(main)
        ]
        assert left == [], address


def _bare(main: str) -> str:
    """Take out what people wrote, and the words of messages, which are in Chinese."""
    main = re.sub(r"<blockquote.*?</blockquote>", "", main, flags=re.S)
    return re.sub(r'<ul class="c-ladder">.*?</ul>|<div id="messages">.*?</table>', "", main, flags=re.S)
