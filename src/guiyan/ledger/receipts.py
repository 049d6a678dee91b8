"""Receipts: proof for the one who acted, in their own hands, that their act stands in the signed log.

Whoever holds a receipt can show years later that the log was rewritten or cut short: it is what the employer cannot
take back.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guiyan.ledger import queries
from guiyan.ledger.actions import pseudonym
from guiyan.ledger.entry import parse
from guiyan.ledger.models import Checkpoint, Entry, Receipt
from guiyan.ledger.proof import SUFFIX
from guiyan.ledger.proof import receipt as write_receipt
from guiyan.ledger.store import Connection, Store
from guiyan.ledger.tree import StoredTree, TreeError
from guiyan.platform import acting, tenancy
from guiyan.platform.acting import Refused, action
from guiyan.platform.permissions import Viewer, allowed

POLL_SECONDS = 0.05


class NotSignedYetError(LookupError):
    """The entry waits for its signature: ask again in a moment."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A receipt: name for the file, its bytes, and place in the log."""

    filename: str
    data: bytes
    index: int


def wait_until_sequenced(entry_id: int, seconds: float) -> bool:
    """Wait until a signed checkpoint covers an entry; False when ``seconds`` pass first. Outside any action."""
    assert not acting.inside_action(), "an entry is signed after its transaction has committed"
    deadline = time.monotonic() + seconds
    while queries.sequenced(entry_id) is None:
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def store() -> Store:
    """Return the current tenant's log, read on the tenant's own connection."""
    connection.ensure_connection()
    return Store(cast(Connection, connection.connection), tenancy.required().schema_name)


def build(entry_id: int) -> HandedOut:
    """Return the receipt of an entry under its log's newest checkpoint. Rights are the caller's to check.

    Raises ``NotSignedYetError`` while the entry waits, and ``tree.TreeError`` when the stored log does not prove it.
    """
    place = queries.sequenced(entry_id)
    if place is None:
        raise NotSignedYetError(entry_id)
    epoch, index = place
    data = bytes(Entry.objects.values_list("entry", flat=True).get(pk=entry_id))
    newest = Checkpoint.objects.filter(epoch=epoch).order_by("-size")[0]
    tree = StoredTree(store().tiles(epoch), newest.size)
    if tree.head().root != bytes(newest.root):
        raise TreeError(f"the stored tiles are not the tree of {newest.size} leaves that was signed")
    return HandedOut(
        filename=f"receipt-{parse(data).entry_id}{SUFFIX}",
        data=write_receipt(data, index, tree.inclusion(index), bytes(newest.note)),
        index=index,
    )


@action("ledger.receipt")
def hand_out(viewer: Viewer, entry_id: int, *, now: datetime) -> HandedOut:
    """The viewer holds the receipt of an act of their own (or may see the ledger), and it is noted that they do.

    Raises ``Refused`` for somebody else's act, and ``NotSignedYetError`` while the entry waits.
    """
    row = Entry.objects.filter(pk=entry_id).first()
    sid = pseudonym(viewer)
    own = row is not None and sid != "system" and parse(bytes(row.entry)).actor.sid == sid
    if not own and not allowed(viewer, "ledger.view"):
        raise Refused("not_your_act", _("这不是您本人的操作记录。"), object_kind="entry", object_id=entry_id)
    if row is None:
        raise Refused("no_such_entry", _("没有这条记录。"), object_kind="entry", object_id=entry_id)
    made = build(entry_id)
    Receipt.objects.create(entry_id=entry_id, sid=sid, sha256=hashlib.sha256(made.data).digest(), delivered_at=now)
    return made
