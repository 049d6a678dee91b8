"""The story of a resignation that is taken back, and of the old exit that somebody tries to process weeks later."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from uuid import UUID

from guiyan.people import actions as people
from guiyan.people import queries as people_queries
from guiyan.people.enums import ProtectionKind
from guiyan.platform import clock
from guiyan.process.actions import install_shipped
from guiyan.separation import actions, queries, wording
from guiyan.simulator.stage import Stage

MONDAY = date(2026, 3, 2)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
STROKES = "[[[12,40,0],[30,18,35],[52,44,70]],[[60,20,160],[61,58,210]]]"
REASONS = ("家里有事，需要回老家一段时间。", "想换一个城市生活。", "")


def _signing(shown: queries.Preview, paper: actions.Paper) -> actions.Signing:
    """Sign a document as the phone page does: read to the end, drawn by hand, after proving who it is."""
    now = clock.now()
    return actions.Signing(
        paper=paper,
        sha256=shown.sha256,
        opened_at=now - timedelta(seconds=40),
        reached_end=True,
        seconds=38,
        strokes=STROKES,
        png=PNG,
        identity=actions.Identity("password", now),
    )


def _company(stage: Stage) -> None:
    """A small company: a team with its manager, and everybody who is asked when somebody leaves."""
    stage.at(MONDAY, 8)
    install_shipped(clock.now())
    for code, name, above in (("SIM", "演示公司", None), ("HR", "人力资源部", "SIM"), ("CS", "客户成功部", "SIM")):
        stage.open(code, name, above)
    since = date(2023, 4, 3)
    stage.employ("linxiao", "林晓", "HR", "人力资源业务伙伴", since, role="hr")
    stage.employ("guqingyang", "顾清扬", "HR", "人力资源总监", since, role="hr_lead")
    stage.employ("shenxu", "沈叙", "HR", "法务经理", since, role="legal")
    stage.employ("zhaolei", "赵磊", "HR", "信息技术经理", since, role="it")
    stage.employ("hejianing", "何佳宁", "HR", "财务经理", since, role="finance")
    stage.employ("tangwan", "唐婉", "HR", "行政经理", since, role="facilities")
    stage.employ("chenliheng", "陈立衡", "CS", "客户成功总监", since)
    stage.employ("zhouyutong", "周雨桐", "CS", "客户成功经理", date(2024, 4, 29))
    stage.lead("guqingyang", "HR", since)
    stage.lead("chenliheng", "CS", since)


def _resign(stage: Stage) -> UUID:
    """The employee resigns on the phone; the clock starts with arrival."""
    stage.at(MONDAY, 20, 15)
    employee = stage.viewer("zhouyutong")
    stage.step(
        "周雨桐",
        "同意使用电子形式",
        lambda: actions.agree_to_electronic_form(
            employee,
            text_sha256=wording.ELECTRONIC_FORM_SHA256,
            request_id=stage.request("form"),
            now=clock.now(),
        ),
    )
    paper = actions.Paper(f"{stage.seed:064x}"[-64:], clock.now())
    letter = actions.Letter("37", reason=stage.dice.choice(REASONS))
    shown = queries.preview_resignation(employee, letter, paper)

    def send() -> actions.Opened:
        signed = _signing(shown, paper)
        return actions.submit_resignation(employee, letter, signed, request_id=stage.request("resign"), now=clock.now())

    opened = stage.step("周雨桐", "签署并发出辞职通知", send)
    assert opened is not None
    stage.step("周雨桐", "同一次点击又到了一次：只有一份辞职", send)
    case = queries.case_for(employee, opened.case_id)
    stage.expect("辞职的状态", case.status, "running")
    stage.expect("到达后三十日的最后工作日", case.clock and case.clock.last_day, MONDAY + timedelta(days=30))
    return opened.case_id


def _answers(stage: Stage, case: UUID) -> None:
    """Manager and HR say 已知悉, which is no approval; a stranger sees nothing."""
    stage.at(MONDAY + timedelta(days=1), 10)
    for part, username, name in (("manager", "chenliheng", "陈立衡"), ("hr", "linxiao", "林晓")):
        stage.step(
            name,
            "答复：已知悉",
            lambda part=part, username=username: actions.acknowledge(  # type: ignore[misc]
                stage.viewer(username), case, part, request_id=stage.request(f"ack:{part}"), now=clock.now()
            ),
        )
    stage.step(
        "陈立衡",
        "再次点击已知悉：已经有人答复",
        lambda: actions.acknowledge(
            stage.viewer("chenliheng"), case, "manager", request_id=stage.request("ack:again"), now=clock.now()
        ),
        refused="known_already",
    )


def _withdraw(stage: Stage, case: UUID) -> None:
    """The employee withdraws; nobody answers for two working days and is chased; then the manager gives an opinion."""
    stage.at(MONDAY + timedelta(days=7), 21)
    employee = stage.viewer("zhouyutong")
    paper = actions.Paper(f"{stage.seed + 1:064x}"[-64:], clock.now())
    shown = queries.preview_withdrawal(employee, case, "", paper)
    stage.step(
        "周雨桐",
        "签署并发出撤回",
        lambda: actions.submit_withdrawal(
            employee, case, "", _signing(shown, paper), request_id=stage.request("withdraw"), now=clock.now()
        ),
    )
    stage.wait(1)
    stage.step(
        "周雨桐",
        "申报怀孕：撤回和辞职的判断都不因此改变",
        lambda: people.record_protection(
            stage.viewer("zhouyutong"),
            stage.cast["zhouyutong"].person_id,
            people.ProtectionFacts(ProtectionKind.PREGNANCY, clock.today(), source="医院证明"),
            request_id=stage.request("pregnancy"),
            now=clock.now(),
        ),
    )
    stage.step(
        "陈立衡",
        "意见：赞成",
        lambda: actions.give_opinion(
            stage.viewer("chenliheng"), case, "agree", request_id=stage.request("opinion"), now=clock.now()
        ),
    )
    stage.wait(4)
    trail = queries.case_for(stage.viewer("linxiao"), case).trail
    asked = any(event.kind == "reminder.sent" for event in trail)
    stage.expect("两个工作日没有答复：已经催办", asked, expected=True)
    stage.step(
        "周雨桐",
        "自己替公司同意：不能",
        lambda: actions.decide_withdrawal(
            stage.viewer("zhouyutong"), case, consents=True, request_id=stage.request("self"), now=clock.now()
        ),
        refused="role_table",
    )
    stage.step(
        "林晓",
        "书面同意撤回",
        lambda: actions.decide_withdrawal(
            stage.viewer("linxiao"), case, consents=True, request_id=stage.request("consent"), now=clock.now()
        ),
    )
    stage.expect("案件的状态", queries.case_for(stage.viewer("linxiao"), case).status, "restored")
    facts = people_queries.people_facts_for_gate(stage.cast["zhouyutong"].person_id, clock.today())
    stage.expect("劳动关系的状态", facts.status, "active")
    stage.expect("计划离职日", facts.planned_end_on, None)


def _stale(stage: Stage, case: UUID) -> None:
    """Weeks later somebody processes the old exit: impossible, with the reason."""
    stage.at(MONDAY + timedelta(days=45), 15)
    stage.step(
        "林晓",
        "几周后办理旧的离职：被阻止",
        lambda: actions.complete_exit(
            stage.viewer("linxiao"), case, request_id=stage.request("stale"), now=clock.now()
        ),
        refused="withdrawal_consented",
    )
    stage.step(
        "林晓",
        "绕过案件直接改员工状态：不能",
        lambda: people.end_spell(
            stage.viewer("linxiao"),
            stage.cast["zhouyutong"].spell_id,
            clock.today(),
            "resignation",
            ground="37",
            request_id=stage.request("around"),
            now=clock.now(),
        ),
        refused="role_table",
    )
    facts = people_queries.people_facts_for_gate(stage.cast["zhouyutong"].person_id, clock.today())
    stage.expect("劳动关系仍在继续", facts.status, "active")


def play(stage: Stage) -> UUID:
    """Play the story and return the case."""
    _company(stage)
    case = _resign(stage)
    _answers(stage, case)
    _withdraw(stage, case)
    _stale(stage, case)
    return case
