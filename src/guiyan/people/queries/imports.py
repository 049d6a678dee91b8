"""What the import bench needs to know of what is stored, and the loads there have been."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from guiyan.people import sealing
from guiyan.people.enums import PerformanceKind, SensitiveKind, Sex
from guiyan.people.importing import KnownPeople, KnownPerson, KnownSpell
from guiyan.people.importing.text import canonical
from guiyan.people.models import (
    Assignment,
    ContractBrief,
    EmploymentSpell,
    ImportBatch,
    Person,
    SensitiveValue,
    Unit,
    Wage,
)
from guiyan.people.queries.organisation import paths_above
from guiyan.people.queries.standing import NotFound
from guiyan.platform import crypto
from guiyan.platform.models import User
from guiyan.platform.permissions import Viewer, allowed

DAY = timedelta(days=1)
CENT = Decimal("0.01")
BATCHES_MAX = 200
SEALED_FIELDS = {
    "identity_number": SensitiveKind.ID_DOCUMENT,
    "birth_date": SensitiveKind.BIRTH_DATE,
    "phone": SensitiveKind.MOBILE,
    "email": SensitiveKind.PERSONAL_EMAIL,
    "emergency_name": SensitiveKind.EMERGENCY_NAME,
    "emergency_phone": SensitiveKind.EMERGENCY_PHONE,
    "address": SensitiveKind.HOME_ADDRESS,
}
"""The bench's fields that are stored sealed, and as what."""
SEX_WORDS = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: ""}


@dataclass(frozen=True, slots=True)
class BatchView:
    """A load: which file, when, by whom, what it brought. ``counts`` are people and spells, new and changed."""

    batch_id: UUID
    filename: str
    file_sha256: str
    loaded_at: datetime
    loaded_by: str
    counts: dict[str, int]
    state: str
    reversed_at: datetime | None


def import_batches(viewer: Viewer) -> tuple[BatchView, ...]:
    """Return the newest loads, at most ``BATCHES_MAX``. Raises ``NotFound`` when ``viewer`` may not see them."""
    if not allowed(viewer, "people.view_imports"):
        raise NotFound("people.view_imports")
    batches = list(ImportBatch.objects.order_by("-loaded_at")[:BATCHES_MAX])
    names = dict(User.objects.filter(pk__in={batch.loaded_by for batch in batches}).values_list("id", "display_name"))
    return tuple(
        BatchView(
            batch.id,
            batch.filename,
            batch.file_sha256,
            batch.loaded_at,
            names.get(batch.loaded_by, "") if batch.loaded_by else "",
            batch.counts,
            batch.state,
            batch.reversed_at,
        )
        for batch in batches
    )


def seal_for_bench(name: str, text: str) -> str:
    """Return the stored form of a sealed field of the bench: its blind index in hex."""
    if name == "identity_number":
        text = text.partition(":")[2]
    return sealing.index_of(SEALED_FIELDS[name], text).hex()


def company_root() -> Unit | None:
    """Return the unit that is the whole company: the only one without a unit above. None when there is no such."""
    tops = list(Unit.objects.filter(parent__isnull=True, closed_on__isnull=True)[:2])
    return tops[0] if len(tops) == 1 else None


def department_paths() -> dict[UUID, tuple[str, ...]]:
    """Return the names from the top to each open unit; the company itself is not named."""
    units = list(Unit.objects.all())
    names = {unit.path: unit.name for unit in units}
    root = company_root()
    above = {unit.id: [names[path] for path in reversed(paths_above(unit.path))] for unit in units}
    return {unit.id: tuple(above[unit.id][1:] if root else above[unit.id]) for unit in units}


