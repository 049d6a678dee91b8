"""The open cases as questions to the law: whether a change of figures or rules would answer one of them otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from guiyan.compliance.enums import FindingKind
from guiyan.compliance.hookspecs import OpenCase
from guiyan.people.queries import people_facts_for_gate
from guiyan.separation.enums import OPEN_STATUSES
from guiyan.separation.gate import protection_facts, reliance_facts
from guiyan.separation.models import Case
from guiyan.separation.queries.rows import rows_of


class ResignationCases:
    """Resignations that are still running, asked as the gate before the end asks. No viewer looks."""

    name = "separation"

    def person_of(self, case_id: UUID) -> UUID | None:
        """Return whose a case is, or None when there is no such case here."""
        return Case.objects.filter(pk=case_id).values_list("person_id", flat=True).first()

    def open_cases(self, on: date) -> Iterable[OpenCase]:
        """Return two questions a case: may the resignation be relied on, and does a protection stand in the way."""
        for case in Case.objects.filter(status__in=OPEN_STATUSES).order_by("id"):
            rows = rows_of(case)
            questions = (
                ("resignation.resignation_withdrawal", reliance_facts(rows, None)),
                ("protection.protection_gate", protection_facts(rows, people_facts_for_gate(case.person_id, on))),
            )
            for topic, facts in questions:
                yield OpenCase(case.id, case.person_id, case.number, FindingKind.TOPIC, topic, facts, on, None)
