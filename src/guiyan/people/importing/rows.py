"""One row at a time: every cell through its parser, then what the cells of one row say about each other."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .amounts import parse_performance, parse_probation, parse_wage
from .contact import parse_email, parse_phone
from .dates import add_months, parse_date, parse_period
from .desk import KEEP, Draft, choice, settle, shown
from .identity import CITIZEN, agrees_with_lost, birth_of, document_kind, parse_identity, sex_of
from .limits import WORKING_AGE_YEARS_MIN
from .model import Cell, Choice, ColumnPlan
from .reads import Ask, Context, Deny, Fix, Read, use
from .text import EXCEL_ERROR, canonical, narrow
from .words import (
    CONTRACT_ZH,
    LABOUR_CONTRACT,
    parse_contract_kind,
    parse_education,
    parse_label,
    parse_name,
    parse_number,
    parse_sex,
    parse_status,
    parse_text,
)

Parser = Callable[[Cell, Context], Read]
REQUIRED = frozenset({"name", "hire_date"})


def _hire(cell: Cell, context: Context) -> Read:
    return parse_date(cell, context, optional=False)


def _leave(cell: Cell, context: Context) -> Read:
    return parse_date(cell, context, years_ahead=5)


def _end(cell: Cell, context: Context) -> Read:
    return parse_date(cell, context, years_ahead=60, open_ended=True)


def _start(cell: Cell, context: Context) -> Read:
    return parse_date(cell, context)


def _kind(cell: Cell, context: Context) -> Read:
    return parse_contract_code(cell, context)


def _regular(cell: Cell, context: Context) -> Read:
    return parse_date(cell, context, years_ahead=5)


def _birth(cell: Cell, context: Context) -> Read:
    return parse_date(cell, context, years_ahead=0)


PARSERS: dict[str, Parser] = {
    "document_kind": lambda cell, _: document_kind(cell),
    "name": parse_name,
    "alias": parse_text,
    "employee_number": parse_number,
    "identity_number": parse_identity,
    "birth_date": _birth,
    "sex": parse_sex,
    "department_1": parse_label,
    "department_2": parse_label,
    "department_3": parse_label,
    "post": parse_label,
    "manager": parse_text,
    "status": parse_status,
    "hire_date": _hire,
    "probation_months": parse_probation,
    "regular_date": _regular,
    "contract_kind": _kind,
    "contract_start": _start,
    "contract_end": _end,
    "contract_period": parse_text,
    "leave_date": _leave,
    "leave_reason": parse_text,
    "phone": parse_phone,
    "email": parse_email,
    "emergency_name": parse_text,
    "emergency_phone": parse_phone,
    "education": parse_education,
    "address": parse_text,
    "insurance_place": parse_label,
    "base_wage": parse_wage,
    "performance_wage": parse_performance,
    "remark": parse_text,
}
Cache = dict[tuple[str, type, Any, str], Read]


def read_row(draft: Draft, cache: Cache) -> None:
    """Every cell of a row into values, repairs, questions and refusals."""
    for name in PARSERS:
        column = draft.columns.get(name)
        if column is None:
            continue
        cell = draft.cells[column.index]
        declared = str(draft.values.get("document_kind") or "") if name == "identity_number" else ""
        key = (
            name,
            type(cell),
            cell,
            f"{declared}/{column.unit_factor}/{dict(draft.bench.context.widths).get(name, 0)}",
        )
        read = cache.get(key)
        if read is None:
            read = cache[key] = _read(name, cell, column, draft.bench.context, declared)
        _take(draft, name, cell, read, declared)
        if draft.skip:
            return
    if not draft.values.get("name") and "name" not in draft.doubtful:
        draft.refuse("name", Deny("name_missing"))
    hire_open = "hire_date" in draft.doubtful
    if draft.values.get("hire_date") is None and not hire_open:
        _settle_value(draft, "hire_date", Ask("hire_missing", optional=False), _hire)


def _read(name: str, cell: Cell, column: ColumnPlan, context: Context, declared: str) -> Read:
    if isinstance(cell, str) and EXCEL_ERROR.fullmatch(narrow(cell)):
        return Read(ask=Ask("excel_error", optional=name not in REQUIRED))
    if name == "identity_number":
        return parse_identity(cell, context, declared)
    if name == "base_wage":
        read = parse_wage(cell, context, column.unit_factor)
        return Read(ask=Ask("wage_magnitude", (use(Decimal(0)),))) if read.value == 0 else read
    if name == "performance_wage":
        return parse_performance(cell, context, column.unit_factor)
    return PARSERS[name](cell, context)


def _take(draft: Draft, name: str, cell: Cell, read: Read, declared: str) -> None:
    if read.deny is not None:
        draft.refuse(name, read.deny)
        return
    if read.ask is not None and name == "birth_date" and _born_as_written(draft):
        return
    if read.ask is not None:

        def parse(text: str) -> Read:
            if name == "identity_number":
                kind, _, number = text.rpartition(":")
                return parse_identity(number, draft.bench.context, kind or declared)
            return PARSERS[name](text, draft.bench.context)

        def apply(effect: str, found: Read) -> str:
            if effect == "empty":
                return ""
            if name == "identity_number" and not agrees_with_lost(cell, canonical(found.value)):
                return "disagrees"
            _store(draft, name, found)
            return ""

        settle(draft, name, read.ask, parse, apply)
        return
    _store(draft, name, read)
    if read.fixes:
        after = "无终止日期" if any(fix.kind == "open_end" for fix in read.fixes) else shown(name, read)
        draft.repair(name, read.fixes, after)


def _born_as_written(draft: Draft) -> bool:
    """True when an incomplete birth date (1990.3, 1990年) agrees with the identity number, which then counts."""
    kind, _, number = str(draft.values.get("identity_number") or "").partition(":")
    figures = re.findall(r"\d+", narrow(draft.written("birth_date")))
    if kind not in (CITIZEN, "hmt_residence") or not figures or len(figures) > 2:
        return False
    year, month = figures[0][:4], figures[1] if len(figures) == 2 else figures[0][4:]
    if year != number[6:10]:
        return False
    # A number cell 1990.1 may have been typed 1990.10.
    october = month == "1" and number[10:12] == "10" and "." in draft.written("birth_date")
    return not month or int(month) == int(number[10:12]) or october


def _store(draft: Draft, name: str, read: Read) -> None:
    if name == "alias":
        draft.aliases += [read.value] if isinstance(read.value, str) else []
        return
    if name == "contract_end" and any(fix.kind == "open_end" for fix in read.fixes):
        draft.open_end = True
    if name == "remark" and draft.values.get("remark") and read.value is not None:
        draft.values["remark"] = f"{draft.values['remark']}；{read.value}"
    elif read.value is not None or name != "remark":
        draft.values[name] = read.value
    for key, text in read.extra:
        _store_extra(draft, name, key, text)


def _store_extra(draft: Draft, name: str, key: str, text: str) -> None:
    """What a cell says besides its own field."""
    if key == "alias":
        draft.aliases.append(text)
    elif key == "phone_note":
        _phone_note(draft, name, text)
    elif key == "performance_percent":
        draft.values[key] = Decimal(text)
    else:
        draft.values[key] = text


def _phone_note(draft: Draft, name: str, note: str) -> None:
    """A word beside an emergency number is the contact's name when there is none; any other word goes to the remark."""
    if name == "emergency_phone" and not draft.values.get("emergency_name"):
        draft.values["emergency_name"] = note
    else:
        remark = draft.values.get("remark")
        draft.values["remark"] = f"{remark}；{note}" if remark else note


