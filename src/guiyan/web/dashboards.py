"""The first page after signing in: for each role what it needs first, all on one page for who holds several."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiyan.ledger import queries as ledger
from guiyan.people import queries as people
from guiyan.people.queries.overview import SOON_DAYS, Overview, overview
from guiyan.platform import clock, queries
from guiyan.platform.permissions import Viewer, allowed, table
from guiyan.web.edge import page, reaches
from guiyan.web.people import choices, words

BARS_MAX = 12
REFUSALS_SHOWN = 6


@page
@require_safe
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Show the dashboard of the viewer's roles."""
    today = clock.today()
    context: dict[str, Any] = {"today": today, "weekday": _weekday(today)}
    if reaches(viewer, "people.list"):
        context |= _team(viewer, today)
    if viewer.person_id is not None and "employee" in viewer.roles:
        context |= _own(viewer, today)
    if allowed(viewer, "refusals.list") or allowed(viewer, "ledger.view"):
        context |= _control(request, viewer)
    return render(request, "web/home.html", context)


def _weekday(day: date) -> str:
    return (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))[day.weekday()]


def _team(viewer: Viewer, today: date) -> dict[str, Any]:
    """The people somebody serves or leads: counts, what comes near, how the company moves."""
    found = overview(viewer, on=today)
    sees_all = reaches(viewer, "people.hire") or bool(viewer.roles & {"legal", "finance", "auditor"})
    charts: dict[str, Any] = {"months_chart": _months_chart(found)}
    if sees_all:
        charts["units_chart"] = _units_chart(choices.units(viewer))
    return {
        "team": found,
        "sees_all": sees_all,
        "soon_days": SOON_DAYS,
        "may_hire": reaches(viewer, "people.hire"),
        "may_import": allowed(viewer, "people.load_import"),
        "probation_due": [(due, *_near(due.day, today)) for due in found.probation_due],
        "contracts_due": [(due, *_near(due.day, today)) for due in found.contracts_due],
        **charts,
    }


def _near(day: date, today: date) -> tuple[str, str]:
    return words.left_of(day, today), "warn" if day - today <= timedelta(days=14) else "neutral"


def _months_chart(found: Overview) -> dict[str, Any]:
    """Who began and who left, month by month, side by side."""
    return {
        "grid": {"left": 34, "right": 10, "top": 34, "bottom": 26},
        "legend": {"top": 0, "right": 0},
        "xAxis": {"type": "category", "data": [f"{month.first:%Y-%m}" for month in found.months]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": _("入职"),
                "type": "bar",
                "barMaxWidth": 14,
                "itemStyle": {"color": "var(--brand)", "borderRadius": [4, 4, 0, 0]},
                "data": [month.hired for month in found.months],
            },
            {
                "name": _("离职"),
                "type": "bar",
                "barMaxWidth": 14,
                "itemStyle": {"color": "var(--warn)", "borderRadius": [4, 4, 0, 0]},
                "data": [month.left for month in found.months],
            },
        ],
    }


def _units_chart(units: tuple[people.UnitNode, ...]) -> dict[str, Any]:
    """People by department: the units right below the company, largest on top."""
    tops = [unit for unit in units if unit.parent_id is None]
    level = [unit for unit in units if unit.parent_id == tops[0].unit_id] if len(tops) == 1 else tops
    shown = sorted((unit for unit in level if unit.people), key=lambda unit: unit.people)[-BARS_MAX:]
    return {
        "grid": {"left": 8, "right": 40, "top": 6, "bottom": 6, "containLabel": True},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {"type": "category", "data": [unit.name for unit in shown]},
        "series": [
            {
                "name": _("在职人数"),
                "type": "bar",
                "barMaxWidth": 16,
                "itemStyle": {"color": "var(--brand)", "borderRadius": [0, 4, 4, 0]},
                "label": {"show": True, "position": "right", "color": "var(--ink-2)"},
                "data": [unit.people for unit in shown],
            }
        ],
    }


def _own(viewer: Viewer, today: date) -> dict[str, Any]:
    """One's own facts, and one's own days ahead."""
    assert viewer.person_id is not None
    shown = people.profile(viewer, viewer.person_id)
    latest = next((spell for spell in shown.spells if spell.latest), None)
    contract = latest.contracts[-1] if latest and latest.contracts else None
    days: list[tuple[str, date]] = []
    if latest and latest.in_probation and latest.probation_last_day:
        days.append((_("试用期最后一天"), latest.probation_last_day))
    if contract and contract.end_on and contract.end_on >= today:
        days.append((_("合同到期"), contract.end_on))
    if latest and latest.planned_end_on:
        days.append((_("计划离职日"), latest.planned_end_on))
    return {
        "own": shown,
        "own_spell": latest,
        "own_service": words.length_of(latest.hired_on, latest.ended_on or today) if latest else "",
        "own_days": [
            (label, day, words.left_of(day, today), words.tone_of_day(day, today))
            for label, day in sorted(days, key=lambda item: item[1])
        ],
        "own_contract": words.contract_kind(contract.kind) if contract else "",
        "lacks_address": bool(
            shown.addresses is not None and latest and latest.ended_on is None and not shown.addresses
        ),
    }


def _control(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """What was refused, and how the ledger stands: for those who watch over the system."""
    context: dict[str, Any] = {}
    if allowed(viewer, "refusals.list"):
        found = queries.refusals(viewer)
        acts = table().acts
        english = request.LANGUAGE_CODE == "en"
        context["refused_count"] = found.paginator.count
        context["refused"] = [
            (row, (acts[row.act].en if english else acts[row.act].zh) if row.act in acts else row.act)
            for row in found.object_list[:REFUSALS_SHOWN]
        ]
    if allowed(viewer, "ledger.view"):
        context["head"] = ledger.head(viewer)
    return context
