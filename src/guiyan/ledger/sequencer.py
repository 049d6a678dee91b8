"""The one writer of the logs: it gives waiting entries their place, extends the tree and signs the new head.

Per tick, each tenant with waiting entries gets one transaction: take them from the outbox, hash their bytes anew,
append the leaves, read the tiles back, check that the tree grew and nothing else, sign, store, commit. Only then is the
checkpoint copied outside the database. A second sequencer waits as a hot standby; a killed one leaves nothing half
done.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread
from types import TracebackType

import psycopg
import structlog
from psycopg import sql

from guiyan.ledger import keys, outside
from guiyan.ledger.entry import Actor, Clock, Entry, EntryType, encode, is_simulation, new_entry_id, parse
from guiyan.ledger.note import Checkpoint, NoteError, sign_checkpoint
from guiyan.ledger.store import Connection, Epoch, Store, Waiting
from guiyan.ledger.tree import (
    EMPTY,
    Head,
    StoredTree,
    TreeError,
    confirm,
    grow,
    leaf_hash,
    leaf_hashes,
    verify_consistency,
)
from guiyan.platform import clock, database

LOCK = 7_465_102  # advisory: one sequencer per database
BATCH_MAX = 20_000
TICK_SECONDS = 0.5
SCHEMAS_A_QUERY = 100
LOG = structlog.get_logger("guiyan.sequencer")


class SequencerError(RuntimeError):
    """A tenant's log may not be extended; the message says why and what to do."""


class SetBackError(SequencerError):
    """A checkpoint outside the database is newer than the database, or does not fit it: it was set back or forked."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick did: entries sequenced per tenant, and the reason for each tenant that was refused.

    ``standby`` is true when another sequencer is at work and nothing was done.
    """

    sequenced: dict[str, int]
    refused: dict[str, str]
    standby: bool = False


class Sequencer:
    """A sequencer's connection. Use it as a context manager."""

    def __init__(self, *, batch: int = BATCH_MAX) -> None:
        self._batch = batch
        self._conn: Connection | None = None
        self._leading = False
        self._told: dict[str, str] = {}

    def __enter__(self) -> Sequencer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; a standby takes over."""
        conn, self._conn, self._leading = self._conn, None, False
        if conn is not None:
            conn.close()

    @property
    def conn(self) -> Connection:
        """The connection, as the sequencer's own role, made when there is none."""
        if self._conn is None:
            self._conn = psycopg.connect(**database.params(database.role(database.SEQUENCER)), autocommit=True)
        return self._conn

    def lead(self) -> bool:
        """Become the one sequencer. Returns False while another one is."""
        if not self._leading:
            row = self.conn.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
            self._leading = bool(row and row[0])
        return self._leading

    def tick(self) -> Tick:
        """Sequence what waits, of every tenant. One tenant's trouble does not stop the others."""
        if not self.lead():
            return Tick({}, {}, standby=True)
        done: dict[str, int] = {}
        refused: dict[str, str] = {}
        for schema in self._waiting_schemas():
            try:
                done[schema] = self.sequence(schema)
            except (SequencerError, keys.LogKeyError, outside.OutsideError, TreeError, LookupError, NoteError) as error:
                refused[schema] = str(error)
                if self._told.get(schema) != str(error):  # once per reason, not once per tick
                    self._told[schema] = str(error)
                    LOG.error("log not extended", tenant=schema, reason=str(error))
        return Tick(done, refused)

    def sequence(self, schema: str) -> int:
        """Sequence one batch of one tenant and return how many entries it had. Raises ``SequencerError``."""
        store = Store(self.conn, schema)
        epoch = _newest_epoch(store)
        guard(store, epoch)
        key = keys.signing_key(schema, epoch.origin)
        with self.conn.transaction():
            rows = store.take_pending(self._batch)
            if not rows:
                return 0
            note = _append(store, epoch, rows, lambda head: sign_checkpoint(head, key))
        outside.write(schema, epoch.number, note)
        return len(rows)

    def _waiting_schemas(self) -> list[str]:
        """Return the tenants that have waiting entries."""
        schemas = logs_of(self.conn)
        found: list[str] = []
        for start in range(0, len(schemas), SCHEMAS_A_QUERY):
            chunk = schemas[start : start + SCHEMAS_A_QUERY]
            query = sql.SQL(" UNION ALL ").join(
                sql.SQL("SELECT {name} WHERE EXISTS (SELECT 1 FROM {s}.ledger_pending)").format(
                    name=sql.Literal(schema), s=sql.Identifier(schema)
                )
                for schema in chunk
            )
            found += [row[0] for row in self.conn.execute(query)]
        return found


