"""The product's addresses and the bare view's."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.urls import include, path
from django.views.generic import ListView

from guiyan.people.models import EmploymentSpell


class Bare(ListView):  # type: ignore[type-arg]  # Django has no such index at run time
    """What Django gives for nothing: fifty of ten thousand rows, narrowed, counted and sorted, ten plain columns."""

    paginate_by = 50
    template_name = "bare/list.html"

    def get_queryset(self) -> QuerySet[EmploymentSpell]:
        """Narrow by the text of the address, as the list does."""
        return EmploymentSpell.objects.filter(number__contains=self.request.GET.get("q", "")).order_by("number")


urlpatterns = [path("bare/", login_required(Bare.as_view())), path("", include("guiyan.config.urls"))]
handler404 = "guiyan.web.problems.not_found"
handler500 = "guiyan.web.problems.server_error"
