"""One row at a time: every cell through its parser."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .amounts import parse_performance, parse_probation, parse_wage
from .contact import parse_email, parse_phone
from .dates import parse_date
from .desk import Draft, settle, shown
from .identity import CITIZEN, agrees_with_lost, document_kind, parse_identity
from .model import Cell, ColumnPlan
from .reads import Ask, Context, Deny, Read, use
from .text import EXCEL_ERROR, canonical, narrow
from .words import (
    CONTRACT_ZH,
    parse_contract_kind,
    parse_education,
    parse_employment_type,
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
    "manager_number": parse_number,
    "status": parse_status,
    "hire_date": _hire,
    "probation_months": parse_probation,
    "regular_date": _regular,
    "employment_type": parse_employment_type,
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
    if draft.too_wide:
        # A stray separator has moved the cells: no column can be trusted.
        draft.refuse("row", Deny("row_too_wide"))
        return
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
        settle_value(draft, "hire_date", Ask("hire_missing", optional=False), _hire)


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
            store(draft, name, found)
            return ""

        settle(draft, name, read.ask, parse, apply)
        return
    store(draft, name, read)
    if read.fixes:
        draft.repair(name, read.fixes, shown(name, read))


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


def store(draft: Draft, name: str, read: Read) -> None:
    """What a cell reads as becomes the value of its field, and of others that it speaks of."""
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
    elif key == "kind_hint":
        draft.kind_hint = draft.kind_hint or text
    elif key == "remark":
        _remark(draft, text)
    else:
        draft.values[key] = text


def _remark(draft: Draft, text: str) -> None:
    remark = draft.values.get("remark")
    draft.values["remark"] = f"{remark}；{text}" if remark else text


def _phone_note(draft: Draft, name: str, note: str) -> None:
    """A word beside an emergency number is the contact's name when there is none; any other word goes to the remark."""
    if name == "emergency_phone" and not draft.values.get("emergency_name"):
        draft.values["emergency_name"] = note
    else:
        _remark(draft, note)


def settle_value(draft: Draft, name: str, asked: Ask, parser: Parser) -> bool:
    """Ask for a value that is missing. True when an answer gave it, or left it empty."""

    def apply(effect: str, found: Read) -> str:
        if effect != "empty":
            store(draft, name, found)
        else:
            draft.values[name] = None
        return ""

    return settle(draft, name, asked, lambda text: parser(text, draft.bench.context), apply)


def conflict(draft: Draft, name: str, asked: Ask, holds: Callable[[Any], bool]) -> bool:
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


def parse_contract_code(cell: Cell, context: Context) -> Read:
    """A contract kind by code or by words."""
    return Read(cell) if isinstance(cell, str) and cell in CONTRACT_ZH else parse_contract_kind(cell, context)
