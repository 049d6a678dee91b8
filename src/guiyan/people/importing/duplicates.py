"""Who is who: duplicate rows, numbers used twice, one person in several rows, and spells that overlap."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from .desk import DROP, Draft, choice, settle
from .fields import field_zh
from .identity import parse_identity
from .known import KnownPeople
from .model import Choice, KnownPerson, KnownSpell
from .reads import Ask, Deny, Fix, Read, use
from .rows import PARSERS
from .words import parse_number

_COMPARED = (
    "name",
    "employee_number",
    "identity_number",
    "sex",
    "department",
    "post",
    "manager",
    "manager_number",
    "hire_date",
    "probation_months",
    "regular_date",
    "contract_kind",
    "contract_start",
    "contract_end",
    "phone",
    "email",
    "emergency_name",
    "emergency_phone",
    "education",
    "address",
    "insurance_place",
    "base_wage",
    "performance_wage",
    "performance_percent",
    "leave_date",
    "leave_reason",
    "remark",
)


def resolve_people(drafts: list[Draft], known: KnownPeople) -> None:
    """Give every row a person key, drop identical rows, and ask about everything that cannot be both."""
    _drop_identical(drafts)
    _stored_names(_live(drafts), known)
    _numbers(_live(drafts), known)
    _keys(_live(drafts))
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in _live(drafts):
        if draft.person_key:
            groups[draft.person_key].append(draft)
    for members in groups.values():
        if len(members) > 1:
            _names(members)
            _spells([draft for draft in members if not draft.skip])


def _live(drafts: Iterable[Draft]) -> list[Draft]:
    return [draft for draft in drafts if not draft.skip]


def _rows(drafts: Iterable[Draft]) -> str:
    return "、".join(str(draft.ref.row) for draft in drafts)


def fingerprint(draft: Draft) -> tuple[Any, ...]:
    """What a row says, without its position. Rows that hold questions are compared by their original cells."""
    if draft.questions or draft.refusals:
        telling = {column.index for name, column in draft.columns.items() if name != "serial"}
        return ("cells", draft.ref.sheet, *(draft.cells[index] for index in sorted(telling)))
    return tuple(str(draft.values.get(name)) for name in _COMPARED)


def _drop_identical(drafts: list[Draft]) -> None:
    seen: dict[tuple[Any, ...], Draft] = {}
    for draft in _live(drafts):
        if not (draft.values.get("identity_number") or draft.values.get("employee_number") or draft.questions):
            continue
        first = seen.setdefault(fingerprint(draft), draft)
        if first is not draft and first.role == draft.role:
            draft.skip = "duplicate"
            draft.questions.clear()
            draft.refusals.clear()
            draft.repair("row", (Fix("duplicate_row", "rule", (("row", str(first.ref.row)),)),), "", draft.subject)


def document_of(draft: Draft) -> str:
    """`kind:number` of a row's document, or empty text."""
    return str(draft.values.get("identity_number") or "")


def number_of(draft: Draft) -> str:
    """The employee number of a row, or empty text."""
    return str(draft.values.get("employee_number") or "")


def _same_person(first: Draft, second: Draft) -> bool:
    one, two = document_of(first), document_of(second)
    if one and two:
        return one == two
    return bool(first.values.get("name")) and first.values.get("name") == second.values.get("name")


def _stored_names(drafts: list[Draft], known: KnownPeople) -> None:
    for draft in drafts:
        document, name = document_of(draft), draft.values.get("name")
        person = known.by_document.get(known.seal("identity_number", document)) if document else None
        if person is not None and name and person.name != name:
            _ask_stored_name(draft, person)


def _ask_stored_name(draft: Draft, person: KnownPerson) -> None:
    keep = Choice("same_person", "是同一人，姓名改为表中的", "The same person; take the name in the file", "keep")

    def apply(effect: str, found: Read) -> str:
        if effect == "set":
            draft.values["identity_number"] = found.value
        return ""

    asked = Ask("name_differs_stored", (keep,), (("names", person.name),), optional=False)
    settle(draft, "identity_number", asked, lambda text: parse_identity(text, draft.bench.context), apply)


