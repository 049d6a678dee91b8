"""What lies outside our rows: ordered back by a job after the commit, on the case's page until somebody confirms it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.notify.actions import To, send
from guiyan.people.queries import NotFound, accounts_with
from guiyan.platform import queue
from guiyan.platform.acting import Forbidden, action, earlier_result, keep_result
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import Viewer
from guiyan.separation import flow, keeping
from guiyan.separation.actions.basis import facts_of, lock_case, noted, refuse, stale
from guiyan.separation.enums import EffectKind, EffectState
from guiyan.separation.hookspecs import system_for
from guiyan.separation.models import Case, OutsideEffect
from guiyan.separation.queries.rows import parties

JOB: Final = "separation.put_back"
TRIES_MAX: Final = 6
REPLY_MAX: Final = 300


def order(viewer: Viewer, case: Case, *, asked: bool, act: str, now: datetime) -> None:
    """Every outside effect is ordered back: a row that is shown until confirmed, and a job that may do it.

    ``asked`` says that steps of the process ask for them; who sees to one that no step asks for gets a message.
    """
    for kind in EffectKind:
        row = OutsideEffect.objects.create(case=case, kind=kind, ordered_at=now)
        _defer(viewer, case, row, act, now)
    untold = keeping.WITHOUT_STEP if asked else tuple(EffectKind)
    keepers = _keepers(case, {keeping.KEEPERS[kind] for kind in untold})
    _tell(viewer, case, "effects_ordered", keepers, now)


def _defer(viewer: Viewer, case: Case, row: OutsideEffect, act: str, now: datetime) -> None:
    noted(viewer, act, "effect.ordered", case, now=now, public={"effect": row.kind, "id": str(row.id)})
    if system_for(row.kind) is not None:
        queue.defer(JOB, lock=f"effect:{row.id}", effect_id=str(row.id))


@action("separation.settle_effect")
def settle_effect(
    viewer: Viewer, effect_id: UUID, *, done: bool, reply: str, again: bool = False, now: datetime
) -> bool:
    """A system outside has taken the order, or has not; what it said is shown. Returns whether it was still open.

    ``again``: the job tries once more by itself. Otherwise what did not succeed has failed, and whoever has to do it by
    hand is told.
    """
    case, row = _lock(viewer, "separation.settle_effect", effect_id, now)
    if row.state == EffectState.CONFIRMED:
        return False
    row.tries += 1
    row.reply = reply[:REPLY_MAX]
    if not done and again:
        row.save(update_fields=["tries", "reply"])
        return True
    _settle(viewer, case, row, done=done, act="separation.settle_effect", now=now)
    if not done:
        kind = EffectKind(row.kind)
        told = [*_keepers(case, {keeping.KEEPERS[kind]}), *parties(case.person_id, legal_day(now)).hr]
        _tell(viewer, case, "effect_failed", told, now, what=kind.label)
    return True


@action("separation.confirm_effect")
def confirm_effect(
    viewer: Viewer, effect_id: UUID, *, done: bool, reply: str = "", request_id: UUID, now: datetime
) -> None:
    """A named person states that the effect is back as it was, or that it could not be done yet and why (``reply``).

    The step of the process that stands for it is done with the last of its effects. Raises ``Forbidden`` for who does
    not see to this kind, ``Stale`` once it was confirmed, ``Refused`` (``reply_missing``) for a failure without a word.
    """
    case, row = _lock(viewer, "separation.confirm_effect", effect_id, now)
    if earlier_result(request_id, act="separation.confirm_effect", viewer=viewer, now=now) is not None:
        return
    _must_keep(viewer, case, row)
    if not done and not reply.strip():
        raise refuse("reply_missing", _("请写明为什么还没有恢复。"), case)
    row.reply = reply.strip()[:REPLY_MAX]
    row.settled_by = viewer.user_id
    _settle(viewer, case, row, done=done, act="separation.confirm_effect", now=now)
    keep_result(request_id, {})


@action("separation.confirm_effect")
def retry_effect(viewer: Viewer, effect_id: UUID, *, request_id: UUID, now: datetime) -> None:
    """The system outside is asked once more for an effect that failed.

    Raises ``Forbidden`` as ``confirm_effect`` does, ``Stale`` when it has not failed (any more), ``Refused``
    (``no_system``) where no system does it: a person does, and confirms.
    """
    case, row = _lock(viewer, "separation.confirm_effect", effect_id, now)
    if earlier_result(request_id, act="separation.confirm_effect", viewer=viewer, now=now) is not None:
        return
    _must_keep(viewer, case, row)
    if row.state != EffectState.FAILED:
        raise stale("effect_waiting", _("这一项已经在处理，请稍后再看。"), case)
    if system_for(row.kind) is None:
        raise refuse("no_system", _("这一项没有接通外部系统，请人工处理后确认。"), case)
    row.state, row.tries, row.reply, row.ordered_at = EffectState.ORDERED, 0, "", now
    row.settled_by = None
    row.save(update_fields=["state", "tries", "reply", "ordered_at", "settled_by"])
    _defer(viewer, case, row, "separation.confirm_effect", now)
    keep_result(request_id, {})


def _must_keep(viewer: Viewer, case: Case, row: OutsideEffect) -> None:
    if not keeping.may_confirm(viewer, row.kind):
        raise Forbidden("not_their_effect", _("这一项由其他部门确认。"), object_kind="case", object_id=case.id)
    if row.state == EffectState.CONFIRMED:
        raise stale("effect_confirmed", _("这一项已经确认。"), case)


def _lock(viewer: Viewer, act: str, effect_id: UUID, now: datetime) -> tuple[Case, OutsideEffect]:
    owner = OutsideEffect.objects.filter(pk=effect_id).values_list("case_id", flat=True).first()
    case = lock_case(viewer, act, owner or effect_id, now)
    row = OutsideEffect.objects.select_for_update(of=("self",)).filter(pk=effect_id).first()
    if row is None:
        raise NotFound(str(effect_id))
    return case, row


def _settle(viewer: Viewer, case: Case, row: OutsideEffect, *, done: bool, act: str, now: datetime) -> None:
    """Set the state, put it on the ledger, and close the step that stands for it once nothing of it is open."""
    row.state = EffectState.CONFIRMED if done else EffectState.FAILED
    row.settled_at = now if done else None
    row.failed_at = row.failed_at if done else now
    row.save(update_fields=["state", "tries", "reply", "settled_at", "settled_by", "failed_at"])
    public = {"effect": row.kind, "id": str(row.id)}
    kind = "effect.confirmed" if done else "effect.failed"
    noted(viewer, act, kind, case, now=now, public=public, committed={"note": row.reply})
    open_kinds = set(case.effects.exclude(state=EffectState.CONFIRMED).values_list("kind", flat=True))
    for node, kinds in keeping.STEPS.items():
        if row.kind in kinds and not open_kinds & set(kinds):
            flow.settle(viewer, case.id, flow.EXIT, node, now=now)


def _keepers(case: Case, roles: Iterable[str]) -> list[UUID]:
    """Return the accounts that hold one of the roles, never the employee's own."""
    holders = [each for role in sorted(roles) for each in accounts_with(role)]
    return [each.user_id for each in holders if each.person_id != case.person_id]


def _tell(viewer: Viewer, case: Case, kind: str, to: Iterable[UUID], now: datetime, **more: object) -> None:
    """Send a message that leads to the list of what lies outside."""
    addressees = [To(user_id=user_id) for user_id in to]
    link = f"/cases/{case.id}/#outside"
    facts = facts_of(case, **more)
    send(viewer, f"separation_{kind}", to=addressees, facts=facts, now=now, link=link, case=case.id)
