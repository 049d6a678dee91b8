"""What every desktop view shares: who is looking, and the checks before a page is served."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from guiyan.people import queries as people
from guiyan.platform.accounts import signed_in_by
from guiyan.platform.permissions import Viewer, allowed, relations_for

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Viewer, P], HttpResponseBase]
NEED_SECOND_FACTOR = frozenset({"hr", "hr_lead", "legal", "it", "finance", "auditor", "system_admin"})


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who is looking, read once a request."""
    kept = getattr(request, "kept_viewer", None)
    if kept is None:
        assert not isinstance(request.user, AnonymousUser)
        kept = people.viewer_for(request.user, auth=signed_in_by(request))
        request.kept_viewer = kept  # type: ignore[attr-defined]
    return cast("Viewer", kept)


def _must_first(request: HttpRequest, viewer: Viewer) -> HttpResponse | None:
    """Send the person to what has to come first: a password of their own, then a second factor."""
    user = cast("Any", request.user)
    if user.must_change_password:
        return redirect("account_change_password")
    if settings.DEMONSTRATION or not viewer.roles & NEED_SECOND_FACTOR:
        return None
    if not user.authenticator_set.exclude(type="recovery_codes").exists():
        return redirect("mfa_index")
    return None


def page(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Serve a view to a signed-in person; the view gets the viewer as its second argument."""

    @functools.wraps(view)
    def serve(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        viewer = viewer_of(request)
        return _must_first(request, viewer) or view(request, viewer, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", login_required(serve))


def may_see(viewer: Viewer, act: str) -> None:
    """Answer 404 for a page that is not this viewer's: what one may not see does not exist."""
    if not allowed(viewer, act):
        raise Http404


def reaches(viewer: Viewer, act: str) -> bool:
    """Return whether ``viewer`` may do ``act`` to anybody but themselves."""
    return any(relation != "self" for _held, relation in relations_for(viewer, act))


def may_reach(viewer: Viewer, act: str, *, also_self: bool = False) -> None:
    """Answer 404 for a page about many that is not this viewer's; with ``also_self`` their own person is enough."""
    if not (any(relations_for(viewer, act)) if also_self else reaches(viewer, act)):
        raise Http404


def is_fragment(request: HttpRequest, target: str) -> bool:
    """Return whether the page itself asks for one part of it; everybody else gets the whole page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == target


def page_number(request: HttpRequest) -> int:
    """Return the asked page of a list; anything that is no number is the first."""
    told = request.GET.get("page", "1")
    return int(told) if told.isdecimal() and len(told) < 9 else 1


def request_id(request: HttpRequest) -> uuid.UUID:
    """Return the id that the form carries, so that sending it twice acts once; a form without one gets a fresh id."""
    try:
        return uuid.UUID(request.POST.get("request_id", ""))
    except ValueError:
        return uuid.uuid4()
