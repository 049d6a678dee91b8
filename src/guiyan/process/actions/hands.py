"""Who has a task in hand: taking it, giving it back, handing it to somebody else, and standing in while away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guiyan.ledger.actions import record
from guiyan.people.queries import NotFound, PersonRef
from guiyan.platform.acting import Forbidden, Refused, action, earlier_result, keep_result, require
from guiyan.platform.clock import legal_day
from guiyan.platform.models import User
from guiyan.platform.permissions import SYSTEM, Viewer, allowed
from guiyan.process import roles
from guiyan.process.actions.following import REASSIGN, ask_anew, tell_assigned
from guiyan.process.actions.moves import COMPLETE, lock_task, put_before, refuse_claimed, refuse_closed
from guiyan.process.enums import Fallback, How, What
from guiyan.process.models import Delegation, Instance, Task
from guiyan.process.parties import Party, account_of, acts_as
from guiyan.process.queries.names import names_of
from guiyan.process.queries.standing import standing_of
from guiyan.process.roles import EMPLOYEE
from guiyan.process.trail import note, of_task, prove
from guiyan.process.waiting import giving_way

REASON_MAX: Final = 500
DELEGATION_DAYS_MAX: Final = 366
DELEGATE = "process.delegate"


@action("process.claim")
@giving_way()
def claim(viewer: Viewer, task_id: UUID, *, now: datetime) -> None:
    """The viewer has the task in hand; the others it asks see so and may not do it meanwhile.

    Raises ``Forbidden`` (``not_candidate``), or ``Stale`` as ``complete_task`` does.
    """
    instance, task = _mine(viewer, task_id, now)
    refuse_claimed(viewer, task)
    if task.claimed_by is None:
        task.claimed_by = viewer.user_id
        task.save(update_fields=["claimed_by"])
        note(viewer, instance, What.CLAIMED, now=now, task=task)


@action("process.release")
@giving_way()
def release(viewer: Viewer, task_id: UUID, *, now: datetime) -> None:
    """The task is free again for everybody it asks: whoever has its role by now. Raises as ``claim`` does."""
    instance, task = _mine(viewer, task_id, now)
    refuse_claimed(viewer, task)
    if task.claimed_by is not None:
        task.claimed_by = None
        task.save(update_fields=["claimed_by"])
        note(viewer, instance, What.RELEASED, now=now, task=task)
        ask_anew(SYSTEM, instance, task, now=now)


@action("process.hand_over")
@giving_way()
def reassign(viewer: Viewer, task_id: UUID, *, to_user_id: UUID, reason: str, request_id: UUID, now: datetime) -> None:
    """A task asks another account instead of those it asked before; the new one is told, the reason is on record.

    May be done by those it asks and by HR. HR may not take another's task for itself so; what an employee has to do
    cannot be handed to anybody; a task of a granted role goes to those only who hold it; nobody gets a task about
    themselves. Raises ``Forbidden`` or ``Refused`` for these, ``Stale`` when the task is not open.
    """
    if earlier_result(request_id, act="process.hand_over", viewer=viewer, now=now) is not None:
        return
    instance, task = lock_task(task_id)
    standing = standing_of(viewer, task, instance, legal_day(now))
    asked = standing is not None and allowed(viewer, COMPLETE)
    if not asked:
        subject = PersonRef(instance.subject_person_id, legal_day(now)) if instance.subject_person_id else None
        require(viewer, REASSIGN, subject, object_kind="task", object_id=task_id)
    refuse_closed(viewer, task)
    to = _fit(viewer, instance, task, to_user_id, asked=asked)
    if not reason.strip():
        raise _refused("reason_missing", _("请写明转交的原因。"), task)
    task.candidates.filter(removed_at__isnull=True).update(removed_at=now)
    put_before(task, (to,), How.ASSIGNED, now)
    task.claimed_by, task.fallback = None, Fallback.NONE.value
    task.save(update_fields=["claimed_by", "fallback"])
    words = reason.strip()[:REASON_MAX]
    away = standing.away if standing else None
    note(viewer, instance, What.REASSIGNED, now=now, task=task, words=words, standing_in_for=away)
    said = {"to": f"转交给：{names_of([to])[to]}", "reason": f"事由：{words}"}
    public = {**of_task(task), "how": How.ASSIGNED.value, "to": 1}
    prove(viewer, "task.assigned", instance, now=now, public=public, committed=said)
    if not acts_as(viewer, to):
        tell_assigned(task, instance, (to,), now)
    keep_result(request_id, {})


def _mine(viewer: Viewer, task_id: UUID, now: datetime) -> tuple[Instance, Task]:
    instance, task = lock_task(task_id)
    if standing_of(viewer, task, instance, legal_day(now)) is None or not allowed(viewer, COMPLETE):
        raise Forbidden("not_candidate", _("这项任务没有交给您办理。"), object_kind="task", object_id=task_id)
    refuse_closed(viewer, task)
    return instance, task


def _fit(viewer: Viewer, instance: Instance, task: Task, to_user_id: UUID, *, asked: bool) -> Party:
    """Return whom the task goes to, or raise ``Refused`` when it may not go there."""
    if task.role == EMPLOYEE:
        raise _refused("task_is_personal", _("这项任务只能由本人办理，不能转交。"), task)
    to = account_of(to_user_id)
    if to is None:
        raise _refused("nobody_there", _("没有这个账号，或者账号已停用。"), task)
    if instance.subject_person_id is not None and to.person_id == instance.subject_person_id:
        raise _refused("about_themselves", _("不能请本人办理关于自己的任务。"), task)
    if not asked and to.user_id == viewer.user_id:
        raise _refused("not_to_oneself", _("不能把别人的任务转交给自己。"), task)
    if not roles.may_hold(task.role, to):
        raise _refused("role_missing", _("对方没有办理这项任务所需的角色。"), task)
    return to


def _refused(rule: str, text: str | Promise, task: Task) -> Refused:
    return Refused(rule, text, object_kind="task", object_id=task.pk)


# --- away -------------------------------------------------------------------------------------------------------------


@action("process.delegate")
def delegate(
    viewer: Viewer, *, to_user_id: UUID, first_day: date, last_day: date, request_id: UUID, now: datetime
) -> UUID:
    """While the viewer is away, from one civil day to another, their tasks are put before the delegate as well.

    What is only theirs to do is not, nor what is about the delegate; a delegate's own delegate is not asked. Returns
    the delegation's id. Raises ``Refused`` for days in the past, too many of them, or days that are delegated already.
    """
    require(viewer, DELEGATE)
    if viewer.user_id is None:
        raise Refused("nobody_there", _("只有账号本人可以委托他人。"))
    before = earlier_result(request_id, act="process.delegate", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["id"])
    User.objects.select_for_update().get(pk=viewer.user_id)
    to = account_of(to_user_id)
    if to is None or acts_as(viewer, to):
        raise Refused(
            "nobody_there", _("请选择一位同事，其账号须在使用中。"), object_kind="account", object_id=to_user_id
        )
    if last_day < first_day or last_day < legal_day(now):
        raise Refused("days_not_in_order", _("请填写今天以后的日期，结束日不早于开始日。"))
    if (last_day - first_day).days >= DELEGATION_DAYS_MAX:
        raise Refused("delegation_too_long", _("一次委托最长一年。"))
    own = Delegation.objects.filter(from_user=viewer.user_id, ended_at__isnull=True)
    if own.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        raise Refused("delegation_overlaps", _("这段时间您已经委托了同事，请先结束原来的委托。"))
    made = Delegation.objects.create(
        from_user=viewer.user_id,
        from_person=viewer.person_id,
        to_user=to_user_id,
        to_person=to.person_id,
        first_day=first_day,
        last_day=last_day,
        made_at=now,
    )
    public = {"delegation": str(made.pk), "first": first_day.isoformat(), "last": last_day.isoformat(), "state": "set"}
    record(viewer, "task.delegated", now=now, public=public, committed={"to": f"委托给：{names_of([to])[to]}"})
    keep_result(request_id, {"id": str(made.pk)})
    return made.pk


@action("process.end_delegation")
def end_delegation(viewer: Viewer, delegation_id: UUID, *, now: datetime) -> None:
    """The viewer's own delegation is over at once. Raises ``NotFound`` for another's."""
    require(viewer, DELEGATE)
    row = Delegation.objects.select_for_update().filter(pk=delegation_id).first()
    if row is None or row.from_user != viewer.user_id:
        raise NotFound(str(delegation_id))
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        public = {"delegation": str(row.pk), "state": "ended"}
        record(viewer, "task.delegated", now=now, public=public)
