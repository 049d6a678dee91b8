"""The words of messages: one folder a message with ``title.txt`` and ``body.txt``, filled in in both languages.

A message is said once in Chinese and once in English when it is sent, and both are kept: what somebody was told does
not change with a catalogue, and the reader sees the one of their language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from guiyan.kernel.results import Words

CHINESE: Final = "zh-hans"
ENGLISH: Final = "en"
TITLE_MAX: Final = 120
BODY_MAX: Final = 4000
TITLE_EN_MAX: Final = 240
BODY_EN_MAX: Final = 8000


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says, in Chinese and in English."""

    title: str
    body: str
    title_en: str
    body_en: str


def said(kind: str, facts: Mapping[str, object]) -> Said:
    """Return what the message ``kind`` says of ``facts``. Raises ``TemplateDoesNotExist`` for no such kind.

    The templates lie in ``templates/messages/<kind>/`` of the context that sends the message, their English in its
    catalogue. The sender's own language makes no difference. A fact that is said differently in the two languages is
    a ``Words``, a lazy translation, or a day or moment that the template says with a filter of ``said``.
    """
    title, body = _in(CHINESE, kind, facts)
    title_en, body_en = _in(ENGLISH, kind, facts)
    return Said(title[:TITLE_MAX], body[:BODY_MAX], title_en[:TITLE_EN_MAX], body_en[:BODY_EN_MAX])


def is_english() -> bool:
    """Whether the active language, the reader's, is English."""
    return (translation.get_language() or "").startswith(ENGLISH)


def _in(language: str, kind: str, facts: Mapping[str, object]) -> tuple[str, str]:
    own = {name: _of(value, language) for name, value in facts.items()}
    with translation.override(language):
        title = " ".join(_plain(f"messages/{kind}/title.txt", own).split())
        return title, _plain(f"messages/{kind}/body.txt", own).strip()


def _of(value: object, language: str) -> object:
    if not isinstance(value, Words):
        return value
    return value.en if language == ENGLISH else value.zh


def _plain(name: str, facts: Mapping[str, object]) -> str:
    """Fill a template as plain text: a message is no page, so nothing in it is escaped."""
    template: Any = get_template(name)
    return str(template.template.render(Context(dict(facts), autoescape=False)))
