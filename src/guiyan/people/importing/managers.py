"""Who reports to whom. A manager is found by number or by a name that exactly one employed person has; else it is
asked.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from .desk import Draft, choice, settle
from .duplicates import document_of, number_of
from .known import KnownPeople, employed
from .model import Choice, KnownPerson
from .reads import Ask, Context, Read
from .text import join_han, narrow

_TOKENS = re.compile(r"[()\[\]【】/\\,、;:\s\-_]+")
NONE_CHOICE = choice("no_manager", "empty")


@dataclass(frozen=True, slots=True, eq=False)
class Boss:
    """Somebody who can be a manager: a row of the file or a stored person."""

    draft: Draft | None
    known: KnownPerson | None
    name: str
    number: str
    key: str

    @property
    def label(self) -> str:
        """How the person is named in a choice."""
        place = f"{self.draft.ref.sheet} 第 {self.draft.ref.row} 行" if self.draft else "系统中"
        department = "/".join(self.draft.values.get("department") or ()) if self.draft else ""
        return " ".join(part for part in (self.name, self.number, department, f"（{place}）") if part)


@dataclass(slots=True)
class Staff:
    """Everybody by number, name and alias; `left` tells who has left and when."""

    by_number: dict[str, list[Boss]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Boss]] = field(default_factory=lambda: defaultdict(list))
    by_alias: dict[str, list[Boss]] = field(default_factory=lambda: defaultdict(list))
    by_key: dict[str, Boss] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    by_hole: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, boss: Boss, aliases: Iterable[str]) -> None:
        """Register an employed person."""
        self.by_key[boss.key] = boss
        if boss.name not in self.by_name:
            for hole in _holes(boss.name):
                self.by_hole[hole].append(boss.name)
        self.by_name[boss.name].append(boss)
        if boss.number:
            self.by_number[boss.number].append(boss)
        for alias in aliases:
            self.by_alias[alias].append(boss)


def _holes(name: str) -> list[str]:
    """The name with each of its characters left open in turn."""
    return [f"{name[:index]}*{name[index + 1 :]}" for index in range(len(name))] if 2 <= len(name) <= 6 else []


Links = dict[int, Boss]
"""Manager of a row, by the identity of its draft."""


def resolve_managers(drafts: list[Draft], known: KnownPeople, context: Context) -> Links:
    """The manager of every row whose manager is beyond doubt; the other rows get a question."""
    live = [draft for draft in drafts if not draft.skip]
    staff = _staff(live, known, context)
    links: Links = {}
    for draft in live:
        written, number = draft.values.get("manager"), draft.values.get("manager_number")
        if not isinstance(written, str) and number is None:
            continue
        ended = (leave := draft.values.get("leave_date")) is not None and leave <= context.as_of
        found, kind = _by_both(str(written or ""), str(number), staff) if number else find(str(written), staff)
        written = " ".join(str(part) for part in (written, number) if part)
        if kind == "manager_ambiguous":
            found = _as_stored(draft, str(draft.values.get("manager") or ""), staff, known)
        if found is not None and _is_self(found, draft):
            found, kind = None, "manager_self"
        if found is not None:
            links[id(draft)] = found
        elif not ended:
            _ask(draft, kind, written, staff, links)
    _cycles(live, links, staff)
    return {key: boss for key, boss in links.items() if boss.draft is None or not boss.draft.skip}


def _staff(live: list[Draft], known: KnownPeople, context: Context) -> Staff:
    staff, met, added = Staff(), set(), set()
    for draft in live:
        name = draft.subject
        person = known.match(document_of(draft), number_of(draft), name)
        if person:
            met.add(person.id)
        leave = draft.values.get("leave_date")
        if leave is not None and leave <= context.as_of:
            staff.left.setdefault(name, leave.isoformat())
            continue
        if draft.person_key and draft.person_key in added:
            continue
        added.add(draft.person_key)
        staff.add(Boss(draft, person, name, number_of(draft), f"person:{draft.ref}"), draft.aliases)
    for person in known.people:
        if person.id in met:
            continue
        if not employed(person, context.as_of):
            leave = max((spell.leave_date for spell in person.spells if spell.leave_date), default=None)
            staff.left.setdefault(person.name, leave.isoformat() if leave else "")
            continue
        number = next((spell.employee_number for spell in person.spells if spell.leave_date is None), "")
        staff.add(Boss(None, person, person.name, number, f"known:{person.id}"), ())
    return staff


def find(written: str, staff: Staff) -> tuple[Boss | None, str]:
    """The one person meant, or None and the kind of question."""
    text = join_han(narrow(written))
    numbers = staff.by_number.get(text.upper(), [])
    if len(numbers) == 1:
        return numbers[0], ""
    named = staff.by_name.get(text, []) or staff.by_alias.get(text, [])
    if len(named) == 1:
        return named[0], ""
    if len(named) > 1 or len(numbers) > 1:
        return None, "manager_ambiguous"
    tokens = [token for token in _TOKENS.split(text) if token]
    by_number = [boss for token in tokens for boss in staff.by_number.get(token.upper(), [])]
    by_name = [boss for token in tokens for boss in staff.by_name.get(token, [])]
    if len(tokens) == 2 and by_number:
        both = [boss for boss in by_number if boss in by_name]
        if len(both) == 1:
            return both[0], ""
        return None, "manager_number_name" if by_name else "manager_unknown"
    return None, "manager_left" if text in staff.left else "manager_unknown"


def _by_both(name: str, number: str, staff: Staff) -> tuple[Boss | None, str]:
    """The person of a number, when a name in a column of its own does not say somebody else."""
    numbered = staff.by_number.get(number, [])
    if len(numbered) != 1:
        return None, "manager_ambiguous" if numbered else "manager_unknown"
    boss, written = numbered[0], join_han(narrow(name))
    if written and written != boss.name and boss not in staff.by_alias.get(written, []):
        return None, "manager_number_name"
    return boss, ""


def _as_stored(draft: Draft, written: str, staff: Staff, known: KnownPeople) -> Boss | None:
    """The manager on file, when the file's name fits that one of several: the link stays what it is."""
    person = known.match(document_of(draft), number_of(draft), draft.subject)
    stored = {spell.values.get("manager") for spell in person.spells if spell.leave_date is None} if person else set()
    named = staff.by_name.get(join_han(narrow(written)), [])
    return next((boss for boss in named if boss.known is not None and boss.known.id in stored), None)


