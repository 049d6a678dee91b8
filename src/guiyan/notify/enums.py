"""The words of a message's fate. None of them says more than its fact."""

from __future__ import annotations

from enum import StrEnum


class MailState(StrEnum):
    """How far a mail came."""

    QUEUED = "queued"
    """To be handed over."""
    ACCEPTED = "accepted"
    """The receiving server took it (SMTP 250): 已提交平台, which is not delivery."""
    REFUSED = "refused"
    """The server refused it for good (SMTP 5xx)."""
    GIVEN_UP = "given_up"
    """It could not be handed over in any attempt."""
