"""What every phone view shares: who is looking, whose person that is, and the checks before a page is served."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from guiyan.people import queries as people
from guiyan.platform.accounts import signed_in_by
from guiyan.platform.permissions import Viewer
from guiyan.separation.actions import note_stranger

P = ParamSpec("P")


@dataclass(frozen=True)
class Me:
    """Who is looking, as an employee: the viewer, and the person that they are."""

    viewer: Viewer
    person_id: UUID

    @property
    def name(self) -> str:
        """The name that the account shows."""
        return self.viewer.name


View = Callable[Concatenate[HttpRequest, Me, P], HttpResponseBase]


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who is looking, read once a request."""
    kept = getattr(request, "kept_viewer", None)
    if kept is None:
        assert not isinstance(request.user, AnonymousUser)
        kept = people.viewer_for(request.user, auth=signed_in_by(request))
        request.kept_viewer = kept  # type: ignore[attr-defined]
    return cast("Viewer", kept)


def page(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Serve a view to a signed-in employee; the view gets ``Me`` as its second argument.

    An account that belongs to nobody is told so: the phone pages are about one's own matters.
    """

    @functools.wraps(view)
    def serve(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if cast("Any", request.user).must_change_password:
            return redirect("account_change_password")
        viewer = viewer_of(request)
        if viewer.person_id is None:
            return render(request, "mobile/nobody.html", status=404)
        return view(request, Me(viewer, viewer.person_id), *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", login_required(serve))


CaseView = Callable[Concatenate[HttpRequest, Me, UUID, P], HttpResponseBase]


def case_page(view: CaseView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Serve a view about one case of the signed-in employee, its id as ``case_id``.

    A case that is not theirs does not exist for them; that somebody tried is on record once the page was read.
    """

    @functools.wraps(view)
    def serve(request: HttpRequest, me: Me, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        case_id = cast("UUID", kwargs.pop("case_id"))
        try:
            return view(request, me, case_id, *args, **kwargs)
        except people.NotFound as error:
            request.after_reading = lambda: note_stranger(me.viewer, case_id)  # type: ignore[attr-defined]
            raise Http404 from error

    return page(cast("Any", serve))


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
