"""Reads one attempt to deliver a notice from the inputs of a case, by the keys of its channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum

from guiyan.law.case_inputs import CaseInputs
from guiyan.law.delivery_facts import (
    App,
    AppMessage,
    Attempt,
    Email,
    EmergencyContact,
    Ems,
    InPerson,
    MailAddress,
    MailResult,
    PublicNotice,
    Signer,
    Sms,
    SmsNumber,
)


class Channel(StrEnum):
    """The ways a case may name."""

    IN_PERSON = "in_person"
    EMS = "ems"
    EMAIL = "email"
    WECOM_APP = "wecom_app"
    WECHAT = "wechat"
    SMS = "sms"
    PUBLIC_NOTICE = "public_notice"
    EMERGENCY_CONTACT = "emergency_contact"


def read_attempt(inputs: CaseInputs) -> Callable[[], Attempt]:
    """What makes the attempt once the inputs are known to be sound; call `inputs.check()` before it.

    Facts that contradict each other raise ValueError when the attempt is made.
    """
    return _READERS[inputs.choice("channel", Channel)](inputs)


def _in_person(inputs: CaseInputs) -> Callable[[], Attempt]:
    signed, refused, witnesses, video = (
        inputs.optional_flag(key) for key in ("signed", "refused", "two_witnesses", "video")
    )
    at = inputs.optional_day("at")
    return lambda: InPerson(signed, refused, witnesses, video, at)


def _ems(inputs: CaseInputs) -> Callable[[], Attempt]:
    address = inputs.optional_choice("address", MailAddress)
    not_agreed, named = inputs.optional_flag("not_agreed"), inputs.optional_flag("contents_named")
    signer, signed_on = inputs.optional_choice("signed_by", Signer), inputs.optional_day("signed_on")
    result, returned_on = inputs.optional_choice("result", MailResult), inputs.optional_day("returned_on")
    clause = inputs.optional_flag("address_change_duty_clause")
    return lambda: Ems(address, not_agreed, named, signer, signed_on, result, returned_on, clause)


def _email(inputs: CaseInputs) -> Callable[[], Attempt]:
    address = inputs.optional_choice("address", MailAddress)
    accepted, accepted_on = _happened_on(inputs, "server_accept_at")
    return lambda: Email(address, accepted, accepted_on)


def _wecom(inputs: CaseInputs) -> Callable[[], Attempt]:
    return _app(inputs, App.WECOM)


def _wechat(inputs: CaseInputs) -> Callable[[], Attempt]:
    return _app(inputs, App.WECHAT)


def _app(inputs: CaseInputs, app: App) -> Callable[[], Attempt]:
    in_agreement, designated, bound, read = (
        inputs.optional_flag(key) for key in ("designated_in_signed_agreement", "designated", "identity_bound", "read")
    )
    delivered, delivered_on = _happened_on(inputs, "delivered_at")
    replied = _replied(inputs)
    return lambda: AppMessage(app, in_agreement, designated, bound, delivered, delivered_on, read, replied)


def _sms(inputs: CaseInputs) -> Callable[[], Attempt]:
    number = inputs.optional_choice("number", SmsNumber)
    delivered, designated = inputs.optional_flag("carrier_delivered"), inputs.optional_flag("designated")
    delivered_on = inputs.optional_day("delivered_at")
    return lambda: Sms(number, delivered, designated, delivered_on)


def _public_notice(inputs: CaseInputs) -> Callable[[], Attempt]:
    attempts, unknown = inputs.optional_words("prior_attempts"), inputs.optional_flag("whereabouts_unknown")
    published = inputs.optional_day("published")
    return lambda: PublicNotice(attempts, unknown, published)


def _emergency_contact(inputs: CaseInputs) -> Callable[[], Attempt]:
    person, delivered = inputs.raw("person"), inputs.optional_flag("delivered")
    return lambda: EmergencyContact(None if person is None else str(person), delivered)


def _happened_on(inputs: CaseInputs, key: str) -> tuple[bool | None, date | None]:
    """Whether, and on which day: a null says that it did not happen, an absent key that nobody knows."""
    if not inputs.has(key):
        return None, None
    day = inputs.optional_day(key)
    return day is not None, day


def _replied(inputs: CaseInputs) -> bool | None:
    """A null says that no reply was made, any text that one was; an absent key that nobody knows."""
    if not inputs.has("reply"):
        return None
    if inputs.raw("reply") is None:
        return False
    return inputs.flag_or_text("reply")


_READERS: dict[Channel, Callable[[CaseInputs], Callable[[], Attempt]]] = {
    Channel.IN_PERSON: _in_person,
    Channel.EMS: _ems,
    Channel.EMAIL: _email,
    Channel.WECOM_APP: _wecom,
    Channel.WECHAT: _wechat,
    Channel.SMS: _sms,
    Channel.PUBLIC_NOTICE: _public_notice,
    Channel.EMERGENCY_CONTACT: _emergency_contact,
}
