"""A message reaches the inbox with its change and the mailbox by a job; no state says more than its fact."""

from __future__ import annotations

import urllib.request
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import translation
from procrastinate.contrib.django import app

from guiyan.integrations.fake.mailbox import Running
from guiyan.integrations.mail.smtp import Smtp
from guiyan.ledger import queries as ledger
from guiyan.ledger.models import Entry
from guiyan.notify import actions, ports, queries
from guiyan.notify.actions import To
from guiyan.notify.enums import MailState
from guiyan.notify.models import MailAttempt, Message
from guiyan.notify.tasks import hand_over_mail
from guiyan.platform.acting import Refused, action
from guiyan.platform.actions import create_account
from guiyan.platform.ids import new_id
from guiyan.platform.models import User
from guiyan.platform.permissions import SYSTEM, Held, Viewer
from tests.notify.conftest import free_port

FACTS = {"name": "王小明", "secret": "怀孕"}


def _account(name: str, email: str, now: datetime) -> Viewer:
    user_id = create_account(
        SYSTEM, username=name, display_name=name, password="a-long-password-7", email=email, now=now
    )
    return Viewer(user_id, None, name)


def _send(viewer: Viewer, now: datetime) -> Message:
    (message_id,) = actions.send(SYSTEM, "test_note", to=[To(user_id=viewer.user_id)], facts=FACTS, now=now)
    return Message.objects.get(pk=message_id)


def _work() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
        running.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def test_a_message_is_in_the_inbox_and_its_mail_in_the_mailbox(committing: Any, now: datetime, post: Running) -> None:
    wang = _account("wang", "wang@haiyue.example", now)
    message = _send(wang, now)
    assert [row.title for row in queries.messages(wang)] == ["关于王小明的通知"]
    assert queries.unread_count(wang) == 1
    _work()
    (mail,) = post.mailbox.taken
    assert (mail.to, mail.subject) == (("wang@haiyue.example",), "关于王小明的通知 / A note about 王小明")
    assert mail.text.index("请登录后查看") < mail.text.index("Sign in to read it"), "Chinese first"
    assert "怀孕" not in mail.text, "the body stays in the system"
    attempt = MailAttempt.objects.get(message=message)
    assert (attempt.state, attempt.tries) == (MailState.ACCEPTED, 1)
    assert attempt.reply.startswith("250 ")
    assert attempt.mask == "w***@haiyue.example"
    assert b"wang@" not in bytes(attempt.sealed_address)
    assert str(attempt.pk) in mail.message_id


def test_the_page_of_the_mailbox_shows_it_and_runs_nothing(committing: Any, now: datetime, post: Running) -> None:
    wang = _account("wang", "wang@haiyue.example", now)
    actions.send(SYSTEM, "test_note", to=[To(user_id=wang.user_id)], facts={"name": "<script>x</script>"}, now=now)
    _work()
    with urllib.request.urlopen(f"http://127.0.0.1:{post.web_port}/", timeout=5) as answer:
        page = answer.read().decode()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "wang@haiyue.example" in page
    assert "<script>" not in page


def test_the_same_job_twice_sends_one_mail(committing: Any, now: datetime, post: Running) -> None:
    wang = _account("wang", "wang@haiyue.example", now)
    message = _send(wang, now)
    attempt = MailAttempt.objects.get(message=message)
    hand_over_mail(str(attempt.pk))
    hand_over_mail(str(attempt.pk))
    _work()
    assert len(post.mailbox.taken) == 1
    assert MailAttempt.objects.get().tries == 1


def test_a_refused_address_is_refused_for_good(committing: Any, now: datetime, post: Running) -> None:
    gone = _account("gone", "refuse.me@haiyue.example", now)
    _send(gone, now)
    _work()
    attempt = MailAttempt.objects.get()
    assert (attempt.state, attempt.reply) == (MailState.REFUSED, "550 5.1.1 no such mailbox")
    assert list(post.mailbox.taken) == []


def test_a_server_that_is_away_is_tried_again_and_given_up_at_last(committing: Any, now: datetime) -> None:
    ports.use_mail(Smtp("127.0.0.1", free_port(), "hr@guiyan.example", seconds=1))
    wang = _account("wang", "wang@haiyue.example", now)
    _send(wang, now)
    attempt = MailAttempt.objects.get()
    for _ in range(actions.TRIES_MAX - 1):
        with pytest.raises(ports.MailUnavailable):
            hand_over_mail(str(attempt.pk))
        attempt.refresh_from_db()
        assert attempt.state == MailState.QUEUED
    hand_over_mail(str(attempt.pk))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.tries) == (MailState.GIVEN_UP, actions.TRIES_MAX)


def test_a_mail_put_off_is_not_called_accepted(committing: Any, now: datetime, post: Running) -> None:
    late = _account("late", "later@haiyue.example", now)
    _send(late, now)
    with pytest.raises(ports.MailUnavailable, match="451"):
        hand_over_mail(str(MailAttempt.objects.get().pk))
    assert MailAttempt.objects.get().state == MailState.QUEUED


