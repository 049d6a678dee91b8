"""What is recorded: exact bytes that name nobody, chained per case, or nothing at all."""

from __future__ import annotations

import json
import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from guiyan.ledger import actions
from guiyan.ledger.entry import EntryError, commit, parse
from guiyan.ledger.models import CaseHead, CommittedValue, Entry, Pending, Pseudonym
from guiyan.ledger.tree import leaf_hash
from guiyan.platform import acting, crypto, tenancy
from guiyan.platform.acting import Refused
from guiyan.platform.models import Refusal
from guiyan.platform.permissions import SYSTEM, Held, Viewer

NAME, MOBILE, ID_NUMBER = "欧阳雪", "13812345678", "110101199003070134"


def viewer_of(role: str = "hr") -> Viewer:
    return Viewer(user_id=uuid4(), person_id=uuid4(), name="王芳", held=(Held(role),), auth="password+totp")


@acting.action("test.record")
def record(viewer: Viewer, type_: str = "comment.made", **facts: Any) -> actions.EntryRef:
    return actions.record(viewer, type_, **facts)


@acting.action("test.record_many")
def record_many(viewer: Viewer, events: list[actions.Event], now: Any) -> list[actions.EntryRef]:
    return actions.record_many(viewer, events, now=now)


def test_an_entry_is_stored_as_it_was_made_and_waits(tenant: Any, now: Any) -> None:
    ref = record(viewer_of(), now=now, public={"channel": "wecom"})
    row = Entry.objects.get(pk=ref.id)
    entry = parse(bytes(row.entry))
    assert (entry.entry_id, entry.at, entry.public) == (str(ref.entry_id), now, {"channel": "wecom"})
    assert bytes(row.leaf) == ref.leaf == leaf_hash(bytes(row.entry))
    assert entry.log.endswith("/evidence/alpha/e1")
    assert Pending.objects.get(pk=ref.id).leaf == ref.leaf
