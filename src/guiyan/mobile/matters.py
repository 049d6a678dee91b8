"""My own cases, in words for somebody in a hard hour: what stands, what counts, what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guiyan.mobile import words
from guiyan.mobile.edge import Me
from guiyan.people.queries import NotFound
from guiyan.platform import clock
from guiyan.separation import queries
from guiyan.separation.enums import OPEN_STATUSES, CaseStatus, ConsentForm, Tone, WithdrawalStatus
from guiyan.ui.values import Step

SHOWN_DAYS = 60
"""A case that is over stays on the first page for this long after it was opened."""


@dataclass(frozen=True)
class Card:
    """How a case stands, as the card on top says it. ``tone`` is "", "ok" or "calm"."""

    label: str
    badge: str
    title: str
    text: str
    tone: str
    steps: tuple[Step, ...]
    url: str


def own_case(me: Me, case_id: UUID) -> queries.CaseView:
    """Return the viewer's own case. Raises ``NotFound`` for anybody else's: on the phone one sees one's own alone."""
    case = queries.case_for(me.viewer, case_id)
    if case.sight is not queries.Sight.SELF:
        raise NotFound(str(case_id))
    return case


def recent_case(me: Me, today: date) -> queries.CaseRow | None:
    """Return the viewer's case in progress, else one that was settled lately, or None."""
    mine = queries.my_cases(me.viewer)
    running = next((row for row in mine if row.status in OPEN_STATUSES), None)
    newest = mine[0] if mine else None
    if running is not None or newest is None:
        return running
    return newest if (today - clock.legal_day(newest.opened_at)).days <= SHOWN_DAYS else None


def card(case: queries.CaseView, today: date) -> Card:
    """Return the card of a case."""
    newest = case.withdrawal
    title, text, tone = _state(case, newest, today)
    badge = str(case.status_words)
    if newest is not None and case.status == CaseStatus.RUNNING:
        badge = _badge(newest) or badge
    return Card(
        label=_("辞职 %(number)s") % {"number": case.number},
        badge=badge,
        title=title,
        text=text,
        tone=tone,
        steps=_steps(case, newest),
        url=reverse("m_case", kwargs={"case_id": case.case_id}),
    )


def _badge(newest: queries.WithdrawalView) -> str:
    return {
        WithdrawalStatus.PENDING: _("撤回待答复"),
        WithdrawalStatus.REFUSED: _("撤回未获同意"),
        WithdrawalStatus.UNANSWERED: _("撤回未获答复"),
    }.get(WithdrawalStatus(newest.status), "")


def _last(case: queries.CaseView) -> str:
    return words.day(case.clock.last_day) if case.clock and case.clock.last_day else ""


def _state(case: queries.CaseView, newest: queries.WithdrawalView | None, today: date) -> tuple[str, str, str]:
    if case.status == CaseStatus.RUNNING:
        return _running(case, newest, today)
    return {
        CaseStatus.AWAITING_WRITING: (
            _("您口头提出了辞职"),
            _("试用期外的辞职须书面提出，现在时间还没有起算，您照常在职。想辞职，请写书面；不想，撤回即可。"),
            "calm",
        ),
        CaseStatus.MEANING_OPEN: (
            _("信到了，请说明您的意思"),
            _("信里的文字既可能是通知，也可能是商量。由您说了算；说明以前，您照常在职。"),
            "",
        ),
        CaseStatus.OFFER: (
            _("您提议协商离开，等公司答复"),
            _("公司同意之前，您照常在职，提议随时可以收回。"),
            "",
        ),
        CaseStatus.DECLINED: (
            _("公司没有接受您的提议"),
            _("劳动合同照常履行，您照常在职。仍想离开的，可以另写一封通知，那不需要批准。"),
            "calm",
        ),
        CaseStatus.DISPUTED: (
            _("您说这份辞职不是您提出的"),
            _("办理已经停下，由人力资源核实。您照常在职。"),
            "calm",
        ),
        CaseStatus.WITHDRAWN: (
            _("撤回已生效，您继续在职"),
            _("撤回先到，或者还不需要公司同意。一切照常。"),
            "ok",
        ),
        CaseStatus.RESTORED: (
            _("公司同意撤回，您继续在职"),
            _("任职和各项安排已经恢复，原来的辞职不再作数。"),
            "ok",
        ),
        CaseStatus.SUPERSEDED: (
            _("您继续在职"),
            _("最后一天以后您照常工作，公司没有异议，已登记为继续履行劳动合同。"),
            "ok",
        ),
        CaseStatus.ENDED: (
            _("劳动关系已于 %(day)s 结束") % {"day": words.day(case.ended_on) if case.ended_on else ""},
            _("离职证明和最后的工资不以办完交接为条件。谢谢您的工作，祝一切顺利。"),
            "calm",
        ),
    }[CaseStatus(case.status)]


