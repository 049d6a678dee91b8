"""What every request passes: a log line, security headers, and a read-only transaction for reads."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(self)"
LOG = structlog.get_logger("guiyan.web")


class RequestLogMiddleware:
    """One line a request: method, route, status, milliseconds. The route is the pattern: no id or query is logged."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        request.correlation_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request.correlation_id)  # type: ignore[attr-defined]
        response = self.get_response(request)
        match = request.resolver_match
        LOG.info(
            "request",
            method=request.method,
            path=match.route if match else "",
            status=response.status_code,
            milliseconds=round((time.perf_counter() - start) * 1000, 1),
        )
        response["X-Request-Id"] = request.correlation_id  # type: ignore[attr-defined]
        return response


class SecurityHeadersMiddleware:
    """The same strict policy on every response, error pages included."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["X-Frame-Options"] = "DENY"
        if not request.path_info.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "no-store")
        return response


class ReadOnlyMiddleware:
    """Serve GET and HEAD inside a read-only transaction, so that looking never writes and a page sees one moment.

    Innermost, so that sessions and sign-in bookkeeping lie outside it. The sign-in library's own pages are left alone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or request.path_info.startswith(
            (*settings.TENANTLESS_PATHS, *settings.WRITING_GET_PATHS)
        ):
            return self.get_response(request)
        with read_only_transaction():
            return self.get_response(request)


@contextmanager
def read_only_transaction() -> Iterator[None]:
    """Open a transaction that PostgreSQL itself keeps from writing; inside another it is a part that cannot write."""
    if connection.in_atomic_block:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            yield
        return
    connection.ensure_connection()
    raw = connection.connection
    raw.read_only = True  # the driver begins with BEGIN READ ONLY, at no extra round trip
    try:
        with transaction.atomic():
            yield
    finally:
        if not raw.closed:
            raw.read_only = None
