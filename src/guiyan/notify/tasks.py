"""Jobs that touch the network: handing mails over."""

from __future__ import annotations

from uuid import UUID

from guiyan.notify import actions
from guiyan.notify.enums import MailState
from guiyan.notify.models import MailAttempt, Message
from guiyan.notify.ports import Mail, MailRefused, MailUnavailable, mail
from guiyan.platform import clock, queue
from guiyan.platform.permissions import SYSTEM

HINT = (
    "您在归雁有一条新消息，请登录后查看。此邮件不含消息正文。\n\n"
    "You have a new message in Guiyan. Sign in to read it. This mail does not contain its text.\n"
)


@queue.job(actions.MAIL_JOB, attempts=actions.TRIES_MAX + 2)
def hand_over_mail(attempt_id: str) -> None:
    """Hand one mail over. Raises ``MailUnavailable`` to be tried again later; gives up after ``TRIES_MAX`` tries."""
    number = actions.note_try(SYSTEM, attempt_id=UUID(attempt_id))
    if number == 0:
        return
    attempt = MailAttempt.objects.select_related("message").get(pk=attempt_id)
    letter = Mail(attempt_id, actions.address_of(attempt), _subject(attempt.message), HINT)
    try:
        state, reply = MailState.ACCEPTED, mail().hand_over(letter).reply
    except MailRefused as error:
        state, reply = MailState.REFUSED, str(error)
    except MailUnavailable as error:
        if number < actions.TRIES_MAX:
            raise
        state, reply = MailState.GIVEN_UP, str(error)
    actions.settle_mail(SYSTEM, attempt_id=attempt.pk, state=state, reply=reply, now=clock.now())


def _subject(row: Message) -> str:
    """Say the title in Chinese, then in English: a mailbox does not say what its owner reads."""
    return " / ".join(filter(None, (row.title, row.title_en)))
