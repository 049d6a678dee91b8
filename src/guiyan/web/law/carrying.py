"""From an ending to the evidence of its ground and back: the facts go along in the post, never in an address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from guiyan.law.ending import EndingCase
from guiyan.law.grounds import Ground
from guiyan.law.matrix.loading import FILES, matrix_ground
from guiyan.law.matrix.model import GroundMatrix
from guiyan.web.law import endings
from guiyan.web.law.catalogue import Kind
from guiyan.web.law.exhibits import PREFIX as EXHIBITS
from guiyan.web.law.fields import as_posted

FIRST = "a"
CARRY, PLAN = "carry:", "plan:"
"""What a button that carries sends: the column whose facts go along, or the planned ending itself."""
WEIGHED = "weighed"
"""The field that names the ground whose exhibits are carried."""
CARRIED_MAX, VALUE_MAX, PLAN_MAX = 400, 120, 4000
_NAME = re.compile(rf"(?:{FIRST}|{EXHIBITS})-[\w.]{{1,80}}", re.ASCII)


def evidence_url(ground: str | None) -> str:
    """The page that weighs the evidence of a ground; empty where the matrix has none."""
    try:
        return reverse("law_evidence", kwargs={"slug": FILES[matrix_ground(Ground(ground))]}) if ground else ""
    except ValueError:
        return ""


def to_evidence(data: QueryDict, slug: str, entry: GroundMatrix) -> None:
    """Make what was posted that of this ground: facts of the column that was left, no other exhibits."""
    act = data.get("act", "")
    column = act.removeprefix(CARRY) if act.startswith(CARRY) else FIRST
    if column in {"b", "c"}:
        _overlay(data, column)
    if data.get(WEIGHED, slug) != slug:
        for name in [name for name in data if name.startswith(f"{EXHIBITS}-")]:
            del data[name]
    data[WEIGHED] = slug
    chosen = data.get(f"{FIRST}-ground", "")
    if entry.grounds and chosen not in entry.grounds:
        data[f"{FIRST}-ground"] = entry.grounds[0].value


def _overlay(data: QueryDict, column: str) -> None:
    """Put what a column beside the first changes over the facts of the first."""
    for name in (name for name in list(data) if name.startswith(f"{column}-")):
        told = str(data[name])
        if told:
            rest = name.removeprefix(f"{column}-")
            data[rest if rest.startswith("law-") else f"{FIRST}-{rest}"] = told


def to_ending(data: QueryDict) -> None:
    """Put the facts of a plan into the form, where a button asked for one; what is no plan changes nothing."""
    act = data.get("act", "")
    plan = _plan(act.removeprefix(PLAN)) if act.startswith(PLAN) and len(act) <= PLAN_MAX else {}
    if not plan:
        return
    known = endings.facts()
    for fact in known:
        for part in ("", "_list"):
            data.pop(f"{FIRST}-{fact.key}{part}", None)
    for name, value in as_posted(known, plan, FIRST).items():
        data.setlist(name, value if isinstance(value, list) else [value])


def _plan(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    kinds = {fact.key: fact.kind for fact in endings.facts()}
    if not isinstance(told, dict):
        return {}
    return {key: value for key, value in told.items() if key in kinds and _fits(kinds[key], value)}


def _fits(kind: Kind, value: Any) -> bool:
    if kind is Kind.CHOICES:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, bool if kind is Kind.YES_NO else str)


def plan_of(case: EndingCase) -> str:
    """What the button of a planned ending sends."""
    told = {one.name: _told(getattr(case, one.name)) for one in fields(case)}
    return PLAN + json.dumps({key: value for key, value in told.items() if value is not None}, separators=(",", ":"))


def _told(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(one.value for one in value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool) else str(value)


def carried(data: QueryDict | None, shown: Iterable[forms.Form]) -> list[tuple[str, str]]:
    """What was posted and has no field on this page, to go along hidden: facts, and exhibits with their ground."""
    if data is None:
        return []
    here = {form.add_prefix(name) for form in shown for name in form.fields}
    names = [name for name in data if name not in here and (name == WEIGHED or _NAME.fullmatch(name))]
    pairs = [(name, value) for name in names for value in data.getlist(name)]
    return [(name, value) for name, value in pairs if value and len(value) <= VALUE_MAX][:CARRIED_MAX]
