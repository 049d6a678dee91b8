"""Problems as one text, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

from guiyan.process.problems import Problem


def in_words(problems: Iterable[Problem]) -> str:
    """Return every problem as running text: English for whoever reads English, else Chinese."""
    english = (get_language() or "").startswith("en")
    return " ".join(each.en for each in problems) if english else "".join(each.zh for each in problems)
