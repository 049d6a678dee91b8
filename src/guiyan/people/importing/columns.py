"""Which column holds which field: by its header, else by what its cells look like; a mapping wins."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from .errors import FileUnusable
from .fields import FIELDS, Recognised, recognise
from .layout import Header
from .model import Cell, ColumnPlan
from .reading import letter
from .text import empty, label, narrow, show

_SAMPLE = 300
_SHAPES = (
    ("identity_number", re.compile(r"\d{17}[\dxX]|\d\.\d+[eE]\+?17|\d{15}")),
    ("phone", re.compile(r"(?:\+?86)?1[3-9]\d{9}")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
    ("sex", re.compile(r"[男女]")),
)
_CHECKED = frozenset(
    {"identity_number", "phone", "emergency_phone", "email", "sex", "name", "hire_date", "employee_number"}
)
_NUMBER_HEADERS = frozenset({"编号", "no", "no.", "项次"})
_COUNT = re.compile(r"[1-9]\d{0,4}")
_FAMILY = {"emergency_phone": "phone"}


def content_field(cells: Sequence[Cell]) -> str | None:
    """The field that at least nine in ten filled cells look like, or None. At least three filled cells are needed for
    a verdict.
    """
    filled = [cell for cell in cells if not empty(cell)][:_SAMPLE]
    if len(filled) < 3:
        return None
    texts = [re.sub(r"[\s\-]", "", narrow(show(cell))) for cell in filled if not isinstance(cell, date)]
    for name, shape in _SHAPES:
        if sum(1 for text in texts if shape.fullmatch(text)) * 10 >= len(filled) * 9:
            return name
    return None


def plan_columns(
    sheet: str,
    header: Header,
    body: Sequence[Sequence[Cell]],
    mapping: Mapping[str, str] | None,
    hidden: frozenset[int] = frozenset(),
) -> tuple[ColumnPlan, ...]:
    """One plan per column. Of several columns for one field the visible one with the exact name is taken.

    Raises FileUnusable("unknown_column") when the mapping names a column or field that is not there.
    """
    chosen = _chosen(sheet, header, mapping or {})
    plans: dict[int, ColumnPlan] = {}
    taken = {name for name in chosen.values() if name}
    order = sorted(range(len(header.texts)), key=lambda index: (index in hidden, _rank(header.texts[index]), index))
    for index in order:
        text = header.texts[index]
        cells = [row[index] for row in body]
        filled = sum(not empty(cell) for cell in cells)
        if index in chosen:
            found, how = (
                Recognised(chosen[index] or None, 100, "" if chosen[index] else "ignored", recognise(text).factor),
                "mapping",
            )
        else:
            found, how = _by_header(text, cells, taken)
            if found.field:
                taken.add(found.field)
        field = found.field
        plans[index] = ColumnPlan(
            sheet,
            index,
            letter(index),
            text,
            field,
            how if field else "",
            found.confidence_percent if field else 0,
            "" if field else found.problem,
            filled,
            found.factor,
        )
    found_by_content = (
        _by_content(plans[index], [row[index] for row in body], taken) for index in range(len(header.texts))
    )
    return tuple(found_by_content)


def _rank(header: str) -> int:
    """0 for the exact name of a field, 1 for anything else."""
    found = recognise(header)
    return 0 if found.field and found.confidence_percent == 100 else 1


def _chosen(sheet: str, header: Header, mapping: Mapping[str, str]) -> dict[int, str]:
    chosen: dict[int, str] = {}
    for column, name in mapping.items():
        wanted = label(column)
        index = next((i for i, text in enumerate(header.texts) if text and label(text) == wanted), None)
        if index is None:
            index = next((i for i in range(len(header.texts)) if letter(i).lower() == wanted), None)
        if index is None or (name and (name not in FIELDS or FIELDS[name].ignored)):
            raise FileUnusable("unknown_column", f"{sheet}: {column} = {name}")
        chosen[index] = name
    return chosen


def _by_header(text: str, cells: Sequence[Cell], taken: set[str]) -> tuple[Recognised, str]:
    found = recognise(text)
    if found.field is None:
        return found, ""
    if found.field in taken:
        return Recognised(None, 0, "duplicate"), ""
    if found.field in _CHECKED:
        looks = content_field(cells)
        if looks is not None and looks != _FAMILY.get(found.field, found.field):
            return Recognised(None, 0, "content_conflict"), ""
    return found, "header"


def _by_content(plan: ColumnPlan, cells: Sequence[Cell], taken: set[str]) -> ColumnPlan:
    # A header that says something else than its cells is not overruled: a person maps the column.
    if plan.problem == "ignored" and label(plan.header) in _NUMBER_HEADERS:
        return _number_or_count(plan, cells, taken)
    if plan.field is not None or plan.problem != "unknown" or plan.header:
        return plan
    looks = content_field(cells)
    if looks is None or looks in taken:
        return plan
    taken.add(looks)
    return replace(plan, field=looks, how="content", confidence_percent=70, problem="")


def _number_or_count(plan: ColumnPlan, cells: Sequence[Cell], taken: set[str]) -> ColumnPlan:
    """编号 may count the rows or be the employee number: when it does not count from 1, it is the number."""
    filled = [re.sub(r"\.0+$", "", narrow(show(cell))) for cell in cells if not empty(cell)]
    counted = sum(bool(_COUNT.fullmatch(text)) and int(text) <= len(cells) for text in filled)
    if counted * 2 >= len(filled):
        return plan
    coded = sum(bool(re.search(r"\d", text)) for text in filled)
    if "employee_number" in taken or coded * 10 < len(filled) * 8:
        return replace(plan, problem="unknown")
    taken.add("employee_number")
    return replace(plan, field="employee_number", how="content", confidence_percent=70, problem="")
