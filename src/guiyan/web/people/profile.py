"""One person's profile, in views of its own each: the life, the employment, the personal values, the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiyan.people import queries as people
from guiyan.people.enums import SpellStatus
from guiyan.people.lifeline import EventKind
from guiyan.people.lifeline import LifeEvent as Happened
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer
from guiyan.ui.values import Column, Crumb, LifeEvent, LifeSpell, Tab
from guiyan.web.edge import page, reaches
from guiyan.web.law.notes import reads_notes
from guiyan.web.people import choices, words
from guiyan.web.people.offers import offers

ICONS = {
    EventKind.HIRED: ("door-enter", "brand"),
    EventKind.REHIRED: ("feather", "brand"),
    EventKind.PROBATION_PASSED: ("rosette-discount-check", "ok"),
    EventKind.PROBATION_ENDS: ("hourglass", "warn"),
    EventKind.MOVED: ("transfer", "cyan"),
    EventKind.HEADS_UNIT: ("flag", "violet"),
    EventKind.HEADED_UNIT: ("flag", "neutral"),
    EventKind.CONTRACT: ("contract", "brand"),
    EventKind.CONTRACT_ENDS: ("calendar-due", "warn"),
    EventKind.WAGE: ("cash", "neutral"),
    EventKind.PROTECTION_BEGINS: ("shield-lock", "violet"),
    EventKind.PROTECTION_ENDS: ("shield-check", "neutral"),
    EventKind.ADDRESS: ("map-pin", "neutral"),
    EventKind.END_PLANNED: ("calendar-due", "warn"),
    EventKind.ENDED: ("door-exit", "neutral"),
}


def _event_words(event: Happened) -> tuple[str, str]:
    """Return what happened and the words beside it."""
    said = {
        EventKind.HIRED: (_("入职"), event.detail),
        EventKind.REHIRED: (_("再次入职"), event.detail),
        EventKind.PROBATION_PASSED: (_("试用期届满") if event.future else _("试用期结束"), ""),
        EventKind.PROBATION_ENDS: (_("试用期最后一天"), ""),
        EventKind.MOVED: (_("调动"), event.detail),
        EventKind.HEADS_UNIT: (_("任部门负责人"), event.detail),
        EventKind.HEADED_UNIT: (_("不再任部门负责人"), event.detail),
        EventKind.CONTRACT: (_("合同开始"), event.detail),
        EventKind.CONTRACT_ENDS: (_("合同到期"), event.detail),
        EventKind.WAGE: (_("工资生效"), ""),
        EventKind.PROTECTION_BEGINS: (_("特殊保护开始"), ""),
        EventKind.PROTECTION_ENDS: (_("特殊保护结束"), ""),
        EventKind.ADDRESS: (_("确认送达地址"), event.detail),
        EventKind.END_PLANNED: (_("计划离职日"), ""),
        EventKind.ENDED: (_("离职"), ""),
    }[event.kind]
    coded = {
        EventKind.CONTRACT: words.contract_kind,
        EventKind.PROTECTION_BEGINS: words.protection_kind,
        EventKind.PROTECTION_ENDS: words.protection_kind,
        EventKind.ADDRESS: words.address_kind,
        EventKind.ENDED: words.end_kind,
    }.get(event.kind)
    title, text = said
    return title, (coded(event.code) if coded and event.code else text)


def life(shown: people.Profile, today: date) -> list[LifeSpell]:
    """Return the life line: each spell with what happened in it, oldest first, and the time away between."""
    spells = sorted(shown.spells, key=lambda spell: spell.hired_on)
    lines: list[LifeSpell] = []
    for number, spell in enumerate(spells):
        after = spells[number + 1].hired_on if number + 1 < len(spells) else date.max
        first = date.min if number == 0 else spell.hired_on
        events = [event for event in shown.life_line if first <= event.day < after and not _is_stale(event)]
        gap = ""
        before = spells[number - 1].ended_on if number else None
        if before is not None:
            gap = _("离开 %(length)s") % {"length": words.length_of(before, spell.hired_on)}
        last = spell.ended_on.isoformat() if spell.ended_on else _("至今")
        lines.append(
            LifeSpell(
                title=_("第 %(n)d 段任职") % {"n": number + 1} if len(spells) > 1 else _("任职"),
                period=f"{spell.hired_on.isoformat()} — {last}",
                events=[_dot(event) for event in events],
                current=spell.ended_on is None,
                gap_before=gap,
            )
        )
    return lines


def _is_stale(event: Happened) -> bool:
    """Leave out the past ends of contracts: what followed them says it."""
    return event.kind == EventKind.CONTRACT_ENDS and not event.future


def _dot(event: Happened) -> LifeEvent:
    title, text = _event_words(event)
    icon, tone = ICONS[event.kind]
    when = event.day.isoformat()
    return LifeEvent(title, _("%(day)s（将来）") % {"day": when} if event.future else when, text, icon, tone)


@dataclass(frozen=True)
class SpellShown:
    """A spell with its words."""

    spell: people.SpellView
    badge: words.Badge
    service: str
    end: str


def _spell_shown(spell: people.SpellView, today: date) -> SpellShown:
    badge = words.spell_status(spell.status)
    if spell.in_probation:
        badge = words.Badge(_("试用期内"), "brand")
    service = words.length_of(spell.hired_on, spell.ended_on or today) if spell.hired_on <= today else ""
    return SpellShown(spell, badge, service, words.end_kind(spell.end_kind))


def frame(request: HttpRequest, viewer: Viewer, person_id: UUID, tab: str) -> dict[str, Any]:
    """Return what every view of a profile shows: who it is, how they stand, what may be done, the other views."""
    today = clock.today()
    shown = people.profile(viewer, person_id)
    latest = next((spell for spell in shown.spells if spell.latest), None)
    views = [("", _("概况"), "user"), ("employment", _("任职与合同"), "briefcase")]
    if shown.sensitive is not None or shown.addresses is not None or shown.protections is not None:
        views.append(("personal", _("个人信息与送达"), "id"))
    address = reverse("person", kwargs={"person_id": person_id})
    tabs = [
        Tab(label, f"{address}{f'{key}/' if key else ''}", active=key == tab, icon=icon) for key, label, icon in views
    ]
    contracts = latest.contracts if latest and latest.contracts else ()
    contract = contracts[-1] if contracts else None
    own = viewer.person_id == person_id
    crumbs = [Crumb(_("员工档案"), reverse("people")), Crumb(shown.name)] if reaches(viewer, "people.list") else []
    return {
        "shown": shown,
        "latest": _spell_shown(latest, today) if latest else None,
        "contract": contract,
        "contract_kind": words.contract_kind(contract.kind) if contract else "",
        "contract_left": words.left_of(contract.end_on, today) if contract and contract.end_on else "",
        "contract_tone": words.tone_of_day(contract.end_on, today) if contract else "neutral",
        "probation_left": words.left_of(latest.probation_last_day, today)
        if latest and latest.in_probation and latest.probation_last_day
        else "",
        "unit_path": " / ".join(unit.name for unit in choices.unit_path(viewer, shown.unit_id)[1:]) or shown.unit,
        "sex": words.sex(shown.sex),
        "tabs": tabs if len(tabs) > 1 else [],
        "offers": offers(shown, own=own),
        "is_own": own,
        "is_open": bool(latest and latest.status != SpellStatus.ENDED),
        "crumbs": crumbs,
        "today": today,
    }


def protections_shown(shown: people.Profile) -> list[dict[str, Any]]:
    """Return the protections with their words; an empty list for those who may not see them."""
    return [
        {
            "row": row,
            "kind": words.protection_kind(row.kind),
            "source": words.protection_source(row.source),
            "may_end": "people.end_protection" in shown.may and row.valid_to is None,
        }
        for row in shown.protections or ()
    ]


def addresses_shown(shown: people.Profile) -> list[dict[str, Any]]:
    """Return the delivery addresses with their words, those in force first."""
    rows = sorted(shown.addresses or (), key=lambda row: row.valid_to is not None)
    return [
        {
            "row": row,
            "kind": words.address_kind(row.kind),
            "icon": words.ADDRESS_ICONS[row.kind],  # type: ignore[index]
            "how": words.confirmed_how(row.confirmed_how),
        }
        for row in rows
    ]


def _kept_url(viewer: Viewer, person_id: UUID) -> str:
    """Where the notes and findings of law are fetched from; nowhere for those who read none, and for oneself."""
    own = viewer.person_id == person_id
    return "" if own or not reads_notes(viewer) else reverse("law_kept_person", kwargs={"person_id": person_id})


@page
@require_safe
def overview(request: HttpRequest, viewer: Viewer, person_id: UUID) -> HttpResponse:
    """Show the life of a person with the company, and what matters now."""
    context = frame(request, viewer, person_id, "")
    shown = context["shown"]
    context |= {
        "life": life(shown, context["today"]),
        "kept_url": _kept_url(viewer, person_id),
        "protections": [item for item in protections_shown(shown) if item["row"].holds],
        "addresses": [item for item in addresses_shown(shown) if item["row"].valid_to is None],
        "contacts": [
            {"row": row, "kind": words.sensitive_kind(row.kind)}
            for row in shown.sensitive or ()
            if row.kind in {"mobile", "personal_email", "emergency_name", "emergency_phone"}
        ],
    }
    return render(request, "web/people/profile.html", context)


@page
@require_safe
def employment(request: HttpRequest, viewer: Viewer, person_id: UUID) -> HttpResponse:
    """Show every spell with its places, contracts and wages."""
    context = frame(request, viewer, person_id, "employment")
    today = context["today"]
    context |= {
        "spells": [
            {
                "shown": _spell_shown(spell, today),
                "places": list(reversed(spell.assignments)),
                "contracts": [
                    {
                        "row": row,
                        "kind": words.contract_kind(row.kind),
                        "left": words.left_of(row.end_on, today) if row.end_on and not spell.ended_on else "",
                        "tone": words.tone_of_day(row.end_on, today),
                        "current": row.start_on <= today and (row.end_on is None or row.end_on >= today),
                    }
                    for row in reversed(spell.contracts or ())
                ],
                "wages": list(reversed(list(enumerate(spell.wages or ())))),
            }
            for spell in context["shown"].spells
        ],
        "place_columns": [Column(_("部门")), Column(_("岗位")), Column(_("指定上级")), Column(_("起止"))],
        "contract_columns": [Column(_("合同")), Column(_("编号")), Column(_("签订日")), Column(_("期限"))],
        "wage_columns": [Column(_("生效日")), Column(_("月基本工资")), Column(_("绩效"))],
    }
    return render(request, "web/people/profile_employment.html", context)


@page
@require_safe
def personal(request: HttpRequest, viewer: Viewer, person_id: UUID) -> HttpResponse:
    """Show the personal values, masked, the delivery addresses, and the protections to those who may see them."""
    context = frame(request, viewer, person_id, "personal")
    shown = context["shown"]
    if shown.sensitive is None and shown.addresses is None and shown.protections is None:
        raise Http404
    context |= {
        "values": [
            {
                "row": row,
                "kind": words.sensitive_kind(row.kind),
                "document": words.document_type(row.document_type),
            }
            for row in shown.sensitive or ()
        ],
        "addresses": addresses_shown(shown),
        "protections": protections_shown(shown),
        "protection_columns": [
            Column(_("事实")),
            Column(_("起止")),
            Column(_("来源")),
            Column(_("操作"), hidden_label=True),
        ],
    }
    return render(request, "web/people/profile_personal.html", context)


@page
@require_safe
def mine(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lead to one's own profile."""
    if viewer.person_id is None:
        raise Http404
    return redirect("person", person_id=viewer.person_id)