def logs_of(conn: Connection) -> list[str]:
    """Return the schemas whose log this role may sequence, in order."""
    return [
        row[0]
        for row in conn.execute(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relname = 'ledger_pending' AND c.relkind IN ('r', 'p') "
            "AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'DELETE') ORDER BY 1"
        )
    ]


def run_once() -> Tick:
    """Sequence everything that waits now, in as many batches as it takes."""
    done: dict[str, int] = {}
    refused: dict[str, str] = {}
    with Sequencer() as sequencer:
        while True:
            tick = sequencer.tick()
            refused |= tick.refused
            for schema, count in tick.sequenced.items():
                done[schema] = done.get(schema, 0) + count
            if tick.standby or not any(tick.sequenced.values()):
                return Tick(done, refused, tick.standby)


def run_forever(stop: Event, tick: float = TICK_SECONDS) -> None:
    """Tick every ``tick`` seconds until ``stop`` is set; a lost connection is made again."""
    with Sequencer() as sequencer:
        while not stop.is_set():
            began = time.monotonic()
            try:
                sequencer.tick()
            except psycopg.OperationalError as error:
                LOG.warning("connection lost", reason=str(error).splitlines()[0])
                sequencer.close()
            stop.wait(max(0.0, tick - (time.monotonic() - began)))


