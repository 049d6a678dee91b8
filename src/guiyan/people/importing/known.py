"""What is stored already, as the import bench needs to see it, and what will be stored after a plan is loaded."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from .fields import PERSON_FIELDS, SPELL_FIELDS
from .model import KnownPerson, KnownSpell, Plan, PlannedPerson, PlannedSpell
from .text import canonical


def _plain(name: str, text: str) -> str:
    del name
    return text


@dataclass(frozen=True)
class KnownPeople:
    """Stored people, departments (paths from the top) and department aliases (alias → full name).

    `seal(field, text)` turns a value of a sealed field into the form in which it is stored (a blind index), so that
    sealed values are compared without being opened. `sealed` names those fields; "identity_number" is sealed as
    "kind:number".
    """

    people: tuple[KnownPerson, ...] = ()
    departments: frozenset[tuple[str, ...]] = frozenset()
    department_aliases: Mapping[str, str] = field(default_factory=dict)
    seal: Callable[[str, str], str] = _plain
    sealed: frozenset[str] = frozenset()

    @cached_property
    def by_document(self) -> dict[str, KnownPerson]:
        """Stored people by their sealed document."""
        return {person.document: person for person in self.people if person.document}

    @cached_property
    def by_number(self) -> dict[str, tuple[KnownPerson, ...]]:
        """Stored people by employee number, of any spell."""
        found: dict[str, list[KnownPerson]] = defaultdict(list)
        for person in self.people:
            for number in {spell.employee_number for spell in person.spells if spell.employee_number}:
                found[number].append(person)
        return {number: tuple(people) for number, people in found.items()}

    @cached_property
    def by_name(self) -> dict[str, tuple[KnownPerson, ...]]:
        """Stored people with the same name."""
        found: dict[str, list[KnownPerson]] = defaultdict(list)
        for person in self.people:
            found[person.name].append(person)
        return {name: tuple(people) for name, people in found.items()}

    def match(self, document: str, number: str, name: str) -> KnownPerson | None:
        """The stored person: by document; else by number and name, unless both have documents that differ."""
        if document:
            person = self.by_document.get(self.seal("identity_number", document))
            if person is not None:
                return person
        same = [person for person in self.by_number.get(number, ()) if person.name == name]
        if len(same) == 1 and not (document and same[0].document):
            return same[0]
        return None


def employed(person: KnownPerson, as_of: date) -> bool:
    """True when a stored person has a spell that has not ended by `as_of`."""
    return any(spell.leave_date is None or spell.leave_date > as_of for spell in person.spells)


def person_values(person: PlannedPerson) -> dict[str, str]:
    """The canonical texts of a person's fields; empty ones are left out."""
    document = f"{person.document_kind}:{person.document_number}" if person.document_number else ""
    texts = {name: "" if name == "identity_number" else canonical(getattr(person, name)) for name in PERSON_FIELDS}
    texts["identity_number"] = document
    return {name: text for name, text in texts.items() if text}


def spell_values(spell: PlannedSpell, manager_id: str) -> dict[str, str]:
    """The canonical texts of a spell's fields; without empty ones. `manager_id` is the stored id of the manager."""
    texts: dict[str, str] = {}
    for name in SPELL_FIELDS:
        if name == "manager":
            texts[name] = manager_id
        elif name == "department":
            texts[name] = "/".join(spell.department)
        else:
            content: str | int | Decimal | date | None = getattr(spell, name)
            texts[name] = canonical(content)
    return {name: text for name, text in texts.items() if text}


def known_after(plan: Plan, known: KnownPeople) -> KnownPeople:
    """What would be stored after `plan` is loaded over `known`: for rehearsals and for proof that a second load adds
    nothing.

    New people and spells get their plan keys as ids.
    """
    people = {person.id: person for person in known.people}
    ids = {person.key: person.known_id or person.key for person in plan.people}
    owner = {spell.key: ids[spell.person_key] for spell in plan.spells}
    for person in plan.people:
        old = people.get(ids[person.key])
        texts = person_values(person)
        document = texts.get("identity_number", "")
        values = {name: known.seal(name, text) if name in known.sealed else text for name, text in texts.items()}
        people[ids[person.key]] = KnownPerson(
            ids[person.key],
            person.name,
            known.seal("identity_number", document) if document else old.document if old else "",
            old.spells if old else (),
            {**(old.values if old else {}), **values},
        )
    for spell in plan.spells:
        person_id = owner[spell.key]
        manager = spell.manager_known_id or owner.get(spell.manager_spell_key, "")
        kept = tuple(item for item in people[person_id].spells if item.id != (spell.known_id or spell.key))
        before = next((item for item in people[person_id].spells if item.id == spell.known_id), None)
        texts = spell_values(spell, manager)
        values = {name: known.seal(name, text) if name in known.sealed else text for name, text in texts.items()}
        new = KnownSpell(
            spell.known_id or spell.key,
            spell.employee_number or (before.employee_number if before else ""),
            spell.hire_date,
            spell.leave_date or (before.leave_date if before else None),
            {**(before.values if before else {}), **values},
        )
        old_person = people[person_id]
        people[person_id] = KnownPerson(
            person_id, old_person.name, old_person.document, (*kept, new), old_person.values
        )
    paths = known.departments | {department.path for department in plan.departments}
    return KnownPeople(tuple(people.values()), paths, known.department_aliases, known.seal, known.sealed)
