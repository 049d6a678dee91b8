"""Employment spells: they begin, move, end and are restored. ``settle_status`` alone sets a spell's status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guiyan.kernel.calendar import add_months
from guiyan.people import names, sealing
from guiyan.people.actions.basis import because, lock_person, lock_spell, noted, open_spell, refuse
from guiyan.people.enums import DocumentType, EndKind, SensitiveKind, Sex, SpellStatus
from guiyan.people.events import StandingChanged
from guiyan.people.models import Assignment, EmploymentSpell, Person, Post, SensitiveValue, Unit, UnitManager
from guiyan.people.queries.standing import PersonRef, UnitRef
from guiyan.platform import bus, crypto
from guiyan.platform.acting import Stale, action, earlier_result, keep_result, require, savepoint
from guiyan.platform.clock import legal_day
from guiyan.platform.ids import new_id
from guiyan.platform.permissions import Viewer

DAY = timedelta(days=1)
PROBATION_MONTHS_MAX = 24
"""Nothing longer is a probation; what the law allows is less and is judged elsewhere."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who is hired. ``sensitive`` maps a ``SensitiveKind`` to its value (days as YYYY-MM-DD)."""

    name: str
    sex: str = Sex.UNKNOWN
    aliases: str = ""
    education: str = ""
    document_type: str = DocumentType.CITIZEN
    sensitive: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Engagement:
    """As what somebody is hired. ``manager_id`` None: the head of the unit. Months None: probation not stated."""

    number: str
    hired_on: date
    unit_id: UUID
    post_id: UUID
    manager_id: UUID | None = None
    probation_months: int | None = None
    insurance_place: str = ""


