"""Showing what is masked, in full, for half a minute, on record."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guiyan.people import actions as people_actions
from guiyan.people import queries as people
from guiyan.people.enums import PerformanceKind, SensitiveKind
from guiyan.platform import clock
from guiyan.platform.permissions import Viewer
from guiyan.web.edge import page
from guiyan.web.people import words

SHOWN_SECONDS = 30
REASON_MAX = 200
WAGE_MASK = "****"
REASONS = (
    gettext_lazy("办理本人的人事手续"),
    gettext_lazy("核对登记信息"),
    gettext_lazy("联系本人"),
    gettext_lazy("送达通知"),
    gettext_lazy("办理社保、公积金或工资"),
)


@page
@require_POST
def reveal(request: HttpRequest, viewer: Viewer, person_id: UUID, kind: str) -> HttpResponse:
    """Show one personal value in full. Who looks at another's is asked why first; both are recorded."""
    if kind not in SensitiveKind.values:
        raise Http404
    shown = people.profile(viewer, person_id)
    row = next((item for item in shown.sensitive or () if item.kind == kind), None)
    if row is None:
        raise Http404
    label = words.sensitive_kind(kind)
    address = reverse("person_reveal", kwargs={"person_id": person_id, "kind": kind})
    return _answer(
        request,
        label,
        address,
        row.mask,
        lambda reason: people_actions.reveal_sensitive(viewer, person_id, kind, reason=reason, now=clock.now()),
        asks=row.may_reveal and viewer.person_id != person_id,
    )


@page
@require_POST
def reveal_address(request: HttpRequest, viewer: Viewer, person_id: UUID, address_id: UUID) -> HttpResponse:
    """Show one delivery address in full, on the same terms."""
    shown = people.profile(viewer, person_id)
    row = next((item for item in shown.addresses or () if item.address_id == address_id), None)
    if row is None:
        raise Http404
    address = reverse("person_reveal_address", kwargs={"person_id": person_id, "address_id": address_id})
    return _answer(
        request,
        words.address_kind(row.kind),
        address,
        row.mask,
        lambda reason: people_actions.reveal_address(viewer, address_id, reason=reason, now=clock.now()),
        asks="people.reveal" in shown.may and viewer.person_id != person_id,
    )


def _answer(
    request: HttpRequest, label: str, address: str, mask: str, look: Callable[[str], str], *, asks: bool
) -> HttpResponse:
    """Answer with the value, or with the question why when ``asks`` and nothing was said yet."""
    context = {"kind": label, "reveal_url": address, "mask": mask, "seconds": SHOWN_SECONDS, "reasons": REASONS}
    if request.POST.get("cancel"):
        return render(request, "web/people/_hidden.html", context)
    reason = request.POST.get("reason", "").strip()[:REASON_MAX]
    if asks and not reason:
        return render(request, "web/people/_reason.html", context)
    context["value"] = look(reason)
    return render(request, "web/people/_revealed.html", context)


@page
@require_POST
def reveal_wage(request: HttpRequest, viewer: Viewer, person_id: UUID, spell_id: UUID, day: str) -> HttpResponse:
    """Show one wage in full, on the same terms."""
    shown = people.profile(viewer, person_id)
    spell = next((item for item in shown.spells if item.spell_id == spell_id), None)
    wage = next((item for item in (spell.wages if spell else None) or () if item.valid_from.isoformat() == day), None)
    if wage is None:
        raise Http404
    valid_from = wage.valid_from

    def look(reason: str) -> str:
        figures = people_actions.reveal_wage(viewer, spell_id, valid_from, reason=reason, now=clock.now())
        return _wage_words(figures)

    asks = viewer.person_id != person_id
    return _answer(request, _("工资"), request.path, WAGE_MASK, look, asks=asks)


def _wage_words(wage: people_actions.WageShown) -> str:
    value = _("没有登记") if wage.base is None else _("%(amount)s 元") % {"amount": f"{wage.base:,.2f}"}
    if wage.performance is None:
        return value
    part = _("%(percent)s%%") if wage.performance_kind == PerformanceKind.PERCENT else _("%(amount)s 元")
    figure = {"percent": f"{wage.performance:g}", "amount": f"{wage.performance:,.2f}"}
    return _("%(base)s，绩效 %(performance)s") % {"base": value, "performance": part % figure}
