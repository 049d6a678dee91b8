"""The rows of the people list, drawn.

Fifty rows of one page differ in what they say, not in how they look: the template of a row is drawn once a language,
with a gap for each cell, and every person is then set into the gaps, escaped. What a cell says of days and codes alone
is drawn once for equal days and codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from html import escape  # Django's own, without its look for lazy words: there are none
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guiyan.people import queries as people
from guiyan.ui.component import draw
from guiyan.web.people import words

CELLS = ("url", "name", "avatar", "number", "number_or_dash", "unit", "post", "manager", "hired", "contract", "state",
         "mobile")  # fmt: skip
NONE = "—"
NOBODY = UUID(int=0)
KEPT_MAX = 4096


def drawn(rows: Iterable[people.PeopleRow], today: date, *, shows_mobile: bool) -> SafeString:
    """Return the rows as HTML in the active language."""
    language = get_language() or ""
    shape, address = _shape(language, shows_mobile=shows_mobile), _addresses()
    each = (shape.format(**_cells(row, today, address(row.person_id), language)) for row in rows)
    return mark_safe("".join(each))  # noqa: S308  the shape is a template's output, and _cells escapes what it sets in


def _cells(row: people.PeopleRow, today: date, url: str, language: str) -> dict[str, str]:
    """Return what stands in each cell, as HTML: texts escaped, the others drawn."""
    number = escape(row.number)
    return {
        "url": escape(url),
        "name": escape(row.name),
        "avatar": draw("c_avatar", name=row.name, size="sm"),
        "number": number,
        "number_or_dash": number or NONE,
        "unit": escape(row.unit) or NONE,
        "post": escape(row.post) or NONE,
        "manager": escape(row.manager) or NONE,
        "hired": _hired(language, row.hired_on, (row.ended_on or today) if row.hired_on <= today else None),
        "contract": _contract(language, row.contract_kind, row.contract_end, None if row.ended_on else today),
        "state": _state(language, *_standing(row, today)),
        "mobile": escape(row.mobile) or NONE,
    }


@lru_cache(maxsize=8)
def _shape(_language: str, *, shows_mobile: bool) -> str:
    """Return a row of the list in the active language, with a gap in braces for each cell."""
    gaps = {cell: mark_safe(f"{{{cell}}}") for cell in CELLS}  # noqa: S308  the names of cells, no one's words
    return render_to_string("web/people/_row.html", {"shows_mobile": shows_mobile, **gaps})


def _addresses() -> Callable[[UUID], str]:
    """Return how a person's address is written: the pattern is resolved once a page, not once a row."""
    before, after = reverse("person", kwargs={"person_id": NOBODY}).split(str(NOBODY))
    return lambda person_id: f"{before}{person_id}{after}"


@lru_cache(maxsize=KEPT_MAX)
def _hired(_language: str, hired_on: date, until: date | None) -> SafeString:
    """Draw the first day, and how long it is from it to ``until``."""
    note = format_html('<small class="w-sub">{}</small>', words.length_of(hired_on, until)) if until else ""
    return format_html('<span><span class="u-nowrap">{}</span>{}</span>', hired_on.isoformat(), note)


@lru_cache(maxsize=KEPT_MAX)
def _contract(_language: str, kind: str, end: date | None, today: date | None) -> SafeString:
    """Draw a contract: its kind, its end, and when ``today`` is given how near that is."""
    if not kind:
        return SafeString(NONE)
    until = ""
    if end is not None:
        tone = words.tone_of_day(end, today) if today else "neutral"
        said = _("至 %(day)s") % {"day": end.isoformat()}
        if today and tone != "neutral":
            left = words.left_of(end, today)
            until = format_html('<small class="w-sub u-tn w-tone--{}">{}，{}</small>', tone, said, left)
        else:
            until = format_html('<small class="w-sub u-tn">{}</small>', said)
    return format_html('<span><span class="u-nowrap">{}</span>{}</span>', words.contract_kind(kind), until)


def _standing(row: people.PeopleRow, today: date) -> tuple[str, str, date | None]:
    """Return what the badge of a row says: which sentence, the status, and the day in it."""
    if day := row.ended_on or row.planned_end_on:
        return "until", row.status, day
    if row.hired_on > today:
        return "awaited", row.status, row.hired_on
    if row.in_probation and row.probation_last_day:
        return "probation", row.status, row.probation_last_day
    return "", row.status, None


@lru_cache(maxsize=KEPT_MAX)
def _state(_language: str, sentence: str, code: str, day: date | None) -> SafeString:
    """Draw the badge of where a spell stands."""
    status = words.spell_status(code)
    label, tone = status.label, status.tone
    if day is not None:
        label, tone = {
            "until": (f"{status.label} {day.isoformat()}", status.tone),
            "awaited": (_("待入职 %(day)s") % {"day": day.isoformat()}, "cyan"),
            "probation": (_("试用期至 %(day)s") % {"day": day.isoformat()}, "brand"),
        }[sentence]
    return draw("c_badge", label=label, tone=tone)
