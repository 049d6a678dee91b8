"""One entrance: the bytes of a roster in, the whole plan out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from .assemble import Stored, departments_of, give_spell_keys, links_of, people_of, spells_of
from .checks import check_row
from .departments import resolve_departments
from .desk import Answers, Bench, Draft
from .duplicates import document_of, number_of, resolve_people, stored_spell
from .findings import ProbationMax, add_findings
from .known import KnownPeople
from .limits import LIMITS, Limits
from .managers import resolve_managers, shared_names
from .model import (
    DepartmentCount,
    KnownPerson,
    KnownSpell,
    Plan,
    PlannedPerson,
    PlannedSpell,
    PlanRow,
    Reconciliation,
    WageSums,
)
from .reading import read_workbook
from .reads import Context
from .rows import Cache, read_row
from .sheets import Loaded, load_sheets

Progress = Callable[[int, int], None]
"""Called with (rows done, rows in all) now and then, and once at the end."""
_PROGRESS_EVERY_ROWS = 200
_WAGES = ("base_wage", "performance_wage")


@dataclass(frozen=True, slots=True)
class _Outcome:
    accepted: list[Draft]
    refused: list[Draft]
    skipped: list[Draft]


def build_plan(
    file_bytes: bytes,
    filename: str,
    *,
    as_of: date,
    mapping: Mapping[str, Mapping[str, str]] | None = None,
    answers: Mapping[str, str] | None = None,
    known: KnownPeople | None = None,
    probation_max: ProbationMax | None = None,
    include_hidden: frozenset[str] = frozenset(),
    progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> Plan:
    """Plan the load of a roster. Nothing is written anywhere and no question is answered here.

    `mapping` is {sheet: {header or letter: field, or "" to leave the column out}}; `answers` is {question id or group:
    key of a choice, or a value}; `as_of` is the legal day. `probation_max` is described at `findings.ProbationMax`.
    Raises FileUnusable (the file cannot be loaded) or AnswersUnusable (the answers belong to another file).
    """
    digest = sha256(file_bytes).hexdigest()
    known = known or KnownPeople()
    desk = Answers(answers, digest)
    book = read_workbook(file_bytes, filename, limits)
    context = Context(as_of, book.date1904)
    loaded = load_sheets(book, mapping or {}, include_hidden, limits, Bench(context, desk))
    _read_all(loaded, progress or (lambda done, total: None))
    live = [draft for draft in loaded.drafts if not draft.skip]
    resolve_departments(live, loaded.codes, known)
    resolve_people(live, known)
    stored = _stored(live, known)
    links = resolve_managers(live, known, context)
    outcome = _outcome(loaded.drafts)
    give_spell_keys(outcome.accepted)
    names = shared_names([draft for draft in live if not draft.skip], known)
    add_findings(outcome.accepted, _returned(outcome, stored), names, context, probation_max)
    people = people_of(outcome.accepted, stored, known)
    spells = spells_of(outcome.accepted, links, stored, known, context)
    managers = links_of(outcome.accepted, links)
    drafts = loaded.drafts
    return Plan(
        filename,
        digest,
        len(file_bytes),
        as_of,
        tuple(loaded.sheets),
        tuple(loaded.columns),
        _rows(loaded, outcome),
        people,
        spells,
        departments_of(spells, loaded.codes, known),
        managers,
        tuple(repair for draft in drafts for repair in draft.repairs),
        tuple(question for draft in outcome.refused for question in draft.questions),
        tuple(refusal for draft in outcome.refused for refusal in draft.refusals),
        (*loaded.findings, *(finding for draft in outcome.accepted for finding in draft.findings)),
        _reconcile(loaded, outcome, people, spells),
        desk.unused,
    )


def _read_all(loaded: Loaded, progress: Progress) -> None:
    cache: Cache = {}
    total = len(loaded.drafts)
    for done, draft in enumerate(loaded.drafts):
        if done % _PROGRESS_EVERY_ROWS == 0:
            progress(done, total)
        read_row(draft, cache)
        if not draft.skip:
            check_row(draft)
    progress(total, total)


def _stored(live: list[Draft], known: KnownPeople) -> Stored:
    found: dict[int, tuple[KnownPerson, KnownSpell | None]] = {}
    for draft in live:
        if draft.skip:
            continue
        person = known.match(document_of(draft), number_of(draft), draft.subject)
        if person is not None:
            found[id(draft)] = (person, stored_spell(draft, person))
    return found


def _outcome(drafts: list[Draft]) -> _Outcome:
    """A row waits for another row's question only while that question stands."""
    open_questions = {question.id for draft in drafts if not draft.skip for question in draft.questions}
    outcome = _Outcome([], [], [])
    for draft in drafts:
        draft.waits_for = [item for item in draft.waits_for if item in open_questions]
        part = outcome.skipped if draft.skip else outcome.refused if draft.held else outcome.accepted
        part.append(draft)
    return outcome


