"""Taking the list of cases out of the house: on the ledger with who took how many rows, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.ledger.actions import record
from guiyan.people.queries import PersonRef
from guiyan.platform.acting import Refused, action, require
from guiyan.platform.permissions import Viewer, relations_for
from guiyan.separation.queries.lists import EXPORT_ROWS_MAX, CaseFilter, CaseRow, export_rows

REASON_MAX: Final = 200


@action("separation.export")
def export_cases(viewer: Viewer, filters: CaseFilter | None, *, reason: str, now: datetime) -> tuple[CaseRow, ...]:
    """The viewer has taken the filtered list of cases out of the house, and it is on the ledger. Returns its rows.

    The entry says how many rows and by which codes the list was narrowed; what was searched for (it may be a name) and
    the reason are commitments. Raises ``Refused`` without a reason, and for a list above ``EXPORT_ROWS_MAX`` rows: what
    is on record is never less than what was sought.
    """
    if not any(relations_for(viewer, "separation.export")):
        require(viewer, "separation.export", PersonRef(UUID(int=0)), object_kind="case")
    if not reason.strip():
        raise Refused("reason_missing", _("请填写导出的用途。"), object_kind="case")
    told = filters or CaseFilter()
    rows = export_rows(viewer, told)
    if len(rows) > EXPORT_ROWS_MAX:
        text = _("一次最多导出 %(n)d 件，请缩小筛选范围。") % {"n": EXPORT_ROWS_MAX}
        raise Refused("too_many_rows", text, object_kind="case")
    record(
        viewer,
        "data.exported",
        now=now,
        public={"what": "cases", "rows": len(rows), **_codes(told)},
        committed={"reason": f"事由：{reason.strip()[:REASON_MAX]}", **_sought(told)},
        subject=viewer.person_id or viewer.user_id,
    )
    return rows


def _codes(told: CaseFilter) -> Mapping[str, str]:
    """Return by which codes and days a list was narrowed; nothing of what people wrote."""
    days = {
        "opened_from": told.opened_from,
        "opened_to": told.opened_to,
        "last_day_from": told.last_day_from,
        "last_day_to": told.last_day_to,
    }
    found = {"status": ".".join(told.statuses), "withdrawal": told.withdrawal, "channel": told.channel}
    found |= {name: day.isoformat() for name, day in days.items() if day is not None}
    return {name: value for name, value in found.items() if value}


def _sought(told: CaseFilter) -> Mapping[str, str]:
    return {"sought": f"搜索：{told.text.strip()}"} if told.text.strip() else {}
