"""What lies outside our rows: ordered back by a job after the commit, on the case's page until somebody confirms it."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.people.queries import NotFound
from guiyan.platform import queue
from guiyan.platform.acting import Forbidden, action, earlier_result, keep_result
from guiyan.platform.permissions import Viewer
from guiyan.separation.actions.basis import lock_case, noted, stale
from guiyan.separation.enums import EffectKind, EffectState
from guiyan.separation.hookspecs import system_for
from guiyan.separation.models import Case, OutsideEffect

JOB: Final = "separation.put_back"
ANYWAY: Final = frozenset({"hr", "hr_lead"})
KEEPERS: Final = {
    EffectKind.MAIL_ACCOUNT: "it",
    EffectKind.ACCESS_CARD: "facilities",
    EffectKind.SOCIAL_INSURANCE: "hr",
    EffectKind.PAYROLL: "finance",
}
"""Which role sees to an effect; HR may confirm all of them."""


def order(viewer: Viewer, case: Case, *, act: str, now: datetime) -> None:
    """Every outside effect is ordered back: a row that is shown until confirmed, and a job that may do it."""
    for kind in EffectKind:
        row = OutsideEffect.objects.create(case=case, kind=kind, ordered_at=now)
        noted(viewer, act, "effect.ordered", case, now=now, public={"effect": str(kind), "id": str(row.id)})
        if system_for(kind) is not None:
            queue.defer(JOB, lock=f"effect:{row.id}", effect_id=str(row.id))


@action("separation.settle_effect")
def settle_effect(viewer: Viewer, effect_id: UUID, *, done: bool, reply: str, now: datetime) -> bool:
    """A system outside has taken the order, or has not; what it said is shown. Returns whether it was still open."""
    case, row = _lock(viewer, "separation.settle_effect", effect_id, now)
    if row.state == EffectState.CONFIRMED:
        return False
    row.tries += 1
    row.reply = reply[:300]
    row.state = EffectState.CONFIRMED if done else EffectState.FAILED
    row.settled_at = now if done else None
    row.save(update_fields=["tries", "reply", "state", "settled_at"])
    _note(viewer, case, row, "separation.settle_effect", now)
    return True


@action("separation.confirm_effect")
def confirm_effect(
    viewer: Viewer, effect_id: UUID, *, done: bool, reply: str = "", request_id: UUID, now: datetime
) -> None:
    """A named person states that the effect is back as it was, or that it could not be done yet and why.

    Raises ``Forbidden`` for who does not see to this kind, ``Stale`` once it was confirmed.
    """
    case, row = _lock(viewer, "separation.confirm_effect", effect_id, now)
    if earlier_result(request_id, act="separation.confirm_effect", viewer=viewer, now=now) is not None:
        return
    if not viewer.roles & (ANYWAY | {KEEPERS[EffectKind(row.kind)]}):
        raise Forbidden("not_their_effect", _("这一项由其他部门确认。"), object_kind="case", object_id=case.id)
    if row.state == EffectState.CONFIRMED:
        raise stale("effect_confirmed", _("这一项已经确认。"), case)
    row.state = EffectState.CONFIRMED if done else EffectState.FAILED
    row.reply = reply[:300]
    row.settled_at, row.settled_by = (now, viewer.user_id) if done else (None, None)
    row.save(update_fields=["state", "reply", "settled_at", "settled_by"])
    _note(viewer, case, row, "separation.confirm_effect", now)
    keep_result(request_id, {})


def _lock(viewer: Viewer, act: str, effect_id: UUID, now: datetime) -> tuple[Case, OutsideEffect]:
    owner = OutsideEffect.objects.filter(pk=effect_id).values_list("case_id", flat=True).first()
    case = lock_case(viewer, act, owner or effect_id, now)
    row = OutsideEffect.objects.select_for_update(of=("self",)).filter(pk=effect_id).first()
    if row is None:
        raise NotFound(str(effect_id))
    return case, row


def _note(viewer: Viewer, case: Case, row: OutsideEffect, act: str, now: datetime) -> None:
    kind = "effect.confirmed" if row.state == EffectState.CONFIRMED else "effect.failed"
    public = {"effect": row.kind, "id": str(row.id)}
    noted(viewer, act, kind, case, now=now, public=public, committed={"note": row.reply})
