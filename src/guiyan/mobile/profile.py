"""One's own file in brief: where one works, the contract, and the personal values, masked until one asks."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guiyan.mobile import words
from guiyan.mobile.edge import Me, page
from guiyan.people import actions as people_actions
from guiyan.people import queries as people
from guiyan.people.enums import AddressKind, ContractKind, SensitiveKind, SpellStatus
from guiyan.platform import clock

SHOWN_SECONDS = 30
STATUS_TONES = {SpellStatus.ACTIVE: "ok", SpellStatus.LEAVING: "warn", SpellStatus.ENDED: "neutral"}


@page
@require_safe
def index(request: HttpRequest, me: Me) -> HttpResponse:
    """Show the viewer's own file in brief."""
    shown = people.profile(me.viewer, me.person_id)
    latest = next((spell for spell in shown.spells if spell.latest), None)
    contracts = latest.contracts if latest and latest.contracts else ()
    contract = contracts[-1] if contracts else None
    context = {
        "shown": shown,
        "latest": latest,
        "status": SpellStatus(latest.status).label if latest else "",
        "tone": STATUS_TONES[SpellStatus(latest.status)] if latest else "neutral",
        "hired": words.day(latest.hired_on) if latest else "",
        "planned_end": words.day(latest.planned_end_on) if latest and latest.planned_end_on else "",
        "contract": contract,
        "contract_kind": ContractKind(contract.kind).label if contract else "",
        "contract_end": words.day(contract.end_on) if contract and contract.end_on else "",
        "values": [
            (row, SensitiveKind(row.kind).label, reverse("m_reveal", kwargs={"kind": row.kind}))
            for row in shown.sensitive or ()
        ],
        "addresses": [(row, AddressKind(row.kind).label) for row in shown.addresses or () if row.valid_to is None],
        "tab": "profile",
    }
    return render(request, "mobile/profile.html", context)


@page
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, me: Me, kind: str) -> HttpResponse:
    """POST shows one of the viewer's own values in full for half a minute, on record; GET gives it masked again."""
    if kind not in SensitiveKind.values:
        raise Http404
    shown = people.profile(me.viewer, me.person_id)
    row = next((item for item in shown.sensitive or () if item.kind == kind), None)
    if row is None:
        raise Http404
    now = clock.now()
    return _answer(
        request,
        SensitiveKind(kind).label,
        row.mask,
        lambda: people_actions.reveal_sensitive(me.viewer, me.person_id, kind, reason="", now=now),
    )


@page
@require_http_methods(["GET", "HEAD", "POST"])
def reveal_address(request: HttpRequest, me: Me, address_id: UUID) -> HttpResponse:
    """The same for one of the viewer's own delivery addresses."""
    shown = people.profile(me.viewer, me.person_id)
    row = next((item for item in shown.addresses or () if item.address_id == address_id), None)
    if row is None:
        raise Http404
    now = clock.now()
    return _answer(
        request,
        AddressKind(row.kind).label,
        row.mask,
        lambda: people_actions.reveal_address(me.viewer, address_id, reason="", now=now),
    )


def _answer(request: HttpRequest, label: object, mask: str, look: Callable[[], str]) -> HttpResponse:
    """Answer with the value for a POST, with its mask for a GET; the fragment asks for the mask by itself."""
    context = {"label": label, "mask": mask, "url": request.path, "seconds": SHOWN_SECONDS}
    if request.method == "POST":
        context["value"] = look()
    if request.headers.get("HX-Request") == "true":
        return render(request, "mobile/_value.html", context)
    return render(request, "mobile/value.html", context | {"back_url": reverse("m_profile")})