@dataclass(frozen=True, slots=True)
class Hired:
    """A spell that began. ``findings`` name what a person should look at: ``second_probation``."""

    person_id: UUID
    spell_id: UUID
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Where somebody works from a day on. ``manager_id`` None: the head of the unit."""

    unit_id: UUID
    post_id: UUID
    from_on: date
    manager_id: UUID | None = None


def settle_status(spell: EmploymentSpell) -> None:
    """Set the status that follows from the planned and the actual last day. Nothing else sets it."""
    if spell.ended_on is not None:
        spell.status = SpellStatus.ENDED
    elif spell.planned_end_on is not None:
        spell.status = SpellStatus.LEAVING
    else:
        spell.status = SpellStatus.ACTIVE


@action("people.hire")
def hire(viewer: Viewer, person: NewPerson, engagement: Engagement, *, request_id: UUID, now: datetime) -> Hired:
    """A new person is on file with a first spell and a place.

    Raises ``Refused`` for a document that is on file (then ``rehire``), a number in use, a closed unit.
    """
    require(viewer, "people.hire", UnitRef(engagement.unit_id), object_kind="unit", object_id=engagement.unit_id)
    before = earlier_result(request_id, act="people.hire", viewer=viewer, now=now)
    if before is not None:
        return _hired(before)
    if not person.name.strip():
        raise refuse("name_missing", _("请填写姓名。"))
    made = new_person_row(person, now)
    values = sealing.sealed_values(made.id, person.sensitive, person.document_type, now)
    _refuse_known_document(values)
    made.save(force_insert=True)
    SensitiveValue.objects.bulk_create(values)
    spell = _begin(made, engagement, now)
    noted(
        viewer,
        "people.hire",
        "person.hired",
        made.id,
        now=now,
        public={"spell": str(spell.id), "hired_on": engagement.hired_on.isoformat()},
        committed={"name": made.name, "number": f"工号 {spell.number}"},
    )
    result = Hired(made.id, spell.id)
    keep_result(request_id, _kept(result))
    return result


@action("people.rehire")
def rehire(viewer: Viewer, person_id: UUID, engagement: Engagement, *, request_id: UUID, now: datetime) -> Hired:
    """A person who has left is employed again: the same person, a new spell.

    A second probation is a finding, not a refusal: the law knows exceptions, and a person decides. Raises ``Refused``
    while a spell is open or when the new one would begin before the last one ended.
    """
    person = lock_person(viewer, "people.rehire", person_id, now)
    require(viewer, "people.rehire", UnitRef(engagement.unit_id), object_kind="unit", object_id=engagement.unit_id)
    before = earlier_result(request_id, act="people.rehire", viewer=viewer, now=now)
    if before is not None:
        return _hired(before)
    spells = list(EmploymentSpell.objects.filter(person=person))
    if any(spell.ended_on is None or spell.ended_on >= engagement.hired_on for spell in spells):
        raise refuse("spell_overlaps", _("此人在这段时间已有劳动关系，请先核对。"), person_id)
    again = engagement.probation_months and any(spell.probation_months for spell in spells)
    _leave_old_office(person, max(spell.ended_on for spell in spells if spell.ended_on), engagement.hired_on)
    EmploymentSpell.objects.filter(person=person, latest=True).update(latest=False)
    spell = _begin(person, engagement, now)
    result = Hired(person.id, spell.id, ("second_probation",) if again else ())
    noted(
        viewer,
        "people.rehire",
        "person.rehired",
        person.id,
        now=now,
        public={"spell": str(spell.id), "hired_on": engagement.hired_on.isoformat()},
        committed={"number": f"工号 {spell.number}"},
    )
    bus.publish(StandingChanged(person.id))
    keep_result(request_id, _kept(result))
    return result


@action("people.transfer")
def transfer(viewer: Viewer, person_id: UUID, move: Move, *, request_id: UUID, now: datetime) -> UUID:
    """From the day on the person works elsewhere, as something else, or under somebody else. Returns the assignment.

    A move on the first day of the newest assignment replaces it; an earlier one is refused.
    """
    person = lock_person(viewer, "people.transfer", person_id, now)
    before = earlier_result(request_id, act="people.transfer", viewer=viewer, now=now)
    if before is not None:
        return UUID(before["assignment"])
    spell = open_spell(person)
    _check_place(move.unit_id, move.post_id, move.manager_id, move.from_on, person_id)
    newest = Assignment.objects.filter(spell=spell, valid_to__isnull=True).first()
    row = newest or Assignment(spell=spell, valid_from=move.from_on)
    if newest is not None and newest.valid_from < move.from_on:
        newest.valid_to = move.from_on - DAY
        newest.save(update_fields=["valid_to"])
        row = Assignment(spell=spell, valid_from=move.from_on)
    elif move.from_on < (newest.valid_from if newest else spell.hired_on):
        raise refuse("move_too_early", _("生效日不能早于当前任职的开始日。"), person_id)
    row.unit_id, row.post_id, row.manager_id = move.unit_id, move.post_id, move.manager_id
    row.save()
    noted(
        viewer,
        "people.transfer",
        "spell.transferred",
        person.id,
        now=now,
        public={"spell": str(spell.id), "unit": str(move.unit_id), "from_on": move.from_on.isoformat()},
    )
    bus.publish(StandingChanged(person.id))
    keep_result(request_id, {"assignment": str(row.id)})
    return row.id


@action("people.plan_end")
def plan_end(viewer: Viewer, spell_id: UUID, last_day: date, *, request_id: UUID, now: datetime) -> None:
    """The spell is leaving: its last day is planned. Planning again moves the day."""
    spell = lock_spell(viewer, "people.plan_end", spell_id, now)
    if earlier_result(request_id, act="people.plan_end", viewer=viewer, now=now) is not None:
        return
    _must_be_open(spell)
    if last_day < spell.hired_on:
        raise refuse("end_before_start", _("最后工作日不能早于入职日。"), spell.person_id)
    spell.planned_end_on = last_day
    _save_end(spell)
    noted(
        viewer,
        "people.plan_end",
        "spell.planned",
        spell.person_id,
        now=now,
        public={"spell": str(spell.id), "last_day": last_day.isoformat()},
    )
    keep_result(request_id, {})


@action("people.end_spell")
def end_spell(
    viewer: Viewer,
    spell_id: UUID,
    ended_on: date,
    kind: str,
    *,
    ground: str = "",
    reason: str = "",
    request_id: UUID,
    now: datetime,
) -> None:
    """The spell has ended on its last day. ``ground`` names the article ("37", "39(2)"), ``reason`` is kept sealed.

    Assignments and headships are left as they are: what has ended no longer counts, and restoring needs no repair.
    Raises ``Refused`` for a day ahead (then ``plan_end``).
    """
    spell = lock_spell(viewer, "people.end_spell", spell_id, now)
    if earlier_result(request_id, act="people.end_spell", viewer=viewer, now=now) is not None:
        return
    _must_be_open(spell)
    if ended_on > legal_day(now):
        raise refuse("end_in_future", _("最后工作日还没有到，只能先登记计划。"), spell.person_id)
    if ended_on < spell.hired_on:
        raise refuse("end_before_start", _("最后工作日不能早于入职日。"), spell.person_id)
    spell.ended_on, spell.end_kind, spell.end_ground = ended_on, EndKind(kind), ground
    if reason:
        key = crypto.subject_key(spell.person_id, sealing.CONTRACT)
        spell.sealed_reason = crypto.seal(key, reason.encode(), where=spell.where("reason"))
    _save_end(spell)
    noted(
        viewer,
        "people.end_spell",
        "spell.ended",
        spell.person_id,
        now=now,
        public={"spell": str(spell.id), "ended_on": ended_on.isoformat(), "kind": spell.end_kind, "ground": ground},
        committed={"reason": because(reason)},
    )
    bus.publish(StandingChanged(None))  # whoever reported to them is concerned
    keep_result(request_id, {})


@action("people.restore_spell")
def restore_spell(viewer: Viewer, spell_id: UUID, *, request_id: UUID, now: datetime) -> None:
    """A spell that was leaving or has ended is active again, with the place, head office and pay that it had.

    Raises ``Refused`` when it is active, when a newer spell began, or when its number was given to somebody else.
    """
    spell = lock_spell(viewer, "people.restore_spell", spell_id, now)
    if earlier_result(request_id, act="people.restore_spell", viewer=viewer, now=now) is not None:
        return
    if spell.status == SpellStatus.ACTIVE:
        raise Stale("spell_is_active", _("劳动关系本来就在进行中。"), object_kind="spell", object_id=spell.id)
    if not spell.latest:
        raise refuse("newer_spell", _("此人之后又建立了新的劳动关系，不能恢复旧的。"), spell.person_id)
    _refuse_used_number(spell.number, spell.person_id, spell.person_id)
    public = {"spell": str(spell.id), "from_status": spell.status}
    spell.planned_end_on = spell.ended_on = spell.sealed_reason = None
    spell.end_kind = spell.end_ground = ""
    _save_end(spell)
    noted(viewer, "people.restore_spell", "spell.restored", spell.person_id, now=now, public=public)
    bus.publish(StandingChanged(None))  # whoever reports to them again is concerned
    keep_result(request_id, {})


def new_person_row(person: NewPerson, now: datetime) -> Person:
    """Return a person's row, not saved, with the keys that sort and find the name."""
    name = person.name.strip()
    return Person(
        id=new_id(),
        name=name,
        name_key=names.sort_key(name),
        name_search=names.search_text(name, person.aliases),
        aliases=person.aliases,
        sex=Sex(person.sex),
        education=person.education,
        created_at=now,
    )


