"""Send messages, and note that they were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from guiyan.ledger.actions import record
from guiyan.notify.enums import MailState
from guiyan.notify.models import MailAttempt, Message
from guiyan.notify.wording import said
from guiyan.people.queries import delivery_targets
from guiyan.platform import crypto, queue
from guiyan.platform.acting import action
from guiyan.platform.models import User
from guiyan.platform.permissions import Viewer

MAIL_JOB = "notify.hand_over_mail"
RETENTION = "contract"
TRIES_MAX = 6


@dataclass(frozen=True, slots=True)
class To:
    """Whom a message is for: a person (who may have an account), or an account that is no person's."""

    person_id: UUID | None = None
    user_id: UUID | None = None


@action("notify.send")
def send(
    viewer: Viewer,
    kind: str,
    *,
    to: Iterable[To],
    facts: Mapping[str, object],
    now: datetime,
    link: str = "",
    case: UUID | None = None,
) -> list[UUID]:
    """Each addressee has the message in the inbox; those with an e-mail address get it by mail too, by a job.

    It is said in Chinese and in English, and both are kept and committed to. The ledger holds that it was put there and
    queued; that it was read or accepted is added when it happens. The mail carries the message's title and a hint to
    sign in, in both languages, never its body: a mailbox is no place for a case.
    """
    says = said(kind, facts)
    made: list[UUID] = []
    for addressee in dict.fromkeys(to):
        row = Message.objects.create(
            user_id=addressee.user_id,
            person_id=addressee.person_id,
            kind=kind,
            title=says.title,
            body=says.body,
            title_en=says.title_en,
            body_en=says.body_en,
            link=link,
            case_id=case,
            sent_at=now,
        )
        made.append(row.pk)
        mails = _queue_mail(row, now)
        record(
            viewer,
            "push.attempted",
            now=now,
            case=case,
            public={"channel": "inbox", "message": str(row.pk), "kind": kind, "mails": mails},
            committed=asdict(says),
            subject=addressee.person_id or addressee.user_id,
        )
    return made


def _addresses(row: Message, now: datetime) -> dict[str, None]:
    found: dict[str, None] = {}
    if row.person_id is not None:
        found.update({target.value: None for target in delivery_targets(row.person_id, now) if target.kind == "email"})
    accounts = User.objects.filter(is_active=True).exclude(email="")
    accounts = accounts.filter(pk=row.user_id) if row.user_id else accounts.filter(person_id=row.person_id)
    found.update({user.email: None for user in accounts})
    return found


def _queue_mail(row: Message, now: datetime) -> int:
    subject = row.person_id or row.user_id
    assert subject is not None
    addresses = _addresses(row, now)
    for address in addresses:
        attempt = MailAttempt(message=row, subject_id=subject, mask=mask(address))
        key = crypto.subject_key(subject, RETENTION)
        attempt.sealed_address = crypto.seal(key, address.encode(), where=_where(attempt))
        attempt.save(force_insert=True)
        queue.defer(MAIL_JOB, lock=f"mail:{attempt.pk}", attempt_id=str(attempt.pk))
    return len(addresses)


def _where(attempt: MailAttempt) -> str:
    return f"notify_mailattempt/{attempt.pk}/address"


def address_of(attempt: MailAttempt) -> str:
    """Return the address of an attempt in full, for handing it over."""
    key = crypto.subject_key(attempt.subject_id, RETENTION)
    return crypto.unseal(key, bytes(attempt.sealed_address), where=_where(attempt)).decode()


def mask(address: str) -> str:
    """Return an e-mail address with most of its name hidden."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}"[:80]


@action("notify.settle_mail")
def settle_mail(viewer: Viewer, *, attempt_id: UUID, state: MailState, reply: str, now: datetime) -> bool:
    """An attempt is settled once: accepted, refused or given up, with the reply. Returns whether it was open."""
    row = MailAttempt.objects.select_for_update().get(pk=attempt_id)
    if row.state != MailState.QUEUED:
        return False
    row.state, row.reply, row.settled_at = state.value, reply[:300], now
    row.save(update_fields=["state", "reply", "settled_at"])
    record(
        viewer,
        "mail.sent" if state is MailState.ACCEPTED else "push.failed",
        now=now,
        case=row.message.case_id,
        public={"channel": "mail", "message": str(row.message_id), "state": state.value},
        committed={"reply": reply[:300], "address": address_of(row)},
        subject=row.subject_id,
    )
    return True


@action("notify.note_try")
def note_try(_viewer: Viewer, *, attempt_id: UUID) -> int:
    """A try to hand the mail over is counted before it is made. Returns its number, or 0 when nothing is to be done."""
    row = MailAttempt.objects.select_for_update().get(pk=attempt_id)
    if row.state != MailState.QUEUED:
        return 0
    row.tries += 1
    row.save(update_fields=["tries"])
    return row.tries


@action("notify.mark_read")
def mark_read(viewer: Viewer, *, message_id: UUID, now: datetime) -> bool:
    """The viewer's own message is read. Another's is not found, and opening it twice counts once."""
    row = Message.objects.select_for_update().filter(pk=message_id).first()
    if row is None or not is_to(row, viewer):
        return False
    if row.read_at is None:
        row.read_at = now
        row.save(update_fields=["read_at"])
        record(
            viewer,
            "notice.read",
            now=now,
            case=row.case_id,
            public={"channel": "inbox", "message": str(row.pk), "kind": row.kind},
        )
    return True


def is_to(row: Message, viewer: Viewer) -> bool:
    """Return whether a message is addressed to the viewer."""
    to_person = row.person_id is not None and row.person_id == viewer.person_id
    to_account = row.user_id is not None and row.user_id == viewer.user_id
    return to_person or to_account
