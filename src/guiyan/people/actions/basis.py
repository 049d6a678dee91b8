"""What every action on people begins and ends with: lock the person, check the right, note that somebody acted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.ledger.actions import record
from guiyan.people.models import EmploymentSpell, Person, PersonChange
from guiyan.people.queries.standing import NotFound, PersonRef
from guiyan.platform.acting import Refused, require
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import Viewer

Public = Mapping[str, str | int | bool | None]


def lock_person(viewer: Viewer, act: str, person_id: UUID, now: datetime) -> Person:
    """Lock a person's row and return it.

    Raises ``Forbidden`` when ``viewer`` may not do ``act`` to them (for whom it is allowed to some people only, an
    unknown id is forbidden too), ``NotFound`` when there is nobody of this id.
    """
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    require(viewer, act, PersonRef(person_id, legal_day(now)), object_kind="person", object_id=person_id)
    if person is None:
        raise NotFound(str(person_id))
    return person


def lock_spell(viewer: Viewer, act: str, spell_id: UUID, now: datetime) -> EmploymentSpell:
    """Lock the person of a spell and return the spell as it is then. Raises as ``lock_person`` does."""
    owner = EmploymentSpell.objects.filter(pk=spell_id).values_list("person_id", flat=True).first()
    lock_person(viewer, act, owner or spell_id, now)
    return EmploymentSpell.objects.select_related("person").get(pk=spell_id)


def open_spell(person: Person) -> EmploymentSpell:
    """Return the open spell of a locked person. Raises ``Refused`` when there is none."""
    spell = EmploymentSpell.objects.filter(person=person, ended_on__isnull=True).first()
    if spell is None:
        raise Refused("no_open_spell", _("此人没有进行中的劳动关系。"), object_kind="person", object_id=person.id)
    return spell


def refuse(rule: str, text: object, person_id: UUID | None = None) -> Refused:
    """Return a refusal about a person, ready to be raised."""
    return Refused(rule, text, object_kind="person" if person_id else "", object_id=person_id or "")  # type: ignore[arg-type]


def because(reason: str) -> str:
    """Return a reason as the ledger commits to it; empty for none.

    What people write may happen to be one of the codes that stand in the open beside it; with the word before it, it
    never is, and the ledger need not refuse it.
    """
    return f"事由：{reason.strip()}" if reason.strip() else ""


def noted(
    viewer: Viewer,
    act: str,
    kind: str,
    person_id: UUID,
    *,
    now: datetime,
    public: Public | None = None,
    committed: Mapping[str, str] | None = None,
    retention: str = "contract",
) -> None:
    """The act is on the person's record and on the ledger; empty ``committed`` values are left out."""
    touch(viewer, person_id, act, now=now)
    record(
        viewer,
        kind,
        now=now,
        public=public,
        committed={name: value for name, value in (committed or {}).items() if value},
        subject=person_id,
        retention=retention,
    )


def touch(viewer: Viewer, person_id: UUID, act: str, *, now: datetime) -> None:
    """Somebody acted about this person: a batch that brought them can no longer be undone silently.

    Called by every action that builds on a person's rows, in whatever context, inside its transaction.
    """
    PersonChange.objects.create(person_id=person_id, act=act, user_id=viewer.user_id, at=now)
