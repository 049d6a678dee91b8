"""Which stored findings and open cases change their answer, computed before figures count or after the law changed.

Figures: both answers are computed now, without and with the change. Law: what was stored stands beside what the law now
installed says of the same facts, with the figures that count now. Findings that were judged again are left out, and
those whose person's data was erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.compliance import sealing
from guiyan.compliance.enums import ImpactKind, RunState
from guiyan.compliance.hookspecs import OpenCase
from guiyan.compliance.models import ImpactRow, ImpactRun, OwnParameter, StoredFinding
from guiyan.compliance.queries.comparing import Compared, cases_at, compared, compared_case, findings_at
from guiyan.compliance.queries.impact import EXPORT_MAX, ImpactView, impact
from guiyan.compliance.queries.parameters import parameters_of_tenant
from guiyan.law.parameters import Parameters
from guiyan.law.version import law_version
from guiyan.ledger.actions import record
from guiyan.people.queries import NotFound
from guiyan.platform import queue
from guiyan.platform.acting import Refused, action, earlier_result, keep_result, require
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import Viewer, relations_for

RUN, EXPORT, JOB = "compliance.run_impact", "compliance.view_findings", "compliance.impact"
BATCH = 50
"""As many are judged in one transaction; a run of no more is finished at once, a larger one by a job."""
CHANGES_MAX = 50
EXPORT_CHANGES_MAX = 20
REASON_MAX = 200


@action(RUN)
def run_impact(
    viewer: Viewer,
    *,
    request_id: UUID,
    now: datetime,
    proposals: Sequence[UUID] = (),
    withdrawals: Sequence[UUID] = (),
) -> UUID:
    """What would change is computed: by checking ``proposals`` and withdrawing ``withdrawals``, or with neither, by the
    law now installed against what was stored. Returns the run's id; with more than 50 to judge a job finishes it.

    Raises ``Refused`` (``too_many_changes``, ``not_proposed``, ``not_counted``) and ``NotFound`` for an unknown figure.
    """
    require(viewer, RUN, object_kind="impact")
    before = earlier_result(request_id, act=RUN, viewer=viewer, now=now)
    if before is not None:
        return UUID(before["run"])
    _check(proposals, withdrawals)
    kind = ImpactKind.FIGURES if proposals or withdrawals else ImpactKind.LAW
    run = ImpactRun.objects.create(
        kind=kind,
        proposals=[str(each) for each in proposals],
        withdrawals=[str(each) for each in withdrawals],
        law_version=law_version(),
        asked_by=viewer.user_id,
        asked_at=now,
        total=findings_at(now).count() + len(cases_at(kind, now)),
    )
    if run.total <= BATCH:
        while run.state == RunState.RUNNING:
            _batch(viewer, run, now)
    else:
        queue.defer(JOB, lock="compliance.impact", run_id=str(run.id))
    keep_result(request_id, {"run": str(run.id)})
    return run.id


@action(RUN)
def advance(viewer: Viewer, run_id: UUID, *, now: datetime) -> bool:
    """The next 50 of a run are judged; repeating a finished one changes nothing. Returns whether it is finished."""
    require(viewer, RUN, object_kind="impact", object_id=run_id)
    run = ImpactRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound(str(run_id))
    if run.state == RunState.RUNNING:
        _batch(viewer, run, now)
    return run.state == RunState.DONE


@action(EXPORT)
def export_impact(viewer: Viewer, run_id: UUID, *, reason: str, now: datetime) -> tuple[ImpactView, ...]:
    """The viewer has taken the rows of a run that they may see out of the house, and it is on the ledger.

    Raises ``Refused`` (``reason_missing``, ``too_many_rows``) and ``NotFound`` for an unknown run.
    """
    if not any(relations_for(viewer, EXPORT)):
        require(viewer, EXPORT, object_kind="impact", object_id=run_id)
    if not reason.strip():
        raise _refused("reason_missing", _("请填写导出的用途。"))
    found = impact(viewer, run_id, size=EXPORT_MAX + 1, limit=EXPORT_CHANGES_MAX, on=legal_day(now))
    if len(found.rows) > EXPORT_MAX:
        raise _refused("too_many_rows", _("一次最多导出 %(n)d 行。") % {"n": EXPORT_MAX})
    record(
        viewer,
        "data.exported",
        now=now,
        public={"what": "impact", "run": str(run_id), "rows": len(found.rows)},
        committed={"reason": f"事由：{reason.strip()[:REASON_MAX]}"},
        subject=viewer.person_id or viewer.user_id,
    )
    return found.rows


def _check(proposals: Sequence[UUID], withdrawals: Sequence[UUID]) -> None:
    wanted = [*proposals, *withdrawals]
    if len(wanted) > CHANGES_MAX or len(set(wanted)) < len(wanted):
        raise _refused("too_many_changes", _("一次最多 50 个参数，且不能重复。"))
    rows = {row.id: row for row in OwnParameter.objects.filter(pk__in=wanted)}
    unknown = [each for each in wanted if each not in rows]
    if unknown:
        raise NotFound(str(unknown[0]))
    if any(rows[each].checked_at or rows[each].withdrawn_at for each in proposals):
        raise _refused("not_proposed", _("这个参数已经复核或者撤销，请刷新页面。"))
    if any(rows[each].checked_at is None or rows[each].withdrawn_at for each in withdrawals):
        raise _refused("not_counted", _("这个参数没有参与计算，可以直接撤销。"))


def _batch(viewer: Viewer, run: ImpactRun, now: datetime) -> None:
    """The next findings of a locked run are judged, and with the last of them the open cases."""
    old, new = _figures(run)
    rest = findings_at(run.asked_at).order_by("id")
    rows = list((rest.filter(pk__gt=run.cursor) if run.cursor else rest)[:BATCH])
    opened = sealing.Opened(rows)
    found = [compared(row, opened, run.kind, old, new) for row in rows]
    last = len(rows) < BATCH
    if last:
        found += [compared_case(case, old, new) for case in cases_at(run.kind, run.asked_at)]
    _keep(run, found)
    run.cursor = rows[-1].id if rows else run.cursor
    run.done += len(found)
    run.skipped += sum(each.before is None for each in found)
    if last:
        _finish(viewer, run, now)
    run.save(update_fields=["cursor", "done", "skipped", "state", "finished_at"])


def _figures(run: ImpactRun) -> tuple[Parameters, Parameters]:
    """Return the figures without and with the change."""
    rows = OwnParameter.objects.filter(pk__in=run.proposals).order_by("id")
    return parameters_of_tenant(), parameters_of_tenant(rows, [UUID(each) for each in run.withdrawals])


def _keep(run: ImpactRun, found: Iterable[Compared]) -> None:
    rows = []
    for each in found:
        worst = each.severity
        if worst is None or each.before is None or each.after is None:
            continue
        owner = each.owner
        row = ImpactRow(
            run=run,
            person_id=owner.person_id,
            finding_id=owner.id if isinstance(owner, StoredFinding) else None,
            case_id=owner.case_id,
            number=owner.number if isinstance(owner, OpenCase) else "",
            kind=owner.kind,
            topic=owner.topic,
            as_of=owner.as_of,
            region=owner.region or "",
            severity=worst,
        )
        row.sealed_before = sealing.seal(row, "before", sealing.written(each.before.as_json()))
        row.sealed_after = sealing.seal(row, "after", sealing.written(each.after.as_json()))
        rows.append(row)
    ImpactRow.objects.bulk_create(rows)


def _finish(viewer: Viewer, run: ImpactRun, now: datetime) -> None:
    run.state, run.finished_at = RunState.DONE, now
    record(
        viewer,
        "impact.computed",
        now=now,
        public={
            "run": str(run.id),
            "kind": run.kind,
            "law": run.law_version,
            "looked_at": run.done,
            "changed": run.rows.count(),
        },
    )


def _refused(rule: str, text: object) -> Refused:
    return Refused(rule, text, object_kind="impact")  # type: ignore[arg-type]
