"""Mail by SMTP, with the standard library. What a 250 reply proves is that the server took it, nothing more."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from guiyan.notify.ports import Accepted, Mail, MailRefused, MailUnavailable

PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server: where it is, whether to use TLS, whom the mail is from."""

    host: str
    port: int
    sender: str
    sender_name: str = "归雁"
    starttls: bool = False
    username: str = ""
    password: str = ""
    seconds: float = 10.0

    def hand_over(self, mail: Mail) -> Accepted:
        """Hand one mail over. The Message-ID is made of the mail's number, so a repetition can be told."""
        message = EmailMessage()
        message["From"] = Address(self.sender_name, addr_spec=self.sender)
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = mail.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{mail.number}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=self.seconds) as server:
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.username:
                    server.login(self.username, self.password)
                return Accepted(self._send(server, message, mail.to))
        except smtplib.SMTPResponseException as error:
            self._raise(error.smtp_code, error.smtp_error)
        except smtplib.SMTPRecipientsRefused as error:
            self._raise(*next(iter(error.recipients.values())))
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnavailable(type(error).__name__) from error
        raise AssertionError("unreachable")

    def _send(self, server: smtplib.SMTP, message: EmailMessage, to: str) -> str:
        server.ehlo_or_helo_if_needed()
        server.mail(self.sender)
        code, reply = server.rcpt(to)
        if code not in {250, 251}:
            raise smtplib.SMTPResponseException(code, reply)
        code, reply = server.data(message.as_bytes())
        if code != 250:
            raise smtplib.SMTPResponseException(code, reply)
        return f"{code} {_text(reply)}"

    def _raise(self, code: int, reply: bytes | str) -> None:
        kind = MailRefused if code in PERMANENT else MailUnavailable
        raise kind(f"{code} {_text(reply)}")


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
