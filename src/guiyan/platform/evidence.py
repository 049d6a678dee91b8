"""The port through which the platform has its own acts proved. The ledger registers itself here at start-up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from guiyan.platform.permissions import Viewer

Plain = Mapping[str, str | int | bool | None]


class Appender(Protocol):
    """Appends one entry in the transaction that is open."""

    def __call__(
        self,
        viewer: Viewer,
        type: str,  # noqa: A002  the ledger's own word
        *,
        now: datetime,
        public: Plain | None = None,
        committed: Mapping[str, str] | None = None,
        subject: UUID | None = None,
    ) -> object:
        """Append an entry of ``type``; ``committed`` values appear in it only as salted commitments."""


class NoLedgerError(RuntimeError):
    """An act that must be proved was tried while no ledger is wired in."""


_appender: Appender | None = None


def register(appender: Appender) -> None:
    """Make ``appender`` the one that proves the platform's acts."""
    global _appender  # noqa: PLW0603  one ledger a process
    _appender = appender


def append(
    viewer: Viewer,
    type: str,  # noqa: A002  the ledger's own word
    *,
    now: datetime,
    public: Plain | None = None,
    committed: Mapping[str, str] | None = None,
    subject: UUID | None = None,
) -> None:
    """Prove an act of the platform in the open transaction. Raises ``NoLedgerError`` when nothing is wired in."""
    if _appender is None:
        raise NoLedgerError(type)
    _appender(viewer, type, now=now, public=public, committed=committed, subject=subject)
