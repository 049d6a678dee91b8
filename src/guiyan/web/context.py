"""What every page needs: the navigation this viewer may use, and the banner of a demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the context that the base templates read."""
    return {"demonstration": settings.DEMONSTRATION, "nav": []}
