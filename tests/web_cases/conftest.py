"""The pages of cases and inbox stand on the same company as the desktop's."""

from tests.web.conftest import firm, request_id

__all__ = ["firm", "request_id"]
