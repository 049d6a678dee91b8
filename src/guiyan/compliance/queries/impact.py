"""Reads of impact: what a change does to findings and open cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count

from guiyan.compliance.enums import ImpactKind, RunState, Severity
from guiyan.compliance.judging import Answer, differences
from guiyan.compliance.models import ImpactRow, ImpactRun, OwnParameter
from guiyan.compliance.queries.parameters import require_view
from guiyan.compliance.sealing import Opened
from guiyan.law.version import law_version
from guiyan.people.queries import NotFound, names_of, visible_people
from guiyan.platform import clock
from guiyan.platform.models import User
from guiyan.platform.permissions import Viewer

ACT = "compliance.view_findings"
PAGE_SIZE = 100
EXPORT_MAX = 10_000
RUNS_MAX = 30
MONEY_PATHS = ("money.severance", "money.total", "money.unlawful", "money.pay_in_lieu")
"""Amounts that are named first where an ending has them."""


@dataclass(frozen=True, slots=True)
class RunView:
    """A run: what changes, how far it is, and how many answers change of how many looked at.

    ``by_severity`` counts all that change, also of people whom the viewer does not serve; ``outdated``: figures or the
    law have changed since, so that nothing can be decided by it any more.
    """

    run_id: UUID
    kind: str
    proposals: tuple[UUID, ...]
    withdrawals: tuple[UUID, ...]
    done: bool
    total: int
    looked_at: int
    skipped: int
    changed: int
    by_severity: tuple[tuple[Severity, int], ...]
    law_version: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    outdated: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: its path in the answer, former and new text (None where there is none)."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ImpactView:
    """One finding or open case whose answer changes. Verdicts are codes ("" for a calculation, NOT_COMPUTED for none);
    ``changes`` are at most ``limit`` others, amounts of money first. Both None once the person's data was erased."""

    person_id: UUID
    person: str
    finding_id: UUID | None
    case_id: UUID | None
    number: str
    kind: str
    topic: str
    as_of: date
    region: str
    severity: Severity
    before: str | None
    after: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ImpactPage:
    """Rows that the viewer may see, worst first. ``hidden`` counts those about people the viewer does not serve."""

    run: RunView
    rows: tuple[ImpactView, ...]
    visible: int
    hidden: int


def impact(
    viewer: Viewer, run_id: UUID, *, page: int = 1, size: int = PAGE_SIZE, limit: int = 6, on: date | None = None
) -> ImpactPage:
    """Return a run with one page of its rows. Raises ``NotFound`` without the right, or for an unknown run."""
    require_view(viewer)
    run = ImpactRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound(str(run_id))
    visible = visible_people(viewer, ACT, on=on or clock.today(), field="person_id")
    rows = ImpactRow.objects.filter(visible, run=run).order_by("severity", "id")
    count = rows.count()
    shown = list(rows[(max(page, 1) - 1) * size : max(page, 1) * size])
    opened, people = Opened(shown), names_of({row.person_id for row in shown})
    told = _runs([run])[0]
    return ImpactPage(
        told, tuple(_view(row, opened, people, limit) for row in shown), count, max(0, told.changed - count)
    )


def impact_runs(viewer: Viewer) -> tuple[RunView, ...]:
    """Return the newest 30 runs. Raises ``NotFound`` without the right."""
    require_view(viewer)
    return _runs(list(ImpactRun.objects.order_by("-asked_at", "-id")[:RUNS_MAX]))


def run_for(viewer: Viewer, own_id: UUID, *, withdrawal: bool = False) -> RunView | None:
    """Return the newest run that held a figure, as proposal or withdrawal. Raises ``NotFound`` without the right."""
    require_view(viewer)
    part = "withdrawals" if withdrawal else "proposals"
    found = ImpactRun.objects.filter(**{f"{part}__contains": str(own_id)}).order_by("-asked_at", "-id").first()
    return _runs([found])[0] if found is not None else None


def _runs(runs: list[ImpactRun]) -> tuple[RunView, ...]:
    counts: dict[UUID, list[tuple[Severity, int]]] = {}
    grouped = ImpactRow.objects.filter(run__in=runs).values_list("run_id", "severity").annotate(Count("pk"))
    for run_id, worst, number in grouped.order_by("severity"):
        counts.setdefault(run_id, []).append((Severity(worst), number))
    makers = dict(
        User.objects.filter(pk__in={run.asked_by for run in runs if run.asked_by}).values_list("id", "display_name")
    )
    changed = [
        (str(pk), moment)
        for pk, checked, withdrawn in OwnParameter.objects.values_list("id", "checked_at", "withdrawn_at")
        for moment in (checked, withdrawn)
        if moment is not None
    ]
    return tuple(_run_view(run, counts.get(run.id, []), makers, changed) for run in runs)


def _run_view(
    run: ImpactRun, counts: list[tuple[Severity, int]], makers: dict[UUID, str], changed: list[tuple[str, datetime]]
) -> RunView:
    held = {*run.proposals, *run.withdrawals}
    since = any(moment > run.asked_at and pk not in held for pk, moment in changed)
    return RunView(
        run_id=run.id,
        kind=ImpactKind(run.kind),
        proposals=tuple(UUID(each) for each in run.proposals),
        withdrawals=tuple(UUID(each) for each in run.withdrawals),
        done=run.state == RunState.DONE,
        total=run.total,
        looked_at=run.done,
        skipped=run.skipped,
        changed=sum(number for _worst, number in counts),
        by_severity=tuple(counts),
        law_version=run.law_version,
        asked_by=makers.get(run.asked_by, "") if run.asked_by else "",
        asked_at=run.asked_at,
        finished_at=run.finished_at,
        outdated=since or run.law_version != law_version(),
    )


def _view(row: ImpactRow, opened: Opened, people: dict[UUID, str], limit: int) -> ImpactView:
    before, after = (opened.json(row, part) for part in ("before", "after"))
    changes: tuple[Change, ...] = ()
    if before is not None and after is not None:
        found = [Change(*each) for each in differences(Answer(**before), Answer(**after))]
        found.sort(key=lambda each: (each.path not in MONEY_PATHS, each.path))
        changes = tuple(found[:limit])
    return ImpactView(
        person_id=row.person_id,
        person=people.get(row.person_id, ""),
        finding_id=row.finding_id,
        case_id=row.case_id,
        number=row.number,
        kind=row.kind,
        topic=row.topic,
        as_of=row.as_of,
        region=row.region,
        severity=Severity(row.severity),
        before=before["verdict"] if before else None,
        after=after["verdict"] if after else None,
        changes=changes,
    )