def _numbers(drafts: list[Draft], known: KnownPeople) -> None:
    by_number: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if number_of(draft):
            by_number[number_of(draft)].append(draft)
    taken = set(by_number) | set(known.by_number)
    for number, members in by_number.items():
        strangers = any(not _same_person(members[0], other) for other in members[1:])
        if strangers:
            _number_taken(number, members, taken)
    for draft in drafts:
        owners = known.by_number.get(number_of(draft), ())
        own = known.match(document_of(draft), number_of(draft), str(draft.values.get("name") or ""))
        others = [person for person in owners if own is None or person.id != own.id]
        # A row whose document is in question may still be the stored person of that number and name.
        others = [person for person in others if document_of(draft) or person.name != draft.values.get("name")]
        if others and not draft.skip:
            facts = (("names", "、".join(person.name for person in others)),)
            _ask_number(draft, Ask("number_taken_stored", _hints(draft, taken), facts), taken)


def _number_taken(number: str, members: list[Draft], taken: set[str]) -> None:
    keepers: list[Draft] = []

    def asked_of(draft: Draft) -> Ask:
        others = [other for other in members[:6] if other is not draft][:5]
        facts = (("rows", _rows(others)), ("names", "、".join(other.subject for other in others)))
        keep = Choice("keep_number", "这一行保留此工号", "This row keeps the number", "keep")
        return Ask("number_taken", (keep, *_hints(draft, taken)), facts)

    for draft in members:
        if draft.bench.answers.has(draft, "employee_number", "number_taken"):
            _ask_number(draft, asked_of(draft), taken, keepers)
    left = [draft for draft in members if number_of(draft) == number and not draft.skip and draft not in keepers]
    unasked = [draft for draft in left if not any(item.kind == "number_taken" for item in draft.questions)]
    if len(left) + len(keepers) > 1:
        for draft in unasked:
            _ask_number(draft, asked_of(draft), taken, keepers)


def _hints(draft: Draft, taken: set[str]) -> tuple[Choice, ...]:
    """A number that the row's own e-mail address contains, in the shape of the disputed one: offered, never taken."""
    shape = re.fullmatch(r"([A-Z]*)(\d{3,})", number_of(draft))
    email = str(draft.values.get("email") or "").partition("@")[0].upper()
    if not shape or not email:
        return ()
    found = re.findall(rf"(?<!\d)\d{{{len(shape[2])}}}(?!\d)", email)
    free = [shape[1] + digits for digits in found if shape[1] + digits not in taken]
    return tuple(use(text, f"{text}（邮箱里的号码）", f"{text} (found in the e-mail address)") for text in free)


def _ask_number(draft: Draft, asked: Ask, taken: set[str], keepers: list[Draft] | None = None) -> None:
    def apply(effect: str, found: Read) -> str:
        if effect == "keep" and keepers is not None:
            if keepers:
                return "still_wrong"
            keepers.append(draft)
        elif effect == "empty":
            draft.values["employee_number"] = None
        else:
            if not found.value or str(found.value) in taken:
                return "still_wrong"
            taken.add(str(found.value))
            draft.values["employee_number"] = found.value
        return ""

    settle(draft, "employee_number", asked, lambda text: parse_number(text, draft.bench.context), apply)


def _keys(drafts: list[Draft]) -> None:
    documents: dict[tuple[str, str], set[str]] = defaultdict(set)
    for draft in drafts:
        if document_of(draft) and number_of(draft):
            documents[number_of(draft), draft.subject].add(document_of(draft))
    for draft in drafts:
        own = number_of(draft), draft.subject
        if document_of(draft):
            draft.person_key = document_of(draft)
        elif number_of(draft) and draft.values.get("name"):
            same = documents.get(own, set())
            draft.person_key = next(iter(same)) if len(same) == 1 else f"number:{own[0]}/{own[1]}"
        if not draft.person_key and not draft.held:
            # An answer has emptied the last thing that tells who this is.
            draft.refuse("row", Deny("no_key"))


def _names(members: list[Draft]) -> None:
    for draft in members[1:]:
        if draft.values.get("name") and draft.values.get("name") != members[0].values.get("name"):
            _ask_name(draft, members[0])


