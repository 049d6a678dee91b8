"""What every action on a case begins and ends with: lock, right, status, evidence, messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.ledger.actions import EntryRef, record
from guiyan.ledger.entry import ObjectRef
from guiyan.notify.actions import To, send
from guiyan.people.actions import touch
from guiyan.people.queries import NotFound, PersonRef, names_of
from guiyan.platform.acting import Refused, Stale, require
from guiyan.platform.clock import LEGAL_ZONE, legal_day
from guiyan.platform.permissions import Viewer
from guiyan.separation.enums import OPEN_STATUSES, CaseStatus, Tone, WithdrawalStatus
from guiyan.separation.models import Case, IntakeProof, Withdrawal
from guiyan.separation.queries.rows import parties

CASE = "separation.case"
WITHDRAWAL = "separation.withdrawal"
INTAKE = "separation.intake"
"""Owners of deadlines."""


def next_number(now: datetime) -> str:
    """Return the next number of the year, LZ-2026-00001. Its row stays locked until the commit: no gaps, no doubles."""
    year = now.astimezone(LEGAL_ZONE).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO separation_casecounter (year, last) VALUES (%s, 1) "
            "ON CONFLICT (year) DO UPDATE SET last = separation_casecounter.last + 1 RETURNING last",
            [year],
        )
        (last,) = cursor.fetchone()
    return f"LZ-{year}-{last:05d}"


def lock_case(viewer: Viewer, act: str, case_id: UUID, now: datetime) -> Case:
    """Lock a case and return it as it is then.

    Raises ``Forbidden`` when ``viewer`` may not do ``act`` about its person (an unknown id is forbidden too for who may
    act on some people only), ``NotFound`` when there is none.
    """
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    person = case.person_id if case else case_id
    require(viewer, act, PersonRef(person, legal_day(now)), object_kind="case", object_id=case_id)
    if case is None:
        raise NotFound(str(case_id))
    return case


def lock_withdrawal(case: Case) -> Withdrawal | None:
    """Lock and return the newest withdrawal of a locked case, or None."""
    return case.withdrawals.select_for_update().order_by("-arrived_at", "-id").first()


def refuse(rule: str, text: str | Promise, case: Case | None = None) -> Refused:
    """Return a refusal about a case, ready to be raised."""
    return Refused(rule, text, object_kind="case" if case else "", object_id=case.id if case else "")


def stale(rule: str, text: str | Promise, case: Case) -> Stale:
    """Return the refusal that somebody else was faster, ready to be raised."""
    return Stale(rule, text, object_kind="case", object_id=case.id)


def must_be_open(case: Case) -> None:
    """Raise ``Stale`` for a case that is over."""
    if case.status not in OPEN_STATUSES:
        raise stale(
            f"case_{case.status}",
            _("这个案件已经结束：%(status)s。") % {"status": CaseStatus(case.status).label},
            case,
        )


def settle_status(case: Case) -> None:
    """Set the status that follows from what is on record. Nothing else sets it."""
    case.status = _status_of(case)


def _status_of(case: Case) -> CaseStatus:  # noqa: PLR0911  one line a fact, in the order in which they prevail
    if case.restored_at is not None:
        return CaseStatus.RESTORED
    if case.superseded_at is not None:
        return CaseStatus.SUPERSEDED
    if case.ended_on is not None:
        return CaseStatus.ENDED
    if case.withdrawn_at is not None:
        return CaseStatus.WITHDRAWN
    if case.denied_at is not None:
        return CaseStatus.DISPUTED
    if case.declined_at is not None:
        return CaseStatus.DECLINED
    if case.arrived_at is None:
        return CaseStatus.AWAITING_WRITING
    if case.tone == Tone.UNCLEAR:
        return CaseStatus.MEANING_OPEN
    if case.tone == Tone.OFFER and case.accepted_at is None:
        return CaseStatus.OFFER
    return CaseStatus.RUNNING


def settle_withdrawal(row: Withdrawal) -> None:
    """Set the status of a withdrawal that follows from what is on record. Nothing else sets it."""
    if row.consented_at is not None:
        row.status = WithdrawalStatus.CONSENTED
    elif row.denied_at is not None:
        row.status = WithdrawalStatus.DISPUTED
    elif row.in_time:
        row.status = WithdrawalStatus.BEFORE_ARRIVAL
    elif row.refused_at is not None:
        row.status = WithdrawalStatus.REFUSED
    elif row.silent_at is not None:
        row.status = WithdrawalStatus.UNANSWERED
    else:
        row.status = WithdrawalStatus.PENDING


def noted(
    viewer: Viewer,
    act: str,
    kind: str,
    case: Case,
    *,
    now: datetime,
    public: Mapping[str, str | int | bool | None] | None = None,
    committed: Mapping[str, str] | None = None,
    objects: Sequence[ObjectRef] = (),
) -> EntryRef:
    """The act is a step of the case on the ledger, and on the person's record; empty committed values are left out."""
    touch(viewer, case.person_id, act, now=now)
    return record(
        viewer,
        kind,
        now=now,
        case=case.id,
        objects=objects,
        public=public,
        committed={name: f"{_BEFORE[name]}{value}" for name, value in (committed or {}).items() if value},
        subject=case.person_id,
    )


_BEFORE = {
    "letter": "全文：",
    "reason": "理由：",
    "words": "原话：",
    "note": "说明：",
    "witness": "见证：",
    "strokes": "笔迹：",
    "opinion": "意见：",
    "verdict": "判断：",
    "grounds": "情形：",
}
"""The word before a committed value: it can then never equal one of the codes that stand in the open beside it."""


def ids(rows: QuerySet[Withdrawal] | QuerySet[IntakeProof]) -> list[UUID]:
    """Return the ids of a case's rows of one kind."""
    return list(rows.values_list("id", flat=True))


def inner(request_id: UUID, name: str) -> UUID:
    """Return the request id of an inner action, so that the whole repeats harmlessly."""
    return uuid5(request_id, name)


def facts_of(case: Case, **more: object) -> dict[str, object]:
    """Return what every message about a case is filled with."""
    name = names_of([case.person_id]).get(case.person_id, "")
    return {"case": case, "name": name, "number": case.number, "last_day": case.last_day, **more}


def tell(
    viewer: Viewer,
    case: Case,
    kind: str,
    *,
    now: datetime,
    employee: bool = False,
    manager: bool = False,
    hr: bool = False,
    **more: object,
) -> None:
    """Send a message about a case to its parties, as they stand today. Its words are ``separation_<kind>``."""
    who = parties(case.person_id, legal_day(now))
    to: list[To] = [To(person_id=who.employee)] if employee else []
    if manager and who.manager is not None:
        to.append(To(person_id=who.manager))
    if hr:
        to += [To(user_id=user_id) for user_id in who.hr]
    link = f"/m/cases/{case.id}/" if employee and not (manager or hr) else f"/cases/{case.id}/"
    send(viewer, f"separation_{kind}", to=to, facts=facts_of(case, **more), now=now, link=link, case=case.id)
