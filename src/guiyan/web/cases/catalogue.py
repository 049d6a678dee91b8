"""What can be done about a case on the desktop: for each act its words, its form, what follows, and the action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from guiyan.platform.permissions import Viewer
from guiyan.separation import actions as separation
from guiyan.separation.actions import AfterLastDay
from guiyan.web.cases import forms
from guiyan.web.cases.intake import intake_of


@dataclass(frozen=True)
class Call:
    """What an act is called with."""

    viewer: Viewer
    case_id: UUID
    told: dict[str, Any]
    request_id: UUID
    now: datetime

    @property
    def once(self) -> dict[str, Any]:
        """What every action takes at its end."""
        return {"request_id": self.request_id, "now": self.now}


@dataclass(frozen=True)
class Act:
    """An act. ``may`` is its key among what the case says may be done; ``kind`` how its button looks."""

    may: str
    label: str | Promise
    title: str | Promise
    note: str | Promise
    submit: str | Promise
    form: type[forms.CaseForm]
    do: Callable[[Call], object]
    icon: str = ""
    kind: str = "default"
    effects: tuple[str | Promise, ...] = ()


def _acknowledge(part: str) -> Callable[[Call], object]:
    def do(call: Call) -> None:
        separation.acknowledge(
            call.viewer, call.case_id, part, agrees_earlier=call.told.get("agrees_earlier"), **call.once
        )

    return do


def _opinion(call: Call) -> None:
    separation.give_opinion(call.viewer, call.case_id, call.told["opinion"], note=call.told["note"], **call.once)


def _decide(*, consents: bool) -> Callable[[Call], object]:
    def do(call: Call) -> None:
        separation.decide_withdrawal(call.viewer, call.case_id, consents=consents, note=call.told["note"], **call.once)

    return do


def _oral(call: Call) -> None:
    told = call.told
    separation.record_oral_consent(
        call.viewer,
        call.case_id,
        given_by=told["given_by"],
        given_at=told["given_at"],
        words=told["words"],
        **call.once,
    )


def _conduct_consent(call: Call) -> None:
    told = call.told
    separation.record_conduct_consent(
        call.viewer,
        call.case_id,
        worked_on=told["worked_on"],
        wages_paid=told["wages_paid"],
        source=told["source"],
        **call.once,
    )


def _conduct(call: Call) -> None:
    told = call.told
    separation.record_conduct(
        call.viewer,
        call.case_id,
        worked_on=told["worked_on"],
        wages_paid=told["wages_paid"],
        objected=told["objected"],
        source=told["source"],
        **call.once,
    )


def _withdrawal(call: Call) -> None:
    separation.record_withdrawal(call.viewer, call.case_id, intake_of(call.told), **call.once)


def _meaning(call: Call) -> None:
    separation.settle_meaning(call.viewer, call.case_id, call.told["meaning"], note=call.told["note"], **call.once)


def _accept(call: Call) -> None:
    told = call.told
    separation.accept_offer(call.viewer, call.case_id, told["last_day"], agreement=told["agreement"], **call.once)


def _decline(call: Call) -> None:
    separation.decline_offer(call.viewer, call.case_id, note=call.told["note"], **call.once)


def _earlier(call: Call) -> None:
    told = call.told
    separation.agree_earlier_day(call.viewer, call.case_id, told["last_day"], agreement=told["agreement"], **call.once)


def _complete(call: Call) -> None:
    told, after = call.told, None
    if told:
        worked_on = told["worked_on"] if told["worked"] == "yes" else None
        after = AfterLastDay(worked_on, told["wages_paid"], told["objected"])
    separation.complete_exit(call.viewer, call.case_id, after=after, **call.once)


_KNOW = gettext_lazy("知悉不是批准，也不是辞职的条件；时间照常计算。")

ACTS: dict[str, Act] = {
    "know": Act(
        "acknowledge_manager",
        gettext_lazy("已知悉"),
        gettext_lazy("答复：已知悉"),
        _KNOW,
        gettext_lazy("已知悉"),
        forms.AcknowledgeForm,
        _acknowledge("manager"),
        "eye-check",
        "primary",
        (gettext_lazy("记下您知悉的时间"), gettext_lazy("交接清单等准备工作照常进行")),
    ),
    "know-hr": Act(
        "acknowledge_hr",
        gettext_lazy("人力资源已知悉"),
        gettext_lazy("答复：人力资源已知悉"),
        _KNOW,
        gettext_lazy("已知悉"),
        forms.AcknowledgeForm,
        _acknowledge("hr"),
        "eye-check",
        "primary",
        (gettext_lazy("记下知悉的时间"), gettext_lazy("离职证明和最后工资另有任务，不等其他事项")),
    ),
    "opinion": Act(
        "give_opinion",
        gettext_lazy("对撤回给出意见"),
        gettext_lazy("对撤回给出意见"),
        gettext_lazy("您的意见供人力资源参考，由人力资源答复员工。"),
        gettext_lazy("提交意见"),
        forms.OpinionForm,
        _opinion,
        "message-2",
        "primary",
        (gettext_lazy("人力资源会收到您的意见"),),
    ),
    "consent": Act(
        "decide",
        gettext_lazy("同意撤回"),
        gettext_lazy("同意撤回辞职"),
        gettext_lazy("代表公司书面答复员工：同意撤回，劳动合同继续履行。"),
        gettext_lazy("同意撤回"),
        forms.NoteForm,
        _decide(consents=True),
        "arrow-back-up",
        "primary",
        (
            gettext_lazy("任职、计划离职日、账号角色和各项任务一次性恢复"),
            gettext_lazy("原来的离职流程终止，不能再据以办理离职"),
            gettext_lazy("邮箱、门禁、社保和工资名单通知相关部门恢复，逐项确认"),
            gettext_lazy("员工、主管和人力资源都会收到消息"),
        ),
    ),
    "refuse": Act(
        "decide",
        gettext_lazy("不同意撤回"),
        gettext_lazy("不同意撤回辞职"),
        gettext_lazy("代表公司答复员工：辞职按原来的日期继续。"),
        gettext_lazy("不同意撤回"),
        forms.NoteForm,
        _decide(consents=False),
        "x",
        "default",
        (
            gettext_lazy("最后一天不变，离职证明和最后工资照常准备"),
            gettext_lazy("员工会收到答复，并且仍可再次提出"),
        ),
    ),
    "oral-consent": Act(
        "record_oral_consent",
        gettext_lazy("登记口头同意"),
        gettext_lazy("登记口头同意"),
        gettext_lazy("有权的人口头同意了撤回，对公司同样有效；请如实登记。"),
        gettext_lazy("登记，并恢复在职"),
        forms.OralConsentForm,
        _oral,
        "microphone",
        "default",
        (gettext_lazy("与书面同意一样，一次性恢复在职"),),
    ),
    "conduct-consent": Act(
        "record_conduct_consent",
        gettext_lazy("登记以行为表示同意"),
        gettext_lazy("登记以行为表示同意"),
        gettext_lazy("最后工作日之后员工继续工作，公司照常用工、没有异议。"),
        gettext_lazy("登记，并恢复在职"),
        forms.ConductForm,
        _conduct_consent,
        "briefcase",
        "default",
        (gettext_lazy("原来的辞职不能再作为办理离职的依据"), gettext_lazy("一次性恢复在职")),
    ),
    "conduct": Act(
        "record_conduct",
        gettext_lazy("登记期满后的事实"),
        gettext_lazy("登记最后工作日之后的事实"),
        gettext_lazy("只登记事实，不作决定；规则会据此重新判断。"),
        gettext_lazy("登记"),
        forms.ConductFactForm,
        _conduct,
        "note",
    ),
    "withdrawal": Act(
        "record_withdrawal",
        gettext_lazy("登记收到的撤回"),
        gettext_lazy("登记收到的撤回"),
        gettext_lazy("纸质、微信、电子邮件或口头的撤回，对主管说的也算。"),
        gettext_lazy("登记，并请员工核对"),
        forms.IntakeForm,
        _withdrawal,
        "file-plus",
    ),
    "meaning": Act(
        "settle_meaning",
        gettext_lazy("确认信的意思"),
        gettext_lazy("确认信的意思"),
        gettext_lazy("先问过员工，再登记；系统不替任何人判断。"),
        gettext_lazy("登记"),
        forms.MeaningForm,
        _meaning,
        "user-question",
        "primary",
    ),
    "accept-offer": Act(
        "accept_offer",
        gettext_lazy("接受协商提议"),
        gettext_lazy("接受协商解除的提议"),
        gettext_lazy("双方在同一个最后工作日上达成一致（第三十六条）。"),
        gettext_lazy("接受提议"),
        forms.AgreedDayForm,
        _accept,
        "heart-handshake",
        "primary",
    ),
    "decline-offer": Act(
        "decline_offer",
        gettext_lazy("不接受提议"),
        gettext_lazy("不接受协商解除的提议"),
        gettext_lazy("代表公司答复员工：不接受提议，劳动合同照常履行。"),
        gettext_lazy("不接受提议"),
        forms.DeclineForm,
        _decline,
        "x",
        "default",
        (
            gettext_lazy("案件结束，员工照常在职，其他安排都不变"),
            gettext_lazy("员工会收到答复，仍可以另行通知辞职，那不需要批准"),
        ),
    ),
    "earlier-day": Act(
        "agree_day",
        gettext_lazy("登记提前的最后工作日"),
        gettext_lazy("登记提前的最后工作日"),
        gettext_lazy("主管和人力资源都同意提前，或者有双方签字的约定。"),
        gettext_lazy("登记"),
        forms.AgreedDayForm,
        _earlier,
        "calendar-event",
    ),
    "complete": Act(
        "complete",
        gettext_lazy("办结离职"),
        gettext_lazy("办结离职"),
        gettext_lazy("在最后工作日或之后办理。系统会先核对这份辞职是否仍然有效。"),
        gettext_lazy("办结离职"),
        forms.CompleteForm,
        _complete,
        "door-exit",
        "default",
        (
            gettext_lazy("任职在最后工作日结束，账号的角色收回"),
            gettext_lazy("离职证明、最后工资、档案和社保转移各有任务，不受影响"),
        ),
    ),
}
