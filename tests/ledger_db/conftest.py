"""A committed, signed log that crosses a tile's edge, and an administrator who may do everything and is rolled back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from guiyan.ledger import actions
from guiyan.platform import acting, clock, database
from guiyan.platform.permissions import Held, Viewer

ENTRIES = 300
CASE_STEPS = 6


@dataclass(frozen=True)
class Signed:
    """A tenant with ``ENTRIES`` signed entries; the entries of ``case`` come last, at the indices ``steps``."""

    tenant: str
    case: UUID
    steps: range


def viewer_of(role: str = "hr", auth: str = "password+totp") -> Viewer:
    return Viewer(user_id=uuid4(), person_id=uuid4(), name="王芳", held=(Held(role),), auth=auth)


@acting.action("test.record")
def record(viewer: Viewer, type_: str = "comment.made", **facts: Any) -> actions.EntryRef:
    return actions.record(viewer, type_, **facts)


@acting.action("test.record_many")
def record_many(viewer: Viewer, events: list[actions.Event], now: Any) -> list[actions.EntryRef]:
    return actions.record_many(viewer, events, now=now)


@pytest.fixture(scope="session")
def signed(installation: Path, django_db_blocker: Any) -> Iterator[Signed]:
    """A tenant whose log was signed in three batches."""
    from guiyan.ledger import sequencer
    from guiyan.platform import tenancy
    from guiyan.platform.ids import new_id
    from guiyan.platform.tenancy import provision

    code, case, viewer = f"s{new_id().hex[-12:]}", uuid4(), viewer_of()
    with django_db_blocker.unblock():
        made = provision.create_tenant(code, "证据公司", now=clock.wall(), hosts=[f"{code}.localhost"])
        with tenancy.session(made):
            record_many(viewer, [actions.Event("fact.recorded", public={"n": n}) for n in range(270)], clock.now())
            sequencer.run_once()
            rest = ENTRIES - 270 - CASE_STEPS
            record_many(viewer, [actions.Event("wage.recorded", public={"n": n}) for n in range(rest)], clock.now())
            sequencer.run_once()
            for kind in ("case.opened", *["comment.made"] * (CASE_STEPS - 2), "case.closed"):
                record(viewer, kind, now=clock.now(), case=case)
            sequencer.run_once()
        yield Signed(code, case, range(ENTRIES - CASE_STEPS, ENTRIES))


LOG_TABLES = ("ledger_log", "ledger_entry", "ledger_pending", "ledger_seq", "ledger_tile", "ledger_checkpoint")
OTHER_TABLES = (
    "ledger_casehead",
    "ledger_pseudonym",
    "ledger_committedvalue",
    "ledger_receipt",
    "ledger_packrequest",
    "platform_refusal",
)


@pytest.fixture(scope="session")
def reusable(installation: Path, django_db_blocker: Any) -> Any:
    """The tenant that ``fresh`` empties before each test."""
    from guiyan.platform.ids import new_id
    from guiyan.platform.tenancy import provision

    code = f"f{new_id().hex[-12:]}"
    with django_db_blocker.unblock():
        return provision.create_tenant(code, "新公司", now=clock.wall(), hosts=[f"{code}.localhost"])


@pytest.fixture
def fresh(reusable: Any, django_db_blocker: Any) -> Iterator[Any]:
    """A tenant with an empty log whose transactions really commit; quicker than making a new one."""
    from guiyan.ledger import keys, outside
    from guiyan.platform import tenancy

    code = reusable.schema_name
    file = keys.path(code)
    key = file.read_text(encoding="utf-8")
    with psycopg.connect(**database.admin()) as conn:
        conn.execute("SET event_triggers = off")
        for table in LOG_TABLES:
            conn.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER ALL").format(sql.Identifier(code, table)))
        names = [sql.Identifier(code, table) for table in (*LOG_TABLES[1:], *OTHER_TABLES)]
        conn.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(names)))
        conn.execute(sql.SQL("DELETE FROM {} WHERE epoch > 1").format(sql.Identifier(code, LOG_TABLES[0])))
        for table in LOG_TABLES:
            for trigger in ("no_ud", "no_tr"):
                conn.execute(
                    sql.SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}").format(
                        sql.Identifier(code, table), sql.Identifier(trigger)
                    )
                )
    shutil.rmtree(outside.folder(code), ignore_errors=True)
    with django_db_blocker.unblock(), tenancy.session(reusable):
        yield reusable
    keys.write_private(file, f"{key.splitlines()[0]}\n".encode())


@pytest.fixture
def administrator(installation: Path) -> Iterator[psycopg.Connection[Any]]:
    """The cluster's superuser with every guard switched off; what it does is rolled back after the test."""
    with psycopg.connect(**database.admin()) as conn:
        conn.execute("SET event_triggers = off")
        try:
            yield conn
        finally:
            conn.rollback()
