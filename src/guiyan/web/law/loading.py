"""Facts of a person, loaded into the form as far as the viewer may see them. Nothing of it stands in an address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from guiyan.law.probation import ContractKind
from guiyan.law.protection_table import ProtectedStatus
from guiyan.people import actions as people_actions
from guiyan.people import queries as people
from guiyan.people.queries import NotFound
from guiyan.platform import clock
from guiyan.platform.acting import Forbidden, Refused
from guiyan.platform.permissions import Viewer
from guiyan.separation import queries as separation
from guiyan.web.edge import reaches
from guiyan.web.law import endings
from guiyan.web.law.fields import as_posted

FOUND_MAX = 8
REASON_MAX = 200
CONTRACTS = {
    "fixed_term": ContractKind.FIXED,
    "open_ended": ContractKind.OPEN_ENDED,
    "task": ContractKind.TASK,
    "part_time": ContractKind.PART_TIME,
}
PROTECTIONS = {
    "pregnancy": ProtectedStatus.PREGNANT,
    "maternity": ProtectedStatus.MATERNITY,
    "nursing": ProtectedStatus.NURSING,
    "medical_period": ProtectedStatus.MEDICAL_PERIOD,
    "suspected_occupational_disease": ProtectedStatus.SUSPECTED_OCCUPATIONAL_DISEASE,
    "hazard_no_exit_exam": ProtectedStatus.HAZARD_NO_EXIT_EXAM,
    "union_officer": ProtectedStatus.UNION_OFFICER,
}


@dataclass(frozen=True)
class Loaded:
    """Whose facts stand in the form, what was searched and found, and what could not be loaded."""

    person_id: UUID | None = None
    name: str = ""
    number: str = ""
    text: str = ""
    found: tuple[people.PeopleRow, ...] | None = None
    cases: tuple[separation.CaseRow, ...] = ()
    case_id: str = ""
    notes: tuple[str, ...] = ()
    error: str = ""
    has_wage: bool = False


NOBODY = Loaded()


def loaded(request: HttpRequest, viewer: Viewer, prefix: str) -> tuple[QueryDict, Loaded]:
    """Return what was posted, with the facts of a person put in when a button asked for it, and whose they are."""
    data, act = request.POST.copy(), request.POST.get("act", "")
    text = data.get("who", "").strip()[:60]
    chosen = act.removeprefix("load:") if act.startswith("load:") else data.get("person", "")
    if act == "nobody":
        chosen = data["person"] = data["case"] = ""
    found = _find(viewer, text) if act == "find" else None
    if not chosen:
        return data, Loaded(text=text, found=found)
    try:
        shown = people.profile(viewer, UUID(chosen))
    except (NotFound, ValueError):
        data["person"] = data["case"] = ""
        return data, Loaded(text=text, found=found, error=_("没有这个人，或者您不能查看。"))
    spell = shown.spells[0] if shown.spells else None
    whose = Loaded(
        person_id=shown.person_id,
        name=shown.name,
        number=spell.number if spell else "",
        text=text,
        found=found,
        cases=_cases(viewer, shown),
        case_id=data.get("case", ""),
        has_wage=bool(spell and spell.wages),
    )
    if act.startswith("load:"):
        whose = _fill(data, shown, whose, prefix)
    if act == "wage":
        whose = _wage(viewer, data, shown, whose, prefix)
    data["person"] = str(shown.person_id)
    return data, whose


def _find(viewer: Viewer, text: str) -> tuple[people.PeopleRow, ...]:
    if not text or not reaches(viewer, "people.list"):
        return ()
    return tuple(people.list_people(viewer, people.PeopleFilter(text=text), size=FOUND_MAX).rows)


def _cases(viewer: Viewer, shown: people.Profile) -> tuple[separation.CaseRow, ...]:
    if not reaches(viewer, "separation.view"):
        return ()
    rows = separation.cases(viewer, separation.CaseFilter(text=shown.name))
    return tuple(row for row in rows if row.person_id == shown.person_id)


def _fill(data: QueryDict, shown: people.Profile, whose: Loaded, prefix: str) -> Loaded:
    """Put what the profile shows into the form; what it does not show stays as it was typed."""
    spell = shown.spells[0] if shown.spells else None
    notes: list[str] = []
    told: dict[str, Any] = {}
    if spell is not None:
        told["hire_date"] = spell.hired_on.isoformat()
        if spell.probation_last_day:
            told["probation_last_day"] = spell.probation_last_day.isoformat()
        if spell.planned_end_on or spell.ended_on:
            told["last_day"] = str(spell.ended_on or spell.planned_end_on)
        if spell.contracts:
            contract = spell.contracts[0]
            told["contract_start"] = contract.start_on.isoformat()
            if contract.end_on:
                told["contract_end"] = contract.end_on.isoformat()
            if contract.kind in CONTRACTS:
                told["contract_kind"] = CONTRACTS[contract.kind].value
        if spell.contracts is None:
            notes.append(_("您的角色不能查看合同，合同的事实请自己填写。"))
    told.update(_protections(shown, notes))
    for key, value in as_posted(endings.facts(), told, prefix).items():
        data.setlist(key, value if isinstance(value, list) else [value])
    return replace(whose, notes=tuple(notes))


def _protections(shown: people.Profile, notes: list[str]) -> dict[str, Any]:
    """The protections that hold. None on record is not known to be none: nobody may have told."""
    if shown.protections is None:
        notes.append(_("您的角色不能查看特殊保护，请向人事了解后填写。"))
        return {}
    holding = [one for one in shown.protections if one.holds]
    codes = {PROTECTIONS[one.kind].value for one in holding if one.kind in PROTECTIONS}
    codes |= {f"work_injury_grade_{one.injury_grade}" for one in holding if one.kind == "injury" and one.injury_grade}
    if not codes:
        notes.append(_("没有登记特殊保护。没有登记不等于没有，请核实后选择。"))
        return {}
    return {"statuses": sorted(codes)}


def _wage(viewer: Viewer, data: QueryDict, shown: people.Profile, whose: Loaded, prefix: str) -> Loaded:
    """Put the newest monthly wage into the form; the look is on the ledger with its reason."""
    spell = shown.spells[0] if shown.spells else None
    if spell is None or not spell.wages:
        return replace(whose, error=_("没有登记工资，或者您不能查看。"))
    newest = max(spell.wages, key=lambda one: one.valid_from)
    reason = data.get("wage_reason", "").strip()[:REASON_MAX]
    try:
        wage = people_actions.reveal_wage(viewer, spell.spell_id, newest.valid_from, reason=reason, now=clock.now())
    except Forbidden:
        raise
    except Refused as refused:
        return replace(whose, error=str(refused.text))
    if wage.base is not None:
        data[f"{prefix}-last_month_wage"] = f"{wage.base:f}"
    note = _("已载入登记的月工资，这次查看已被记录。前十二个月平均工资须另行核算。")
    return replace(whose, notes=(note,))
