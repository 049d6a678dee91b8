"""What a person sees when something cannot be done: a sentence, what was kept, and what to do next."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable

import structlog
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg_pool import PoolTimeout

from guiyan.people.queries import NotFound
from guiyan.platform.acting import Forbidden, Refused, Stale
from guiyan.platform.tenancy.middleware import UnknownHost

LOG = structlog.get_logger("guiyan.web")
DISK_FULL_STATES = {"53100"}


def _page(request: HttpRequest, status: int, title: str, text: str, advice: str) -> HttpResponse:
    """Render the plain problem page; it needs no database. API callers get RFC 9457 problem+json."""
    if "application/json" in request.headers.get("Accept", ""):
        body = {"type": "about:blank", "title": title, "status": status, "detail": text}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    context = {
        "status": status,
        "title": title,
        "text": text,
        "advice": advice,
        "request_id": getattr(request, "correlation_id", ""),
    }
    return HttpResponse(render_to_string("ui/error.html", context), status=status)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Answer a refused act: 403 by the role table, 409 when somebody was faster, 422 by a rule."""
    if isinstance(refused, Forbidden):
        title, status = _("这件事不在您的权限内"), 403
        advice = _("如果工作需要，请联系系统管理员调整角色。这次尝试已被记录。")
    elif isinstance(refused, Stale):
        title, status = _("情况已经变化"), 409
        advice = _("请刷新页面，看最新的状态后再决定。您的输入没有产生任何影响。")
    else:
        title, status = _("现在不能这样做"), 422
        advice = _("没有任何内容被修改。")
    return _page(request, status, title, str(refused.text), advice)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when the request was too big."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _page(
            request,
            413,
            _("内容太大"),
            _("提交的内容超过了允许的大小。"),
            _("请减小文件或分几次提交。没有任何内容被保存。"),
        )
    return _page(
        request, 400, _("请求无法识别"), _("这个请求的格式不对。"), _("请返回上一页重试。没有任何内容被修改。")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 without more detail than the person may have."""
    return _page(request, 403, _("不能查看"), _("您没有查看这个页面的权限。"), _("如果工作需要，请联系系统管理员。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also the answer for what exists but is not this viewer's to see."""
    if isinstance(exception, UnknownHost):
        return _page(
            request,
            404,
            _("这个网址没有对应的公司"),
            _("没有公司使用这个域名。"),
            _("请检查网址，或向公司的系统管理员询问正确的登录地址。"),
        )
    return _page(
        request, 404, _("没有找到"), _("这个页面不存在，或者不对您开放。"), _("请检查地址，或从首页重新进入。")
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old or foreign page."""
    return _page(
        request,
        403,
        _("表单已过期"),
        _("这个表单来自较早打开的页面，或者来自别的网站。"),
        _("请刷新页面后重新提交。没有任何内容被修改。"),
    )


def _is_disk_full(error: BaseException | None) -> bool:
    while error is not None:
        if getattr(error, "sqlstate", None) in DISK_FULL_STATES:
            return True
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return True
        error = error.__cause__
    return False


def server_error(request: HttpRequest) -> HttpResponse:
    """500, 503 when the database went away, 507 when the disk is full. Nothing half-written stays."""
    error = sys.exc_info()[1]
    LOG.error("unhandled", exception=type(error).__name__ if error else "")
    if _is_disk_full(error):
        return _page(
            request,
            507,
            _("服务器存储空间已满"),
            _("这次提交没有保存。"),
            _("请通知系统管理员清理磁盘后，再提交一次。"),
        )
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return _page(
            request,
            503,
            _("数据库暂时连不上"),
            _("这次操作没有完成，也没有留下一半的结果。"),
            _("请稍等一分钟后重试。"),
        )
    return _page(
        request,
        500,
        _("系统出错了"),
        _("这次操作没有完成，也没有留下一半的结果。"),
        _("请重试；如果还是不行，请把下面的编号告诉系统管理员。"),
    )


class ProblemMiddleware:
    """Turn refusals and database failures that a view raised into pages; the transaction is already rolled back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals, and what is not there for this viewer; let everything else go on to ``server_error``."""
        if isinstance(exception, Refused):
            return refusal(request, exception)
        if isinstance(exception, NotFound):
            return not_found(request)
        if isinstance(exception, DatabaseError | PoolTimeout) or _is_disk_full(exception):
            LOG.error("database", exception=type(exception).__name__)
        return None
