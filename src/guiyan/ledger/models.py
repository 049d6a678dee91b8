"""Rows of the ledger in a tenant's schema.

The log's own tables (``Log``, ``Entry``, ``Pending``, ``Seq``, ``Tile``, ``Checkpoint``) belong to a role that nobody
logs in as: the tenant's role reads them, appends through one function and changes nothing. ``sql/tables.sql`` makes
them. The rest (heads of cases, pseudonyms, sealed values, hand-outs) are the application's: they can be erased, and
none of them is needed to check the log.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from guiyan.ledger.enums import PackStage, PackState
from guiyan.platform.ids import new_id


class ReadOnly(models.Model):
    """A row of the log: made by the database's own functions or by the sequencer, never by a save."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("rows of the log are not saved: call ledger.actions.record")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("rows of the log are not deleted")


class Log(ReadOnly):
    """An epoch of the tenant's log: its origin and public key. A new one opens after a restore."""

    epoch = models.SmallIntegerField(primary_key=True)
    origin = models.CharField(max_length=200)
    vkey = models.TextField()
    opened_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ledger_log"


class Entry(ReadOnly):
    """An entry's exact bytes. ``at`` and ``leaf`` are the database's own; other columns repeat what the bytes say."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    type = models.TextField()
    tag = models.BinaryField(null=True)
    cseq = models.BigIntegerField(null=True)
    entry = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_entry"


class Pending(ReadOnly):
    """An entry that waits for the sequencer."""

    entry_id = models.BigIntegerField(primary_key=True)
    leaf = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_pending"


class Seq(ReadOnly):
    """An entry's place in an epoch's tree (from 0)."""

    pk = models.CompositePrimaryKey("epoch", "seq")
    epoch = models.SmallIntegerField()
    seq = models.BigIntegerField()
    entry_id = models.BigIntegerField(unique=True)
    type = models.TextField()
    leaf = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_seq"


class Tile(ReadOnly):
    """Hashes side by side at one level of the tree; a tile that was still partial stays beside the full one."""

    pk = models.CompositePrimaryKey("epoch", "level", "idx", "width")
    epoch = models.SmallIntegerField()
    level = models.SmallIntegerField()
    idx = models.BigIntegerField()
    width = models.SmallIntegerField()
    data = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_tile"


class Checkpoint(ReadOnly):
    """A signed head of an epoch's tree."""

    pk = models.CompositePrimaryKey("epoch", "size")
    epoch = models.SmallIntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ledger_checkpoint"


class CaseHead(models.Model):
    """The last step of a case's chain; its row is the lock under which the next step is made."""

    case_id = models.UUIDField(primary_key=True)
    tag = models.BinaryField(unique=True)
    cseq = models.BigIntegerField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "ledger_casehead"

    def __str__(self) -> str:
        return f"{self.case_id} step {self.cseq}"


class Pseudonym(models.Model):
    """Which account or person acts under a random name on the log. Erased by emptying ``lookup`` and ``sealed``."""

    sid = models.CharField(primary_key=True, max_length=64)
    lookup = models.BinaryField(unique=True, null=True)
    subject_id = models.UUIDField()
    sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "ledger_pseudonym"

    def __str__(self) -> str:
        return self.sid


class CommittedValue(models.Model):
    """Salt and value behind one commitment of one entry, sealed under the subject's key; empty once erased."""

    id = models.BigAutoField(primary_key=True)
    entry_id = models.BigIntegerField()
    field = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    retention = models.CharField(max_length=20)
    sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "ledger_committedvalue"
        constraints = [models.UniqueConstraint("entry_id", "field", name="ledger_committed_once")]
        indexes = [models.Index(fields=["subject_id", "retention"], name="ledger_committed_subject")]

    def __str__(self) -> str:
        return f"{self.field} of entry {self.entry_id}"


class Receipt(models.Model):
    """That somebody was handed the receipt of an entry."""

    id = models.BigAutoField(primary_key=True)
    entry_id = models.BigIntegerField()
    sid = models.CharField(max_length=64)
    sha256 = models.BinaryField()
    delivered_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_receipt"
        indexes = [models.Index(fields=["entry_id"], name="ledger_receipt_entry")]

    def __str__(self) -> str:
        return f"receipt of entry {self.entry_id}"


class PackRequest(models.Model):
    """An evidence pack that somebody asked for: how far it is, and the sealed file until it expires."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_id = models.UUIDField()
    label = models.CharField(max_length=60, blank=True)
    user_id = models.UUIDField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=PackState.MAKING, choices=PackState.choices)
    stage = models.CharField(max_length=10, default=PackStage.WAITING, choices=PackStage.choices)
    problem = models.CharField(max_length=60, blank=True)
    problem_detail = models.CharField(max_length=300, blank=True)
    sha256 = models.BinaryField(null=True)
    size = models.BigIntegerField(default=0)
    steps = models.IntegerField(default=0)
    sealed = models.BinaryField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_packrequest"
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=PackState.values), name="ledger_pack_state_known"),
            models.UniqueConstraint(
                fields=["case_id", "user_id"], condition=models.Q(state="making"), name="ledger_pack_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["case_id", "user_id", "asked_at"], name="ledger_pack_of_user")]

    def __str__(self) -> str:
        return f"pack {self.id} ({self.state})"
