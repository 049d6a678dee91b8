"""Judging stored findings and open cases again, as the gate: both answers side by side. No viewer looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from guiyan.compliance.enums import FindingKind, ImpactKind, Severity
from guiyan.compliance.facts import FactsUnreadable
from guiyan.compliance.hookspecs import OpenCase, open_cases
from guiyan.compliance.judging import (
    NOT_COMPUTED,
    Answer,
    Question,
    UnknownTopic,
    answer_in,
    answer_of,
    question_from,
    severity,
)
from guiyan.compliance.models import StoredFinding
from guiyan.compliance.sealing import Opened
from guiyan.law.parameters import Parameters
from guiyan.platform.clock import legal_day

BATCH = 50


@dataclass(frozen=True, slots=True)
class Compared:
    """One finding or open case: both answers, or None where the person's data was erased."""

    owner: StoredFinding | OpenCase
    before: Answer | None
    after: Answer | None

    @property
    def stored(self) -> bool:
        """Whether it is a stored finding, not an open case."""
        return isinstance(self.owner, StoredFinding)

    @property
    def id(self) -> UUID:
        """The id of the finding, or of the case."""
        return self.owner.id if isinstance(self.owner, StoredFinding) else self.owner.case_id

    @property
    def severity(self) -> Severity | None:
        """What the change means; None when nothing changes or nothing can be read any more."""
        return None if self.before is None or self.after is None else severity(self.before, self.after)


def findings_at(at: datetime) -> QuerySet[StoredFinding]:
    """Return the findings to look at: made by then, and not judged again by then."""
    return StoredFinding.objects.filter(made_at__lte=at).exclude(superseded_by__made_at__lte=at)


def cases_at(kind: str, at: datetime) -> tuple[OpenCase, ...]:
    """Return the open cases to look at. What the law said of them before was kept nowhere but in findings."""
    return open_cases(legal_day(at)) if kind == ImpactKind.FIGURES else ()


def compared(row: StoredFinding, opened: Opened, kind: str, old: Parameters, new: Parameters) -> Compared:
    """Return a finding's answers: for a change of law what was stored and what is said now, else both computed now."""
    facts = opened.json(row, "facts")
    if facts is None:
        return Compared(row, None, None)
    stored = answer_in(opened.json(row, "result"))
    try:
        question = question_from(row.kind, row.topic, facts, row.as_of, row.region or None)
    except (FactsUnreadable, UnknownTopic, ValueError):
        return Compared(row, stored, Answer(NOT_COMPUTED, None))
    before = stored if kind == ImpactKind.LAW else answer_of(question, old)
    return Compared(row, before, answer_of(question, new))


def compared_case(case: OpenCase, old: Parameters, new: Parameters) -> Compared:
    """Return an open case's answers without and with the change."""
    question = Question(FindingKind(case.kind), case.topic, case.facts, case.as_of, case.region)
    return Compared(case, answer_of(question, old), answer_of(question, new))


def compare_all(kind: str, old: Parameters, new: Parameters, *, at: datetime) -> Iterator[Compared]:
    """Yield every finding and open case with both answers, 50 findings a query; nothing is written."""
    cursor: UUID | None = None
    while True:
        rest = findings_at(at).order_by("id")
        rows = list((rest.filter(pk__gt=cursor) if cursor else rest)[:BATCH])
        opened = Opened(rows)
        for row in rows:
            yield compared(row, opened, kind, old, new)
        if len(rows) < BATCH:
            break
        cursor = rows[-1].id
    for case in cases_at(kind, at):
        yield compared_case(case, old, new)
