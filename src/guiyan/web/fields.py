"""Form fields that every desk page shares."""

from __future__ import annotations

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A civil day, as a browser's own date field reads it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, **kwargs})
