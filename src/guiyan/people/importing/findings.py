"""What the accepted rows show that a person should know: unlawful probation, lapsed contracts, and the like. Nothing
is stopped.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from .checks import years_between
from .dates import add_months
from .desk import Draft
from .reads import Context

ProbationMax = Callable[[str, date, date | None], int | None]
"""(contract kind, first day, last day or None) → the most months of probation the law allows, or None when it cannot
be told.

Kinds are "fixed_term", "open_ended", "task", "labour_service", "internship", "part_time", "dispatch",
"retired_rehire".
"""

EMPLOYMENT_KINDS = frozenset({"fixed_term", "open_ended", "task", "dispatch"})
_LCL_10 = "《劳动合同法》第十条、第八十二条"
_LCL_19 = "《劳动合同法》第十九条"
_RETIREMENT = "《国务院关于渐进式延迟法定退休年龄的办法》"


def add_findings(
    accepted: list[Draft],
    returned: frozenset[int],
    names: Counter[str],
    context: Context,
    probation_max: ProbationMax | None,
) -> None:
    """Append findings to the accepted drafts. `returned` holds the identities of drafts that are a second spell of a
    person.
    """
    for draft in accepted:
        values = draft.values
        leave = values.get("leave_date")
        active = leave is None or leave > context.as_of
        _probation(draft, values, id(draft) in returned, probation_max)
        if active:
            _contract(draft, values, context.as_of)
            _retirement(draft, values, context.as_of)
            _dates(draft, values, context.as_of)
            if "department_1" in draft.columns and not values.get("department"):
                draft.find("department_missing", "notice")
        _regular(draft, values)
        if not values.get("identity_number"):
            draft.find("identity_missing", "notice")
        if names[draft.subject] > 1:
            draft.find("name_shared", "notice", count=str(names[draft.subject]))
    for field, kind in (("phone", "phone_shared"), ("email", "email_shared")):
        _shared(accepted, field, kind)


def _probation(draft: Draft, values: dict[str, Any], returned: bool, probation_max: ProbationMax | None) -> None:
    months, kind = values.get("probation_months"), values.get("contract_kind")
    if not months:
        return
    if returned:
        draft.find("probation_on_rehire", "serious", f"{_LCL_19}第二款")
    start = values.get("contract_start") or values.get("hire_date")
    if (
        probation_max is None
        or not kind
        or start is None
        or (kind == "fixed_term" and values.get("contract_end") is None)
    ):
        return
    maximum = probation_max(kind, start, values.get("contract_end"))
    if maximum is not None and months > maximum:
        draft.find("probation_too_long", "serious", _LCL_19, months=str(months), maximum=str(maximum))


def _regular(draft: Draft, values: dict[str, Any]) -> None:
    months, regular = values.get("probation_months"), values.get("regular_date")
    if months is not None and regular is not None:
        expected = add_months(values["hire_date"], months)
        if abs((regular - expected).days) > 7:
            draft.find("regular_differs", "notice", expected=expected.isoformat())


def _contract(draft: Draft, values: dict[str, Any], as_of: date) -> None:
    kind, start, end = values.get("contract_kind"), values.get("contract_start"), values.get("contract_end")
    hire = values["hire_date"]
    told = "contract_kind" in draft.columns or "contract_start" in draft.columns
    if told and (not kind or start is None):
        draft.find("contract_missing", "warning", _LCL_10)
    if kind == "fixed_term" and end is None and start is not None:
        draft.find("contract_end_unknown", "warning")
    if end is not None and end < as_of:
        draft.find("contract_expired", "warning", "《劳动合同法》第十条、第四十四条、第八十二条", end=end.isoformat())
    if start is not None and start > add_months(hire, 1) and kind in EMPLOYMENT_KINDS:
        draft.find("contract_late", "warning", _LCL_10, start=start.isoformat())
    if start is not None and (hire - start).days > 90:
        draft.find("contract_early", "notice", start=start.isoformat())


def _retirement(draft: Draft, values: dict[str, Any], as_of: date) -> None:
    """Original statutory ages 60 and 50 (55 for women in management or technical posts) rise in steps since 2025, so
    this notice only says who must be worked out.
    """
    birth, sex = values.get("birth_date"), values.get("sex")
    if (
        birth is None
        or sex not in ("男", "女")
        or values.get("contract_kind") in ("labour_service", "retired_rehire", "internship")
    ):
        return
    age, limit = years_between(birth, as_of), 60 if sex == "男" else 50
    latest = 63 if sex == "男" else 58
    if age >= latest:
        draft.find("retirement_passed", "warning", _RETIREMENT, age=str(age))
    elif years_between(birth, add_months(as_of, 12)) >= limit:
        draft.find("retirement_near", "notice", _RETIREMENT, age=str(age))


def _dates(draft: Draft, values: dict[str, Any], as_of: date) -> None:
    if values["hire_date"] > as_of:
        draft.find("hire_ahead", "notice", hire=values["hire_date"].isoformat())
    elif values.get("leave_date") is None and re.search(r"离职|辞职|辞退", str(values.get("remark") or "")):
        draft.find("remark_left", "notice")
    if values.get("leave_date") is not None:
        draft.find("leaving_planned", "notice", leave=values["leave_date"].isoformat())


def _shared(accepted: list[Draft], field: str, kind: str) -> None:
    owners: dict[str, dict[str, Draft]] = defaultdict(dict)
    for draft in accepted:
        if draft.values.get(field):
            owners[str(draft.values[field]).lower()].setdefault(draft.person_key, draft)
    for people in owners.values():
        if len(people) < 2:
            continue
        first = list(people.items())[:6]
        for key, draft in people.items():
            others = [f"{other.ref.sheet} {other.ref.row}" for name, other in first if name != key]
            draft.find(kind, "notice", rows="、".join(others[:5]))
