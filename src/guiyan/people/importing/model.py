"""The values of an import plan. All are frozen and survive to_json/from_json exactly.

Cells are what the file holds: text, number, truth value, date, time or nothing. Money is Decimal yuan a month, dates
are civil days, row numbers count from 1 as the spreadsheet shows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

Cell = str | float | bool | date | datetime | time | None
Value = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class RowRef:
    """One row of one sheet."""

    sheet: str
    row: int

    def __str__(self) -> str:
        return f"{self.sheet}!{self.row}"


@dataclass(frozen=True, slots=True)
class Repair:
    """One cell read differently from how it was written.

    `certainty`: "exact" (the same value in another spelling), "rule" (follows from the stated rule), "answer" (a person
    answered a question).
    """

    sheet: str
    row: int
    column: str
    cell: str
    field: str
    before: str
    after: str
    why_zh: str
    why_en: str
    kind: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to settle a question. `effect`: "set" (use `value`), "empty" (leave the field empty), "keep" (load as
    it is written and note a finding), "drop_row" (do not load this row), "keep_row" (load this row, not the others),
    "use" (link to the row or person named by `value`).
    """

    key: str
    label_zh: str
    label_en: str
    effect: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What the bench will not decide. `id` is `sheet!row!field!kind`; `group` settles every question of the same
    shape at once. `problem_*` say why an answer already given was not accepted. `also_rows` wait for the same answer.
    """

    id: str
    group: str
    sheet: str
    row: int
    column: str
    cell: str
    field: str
    kind: str
    subject: str
    before: str
    text_zh: str
    text_en: str
    choices: tuple[Choice, ...]
    takes_value: bool
    problem_zh: str = ""
    problem_en: str = ""
    also_rows: tuple[RowRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be loaded until the file is corrected, and why."""

    sheet: str
    row: int
    column: str
    cell: str
    field: str
    kind: str
    subject: str
    before: str
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know about an accepted row; it stops nothing. `severity`: "notice", "warning",
    "serious". `law` cites the article or is empty.
    """

    kind: str
    severity: str
    sheet: str
    row: int
    subject: str
    text_zh: str
    text_en: str
    law: str = ""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How one column was understood. `how`: "header", "content", "mapping" or "" when not loaded; `confidence` 0..1
    as a percentage. `problem` names why a column is not loaded: "unknown", "duplicate", "ignored",
    "content_conflict", "unit".
    """

    sheet: str
    index: int
    letter: str
    header: str
    field: str | None
    how: str
    confidence_percent: int
    problem: str
    filled_cells: int
    unit_factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """One sheet. `use`: "people", "leavers", "codes", "hidden", "empty", "not_roster", "not_a_sheet". `skipped` counts
    rows that hold no person, by kind."""

    name: str
    visible: bool
    use: str
    rows: int
    columns: int
    header_rows: tuple[int, ...]
    skipped: tuple[tuple[str, int], ...]
    rows_hidden: int = 0


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One physical row of a loaded sheet. `outcome`: "accepted", "refused" or "skipped"; `skip` says why ("title",
    "header", "blank", "total", "note", "section", "example", "duplicate", "answered"). `cells` keeps the original
    cells of refused rows, so that they can be handed back, and of rows that were taken for no person.
    """

    sheet: str
    row: int
    outcome: str
    skip: str = ""
    name: str = ""
    spell_key: str = ""
    question_ids: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A stored value that differs from the file. `before` is what is stored (empty text when it is sealed)."""

    field: str
    before: str
    after: str
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """One natural person. `status`: "new", "same", "update". `key` is stable across loads of the same person."""

    key: str
    status: str
    name: str
    aliases: tuple[str, ...]
    document_kind: str
    document_number: str
    sex: str
    birth_date: date | None
    phone: str
    email: str
    emergency_name: str
    emergency_phone: str
    education: str
    address: str
    rows: tuple[RowRef, ...]
    changes: tuple[FieldChange, ...] = ()
    known_id: str = ""


