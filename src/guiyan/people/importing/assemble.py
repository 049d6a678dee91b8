"""From accepted rows to people, spells, departments and links, each compared with what is stored."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .desk import Draft
from .known import KnownPeople, person_values, spell_values
from .layout import Codes
from .managers import Links
from .model import (
    FieldChange,
    KnownPerson,
    KnownSpell,
    ManagerLink,
    PlannedDepartment,
    PlannedPerson,
    PlannedSpell,
)
from .reads import Context

Stored = Mapping[int, tuple[KnownPerson, KnownSpell | None]]
"""What is stored for a row, by the identity of its draft."""
_CENT = Decimal("0.01")


def give_spell_keys(accepted: list[Draft]) -> None:
    """A key per spell: the person's key and the hire date."""
    for draft in accepted:
        draft.spell_key = f"{draft.person_key}@{draft.values['hire_date'].isoformat()}"


def people_of(accepted: list[Draft], stored: Stored, known: KnownPeople) -> tuple[PlannedPerson, ...]:
    """One person per key. Where rows of one person differ, the latest spell speaks and the others fill its gaps."""
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in accepted:
        groups[draft.person_key].append(draft)
    people = []
    for key, members in groups.items():
        latest_first = sorted(members, key=lambda draft: draft.values["hire_date"], reverse=True)
        person = _person(key, members, latest_first)
        old = next((stored[id(draft)][0] for draft in members if id(draft) in stored), None)
        if old is not None:
            changes = _changes(person_values(person), old.values, known)
            person = replace(person, status="update" if changes else "same", changes=changes, known_id=old.id)
        people.append(person)
    return tuple(people)


def _person(key: str, members: list[Draft], latest_first: list[Draft]) -> PlannedPerson:
    def first(name: str) -> Any:
        return next((value for draft in latest_first if (value := draft.values.get(name)) not in (None, "")), None)

    kind, _, number = str(first("identity_number") or "").partition(":")
    aliases = tuple(dict.fromkeys(alias for draft in members for alias in draft.aliases))

    def text(name: str) -> str:
        return str(first(name) or "")

    return PlannedPerson(
        key,
        "new",
        text("name"),
        aliases,
        kind,
        number,
        text("sex"),
        first("birth_date"),
        text("phone"),
        text("email"),
        text("emergency_name"),
        text("emergency_phone"),
        text("education"),
        text("address"),
        tuple(draft.ref for draft in members),
    )


def _changes(now: dict[str, str], before: Mapping[str, str], known: KnownPeople) -> tuple[FieldChange, ...]:
    changes = []
    for name, text in now.items():
        sealed = name in known.sealed
        if before.get(name, "") != (known.seal(name, text) if sealed else text):
            changes.append(FieldChange(name, "" if sealed else before.get(name, ""), text, sealed))
    return tuple(changes)


def spells_of(
    accepted: list[Draft], links: Links, stored: Stored, known: KnownPeople, context: Context
) -> tuple[PlannedSpell, ...]:
    """One spell per accepted row."""
    person_ids = {draft.person_key: stored[id(draft)][0].id for draft in accepted if id(draft) in stored}
    keys = {id(draft) for draft in accepted}
    spells = []
    for draft in accepted:
        spell = _spell(draft, context)
        boss, manager_id = links.get(id(draft)), ""
        if boss is not None and boss.draft is not None and id(boss.draft) in keys:
            manager_id = person_ids.get(boss.draft.person_key, boss.draft.person_key)
            spell = replace(spell, manager_spell_key=boss.draft.spell_key)
        elif boss is not None and boss.known is not None:
            manager_id = boss.known.id
            spell = replace(spell, manager_known_id=boss.known.id)
        old = stored[id(draft)][1] if id(draft) in stored else None
        if old is not None:
            changes = _changes(spell_values(spell, manager_id), _stored_values(old), known)
            spell = replace(spell, status="update" if changes else "same", changes=changes, known_id=old.id)
        spells.append(spell)
    return tuple(spells)


def _stored_values(old: KnownSpell) -> dict[str, str]:
    fixed = {"employee_number": old.employee_number, "hire_date": old.hire_date.isoformat()}
    if old.leave_date is not None:
        fixed["leave_date"] = old.leave_date.isoformat()
    return {**fixed, **old.values}


def _spell(draft: Draft, context: Context) -> PlannedSpell:
    values = draft.values
    base, percent, performance = (
        values.get("base_wage"),
        values.get("performance_percent"),
        values.get("performance_wage"),
    )
    if percent is not None and base is not None:
        performance = (base * percent / 100).quantize(_CENT, ROUND_HALF_UP)
    leave = values.get("leave_date")
    state = "active" if leave is None else "leaving" if leave > context.as_of else "ended"
    return PlannedSpell(
        draft.spell_key,
        draft.person_key,
        "new",
        state,
        draft.ref.sheet,
        draft.ref.row,
        str(values.get("employee_number") or ""),
        values.get("department") or (),
        str(values.get("post") or ""),
        "",
        "",
        values["hire_date"],
        values.get("probation_months"),
        values.get("regular_date"),
        str(values.get("contract_kind") or ""),
        values.get("contract_start"),
        values.get("contract_end"),
        str(values.get("insurance_place") or ""),
        base,
        performance,
        percent,
        leave,
        str(values.get("leave_reason") or ""),
        str(values.get("remark") or ""),
    )


def links_of(accepted: list[Draft], links: Links) -> tuple[ManagerLink, ...]:
    """The links of accepted rows; a link to a row that was refused waits, with a finding."""
    keys = {id(draft) for draft in accepted}
    found = []
    for draft in accepted:
        boss = links.get(id(draft))
        if boss is None:
            continue
        written = draft.written("manager")
        row = boss.draft.ref if boss.draft else None
        known_id = boss.known.id if boss.known else ""
        if boss.draft is not None and id(boss.draft) in keys:
            found.append(ManagerLink(draft.spell_key, boss.draft.spell_key, known_id, row, "linked", written))
        elif boss.known is not None:
            found.append(ManagerLink(draft.spell_key, "", known_id, row, "linked", written))
        else:
            found.append(ManagerLink(draft.spell_key, "", "", row, "waiting", written))
            draft.find("manager_waiting", "notice", written=written)
    return tuple(found)


def departments_of(spells: tuple[PlannedSpell, ...], codes: Codes, known: KnownPeople) -> tuple[PlannedDepartment, ...]:
    """Every department that the spells need, parents before children, with the active people in it and below."""
    counts: Counter[tuple[str, ...]] = Counter()
    for spell in spells:
        for depth in range(1, len(spell.department) + 1):
            counts[spell.department[:depth]] += spell.state != "ended"
    return tuple(
        PlannedDepartment(
            path,
            codes.departments.get(path[0], "") if len(path) == 1 else "",
            "known" if path in known.departments else "new",
            counts[path],
        )
        for path in sorted(counts)
    )
