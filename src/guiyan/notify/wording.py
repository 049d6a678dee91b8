"""The words of messages: one folder a message with ``title.txt`` and ``body.txt``, in Chinese, filled in as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string

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
    title = " ".join(render_to_string(f"messages/{kind}/title.txt", dict(facts)).split())
    body = render_to_string(f"messages/{kind}/body.txt", dict(facts)).strip()
    return Words(title[:TITLE_MAX], body[:BODY_MAX])
