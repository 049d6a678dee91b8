"""The employee's own acts: agree to the electronic form, resign, say what was meant, confirm what was taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.documents.rendering import Document, DocumentError, MissingGlyph
from guiyan.kernel.calendar import legal_day
from guiyan.law.forced_resignation import ART_38_GROUNDS
from guiyan.ledger.actions import record
from guiyan.ledger.entry import ObjectRef
from guiyan.people.queries import PersonRef
from guiyan.platform.acting import Refused, action, earlier_result, keep_result, require
from guiyan.platform.permissions import Viewer
from guiyan.separation import letters, sealing, signing, wording
from guiyan.separation.actions.arrival import arrive, case_of, save_case, set_clock
from guiyan.separation.actions.basis import noted
from guiyan.separation.enums import Basis, Channel, SignatureKind, Tone
from guiyan.separation.models import Case, ElectronicFormAgreement, Signature, Withdrawal
from guiyan.separation.queries.people import writer_of
from guiyan.separation.queries.rows import agreed_to_form
from guiyan.separation.signing import Identity, Signing
from guiyan.separation.wording import Letter

REASON_MAX = 3000
WISHED_DAYS_MAX = 366
GROUND_CODES = frozenset(each.code for each in ART_38_GROUNDS)


@dataclass(frozen=True, slots=True)
class Opened:
    """A case and its number."""

    case_id: UUID
    number: str


def own_person(viewer: Viewer, act: str, now: datetime) -> UUID:
    """Return the viewer's own person. Raises ``Forbidden`` for an account that is no employee's."""
    ref = PersonRef(viewer.person_id, legal_day(now)) if viewer.person_id else None
    require(viewer, act, ref, object_kind="person", object_id=viewer.person_id)
    assert viewer.person_id is not None
    return viewer.person_id


@action("separation.agree_form")
def agree_to_electronic_form(viewer: Viewer, *, text_sha256: str, request_id: UUID, now: datetime) -> None:
    """The employee has agreed to write electronically, in the words of ``wording.ELECTRONIC_FORM``; paper stays open.

    Raises ``Refused`` (``form_text_changed``) when the words they saw are not the ones in use.
    """
    person_id = own_person(viewer, "separation.agree_form", now)
    if earlier_result(request_id, act="separation.agree_form", viewer=viewer, now=now) is not None:
        return
    if text_sha256 != wording.ELECTRONIC_FORM_SHA256:
        raise Refused("form_text_changed", _("约定的文字已更新，请重新阅读。"), object_kind="person")
    _row, made = ElectronicFormAgreement.objects.get_or_create(
        person_id=person_id, text_sha256=text_sha256, defaults={"agreed_at": now}
    )
    if made:
        record(viewer, "form.agreed", now=now, public={"text_sha256": text_sha256}, subject=person_id)
    keep_result(request_id, {})


@action("separation.resign")
def submit_resignation(viewer: Viewer, letter: Letter, signed: Signing, *, request_id: UUID, now: datetime) -> Opened:
    """The signed letter has arrived: its clock runs from now, and the employee has a receipt.

    Raises ``Refused`` or ``Stale`` when the form was not agreed to, the letter is impossible, the signature is not
    complete (``signing.check``), or another resignation is in progress.
    """
    person_id = own_person(viewer, "separation.resign", now)
    before = earlier_result(request_id, act="separation.resign", viewer=viewer, now=now)
    if before is not None:
        return Opened(UUID(before["case"]), before["number"])
    if not agreed_to_form(person_id, wording.ELECTRONIC_FORM_SHA256):
        raise Refused("form_not_agreed", _("请先同意使用电子形式，或者改用纸质。"), object_kind="person")
    check_letter(letter, now)
    document = set_document(letter, person_id, signed)
    identity = signing.check(signed, document, now=now)
    case = case_of(person_id, now)
    _fill(case, letter, now)
    kept = sealing.keep_file(person_id, document.pdf, sealing.PDF, "resignation.pdf", now=now)
    case.letter_file = kept.id
    save_case(case, now)
    reference = ObjectRef.of("letter", document.pdf)
    _on_record(viewer, case, letter, reference, now)
    keep_signature(viewer, case, None, signed, identity, document_file=kept.id, now=now)
    arrive(viewer, case, act="separation.resign", letter=reference, request_id=request_id, now=now)
    keep_result(request_id, {"case": str(case.id), "number": case.number})
    return Opened(case.id, case.number)


def check_letter(letter: Letter, now: datetime) -> None:
    """Raise ``Refused`` for a letter that cannot be. A reason is never asked for."""
    if letter.basis not in {Basis.ART_37, Basis.ART_38}:
        raise Refused("basis_missing", _("请选择依据：第三十七条或第三十八条。"))
    if letter.meaning not in {"", Tone.NOTICE, Tone.OFFER}:
        raise Refused("meaning_unknown", _("请选择您的意思：通知，还是商量。"))
    if not set(letter.grounds) <= GROUND_CODES or (letter.basis == Basis.ART_38) != bool(letter.grounds):
        raise Refused("grounds_missing", _("依第三十八条的，请至少选择一种情形；其他不选。"))
    if len(letter.reason) > REASON_MAX:
        raise Refused("reason_too_long", _("文字太长，最多 3000 字。"))
    if letter.wished_last_day is not None:
        ahead = (letter.wished_last_day - legal_day(now)).days
        if not 0 <= ahead <= WISHED_DAYS_MAX:
            raise Refused("wished_day_impossible", _("希望的最后一天不能早于今天，也不能晚于一年以后。"))


def set_document(letter: Letter, person_id: UUID, signed: Signing) -> Document:
    """Set the very document that was previewed. Raises ``Refused`` naming a character that no font holds."""
    try:
        return letters.resignation(letter, writer_of(person_id), signed.paper)
    except DocumentError as error:
        raise unprintable(error) from error


def unprintable(error: DocumentError) -> Refused:
    """Return the refusal for a document that cannot be set, naming the character when it is known."""
    if isinstance(error, MissingGlyph) and error.characters:
        text = _("字库里没有“%(said)s”，请换一个写法，或请人力资源增加字体。") % {"said": error.characters[:20]}
        return Refused("glyph_missing", text)
    return Refused("document_not_set", _("文件暂时不能生成，请稍后再试或改用纸质。"))


def _fill(case: Case, letter: Letter, now: datetime) -> None:
    reading = letters.read(letter)
    tone = letters.tone_of(letter, reading)
    case.channel = Channel.APP
    case.sent_at = case.arrived_at = now
    case.recorded_by = None
    case.basis = Basis.ART_36 if tone == Tone.OFFER else Basis(letter.basis)
    case.grounds = ",".join(letter.grounds)
    case.tone, case.tone_read = tone, reading.tone.value
    case.wished_last_day = letter.wished_last_day
    said = "\n".join(wording.says_of_basis(letter, tone))
    case.sealed_letter = sealing.seal(case.person_id, case, "letter", said)
    case.sealed_reason = sealing.seal(case.person_id, case, "reason", letter.reason.strip())
    set_clock(case, now)


def _on_record(viewer: Viewer, case: Case, letter: Letter, reference: ObjectRef, now: datetime) -> None:
    noted(
        viewer,
        "separation.resign",
        "resign.submitted",
        case,
        now=now,
        public={"channel": case.channel, "tone": case.tone, "read": case.tone_read},
        committed={"reason": letter.reason.strip(), "grounds": f"{case.basis} {case.grounds}".strip()},
        objects=[reference],
    )


def keep_signature(
    viewer: Viewer,
    case: Case,
    withdrawal: Withdrawal | None,
    signed: Signing,
    identity: Identity,
    *,
    document_file: UUID,
    now: datetime,
) -> None:
    """The signature is kept sealed, and the ledger holds what was shown, for how long, and who proved to be there."""
    kind = SignatureKind.WITHDRAWAL if withdrawal else SignatureKind.RESIGNATION
    row = Signature(
        case=case,
        withdrawal=withdrawal,
        kind=kind,
        person_id=case.person_id,
        document_file=document_file,
        document_sha256=signed.sha256,
        opened_at=signed.opened_at,
        reached_end=signed.reached_end,
        seconds_read=signed.seconds,
        identity_method=identity.method,
        identity_at=identity.at,
        signed_at=now,
    )
    strokes = sealing.seal(case.person_id, row, "strokes", signed.strokes)
    png = sealing.seal(case.person_id, row, "png", signed.png)
    assert strokes is not None and png is not None  # noqa: PT018  both were looked at
    row.sealed_strokes, row.sealed_png = strokes, png
    row.save(force_insert=True)
    act = "separation.withdraw" if withdrawal else "separation.resign"
    noted(viewer, act, "idv.done", case, now=now, public={"method": identity.method, "at": identity.at.isoformat()})
    noted(
        viewer,
        act,
        "sign.done",
        case,
        now=now,
        public={"kind": str(kind), "document": signed.sha256, "seconds": signed.seconds, "reached_end": True},
        committed={"strokes": signed.strokes},
    )