@dataclass(frozen=True, slots=True)
class PlannedSpell:
    """One employment spell of a person. `state`: "active", "leaving" (last day lies ahead) or "ended".
    `manager_spell_key` names a spell of this plan, `manager_known_id` a stored person; at most one is set."""

    key: str
    person_key: str
    status: str
    state: str
    sheet: str
    row: int
    employee_number: str
    department: tuple[str, ...]
    post: str
    manager_spell_key: str
    manager_known_id: str
    hire_date: date
    probation_months: int | None
    regular_date: date | None
    contract_kind: str
    contract_start: date | None
    contract_end: date | None
    insurance_place: str
    base_wage: Decimal | None
    performance_wage: Decimal | None
    performance_percent: Decimal | None
    leave_date: date | None
    leave_reason: str
    remark: str
    changes: tuple[FieldChange, ...] = ()
    known_id: str = ""


@dataclass(frozen=True, slots=True)
class PlannedDepartment:
    """A department by its path from the top. `status`: "new" or "known". `active` counts accepted active spells in it
    and below."""

    path: tuple[str, ...]
    code: str
    status: str
    active: int


@dataclass(frozen=True, slots=True)
class ManagerLink:
    """Who reports to whom. `state`: "linked", or "waiting" when the manager's own row was refused: the link is made
    when that row is loaded.
    """

    spell_key: str
    manager_spell_key: str
    manager_known_id: str
    manager_row: RowRef | None
    state: str
    written: str


@dataclass(frozen=True, slots=True)
class WageSums:
    """`before` is what the spreadsheet's own SUM shows (number cells only); `read` adds every wage that was read,
    `accepted` those that will be loaded, `refused` those held back. `read` = `accepted` + `refused`."""

    field: str
    before: Decimal
    read: Decimal
    accepted: Decimal
    refused: Decimal
    cells_not_numbers: int


@dataclass(frozen=True, slots=True)
class DepartmentCount:
    """Person rows per first-level department as read."""

    department: str
    rows: int
    accepted: int
    refused: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """rows_in = accepted + refused + skipped holds always; `skipped` is by kind."""

    rows_in: int
    accepted: int
    refused: int
    skipped: tuple[tuple[str, int], ...]
    people: int
    people_new: int
    people_same: int
    people_update: int
    spells_active: int
    spells_ended: int
    spells_new: int
    wages: tuple[WageSums, ...]
    departments: tuple[DepartmentCount, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything one load would do, and everything it will not do and why."""

    filename: str
    file_sha256: str
    file_bytes: int
    as_of: date
    sheets: tuple[SheetPlan, ...]
    columns: tuple[ColumnPlan, ...]
    rows: tuple[PlanRow, ...]
    people: tuple[PlannedPerson, ...]
    spells: tuple[PlannedSpell, ...]
    departments: tuple[PlannedDepartment, ...]
    managers: tuple[ManagerLink, ...]
    repairs: tuple[Repair, ...]
    questions: tuple[Question, ...]
    refusals: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    reconciliation: Reconciliation
    answers_unused: tuple[str, ...] = ()
    version: int = 1

    @property
    def changes_nothing(self) -> bool:
        """True when loading this plan would add and alter nothing."""
        return (
            all(person.status == "same" for person in self.people)
            and all(spell.status == "same" for spell in self.spells)
            and all(item.status == "known" for item in self.departments)
        )

    def to_json(self) -> str:
        """The plan as JSON text; `Plan.from_json` gives back an equal plan."""
        from .codec import dump  # noqa: PLC0415 - the codec reads the shapes of this module

        return dump(self)

    @staticmethod
    def from_json(text: str) -> "Plan":
        """A plan from its JSON text. Raises ValueError when the text is no plan of this version."""
        from .codec import load  # noqa: PLC0415

        return load(Plan, text)


@dataclass(frozen=True, slots=True)
class KnownSpell:
    """A stored spell. `values` maps field names to canonical texts (see `text.canonical`)."""

    id: str
    employee_number: str
    hire_date: date
    leave_date: date | None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A stored person. `document` is `seal("document", "kind:number")`, or empty when none is stored. In `values`,
    fields named in `KnownPeople.sealed` hold sealed texts.
    """

    id: str
    name: str
    document: str
    spells: tuple[KnownSpell, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
