"""The words of messages: one folder a message with ``title.txt`` and ``body.txt``, in Chinese, filled in as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template import Context
from django.template.loader import get_template

TITLE_MAX = 120
BODY_MAX = 4000


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says."""

    title: str
    body: str


def words(kind: str, facts: Mapping[str, object]) -> Words:
    """Return the words of the message ``kind`` filled with ``facts``. Raises ``TemplateDoesNotExist`` for no such kind.

    The templates lie in ``templates/messages/<kind>/`` of the context that sends the message.
    """
    title = " ".join(_plain(f"messages/{kind}/title.txt", facts).split())
    return Words(title[:TITLE_MAX], _plain(f"messages/{kind}/body.txt", facts).strip()[:BODY_MAX])


def _plain(name: str, facts: Mapping[str, object]) -> str:
    """Fill a template as plain text: a message is no page, so nothing in it is escaped."""
    template: Any = get_template(name)
    return str(template.template.render(Context(dict(facts), autoescape=False)))