def _running(case: queries.CaseView, newest: queries.WithdrawalView | None, today: date) -> tuple[str, str, str]:
    last = _last(case)
    status = newest.status if newest else ""
    if status == WithdrawalStatus.PENDING:
        text = _("公司同意，您就继续在职。答复以前，最后一天仍是 %(day)s；没有答复不等于同意。") % {"day": last}
        return _("您的撤回已送达，等公司答复"), text, ""
    if status == WithdrawalStatus.REFUSED:
        text = _("辞职按原来的日期继续，最后一天是 %(day)s。您可以再次提出，也可以咨询工会或 12333。") % {"day": last}
        return _("公司没有同意撤回"), text, "calm"
    if status == WithdrawalStatus.UNANSWERED:
        text = _("没有答复不等于同意。原来的最后一天是 %(day)s；如果之后您仍在工作，请保留记录并告诉人力资源。") % {
            "day": last
        }
        return _("公司还没有答复您的撤回"), text, "calm"
    left = (case.clock.days_left if case.clock else None) or 0
    if case.clock and case.clock.last_day and today > case.clock.last_day:
        return _("最后一天已过"), _("离职证明和最后的工资应当已经给您。没有收到的，请找人力资源。"), "calm"
    near = _("就是今天。") if left == 0 else _("还有 %(n)d 天。") % {"n": left}
    text = _("最后一天是 %(day)s，%(left)s不用等任何人批准。改变主意时，可以提出撤回。") % {"day": last, "left": near}
    return _("公司已收到您的辞职"), text, ""


def _steps(case: queries.CaseView, newest: queries.WithdrawalView | None) -> tuple[Step, ...]:
    if case.status in {CaseStatus.RESTORED, CaseStatus.WITHDRAWN, CaseStatus.SUPERSEDED}:
        return (Step(_("提出辞职"), "done"), Step(_("撤回"), "done"), Step(_("继续在职"), "now"))
    if case.status != CaseStatus.RUNNING:
        return ()
    arrived = Step(_("送达"), "done")
    known = Step(_("知悉"), "done" if case.manager_known or case.hr_known else "todo")
    if newest is not None:
        state = "now" if newest.status in {WithdrawalStatus.PENDING, WithdrawalStatus.UNANSWERED} else "done"
        return (arrived, Step(_("撤回"), "done"), Step(_("答复"), state), Step(_("结果"), "todo"))
    if known.state == "todo":
        return (arrived, Step(known.title, "now"), Step(_("交接"), "todo"), Step(_("最后一天"), "todo"))
    return (arrived, known, Step(_("交接"), "now"), Step(_("最后一天"), "todo"))


def answers(case: queries.CaseView) -> list[dict[str, str]]:
    """Return what the company answered and wrote to the employee about it, the newest first."""
    found: list[dict[str, str]] = []
    if case.declined is not None:
        said = _("没有接受协商的提议")
        found.append(_answer(said, case.declined.by, case.declined.at, case.declined.note))
    for each in reversed(case.withdrawals):
        if each.consented_at is not None and each.consent_form == ConsentForm.WRITTEN:
            found.append(_answer(_("同意撤回"), each.consented_by, each.consented_at, each.consent_note))
        elif each.refused_at is not None:
            found.append(_answer(_("不同意撤回"), each.refused_by, each.refused_at, each.refusal_note))
    return found


def _answer(said: str, by: str, at: datetime, note: str) -> dict[str, str]:
    return {"said": said, "by": by, "at": words.moment(at), "note": note}


def dates(case: queries.CaseView, today: date) -> list[dict[str, Any]]:
    """Return the days that count, in words."""
    lines: list[dict[str, Any]] = []
    if case.arrived_at is not None:
        lines.append({"label": _("公司收到"), "value": words.moment(case.arrived_at), "note": str(case.channel)})
    legal = case.clock
    if legal is None:
        return lines
    if legal.earliest_end is not None and legal.notice_days:
        note = _("收到的次日起算，第 %(n)d 天") % {"n": legal.notice_days}
        lines.append({"label": _("通知期满"), "value": words.day(legal.earliest_end), "note": note})
    if case.letter and case.letter.wished_last_day:
        note = _("比通知期满早，需要公司同意") if _is_early(case) else ""
        lines.append({"label": _("您希望的最后一天"), "value": words.day(case.letter.wished_last_day), "note": note})
    if case.ended_on is None and legal.last_day is not None:
        left = words.left(legal.last_day, today)
        note = _("双方约定，%(left)s") % {"left": left} if legal.agreed else left
        lines.append({"label": _("最后一天"), "value": words.day(legal.last_day), "note": note, "strong": True})
    if case.ended_on is not None:
        lines.append({"label": _("劳动关系结束"), "value": words.day(case.ended_on), "note": "", "strong": True})
    return lines


def _is_early(case: queries.CaseView) -> bool:
    wished = case.letter.wished_last_day if case.letter else None
    earliest = case.clock.earliest_end if case.clock else None
    return wished is not None and earliest is not None and wished < earliest and case.tone == Tone.NOTICE
