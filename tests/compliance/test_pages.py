"""The pages of figures and impact: what is shown to whom, what a form refuses, and that a long list costs no more."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from guiyan.compliance import actions, queries
from guiyan.compliance.models import ImpactRun, OwnParameter
from guiyan.people import actions as people
from guiyan.people.queries import viewer_for
from guiyan.platform import clock
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import SYSTEM, Viewer
from tests.people.world import hire
from tests.web.conftest import Firm, firm

from .world import AVERAGE, MINIMUM, ending, in_force, propose, store

__all__ = ["firm"]
FORM = {
    "key": "wage.min_month",
    "region": "上海市",
    "value": "2690",
    "effective_from": "2026-07-01",
    "source_title": "调整最低工资标准的通知",
}
INDEX_QUERIES = 4
RUN_QUERIES = 8


def viewer(firm: Firm, role: str) -> Viewer:
    return viewer_for(firm.users[role], auth="password")


def post(firm: Firm, role: str, name: str, data: dict[str, Any], **which: Any) -> Any:
    return firm.client(role).post(reverse(name, kwargs=which), {"request_id": str(new_id()), **data})


def test_the_whole_way_from_entering_to_use(firm: Firm) -> None:
    """HR lead enters, legal sees what it changes and puts it to use: by the forms alone."""
    answer = post(firm, "hr_lead", "law_parameter_new", FORM)
    own = OwnParameter.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("law_parameter", kwargs={"own_id": own.id}))
    assert (own.region, own.figure) == ("上海", "2690")
    page = firm.client("hr_lead").get(answer["Location"]).content.decode()
    assert "未复核，不参与计算" in page and "您录入的值由另一位有权限的同事复核。" in page
    early = post(firm, "legal", "law_parameter_check", {"run": ""}, own_id=own.id)
    assert early.status_code == 302 and OwnParameter.objects.get().checked_at is None
    ran = post(firm, "legal", "law_impact_start", {"proposal": str(own.id)})
    run = ImpactRun.objects.get()
    assert ran["Location"] == reverse("law_impact_run", kwargs={"run_id": run.id})
    shown = firm.client("legal").get(ran["Location"]).content.decode()
    assert "已看过影响，复核并启用" in shown and "没有一个答案改变。" in shown
    assert "已看过影响，复核并启用" not in firm.client("hr_lead").get(ran["Location"]).content.decode()
    post(firm, "legal", "law_parameter_check", {"run": str(run.id)}, own_id=own.id)
    found = queries.parameters_of_tenant().find("wage.min_month", as_of=date(2026, 11, 23), region="上海")
    assert found is not None and found.number == 2690
    listed = firm.client("hr").get(reverse("law_parameters")).content.decode()
    assert "2690 元" in listed and "有效" in listed and "调整最低工资标准的通知" in listed


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"region": "火星"}, "没有这个地区。请填省或者市，例如上海、深圳。"),
        ({"region": ""}, "请选择省或者市。"),
        ({"value": "26.90"}, "应当在500到20000之间，请核对单位和位数。"),
        ({"value": ""}, "请填数值。"),
        ({"effective_from": ""}, "请填生效日。"),
        ({"effective_to": "2026-01-01"}, "最后一天早于生效日。"),
        ({"source_title": ""}, "请填写来源的名称，例如当地人社局的通知。"),
        ({"key": "wage.local_avg_month", "value": "12307"}, "请写明是哪一个统计口径的平均工资。"),
        ({"key": "union.absent_policy", "value": "0"}, "这一项没有统一答案，请写明理由，例如律师的意见。"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(firm: Firm, changed: dict[str, str], said: str) -> None:
    answer = post(firm, "legal", "law_parameter_new", {**FORM, **changed})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert OwnParameter.objects.count() == 0
    assert changed.get("source_title", FORM["source_title"]) in page


def test_pages_are_there_for_those_alone_whose_they_are(firm: Firm) -> None:
    lead, legal = viewer(firm, "hr_lead"), viewer(firm, "legal")
    own = propose(lead, MINIMUM, clock.now())
    run = actions.run_impact(legal, proposals=[own], request_id=new_id(), now=clock.now())
    addresses = [
        reverse("law_parameters"), reverse("law_impact"), reverse("law_parameter", kwargs={"own_id": own}),
        reverse("law_impact_run", kwargs={"run_id": run}),
    ]  # fmt: skip
    for role in ("hr", "hr_lead", "legal", "finance", "auditor"):
        assert [firm.client(role).get(url).status_code for url in addresses] == [200] * 4, role
    for role in ("employee", "manager", "it", "facilities", "system_admin"):
        assert [firm.client(role).get(url).status_code for url in addresses] == [404] * 4, role
    for role in ("employee", "manager", "hr", "finance", "auditor"):
        assert firm.client(role).get(reverse("law_parameter_new")).status_code == 404
        assert post(firm, role, "law_parameter_new", FORM).status_code in {403, 404}
        assert post(firm, role, "law_parameter_check", {"run": str(run)}, own_id=own).status_code == 403
        assert post(firm, role, "law_parameter_withdraw", {"reason": "x"}, own_id=own).status_code == 403
        assert post(firm, role, "law_impact_start", {}).status_code == 403
    row = OwnParameter.objects.get()
    assert (row.checked_at, row.withdrawn_at, ImpactRun.objects.count()) == (None, None, 1)
    for name, which in (("law_parameter", "own_id"), ("law_impact_run", "run_id")):
        assert firm.client("legal").get(reverse(name, kwargs={which: new_id()})).status_code == 404


def test_what_is_missing_is_said_in_plain_words(firm: Firm) -> None:
    engagement = people.Engagement(
        "Q1", date(2024, 1, 1), firm.world.team, firm.world.post, None, 3, insurance_place="上海"
    )
    people.hire(SYSTEM, people.NewPerson("甲"), engagement, request_id=new_id(), now=clock.now())
    page = firm.client("legal").get(reverse("law_parameters")).content.decode()
    year = clock.today().year
    assert f"上海 {year} 年没有本地月平均工资：超过三倍封顶的补偿金算不出来" in page
    assert f"{reverse('law_parameter_new')}?key=wage.local_avg_month&amp;region=上海" in page
    assert "录入</a>" not in firm.client("hr").get(reverse("law_parameters")).content.decode()


def test_the_list_is_narrowed_by_key_place_and_day(firm: Firm) -> None:
    propose(viewer(firm, "hr_lead"), MINIMUM, clock.now())
    client = firm.client("hr")

    def rows(**query: str) -> int:
        return client.get(reverse("law_parameters"), query).content.decode().count("<tr><td")

    assert rows(key="wage.min_month") == 1
    assert rows(key="wage.min_month", region="北京") == 0
    assert rows(key="wage.min_month", day="2026-01-01") == 0
    assert rows(key="wage.final_grace_workdays") == 2
    assert rows(key="wage.final_grace_workdays", region="上海") == 1
    assert rows(key="nonsense", day="no day") == rows() > 30


@pytest.fixture
def changed(firm: Firm) -> UUID:
    """A run by which one stored finding changes."""
    return changing(firm, 1)


def changing(firm: Firm, count: int) -> UUID:
    lead, legal, now = viewer(firm, "hr_lead"), viewer(firm, "legal"), clock.now()
    for figure in (AVERAGE, MINIMUM):
        in_force(lead, legal, figure, now)
    for number in range(count):
        made = hire(f"某人{number}", f"Q00{number}", firm.world.right, firm.world.post, now)
        store(legal, made.person_id, ending(avg12=Decimal(50000)), now)
    own = propose(lead, replace(AVERAGE, value="13000", effective_from=date(2026, 11, 1)), now)
    return actions.run_impact(legal, proposals=[own], request_id=new_id(), now=clock.now())


def test_the_impact_stands_before_and_after_with_names_for_those_who_serve(firm: Firm, changed: UUID) -> None:
    url = reverse("law_impact_run", kwargs={"run_id": changed})
    page = firm.client("legal").get(url).content.decode()
    for said in ("某人0", "金额变化", "184,605.00", "195,000.00", "不能胜任工作", "满足条件后可以"):
        assert said in page, said
    hidden = firm.client("finance").get(url).content.decode()
    assert "某人0" not in hidden and "184,605" not in hidden
    assert "另有 1 个改变涉及您不服务的员工" in hidden


def test_the_excel_file_holds_the_rows_that_one_may_see_and_is_on_record(firm: Firm, changed: UUID) -> None:
    answer = post(firm, "legal", "law_impact_export", {"reason": "与律师讨论"}, run_id=changed)
    data = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[1][0] == "某人0" and "195,000.00" in str(rows[1][8])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE type = 'data.exported'")
        assert cursor.fetchone() == (1,)
    assert post(firm, "legal", "law_impact_export", {"reason": " "}, run_id=changed).status_code == 302
    assert post(firm, "finance", "law_impact_export", {"reason": "x"}, run_id=changed).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_whatever_their_length(firm: Firm, count: int) -> None:
    run = changing(firm, count)
    lead = viewer(firm, "hr_lead")
    for number in range(count):
        propose(lead, replace(MINIMUM, value=str(3000 + number), region="深圳"), clock.now())
    client = firm.client("legal")
    pages = {reverse("law_parameters"): INDEX_QUERIES, reverse("law_impact_run", kwargs={"run_id": run}): RUN_QUERIES}
    for url, expected in pages.items():
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        tables = ("compliance_", "people_person", "people_employmentspell", "platform_subjectkey")
        own = [query["sql"] for query in captured.captured_queries if any(table in query["sql"] for table in tables)]
        assert len(own) == expected, [query[:110] for query in own]


def test_a_run_that_is_not_finished_shows_how_far_it_is(firm: Firm, changed: UUID) -> None:
    ImpactRun.objects.filter(pk=changed).update(state="running", finished_at=None, done=0)
    client, url = firm.client("legal"), reverse("law_impact_run", kwargs={"run_id": changed})
    assert "正在计算影响" in client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true", "HX-Target": "impact-progress"})
    assert "已看 0 个，共 1 个" in part.content.decode() and "<html" not in part.content.decode()
    ImpactRun.objects.filter(pk=changed).update(state="done", finished_at=clock.now())
    done = client.get(url, headers={"HX-Request": "true", "HX-Target": "impact-progress"})
    assert done["HX-Refresh"] == "true"
