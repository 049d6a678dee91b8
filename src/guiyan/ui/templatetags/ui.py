"""``{% load ui %}``: every component of the design system. The live style guide at /ui/ shows each with its props."""

# ruff: noqa: A002 - props bear the names of the HTML attributes they become
import itertools
from collections.abc import Sequence

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import Context, TemplateSyntaxError
from django.utils.safestring import SafeString

from guiyan.ui import icons
from guiyan.ui.component import Extra, compile_slot, compile_still, component
from guiyan.ui.values import (
    STEP_STATES,
    TONES,
    Check,
    Column,
    Crumb,
    LifeSpell,
    Rung,
    Step,
    Tab,
    TimelineDay,
    TimelineItem,
)

register = template.Library()
register.tag("c_slot", compile_slot)
register.tag("still", compile_still)

BUTTON_KINDS = ("primary", "default", "danger", "ghost", "link")
SIZES = ("md", "sm", "lg")
ALERT_TONES = ("info", "ok", "warn", "bad")
ALERT_ICONS = {"info": "info-circle", "ok": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}
AVATAR_HUES = 6
_serial = itertools.count(1)  # ids must differ within a page, nothing more


@register.simple_tag
def icon(name: str, size: int = 20, css: str = "", label: str = "") -> SafeString:
    """Draw an icon inline; with ``label`` a screen reader says it."""
    try:
        return icons.svg(name, size, css, label)
    except icons.UnknownIconError as error:
        raise TemplateSyntaxError(str(error)) from error


@component(register, "button", choices={"kind": BUTTON_KINDS, "size": SIZES, "type": ("button", "submit")})
def button(
    label: str,
    *,
    kind: str = "default",
    size: str = "md",
    type: str = "button",
    href: str = "",
    icon: str = "",
    icon_only: bool = False,
    name: str = "",
    value: str = "",
    form: str = "",
    id: str = "",
    wide: bool = False,
    disabled: bool = False,
    why: str = "",
    dialog: str = "",
    closes_dialog: bool = False,
    click: str = "",
    confirm: str = "",
    download: bool = False,
    hx_get: str = "",
    hx_post: str = "",
    hx_target: str = "",
    hx_swap: str = "",
    hx_include: str = "",
) -> Extra:
    """A button, or with ``href`` a link that looks like one.

    Every grey button says why: ``disabled`` without ``why`` is refused. ``why`` is plain words for the person who would
    like to click, is shown beside the button and read out with it. ``confirm`` asks first; ``dialog`` opens the dialog
    of that id; ``click`` names a method of the Alpine component around it.
    """
    if disabled and not why:
        raise TemplateSyntaxError("{% c_button %}: a disabled button needs why=… that says why it is grey")
    if icon_only and not icon:
        raise TemplateSyntaxError("{% c_button %}: icon_only needs an icon")
    return {"why_id": f"why-{next(_serial)}" if disabled else ""}


@component(register, "badge", choices={"tone": (*TONES, "plain")}, pure=True)
def badge(label: str, *, tone: str = "neutral", icon: str = "", dot: bool = False) -> Extra:
    """A short state in a coloured box. Colour never stands alone: the words say the state."""
    return None


@component(register, "chip", choices={"tone": TONES})
def chip(label: str, *, tone: str = "neutral", remove_url: str = "") -> Extra:
    """A small mark beside a value, or with ``remove_url`` a filter that can be taken away."""
    return None


@component(register, "avatar", choices={"size": ("xs", "sm", "md", "lg")}, pure=True)
def avatar(name: str, *, size: str = "md") -> Extra:
    """The first character of a name on a colour that stays the same for that name; the name itself stands beside it."""
    shown = name.strip()
    return {"initial": shown[:1].upper(), "hue": sum(map(ord, shown)) % AVATAR_HUES}


@component(register, "alert", block=True, slots=("actions",), choices={"tone": ALERT_TONES})
def alert(*, tone: str = "info", title: str = "", icon: str = "", urgent: bool = False) -> Extra:
    """A message in the page. ``urgent`` makes a screen reader say it at once."""
    return {"shown_icon": icon or ALERT_ICONS[tone]}


@component(register, "guard", block=True, slots=("actions",), choices={"tone": ("bad", "warn", "brand", "ok")})
def guard(*, title: str, tone: str = "bad", icon: str = "shield-lock") -> Extra:
    """Says that something is held back, why, by which rule, and who decides."""
    return None


