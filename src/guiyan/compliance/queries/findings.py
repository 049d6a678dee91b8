"""Reads of stored findings and accepted risks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from guiyan.compliance.judging import PASSING
from guiyan.compliance.models import AcceptedRisk, StoredFinding
from guiyan.compliance.sealing import Opened
from guiyan.kernel.results import Verdict
from guiyan.people.queries import NotFound, PersonRef, names_of, visible_people
from guiyan.platform import clock
from guiyan.platform.models import User
from guiyan.platform.permissions import Viewer, allowed

ACT = "compliance.view_findings"
FINDINGS_MAX = 200


@dataclass(frozen=True, slots=True)
class RiskView:
    """Who accepted a risk, when and why; ``reason`` is None once the person's data was erased."""

    accepted_by: str
    accepted_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding in a list. ``verdict`` is the code, "" for a calculation; ``current``: no later one names it."""

    finding_id: UUID
    person_id: UUID
    person: str
    case_id: UUID | None
    kind: str
    topic: str
    verdict: str
    as_of: date
    region: str
    law_version: str
    made_by: str
    made_at: datetime
    supersedes: UUID | None
    current: bool
    risk: RiskView | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding in full: facts and result as kept (``law.explain.Document``), None once erased; figures used."""

    row: FindingRow
    facts: dict[str, Any] | None
    result: dict[str, Any] | None
    parameters: tuple[dict[str, Any], ...]


def findings_of_case(viewer: Viewer, case_id: UUID, *, on: date | None = None) -> tuple[FindingRow, ...]:
    """Return the findings of a case that ``viewer`` may see, newest first, 200 at most."""
    return _rows(viewer, Q(case_id=case_id), on)


def findings_of_person(viewer: Viewer, person_id: UUID, *, on: date | None = None) -> tuple[FindingRow, ...]:
    """Return the findings about a person that ``viewer`` may see, newest first, 200 at most."""
    return _rows(viewer, Q(person_id=person_id), on)


def finding(viewer: Viewer, finding_id: UUID, *, on: date | None = None) -> FindingView:
    """Return a finding in full. Raises ``NotFound`` for none, known or not."""
    row = StoredFinding.objects.filter(pk=finding_id).select_related("risk", "superseded_by").first()
    if row is None or not allowed(viewer, ACT, PersonRef(row.person_id, on or clock.today())):
        raise NotFound(str(finding_id))
    opened = Opened([row])
    listed = _listed([row])[0]
    return FindingView(listed, opened.json(row, "facts"), opened.json(row, "result"), tuple(row.parameters))


def risk_accepted(finding_id: UUID) -> bool:
    """Return whether a named person accepted the risk of a finding; for gates: no viewer looks."""
    return AcceptedRisk.objects.filter(finding_id=finding_id, finding__verdict=Verdict.INDETERMINATE).exists()


def may_pass(finding_id: UUID) -> bool:
    """Return whether an act may rely on a finding; for gates: no viewer looks.

    It lets through, or it could not be judged and a named person accepted the risk. One that was judged again counts no
    more: the later one does. PROHIBITED and EXTENDED never pass, and neither does an unknown id.
    """
    row = StoredFinding.objects.filter(pk=finding_id, superseded_by__isnull=True).first()
    if row is None:
        return False
    return row.verdict in PASSING or (row.verdict == Verdict.INDETERMINATE and risk_accepted(finding_id))


def _rows(viewer: Viewer, which: Q, on: date | None) -> tuple[FindingRow, ...]:
    visible = visible_people(viewer, ACT, on=on, field="person_id")
    rows = StoredFinding.objects.filter(which & visible).select_related("risk", "superseded_by")
    return _listed(list(rows.order_by("-made_at", "-id")[:FINDINGS_MAX]))


def _listed(rows: list[StoredFinding]) -> tuple[FindingRow, ...]:
    risks = [row.risk for row in rows if hasattr(row, "risk")]
    opened = Opened(risks)
    people = names_of({row.person_id for row in rows})
    ids = {row.made_by for row in rows if row.made_by} | {risk.accepted_by for risk in risks}
    makers = dict(User.objects.filter(pk__in=ids).values_list("id", "display_name"))
    return tuple(_row(row, opened, people, makers) for row in rows)


def _row(row: StoredFinding, opened: Opened, people: dict[UUID, str], makers: dict[UUID, str]) -> FindingRow:
    risk: AcceptedRisk | None = getattr(row, "risk", None)
    told = None
    if risk is not None:
        told = RiskView(makers.get(risk.accepted_by, ""), risk.accepted_at, opened.text(risk, "reason"))
    return FindingRow(
        finding_id=row.id,
        person_id=row.person_id,
        person=people.get(row.person_id, ""),
        case_id=row.case_id,
        kind=row.kind,
        topic=row.topic,
        verdict=row.verdict,
        as_of=row.as_of,
        region=row.region,
        law_version=row.law_version,
        made_by=makers.get(row.made_by, "") if row.made_by else "",
        made_at=row.made_at,
        supersedes=row.supersedes_id,
        current=not hasattr(row, "superseded_by"),
        risk=told,
    )
