"""Where questions meet answers. A question without an answer stays, and its row is refused; the bench never answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .errors import AnswersUnusable
from .fields import FIELDS
from .messages import CHOICES, say
from .model import Cell, Choice, ColumnPlan, Finding, Question, Refusal, Repair, RowRef
from .reads import Ask, Context, Deny, Fix, Read
from .text import show

FILE_KEY = "$file"
_GROUP_EFFECTS = frozenset({"empty", "keep", "drop_row"})
Apply = Callable[[str, Read], str]
"""Takes the effect of an answer and what it reads as; gives the kind of problem, or empty text when it holds."""


def choice(key: str, effect: str, *, label: str = "", value: str | None = None) -> Choice:
    """A choice with its words from the table."""
    zh, en = CHOICES[label or key]
    return Choice(key, zh, en, effect, value)


EMPTY = choice("empty", "empty")
KEEP = choice("keep", "keep")
DROP = choice("drop_row", "drop_row")


class Answers:
    """Answers by question id or group. `$file` may name the SHA-256 of the file that they were written for.

    Raises AnswersUnusable when they belong to another file or are not texts.
    """

    def __init__(self, answers: Mapping[str, str] | None, file_sha256: str) -> None:
        given = dict(answers or {})
        if any(not isinstance(key, str) or not isinstance(text, str) for key, text in given.items()):
            raise AnswersUnusable("answers must map question ids to texts")
        if given.pop(FILE_KEY, file_sha256) != file_sha256:
            raise AnswersUnusable("these answers were written for another file")
        self._given = given
        self._used: set[str] = set()

    def find(self, question: Question) -> tuple[str, bool] | None:
        """(answer, whether it was given for the whole kind), the most exact one first."""
        for key in (question.id, question.group):
            if key in self._given:
                self._used.add(key)
                return self._given[key].strip(), False
        wide = f"*!{question.field}!{question.kind}"
        if wide in self._given:
            self._used.add(wide)
            return self._given[wide].strip(), True
        return None

    def has(self, draft: "Draft", name: str, kind: str) -> bool:
        """True when an answer waits for exactly this question."""
        return f"{draft.ref.sheet}!{draft.ref.row}!{name}!{kind}" in self._given

    @property
    def unused(self) -> tuple[str, ...]:
        """Ids that no question asked for."""
        return tuple(sorted(set(self._given) - self._used))


@dataclass(frozen=True, slots=True)
class Bench:
    """What every row of one sheet is read with."""

    context: Context
    answers: Answers


@dataclass(slots=True, eq=False)
class Draft:
    """One person row on its way into the plan. Mutable and private to the building of one plan."""

    ref: RowRef
    role: str
    cells: tuple[Cell, ...]
    columns: Mapping[str, ColumnPlan]
    bench: Bench
    values: dict[str, Any] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    skip: str = ""
    kind_hint: str = ""
    section: str = ""
    above: str = ""
    struck: bool = False
    beside: str = ""
    too_wide: bool = False
    waits_for: list[str] = field(default_factory=list)
    open_end: bool = False
    numbered: bool = True
    person_key: str = ""
    spell_key: str = ""

    @property
    def subject(self) -> str:
        """The name as far as it is known."""
        return str(self.values.get("name") or self.written("name"))

    @property
    def doubtful(self) -> set[str]:
        """Fields that a question or refusal stands about."""
        return {item.field for item in self.questions} | {item.field for item in self.refusals}

    @property
    def held(self) -> bool:
        """True when the row may not be loaded."""
        return bool(self.questions or self.refusals or self.waits_for)

    def written(self, name: str) -> str:
        """A field as the cell shows it."""
        column = self.columns.get(name)
        return show(self.cells[column.index]) if column else ""

    def place(self, name: str) -> tuple[str, str]:
        """The header and the address of a field's cell, both empty when the sheet has no such column."""
        column = self.columns.get(name)
        return (column.header or column.letter, f"{column.letter}{self.ref.row}") if column else ("", "")

    def repair(self, name: str, fixes: tuple[Fix, ...], after: str, before: str | None = None) -> None:
        """Note why a cell is read differently from how it is written."""
        texts = [say("repair", fix.kind, fix.facts) for fix in fixes]
        kind = next((fix.kind for fix in fixes if fix.certainty != "exact"), fixes[0].kind)
        certainty = next((fix.certainty for fix in fixes if fix.certainty != "exact"), "exact")
        header, address = self.place(name)
        self.repairs.append(
            Repair(
                self.ref.sheet,
                self.ref.row,
                header,
                address,
                name,
                self.written(name) if before is None else before,
                after,
                "".join(text[0] for text in texts),
                " ".join(text[1] for text in texts),
                kind,
                certainty,
            )
        )

    def refuse(self, name: str, denied: Deny, before: str | None = None) -> None:
        """Refuse the row for one field."""
        header, address = self.place(name)
        zh, en = say("refusal", denied.kind, denied.facts)
        written = self.written(name) if before is None else before
        self.refusals.append(
            Refusal(self.ref.sheet, self.ref.row, header, address, name, denied.kind, self.subject, written, zh, en)
        )

    def find(self, kind: str, severity: str, law: str = "", **facts: str) -> None:
        """Note a finding about the row."""
        zh, en = say("finding", kind, tuple(facts.items()))
        self.findings.append(Finding(kind, severity, self.ref.sheet, self.ref.row, self.subject, zh, en, law))


