"""Personal data: corrected, confirmed as a delivery address, shown in full or taken out of the house on record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.ledger.actions import record
from guiyan.people import masking, names, sealing
from guiyan.people.actions.basis import because, lock_person, noted, refuse
from guiyan.people.enums import AddressKind, ConfirmedHow, DocumentType, SensitiveKind, Sex
from guiyan.people.models import DeliveryAddress, EmploymentSpell, Person, SensitiveValue, Wage
from guiyan.people.queries.lists import PeopleFilter, PeopleRow, export_rows
from guiyan.people.queries.standing import NotFound, PersonRef
from guiyan.platform import crypto
from guiyan.platform.acting import action, earlier_result, keep_result, require
from guiyan.platform.clock import legal_day
from guiyan.platform.permissions import Viewer, relations_for

PLAIN_FIELDS = ("name", "aliases", "sex", "education")
VALUE_MAX = 500
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHAPES = {
    AddressKind.EMAIL: re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    AddressKind.MOBILE: re.compile(r"\+?[0-9][0-9 \-]{6,18}[0-9]"),
    AddressKind.WECOM: re.compile(r"[A-Za-z0-9_.@\-]{1,64}"),
    AddressKind.POSTAL: re.compile(r"(?s).{6,}"),
}
"""What an address of each kind looks like; whether anything arrives there is for the delivery to show."""


@action("people.correct")
def correct_person(
    viewer: Viewer,
    person_id: UUID,
    corrections: Mapping[str, str],
    *,
    document_type: str = DocumentType.CITIZEN,
    reason: str,
    request_id: UUID,
    now: datetime,
) -> tuple[str, ...]:
    """The person's data are as corrected; an empty value removes one. Returns the fields that changed.

    ``corrections`` maps ``PLAIN_FIELDS`` and ``SensitiveKind`` to new values. The ledger commits to each. Raises
    ``Refused`` without a reason, for an empty name, or a document that is somebody else's; ``ValueError`` for a field
    that does not exist.
    """
    person = lock_person(viewer, "people.correct", person_id, now)
    before = earlier_result(request_id, act="people.correct", viewer=viewer, now=now)
    if before is not None:
        return tuple(before["fields"])
    if not reason.strip():
        raise refuse("reason_missing", _("请填写更正的原因。"), person_id)
    if any(len(value) > VALUE_MAX for value in corrections.values()):
        raise refuse("value_too_long", _("内容太长。"), person_id)
    plain = {name: value.strip() for name, value in corrections.items() if name in PLAIN_FIELDS}
    sealed = {SensitiveKind(name).value: value for name, value in corrections.items() if name not in PLAIN_FIELDS}
    changed = [*correct_plain(person, plain), *correct_sensitive(person, sealed, document_type, now)]
    noted(
        viewer,
        "people.correct",
        "person.corrected",
        person_id,
        now=now,
        public={"fields": ",".join(changed)},
        committed={**{name: corrections[name].strip() for name in changed}, "reason": because(reason)},
    )
    keep_result(request_id, {"fields": changed})
    return tuple(changed)


def correct_plain(person: Person, values: Mapping[str, str]) -> list[str]:
    """Change and save what is stored in the clear; return the fields that changed."""
    if values.get("name", "?") == "":
        raise refuse("name_missing", _("请填写姓名。"), person.id)
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, Sex(values[name]).value if name == "sex" else values[name])
    if changed:
        person.name_key = names.sort_key(person.name)
        person.name_search = names.search_text(person.name, person.aliases)
        person.save()
    return changed


def correct_sensitive(person: Person, values: Mapping[str, str], document_type: str, now: datetime) -> list[str]:
    """Change what is stored sealed; return the kinds that changed."""
    rows = {row.kind: row for row in SensitiveValue.objects.filter(person=person, kind__in=list(values))}
    changed: list[str] = []
    for kind, value in values.items():
        row, clean = rows.get(kind), masking.normal(kind, value)
        if row is not None and not clean:
            row.delete()
        elif clean and (row is None or bytes(row.index) != sealing.index_of(kind, clean)):
            _refuse_others_document(kind, clean, person.id)
            row = row or SensitiveValue(person=person, kind=kind)
            key = crypto.subject_key(person.id, sealing.retention_of(kind))
            sealing.seal_value(row, clean, document_type, now, key).save()
        else:
            continue
        changed.append(str(kind))
    return changed


def _refuse_others_document(kind: str, clean: str, person_id: UUID) -> None:
    if kind != SensitiveKind.ID_DOCUMENT:
        return
    same = SensitiveValue.objects.filter(kind=kind, index=sealing.index_of(kind, clean))
    if same.exclude(person_id=person_id).exists():
        raise refuse("document_of_another", _("这个证件号码属于另一位在册人员。"), person_id)


@action("people.confirm_address")
def confirm_address(viewer: Viewer, kind: str, value: str, *, request_id: UUID, now: datetime) -> UUID:
    """The employee has confirmed where notices reach them; it replaces the one before. Returns the address."""
    person_id = viewer.person_id or UUID(int=0)
    person = lock_person(viewer, "people.confirm_address", person_id, now)
    before = earlier_result(request_id, act="people.confirm_address", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["address"])
    row = _new_address(person, kind, value, ConfirmedHow.SELF, now)
    return _put_in_force(viewer, "people.confirm_address", row, value, request_id=request_id, now=now)


@action("people.record_address")
def record_address(
    viewer: Viewer,
    person_id: UUID,
    kind: str,
    value: str,
    *,
    proof_sha256: str,
    confirmed_at: datetime,
    request_id: UUID,
    now: datetime,
) -> UUID:
    """An address that the employee confirmed on paper is in force; the paper's digest (SHA-256, hex) proves it."""
    person = lock_person(viewer, "people.record_address", person_id, now)
    before = earlier_result(request_id, act="people.record_address", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["address"])
    if not _SHA256.fullmatch(proof_sha256):
        raise refuse("proof_missing", _("请附上员工签字确认的书面材料。"), person_id)
    if confirmed_at > now:
        raise refuse("confirmed_in_future", _("确认时间不能晚于现在。"), person_id)
    row = _new_address(person, kind, value, ConfirmedHow.PAPER, confirmed_at)
    row.proof_sha256 = proof_sha256
    return _put_in_force(viewer, "people.record_address", row, value, request_id=request_id, now=now)