def _ask_name(draft: Draft, first: Draft) -> None:
    same = Choice(
        "same_person", "是同一人，这一行的姓名记为别名", "The same person; this name becomes an alias", "keep"
    )

    def apply(effect: str, found: Read) -> str:
        if effect == "keep":
            draft.aliases.append(str(draft.values["name"]))
            draft.values["name"] = first.values["name"]
            return ""
        if found.value == first.values.get("identity_number"):
            return "still_wrong"
        draft.values["identity_number"] = found.value
        draft.person_key = str(found.value)
        return ""

    asked = Ask("name_differs", (same,), (("rows", str(first.ref.row)), ("names", first.subject)), optional=False)

    def parse(text: str) -> Read:
        return parse_identity(text, draft.bench.context)

    settle(draft, "identity_number", asked, parse, apply, also=(first,))


def _spells(members: list[Draft]) -> None:
    key = members[0].person_key if members else ""
    if any(question.kind == "name_differs" for draft in members for question in draft.questions):
        return
    dated = [draft for draft in members if draft.values.get("hire_date") and draft.person_key == key]
    dated.sort(key=lambda draft: (draft.values["hire_date"], draft.ref.sheet, draft.ref.row))
    for earlier, later in pairwise(dated):
        if earlier.skip or later.skip:
            continue
        leave = earlier.values.get("leave_date")
        if leave is not None and later.values["hire_date"] > leave:
            continue
        both_open = leave is None and later.values.get("leave_date") is None
        if both_open or earlier.values["hire_date"] == later.values["hire_date"]:
            _person_twice(earlier, later)
        else:
            _overlap(earlier, later, leave)


def _person_twice(earlier: Draft, later: Draft) -> None:
    differing = [name for name in _COMPARED if earlier.values.get(name) != later.values.get(name)]
    facts = (
        ("rows", f"{earlier.ref.sheet} {earlier.ref.row}"),
        ("fields", "、".join(field_zh(name) for name in differing)),
    )
    choices = (choice("keep_row", "keep_row"), replace(DROP, label_zh=choice("earlier_is_right", "drop_row").label_zh))

    def apply(effect: str, found: Read) -> str:
        del found
        if effect == "keep_row":
            earlier.skip = "answered"
        return ""

    asked = Ask("person_twice", choices, facts, optional=False, takes_value=False)
    settle(later, "row", asked, None, apply, before=later.subject, also=(earlier,))


def _overlap(earlier: Draft, later: Draft, leave: date | None) -> None:
    facts = (("rows", f"{earlier.ref.sheet} {earlier.ref.row}"),)
    keep_row = choice("keep_row", "keep_row")

    def apply(effect: str, found: Read) -> str:
        if effect == "keep_row":
            earlier.skip = "answered"
        elif leave is None or not isinstance(found.value, date) or found.value <= leave:
            return "still_wrong"
        else:
            later.values["hire_date"] = found.value
        return ""

    asked = Ask("spells_overlap", (keep_row,), facts, optional=False)
    settle(
        later, "hire_date", asked, lambda text: PARSERS["hire_date"](text, later.bench.context), apply, also=(earlier,)
    )


def stored_spell(draft: Draft, person: KnownPerson) -> KnownSpell | None:
    """The stored spell that a row speaks of: the same hire date, else an open one after asking which date is right."""
    hire = draft.values.get("hire_date")
    for spell in person.spells:
        if spell.hire_date == hire:
            return spell
    current = [spell for spell in person.spells if spell.leave_date is None or (hire and spell.leave_date >= hire)]
    current = [
        spell
        for spell in current
        if not (draft.values.get("leave_date") and draft.values["leave_date"] < spell.hire_date)
    ]
    if not current or hire is None:
        return None
    spell = current[-1]
    update = Choice("update", "以表中日期为准，更新系统", "The file is right; update the stored date", "keep")
    stored = use(spell.hire_date)

    def apply(effect: str, found: Read) -> str:
        if effect == "set":
            if found.value != spell.hire_date:
                return "still_wrong"
            draft.values["hire_date"] = found.value
        return ""

    facts = (("stored", spell.hire_date.isoformat()),)
    asked = Ask("stored_hire_differs", (stored, update), facts, optional=False)
    settle(draft, "hire_date", asked, lambda text: PARSERS["hire_date"](text, draft.bench.context), apply)
    return spell
