"""Structured logs: one JSON object a line on standard error, without personal data.

What may be said is an allow-list of keys; everything else is dropped, so that a careless call cannot leak a name.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

KEYS = frozenset(
    {
        "act", "attempt", "bytes", "code", "component", "count", "error", "event", "exception", "host", "job", "level",
        "logger", "method", "milliseconds", "path", "pid", "port", "queries", "request", "rule", "rows", "size",
        "status", "tenant", "timestamp", "user", "version",
    }
)  # fmt: skip
TEXT_MAX = 2000


def keep_known(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the allow-list and cut long values."""
    return {key: value[:TEXT_MAX] if isinstance(value, str) else value for key, value in event.items() if key in KEYS}


class _Forward(logging.Handler):
    """Passes library records on: their level, logger and exception type, never their text or arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        message = record.msg if isinstance(record.msg, str) and not record.args else str(record.msg)
        structlog.get_logger("library").log(record.levelno, message[:200], logger=record.name, exception=kind)


def configure(level: int = logging.INFO) -> None:
    """Set up logging for this process; repeatable."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_known,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Forward()]
    root.setLevel(logging.WARNING)