def probation_last_day(hired_on: date, months: int | None) -> date | None:
    """Return the last day of a probation of whole months; None for none (Civil Code, Arts. 201 and 202)."""
    return add_months(hired_on, months) - DAY if months else None


def _begin(person: Person, engagement: Engagement, now: datetime) -> EmploymentSpell:
    """Add a spell with its first assignment to a locked or new person."""
    months = engagement.probation_months
    if months is not None and not 0 <= months <= PROBATION_MONTHS_MAX:
        raise refuse("probation_impossible", _("试用期的月数不对。"), person.id)
    number = engagement.number.strip()
    if not number:
        raise refuse("number_missing", _("请填写工号。"), person.id)
    _refuse_used_number(number, person.id, None)
    _check_place(engagement.unit_id, engagement.post_id, engagement.manager_id, engagement.hired_on, person.id)
    spell = EmploymentSpell(
        person=person,
        number=number,
        hired_on=engagement.hired_on,
        probation_months=months,
        probation_last_day=probation_last_day(engagement.hired_on, months),
        insurance_place=engagement.insurance_place,
        created_at=now,
    )
    settle_status(spell)
    _save_spell(spell)
    Assignment.objects.create(
        spell=spell,
        unit_id=engagement.unit_id,
        post_id=engagement.post_id,
        manager_id=engagement.manager_id,
        valid_from=engagement.hired_on,
    )
    return spell


