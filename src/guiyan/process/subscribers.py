"""What processes make of events: open tasks follow whoever has a role, and the calendar."""

from __future__ import annotations

from guiyan.people.events import StandingChanged
from guiyan.platform import clock
from guiyan.platform.bus import subscriber
from guiyan.platform.events import AccountChanged, DayBegan, DeadlineMoved
from guiyan.platform.permissions import SYSTEM
from guiyan.process import dues
from guiyan.process.actions.following import follow_deadline, follow_standing

ONE_BY_ONE = "process.standing"


@subscriber(StandingChanged, "process.follow_people", lock=ONE_BY_ONE)
def on_standing_changed(event: StandingChanged) -> None:
    """Another manager, another unit, somebody who left or is back: the tasks ask whoever is the one today."""
    follow_standing(event.person_id, now=clock.now())


@subscriber(AccountChanged, "process.follow_accounts", lock=ONE_BY_ONE)
def on_account_changed(_event: AccountChanged) -> None:
    """An account that can do nothing any more, or holds another role, is asked accordingly."""
    follow_standing(None, now=clock.now())


@subscriber(DayBegan, "process.follow_day", lock=ONE_BY_ONE)
def on_day_began(_event: DayBegan) -> None:
    """What was entered for this day is true now."""
    follow_standing(None, now=clock.now())


@subscriber(DeadlineMoved, "process.follow_deadline")
def on_deadline_moved(event: DeadlineMoved) -> None:
    """A task's day has moved with the calendar."""
    if (event.owner_kind, event.purpose) == (dues.OWNER, dues.DUE):
        follow_deadline(SYSTEM, event.owner_id, move_id=event.move_id, now=clock.now())
