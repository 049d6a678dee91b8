"""The live style guide: every component with its declared props, in light and dark, and whole pages around them."""

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template, render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from guiyan.ui import icons, samples
from guiyan.ui.component import REGISTRY, Component

SECTIONS = (
    ("controls", _("按钮与表单"), ("button", "field", "form_errors", "file_drop", "filter_bar", "tabs", "pagination")),
    ("data", _("数据"), ("badge", "chip", "avatar", "stat", "facts", "fact", "masked", "table")),
    ("layout", _("版面"), ("page_head", "crumbs", "card", "hero")),
    ("story", _("案件"), ("steps", "guard", "timeline", "life_line", "checklist", "ladder", "rule", "diagram")),
    ("feedback", _("反馈"), ("alert", "toast", "dialog", "progress", "empty")),
    ("phone", _("手机"), ("cell", "receipt", "signature_pad")),
)
SWATCHES = (
    *("brand", "brand-soft", "ok", "ok-soft", "warn", "warn-soft", "bad", "bad-soft", "violet", "cyan"),
    *("page", "surface", "sunk", "line", "ink", "ink-2", "ink-3"),
)
PHONE_PAGES = ("home", "notice", "done")


@dataclass(frozen=True)
class Exhibit:
    """A component on show: its declaration, how it is written, and how it looks in both themes."""

    component: Component
    source: str
    light: SafeString
    dark: SafeString


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Show tokens, icons and every registered component."""
    sections = [(key, title, [_exhibit(request, name) for name in names]) for key, title, names in SECTIONS]
    context = {"sections": sections, "swatches": SWATCHES, "icon_names": sorted(icons.names()), "phones": PHONE_PAGES}
    return render(request, "ui/guide.html", context)


def _exhibit(request: HttpRequest, name: str) -> Exhibit:
    template = f"ui/guide/{name}.html"
    origin = getattr(get_template(template), "origin", None)
    source = Path(origin.name).read_text(encoding="utf-8").strip() if origin else ""
    light, dark = (render_to_string(template, samples.content(theme), request) for theme in ("light", "dark"))
    return Exhibit(REGISTRY[f"c_{name}"], source, light, dark)


@require_safe
def desktop(request: HttpRequest) -> HttpResponse:
    """A whole desktop page made of components."""
    return render(request, "ui/guide_desktop.html", samples.desktop())


@require_safe
def phone(request: HttpRequest, page: str) -> HttpResponse:
    """A whole phone page: home, notice or done."""
    if page not in PHONE_PAGES:
        raise Http404
    return render(request, f"ui/guide_phone_{page}.html", samples.content("phone"))


@require_safe
def sample_diagram(request: HttpRequest) -> HttpResponse:
    """The process diagram that the guide shows."""
    xml = resources.files("guiyan.ui").joinpath("sample.bpmn").read_text(encoding="utf-8")
    return HttpResponse(xml, content_type="application/xml")


@require_POST
def reveal(request: HttpRequest) -> HttpResponse:
    """Stand in for a page's own view that records the look and shows the full value."""
    return HttpResponse("138 0000 6021")