def _settle_value(draft: Draft, name: str, asked: Ask, parser: Parser) -> bool:
    def apply(effect: str, found: Read) -> str:
        if effect != "empty":
            _store(draft, name, found)
        else:
            draft.values[name] = None
        return ""

    return settle(draft, name, asked, lambda text: parser(text, draft.bench.context), apply)


def check_row(draft: Draft) -> None:
    """What the cells of one row say about each other. Only what was read is compared."""
    for check in (_identity, _period, _status, _hire_and_leave, _contract, _probation_end):
        check(draft)
        if draft.skip:
            return
    number = draft.values.get("employee_number")
    asked = draft.doubtful
    if not draft.values.get("identity_number") and not number and not asked & {"identity_number", "employee_number"}:
        draft.refuse("row", Deny("no_key"))


def _identity(draft: Draft) -> None:
    kind, _, number = str(draft.values.get("identity_number") or "").partition(":")
    if kind not in (CITIZEN, "hmt_residence") or len(number) != 18:
        draft.values.setdefault("birth_date", None)
        return
    birth = birth_of(number)
    written_birth = draft.values.get("birth_date")
    if written_birth is not None and birth is not None and written_birth != birth:
        _conflict(
            draft,
            "birth_date",
            Ask("birth_conflict", (use(birth),), (("identity", birth.isoformat()),), optional=False),
            lambda value: value == birth,
        )
    draft.values["birth_date"] = birth
    sex, asked = draft.values.get("sex"), any(item.field == "sex" for item in draft.questions)
    if asked:
        return
    if sex is None:
        draft.values["sex"] = sex_of(number)
        if "sex" in draft.columns:
            draft.repair("sex", (Fix("sex_from_identity", "rule"),), sex_of(number))
    elif sex != sex_of(number):
        choices = (use(sex_of(number)), replace(KEEP, label_zh="性别照原样，号码也照原样，记录发现"))
        facts = (("written", str(sex)), ("identity", sex_of(number)))
        question = Ask("sex_conflict", choices, facts, optional=False)
        settled = _conflict(draft, "sex", question, lambda value: value == sex_of(number))
        if settled and draft.values["sex"] != sex_of(number):
            draft.find("sex_kept", "warning")