def in_background(tick: float = TICK_SECONDS) -> Callable[[], None]:
    """Sequence in a thread of this process until the function that is returned is called; a standby beside a worker."""
    stop = Event()
    thread = Thread(target=run_forever, args=(stop, tick), name="sequencer", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join()

    return end


# --- one batch --------------------------------------------------------------------------------------------------------


def _newest_epoch(store: Store) -> Epoch:
    epochs = store.epochs()
    if not epochs:
        raise SequencerError(f"the log of {store.schema} was not opened: run the set-up again")
    return epochs[-1]


def _append(store: Store, epoch: Epoch, rows: list[Waiting], sign: Callable[[Checkpoint], bytes]) -> bytes:
    """Append a batch to an epoch's tree inside the open transaction and return the signed checkpoint."""
    leaves = _fresh_leaves(store.schema, rows)
    tiles, old = store.tiles(epoch.number), store.head(epoch.number)
    growth = grow(tiles, old, leaves)
    store.add_sequence(epoch.number, old.size, rows, leaves)
    store.add_tiles(epoch.number, growth.tiles)
    confirm(tiles, growth)
    checkpoint = Checkpoint(epoch.origin, growth.new)
    note = sign(checkpoint)
    store.add_checkpoint(epoch.number, checkpoint, note)
    return note


def _fresh_leaves(schema: str, rows: list[Waiting]) -> list[bytes]:
    """Hash the entries' bytes anew. Raises ``SequencerError`` when the outbox remembers others."""
    for row in rows:
        if row.entry is None:
            raise SequencerError(f"{schema}: entry {row.entry_id} waits, but its bytes are gone")
    leaves = leaf_hashes(row.entry for row in rows if row.entry is not None)
    for row, leaf in zip(rows, leaves, strict=True):
        if leaf != row.leaf:
            raise SequencerError(f"{schema}: entry {row.entry_id} ({row.type}) was altered while it waited")
    return leaves


# --- set-back databases -----------------------------------------------------------------------------------------------


def guard(store: Store, epoch: Epoch) -> None:
    """Return when the database holds all that is known outside it. Raises ``SetBackError``.

    Runs before every batch: a database that was replaced by an older copy while the sequencer slept is found, too.
    """
    copy = outside.newest(store.schema, keys.verifier_keys(store.schema))
    if copy is None:
        return
    advice = "restore the newer database, or open a new epoch"
    if copy.epoch > epoch.number:
        raise SetBackError(f"{store.schema}: epoch {copy.epoch} was begun, the database knows {epoch.number}; {advice}")
    if copy.epoch < epoch.number:
        return
    known, head = copy.checkpoint.head, store.head(epoch.number)
    if copy.checkpoint.origin != epoch.origin:
        raise SetBackError(f"{store.schema}: the copy outside is of {copy.checkpoint.origin}, not of {epoch.origin}")
    if known.size > head.size:
        raise SetBackError(
            f"{store.schema}: {known.size} entries were signed, the database holds {head.size}; {advice}"
        )
    _need_growth(store, epoch, known, head, advice)


def _need_growth(store: Store, epoch: Epoch, known: Head, head: Head, advice: str) -> None:
    if known == head:
        return
    try:
        proof = StoredTree(store.tiles(epoch.number), head.size).consistency(known.size)
        verify_consistency(old=known, new=head, proof=proof)
    except (TreeError, LookupError) as error:
        raise SetBackError(
            f"{store.schema}: the database's log is another one than was signed ({error}); {advice}"
        ) from None


def begin_epoch(tenant: str, reason: str) -> str:
    """Open the next epoch of a tenant's log, after a restore or a failover, and return its origin.

    Its first entry quotes the newest checkpoint known of the epoch before, from outside or from the database.
    ``reason`` is a code without spaces, such as ``restored``. Raises ``SequencerError`` while another sequencer is at
    work, and when the epoch before was never signed.
    """
    with Sequencer() as sequencer:
        if not sequencer.lead():
            raise SequencerError("stop the sequencer first: it must not sign while an epoch begins")
        store = Store(sequencer.conn, tenant)
        before = _newest_epoch(store)
        epoch, note = _open_epoch(store, before, reason)
        outside.write(tenant, epoch.number, note)
        LOG.info("epoch begun", tenant=tenant, epoch=epoch.number, reason=reason)
        return epoch.origin


def _open_epoch(store: Store, before: Epoch, reason: str) -> tuple[Epoch, bytes]:
    copy = outside.newest(store.schema, keys.verifier_keys(store.schema))
    head = store.head(before.number)
    last, number = Checkpoint(before.origin, head), before.number + 1
    if copy is not None and (copy.epoch, copy.checkpoint.head.size) > (before.number, head.size):
        last, number = copy.checkpoint, max(number, copy.epoch + 1)
    if last.head == EMPTY:
        raise SequencerError(f"{store.schema}: nothing was signed in {before.origin}; it needs no new epoch")
    name = f"{before.origin.rsplit('/', 1)[0]}/e{number}"
    key = keys.make(store.schema, name)
    epoch = Epoch(number, name, key.verifier.text)
    with store.conn.transaction():
        store.run("INSERT INTO {s}.ledger_log (epoch, origin, vkey) VALUES (%s, %s, %s)", number, name, epoch.vkey)
        data = _opening_entry(epoch, last, reason, store)
        leaf, kind = leaf_hash(data), str(EntryType.LOG_EPOCH)
        row = store.run("SELECT {s}.ledger_append(%s, %s, %s, NULL, NULL)", data, leaf, kind).fetchone()
        assert row is not None
        store.run("DELETE FROM {s}.ledger_pending WHERE entry_id = %s", row[0])
        rows = [Waiting(row[0], leaf, kind, data)]
        note = _append(store, epoch, rows, lambda head: sign_checkpoint(head, key))
    return epoch, note


def _opening_entry(epoch: Epoch, last: Checkpoint, reason: str, store: Store) -> bytes:
    moment = clock.wall()
    if is_simulation(epoch.origin):
        moment = _newest_time(store) or moment
    return encode(
        Entry(
            log=epoch.origin,
            entry_id=new_entry_id(moment),
            type=EntryType.LOG_EPOCH,
            actor=Actor("system", "system"),
            at=moment,
            clock=Clock("sim" if is_simulation(epoch.origin) else "system"),
            public={
                "origin": last.origin,
                "size": last.head.size,
                "root": last.head.root.hex(),
                "reason": reason,
                "nonce": secrets.token_hex(16),
            },
        )
    )


def _newest_time(store: Store) -> datetime | None:
    """Return the time of the newest entry: the sequencer cannot read a simulation's clock."""
    row = store.run("SELECT entry FROM {s}.ledger_entry ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else parse(row[0]).at.astimezone(UTC)
