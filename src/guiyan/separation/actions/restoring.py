"""Everything goes back at once: in the transaction of the consent, or not at all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from guiyan.people import actions as people
from guiyan.people.queries import people_facts_for_gate
from guiyan.platform.acting import Refused
from guiyan.platform.actions import grant_role, withdraw_role
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import SYSTEM, Viewer
from guiyan.separation import flow, hookspecs, schedule
from guiyan.separation.actions.basis import ids, inner, noted, settle_status, tell
from guiyan.separation.actions.effects import order
from guiyan.separation.enums import ConsentForm
from guiyan.separation.hookspecs import Restoring
from guiyan.separation.models import Case, TakenRole, Withdrawal
from guiyan.separation.queries.people import granted_roles


def restore(viewer: Viewer, case: Case, row: Withdrawal | None, *, act: str, request_id: UUID, now: datetime) -> None:
    """The resignation is over and the employment goes on: spell, planned end, steps, deadlines and the rows of every
    other context are as before, what is outside was ordered back, and all parties were told.

    ``row`` is the withdrawal that took effect; None when work simply went on. A restorer that fails stops all of it.
    """
    facts = people_facts_for_gate(case.person_id, legal_day(now))
    former = facts.status
    planned = case.last_day is not None and facts.spell_id == case.spell_id and former != "active"
    _close(case, row, now)
    if planned:
        request = inner(request_id, "people.restore_spell")
        people.restore_spell(SYSTEM, case.spell_id, request_id=request, now=now)
    asked = flow.send(viewer, case.id, flow.EXIT, "withdrawal.consented", now=now)
    asked_of_employee = ids(case.intakes.filter(withdrawal=None))
    dropped = schedule.drop_all(case.id, ids(case.withdrawals.all()), asked_of_employee, now=now)
    what = Restoring(case.id, case.person_id, case.spell_id, request_id, now)
    touched = {each.name: each.restore(viewer, what) for each in hookspecs.restorers()}
    noted(
        viewer,
        act,
        "employment.restored",
        case,
        now=now,
        public={
            "from": former,
            "how": case.status,
            "deadlines": dropped,
            "steps": asked,
            "others": ".".join(f"{name}={count}" for name, count in touched.items()) or None,
        },
    )
    if planned or asked:
        order(viewer, case, asked=asked, act=act, now=now)
    tell(viewer, case, "restored", now=now, employee=True, withdrawal=row, how=case.status)
    tell(viewer, case, "restored_staff", now=now, manager=True, hr=True, withdrawal=row, how=case.status)


def _close(case: Case, row: Withdrawal | None, now: datetime) -> None:
    if row is not None and row.in_time:
        case.withdrawn_at = now
    elif row is not None and row.consent_form != ConsentForm.CONDUCT:
        case.restored_at = now
    else:
        case.superseded_at = now
    if case.ended_on is not None:
        case.ended_on = None
    settle_status(case)
    case.save(update_fields=["withdrawn_at", "restored_at", "superseded_at", "ended_on", "status"])


class AccountRoles:
    """The roles that an account lost at the end are given back."""

    name = "accounts"

    def restore(self, _viewer: Viewer, what: Restoring) -> int:
        """Give back the roles taken for this case. Returns how many."""
        rows = TakenRole.objects.select_for_update().filter(case_id=what.case_id, given_back_at__isnull=True)
        taken = list(rows.order_by("id"))
        for each in taken:
            grant_role(SYSTEM, user_id=each.user_id, role=each.role, unit_id=each.unit_id, now=what.now)
            each.given_back_at = what.now
            each.save(update_fields=["given_back_at"])
        return len(taken)


def take_roles(case: Case, now: datetime) -> int:
    """Whoever has left holds no granted role any more; what was taken is kept. Returns how many.

    The last system administrator keeps theirs until there is another: the platform sees to it, and no end waits.
    """
    taken = 0
    for each in granted_roles(case.person_id):
        try:
            withdraw_role(SYSTEM, user_id=each.user_id, role=each.role, unit_id=each.unit_id, now=now)
        except Refused:
            continue
        TakenRole.objects.create(case=case, user_id=each.user_id, role=each.role, unit_id=each.unit_id)
        taken += 1
    return taken