@component(register, "card", block=True, slots=("header", "footer"), choices={"level": ("1", "2", "3")})
def card(
    *, title: str = "", note: str = "", level: str = "2", flush: bool = False, id: str = "", icon: str = ""
) -> Extra:
    """A surface with an optional head. Slot ``header`` stands right of the title; ``flush`` takes the padding away."""
    return None


@component(register, "hero", block=True, slots=("badges", "actions"))
def hero(title: str, *, kind: str = "", avatar: str = "", note: str = "") -> Extra:
    """The head of a case or a profile: who, what, state, what can be done; the body takes facts and steps."""
    return None


@component(register, "page_head", block=True)
def page_head(title: str, *, note: str = "") -> Extra:
    """The head of a list page: title, a line about it, and the actions as body."""
    return None


@component(register, "crumbs")
def crumbs(items: Sequence[Crumb], *, label: str = "") -> Extra:
    """The path to this page; the last step is this page."""
    return None


@component(register, "facts", block=True, choices={"layout": ("row", "list", "grid")})
def facts(*, layout: str = "row") -> Extra:
    """A description list of c_fact: in a row under a hero, in a grid of a profile, or one under the other."""
    return None


@component(register, "fact", block=True)
def fact(label: str) -> Extra:
    """One label and its value, inside c_facts."""
    return None


@component(register, "stat", choices={"tone": TONES})
def stat(label: str, value: str, *, note: str = "", icon: str = "", tone: str = "brand", url: str = "") -> Extra:
    """One figure of a dashboard; with ``url`` the whole of it is a link to the list behind the figure."""
    return None


@component(register, "steps")
def steps(steps: Sequence[Step], *, label: str = "") -> Extra:
    """How far a case is: across on a desktop, downwards on a phone."""
    for step in steps:
        if step.state not in STEP_STATES:
            raise TemplateSyntaxError(f"{{% c_steps %}}: state={step.state!r} is none of {STEP_STATES}")
    return {"count": len(steps)}


@component(register, "timeline")
def timeline(days: Sequence[TimelineDay] = (), *, items: Sequence[TimelineItem] = ()) -> Extra:
    """A trail: ``days`` with a heading each, or bare ``items``."""
    return {"groups": days or [TimelineDay("", items)]}


@component(register, "life_line")
def life_line(spells: Sequence[LifeSpell]) -> Extra:
    """The whole life of a person with the company: every employment spell, its events, and the time away between.

    With more than eight events it runs downwards on a desktop too.
    """
    return {"tall": sum(len(spell.events) for spell in spells) > 8}


@component(register, "checklist")
def checklist(checks: Sequence[Check]) -> Extra:
    """What is fulfilled, what is not, and what nobody knows yet."""
    return None


@component(register, "ladder")
def ladder(rungs: Sequence[Rung]) -> Extra:
    """The delivery ladder: per channel what happened, and how good the proof is."""
    return None


@component(register, "rule", block=True)
def rule(*, article: str, title: str, open: bool = False) -> Extra:
    """The rule that applies, folded: its article, and as body the explanation that the law module gives."""
    return None


@component(register, "table", block=True, slots=("foot",))
def table(
    columns: Sequence[Column],
    *,
    caption: str,
    id: str = "",
    empty: bool = False,
    empty_title: str = "",
    empty_text: str = "",
    dense: bool = False,
) -> Extra:
    """A table that turns into cards on a phone. The body is its rows; every cell carries ``data-label``.

    ``class="c-table__main"`` marks the cell that names the row, ``c-table__act`` its actions, ``u-num`` figures.
    """
    return {"width": len(columns)}


@component(register, "empty", block=True)
def empty(title: str, *, text: str = "", icon: str = "inbox") -> Extra:
    """Nothing here: says why, and as body what to do about it."""
    return None