def _new_address(person: Person, kind: str, value: str, how: str, confirmed_at: datetime) -> DeliveryAddress:
    text = value.strip()
    if len(text) > VALUE_MAX or not _SHAPES[AddressKind(kind)].fullmatch(text):
        raise refuse("address_unusable", _("这个送达地址不完整，请核对。"), person.id)
    row = DeliveryAddress(person=person, kind=AddressKind(kind), confirmed_at=confirmed_at, confirmed_how=how, mask="")
    row.mask = masking.mask_address(kind, text)
    row.sealed = crypto.seal(crypto.subject_key(person.id, sealing.CONTRACT), text.encode(), where=row.where)
    return row


def _put_in_force(
    viewer: Viewer, act: str, row: DeliveryAddress, value: str, *, request_id: UUID, now: datetime
) -> UUID:
    """Save the address from now on, end the one before, and prove it."""
    row.valid_from = now
    same = DeliveryAddress.objects.filter(person_id=row.person_id, kind=row.kind)
    if same.filter(valid_from__gte=now).exists():
        raise refuse("address_just_confirmed", _("刚刚已确认过，请刷新页面查看。"), row.person_id)
    same.filter(valid_to__isnull=True).update(valid_to=now)
    row.save(force_insert=True)
    noted(
        viewer,
        act,
        "address.confirmed",
        row.person_id,
        now=now,
        public={"address": str(row.id), "kind": row.kind, "how": row.confirmed_how},
        committed={"address": value.strip(), "proof": row.proof_sha256},
    )
    keep_result(request_id, {"address": str(row.id)})
    return row.id