def _conflict(draft: Draft, name: str, asked: Ask, holds: Callable[[Any], bool]) -> bool:
    """Ask about a contradiction; a typed value must remove it, "keep" lets it stand."""
    parser = PARSERS[name]

    def apply(effect: str, found: Read) -> str:
        if effect == "set":
            if not holds(found.value):
                return "still_wrong"
            draft.values[name] = found.value
        if effect == "empty":
            draft.values[name] = None
        return ""

    return settle(draft, name, asked, lambda text: parser(text, draft.bench.context), apply)


def _period(draft: Draft) -> None:
    text = draft.values.pop("contract_period", None)
    if text is None:
        return
    found = parse_period(text, draft.bench.context)
    if isinstance(found, tuple) and all(part.clean for part in found) and found[0].value is not None:
        _take_period(draft, found[0], found[1])
        return
    choices: tuple[Choice, ...] = ()
    start = draft.values.get("contract_start") or draft.values.get("hire_date")
    if isinstance(found, int) and isinstance(start, date):
        end = add_months(start, found) - timedelta(days=1)
        if draft.values.get("contract_end"):
            return
        span = f"{start.isoformat()}至{end.isoformat()}"
        choices = (Choice(f"use:{span}", f"采用“{span}”", f"Use {start} to {end}", "set", span),)

    def parse(answer: str) -> Read:
        parts = parse_period(answer, draft.bench.context)
        if isinstance(parts, tuple) and all(part.clean for part in parts) and parts[0].value is not None:
            return Read(answer)
        return Read(ask=Ask("period_unreadable"))

    def apply(effect: str, answer: Read) -> str:
        parts = parse_period(answer.value if isinstance(answer.value, str) else None, draft.bench.context)
        if effect == "set" and isinstance(parts, tuple):
            _take_period(draft, parts[0], parts[1])
        return ""

    settle(draft, "contract_period", Ask("period_unreadable", choices), parse, apply)


def _take_period(draft: Draft, start: Read, end: Read) -> None:
    draft.values.setdefault("contract_start", None)
    draft.values["contract_start"] = draft.values["contract_start"] or start.value
    if not draft.values.get("contract_end"):
        _store(draft, "contract_end", end)
    after = (
        f"{canonical(draft.values['contract_start'])} / {canonical(draft.values.get('contract_end')) or '无终止日期'}"
    )
    draft.repair("contract_period", (Fix("period_split"),), after)


def _status(draft: Draft) -> None:
    status, leave = draft.values.get("status"), draft.values.get("leave_date")
    asked = "leave_date" in draft.doubtful
    if asked:
        return
    if leave is None and (status == "ended" or (draft.role == "leavers" and status != "active")):
        _settle_value(draft, "leave_date", Ask("leave_missing", optional=False), _leave)
    elif leave is not None and status == "active" and leave <= draft.bench.context.as_of:
        choices = (
            Choice("employed", "在职，去掉离职日期", "Employed; drop the leave date", "empty"),
            Choice("left", "已离职", "Has left", "keep"),
        )
        _conflict(
            draft,
            "leave_date",
            Ask("status_conflict", choices, optional=False, takes_value=False),
            bool,
        )


def _hire_and_leave(draft: Draft) -> None:
    hire, leave = draft.values.get("hire_date"), draft.values.get("leave_date")
    if hire is None:
        return
    if leave is not None and leave > draft.bench.context.as_of and draft.values.get("status") != "leaving":
        planned = choice("planned", "keep")
        _conflict(
            draft,
            "leave_date",
            Ask("leave_in_future", (planned,), optional=False),
            lambda day: hire <= day <= draft.bench.context.as_of,
        )
        leave = draft.values.get("leave_date")
    if leave is not None and hire > leave:
        facts = (("leave", leave.isoformat()),)
        _conflict(
            draft,
            "hire_date",
            Ask("hire_after_leave", (), facts, optional=False),
            lambda day: day <= leave,
        )
    elif hire > draft.bench.context.as_of + timedelta(days=90):
        _conflict(
            draft,
            "hire_date",
            Ask("hire_in_future", (KEEP,), optional=False),
            lambda day: day <= draft.bench.context.as_of + timedelta(days=90),
        )
    hire, birth = draft.values.get("hire_date"), draft.values.get("birth_date")
    if hire is None or birth is None:
        return
    age = years_between(birth, hire)
    if age < WORKING_AGE_YEARS_MIN:
        facts = (("age", str(age)),)

        def grown(day: Any) -> bool:
            return years_between(birth, day) >= WORKING_AGE_YEARS_MIN

        settled = _conflict(draft, "hire_date", Ask("age_at_hire", (KEEP,), facts, optional=False), grown)
        if settled and not grown(draft.values["hire_date"]):
            draft.find("under_age", "serious", "《劳动法》第十五条、《禁止使用童工规定》第二条")


