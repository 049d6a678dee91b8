"""Rows of cases for a viewer: who may see which, and with how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from guiyan.ledger.entry import ObjectRef
from guiyan.people.queries import NotFound, PersonRef, direct_manager_of, hr_of, people_facts_for_gate
from guiyan.platform import clock
from guiyan.platform.models import StoredFile, User
from guiyan.platform.permissions import Viewer, allowed
from guiyan.separation import sealing
from guiyan.separation.gate import AfterLastDay, CaseFacts, ExitGate, exit_gate
from guiyan.separation.models import Case, ElectronicFormAgreement


class Sight(StrEnum):
    """How much of a case somebody sees."""

    SELF = "self"
    """The employee: everything of their own."""
    FULL = "full"
    """HR that serves the employee, and legal."""
    RECORD = "record"
    """The auditor: what happened, no letter and no reasons."""
    MANAGER = "manager"
    """Dates, answers and tasks; neither the letter, nor the basis, nor a fact behind a verdict."""
    BRIEF = "brief"
    """Who leaves when, for those who have something to do about it."""


def sight_of(viewer: Viewer, ref: PersonRef) -> Sight | None:
    """Return how much of a person's cases ``viewer`` sees; None for nothing."""
    if viewer.person_id is not None and viewer.person_id == ref.person_id:
        return Sight.SELF if allowed(viewer, "separation.view", ref) else None
    if allowed(viewer, "separation.read_letter", ref):
        return Sight.FULL
    if allowed(viewer, "separation.view_record", ref):
        return Sight.RECORD
    if allowed(viewer, "separation.view", ref):
        return Sight.MANAGER
    return Sight.BRIEF if allowed(viewer, "separation.view_brief", ref) else None


def visible_case(viewer: Viewer, case_id: UUID, *, on: date | None = None) -> tuple[Case, PersonRef, Sight]:
    """Return a case and how much of it ``viewer`` sees. Raises ``NotFound`` for none, known or not."""
    case = Case.objects.filter(pk=case_id).first()
    ref = PersonRef(case.person_id if case else case_id, on or clock.today())
    sight = sight_of(viewer, ref)
    if case is None or sight is None:
        raise NotFound(str(case_id))
    return case, ref, sight


def rows_of(case: Case) -> CaseFacts:
    """Return what the gate reads of a case. Three queries."""
    return CaseFacts(
        case,
        tuple(case.withdrawals.order_by("arrived_at", "id")),
        tuple(case.conduct.order_by("worked_on", "id")),
        tuple(case.intakes.order_by("recorded_at", "id")),
    )


def gate_of(rows: CaseFacts, *, on: date, after: AfterLastDay | None = None) -> ExitGate:
    """Judge the exit of a case on a day, with the person's facts read as the gate; no viewer looks."""
    return exit_gate(rows, people_facts_for_gate(rows.case.person_id, on), after, as_of=on)


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file of a case: what it is, its name, media type, bytes and digest (64 hex digits)."""

    file_id: UUID
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str


def file_refs(files: dict[UUID, str], texts: sealing.Texts) -> tuple[FileRef, ...]:
    """Return references to kept files, by what they are. One query."""
    rows = StoredFile.objects.filter(pk__in=list(files)).order_by("created_at", "id")
    return tuple(
        FileRef(row.id, files[row.id], texts.file_name(row), row.media_type, row.size, bytes(row.sha256).hex())
        for row in rows
    )


def files_of(rows: CaseFacts) -> dict[UUID, str]:
    """Return the files of a case by what they are."""
    found: dict[UUID | None, str] = {rows.case.letter_file: "letter", rows.case.receipt_file: "receipt"}
    found[rows.case.agreement_file] = "agreement"
    for withdrawal in rows.withdrawals:
        found |= {withdrawal.letter_file: "withdrawal", withdrawal.receipt_file: "withdrawal_receipt"}
    found |= {intake.scan_file: "scan" for intake in rows.intakes}
    return {file_id: kind for file_id, kind in found.items() if file_id is not None}


def file_of_case(viewer: Viewer, case_id: UUID, file_id: UUID) -> tuple[FileRef, bytes]:
    """Return a file of a case with its bytes, for who may read the letter. Raises ``NotFound``."""
    case, _ref, sight = visible_case(viewer, case_id)
    files = files_of(rows_of(case))
    if sight not in {Sight.SELF, Sight.FULL} or file_id not in files:
        raise NotFound(str(file_id))
    row = StoredFile.objects.get(pk=file_id)
    texts = sealing.Texts(case.person_id)
    return file_refs({file_id: files[file_id]}, texts)[0], sealing.file_bytes(row)


def object_of(file_id: UUID, kind: str) -> ObjectRef:
    """Return the reference by which the ledger names a kept file; no viewer looks."""
    return ObjectRef.of(kind, sealing.file_bytes(StoredFile.objects.get(pk=file_id)))


def agreed_to_form(person_id: UUID, text_sha256: str) -> bool:
    """Return whether the person agreed to the electronic form in these words."""
    return ElectronicFormAgreement.objects.filter(person_id=person_id, text_sha256=text_sha256).exists()


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a message about a case goes to: the employee, the manager (a person) and HR (accounts)."""

    employee: UUID
    manager: UUID | None
    hr: tuple[UUID, ...]


def parties(person_id: UUID, on: date) -> Parties:
    """Return the parties of a case on a day; no viewer looks."""
    manager = direct_manager_of(person_id, on)
    return Parties(
        person_id, manager.person_id if manager else None, tuple(each.user_id for each in hr_of(person_id, on))
    )


def names_of_users(user_ids: set[UUID]) -> dict[UUID, str]:
    """Return display names by account. One query."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("id", "display_name"))
