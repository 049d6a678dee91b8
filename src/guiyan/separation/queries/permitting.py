"""Which acts a viewer is offered on a case, and for each that cannot be done now, why: a grey button says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.people.queries import PersonRef
from guiyan.platform.permissions import Viewer, allowed
from guiyan.separation.enums import OPEN_STATUSES, CaseStatus, EffectState, IntakeAnswer, WithdrawalStatus
from guiyan.separation.gate import CaseFacts
from guiyan.separation.models import OutsideEffect, Withdrawal
from guiyan.separation.queries.flow import Asked
from guiyan.separation.queries.stopping import stopped_because

Reason = str | Promise | None

RIGHTS: Final = {
    "acknowledge_manager": "separation.acknowledge",
    "acknowledge_hr": "separation.acknowledge_hr",
    "settle_meaning": "separation.settle_meaning",
    "accept_offer": "separation.accept_offer",
    "decline_offer": "separation.decline_offer",
    "agree_day": "separation.agree_day",
    "withdraw": "separation.withdraw",
    "record_withdrawal": "separation.record_withdrawal",
    "give_opinion": "separation.give_opinion",
    "decide": "separation.decide",
    "record_oral_consent": "separation.record_consent",
    "record_conduct": "separation.record_conduct",
    "record_conduct_consent": "separation.record_consent",
    "answer_intake": "separation.answer_intake",
    "complete": "separation.complete",
    "confirm_effect": "separation.confirm_effect",
}
"""Acts on a case and the right each needs. An act without the right is not offered at all."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What decides which acts are open: rows, steps asked now by node, effects, the day, and names for the reasons."""

    rows: CaseFacts
    newest: Withdrawal | None
    asked: dict[str, Asked]
    effects: tuple[OutsideEffect, ...]
    today: date
    near: bool
    names: Mapping[UUID, str]


def may(viewer: Viewer, ref: PersonRef, moment: Moment) -> dict[str, Reason]:
    """Return each act that ``viewer``'s role offers on the case: None when it can be done now, else the reason."""
    return {act: _REASONS[act](moment) for act, right in RIGHTS.items() if allowed(viewer, right, ref)}


def _over(moment: Moment) -> Reason:
    case = moment.rows.case
    if case.status in OPEN_STATUSES:
        return None
    return _("案件已经结束：%(status)s。") % {"status": CaseStatus(case.status).label}


def _running(moment: Moment) -> Reason:
    if moment.rows.case.status != CaseStatus.RUNNING:
        return _over(moment) or _("通知期还没有开始。")
    return None


def _step(moment: Moment, node: str) -> Reason:
    asked = moment.asked.get(node)
    if asked is None:
        return _("现在没有这一步。")
    if not asked.mine:
        names = "、".join(moment.names.get(each, "") for each in asked.who)
        return _("这一步交给了%(names)s。") % {"names": names or _("待指派")}
    return None


def _acknowledge_manager(moment: Moment) -> Reason:
    if moment.rows.case.manager_known_at:
        return _("已经答复知悉。")
    return _running(moment) or _step(moment, "manager_ack")


def _acknowledge_hr(moment: Moment) -> Reason:
    if moment.rows.case.hr_known_at:
        return _("已经答复知悉。")
    return _running(moment) or _step(moment, "hr_ack")


def _settle_meaning(moment: Moment) -> Reason:
    if moment.rows.case.status != CaseStatus.MEANING_OPEN:
        return _("信的意思已经明确。")
    return None


def _answer_offer(moment: Moment) -> Reason:
    return None if moment.rows.case.status == CaseStatus.OFFER else _over(moment) or _("这不是协商的提议。")


def _agree_day(moment: Moment) -> Reason:
    case = moment.rows.case
    if (reason := _running(moment)) is not None:
        return reason
    if case.earliest_end is None or moment.today >= case.earliest_end:
        return _("通知期已满，不需要约定提前。")
    return None


