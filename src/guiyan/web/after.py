"""What a page leaves to be written once its reading is over: a read-only transaction cannot record anything."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class AfterReadingMiddleware:
    """Run what a view left in ``request.after_reading``, outside the read-only transaction of the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        left: Callable[[], None] | None = getattr(request, "after_reading", None)
        if left is not None:
            left()
        return response