def _is_self(boss: Boss, draft: Draft) -> bool:
    """True for the row itself and for another row of the same person."""
    return boss.draft is draft or (
        boss.draft is not None and bool(draft.person_key) and boss.draft.person_key == draft.person_key
    )


def _candidates(written: str, staff: Staff) -> list[Boss]:
    text = join_han(narrow(written))
    exact = [*staff.by_number.get(text.upper(), []), *staff.by_name.get(text, []), *staff.by_alias.get(text, [])]
    if exact:
        return exact[:20]
    parts = {text[start:end] for start in range(min(len(text), 30)) for end in range(start + 2, start + 7)}
    names = [name for name in sorted(parts) if name in staff.by_name]
    names += [name for hole in _holes(text) for name in staff.by_hole.get(hole, ())]
    near = [boss for name in names for boss in staff.by_name[name]]
    tokens = [boss for token in _TOKENS.split(text) for boss in staff.by_number.get(token.upper(), [])]
    return list(dict.fromkeys([*tokens, *near]))[:8]


def _ask(draft: Draft, kind: str, written: str, staff: Staff, links: Links) -> None:
    candidates = [boss for boss in _candidates(written, staff) if boss.draft is not draft]
    text = join_han(narrow(written))
    count = len(staff.by_name.get(text, []) or staff.by_number.get(text.upper(), []))
    facts = (("written", written), ("count", str(count)), ("leave", staff.left.get(text, "")))
    _settle(draft, Ask(kind, (*_choices(candidates), NONE_CHOICE), facts, optional=False), staff, links)


def _choices(bosses: list[Boss]) -> tuple[Choice, ...]:
    return tuple(Choice(boss.key, boss.label, boss.label, "use", boss.key) for boss in bosses)


def _settle(draft: Draft, asked: Ask, staff: Staff, links: Links) -> bool:
    def apply(effect: str, found: Read) -> str:
        if effect == "empty":
            links.pop(id(draft), None)
            draft.values["manager"] = None
            return ""
        if effect == "use":
            boss = staff.by_key.get(str(found.value))
        else:
            boss, _ = find(str(found.value), staff)
        if boss is None:
            return "no_such_person"
        if _is_self(boss, draft):
            return "still_wrong"
        links[id(draft)] = boss
        return ""

    return settle(draft, "manager", asked, Read, apply)


def _cycles(live: list[Draft], links: Links, staff: Staff) -> None:
    done: set[int] = set()
    for start in live:
        path: dict[int, Draft] = {}
        current: Draft | None = start
        while current is not None and id(current) not in done and id(current) not in path:
            path[id(current)] = current
            boss = links.get(id(current))
            current = boss.draft if boss else None
        if current is not None and id(current) in path:
            members = list(path.values())
            _break(members[members.index(current) :], links, staff)
        done.update(path)


def _break(cycle: list[Draft], links: Links, staff: Staff) -> None:
    shown = [draft.subject for draft in cycle[:6]]
    names = " → ".join([*shown, "…", cycle[0].subject] if len(cycle) > 6 else [*shown, cycle[0].subject])
    asked = Ask("manager_cycle", (NONE_CHOICE,), (("chain", names),), optional=False)
    for draft in cycle:
        if draft.bench.answers.has(draft, "manager", "manager_cycle") and _settle(draft, asked, staff, links):
            break
    following, steps = cycle[0], 0
    while steps <= len(cycle) and (boss := links.get(id(following))) is not None and boss.draft is not None:
        following, steps = boss.draft, steps + 1
        if following is cycle[0]:
            for draft in cycle:
                _settle(draft, asked, staff, links)
                links.pop(id(draft), None)
            return


def shared_names(drafts: list[Draft], known: KnownPeople) -> Counter[str]:
    """How many people have each name, over the file and what is stored."""
    keys = {(draft.subject, draft.person_key or str(draft.ref)) for draft in drafts}
    counts = Counter(name for name, _ in keys)
    met = {
        person.id
        for draft in drafts
        if (person := known.match(document_of(draft), number_of(draft), draft.subject)) is not None
    }
    counts.update(person.name for person in known.people if person.id not in met)
    return counts