def _withdraw(moment: Moment) -> Reason:
    if (reason := _over(moment)) is not None:
        return reason
    if moment.newest is not None and moment.newest.status in {WithdrawalStatus.PENDING, WithdrawalStatus.UNANSWERED}:
        return _("您的撤回已经收到，正在等待公司答复。")
    return None


def _give_opinion(moment: Moment) -> Reason:
    newest = moment.newest
    if newest is None or newest.status != WithdrawalStatus.PENDING:
        return _over(moment) or _("没有等待答复的撤回。")
    if newest.opinion:
        return _("意见已经给出。")
    if newest.opinion_passed_at:
        return _("已逾期，由人力资源直接决定。")
    return _step(moment, "manager_opinion")


def _decide(moment: Moment) -> Reason:
    newest = moment.newest
    if moment.rows.case.status not in OPEN_STATUSES or newest is None:
        return _over(moment) or _("员工没有提出撤回。")
    if newest.status == WithdrawalStatus.UNANSWERED:
        return None
    if newest.status != WithdrawalStatus.PENDING:
        return _("撤回已经有了答复：%(status)s。") % {"status": WithdrawalStatus(newest.status).label}
    if not (newest.opinion or newest.opinion_passed_at or moment.near):
        return _("主管还在两个工作日的答复期内；答复后，或者逾期时，由您决定。")
    if moment.near and "hr_decision" not in moment.asked:
        return None
    return _step(moment, "hr_decision")


def _oral(moment: Moment) -> Reason:
    newest = moment.newest
    case = moment.rows.case
    if newest is None:
        return _over(moment) or _("员工没有提出撤回；请先登记撤回。")
    answered = newest.status not in {
        WithdrawalStatus.PENDING,
        WithdrawalStatus.UNANSWERED,
        WithdrawalStatus.REFUSED,
    }
    if answered or case.status not in {*OPEN_STATUSES, CaseStatus.ENDED}:
        return _("撤回已经有了答复：%(status)s。") % {"status": WithdrawalStatus(newest.status).label}
    return None


def _conduct(moment: Moment) -> Reason:
    case = moment.rows.case
    if (reason := _running(moment)) is not None:
        return reason
    if case.last_day is None or moment.today <= case.last_day:
        return _("最后工作日还没有过。")
    return None


def _conduct_consent(moment: Moment) -> Reason:
    if any(row.objected for row in moment.rows.conduct):
        return _("公司提出过异议，不能推定同意继续履行。")
    return _conduct(moment)


def _answer_intake(moment: Moment) -> Reason:
    open_answers = {IntakeAnswer.ASKED, IntakeAnswer.NO_ANSWER}
    return None if any(row.answer in open_answers for row in moment.rows.intakes) else _("没有需要您核对的登记。")


def _complete(moment: Moment) -> Reason:
    case = moment.rows.case
    if case.status != CaseStatus.RUNNING:
        return stopped_because(case).text
    if case.last_day is not None and moment.today < case.last_day:
        return _("最后工作日是%(day)s，还没有到。") % {"day": case.last_day}
    newest = moment.newest
    if newest is not None and newest.status in {WithdrawalStatus.PENDING, WithdrawalStatus.UNANSWERED}:
        return _("撤回还没有答复；请先明确答复。")
    return None


def _confirm_effect(moment: Moment) -> Reason:
    waiting = any(each.state != EffectState.CONFIRMED for each in moment.effects)
    return None if waiting else _("没有等待确认的外部事项。")


_REASONS: Final = {
    "acknowledge_manager": _acknowledge_manager,
    "acknowledge_hr": _acknowledge_hr,
    "settle_meaning": _settle_meaning,
    "accept_offer": _answer_offer,
    "decline_offer": _answer_offer,
    "agree_day": _agree_day,
    "withdraw": _withdraw,
    "record_withdrawal": _withdraw,
    "give_opinion": _give_opinion,
    "decide": _decide,
    "record_oral_consent": _oral,
    "record_conduct": _conduct,
    "record_conduct_consent": _conduct_consent,
    "answer_intake": _answer_intake,
    "complete": _complete,
    "confirm_effect": _confirm_effect,
}
