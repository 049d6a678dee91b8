"""Loading a roster: what a plan of the import bench says becomes true, all of it or nothing.

The plan was made against what was stored then. Whatever has changed since in what the plan rests on makes it outdated:
it is refused and made again, so that a file loaded twice, or by two people at once, adds nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.models import Max

from guiyan.ledger.actions import record, record_many
from guiyan.people.actions.drafting import Draft, draft_of, outdated
from guiyan.people.events import StandingChanged
from guiyan.people.importing import Plan
from guiyan.people.models import ImportBatch, ImportedRow, PersonChange
from guiyan.platform import bus
from guiyan.platform.acting import action, earlier_result, keep_result, require, savepoint
from guiyan.platform.permissions import Viewer

BATCH_ROWS = 1000
Progress = Callable[[int, int], None]
"""Called with (rows written, rows in all), now and then and once at the end."""


def _quiet(_done: int, _total: int) -> None:
    return None


@action("people.load_import")
def load_import(viewer: Viewer, plan: Plan, *, request_id: UUID, now: datetime, progress: Progress = _quiet) -> UUID:
    """The people, spells, departments and links of the plan's accepted rows are on file, as one batch. Returns it.

    A plan that changes nothing makes a batch that brought nothing. One ledger entry for the batch and one for each
    person. Raises ``Stale`` when what the plan rests on has changed.
    """
    require(viewer, "people.load_import", object_kind="import")
    lock_imports()
    before = earlier_result(request_id, act="people.load_import", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["batch"])
    try:
        with savepoint():
            batch = _load(viewer, plan, _counts(plan), now, progress)
    except IntegrityError as error:
        raise outdated() from error
    keep_result(request_id, {"batch": str(batch.id)})
    return batch.id


def lock_imports() -> None:
    """Let one load or undoing of a load run at a time in this tenant; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':people.load_import'))")


def _counts(plan: Plan) -> dict[str, int]:
    found = {
        f"{kind}_{status}": sum(item.status == status for item in rows)
        for kind, rows in (("people", plan.people), ("spells", plan.spells), ("departments", plan.departments))
        for status in ("new", "update")
    }
    return {**found, "rows": plan.reconciliation.accepted, "refused": plan.reconciliation.refused}


def _load(viewer: Viewer, plan: Plan, counts: dict[str, int], now: datetime, progress: Progress) -> ImportBatch:
    batch = ImportBatch(
        filename=plan.filename[:200],
        file_sha256=plan.file_sha256,
        loaded_at=now,
        loaded_by=viewer.user_id,
        counts=counts,
    )
    draft = Draft() if plan.changes_nothing else draft_of(plan, batch.id, now)
    batch.save(force_insert=True)
    _write(draft, progress)
    PersonChange.objects.bulk_create(
        [
            PersonChange(person_id=each, act="people.load_import", user_id=viewer.user_id, at=now)
            for each in sorted(draft.owners)
        ],
        batch_size=BATCH_ROWS,
    )
    ImportedRow.objects.bulk_create([*draft.made, *draft.befores], batch_size=BATCH_ROWS)
    batch.last_change = PersonChange.objects.aggregate(last=Max("id"))["last"] or 0
    batch.save(update_fields=["last_change"])
    record(
        viewer,
        "import.loaded",
        now=now,
        public={"batch": str(batch.id), "file_sha256": batch.file_sha256, **counts},
    )
    record_many(viewer, draft.events, now=now)
    if not plan.changes_nothing:
        bus.publish(StandingChanged(None))
    return batch


def _write(draft: Draft, progress: Progress) -> None:
    """Write the rows: first the changed ones, which make room, then the new ones, parents first."""
    steps = draft.steps()
    total = sum(len(rows) for _model, rows in steps) + len(draft.changed)
    done = len(draft.changed)
    for row in draft.changed:
        row.save()
    for model, rows in steps:
        for start in range(0, len(rows), BATCH_ROWS):
            part = rows[start : start + BATCH_ROWS]
            model._default_manager.bulk_create(part)
            done += len(part)
            progress(done, total)
    progress(total, total)