def known_people(viewer: Viewer) -> KnownPeople:
    """Return what is stored, as the bench compares it. Sealed values stay sealed: they compare by blind index.

    Raises ``NotFound`` when ``viewer`` may not load a roster. The same few queries however many people there are.
    """
    if not allowed(viewer, "people.load_import"):
        raise NotFound("people.load_import")
    paths = department_paths()
    spells = EmploymentSpell.objects.order_by("hired_on", "id").prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("post").order_by("valid_from")),
        Prefetch("contracts", ContractBrief.objects.order_by("start_on", "id")),
        Prefetch("wages", Wage.objects.order_by("valid_from")),
    )
    people = list(
        Person.objects.prefetch_related(
            Prefetch("spells", spells),
            Prefetch("sensitive", SensitiveValue.objects.only("person_id", "kind", "index")),
        )
    )
    paid = [person.id for person in people if any(spell.wages.all() for spell in person.spells.all())]
    noted = [person.id for person in people if any(_has_text(spell) for spell in person.spells.all())]
    pay_keys = crypto.subject_keys(paid, sealing.PAY)
    contract_keys = crypto.subject_keys(noted, sealing.CONTRACT)
    known = tuple(_person(person, pay_keys, contract_keys.get(person.id), paths) for person in people)
    open_paths = frozenset(path for path in paths.values() if path)
    return KnownPeople(known, open_paths, {}, seal_for_bench, frozenset(SEALED_FIELDS))


def _person(
    person: Person, pay_keys: dict[UUID, bytes], key: bytes | None, paths: dict[UUID, tuple[str, ...]]
) -> KnownPerson:
    index = {row.kind: bytes(row.index).hex() for row in person.sensitive.all()}
    values = {name: index[kind] for name, kind in SEALED_FIELDS.items() if kind in index}
    values |= {"name": person.name, "sex": SEX_WORDS[Sex(person.sex)], "education": person.education}
    return KnownPerson(
        str(person.id),
        person.name,
        index.get(SensitiveKind.ID_DOCUMENT, ""),
        tuple(_spell(person.id, spell, pay_keys, key, paths) for spell in person.spells.all()),
        {name: text for name, text in values.items() if text},
    )


def _spell(
    person_id: UUID,
    spell: EmploymentSpell,
    pay_keys: dict[UUID, bytes],
    key: bytes | None,
    paths: dict[UUID, tuple[str, ...]],
) -> KnownSpell:
    values: dict[str, Any] = {
        "probation_months": spell.probation_months,
        "regular_date": spell.probation_last_day + DAY if spell.probation_last_day else None,
        "insurance_place": spell.insurance_place,
        "remark": open_text(spell, "remark", key),
        "leave_reason": open_text(spell, "reason", key),
        "leave_date": spell.ended_on or spell.planned_end_on,
    }
    place = _last(spell.assignments.all())
    if place is not None:
        values["post"] = place.post.name
        values["manager"] = str(place.manager_id) if place.manager_id else ""
        values["department"] = "/".join(paths.get(place.unit_id, ()))
    contract = _last(spell.contracts.all())
    if contract is not None:
        values |= {
            "contract_kind": contract.kind,
            "contract_start": contract.start_on,
            "contract_end": contract.end_on,
        }
    wage = _last(spell.wages.all())
    if wage is not None and person_id in pay_keys:
        values |= _wage(wage, *sealing.open_wage(person_id, wage, pay_keys))
    return KnownSpell(
        str(spell.id),
        spell.number,
        spell.hired_on,
        spell.ended_on or spell.planned_end_on,
        {name: text for name, value in values.items() if (text := canonical(value))},
    )


def _has_text(spell: EmploymentSpell) -> bool:
    return spell.sealed_remark is not None or spell.sealed_reason is not None


def open_text(spell: EmploymentSpell, name: str, key: bytes | None) -> str:
    """Return a sealed text of a spell; empty when there is none or it was erased."""
    sealed = getattr(spell, f"sealed_{name}")
    return crypto.unseal(key, bytes(sealed), where=spell.where(name)).decode() if sealed and key else ""


def _wage(wage: Wage, base: Decimal | None, performance: Decimal | None) -> dict[str, Decimal | None]:
    if wage.performance_kind != PerformanceKind.PERCENT or performance is None:
        return {"base_wage": base, "performance_wage": performance}
    part = None if base is None else (base * performance / 100).quantize(CENT, ROUND_HALF_UP)
    return {"base_wage": base, "performance_wage": part, "performance_percent": performance}


def _last(rows: Iterable[Any]) -> Any:
    found = list(rows)
    return found[-1] if found else None
