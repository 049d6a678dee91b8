"""A company with every role, for processes: who is asked, who is away, who is not asked at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection

from guiyan.ledger.queries import tag_of
from guiyan.people import actions as people
from guiyan.people.queries import viewer_for
from guiyan.platform.acting import action
from guiyan.platform.ids import new_id
from guiyan.platform.models import RoleGrant, User
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.process import actions
from guiyan.process.models import Instance, Task
from tests.people.world import hire, unit

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
LAST_DAY = date(2026, 12, 23)


@dataclass(frozen=True)
class World:
    """Viewers by name. ``zhou`` resigns, ``chen`` heads the team, the others hold the role they are named for."""

    zhou: Viewer
    chen: Viewer
    wu: Viewer
    hr: Viewer
    hr2: Viewer
    lead: Viewer
    legal: Viewer
    it: Viewer
    finance: Viewer
    facilities: Viewer
    other: Viewer
    team: UUID
    post: UUID

    def person(self, viewer: Viewer) -> UUID:
        assert viewer.person_id is not None
        return viewer.person_id


def account(name: str, now: datetime, person_id: UUID | None = None, *, role: str = "", email: str = "") -> Viewer:
    """Make an account by its row, because an action would hash a password each time."""
    user = User.objects.create(
        username=name,
        display_name=name,
        email=email,
        person_id=person_id,
        created_at=now,
        password=f"{UNUSABLE_PASSWORD_PREFIX}none",
    )
    if role:
        RoleGrant.objects.create(user=user, role=role, granted_at=now)
    return viewer_for(user, on=now.date(), auth="password")


def build(now: datetime = MONDAY) -> World:
    """Make the company."""
    company = unit("CO", "示例公司", None, now)
    team = unit("TEAM", "客户成功部", company, now)
    post = people.open_post(SYSTEM, name="客户成功经理", family="客户", request_id=new_id(), now=now)
    zhou, chen, wu = (
        hire(name, number, where, post, now)
        for name, number, where in (("周雨桐", "P001", team), ("陈立衡", "P002", team), ("吴安", "P003", company))
    )
    people.set_unit_manager(SYSTEM, team, chen.person_id, date(2022, 3, 1), request_id=new_id(), now=now)
    return World(
        zhou=account("zhou", now, zhou.person_id),
        chen=account("chen", now, chen.person_id),
        wu=account("wu", now, wu.person_id),
        hr=account("hr-one", now, role="hr"),
        hr2=account("hr-two", now, role="hr"),
        lead=account("lead", now, role="hr_lead"),
        legal=account("legal", now, role="legal"),
        it=account("it", now, role="it"),
        finance=account("finance", now, role="finance"),
        facilities=account("facilities", now, role="facilities"),
        other=account("other", now),
        team=team,
        post=post,
    )


@action("test.start")
def start(viewer: Viewer, key: str = "resignation", *, now: datetime, **more: Any) -> UUID:
    """Start a process as a context's action would."""
    facts: dict[str, Any] = {
        "case_kind": "separation.case",
        "case_id": new_id(),
        "subject_person_id": viewer.person_id,
        "anchors": actions.Anchors(arrival=now, last_day=LAST_DAY),
        "title": "周雨桐的辞职",
    }
    return actions.start(viewer, key, now=now, **{**facts, **more})


@action("test.complete")
def complete(
    viewer: Viewer, task_id: UUID, *, now: datetime, answers: Mapping[str, Any] | None = None
) -> actions.Moved:
    """Do a task as a context's action would."""
    return actions.complete_task(viewer, task_id, answers=answers, now=now)


@action("test.receive")
def receive(viewer: Viewer, instance_id: UUID, message: str, *, now: datetime) -> actions.Moved:
    """Bring a message as a context's action would."""
    return actions.receive(viewer, instance_id, message, now=now)


@action("test.set_anchor")
def set_anchor(viewer: Viewer, instance_id: UUID, *, last_day: date, now: datetime) -> int:
    """Set the last day as a context's action would."""
    return actions.set_anchor(viewer, instance_id, last_day=last_day, now=now)


def task(instance_id: UUID, node: str) -> Task:
    """Return the newest task of a step."""
    return Task.objects.filter(instance_id=instance_id, node=node).order_by("-number")[0]


def case_of(instance_id: UUID) -> UUID:
    """Return the case of an instance."""
    return Instance.objects.values_list("case_id", flat=True).get(pk=instance_id)


def entries(case_id: UUID) -> list[dict[str, Any]]:
    """Return the entries of a case on the ledger, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT convert_from(entry, 'UTF8') FROM ledger_entry WHERE tag = %s ORDER BY id", [tag_of(case_id)]
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


_COUNTED = (
    "process_instance", "process_task", "process_taskcandidate", "process_trailline", "process_copy",
    "process_delegation", "process_processversion", "platform_deadline", "platform_requestseen", "notify_message",
    "ledger_entry", "platform_refusal",
)  # fmt: skip


def row_counts() -> dict[str, int]:
    """Return how many rows each table holds that a process could touch. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in _COUNTED))
        return dict(zip(_COUNTED, cursor.fetchone(), strict=True))


REFUSED = {"ledger_entry": 1, "platform_refusal": 1}
"""What a refusal leaves: its own record, and nothing else."""


def grown(before: dict[str, int]) -> dict[str, int]:
    """Return the tables whose number of rows changed since, and by how many."""
    after = row_counts()
    return {table: after[table] - before[table] for table in before if after[table] != before[table]}


def asked(row: Task) -> set[tuple[UUID | None, UUID | None]]:
    """Return whom a task asks, as pairs of account and person."""
    live = row.candidates.filter(removed_at__isnull=True)
    return set(live.values_list("user_id", "person_id"))


def pairs(*viewers: Viewer) -> set[tuple[UUID | None, UUID | None]]:
    """Return viewers as ``asked`` gives them."""
    return {(viewer.user_id, viewer.person_id) for viewer in viewers}


@action("test.copy")
def copy_to(viewer: Viewer, instance_id: UUID, *to: Viewer, now: datetime) -> int:
    """Copy an instance as a context's action would."""
    return actions.copy_to(viewer, instance_id, [actions.Party(each.user_id, each.person_id) for each in to], now=now)
