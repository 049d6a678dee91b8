"""The end of an employment by a resignation, and the gate before it that no old paper gets past."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.people import actions as people
from guiyan.platform import deadlines
from guiyan.platform.acting import action, earlier_result, keep_result
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.separation import schedule
from guiyan.separation.actions.basis import inner, lock_case, noted, refuse, settle_status, tell
from guiyan.separation.actions.restoring import take_roles
from guiyan.separation.enums import Basis, CaseStatus
from guiyan.separation.gate import AfterLastDay
from guiyan.separation.models import Case
from guiyan.separation.queries.rows import gate_of, rows_of
from guiyan.separation.queries.stopping import stop_of_gate, stopped_because


@action("separation.complete")
def complete_exit(
    viewer: Viewer, case_id: UUID, *, after: AfterLastDay | None = None, request_id: UUID, now: datetime
) -> None:
    """The employment has ended on its last day. Certificate and pay have steps of their own and never waited for this.

    After the last day HR states what happened since (``after``): work that went on without a word ends the reliance
    on the resignation. Raises ``Refused`` with the rule, the facts and the article: taken back, consented to,
    overtaken by conduct, unanswered, denied, not yet the day.
    """
    case = lock_case(viewer, "separation.complete", case_id, now)
    if earlier_result(request_id, act="separation.complete", viewer=viewer, now=now) is not None:
        return
    if case.status != CaseStatus.RUNNING:
        stop = stopped_because(case)
        raise refuse(stop.rule, with_articles(stop.text, stop.articles), case)
    last_day = _day_has_come(case, after, now)
    rows = rows_of(case)
    gate = gate_of(rows, on=legal_day(now), after=after)
    stop = stop_of_gate(rows, gate)
    if stop.rule:
        raise refuse(stop.rule, with_articles(stop.text, stop.articles), case)
    noted(
        viewer,
        "separation.complete",
        "legal.gate",
        case,
        now=now,
        public={
            "gate": "exit",
            "verdict": gate.reliance.verdict.value,
            "worked_after": bool(after and after.worked_on),
        },
        committed={"verdict": gate.protection.verdict.value},
    )
    taken = take_roles(case, now)
    people.end_spell(
        SYSTEM,
        case.spell_id,
        last_day,
        "agreement" if case.basis == Basis.ART_36 else "resignation",
        ground=case.basis,
        request_id=inner(request_id, "people.end_spell"),
        now=now,
    )
    case.ended_on, case.ended_at, case.ended_by = last_day, now, viewer.user_id
    settle_status(case)
    case.save(update_fields=["ended_on", "ended_at", "ended_by", "status"])
    deadlines.meet(schedule.CASE_OWNER, case.id, now=now)
    public: dict[str, str | int] = {"ended_on": last_day.isoformat(), "ground": case.basis, "roles": taken}
    noted(viewer, "separation.complete", "employment.ended", case, now=now, public=public)
    tell(viewer, case, "ended", now=now, employee=True)
    keep_result(request_id, {})


def _day_has_come(case: Case, after: AfterLastDay | None, now: datetime) -> date:
    today = legal_day(now)
    assert case.last_day is not None
    if today < case.last_day:
        text = _("最后工作日是%(day)s，还没有到。") % {"day": case.last_day}
        raise refuse("last_day_ahead", text, case)
    if today > case.last_day and after is None:
        raise refuse(
            "after_last_day_unknown",
            _("最后工作日已过。请先说明之后的情况：员工是否继续工作、是否支付工资、公司是否提出异议。"),
            case,
        )
    if after is not None and after.worked_on is not None and not case.last_day < after.worked_on <= today:
        raise refuse("not_past_last_day", _("这一天应在最后工作日之后、今天或以前。"), case)
    return case.last_day


def with_articles(text: str, articles: tuple[str, ...]) -> str:
    """Return a sentence with the articles it rests on."""
    return f"{text}（{'；'.join(articles)}）" if articles else text
