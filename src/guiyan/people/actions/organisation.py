"""The organisation: units open and close, posts are added, heads are named."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guiyan.ledger.actions import record
from guiyan.people import names
from guiyan.people.actions.basis import refuse, touch
from guiyan.people.events import StandingChanged
from guiyan.people.models import PATH_MAX, Assignment, EmploymentSpell, Post, Unit, UnitManager
from guiyan.people.queries.standing import NotFound
from guiyan.platform import bus
from guiyan.platform.acting import Refused, action, earlier_result, keep_result, require
from guiyan.platform.permissions import Viewer

DAY = timedelta(days=1)
CODE = re.compile(r"[A-Za-z0-9_\-]{1,40}")


@action("people.open_unit")
def open_unit(
    viewer: Viewer,
    *,
    code: str,
    name: str,
    parent_id: UUID | None,
    opened_on: date,
    request_id: UUID,
    now: datetime,
) -> UUID:
    """The organisation has one more unit. Raises ``Refused`` for a code or a name (under one parent) that is taken."""
    require(viewer, "people.open_unit", object_kind="unit")
    parent = _locked_unit(parent_id) if parent_id else None
    before = earlier_result(request_id, act="people.open_unit", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["unit"])
    unit = new_unit(code, name, parent, opened_on)
    unit.save(force_insert=True)
    _proved(viewer, unit, "opened", now)
    keep_result(request_id, {"unit": str(unit.id)})
    return unit.id


def new_unit(code: str, name: str, parent: Unit | None, opened_on: date) -> Unit:
    """Return a unit's row, not saved. Raises ``Refused`` when it cannot be."""
    if not CODE.fullmatch(code):
        raise Refused("unit_code_invalid", _("部门编码只能用字母、数字、连字符和下划线。"), object_kind="unit")
    if Unit.objects.filter(Q(code=code) | Q(parent=parent, name=name.strip(), closed_on__isnull=True)).exists():
        raise Refused("unit_taken", _("同级已有同名部门，或编码已被使用。"), object_kind="unit")
    path = f"{parent.path if parent else ''}{code}/"
    if len(path) > PATH_MAX:
        raise Refused("unit_too_deep", _("部门层级太深。"), object_kind="unit")
    clean = name.strip()
    return Unit(code=code, name=clean, name_key=names.sort_key(clean), parent=parent, path=path, opened_on=opened_on)


@action("people.close_unit")
def close_unit(viewer: Viewer, unit_id: UUID, closed_on: date, *, request_id: UUID, now: datetime) -> None:
    """The unit is closed after its last day. Raises ``Refused`` while people or open units are in it on that day."""
    require(viewer, "people.close_unit", object_kind="unit", object_id=unit_id)
    unit = _locked_unit(unit_id)
    if earlier_result(request_id, act="people.close_unit", viewer=viewer, now=now) is not None:
        return
    below = Unit.objects.filter(parent=unit).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=closed_on))
    staying = Assignment.objects.filter(unit=unit, spell__ended_on__isnull=True)
    if below.exists() or staying.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=closed_on)).exists():
        raise Refused("unit_in_use", _("部门里还有人员或下级部门，不能撤销。"), object_kind="unit", object_id=unit_id)
    if closed_on < unit.opened_on:
        raise Refused("closed_before_opened", _("撤销日不能早于设立日。"), object_kind="unit", object_id=unit_id)
    unit.closed_on = closed_on
    unit.save(update_fields=["closed_on"])
    _proved(viewer, unit, "closed", now)
    keep_result(request_id, {})


@action("people.open_post")
def open_post(viewer: Viewer, *, name: str, family: str = "", request_id: UUID, now: datetime) -> UUID:
    """The catalogue has one more post. Raises ``Refused`` for a name that is there."""
    require(viewer, "people.open_post", object_kind="post")
    before = earlier_result(request_id, act="people.open_post", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["post"])
    clean = name.strip()
    if not clean or Post.objects.filter(name=clean).exists():
        raise Refused("post_taken", _("岗位名称为空，或已经有了。"), object_kind="post")
    post = Post.objects.create(name=clean, name_key=names.sort_key(clean), family=family.strip())
    record(viewer, "unit.changed", now=now, public={"post": str(post.id), "change": "post_added"})
    keep_result(request_id, {"post": str(post.id)})
    return post.id


@action("people.set_unit_manager")
def set_unit_manager(
    viewer: Viewer, unit_id: UUID, person_id: UUID | None, from_on: date, *, request_id: UUID, now: datetime
) -> None:
    """From the day on the person heads the unit (None: nobody does). On the same day it replaces who was named.

    Raises ``Refused`` for somebody who is not employed, or a day before the present head began.
    """
    require(viewer, "people.set_unit_manager", object_kind="unit", object_id=unit_id)
    unit = _locked_unit(unit_id)
    if earlier_result(request_id, act="people.set_unit_manager", viewer=viewer, now=now) is not None:
        return
    if (
        person_id is not None
        and not EmploymentSpell.objects.filter(
            person_id=person_id, ended_on__isnull=True, hired_on__lte=from_on
        ).exists()
    ):
        raise refuse("manager_not_employed", _("所选的负责人当天不在职。"), person_id)
    present = UnitManager.objects.filter(unit=unit, valid_to__isnull=True).first()
    if present is not None and from_on < present.valid_from:
        raise refuse("head_too_early", _("生效日不能早于现任负责人的任职日。"), person_id)
    if present is not None and present.valid_from == from_on:
        present.delete()
    elif present is not None:
        present.valid_to = from_on - DAY
        present.save(update_fields=["valid_to"])
    if person_id is not None:
        UnitManager.objects.create(unit=unit, person_id=person_id, valid_from=from_on)
        touch(viewer, person_id, "people.set_unit_manager", now=now)
    public = {"unit": str(unit.id), "change": "head", "from_on": from_on.isoformat()}
    record(
        viewer,
        "unit.changed",
        now=now,
        public=public,
        committed={"head": str(person_id)} if person_id else {},
        subject=person_id,
    )
    bus.publish(StandingChanged(None))
    keep_result(request_id, {})


def _locked_unit(unit_id: UUID) -> Unit:
    unit = Unit.objects.select_for_update().filter(pk=unit_id).first()
    if unit is None:
        raise NotFound(str(unit_id))
    return unit


def _proved(viewer: Viewer, unit: Unit, change: str, now: datetime) -> None:
    record(viewer, "unit.changed", now=now, public={"unit": str(unit.id), "change": change})
