"""A real mail server on loopback that keeps what it takes, and the real adapter in front of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from guiyan.integrations.fake import mailbox
from guiyan.integrations.mail.smtp import Smtp
from guiyan.notify import ports


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post() -> Iterator[mailbox.Running]:
    """The mailbox, running, and wired in."""
    running = mailbox.start(free_port(), 0)
    ports.use_mail(Smtp("127.0.0.1", running.smtp_port, "hr@guiyan.example", seconds=5))
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _wording(tmp_path: Path, settings: LazySettings) -> None:
    """A message kind for tests."""
    folder = tmp_path / "messages" / "test_note"
    folder.mkdir(parents=True)
    both = "{%% load i18n %%}{%% get_current_language as now %%}{%% if now == 'en' %%}%s{%% else %%}%s{%% endif %%}"
    (folder / "title.txt").write_text(both % ("A note about {{ name }}", "关于{{ name }}的通知"))
    (folder / "body.txt").write_text(both % ("Only inside: {{ secret }}", "内容只在系统内：{{ secret }}"))
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]