def _returned(outcome: _Outcome, stored: Stored) -> frozenset[int]:
    """Accepted rows that are not the first spell of their person, in the file or in what is stored."""
    first: dict[str, date] = {}
    for draft in (*outcome.accepted, *outcome.refused):
        hire = draft.values.get("hire_date")
        if hire is not None and draft.person_key:
            first[draft.person_key] = min(hire, first.get(draft.person_key, hire))
        if id(draft) in stored and draft.person_key:
            for spell in stored[id(draft)][0].spells:
                first[draft.person_key] = min(spell.hire_date, first.get(draft.person_key, spell.hire_date))
    return frozenset(id(draft) for draft in outcome.accepted if draft.values["hire_date"] > first[draft.person_key])


def _rows(loaded: Loaded, outcome: _Outcome) -> tuple[PlanRow, ...]:
    rows = list(loaded.skipped)
    rows += [PlanRow(d.ref.sheet, d.ref.row, "skipped", d.skip, d.subject) for d in outcome.skipped]
    rows += [PlanRow(d.ref.sheet, d.ref.row, "accepted", "", d.subject, d.spell_key) for d in outcome.accepted]
    for draft in outcome.refused:
        ids = tuple(dict.fromkeys([*(question.id for question in draft.questions), *draft.waits_for]))
        rows.append(PlanRow(draft.ref.sheet, draft.ref.row, "refused", "", draft.subject, "", ids, draft.cells))
    order = {sheet.name: number for number, sheet in enumerate(loaded.sheets)}
    return tuple(sorted(rows, key=lambda row: (order[row.sheet], row.row)))


def _reconcile(
    loaded: Loaded, outcome: _Outcome, people: tuple[PlannedPerson, ...], spells: tuple[PlannedSpell, ...]
) -> Reconciliation:
    skipped = Counter(row.skip for row in loaded.skipped)
    skipped.update(draft.skip for draft in outcome.skipped)
    rows_in = sum(sheet.rows for sheet in loaded.sheets if sheet.use in ("people", "leavers"))
    assert rows_in == len(outcome.accepted) + len(outcome.refused) + skipped.total(), "rows must not appear or vanish"
    departments: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for index, part in enumerate((outcome.accepted, outcome.refused)):
        for draft in part:
            path = draft.values.get("department") or ("",)
            departments[path[0]][index] += 1
    status = Counter(person.status for person in people)
    return Reconciliation(
        rows_in,
        len(outcome.accepted),
        len(outcome.refused),
        tuple(sorted(skipped.items())),
        len(people),
        status["new"],
        status["same"],
        status["update"],
        sum(spell.state != "ended" for spell in spells),
        sum(spell.state == "ended" for spell in spells),
        sum(spell.status == "new" for spell in spells),
        tuple(_wages(name, loaded.drafts, outcome) for name in _WAGES),
        tuple(DepartmentCount(name, sum(pair), pair[0], pair[1]) for name, pair in sorted(departments.items())),
    )


def _wages(name: str, drafts: list[Draft], outcome: _Outcome) -> WageSums:
    before, other = Decimal(0), 0
    for draft in drafts:
        column = draft.columns.get(name)
        cell = draft.cells[column.index] if column else None
        if isinstance(cell, float):
            before += Decimal(repr(cell))
        elif cell is not None:
            other += 1
    accepted = sum((_wage(draft, name) for draft in outcome.accepted), Decimal(0))
    refused = sum((_wage(draft, name) for draft in outcome.refused), Decimal(0))
    return WageSums(name, before, accepted + refused, accepted, refused, other)


def _wage(draft: Draft, name: str) -> Decimal:
    if name == "performance_wage" and draft.values.get("performance_percent") is not None:
        base = draft.values.get("base_wage")
        return (
            Decimal(0) if base is None else (base * draft.values["performance_percent"] / 100).quantize(Decimal("0.01"))
        )
    amount = draft.values.get(name)
    return amount if isinstance(amount, Decimal) else Decimal(0)
