"""The days of a case that something hangs on, as deadlines: near the last day, past it, and answers that are owed.

Business time is the tenant's: a deadline is a row, and the tick asks the tenant's clock which are due.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from guiyan.kernel.calendar import add_working_days, legal_day, start_of_legal_day
from guiyan.kernel.deadlines import DeadlineRule, PeriodUnit
from guiyan.platform import calendar, deadlines

NEAR_WORKING_DAYS: Final = 3
OPINION_WORKING_DAYS: Final = 2
ANSWER_WORKING_DAYS: Final = 2

NEAR: Final = "separation.last_day_near"
PASSED: Final = "separation.last_day_passed"
OPINION: Final = "separation.opinion_overdue"
INTAKE: Final = "separation.intake_unanswered"
MEANING: Final = "separation.meaning_open"
WRITING: Final = "separation.writing_missing"
OFFER: Final = "separation.offer_open"
"""Handlers; each owner has at most one deadline of each."""

CASE_OWNER: Final = "separation.case"
WITHDRAWAL_OWNER: Final = "separation.withdrawal"
INTAKE_OWNER: Final = "separation.intake"


def near_day(last_day: date) -> date:
    """Return the day from which the last day is near: three working days before it, by the calendar of now."""
    return add_working_days(last_day, -NEAR_WORKING_DAYS, calendar.day_table()).day


def is_near(last_day: date, now: datetime) -> bool:
    """Whether the last day is near, or over."""
    return legal_day(now) >= near_day(last_day)


def set_near(case_id: UUID, last_day: date, *, now: datetime) -> bool:
    """Set the deadline that fires when the last day comes near. Returns False when it is near already."""
    days = (near_day(last_day) - timedelta(days=1) - legal_day(now)).days
    if days < 1:
        return False
    _set(CASE_OWNER, case_id, NEAR, _days(days, NEAR), now)
    return True


def set_passed(case_id: UUID, last_day: date, *, now: datetime) -> None:
    """Set the deadline that fires when the last day is over; at the next tick when it is over already."""
    start = min(start_of_legal_day(last_day) - timedelta(hours=12), now)
    days = (last_day - legal_day(start)).days
    _set(CASE_OWNER, case_id, PASSED, _days(max(days, 1), PASSED), start)


def set_opinion(withdrawal_id: UUID, *, now: datetime) -> None:
    """Set the deadline after which the manager's silence is passed over."""
    rule = DeadlineRule(PeriodUnit.WORKING_DAYS, OPINION_WORKING_DAYS, _purpose(OPINION), rolls=False)
    _set(WITHDRAWAL_OWNER, withdrawal_id, OPINION, rule, now)


def set_answer(owner_kind: str, owner_id: UUID, handler: str, *, now: datetime) -> None:
    """Set a deadline of two working days for an answer that somebody owes."""
    rule = DeadlineRule(PeriodUnit.WORKING_DAYS, ANSWER_WORKING_DAYS, _purpose(handler), rolls=False)
    _set(owner_kind, owner_id, handler, rule, now)


def _purpose(handler: str) -> str:
    return handler.partition(".")[2]


def _days(count: int, handler: str) -> DeadlineRule:
    return DeadlineRule(PeriodUnit.CALENDAR_DAYS, count, _purpose(handler), rolls=False)


def _set(kind: str, owner: UUID, handler: str, rule: DeadlineRule, start: datetime) -> None:
    deadlines.set_deadline(kind, owner, _purpose(handler), rule=rule, started_at=start, handler=handler)


def set_offer(case_id: UUID, *, now: datetime) -> None:
    """Set the deadline after which the employer is asked again for its answer to an offer."""
    set_answer(CASE_OWNER, case_id, OFFER, now=now)


def drop_all(case_id: UUID, withdrawal_ids: list[UUID], intake_ids: list[UUID], *, now: datetime) -> int:
    """Drop every open deadline of a case: what they waited for no longer matters. Returns how many."""
    dropped = deadlines.drop(CASE_OWNER, case_id, now=now)
    dropped += sum(deadlines.drop(WITHDRAWAL_OWNER, each, now=now) for each in withdrawal_ids)
    return dropped + sum(deadlines.drop(INTAKE_OWNER, each, now=now) for each in intake_ids)
