"""The workbench stands on the same company as the desktop."""

from __future__ import annotations

from tests.web.conftest import firm, request_id

__all__ = ["firm", "request_id"]
