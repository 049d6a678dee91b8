"""The pages of cases and inbox stand on the same company as the desktop's; reading takes no time here."""

from __future__ import annotations

import pytest

from guiyan.mobile import paperwork
from guiyan.separation import signing
from tests.web.conftest import firm, request_id

__all__ = ["firm", "request_id"]


@pytest.fixture(autouse=True)
def swift(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in no time: how long reading takes is tested where it is decided."""
    monkeypatch.setattr(paperwork, "SECONDS_MIN", 0)
    monkeypatch.setattr(signing, "SECONDS_MIN", 0)
