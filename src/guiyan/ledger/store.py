"""A tenant's log as the sequencer and the checks see it: plain SQL on a connection of the sequencer's own role.

Full tiles of every level and the partial right edge above the lowest level are rows; the partial tile of the lowest
level is read from the sequence, which holds the same leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from guiyan.ledger.note import Checkpoint
from guiyan.ledger.tree import EMPTY, HASH_BYTES, TILE_WIDTH, Head, Tile, tile_path

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch of a log: number from 1, origin, and the verifier key that the database names."""

    number: int
    origin: str
    vkey: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry taken from the outbox: row number, leaf as the outbox has it, type, exact bytes (None when gone)."""

    entry_id: int
    leaf: bytes
    type: str
    entry: bytes | None


@dataclass
class Store:
    """The log's tables in ``schema``. The caller opens transactions."""

    conn: Connection
    schema: str
    _prepared: dict[str, sql.Composed] = field(default_factory=dict)

    def run(self, text: LiteralString, *params: Any) -> psycopg.Cursor[tuple[Any, ...]]:
        """Run a statement in which ``{s}`` stands for the schema; values travel in binary."""
        if text not in self._prepared:
            self._prepared[text] = sql.SQL(text).format(s=sql.Identifier(self.schema))
        return psycopg.Cursor(self.conn).execute(self._prepared[text], params, binary=True)

    def epochs(self) -> list[Epoch]:
        """Return the log's epochs, oldest first."""
        return [Epoch(*row) for row in self.run("SELECT epoch, origin, vkey FROM {s}.ledger_log ORDER BY epoch")]

    def newest_checkpoint(self, epoch: int) -> tuple[Head, bytes] | None:
        """Return size, root and note of an epoch's newest checkpoint, or None when nothing was signed yet."""
        row = self.run(
            "SELECT size, root, note FROM {s}.ledger_checkpoint WHERE epoch = %s ORDER BY size DESC LIMIT 1", epoch
        ).fetchone()
        return None if row is None else (Head(row[0], row[1]), row[2])

    def head(self, epoch: int) -> Head:
        """Return the newest signed head of an epoch; the empty one when nothing was signed yet."""
        found = self.newest_checkpoint(epoch)
        return EMPTY if found is None else found[0]

    def take_pending(self, limit: int) -> list[Waiting]:
        """Delete up to ``limit`` committed rows of the outbox and return them with their entries, by row number."""
        taken = self.run(
            "DELETE FROM {s}.ledger_pending WHERE ctid = ANY(ARRAY(SELECT ctid FROM {s}.ledger_pending LIMIT %s)) "
            "RETURNING entry_id, leaf",
            limit,
        ).fetchall()
        leaves = dict(taken)
        # The entries are fetched by key: joined to the DELETE, stale statistics have made this ten times slower.
        found = {
            row[0]: (row[1], row[2])
            for row in self.run("SELECT id, type, entry FROM {s}.ledger_entry WHERE id = ANY(%s)", list(leaves))
        }
        rows = []
        for entry_id in sorted(leaves):
            kind, entry = found.get(entry_id, ("", None))
            rows.append(Waiting(entry_id, leaves[entry_id], kind, entry))
        return rows

    def add_sequence(self, epoch: int, first: int, rows: list[Waiting], leaves: list[bytes]) -> None:
        """Store the places of a batch, dense from ``first``."""
        statement = sql.SQL("COPY {s}.ledger_seq (epoch, seq, entry_id, type, leaf) FROM STDIN (FORMAT BINARY)").format(
            s=sql.Identifier(self.schema)
        )
        with self.conn.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(["int2", "int8", "int8", "text", "bytea"])
            for offset, (row, leaf) in enumerate(zip(rows, leaves, strict=True)):
                copy.write_row((epoch, first + offset, row.entry_id, row.type, leaf))

    def add_tiles(self, epoch: int, tiles: tuple[Tile, ...]) -> None:
        """Store a batch's tiles: all full ones, and partial ones above the lowest level."""
        with self.conn.cursor() as cursor:
            cursor.executemany(
                sql.SQL(
                    "INSERT INTO {s}.ledger_tile (epoch, level, idx, width, data) VALUES (%s, %s, %s, %s, %s)"
                ).format(s=sql.Identifier(self.schema)),
                [
                    (epoch, tile.level, tile.index, tile.width, tile.data)
                    for tile in tiles
                    if tile.level or tile.width == TILE_WIDTH
                ],
            )

    def add_checkpoint(self, epoch: int, checkpoint: Checkpoint, note: bytes) -> None:
        """Store a signed head; the primary key refuses a second one of the same size."""
        self.run(
            "INSERT INTO {s}.ledger_checkpoint (epoch, size, root, note) VALUES (%s, %s, %s, %s)",
            epoch,
            checkpoint.head.size,
            checkpoint.head.root,
            note,
        )

    def tiles(self, epoch: int) -> StoredTiles:
        """Return the tiles of an epoch."""
        return StoredTiles(self, epoch)


@dataclass
class StoredTiles:
    """``tree.TileReader`` over the tables; nothing is kept between reads."""

    store: Store
    epoch: int

    def read(self, level: int, index: int, width: int) -> bytes:
        """Return at least ``width`` hashes of a tile. Raises ``LookupError`` when they are not stored."""
        row = self.store.run(
            "SELECT data FROM {s}.ledger_tile WHERE epoch = %s AND level = %s AND idx = %s AND width >= %s "
            "ORDER BY width LIMIT 1",
            self.epoch,
            level,
            index,
            width,
        ).fetchone()
        if row is not None:
            return bytes(row[0])
        data = b"" if level or width == TILE_WIDTH else self._leaves(index * TILE_WIDTH, width)
        if len(data) < width * HASH_BYTES:
            raise LookupError(tile_path(level, index, width))
        return data

    def _leaves(self, first: int, count: int) -> bytes:
        rows = self.store.run(
            "SELECT seq, leaf FROM {s}.ledger_seq WHERE epoch = %s AND seq >= %s AND seq < %s ORDER BY seq",
            self.epoch,
            first,
            first + count,
        ).fetchall()
        return b"".join(leaf for _, leaf in rows) if [seq for seq, _ in rows] == [*range(first, first + count)] else b""
