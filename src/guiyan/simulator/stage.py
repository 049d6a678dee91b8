"""A stage on which a scenario plays: a simulation tenant, its clock, its people, and a record of every step.

A scenario is a script of steps. Each step says who does what and what must come of it; the stage does it through the
same actions that people use, writes a line, and the run fails when anything differs from the script.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import IO, Any, TypeVar
from uuid import UUID, uuid5

from guiyan.kernel.calendar import SHANGHAI
from guiyan.people import actions, queries
from guiyan.people.enums import AddressKind, ContractKind
from guiyan.platform import clock, deadlines
from guiyan.platform.acting import Refused
from guiyan.platform.actions import create_account, grant_role
from guiyan.platform.permissions import SYSTEM, Viewer

LOG_NAME = "log.jsonl"
PASSWORD = "simulation-only-1"  # noqa: S105  of accounts that exist in a simulation alone
SPACE = UUID("0b6f2f7e-7f53-5b7a-9d0c-5ce0a51a2026")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """What a step was, and what came of it."""

    number: int
    at: str
    who: str
    what: str
    expected: str
    happened: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody of the cast."""

    username: str
    name: str
    person_id: UUID
    spell_id: UUID


class Stage:
    """Where one scenario is played. Everything follows from the seed."""

    def __init__(self, out: Path, seed: int) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self.dice = Random(seed)  # noqa: S311  a script, not a secret
        self.seed = seed
        self.lines: list[Line] = []
        self.cast: dict[str, Actor] = {}
        self.units: dict[str, UUID] = {}
        self.posts: dict[str, UUID] = {}
        self._log: IO[str] = (out / LOG_NAME).open("w", encoding="utf-8")

    def close(self) -> None:
        """Close the log."""
        self._log.close()

    @property
    def failed(self) -> bool:
        """Whether any step differed from the script."""
        return any(not line.ok for line in self.lines)

    def request(self, label: str) -> UUID:
        """Return the request id of a step: the same in every run."""
        return uuid5(SPACE, f"{self.seed}:{label}")

    # --- time -----------------------------------------------------------------------------------------------------

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """Move the clock to a civil time in Shanghai, and let what has fallen due happen. Returns the moment."""
        moment = datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)
        clock.move_to(moment)
        deadlines.tick()
        return moment

    def wait(self, days: int, hour: int = 9) -> datetime:
        """Let days go by, one after the other, as they would."""
        for _ in range(days):
            self.at(clock.today() + timedelta(days=1), hour)
        return clock.now()

    # --- steps ----------------------------------------------------------------------------------------------------

    def step(self, who: str, what: str, act: Callable[[], T], *, refused: str = "") -> T | None:
        """Do something that must succeed, or with ``refused`` must be refused by that rule."""
        expected = f"refused: {refused}" if refused else "done"
        try:
            result = act()
        except Refused as refusal:
            self._write(who, what, expected, f"refused: {refusal.rule}")
            return None
        self._write(who, what, expected, "done")
        return result

    def expect(self, what: str, happened: object, expected: object) -> None:
        """Hold what is so against what the script says."""
        self._write("—", what, _plain(expected), _plain(happened))

    def _write(self, who: str, what: str, expected: str, happened: str) -> None:
        moment = clock.now().astimezone(SHANGHAI).isoformat(timespec="seconds")
        line = Line(len(self.lines) + 1, moment, who, what, expected, happened, expected == happened)
        self.lines.append(line)
        self._log.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
        self._log.flush()

    # --- the company ----------------------------------------------------------------------------------------------

    def open(self, code: str, name: str, above: str | None = None) -> UUID:
        """Open a unit below another."""
        parent = self.units[above] if above else None
        self.units[code] = actions.open_unit(
            SYSTEM,
            code=code,
            name=name,
            parent_id=parent,
            opened_on=clock.today() - timedelta(days=2000),
            request_id=self.request(f"unit:{code}"),
            now=clock.now(),
        )
        return self.units[code]

    def employ(
        self, username: str, name: str, unit: str, post: str, hired_on: date, *, role: str = "", months: int = 3
    ) -> Actor:
        """Employ somebody with a contract, wages, an account, a confirmed e-mail address, and perhaps a role."""
        now = clock.now()
        if post not in self.posts:
            self.posts[post] = actions.open_post(SYSTEM, name=post, request_id=self.request(f"post:{post}"), now=now)
        made = actions.hire(
            SYSTEM,
            actions.NewPerson(name),
            actions.Engagement(
                f"S{len(self.cast) + 1:04d}", hired_on, self.units[unit], self.posts[post], None, months
            ),
            request_id=self.request(f"hire:{username}"),
            now=now,
        )
        end = hired_on.replace(year=hired_on.year + 3) - timedelta(days=1)
        actions.record_contract(
            SYSTEM,
            made.spell_id,
            actions.ContractTerms(ContractKind.FIXED_TERM, hired_on, end, hired_on, f"C-{username}"),
            request_id=self.request(f"contract:{username}"),
            now=now,
        )
        actions.record_wage(
            SYSTEM,
            made.spell_id,
            actions.WageTerms(Decimal(12000 + 100 * self.dice.randint(0, 60)), hired_on),
            request_id=self.request(f"wage:{username}"),
            now=now,
        )
        user_id = create_account(
            SYSTEM,
            username=username,
            display_name=name,
            password=PASSWORD,
            now=now,
            person_id=made.person_id,
            must_change_password=False,
        )
        if role:
            grant_role(SYSTEM, user_id=user_id, role=role, now=now)
        actor = Actor(username, name, made.person_id, made.spell_id)
        self.cast[username] = actor
        address = f"{username}@example.com"
        request = self.request(f"mail:{username}")
        actions.confirm_address(self.viewer(username), AddressKind.EMAIL, address, request_id=request, now=now)
        return actor

    def lead(self, username: str, unit: str, since: date) -> None:
        """Have somebody head a unit."""
        actions.set_unit_manager(
            SYSTEM,
            self.units[unit],
            self.cast[username].person_id,
            since,
            request_id=self.request(f"head:{unit}"),
            now=clock.now(),
        )

    def viewer(self, username: str) -> Viewer:
        """Return who looks when this account signs in now."""
        return queries.viewer_of(username, on=clock.today(), auth="password")


def _plain(value: Any) -> str:
    return str(value)