@action("test.send_then_refuse")
def _send_then_refuse(viewer: Viewer, *, to: Viewer, now: datetime) -> None:
    actions.send(viewer, "test_note", to=[To(user_id=to.user_id)], facts=FACTS, now=now)
    raise Refused("rule", "no")


def test_no_message_of_a_change_that_did_not_happen(committing: Any, now: datetime, post: Running) -> None:
    wang = _account("wang", "wang@haiyue.example", now)
    with pytest.raises(Refused):
        _send_then_refuse(SYSTEM, to=wang, now=now)
    _work()
    assert Message.objects.count() == MailAttempt.objects.count() == len(post.mailbox.taken) == 0


def test_only_the_addressee_sees_and_reads_a_message(tenant: Any, now: datetime) -> None:
    wang, li = _account("wang", "", now), _account("li", "", now)
    message = _send(wang, now)
    later = now + timedelta(minutes=5)
    assert queries.message(li, message.pk) is None
    assert list(queries.messages(li)) == []
    assert not actions.mark_read(li, message_id=message.pk, now=later)
    message.refresh_from_db()
    assert message.read_at is None
    assert actions.mark_read(wang, message_id=message.pk, now=later)
    assert actions.mark_read(wang, message_id=message.pk, now=later + timedelta(hours=1))
    message.refresh_from_db()
    assert message.read_at == later
    assert queries.unread_count(wang) == 0


def test_the_reader_sees_the_one_of_their_language_and_the_sender_s_makes_no_difference(
    tenant: Any, now: datetime
) -> None:
    wang = _account("wang", "", now)
    with translation.override("en"):
        message = _send(wang, now)
        seen = queries.message(wang, message.pk)
        assert seen is not None
        assert (seen.title, seen.body) == ("A note about 王小明", "Only inside: 怀孕")
        assert [row.title for row in queries.messages(wang)] == ["A note about 王小明"]
    seen = queries.message(wang, message.pk)
    assert seen is not None
    assert (seen.title, seen.body) == ("关于王小明的通知", "内容只在系统内：怀孕")


def test_a_message_sent_in_chinese_only_stays_as_it_was(tenant: Any, now: datetime) -> None:
    wang = _account("wang", "", now)
    old = Message.objects.create(user_id=wang.user_id, kind="test_note", title="旧通知", body="旧内容", sent_at=now)
    with translation.override("en"):
        seen = queries.message(wang, old.pk)
    assert seen is not None
    assert (seen.title, seen.body) == ("旧通知", "旧内容")


def test_half_an_english_message_is_refused_by_the_database(tenant: Any, now: datetime) -> None:
    half = {"kind": "test_note", "title": "题", "body": "文", "title_en": "Title", "sent_at": now}
    with pytest.raises(IntegrityError, match="message_english_whole"):
        Message.objects.create(user_id=new_id(), **half)


def test_a_mail_of_a_message_sent_in_chinese_only_says_its_one_title(
    committing: Any, now: datetime, post: Running
) -> None:
    wang = _account("wang", "wang@haiyue.example", now)
    message = _send(wang, now)
    Message.objects.filter(pk=message.pk).update(title_en="", body_en="")
    _work()
    assert [mail.subject for mail in post.mailbox.taken] == ["关于王小明的通知"]


def test_both_languages_of_a_message_are_committed_to(tenant: Any, now: datetime) -> None:
    wang = _account("wang", "", now)
    _send(wang, now)
    last = Entry.objects.latest("pk").pk
    lead = Viewer(new_id(), None, "lead", held=(Held("hr_lead"),))
    names = ("title", "body", "title_en", "body_en")
    opened = ledger.openings(lead, [(last, name) for name in names])
    assert {name: opened[last, name].value for name in names} == {
        "title": "关于王小明的通知",
        "body": "内容只在系统内：怀孕",
        "title_en": "A note about 王小明",
        "body_en": "Only inside: 怀孕",
    }


def test_what_was_sent_is_on_the_ledger_without_its_words(tenant: Any, now: datetime) -> None:
    wang = _account("wang", "wang@haiyue.example", now)
    message = _send(wang, now)
    actions.mark_read(wang, message_id=message.pk, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(entry, 'UTF8') FROM ledger_entry ORDER BY id")
        entries = [row[0] for row in cursor.fetchall()]
    assert '"push.attempted"' in entries[-2]
    assert '"notice.read"' in entries[-1]
    assert not any(word in entry for entry in entries for word in ("王小明", "怀孕", "haiyue"))


def test_an_account_that_is_suspended_gets_no_mail(tenant: Any, now: datetime) -> None:
    wang = _account("wang", "wang@haiyue.example", now)
    User.objects.filter(pk=wang.user_id).update(is_active=False)
    _send(wang, now)
    assert MailAttempt.objects.count() == 0