def _leave_old_office(person: Person, last_day: date, hired_on: date) -> None:
    """Who comes back heads no unit and is nobody's manager from before: that ended with the former spell."""
    UnitManager.objects.filter(person=person, valid_to__isnull=True, valid_from__gt=last_day).delete()
    UnitManager.objects.filter(person=person, valid_to__isnull=True).update(valid_to=last_day)
    UnitManager.objects.filter(person=person, valid_to__gt=last_day).update(valid_to=last_day)
    named = Assignment.objects.filter(manager=person, valid_to__isnull=True, spell__ended_on__isnull=True)
    later = [row for row in named if row.valid_from < hired_on]
    successors = [
        Assignment(spell_id=row.spell_id, unit_id=row.unit_id, post_id=row.post_id, valid_from=hired_on)
        for row in later
    ]
    Assignment.objects.filter(pk__in=[row.pk for row in later]).update(valid_to=hired_on - DAY)
    Assignment.objects.bulk_create(successors)
    named.exclude(pk__in=[row.pk for row in successors]).update(manager=None)


def _save_end(spell: EmploymentSpell) -> None:
    settle_status(spell)
    _save_spell(spell)


def _save_spell(spell: EmploymentSpell) -> None:
    """Save, turning what the database refuses into the sentence that a check before it would have said."""
    try:
        with savepoint():
            spell.save()
    except IntegrityError as error:
        if "number" in str(error):
            raise refuse("number_taken", _("这个工号已经有人使用。"), spell.person_id) from error
        raise refuse("spell_overlaps", _("此人在这段时间已有劳动关系，请先核对。"), spell.person_id) from error


def _must_be_open(spell: EmploymentSpell) -> None:
    if spell.ended_on is not None:
        raise Stale("spell_has_ended", _("这段劳动关系已经结束。"), object_kind="spell", object_id=spell.id)


def _refuse_used_number(number: str, owner: UUID, about: UUID | None) -> None:
    """A number belongs to one person at a time; who comes back may have theirs again."""
    if EmploymentSpell.objects.filter(number=number, ended_on__isnull=True).exclude(person_id=owner).exists():
        raise refuse("number_taken", _("这个工号已经有人使用。"), about)


def _refuse_known_document(values: list[SensitiveValue]) -> None:
    for value in values:
        if value.kind == SensitiveKind.ID_DOCUMENT:
            known = SensitiveValue.objects.filter(kind=value.kind, index=value.index).first()
            if known is not None:
                raise refuse("person_on_file", _("这个证件号码已在册，请用“再次入职”办理。"), known.person_id)


def _check_place(unit_id: UUID, post_id: UUID, manager_id: UUID | None, day: date, person_id: UUID) -> None:
    units = Unit.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=day), pk=unit_id)
    if not units.exists():
        raise refuse("unit_not_open", _("没有这个部门，或者它已撤销。"), person_id)
    if not Post.objects.filter(pk=post_id).exists():
        raise refuse("post_unknown", _("没有这个岗位。"), person_id)
    if manager_id is None:
        return
    if not EmploymentSpell.objects.filter(person_id=manager_id, ended_on__isnull=True).exists():
        raise refuse("manager_not_employed", _("所选的上级不在职。"), person_id)
    if manager_id == person_id or person_id in PersonRef(manager_id, day).led_by:
        raise refuse("manager_circle", _("不能把下属或本人设为上级。"), person_id)


def _kept(result: Hired) -> dict[str, object]:
    return {"person": str(result.person_id), "spell": str(result.spell_id), "findings": list(result.findings)}


def _hired(kept: Mapping[str, object]) -> Hired:
    findings = kept.get("findings")
    return Hired(
        UUID(str(kept["person"])), UUID(str(kept["spell"])), tuple(findings) if isinstance(findings, list) else ()
    )
