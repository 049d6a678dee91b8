"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guiyan.platform.permissions import Viewer
from guiyan.web.edge import page


@page
def dashboard(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Show the dashboard of the viewer's roles."""
    return render(request, "web/home.html")
