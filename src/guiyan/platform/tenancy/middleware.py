"""Serve each request for the tenant that its host names, on that tenant's own connection."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from guiyan.platform import tenancy
from guiyan.platform.tenancy import directory

Handler = Callable[[HttpRequest], HttpResponse]


class UnknownHost(Http404):
    """No tenant answers this host name."""


class TenantMiddleware:
    """First in the chain after security: nothing below runs without a tenant, except the paths that need none."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(tuple(settings.TENANTLESS_PATHS)):
            return self.get_response(request)
        tenant = directory.by_host(request.get_host().rsplit(":", 1)[0].lower())
        if tenant is None:
            raise UnknownHost
        request.tenant = tenant  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(tenant=tenant.schema_name)
        with tenancy.session(tenant):
            return self.get_response(request)
