"""The product's addresses and the bare view's."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from guiyan.people.models import Person


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """List fifty rows of a table of ten thousand."""
    rows = Person.objects.filter(name__contains="王").order_by("name_key")[:50]
    return render(request, "bare/list.html", {"rows": rows})


urlpatterns = [path("bare/", bare), path("", include("guiyan.config.urls"))]
handler404 = "guiyan.web.problems.not_found"
handler500 = "guiyan.web.problems.server_error"