@action("people.reveal")
def reveal_sensitive(viewer: Viewer, person_id: UUID, kind: str, *, reason: str, now: datetime) -> str:
    """The viewer has seen one value in full, and the look is on the ledger: who, whose, which, why.

    Returns the value. Who looks at their own needs no reason. Raises ``Refused`` without one, ``NotFound`` when nothing
    is stored, ``crypto.Erased`` when it was erased.
    """
    act = sealing.reveal_act(SensitiveKind(kind))
    lock_person(viewer, act, person_id, now)
    row = SensitiveValue.objects.filter(person_id=person_id, kind=kind).first()
    if row is None:
        raise NotFound(str(person_id))
    _look(viewer, person_id, str(kind), reason, now)
    return sealing.open_value(row)


@action("people.reveal")
def reveal_address(viewer: Viewer, address_id: UUID, *, reason: str, now: datetime) -> str:
    """The viewer has seen a delivery address in full, and the look is on the ledger. Returns the address."""
    owner = DeliveryAddress.objects.filter(pk=address_id).values_list("person_id", flat=True).first()
    person = lock_person(viewer, "people.reveal", owner or address_id, now)
    row = DeliveryAddress.objects.get(pk=address_id)
    _look(viewer, person.id, f"address.{row.kind}", reason, now)
    return sealing.open_address(row)


@dataclass(frozen=True, slots=True)
class WageShown:
    """The figures of a wage in full: yuan, or per cent of the base for performance by its kind."""

    base: Decimal | None
    performance_kind: str
    performance: Decimal | None


@action("people.view_wage")
def reveal_wage(viewer: Viewer, spell_id: UUID, valid_from: date, *, reason: str, now: datetime) -> WageShown:
    """The viewer has seen one wage in full, and the look is on the ledger, as for every other value.

    Raises ``Refused`` without a reason for another's wage, ``NotFound`` when there is no such wage.
    """
    owner = EmploymentSpell.objects.filter(pk=spell_id).values_list("person_id", flat=True).first()
    person = lock_person(viewer, "people.view_wage", owner or spell_id, now)
    row = Wage.objects.filter(spell_id=spell_id, valid_from=valid_from).first()
    if row is None:
        raise NotFound(str(spell_id))
    _look(viewer, person.id, f"wage.{valid_from.isoformat()}", reason, now)
    base, performance = sealing.open_wage(person.id, row)
    return WageShown(base, row.performance_kind, performance)


def _look(viewer: Viewer, person_id: UUID, what: str, reason: str, now: datetime) -> None:
    if not reason.strip() and viewer.person_id != person_id:
        raise refuse("reason_missing", _("请填写查看的原因。"), person_id)
    record(
        viewer,
        "pii.revealed",
        now=now,
        public={"value": what},
        committed={"whose": str(person_id), **({"reason": because(reason)} if reason.strip() else {})},
        subject=person_id,
    )


@action("people.export")
def export_people(
    viewer: Viewer, filters: PeopleFilter | None, sort: str, *, reason: str, now: datetime, on: date | None = None
) -> tuple[PeopleRow, ...]:
    """The viewer has taken the filtered list out of the house, and it is on the ledger. Returns its rows."""
    if not any(relations_for(viewer, "people.export")):
        require(viewer, "people.export", PersonRef(UUID(int=0)), object_kind="people")
    if not reason.strip():
        raise refuse("reason_missing", _("请填写导出的原因。"))
    rows = export_rows(viewer, filters, sort, on=on or legal_day(now))
    record(
        viewer,
        "data.exported",
        now=now,
        public={"what": "people", "rows": len(rows)},
        committed={"reason": because(reason)},
        subject=viewer.person_id or viewer.user_id,
    )
    return rows