@component(register, "field")
def field(field: BoundField, *, label: str = "", help: str = "", hide_label: bool = False) -> Extra:
    """A form field with label, help and errors, tied together for screen readers. Works for every widget."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "") or "text"
    grouped = bool(getattr(widget, "use_fieldset", False))
    return {
        "bound": field,
        "shown_label": label or field.label,
        "shown_help": help or field.help_text,
        "is_check": kind == "checkbox" and not grouped,
        "is_group": grouped,
        "optional": not field.field.required and not field.is_hidden,
    }


@component(register, "form_errors")
def form_errors(form: BaseForm) -> Extra:
    """All that is wrong with a form, at its top, each with a link to its field."""
    fields = [(bound, bound.errors) for bound in form if bound.errors]
    return {"general": form.non_field_errors(), "fields": fields, "count": len(fields)}


@component(register, "file_drop")
def file_drop(
    name: str,
    *,
    label: str,
    accept: str = "",
    hint: str = "",
    max_bytes: int = 0,
    multiple: bool = False,
    required: bool = False,
    error: str = "",
) -> Extra:
    """A file field that also takes a dropped file. It warns about a wrong kind or size; the server decides."""
    return {"max_mb": max_bytes // (1024 * 1024)}


@component(register, "pagination")
def pagination(page: Page, *, label: str = "", hx_target: str = "") -> Extra:  # type: ignore[type-arg]
    """Which page of how many, and how many rows; keeps the filters of the request."""
    return {"numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))}


@register.simple_tag(takes_context=True)
def page_address(context: Context, number: int) -> str:
    """Return the address of another page of the same list: the request's query is read once, not once a number."""
    kept = context.render_context
    if "page_address" not in kept:
        told = context["request"].GET.copy()
        told.pop("page", None)
        kept["page_address"] = f"?{told.urlencode()}&page=" if told else "?page="
    return f"{kept['page_address']}{number}"


@component(register, "filter_bar", block=True, slots=("actions",))
def filter_bar(*, action: str = "", target: str = "", query: str = "", placeholder: str = "", label: str = "") -> Extra:
    """Search and filters over a list. Acts by itself while one types (Chinese input methods too), and by Enter.

    The body takes ``<select>`` and the like; the slot ``actions`` export and new.
    """
    return None


@component(register, "tabs")
def tabs(tabs: Sequence[Tab], *, label: str) -> Extra:
    """Views of one thing, each a page of its own, with counts."""
    return None


@component(register, "dialog", block=True, slots=("footer",), choices={"size": ("md", "lg", "xl")})
def dialog(*, id: str, title: str, size: str = "md") -> Extra:
    """A window over the page; a button with ``dialog=`` opens it. On a phone it is a sheet from below."""
    return None


@component(register, "toast", choices={"tone": ALERT_TONES})
def toast(text: str, *, tone: str = "info", stays: bool = False) -> Extra:
    """A short message that goes by itself; errors stay until they are closed."""
    return {"shown_icon": ALERT_ICONS[tone], "remains": stays or tone == "bad"}


@component(register, "progress", choices={"tone": ("brand", "ok", "warn", "bad", "neutral")})
def progress(percent: int, *, label: str, tone: str = "brand", note: str = "", thin: bool = False) -> Extra:
    """How far something is, 0 to 100. ``thin`` shows the bar alone and says the label to screen readers only."""
    return {"clamped": max(0, min(100, int(percent)))}


@component(register, "masked")
def masked(value: str, *, label: str, reveal_url: str = "", why: str = "") -> Extra:
    """A sensitive value, already masked by the server; the eye fetches it by POST, and each look is recorded.

    ``why`` in place of ``reveal_url`` says why this person cannot see it.
    """
    if not reveal_url and not why:
        raise TemplateSyntaxError("{% c_masked %}: without reveal_url it needs why=… that says why it stays hidden")
    return None


@component(register, "diagram")
def diagram(
    *,
    source_url: str,
    label: str,
    done: Sequence[str] = (),
    now: Sequence[str] = (),
    stopped: Sequence[str] = (),
    note: str = "",
    fallback_url: str = "",
) -> Extra:
    """A process diagram with the place where the case stands. Pages that use it load ``ui/_diagram_assets.html``."""
    return {"done_ids": ",".join(done), "now_ids": ",".join(now), "stopped_ids": ",".join(stopped)}


@component(register, "cell", choices={"tone": TONES})
def cell(
    title: str, *, url: str, note: str = "", icon: str = "file-text", tone: str = "brand", unread: bool = False
) -> Extra:
    """A line of a phone list that leads somewhere; inside ``<div class="weui-cells p-cells">``."""
    return None


@component(register, "receipt", block=True)
def receipt(*, title: str, number: str = "", fine: str = "") -> Extra:
    """A receipt on the phone: the body is c_fact; ``fine`` says what it proves and what not."""
    return None


@component(register, "signature_pad")
def signature_pad(*, name: str = "signature", hint: str = "") -> Extra:
    """White paper and dark ink in every theme. Sends JSON with the PNG and the strokes with their times in ``name``."""
    return None
