"""From a plan of the import bench to rows: the new ones, the changed ones with what they were, and the evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import serializers
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from guiyan.ledger.actions import Event
from guiyan.people import names, sealing
from guiyan.people.actions.employment import NewPerson, new_person_row, probation_last_day, settle_status
from guiyan.people.actions.organisation import CODE, new_unit
from guiyan.people.enums import ContractKind, DocumentType, EndKind, PerformanceKind, RowEffect, SensitiveKind, Sex
from guiyan.people.importing import Plan
from guiyan.people.importing.model import FieldChange, PlannedPerson, PlannedSpell
from guiyan.people.models import (
    Assignment,
    ContractBrief,
    EmploymentSpell,
    ImportedRow,
    Person,
    Post,
    SensitiveValue,
    Unit,
    Wage,
)
from guiyan.people.queries.imports import SEALED_FIELDS, SEX_WORDS, company_root, department_paths
from guiyan.platform import crypto, tenancy
from guiyan.platform.acting import Stale

DAY = timedelta(days=1)
NO_POST = "未注明岗位"
ROOT_CODE = "ROOT"
SEXES = {word: sex for sex, word in SEX_WORDS.items()}
PLAIN = ("name", "sex", "education")
WAGE_FIELDS = {"base_wage", "performance_wage", "performance_percent"}
CONTRACT_FIELDS = {"contract_kind", "contract_start", "contract_end"}
PLACE_FIELDS = {"department", "post", "manager"}


def outdated() -> Stale:
    """Return the refusal of a plan whose ground has moved."""
    return Stale("plan_outdated", _("名册在这期间有变动，请重新分析文件后再导入。"), object_kind="import")


@dataclass(slots=True)
class Draft:
    """The rows of one load. ``befores`` and ``made`` are what undoing needs; children of new people go with them."""

    units: list[Unit] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    values: list[SensitiveValue] = field(default_factory=list)
    spells: list[EmploymentSpell] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    contracts: list[ContractBrief] = field(default_factory=list)
    wages: list[Wage] = field(default_factory=list)
    changed: list[Model] = field(default_factory=list)
    befores: list[ImportedRow] = field(default_factory=list)
    made: list[ImportedRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    owners: set[UUID] = field(default_factory=set)

    def steps(self) -> list[tuple[type[Model], list[Any]]]:
        """Return the new rows by model, parents first."""
        return [
            (Unit, self.units),
            (Post, self.posts),
            (Person, self.people),
            (SensitiveValue, self.values),
            (EmploymentSpell, self.spells),
            (Assignment, self.assignments),
            (ContractBrief, self.contracts),
            (Wage, self.wages),
        ]


def draft_of(plan: Plan, batch_id: UUID, now: datetime) -> Draft:
    """Return the rows of a plan. Raises ``Stale`` when what the plan says is stored is not stored so."""
    drafter = _Drafter(plan, batch_id, now)
    drafter.places()
    drafter.persons()
    drafter.employments()
    drafter.evidence()
    return drafter.draft


class _Drafter:
    """Holds what the steps share: ids by key, keys by person, stored rows by id."""

    def __init__(self, plan: Plan, batch_id: UUID, now: datetime) -> None:
        self.plan, self.batch_id, self.now, self.draft = plan, batch_id, now, Draft()
        self.units: dict[tuple[str, ...], UUID] = {}
        self.posts: dict[str, UUID] = {}
        self.ids: dict[str, UUID] = {}
        self.stored: dict[UUID, Person] = {}
        self.values: dict[tuple[UUID, str], SensitiveValue] = {}
        self.keys: dict[str, dict[UUID, bytes]] = {}
        self.fresh: set[UUID] = set()
        self.spells_of: dict[UUID, list[EmploymentSpell]] = {}

    # --- departments and posts ------------------------------------------------------------------------------------

    def places(self) -> None:
        """Departments and posts that the plan needs exist, or are drafted below the company."""
        known = {path: unit_id for unit_id, path in department_paths().items()}
        rows = {unit.id: unit for unit in Unit.objects.all()}
        codes = {unit.code for unit in rows.values()}
        root = company_root()
        opened = min((spell.hire_date for spell in self.plan.spells), default=self.plan.as_of)
        if not rows:
            root = self._unit(ROOT_CODE, tenancy.required().name, None, opened)
            codes.add(ROOT_CODE)
        made: dict[tuple[str, ...], Unit] = {}
        for department in self.plan.departments:
            path = department.path
            if (path in known) != (department.status == "known"):
                raise outdated()
            if path in known:
                made[path] = rows[known[path]]
                continue
            parent = made[path[:-1]] if len(path) > 1 else root
            made[path] = self._unit(_free_code(department.code, codes), path[-1], parent, opened)
        self.units = {path: unit.id for path, unit in made.items()}
        if root is not None:
            self.units[()] = root.id
        wanted = {spell.post or NO_POST for spell in self.plan.spells}
        self.posts = dict(Post.objects.filter(name__in=wanted).values_list("name", "id"))
        for name in sorted(wanted - set(self.posts)):
            post = Post(name=name, name_key=names.sort_key(name))
            self.draft.posts.append(post)
            self.posts[name] = post.id
            self._made(post, None, "", None)

    def _unit(self, code: str, name: str, parent: Unit | None, opened: date) -> Unit:
        unit = new_unit(code, name, parent, opened)
        self.draft.units.append(unit)
        self._made(unit, None, "", None)
        return unit

    # --- people ---------------------------------------------------------------------------------------------------

    def persons(self) -> None:
        """New people are drafted, stored ones changed as the plan says."""
        known = sorted({UUID(person.known_id) for person in self.plan.people if person.known_id})
        self.stored = {row.id: row for row in Person.objects.select_for_update().filter(pk__in=known).order_by("pk")}
        if len(self.stored) != len(known):
            raise outdated()
        self.values = {(row.person_id, row.kind): row for row in SensitiveValue.objects.filter(person_id__in=known)}
        for row in EmploymentSpell.objects.filter(person_id__in=known):
            self.spells_of.setdefault(row.person_id, []).append(row)
        new = {
            person.key: new_person_row(
                NewPerson(
                    person.name,
                    SEXES.get(person.sex, Sex.UNKNOWN),
                    "、".join(person.aliases)[:200],
                    person.education[:40],
                ),
                self.now,
            )
            for person in self.plan.people
            if not person.known_id
        }
        self.ids = {
            person.key: UUID(person.known_id) if person.known_id else new[person.key].id for person in self.plan.people
        }
        self._fetch_keys()
        for person in self.plan.people:
            if person.known_id:
                self._change_person(person)
            else:
                self._new_person(person, new[person.key])
        self._refuse_known_documents()

    def _fetch_keys(self) -> None:
        owner = {spell.key: self.ids[spell.person_key] for spell in self.plan.spells}
        paid = [owner[spell.key] for spell in self.plan.spells if _has_wage(spell)]
        self.keys = {
            sealing.CONTRACT: crypto.subject_keys(list(self.ids.values()), sealing.CONTRACT),
            sealing.PAY: crypto.subject_keys(paid, sealing.PAY),
        }

    def _new_person(self, person: PlannedPerson, row: Person) -> None:
        self.fresh.add(row.id)
        self.draft.people.append(row)
        values = {kind.value: _text_of(person, name) for name, kind in SEALED_FIELDS.items()}
        self.draft.values += sealing.sealed_values(
            row.id, values, _document_type(person), self.now, {sealing.CONTRACT: self.keys[sealing.CONTRACT][row.id]}
        )
        self._made(row, row.id, person.rows[0].sheet, person.rows[0].row)
        self.draft.owners.add(row.id)

    def _change_person(self, person: PlannedPerson) -> None:
        row = self.stored[UUID(person.known_id)]
        plain = [change for change in person.changes if change.field in PLAIN]
        if any(change.before != _stored_text(row, change.field) for change in plain):
            raise outdated()
        if plain:
            self._before(row, row.id)
            for change in plain:
                setattr(row, change.field, SEXES[change.after] if change.field == "sex" else change.after)
            row.name_key = names.sort_key(row.name)
            row.name_search = names.search_text(row.name, row.aliases)
        for change in person.changes:
            if change.field in SEALED_FIELDS:
                self._change_value(person, row.id, change)
        if person.changes:
            self.draft.owners.add(row.id)

    def _change_value(self, person: PlannedPerson, person_id: UUID, change: FieldChange) -> None:
        kind = SEALED_FIELDS[change.field]
        row = self.values.get((person_id, kind))
        if row is not None:
            self._before(row, person_id)
        else:
            row = SensitiveValue(person_id=person_id, kind=kind)
            self.draft.values.append(row)
            self._made(row, person_id, person.rows[0].sheet, person.rows[0].row)
        key = self.keys[sealing.CONTRACT][person_id]
        sealing.seal_value(row, _text_of(person, change.field), _document_type(person), self.now, key)

    def _refuse_known_documents(self) -> None:
        """A document that came on file since the plan was made belongs to a person whom the plan takes for new."""
        documents = [bytes(row.index) for row in self.draft.values if row.kind == SensitiveKind.ID_DOCUMENT]
        if SensitiveValue.objects.filter(kind=SensitiveKind.ID_DOCUMENT, index__in=documents).exists():
            raise outdated()

    # --- spells ---------------------------------------------------------------------------------------------------

    def employments(self) -> None:
        """Spells with their place, contract and wage are drafted or changed; the newest of each person is marked."""
        person_of = {spell.key: self.ids[spell.person_key] for spell in self.plan.spells}
        rows = {row.id: row for each in self.spells_of.values() for row in each}
        for spell in self.plan.spells:
            manager = person_of.get(spell.manager_spell_key)
            if spell.manager_known_id:
                manager = UUID(spell.manager_known_id)
            if spell.status == "new":
                self._new_spell(spell, person_of[spell.key], manager)
            elif spell.status == "update":
                row = rows.get(UUID(spell.known_id))
                if row is None:
                    raise outdated()
                self._change_spell(spell, row, manager)
        for person_id in {row.person_id for row in self.draft.spells}:
            self._mark_latest(self.spells_of[person_id])

    def _new_spell(self, spell: PlannedSpell, person_id: UUID, manager: UUID | None) -> None:
        row = EmploymentSpell(person_id=person_id, hired_on=spell.hire_date, created_at=self.now, latest=False)
        self._fill_spell(row, spell)
        self.draft.spells.append(row)
        self.spells_of.setdefault(person_id, []).append(row)
        self._child(self.draft.assignments, self._place(row, spell, manager, spell.hire_date), spell, person_id)
        if spell.contract_kind or spell.contract_start or spell.contract_end:
            contract = ContractBrief(spell=row, recorded_at=self.now)
            _fill_contract(contract, spell)
            self._child(self.draft.contracts, contract, spell, person_id)
        if _has_wage(spell):
            self._child(self.draft.wages, self._wage(row, spell, spell.hire_date), spell, person_id)
        if person_id not in self.fresh:
            self._made(row, person_id, spell.sheet, spell.row)
        self.draft.owners.add(person_id)

    def _child(self, rows: list[Any], row: Any, spell: PlannedSpell, person_id: UUID) -> None:
        """Draft a row of a spell; it is remembered by itself only when its spell is not new."""
        rows.append(row)
        if spell.status != "new":
            self._made(row, person_id, spell.sheet, spell.row)

    def _fill_spell(self, row: EmploymentSpell, spell: PlannedSpell) -> None:
        row.number = spell.employee_number or row.number
        row.hired_on = spell.hire_date
        if spell.probation_months is not None or spell.regular_date is not None:
            row.probation_months = spell.probation_months
            regular = spell.regular_date
            row.probation_last_day = (
                regular - DAY if regular else probation_last_day(spell.hire_date, spell.probation_months)
            )
        row.insurance_place = spell.insurance_place[:60] or row.insurance_place
        key = self.keys[sealing.CONTRACT][row.person_id]
        if spell.remark:
            row.sealed_remark = crypto.seal(key, spell.remark.encode(), where=row.where("remark"))
        if spell.leave_reason:
            row.sealed_reason = crypto.seal(key, spell.leave_reason.encode(), where=row.where("reason"))
        if spell.state == "ended":
            row.ended_on, row.end_kind = spell.leave_date, row.end_kind or EndKind.UNKNOWN
        elif spell.state == "leaving":
            row.planned_end_on = spell.leave_date
        settle_status(row)

    def _place(self, row: EmploymentSpell, spell: PlannedSpell, manager: UUID | None, day: date) -> Assignment:
        unit = self.units.get(spell.department)
        if unit is None:
            raise Stale("no_department", _("有人员没有部门，而公司还没有唯一的上级部门。"), object_kind="import")
        return Assignment(
            spell=row, unit_id=unit, post_id=self.posts[spell.post or NO_POST], manager_id=manager, valid_from=day
        )

    def _wage(self, row: EmploymentSpell, spell: PlannedSpell, day: date) -> Wage:
        wage = Wage(spell=row, valid_from=day, recorded_at=self.now)
        self._fill_wage(wage, spell, row.person_id)
        return wage

    def _fill_wage(self, wage: Wage, spell: PlannedSpell, person_id: UUID) -> None:
        figure = spell.performance_wage
        wage.performance_kind = PerformanceKind.NONE if figure is None else PerformanceKind.AMOUNT
        if spell.performance_percent is not None:
            figure, wage.performance_kind = spell.performance_percent, PerformanceKind.PERCENT
        sealing.seal_wage(self.keys[sealing.PAY][person_id], wage, spell.base_wage, figure)

    def _change_spell(self, spell: PlannedSpell, row: EmploymentSpell, manager: UUID | None) -> None:
        fields = {change.field for change in spell.changes}
        if fields - WAGE_FIELDS - CONTRACT_FIELDS - PLACE_FIELDS:
            self._before(row, row.person_id)
            self._fill_spell(row, spell)
        if fields & PLACE_FIELDS:
            self._change_place(spell, row, manager)
        if fields & CONTRACT_FIELDS:
            self._change_contract(spell, row)
        if fields & WAGE_FIELDS:
            self._change_wage(spell, row)
        self.draft.owners.add(row.person_id)

    def _change_place(self, spell: PlannedSpell, row: EmploymentSpell, manager: UUID | None) -> None:
        """A place that differs holds from the day of the plan; what the file leaves open stays as it was."""
        newest = Assignment.objects.filter(spell=row).order_by("valid_from").last()
        unit = self.units[spell.department] if spell.department or newest is None else newest.unit_id
        post = self.posts[spell.post] if spell.post or newest is None else newest.post_id
        manager = manager or (newest.manager_id if newest else None)
        if newest is not None:
            self._before(newest, row.person_id)
            if newest.valid_from >= self.plan.as_of or row.ended_on is not None:
                newest.unit_id, newest.post_id, newest.manager_id = unit, post, manager
                return
            newest.valid_to = self.plan.as_of - DAY
        moved = Assignment(spell=row, unit_id=unit, post_id=post, manager_id=manager, valid_from=self.plan.as_of)
        self._child(self.draft.assignments, moved, spell, row.person_id)

    def _change_contract(self, spell: PlannedSpell, row: EmploymentSpell) -> None:
        newest = ContractBrief.objects.filter(spell=row).order_by("start_on", "id").last()
        if newest is not None and newest.start_on == (spell.contract_start or newest.start_on):
            self._before(newest, row.person_id)
            _fill_contract(newest, spell)
            return
        contract = ContractBrief(spell=row, recorded_at=self.now)
        _fill_contract(contract, spell)
        self._child(self.draft.contracts, contract, spell, row.person_id)

    def _change_wage(self, spell: PlannedSpell, row: EmploymentSpell) -> None:
        same_day = Wage.objects.filter(spell=row, valid_from=self.plan.as_of).first()
        if same_day is None:
            self._child(self.draft.wages, self._wage(row, spell, self.plan.as_of), spell, row.person_id)
            return
        self._before(same_day, row.person_id)
        self._fill_wage(same_day, spell, row.person_id)

    def _mark_latest(self, rows: list[EmploymentSpell]) -> None:
        newest = max(rows, key=lambda row: (row.hired_on, row.id))
        for row in rows:
            if row.latest != (row is newest):
                if not row._state.adding:
                    self._before(row, row.person_id)
                row.latest = row is newest

    # --- what undoing and the ledger need -------------------------------------------------------------------------

    def _made(self, row: Model, person_id: UUID | None, sheet: str, number: int | None) -> None:
        self.draft.made.append(
            ImportedRow(
                batch_id=self.batch_id,
                person_id=person_id,
                sheet=sheet[:100],
                row=number,
                table=row._meta.model_name or "",
                target_id=row.pk,
                effect=RowEffect.CREATED,
            )
        )

    def _before(self, row: Model, person_id: UUID) -> None:
        """Remember a stored row as it is before its first change, sealed, and have it saved."""
        if any(row is other for other in self.draft.changed):
            return
        kept = ImportedRow(
            batch_id=self.batch_id,
            person_id=person_id,
            table=row._meta.model_name or "",
            target_id=row.pk,
            effect=RowEffect.CHANGED,
        )
        text = serializers.serialize("json", [row])
        kept.sealed_before = crypto.seal(self.keys[sealing.CONTRACT][person_id], text.encode(), where=kept.where)
        self.draft.changed.append(row)
        self.draft.befores.append(kept)

    def evidence(self) -> None:
        """One event for each person whom the plan brings or changes, committing to what identifies them and changed."""
        spells: dict[str, list[PlannedSpell]] = {}
        for spell in self.plan.spells:
            spells.setdefault(spell.person_key, []).append(spell)
        for person in self.plan.people:
            mine = spells.get(person.key, [])
            changes = [*person.changes, *(change for spell in mine for change in spell.changes)]
            brought = any(spell.status == "new" for spell in mine)
            if not brought and not changes:
                continue
            kind = "person.corrected" if not brought else "person.rehired" if person.known_id else "person.hired"
            newest = max(mine, key=lambda spell: spell.hire_date, default=None)
            committed = {
                "name": person.name,
                "document": person.document_number,
                "number": f"工号 {newest.employee_number}" if newest and newest.employee_number else "",
                "hired_on": newest.hire_date.isoformat() if newest else "",
                "changes": "；".join(f"{change.field}：{change.after}" for change in changes),
            }
            self.draft.events.append(
                Event(
                    kind,
                    public={"batch": str(self.batch_id)},
                    committed={name: text for name, text in committed.items() if text},
                    subject=self.ids[person.key],
                )
            )


def _free_code(wanted: str, used: set[str]) -> str:
    """Return the code that a table gave, or the next number, and take it."""
    code = wanted if CODE.fullmatch(wanted) and wanted not in used else ""
    number = len(used)
    while not code or code in used:
        number += 1
        code = f"D{number:03d}"
    used.add(code)
    return code


def _has_wage(spell: PlannedSpell) -> bool:
    return any(each is not None for each in (spell.base_wage, spell.performance_wage, spell.performance_percent))


def _text_of(person: PlannedPerson, name: str) -> str:
    if name == "identity_number":
        return person.document_number
    value = getattr(person, name)
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _document_type(person: PlannedPerson) -> str:
    known = person.document_kind in DocumentType.values
    return person.document_kind if known else DocumentType.OTHER


def _stored_text(row: Person, name: str) -> str:
    return SEX_WORDS[Sex(row.sex)] if name == "sex" else str(getattr(row, name))


def _fill_contract(row: ContractBrief, spell: PlannedSpell) -> None:
    row.kind = ContractKind(spell.contract_kind or row.kind or ContractKind.LABOUR_CONTRACT)
    row.start_on = spell.contract_start or row.start_on or spell.hire_date
    row.end_on = None if row.kind == ContractKind.OPEN_ENDED else spell.contract_end or row.end_on
