"""Undoing a load: what the batch made goes, what it changed is as before. Possible until somebody has built on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core import serializers
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guiyan.ledger.actions import record
from guiyan.people import sealing
from guiyan.people.actions.basis import because
from guiyan.people.actions.loading import lock_imports
from guiyan.people.enums import BatchState, RowEffect
from guiyan.people.events import StandingChanged
from guiyan.people.models import (
    Assignment,
    EmploymentSpell,
    ImportBatch,
    ImportedRow,
    Person,
    PersonChange,
    Unit,
    UnitManager,
)
from guiyan.people.queries.lookups import ActSince, acts_since
from guiyan.people.queries.standing import NotFound
from guiyan.platform import bus, crypto
from guiyan.platform.acting import Refused, Stale, action, earlier_result, keep_result, require
from guiyan.platform.permissions import Viewer

NAMED_MAX = 20
ROWS_AT_ONCE = 1000
ORDER = ("wage", "contractbrief", "assignment", "sensitivevalue", "employmentspell", "person", "post", "unit")
"""The tables of a batch, children first."""


class ActedSince(Refused):
    """A batch cannot be undone, because somebody acted on its people since. ``acts`` names them."""

    def __init__(self, acts: tuple[ActSince, ...], batch_id: UUID) -> None:
        names = "、".join(dict.fromkeys(act.person for act in acts[:NAMED_MAX]))
        super().__init__(
            "acted_since",
            _("导入之后，以下人员已有新的操作，不能整批撤回：%(names)s。") % {"names": names},
            object_kind="import",
            object_id=batch_id,
        )
        self.acts = acts


@action("people.reverse_import")
def reverse_import(viewer: Viewer, batch_id: UUID, *, reason: str, request_id: UUID, now: datetime) -> dict[str, int]:
    """The batch is undone: its people, spells and departments are gone, changed rows are as before. Returns counts.

    Raises ``ActedSince`` when somebody acted on its people or put others into its departments, ``Stale`` when it was
    undone already, ``NotFound`` for an unknown batch. The ledger keeps both the load and its undoing.
    """
    require(viewer, "people.reverse_import", object_kind="import", object_id=batch_id)
    lock_imports()
    before = earlier_result(request_id, act="people.reverse_import", viewer=viewer, now=now)
    if before is not None:
        return before
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(str(batch_id))
    if batch.state == BatchState.REVERSED:
        raise Stale("batch_is_reversed", _("这批导入已经撤回。"), object_kind="import", object_id=batch_id)
    if not reason.strip():
        raise Refused("reason_missing", _("请填写撤回的原因。"), object_kind="import", object_id=batch_id)
    rows = list(ImportedRow.objects.filter(batch=batch).order_by("id"))
    created = _by_table(row for row in rows if row.effect == RowEffect.CREATED)
    touched = sorted({row.person_id for row in rows if row.person_id})
    list(Person.objects.select_for_update().filter(pk__in=touched).order_by("pk").values_list("pk"))
    _refuse_when_built_on(batch, created, touched)
    _delete(created)
    changed = [row for row in rows if row.effect == RowEffect.CHANGED]
    _restore(changed)
    batch.state, batch.reversed_at, batch.reversed_by = BatchState.REVERSED, now, viewer.user_id
    batch.save(update_fields=["state", "reversed_at", "reversed_by"])
    kept = sorted({row.person_id for row in changed if row.person_id})
    PersonChange.objects.bulk_create(
        [PersonChange(person_id=each, act="people.reverse_import", user_id=viewer.user_id, at=now) for each in kept]
    )
    counts = {"deleted": sum(len(ids) for ids in created.values()), "restored": len(changed)}
    record(
        viewer,
        "import.reversed",
        now=now,
        public={"batch": str(batch_id), **counts},
        committed={"reason": because(reason)},
        subject=viewer.person_id or viewer.user_id or batch_id,
    )
    bus.publish(StandingChanged(None))
    keep_result(request_id, counts)
    return counts


def _by_table(rows: Iterable[ImportedRow]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for row in rows:
        found.setdefault(row.table, []).append(row.target_id)
    return found


def _refuse_when_built_on(batch: ImportBatch, created: dict[str, list[UUID]], people: list[UUID]) -> None:
    """Raise ``ActedSince`` naming who was acted on since, or who stands in or under what the batch made."""
    acts = list(acts_since(people, batch.last_change))
    new_people = created.get("person", [])
    places = Assignment.objects.exclude(spell__person_id__in=new_people).exclude(pk__in=created.get("assignment", []))
    places = places.exclude(spell_id__in=created.get("employmentspell", []))
    places = places.filter(
        Q(manager_id__in=new_people) | Q(unit_id__in=created.get("unit", [])) | Q(post_id__in=created.get("post", []))
    )
    changed = ImportedRow.objects.filter(batch=batch, effect=RowEffect.CHANGED, table="assignment")
    places = places.exclude(pk__in=changed.values("target_id"))
    others = places.values_list("spell__person_id", "spell__person__name").order_by("spell__person_id").distinct()
    acts += [ActSince(person_id, name, "people.transfer", None) for person_id, name in others]
    heads = UnitManager.objects.filter(Q(unit_id__in=created.get("unit", [])) | Q(person_id__in=new_people))
    acts += [
        ActSince(person_id, name, "people.set_unit_manager", None)
        for person_id, name in heads.values_list("person_id", "person__name")
    ]
    below = Unit.objects.filter(parent_id__in=created.get("unit", [])).exclude(pk__in=created.get("unit", []))
    acts += [ActSince(unit.id, unit.name, "people.open_unit", None) for unit in below]
    if acts:
        raise ActedSince(tuple(acts), batch.id)


def _delete(created: dict[str, list[UUID]]) -> None:
    """Delete what the batch made; children of people and spells go with them."""
    for table in ORDER:
        ids = created.get(table, [])
        rows = _model(table)._default_manager
        if table == "unit":  # the deepest first: a unit may not lose the one above it
            for unit in Unit.objects.filter(pk__in=ids).order_by("-path"):
                unit.delete()
            continue
        for start in range(0, len(ids), ROWS_AT_ONCE):
            rows.filter(pk__in=ids[start : start + ROWS_AT_ONCE]).delete()


def _restore(changed: list[ImportedRow]) -> None:
    """Put changed rows back as they were; rows that were the newest spell only after others were demoted."""
    keys = crypto.subject_keys([row.person_id for row in changed if row.person_id], sealing.CONTRACT)
    found: list[Any] = []
    for row in changed:
        assert row.person_id is not None
        assert row.sealed_before is not None
        text = crypto.unseal(keys[row.person_id], bytes(row.sealed_before), where=row.where).decode()
        found += [item.object for item in serializers.deserialize("json", text)]
    found.sort(key=lambda item: isinstance(item, EmploymentSpell) and item.latest)
    for item in found:
        item._state.adding = False  # it is there: to be changed, not made
        item.save()


def _model(table: str) -> Any:
    return apps.get_model("people", table)
