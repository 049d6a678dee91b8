"""What can be known of one attempt to deliver a notice, channel by channel. None means that nobody has said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class Grade(StrEnum):
    """How well arrival can be proved, best first. D proves no arrival; INVALID is a way the law does not accept."""

    A = "A"
    A_MINUS = "A-"
    B_PLUS = "B+"
    B = "B"
    B_MINUS = "B-"
    C = "C"
    D = "D"
    INVALID = "INVALID"


class MailAddress(StrEnum):
    """Where a letter or an e-mail was sent."""

    CONTRACT_AGREED = "contract_agreed"
    CONTRACT_DESIGNATED = "contract_designated"
    ID_CARD_HUKOU = "id_card_hukou"


class Signer(StrEnum):
    """Who signed for a letter."""

    SELF = "self"
    FAMILY = "family"
    OTHER = "other"


class MailResult(StrEnum):
    """How a letter came back."""

    REFUSED = "refused_return"
    RETURNED = "returned"
    UNKNOWN_OR_UNCOLLECTED = "unknown_or_uncollected_return"


class App(StrEnum):
    """A messaging application."""

    WECOM = "wecom_app"
    WECHAT = "wechat"


class SmsNumber(StrEnum):
    """Whose number a text message went to."""

    EMPLOYEE_CONFIRMED = "employee_confirmed"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class InPerson:
    """Handed over or presented on the day `at`; None means not known."""

    signed: bool | None
    refused: bool | None
    two_witnesses: bool | None
    video: bool | None
    at: date | None

    def __post_init__(self) -> None:
        if self.signed and self.refused:
            raise ValueError("a notice cannot be both signed for and refused")


@dataclass(frozen=True, slots=True)
class Ems:
    """A letter by EMS. `not_agreed` says of the address that the employee never agreed to it; `contents_named` that the
    waybill names the document; `returned_on` is the day of return; None means not known."""

    address: MailAddress | None
    not_agreed: bool | None
    contents_named: bool | None
    signed_by: Signer | None
    signed_on: date | None
    result: MailResult | None
    returned_on: date | None
    address_change_duty_clause: bool | None

    def __post_init__(self) -> None:
        if self.not_agreed and self.address in {MailAddress.CONTRACT_AGREED, MailAddress.CONTRACT_DESIGNATED}:
            raise ValueError("an address cannot be both agreed in the contract and not agreed")
        if self.signed_by is not None and self.result is not None:
            raise ValueError("a letter cannot be both signed for and returned")

    @property
    def agreed(self) -> bool | None:
        """Whether the employee agreed to the address as the one for notices; None when nobody has said."""
        if self.not_agreed is not None:
            return not self.not_agreed
        return None if self.address is None else self.address is not MailAddress.ID_CARD_HUKOU


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail. `accepted` is whether the recipient's server took it, `accepted_on` the day; None means not known."""

    address: MailAddress | None
    accepted: bool | None
    accepted_on: date | None

    def __post_init__(self) -> None:
        if self.address is MailAddress.ID_CARD_HUKOU:
            raise ValueError("an e-mail has no address of registered residence")


@dataclass(frozen=True, slots=True)
class AppMessage:
    """A message in WeCom or WeChat. `designated_in_signed_agreement` and `designated` say whether the employee named
    this account for notices; `identity_bound` whether it is proved to be the employee's; `replied` whether any reply
    was made; `delivered` and `delivered_on` whether and when it reached the account; None means not known."""

    app: App
    designated_in_signed_agreement: bool | None
    designated: bool | None
    identity_bound: bool | None
    delivered: bool | None
    delivered_on: date | None
    read: bool | None
    replied: bool | None

    @property
    def named_by_employee(self) -> bool | None:
        """Whether the account was designated in either way; None when nobody has said."""
        if self.designated_in_signed_agreement or self.designated:
            return True
        return None if self.designated_in_signed_agreement is None and self.designated is None else False


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message. `delivered_on` is the day of the carrier's receipt; None means not known."""

    number: SmsNumber | None
    carrier_delivered: bool | None
    designated: bool | None
    delivered_on: date | None


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """A public notice of the day `published` after the `prior_attempts`, named as `ems_returned`, `visit_no_one` …"""

    prior_attempts: tuple[str, ...] | None
    whereabouts_unknown: bool | None
    published: date | None


@dataclass(frozen=True, slots=True)
class EmergencyContact:
    """Something told or given to a third person."""

    person: str | None
    delivered: bool | None


Attempt: TypeAlias = InPerson | Ems | Email | AppMessage | Sms | PublicNotice | EmergencyContact


@dataclass(frozen=True, slots=True)
class Delivery:
    """The day of legal arrival in Asia/Shanghai (None: no arrival, or not known) and the grade (None: not known)."""

    effective_at: date | None
    grade: Grade | None
