"""A mail server that takes everything, on loopback, and a page that shows what it took: for demonstrations and tests.

It speaks SMTP like any other, so the adapter cannot tell. Addresses whose name begins with ``refuse`` are refused for
good, those with ``later`` are put off, so that both answers can be seen.
"""

from __future__ import annotations

import html
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT_MAX = 500
POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
STYLE = """
body { margin: 0 auto; max-width: 720px; padding: 24px 16px; font: 15px/1.7 system-ui, sans-serif; color: #182033; background: #f3f5f9; }
h1 { font-size: 20px; } p.note { color: #5d687f; }
article { margin: 0 0 12px; padding: 14px 18px; border: 1px solid #e4e8f0; border-radius: 12px; background: #fff; overflow-wrap: anywhere; }
article h2 { margin: 0 0 2px; font-size: 16px; } article small { color: #5d687f; } pre { margin: 8px 0 0; font: inherit; white-space: pre-wrap; }
"""  # noqa: E501  a style sheet


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that was taken."""

    at: datetime
    to: tuple[str, ...]
    subject: str
    text: str
    message_id: str


class Mailbox:
    """The server and what it took, newest last."""

    def __init__(self) -> None:
        self.taken: deque[Taken] = deque(maxlen=KEPT_MAX)
        self._lock = threading.Lock()

    async def handle_RCPT(  # noqa: N802  the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer for one addressee."""
        if address.startswith("refuse"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later"):
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  likewise
        """Take a mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        message = message_from_bytes(content, policy=policy.default)
        body = message.get_body(("plain",))
        mail = Taken(
            at=datetime.now(UTC),
            to=tuple(envelope.rcpt_tos),
            subject=str(message["Subject"] or ""),
            text=body.get_content() if body else "",
            message_id=str(message["Message-ID"] or ""),
        )
        with self._lock:
            self.taken.append(mail)
            number = len(self.taken)
        return f"250 2.0.0 taken as {number}"

    def page(self) -> bytes:
        """Return the page that shows what was taken, newest first."""
        with self._lock:
            mails = list(self.taken)[::-1]
        shown = "".join(
            f"<article><h2>{html.escape(mail.subject)}</h2><small>{html.escape('，'.join(mail.to))}"
            f"，{mail.at:%Y-%m-%d %H:%M:%S} UTC</small><pre>{html.escape(mail.text)}</pre></article>"
            for mail in mails
        )
        return (
            '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>演示邮箱</title>'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            '<link rel="stylesheet" href="/style.css"></head><body><h1>演示邮箱</h1>'
            '<p class="note">演示环境发出的邮件都收在这里，不会发到外面。'
            f"Mails of the demonstration end here: {len(mails)}.</p>{shown or '<p>还没有邮件。</p>'}</body></html>"
        ).encode()


def _handler(mailbox: Mailbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = ("text/css", STYLE.encode()) if self.path == "/style.css" else ("text/html", mailbox.page())
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's name
            """Say nothing: addresses are personal data."""

    return Handler


@dataclass(slots=True)
class Running:
    """A running mailbox: its ports, and how to stop it."""

    mailbox: Mailbox
    smtp_port: int
    web_port: int
    _controller: Controller
    _web: ThreadingHTTPServer

    def stop(self) -> None:
        """Stop both servers."""
        self._controller.stop()
        self._web.shutdown()
        self._web.server_close()


def start(smtp_port: int, web_port: int, host: str = "127.0.0.1") -> Running:
    """Start the mailbox on loopback; port 0 lets the system choose the page's port."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname=host, port=smtp_port)
    controller.start()
    web = ThreadingHTTPServer((host, web_port), _handler(mailbox))
    threading.Thread(target=web.serve_forever, name="mailbox-page", daemon=True).start()
    return Running(mailbox, smtp_port, web.server_address[1], controller, web)