def settle(
    draft: Draft,
    name: str,
    asked: Ask,
    parse: Callable[[str], Read] | None,
    apply: Apply,
    *,
    before: str | None = None,
    also: tuple[Draft, ...] = (),
) -> bool:
    """Ask, or apply the answer that was given. True when the matter is settled."""
    question = _question(draft, name, asked, before, also, takes_value=asked.takes_value and parse is not None)
    if any(item.id == question.id for item in draft.questions):
        return False
    found = draft.bench.answers.find(question)
    problem: tuple[str, str] = ("", "")
    if found is not None:
        problem = _take(draft, question, found, parse, apply)
        if not problem[0]:
            return True
    draft.questions.append(replace(question, problem_zh=problem[0], problem_en=problem[1]))
    for other in also:
        other.waits_for.append(question.id)
    return False


def _question(
    draft: Draft, name: str, asked: Ask, before: str | None, also: tuple[Draft, ...], *, takes_value: bool
) -> Question:
    header, address = draft.place(name)
    written = draft.written(name) if before is None else before
    choices = asked.choices
    keys = {item.key for item in choices}
    if asked.optional and "empty" not in keys:
        choices = (*choices, EMPTY)
    if "drop_row" not in keys:
        choices = (*choices, DROP)
    zh, en = say("question", asked.kind, asked.facts)
    return Question(
        id=f"{draft.ref.sheet}!{draft.ref.row}!{name}!{asked.kind}",
        group=f"*!{name}!{asked.kind}!{written}",
        sheet=draft.ref.sheet,
        row=draft.ref.row,
        column=header,
        cell=address,
        field=name,
        kind=asked.kind,
        subject=draft.subject,
        before=written,
        text_zh=zh,
        text_en=en,
        choices=choices,
        takes_value=takes_value,
        also_rows=tuple(other.ref for other in also),
    )


def _take(
    draft: Draft, question: Question, found: tuple[str, bool], parse: Callable[[str], Read] | None, apply: Apply
) -> tuple[str, str]:
    answer, wide = found
    chosen = next((item for item in question.choices if item.key == answer), None)
    if wide and (chosen is None or chosen.effect not in _GROUP_EFFECTS):
        return say("problem", "group_value")
    if chosen is None and (not question.takes_value or parse is None or not answer):
        return say("problem", "not_a_choice")
    text = answer if chosen is None else chosen.value
    read = Read(text)
    effect = chosen.effect if chosen else "set"
    if effect == "drop_row":
        draft.skip = "answered"
        return "", ""
    if effect == "set" and parse is not None and text is not None:
        read = parse(text)
        if not read.clean:
            return _unclear(read)
    problem = apply(effect, read)
    if problem:
        return say("problem", problem)
    after = (
        chosen.label_zh
        if chosen and effect not in ("set", "empty")
        else ""
        if effect == "empty"
        else shown(question.field, read)
    )
    draft.repair(question.field, (Fix("answered", "answer"),), after, question.before)
    return "", ""


def _unclear(read: Read) -> tuple[str, str]:
    """Why an answer that was typed is itself a question."""
    why = ("", "")
    if read.ask is not None:
        why = say("question", read.ask.kind, read.ask.facts)
    elif read.deny is not None:
        why = say("refusal", read.deny.kind, read.deny.facts)
    return say("problem", "still_unclear", (("why", why[0]),))[0], say("problem", "still_unclear", (("why", why[1]),))[
        1
    ]


def shown(name: str, read: Read) -> str:
    """What a read cell becomes, as a person reads it in the list of repairs."""
    from .words import CONTRACT_ZH  # noqa: PLC0415 - only for the words

    if any(fix.kind == "open_end" for fix in read.fixes):
        return "无终止日期"
    if read.value is None:
        percent = dict(read.extra).get("performance_percent")
        return f"{percent}%" if percent else ""
    text = show(read.value)
    if name == "identity_number":
        return text.partition(":")[2] or text
    return CONTRACT_ZH.get(text, text) if name in FIELDS and name == "contract_kind" else text
