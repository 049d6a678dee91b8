"""The phone pages stand on the same company as the desktop's."""

from tests.web.conftest import firm, request_id

__all__ = ["firm", "request_id"]
