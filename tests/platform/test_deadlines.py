"""A deadline is a rule and its moment: the tick fires it once, and a changed calendar moves it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from guiyan.kernel.calendar import DayKind
from guiyan.kernel.deadlines import DeadlineRule, PeriodUnit
from guiyan.platform import actions, bus, clock, deadlines, evidence
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.actions import DayEntry
from guiyan.platform.events import DayBegan
from guiyan.platform.ids import new_id
from guiyan.platform.models import CalendarDay, Deadline
from guiyan.platform.permissions import Held, Viewer

LEAD = Viewer(new_id(), None, "lead", (Held("hr_lead"),))
HR = Viewer(new_id(), None, "hr", (Held("hr"),))
TWO_WORKING_DAYS = DeadlineRule(PeriodUnit.WORKING_DAYS, 2, "asked", rolls=False)

_fired: list[UUID] = []


def _note(row: Deadline, _now: datetime) -> None:
    _fired.append(row.owner_id)


def _break(_row: Deadline, _now: datetime) -> None:
    raise RuntimeError("broken handler")


deadlines.register_handler("test.note", _note)
deadlines.register_handler("test.break", _break)


@pytest.fixture(autouse=True)
def _no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    _fired.clear()


def _set(owner: UUID, started: datetime, handler: str = "test.note") -> Deadline:
    return deadlines.set_deadline("case", owner, "answer", rule=TWO_WORKING_DAYS, started_at=started, handler=handler)


def test_two_working_days_skip_the_weekend(tenant: Any) -> None:
    friday = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
    row = _set(new_id(), friday)
    assert row.last_day == date(2026, 11, 24)
    assert row.due_at == datetime(2026, 11, 24, 16, 0, tzinfo=UTC), "24:00 in Shanghai"


def test_a_due_deadline_fires_once(simulation: Any) -> None:
    clock.move_to(datetime(2026, 11, 20, 3, 0, tzinfo=UTC) + timedelta(days=400))
    owner = new_id()
    _set(owner, clock.now())
    assert deadlines.tick() == 0
    clock.move_to(clock.now() + timedelta(days=20))
    assert deadlines.tick() == 1
    assert deadlines.tick() == 0
    assert _fired == [owner]
    assert Deadline.objects.get(owner_id=owner).state == "fired"


def test_a_met_or_dropped_deadline_does_not_fire(simulation: Any) -> None:
    met, dropped = new_id(), new_id()
    for owner in (met, dropped):
        _set(owner, clock.now())
    assert deadlines.meet("case", met, now=clock.now()) == 1
    assert deadlines.drop("case", dropped, "answer", now=clock.now()) == 1
    clock.move_to(clock.now() + timedelta(days=20))
    assert deadlines.tick() == 0
    assert _fired == []


def test_a_broken_handler_holds_up_nobody_and_is_tried_again(simulation: Any) -> None:
    broken, fine = new_id(), new_id()
    _set(broken, clock.now() - timedelta(days=30), "test.break")
    _set(fine, clock.now() - timedelta(days=29))
    assert deadlines.tick() == 1
    assert _fired == [fine]
    assert Deadline.objects.get(owner_id=broken).state == "open"


def test_a_year_not_announced_is_provisional_and_moves_on_publication(
    tenant: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    appended: list[str] = []
    monkeypatch.setattr(evidence, "_appender", lambda _viewer, kind, **_rest: appended.append(kind))
    owner = new_id()
    started = datetime(2027, 9, 30, 3, 0, tzinfo=UTC)  # Thursday; 1 to 3 October are fixed holidays
    row = _set(owner, started)
    assert row.provisional
    assert row.last_day == date(2027, 10, 5)
    week = [date(2027, 10, day) for day in range(4, 8)]
    moved = actions.enter_days(
        LEAD,
        days=[DayEntry(day, DayKind.EXCHANGED_REST, "国庆节") for day in week],
        source="国办发明电〔2026〕某号",
        now=now,
        publishes_year=2027,
    )
    assert moved == 1
    row.refresh_from_db()
    assert (row.last_day, row.provisional) == (date(2027, 10, 11), False)
    assert appended == ["calendar.changed"]


def test_only_the_hr_lead_edits_the_calendar(tenant: Any, now: datetime) -> None:
    with pytest.raises(Forbidden):
        actions.enter_days(HR, days=[DayEntry(date(2026, 12, 1), DayKind.REST_DAY, "x")], source="s", now=now)
    assert CalendarDay.objects.count() == 0


def test_a_change_without_a_source_is_refused(tenant: Any, now: datetime) -> None:
    with pytest.raises(Refused, match="calendar_source_missing"):
        actions.enter_days(LEAD, days=[DayEntry(date(2026, 12, 1), DayKind.REST_DAY, "x")], source=" ", now=now)
    assert CalendarDay.objects.count() == 0


def test_a_day_begins_once_and_days_without_a_tick_are_passed_over(
    simulation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[object] = []
    monkeypatch.setattr(bus, "publish", began.append)
    for moment, expected in (
        (datetime(2028, 3, 1, 1, tzinfo=UTC), [DayBegan(date(2028, 3, 1))]),
        (datetime(2028, 3, 1, 15, 59, tzinfo=UTC), []),
        (datetime(2028, 3, 1, 16, 0, tzinfo=UTC), [DayBegan(date(2028, 3, 2))]),
        (datetime(2028, 3, 9, 1, tzinfo=UTC), [DayBegan(date(2028, 3, 9))]),
    ):
        began.clear()
        clock.move_to(moment)
        for _ in range(2):
            deadlines.tick()
        assert began == expected


def test_a_deadline_counted_back_moves_with_the_calendar_and_is_published_once(
    tenant: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(bus, "publish", told.append)
    owner, last_day = new_id(), datetime(2026, 12, 10, 16, tzinfo=UTC)  # Friday the 11th in Shanghai
    two_before = DeadlineRule(PeriodUnit.WORKING_DAYS, -2, "last_day", rolls=False)
    row = deadlines.set_deadline("case", owner, "near", rule=two_before, started_at=last_day, handler="test.note")
    assert row.last_day == date(2026, 12, 9)
    day = [DayEntry(date(2026, 12, 10), DayKind.EXCHANGED_REST, "停工")]
    assert actions.enter_days(LEAD, days=day, source="公司通知", now=now) == 1
    assert [(each.owner_id, each.purpose, each.last_day) for each in told] == [(owner, "near", date(2026, 12, 8))]
    assert actions.enter_days(LEAD, days=day, source="公司通知", now=now) == 0
    assert len(told) == 1
