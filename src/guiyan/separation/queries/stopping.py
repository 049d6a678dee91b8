"""Why an exit may not be processed: the rule that was met, by which facts, who did what when, in words for HR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from guiyan.kernel.results import Verdict
from guiyan.law.resignation import Flag
from guiyan.people.queries import names_of
from guiyan.platform.clock import LEGAL_ZONE
from guiyan.separation.enums import CaseStatus, ConsentForm, WithdrawalStatus
from guiyan.separation.gate import CaseFacts, ExitGate, deciding
from guiyan.separation.models import Case, Withdrawal
from guiyan.separation.queries.rows import names_of_users


@dataclass(frozen=True, slots=True)
class Stop:
    """Why not: a stable rule, the sentence with its facts, and the articles. An empty rule: nothing stops it."""

    rule: str
    text: str
    articles: tuple[str, ...] = ()


NOTHING: Final = Stop("", "")


def said_at(moment: datetime) -> str:
    """Return a moment as a sentence says it, in Beijing time."""
    return f"{moment.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}"


def name_of(identity: UUID | None) -> str:
    """Return the name of a person, or of an account; 未知 for neither. Two queries at most."""
    if identity is None:
        return _("未知")
    return names_of([identity]).get(identity) or names_of_users({identity}).get(identity) or _("未知")


def stopped_because(case: Case) -> Stop:  # noqa: PLR0911  one answer a status
    """Return why a case that is over cannot be processed; ``NOTHING`` for one that is in progress."""
    row = deciding(case.withdrawals.all())
    match CaseStatus(case.status):
        case CaseStatus.RESTORED | CaseStatus.SUPERSEDED | CaseStatus.WITHDRAWN:
            return _taken_back(case, row)
        case CaseStatus.ENDED:
            day, who = case.ended_on, name_of(case.ended_by)
            return Stop("exit_done", _("离职已由%(who)s办结，最后工作日%(day)s。") % {"who": who, "day": day})
        case CaseStatus.DISPUTED:
            return Stop(
                "resignation_denied",
                _("员工否认提出过辞职（%(at)s），不能据此办理离职。")
                % {"at": said_at(case.denied_at or case.opened_at)},
                (_("《劳动合同法》第三十七条"),),
            )
        case CaseStatus.DECLINED:
            text = _("不能办理离职：%(who)s已于%(at)s答复，公司没有接受协商解除的提议，劳动关系继续。") % {
                "who": name_of(case.declined_by),
                "at": said_at(case.declined_at or case.opened_at),
            }
            return Stop("offer_declined", text, (_("《劳动合同法》第三十六条"),))
        case CaseStatus.AWAITING_WRITING:
            text = _("试用期外的辞职须书面提出；目前只有口头，还不能办理离职。")
            return Stop("notice_not_written", text, (_("《劳动合同法》第三十七条"),))
        case CaseStatus.MEANING_OPEN:
            return Stop("meaning_open", _("信的意思还没有确认：是通知，还是商量？确认之前不能办理离职。"))
        case CaseStatus.OFFER:
            text = _("这是协商的提议，公司接受并约定最后工作日之后才能办理。")
            return Stop("offer_open", text, (_("《劳动合同法》第三十六条"),))
    return NOTHING if row is None or row.status != WithdrawalStatus.REFUSED else _refused(row)


def _taken_back(case: Case, row: Withdrawal | None) -> Stop:
    if case.status == CaseStatus.WITHDRAWN:
        at = said_at(row.arrived_at if row else case.opened_at)
        text = _("不能办理离职：撤回于%(at)s到达，当即生效，劳动关系继续。") % {"at": at}
        return Stop("withdrawn_in_time", text, (_("《民法典》第一百四十一条"),))
    conduct = case.conduct.order_by("-worked_on").first()
    if case.status == CaseStatus.SUPERSEDED:
        day = conduct.worked_on if conduct else case.last_day
        text = _(
            "不能办理离职：原定最后工作日%(last)s之后，员工仍在工作（%(day)s），公司没有异议，已登记为以行为表明继续履行。"
            "如仍要结束劳动关系，须有新的依据，并重新检查受保护情形。"
        ) % {"last": case.last_day, "day": day}
        return Stop("superseded_by_conduct", text, (_("《民法典》第一百四十条"),))
    if row is None or row.consented_at is None:
        return Stop("withdrawal_consented", _("不能办理离职：公司已同意撤回，劳动关系继续。"))
    form = str(ConsentForm(row.consent_form).label)
    text = _("不能办理离职：%(who)s已于%(at)s同意撤回辞职（%(form)s），劳动关系继续。") % {
        "who": name_of(row.consented_by),
        "at": said_at(row.consented_at),
        "form": form,
    }
    return Stop("withdrawal_consented", text, (_("《民法典》第一百三十六条第二款"), _("《民法典》第一百四十一条")))


def _refused(row: Withdrawal) -> Stop:
    text = _("%(who)s已于%(at)s答复：不同意撤回。") % {
        "who": name_of(row.refused_by),
        "at": said_at(row.refused_at or row.arrived_at),
    }
    return Stop("withdrawal_refused", text)


def stop_of_gate(rows: CaseFacts, gate: ExitGate) -> Stop:
    """Return why the gate stops an exit in progress; ``NOTHING`` when it does not."""
    if not gate.stops:
        return NOTHING
    found = gate.reliance
    if not found.verdict.stops:
        return Stop("protection", _("由人力资源判断"))
    articles = tuple(dict.fromkeys(str(cite) for cite in found.cites))
    if found.verdict is Verdict.INDETERMINATE:
        row = deciding(rows.withdrawals)
        if row is not None and row.status in {WithdrawalStatus.PENDING, WithdrawalStatus.UNANSWERED}:
            text = _(
                "不能办理离职：员工%(at)s提出的撤回还没有答复。没有答复不等于同意，也不等于不同意；请先明确答复。"
            ) % {"at": said_at(row.arrived_at)}
            return Stop("withdrawal_unanswered", text, articles)
        questions = "".join(str(each.asks) for each in found.missing)
        return Stop("facts_missing", _("还缺少事实，请先补充：%(questions)s") % {"questions": questions}, articles)
    if found.value is not None and found.value.flag is Flag.SUPERSEDED_BY_CONDUCT:
        text = _(
            "不能办理离职：原定最后工作日%(last)s已过，员工仍在工作，公司没有异议。请登记“以行为表示同意”，"
            "或者由法务判断；如仍要结束劳动关系，须有新的依据。"
        ) % {"last": rows.case.last_day}
        return Stop("superseded_by_conduct", text, articles)
    said = "".join(str(step.says) for step in found.steps)
    return Stop("law_prohibits", _("不能办理离职：%(said)s") % {"said": said}, articles)
