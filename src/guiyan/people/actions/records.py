"""What is recorded around a spell: contracts in brief, wages, protections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guiyan.kernel.money import as_text
from guiyan.people import sealing
from guiyan.people.actions.basis import because, lock_person, lock_spell, noted, refuse
from guiyan.people.enums import ContractKind, PerformanceKind, ProtectionKind, ProtectionSource
from guiyan.people.models import ContractBrief, Protection, Wage
from guiyan.people.queries.standing import NotFound
from guiyan.platform import crypto
from guiyan.platform.acting import Stale, action, earlier_result, keep_result
from guiyan.platform.permissions import Viewer

INJURY_GRADES = range(1, 11)


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """A contract in brief. ``end_on`` None: no end is agreed (open-ended, or until a task is done)."""

    kind: str
    start_on: date
    end_on: date | None = None
    signed_on: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class WageTerms:
    """A monthly wage in yuan from a day on; ``performance`` in yuan or per cent of the base, by its kind."""

    base: Decimal
    valid_from: date
    performance_kind: str = PerformanceKind.NONE
    performance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProtectionFacts:
    """A protection as it is known. ``valid_to`` None: no end is known; ``detail`` is kept sealed."""

    kind: str
    valid_from: date
    valid_to: date | None = None
    source: str = ProtectionSource.DOCUMENT
    injury_grade: int | None = None
    detail: str = ""


@action("people.record_contract")
def record_contract(viewer: Viewer, spell_id: UUID, terms: ContractTerms, *, request_id: UUID, now: datetime) -> UUID:
    """The spell has one more contract in brief. Raises ``Refused`` for days out of order or outside the spell."""
    spell = lock_spell(viewer, "people.record_contract", spell_id, now)
    before = earlier_result(request_id, act="people.record_contract", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["contract"])
    if terms.end_on is not None and (terms.end_on < terms.start_on or terms.kind == ContractKind.OPEN_ENDED):
        raise refuse("contract_days_impossible", _("合同的起止日期不对。"), spell.person_id)
    if spell.ended_on is not None and terms.start_on > spell.ended_on:
        raise refuse("contract_after_spell", _("合同开始日在离职之后。"), spell.person_id)
    row = ContractBrief.objects.create(
        spell=spell,
        kind=ContractKind(terms.kind),
        number=terms.number.strip(),
        start_on=terms.start_on,
        end_on=terms.end_on,
        signed_on=terms.signed_on,
        recorded_at=now,
    )
    noted(
        viewer,
        "people.record_contract",
        "contract.recorded",
        spell.person_id,
        now=now,
        public={
            "spell": str(spell.id),
            "contract": str(row.id),
            "kind": row.kind,
            "start_on": terms.start_on.isoformat(),
            "end_on": terms.end_on.isoformat() if terms.end_on else None,
        },
        committed={"number": f"合同编号 {row.number}" if row.number else ""},
    )
    keep_result(request_id, {"contract": str(row.id)})
    return row.id


@action("people.record_wage")
def record_wage(viewer: Viewer, spell_id: UUID, terms: WageTerms, *, request_id: UUID, now: datetime) -> UUID:
    """From the day on the wage is this. On a day that has one already it is corrected; the ledger keeps both."""
    spell = lock_spell(viewer, "people.record_wage", spell_id, now)
    before = earlier_result(request_id, act="people.record_wage", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["wage"])
    check_wage(terms, spell.person_id)
    row = Wage.objects.filter(spell=spell, valid_from=terms.valid_from).first()
    row = row or Wage(spell=spell, valid_from=terms.valid_from, recorded_at=now)
    row.performance_kind = PerformanceKind(terms.performance_kind)
    sealing.seal_wage(crypto.subject_key(spell.person_id, sealing.PAY), row, terms.base, terms.performance)
    row.save()
    noted(
        viewer,
        "people.record_wage",
        "wage.recorded",
        spell.person_id,
        now=now,
        public={"spell": str(spell.id), "wage": str(row.id), "from_on": terms.valid_from.isoformat()},
        committed={
            "base": as_text(terms.base),
            "performance": "" if terms.performance is None else as_text(terms.performance),
        },
        retention=sealing.PAY,
    )
    keep_result(request_id, {"wage": str(row.id)})
    return row.id


def check_wage(terms: WageTerms, person_id: UUID) -> None:
    """Raise ``Refused`` for figures that are no wage."""
    none = PerformanceKind(terms.performance_kind) == PerformanceKind.NONE
    figures = [terms.base, *([terms.performance] if terms.performance is not None else [])]
    if none != (terms.performance is None) or any(not figure.is_finite() or figure < 0 for figure in figures):
        raise refuse("wage_impossible", _("工资数额不对。"), person_id)


@action("people.record_protection")
def record_protection(
    viewer: Viewer, person_id: UUID, facts: ProtectionFacts, *, request_id: UUID, now: datetime
) -> UUID:
    """A protection is on record, for those who serve the person and for no manager.

    Who declares for oneself declares, and brings the proof later. Raises ``Refused`` for days out of order, an injury
    without a grade from 1 to 10, or a fact that is on record from the same day.
    """
    person = lock_person(viewer, "people.record_protection", person_id, now)
    before = earlier_result(request_id, act="people.record_protection", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["protection"])
    kind = ProtectionKind(facts.kind)
    if facts.valid_to is not None and facts.valid_to < facts.valid_from:
        raise refuse("protection_days_impossible", _("结束日不能早于开始日。"), person_id)
    graded = facts.injury_grade in INJURY_GRADES
    if graded != (kind == ProtectionKind.INJURY) or (facts.injury_grade is not None and not graded):
        raise refuse("injury_grade_impossible", _("工伤要填一至十级，其他情形不填。"), person_id)
    if Protection.objects.filter(person=person, kind=kind, valid_from=facts.valid_from).exists():
        raise refuse("protection_on_record", _("同一天开始的同类事实已经登记。"), person_id)
    own = viewer.person_id == person_id
    row = Protection(
        person=person,
        kind=kind,
        injury_grade=facts.injury_grade,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        source=ProtectionSource.DECLARED if own else ProtectionSource(facts.source),
        recorded_at=now,
    )
    if facts.detail:
        key = crypto.subject_key(person_id, sealing.CONTRACT)
        row.sealed_detail = crypto.seal(key, facts.detail.encode(), where=row.where)
    row.save(force_insert=True)
    noted(
        viewer,
        "people.record_protection",
        "protection.recorded",
        person_id,
        now=now,
        public={"protection": str(row.id)},
        committed={"kind": str(kind), "valid_from": facts.valid_from.isoformat(), "detail": because(facts.detail)},
    )
    keep_result(request_id, {"protection": str(row.id)})
    return row.id


@action("people.end_protection")
def end_protection(
    viewer: Viewer, protection_id: UUID, last_day: date, *, reason: str, request_id: UUID, now: datetime
) -> None:
    """The fact holds until its last day; the row stays. Raises ``Refused`` for a day before the first, or no reason."""
    owner = Protection.objects.filter(pk=protection_id).values_list("person_id", flat=True).first()
    person = lock_person(viewer, "people.end_protection", owner or protection_id, now)
    if earlier_result(request_id, act="people.end_protection", viewer=viewer, now=now) is not None:
        return
    row = Protection.objects.filter(pk=protection_id).first()
    if row is None:
        raise NotFound(str(protection_id))
    if row.ended_at is not None:
        raise Stale("protection_has_ended", _("这项事实已经结束。"), object_kind="protection", object_id=row.id)
    if last_day < row.valid_from:
        raise refuse("protection_days_impossible", _("结束日不能早于开始日。"), person.id)
    if not reason.strip():
        raise refuse("reason_missing", _("请填写依据。"), person.id)
    row.valid_to, row.ended_at = last_day, now
    row.save(update_fields=["valid_to", "ended_at"])
    noted(
        viewer,
        "people.end_protection",
        "protection.ended",
        person.id,
        now=now,
        public={"protection": str(row.id)},
        committed={"last_day": last_day.isoformat(), "reason": because(reason)},
    )
    keep_result(request_id, {})