def _contract(draft: Draft) -> None:
    kind, start, end = (draft.values.get(name) for name in ("contract_kind", "contract_start", "contract_end"))
    if draft.doubtful & {
        "contract_kind",
        "contract_end",
        "contract_start",
        "contract_period",
    }:
        return
    if kind == LABOUR_CONTRACT:
        if end is not None or draft.open_end:
            kind = draft.values["contract_kind"] = "fixed_term" if end is not None else "open_ended"
            draft.repair(
                "contract_kind",
                (Fix("kind_from_end" if end is not None else "kind_from_open_end", "rule"),),
                CONTRACT_ZH[kind],
            )
        else:
            choices = tuple(
                use(code, words)
                for code, words in CONTRACT_ZH.items()
                if code in ("fixed_term", "open_ended", "task", "part_time")
            )
            draft.values["contract_kind"] = None
            _settle_value(draft, "contract_kind", Ask("contract_kind_open", choices), parse_contract_code)
            return
    if start is not None and end is not None and end < start:
        _ask_order(draft, start, end)
    elif kind == "fixed_term" and end is None and ("contract_end" in draft.columns or draft.open_end):
        _ask_missing_end(draft, start)
    elif kind == "open_ended" and end is not None:
        open_ended = Choice("open_ended", "确为无固定期限，去掉终止日期", "Open-ended; drop the end date", "empty")
        fixed = Choice("fixed_term", "是固定期限，保留终止日期", "Fixed term; keep the end date", "use")

        def apply(effect: str, found: Read) -> str:
            del found
            if effect == "empty":
                draft.values["contract_end"] = None
            else:
                draft.values["contract_kind"] = "fixed_term"
            return ""

        settle(
            draft,
            "contract_end",
            Ask("contract_end_on_open", (open_ended, fixed), optional=False, takes_value=False),
            None,
            apply,
        )


def _ask_order(draft: Draft, start: date, end: date) -> None:
    """Either day may be the wrong one: a typed day is the right end; the hire date is offered as the right start."""
    hire = draft.values.get("hire_date")
    choices: tuple[Choice, ...] = ()
    if hire is not None and hire <= end:
        choices = (
            Choice("start_is_hire", f"起始应为入职日期 {hire}", f"The start should be the hire date {hire}", "use"),
        )

    def apply(effect: str, found: Read) -> str:
        if effect == "use":
            draft.values["contract_start"] = hire
        elif effect == "empty":
            draft.values["contract_end"] = None
        elif not isinstance(found.value, date) or found.value < start:
            return "still_wrong"
        else:
            draft.values["contract_end"] = found.value
        return ""

    asked = Ask("contract_end_before_start", choices, (("start", start.isoformat()),))
    settle(draft, "contract_end", asked, lambda text: _end(text, draft.bench.context), apply)


def parse_contract_code(cell: Cell, context: Context) -> Read:
    """A contract kind by code or by words."""
    return Read(cell) if isinstance(cell, str) and cell in CONTRACT_ZH else parse_contract_kind(cell, context)


def _ask_missing_end(draft: Draft, start: date | None) -> None:
    open_ended = Choice("open_ended", "是无固定期限合同", "It is an open-ended contract", "use")

    def apply(effect: str, found: Read) -> str:
        if effect == "use":
            draft.values["contract_kind"] = "open_ended"
        elif effect == "set":
            if found.value is None or (start is not None and isinstance(found.value, date) and found.value < start):
                return "still_wrong"
            draft.values["contract_end"] = found.value
        return ""

    settle(
        draft,
        "contract_end",
        Ask("contract_end_missing", (open_ended,)),
        lambda text: _end(text, draft.bench.context),
        apply,
    )


def _probation_end(draft: Draft) -> None:
    hire, regular = draft.values.get("hire_date"), draft.values.get("regular_date")
    if hire is not None and regular is not None and regular < hire:
        _conflict(draft, "regular_date", Ask("regular_before_hire"), lambda day: day is None or day >= hire)


def years_between(first: date, second: date) -> int:
    """Completed years from `first` to `second`; a birthday counts as completed on its day."""
    return second.year - first.year - ((second.month, second.day) < (first.month, first.day))
