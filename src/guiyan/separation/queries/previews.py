"""A letter before it is signed: the very bytes that the signature will name, and pictures of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guiyan.law.letter import LetterReading
from guiyan.people.queries import NotFound, PersonRef
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer, allowed
from guiyan.separation import letters, wording
from guiyan.separation.letters import Paper
from guiyan.separation.models import Signature
from guiyan.separation.queries.people import writer_of
from guiyan.separation.queries.rows import Sight, agreed_to_form, visible_case
from guiyan.separation.wording import Letter


@dataclass(frozen=True, slots=True)
class Preview:
    """A document to read before signing: its PDF, digest (64 hex digits) and pages (PNG).

    ``tone`` is what a resignation counts as until somebody settles it, ``reading`` what its words point to; both empty
    for a withdrawal.
    """

    pdf: bytes
    sha256: str
    pages: tuple[bytes, ...]
    tone: str = ""
    reading: LetterReading | None = None


@dataclass(frozen=True, slots=True)
class ElectronicForm:
    """The words of the agreement to the electronic form, their digest, and whether the viewer agreed to them."""

    paragraphs: tuple[str, ...]
    sha256: str
    agreed: bool


def electronic_form(viewer: Viewer) -> ElectronicForm:
    """Return what has to be agreed to before writing electronically."""
    agreed = viewer.person_id is not None and agreed_to_form(viewer.person_id, wording.ELECTRONIC_FORM_SHA256)
    return ElectronicForm(wording.ELECTRONIC_FORM, wording.ELECTRONIC_FORM_SHA256, agreed)


def preview_resignation(viewer: Viewer, letter: Letter, paper: Paper) -> Preview:
    """Return the viewer's own letter as it would be signed. Nothing is kept, nobody is told.

    Raises ``NotFound`` for who may not resign here, ``documents.rendering.MissingGlyph`` naming a character.
    """
    person_id = _own(viewer, "separation.resign")
    writer = writer_of(person_id)
    document = letters.resignation(letter, writer, paper)
    reading = letters.read(letter)
    pages = letters.resignation_pages(letter, writer, paper)
    return Preview(document.pdf, document.sha256, pages, letters.tone_of(letter, reading), reading)


def preview_withdrawal(viewer: Viewer, case_id: UUID, words: str, paper: Paper) -> Preview:
    """Return the viewer's own withdrawal as it would be signed. Raises as ``preview_resignation``."""
    case, _ref, sight = visible_case(viewer, case_id)
    if sight is not Sight.SELF:
        raise NotFound(str(case_id))
    writer = writer_of(case.person_id)
    document = letters.withdrawal(words, case.number, case.sent_at, writer, paper)
    pages = letters.withdrawal_pages(words, case.number, case.sent_at, writer, paper)
    return Preview(document.pdf, document.sha256, pages)


def _own(viewer: Viewer, act: str) -> UUID:
    if viewer.person_id is None or not allowed(viewer, act, PersonRef(viewer.person_id, clock.today())):
        raise NotFound(act)
    return viewer.person_id


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature as its case shows it: what was signed, when, how identity was proved, how long it was read."""

    kind: str
    document_file: UUID
    document_sha256: str
    signed_at: datetime
    identity_method: str
    identity_at: datetime
    seconds_read: int


def signatures(viewer: Viewer, case_id: UUID) -> tuple[SignatureView, ...]:
    """Return the signatures of a case, for who may read the letter. Raises ``NotFound``."""
    case, _ref, sight = visible_case(viewer, case_id)
    if sight not in {Sight.SELF, Sight.FULL}:
        raise NotFound(str(case_id))
    return tuple(
        SignatureView(
            row.kind, row.document_file, row.document_sha256, row.signed_at, row.identity_method, row.identity_at,
            row.seconds_read,
        )
        for row in Signature.objects.filter(case=case).order_by("signed_at", "id")
    )  # fmt: skip
