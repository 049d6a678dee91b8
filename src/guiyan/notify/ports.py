"""What ``notify`` needs from the outside world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to hand over. ``number`` is its own id; it stands in the Message-ID, so that a repetition can be told."""

    number: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took the mail; ``reply`` is what it said."""

    reply: str


class MailRefused(Exception):
    """The server refused the mail for good; sending it again is useless."""


class MailUnavailable(Exception):
    """The server could not be reached or said to try later."""


class MailTransport(Protocol):
    """Hands mails to a server. Raises ``MailRefused`` or ``MailUnavailable``."""

    def hand_over(self, mail: Mail) -> Accepted:
        """Hand one mail over and return what the server said."""


_transport: MailTransport | None = None


def use_mail(transport: MailTransport) -> None:
    """Choose the transport (at start-up, by the wiring)."""
    global _transport  # noqa: PLW0603  one transport a process
    _transport = transport


def mail() -> MailTransport:
    """Return the chosen transport. Raises ``LookupError`` when none was chosen."""
    if _transport is None:
        raise LookupError("no mail transport was wired in")
    return _transport
