"""Check a tenant's log against its signatures, from the entries' own bytes.

Reads the log once, front to back, in chunks; memory does not grow with it. What a database administrator did to
anything that a checkpoint covered before is found, whatever triggers were switched off, as long as the signing key and
the copy of the newest checkpoint lie outside the database. ``docs/security.md`` says what cannot be found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TextIO

import psycopg
from django.utils.translation import gettext as _

from guiyan.ledger import keys, outside
from guiyan.ledger.entry import is_simulation
from guiyan.ledger.findings import Findings, Report
from guiyan.ledger.note import Checkpoint, NoteError, VerifierKey, open_checkpoint
from guiyan.ledger.sequencer import logs_of
from guiyan.ledger.store import Connection, Epoch, Store
from guiyan.ledger.tree import (
    EMPTY,
    EMPTY_ROOT,
    HASH_BYTES,
    TILE_WIDTH,
    Head,
    StoredTree,
    TreeError,
    check_tiles,
    leaf_hash,
    verify_consistency,
)
from guiyan.platform import database

CHUNK = 20 * TILE_WIDTH
SUSPECTS_MAX = 50_000
TOLERANCE = timedelta(minutes=15)
UNKNOWN = bytes(HASH_BYTES)


class Frontier:
    """Root of a tree that grows leaf by leaf, cheap to ask at any size and to copy."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        self.size = size
        self._peaks = list(peaks)

    def add(self, leaf: bytes) -> None:
        """Append a leaf hash."""
        peaks, size = self._peaks, self.size
        while size & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of what was added so far."""
        if not self._peaks:
            return EMPTY_ROOT
        *rest, root = self._peaks
        for peak in reversed(rest):
            root = sha256(b"\x01" + peak + root).digest()
        return root

    def copy(self) -> Frontier:
        """Return an independent frontier that stands where this one does."""
        return Frontier(self.size, self._peaks)


@dataclass(frozen=True, slots=True)
class Row:
    """What the tables say of one place: the entry's row and the two remembered copies of its leaf (sequence, tile)."""

    index: int
    entry_id: int | None
    type: str
    placed: bytes | None
    tiled: bytes | None
    entry: bytes | None
    columns: tuple[str, bytes | None, int | None]
    at: datetime | None
    previous: bytes | None

    @property
    def remembered(self) -> bytes:
        """The leaf as the log remembers it, apart from the entry's own bytes."""
        return self.tiled or self.placed or UNKNOWN


@dataclass(frozen=True, slots=True)
class Suspect:
    """A place whose entry does not hash to what the log remembers."""

    row: Row
    leaf: bytes | None


@dataclass
class _Walk:
    """State of the walk through one epoch."""

    epoch: Epoch
    origins: frozenset[str]
    by_bytes: Frontier = field(default_factory=Frontier)
    by_memory: Frontier | None = None
    suspects: list[Suspect] = field(default_factory=list)
    types: dict[int, str] = field(default_factory=dict)
    sound_to: int = 0
    lost_track: bool = False
    newest: datetime | None = None


def verify_log(tenant: str) -> Report:
    """Check the log of the tenant whose code is ``tenant``, as the sequencer's role, in one snapshot of the database.

    Raises ``LookupError`` when there is no such log.
    """
    with psycopg.connect(**database.params(database.role(database.SEQUENCER))) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        return check_log(conn, tenant)


def check_log(conn: Connection, tenant: str) -> Report:
    """Check a log on a connection that has begun nothing yet and sees one snapshot. Raises as ``verify_log`` does."""
    findings = Findings()
    known = _known_keys(tenant, findings)
    copy = None
    try:
        copy = outside.newest(tenant, known)  # before the snapshot: the database must hold at least this
    except outside.OutsideError as error:
        findings.add("outside", 0, reason=str(error))
    if tenant not in logs_of(conn):
        raise LookupError(tenant)
    return _Check(Store(conn, tenant), known, findings, copy).run()


def _known_keys(tenant: str, findings: Findings) -> dict[str, VerifierKey]:
    try:
        return keys.verifier_keys(tenant)
    except keys.LogKeyError as error:
        findings.add("outside", 0, reason=str(error))
        return {}


class _Check:
    def __init__(
        self, store: Store, known: dict[str, VerifierKey], findings: Findings, copy: outside.Copy | None
    ) -> None:
        self.store, self.known, self.found, self.copy = store, known, findings, copy
        self.checkpoints = 0

    def run(self) -> Report:
        """Check every epoch, then what belongs to none."""
        epochs = self.store.epochs()
        confirmed = bool(epochs) and all(epoch.origin in self.known for epoch in epochs)
        entries = lost = 0
        for place, epoch in enumerate(epochs):
            entries += self._epoch(epoch, frozenset(each.origin for each in epochs[: place + 1]))
            if place:
                lost += self._opening(epochs[place - 1], epoch)
        if self.copy is not None and (not epochs or self.copy.epoch > epochs[-1].number):
            self.found.add("set_back", self.copy.epoch, known=self.copy.checkpoint.head.size, size=0)
        waiting = self._unplaced()
        self._last_steps()
        return Report(
            self.store.schema,
            tuple(epoch.origin for epoch in epochs),
            entries,
            self.checkpoints,
            waiting,
            confirmed,
            self.copy is not None,
            lost,
            tuple(self.found),
            self.found.total,
        )

    # --- one epoch ----------------------------------------------------------------------------------------------------

    def _epoch(self, epoch: Epoch, origins: frozenset[str]) -> int:
        key = self._key(epoch)
        walk = _Walk(epoch, origins)
        heads = self._heads(epoch, key)
        head = EMPTY
        rows = self._rows(epoch)
        for signed in heads:
            if signed.size < walk.by_bytes.size:
                continue  # the copy outside repeats a size that was compared already
            self._advance(walk, rows, signed.size)
            self._compare(walk, signed)
            head = signed
        for row in rows:
            self.found.add("uncovered", epoch.number, row.index, row.type)
        self._tiles(epoch, head)
        return head.size

    def _key(self, epoch: Epoch) -> VerifierKey | None:
        """Return the key to check an epoch with: from the installation's file, or else the one the database names."""
        told = self.known.get(epoch.origin)
        try:
            stated = VerifierKey.parse(epoch.vkey)
        except NoteError:
            stated = None
        if (told is not None and told != stated) or stated is None or stated.name != epoch.origin:
            self.found.add("key", epoch.number, origin=epoch.origin)
        return told or stated

    def _heads(self, epoch: Epoch, key: VerifierKey | None) -> Iterator[Head]:
        """Yield the heads that were really signed, by size; a copy outside counts as one of them."""
        beyond = 0
        outer = self.copy.checkpoint if self.copy and self.copy.epoch == epoch.number else None
        while True:
            rows = self.store.run(
                "SELECT size, root, note FROM {s}.ledger_checkpoint WHERE epoch = %s AND size > %s "
                "ORDER BY size LIMIT 1000",
                epoch.number,
                beyond,
            ).fetchall()
            for size, root, note in rows:
                self.checkpoints += 1
                if not _is_signed(key, note, Checkpoint(epoch.origin, Head(size, root))):
                    self.found.add("checkpoint", epoch.number, size - 1, self._type_at(epoch, size - 1), size=size)
                else:
                    beyond_outer = outer is not None and outer.head.size <= size
                    if outer is not None and beyond_outer:
                        yield from self._outer(epoch, outer, Head(size, root))
                        outer = None
                    yield Head(size, root)
            if not rows:
                break
            beyond = rows[-1][0]
        if outer is not None:
            self.found.add("set_back", epoch.number, known=outer.head.size, size=beyond)

    def _outer(self, epoch: Epoch, outer: Checkpoint, next_head: Head) -> Iterator[Head]:
        if outer.origin != epoch.origin or (outer.head.size == next_head.size and outer.head != next_head):
            self.found.add("forked", epoch.number, known=outer.head.size)
        elif outer.head.size < next_head.size:
            yield outer.head

    def _type_at(self, epoch: Epoch, index: int) -> str:
        row = self.store.run(
            "SELECT type FROM {s}.ledger_seq WHERE epoch = %s AND seq = %s", epoch.number, index
        ).fetchone()
        return "" if row is None else str(row[0])

    def _rows(self, epoch: Epoch) -> Iterator[Row]:
        """Yield every place from 0 to the end, with what the tables say of it; a missing row leaves a gap filled."""
        last = self.store.run(
            "SELECT greatest((SELECT max(seq) + 1 FROM {s}.ledger_seq WHERE epoch = %s), "
            "(SELECT max(size) FROM {s}.ledger_checkpoint WHERE epoch = %s))",
            epoch.number,
            epoch.number,
        ).fetchone()
        end = int(last[0] or 0) if last else 0
        for start in range(0, end, CHUNK):
            stop = min(end, start + CHUNK)
            tiled = self._tiled(epoch, start, stop)
            placed = {row[0]: row for row in self.store.run(_PLACES, epoch.number, start, stop)}
            for index in range(start, stop):
                found = placed.get(index)
                if found is None:
                    yield Row(index, None, "", None, tiled.get(index), None, ("", None, None), None, None)
                else:
                    _, entry_id, kind, leaf, entry, e_type, tag, cseq, at, previous = found
                    columns = (e_type, tag, cseq)
                    yield Row(index, entry_id, kind, leaf, tiled.get(index), entry, columns, at, previous)

    def _tiled(self, epoch: Epoch, start: int, stop: int) -> dict[int, bytes]:
        tiled: dict[int, bytes] = {}
        for tile, data in self.store.run(
            "SELECT idx, data FROM {s}.ledger_tile WHERE epoch = %s AND level = 0 AND width = 256 "
            "AND idx >= %s AND idx < %s",
            epoch.number,
            start // TILE_WIDTH,
            -(-stop // TILE_WIDTH),
        ):
            base = tile * TILE_WIDTH
            for place in range(TILE_WIDTH):
                tiled[base + place] = data[place * HASH_BYTES : (place + 1) * HASH_BYTES]
        return tiled

    def _advance(self, walk: _Walk, rows: Iterator[Row], size: int) -> None:
        """Take the rows up to a signed size into both trees: the one of the bytes, and the one of the log's memory."""
        while walk.by_bytes.size < size:
            row = next(rows, None)
            if row is None:
                row = Row(walk.by_bytes.size, None, "", None, None, None, ("", None, None), None, None)
            leaf = None if row.entry is None else leaf_hash(row.entry)
            if leaf is None or leaf != row.placed or row.tiled not in (None, leaf):
                if walk.by_memory is None:
                    walk.by_memory = walk.by_bytes.copy()
                if len(walk.suspects) < SUSPECTS_MAX:
                    walk.suspects.append(Suspect(row, leaf))
            walk.by_bytes.add(leaf or row.remembered)
            if walk.by_memory is not None:
                walk.by_memory.add(row.remembered)
            walk.types[row.index] = row.type
            if row.entry is not None:
                self._content(walk, row, row.entry)

    def _compare(self, walk: _Walk, signed: Head) -> None:
        """Hold both trees against a signed head, and name what differs since the last one that fitted."""
        first, suspects, types = walk.sound_to, walk.suspects, walk.types
        walk.suspects, walk.types, walk.sound_to = [], {}, signed.size
        memory = walk.by_memory
        if walk.by_bytes.root() == signed.root:
            for each in suspects:
                if each.leaf is None:
                    self.found.add("deleted", walk.epoch.number, each.row.index, each.row.type)
                else:
                    self.found.add("place", walk.epoch.number, each.row.index, _named(each.row))
            walk.by_memory = None  # the bytes are what was signed: whatever the log remembers otherwise starts anew
            return
        if memory is not None and memory.root() == signed.root:
            self._name(walk.epoch, suspects)
            walk.by_bytes = memory.copy()  # the log's memory is what was signed: go on from there
            walk.by_memory = None
            return
        if walk.lost_track:
            return
        walk.lost_track = True
        self._name(walk.epoch, suspects)
        kinds = ", ".join(dict.fromkeys(kind or "?" for kind in list(types.values())[:20]))
        self.found.add("rewritten", walk.epoch.number, first, kinds, last=signed.size - 1)

    def _name(self, epoch: Epoch, suspects: list[Suspect]) -> None:
        """Say of each suspect whether its entry was edited, deleted, inserted, moved or replaced by another one."""
        present = {each.leaf for each in suspects if each.leaf is not None}
        expected = {each.row.remembered for each in suspects}
        strays = self._strays(expected - present)
        for each in suspects:
            row, want = each.row, each.row.remembered
            if each.leaf == want:
                self.found.add("place", epoch.number, row.index, _named(row))
            elif each.leaf is None:
                self.found.add("deleted", epoch.number, row.index, row.type)
            elif each.leaf in expected:
                code = "moved" if want in present else "deleted"
                self.found.add(code, epoch.number, row.index, row.type)
            elif want in present:
                self.found.add("inserted", epoch.number, row.index, _named(row))
            elif want in strays and strays[want] != row.entry_id:
                self.found.add("repointed", epoch.number, row.index, row.type)
            else:
                self.found.add("edited", epoch.number, row.index, row.type)

    def _strays(self, leaves: set[bytes]) -> dict[bytes, int]:
        if not leaves:
            return {}
        rows = self.store.run(
            "SELECT leaf, id FROM {s}.ledger_entry WHERE leaf = ANY(%s)", list(leaves)[:TILE_WIDTH]
        ).fetchall()
        return {bytes(leaf): entry_id for leaf, entry_id in rows}

    # --- what an entry says -------------------------------------------------------------------------------------------

    def _content(self, walk: _Walk, row: Row, data: bytes) -> None:
        try:
            said = json.loads(data)
            log, kind, moment = said["log"], said["type"], datetime.fromisoformat(said["t"])
            tag, cseq, cprev = said.get("case"), said.get("cseq"), said.get("cprev", "")
        except (ValueError, KeyError, TypeError, AttributeError):
            self.found.add("malformed", walk.epoch.number, row.index, row.type)
            return
        columns = (kind, None if tag is None else bytes.fromhex(tag), cseq)
        if columns != row.columns or kind != row.type or log not in walk.origins:
            self.found.add("columns", walk.epoch.number, row.index, row.type)
        if cseq is not None and cprev != ("" if row.previous is None else row.previous.hex()):
            self.found.add("chain", walk.epoch.number, row.index, kind, cseq=cseq)
        self._times(walk, row, kind, moment)

    def _times(self, walk: _Walk, row: Row, kind: str, moment: datetime) -> None:
        """An entry's own time against when it was stored, and against those that the tree proves to be before it."""
        simulated = is_simulation(walk.epoch.origin)
        trusted = True
        if not simulated and row.at is not None and abs(row.at - moment) > TOLERANCE:
            trusted = False
            self.found.add("time", walk.epoch.number, row.index, kind, minutes=_minutes(abs(row.at - moment)))
        if walk.newest is not None and moment < walk.newest - TOLERANCE:
            self.found.add("backdated", walk.epoch.number, row.index, kind, minutes=_minutes(walk.newest - moment))
        elif trusted:
            walk.newest = max(walk.newest or moment, moment)

    # --- tiles, epochs, what waits ------------------------------------------------------------------------------------

    def _tiles(self, epoch: Epoch, head: Head) -> None:
        tiles = self.store.tiles(epoch.number)
        wrong = check_tiles(tiles, head.size)
        for path in wrong:
            self.found.add("tile", epoch.number, path=path)
        for level, index, width in self.store.run(_PARTIALS, epoch.number):
            self.found.add("tile", epoch.number, path=f"tile/{level}/{index}.p/{width}")
        if not wrong and head.size:
            try:
                same = StoredTree(tiles, head.size).head() == head
            except (TreeError, LookupError):
                same = False
            if not same:
                self.found.add("tile", epoch.number, path="tile")

    def _opening(self, before: Epoch, epoch: Epoch) -> int:
        """Check that an epoch's first entry quotes the one before; return how many entries a restore lost."""
        row = self.store.run(
            "SELECT e.entry FROM {s}.ledger_seq q JOIN {s}.ledger_entry e ON e.id = q.entry_id "
            "WHERE q.epoch = %s AND q.seq = 0",
            epoch.number,
        ).fetchone()
        try:
            said = json.loads(row[0])["pub"] if row else {}
            quoted = Head(said["size"], bytes.fromhex(said["root"]))
        except (ValueError, KeyError, TypeError):
            self.found.add("epoch", epoch.number, 0, "log.epoch", origin=epoch.origin)
            return 0
        head = self.store.head(before.number)
        if said.get("origin") != before.origin or (quoted.size <= head.size and not self._holds(before, quoted, head)):
            self.found.add("epoch", epoch.number, 0, "log.epoch", origin=epoch.origin)
        return max(0, quoted.size - head.size)

    def _holds(self, epoch: Epoch, old: Head, new: Head) -> bool:
        try:
            proof = StoredTree(self.store.tiles(epoch.number), new.size).consistency(old.size)
            verify_consistency(old=old, new=new, proof=proof)
        except (TreeError, LookupError):
            return False
        return True

    def _unplaced(self) -> int:
        for entry_id, kind in self.store.run(_UNPLACED):
            self.found.add("unplaced", 0, None, kind, entry_id=entry_id)
        for entry_id, kind in self.store.run(_WRONGLY_WAITING):
            self.found.add("waiting", 0, None, kind or "", entry_id=entry_id)
        row = self.store.run("SELECT count(*) FROM {s}.ledger_pending").fetchone()
        return int(row[0]) if row else 0

    def _last_steps(self) -> None:
        for (cseq,) in self.store.run(_LAST_STEPS):
            self.found.add("last_step", 0, cseq=cseq)


_PLACES = """
SELECT q.seq, q.entry_id, q.type, q.leaf, e.entry, e.type, e.tag, e.cseq, e.at, p.leaf
FROM {s}.ledger_seq q
LEFT JOIN {s}.ledger_entry e ON e.id = q.entry_id
LEFT JOIN {s}.ledger_entry p ON p.tag = e.tag AND p.cseq = e.cseq - 1
WHERE q.epoch = %s AND q.seq >= %s AND q.seq < %s
"""
_PARTIALS = """
SELECT a.level, a.idx, a.width FROM {s}.ledger_tile a
JOIN LATERAL (
    SELECT b.data FROM {s}.ledger_tile b
    WHERE b.epoch = a.epoch AND b.level = a.level AND b.idx = a.idx AND b.width > a.width ORDER BY b.width LIMIT 1
) wider ON true
WHERE a.epoch = %s AND a.width < 256 AND substring(wider.data FROM 1 FOR a.width * 32) <> a.data
"""
_UNPLACED = """
SELECT e.id, e.type FROM {s}.ledger_entry e
LEFT JOIN {s}.ledger_seq q ON q.entry_id = e.id
LEFT JOIN {s}.ledger_pending w ON w.entry_id = e.id
WHERE q.entry_id IS NULL AND w.entry_id IS NULL ORDER BY e.id LIMIT 1000
"""
_WRONGLY_WAITING = """
SELECT w.entry_id, e.type FROM {s}.ledger_pending w
LEFT JOIN {s}.ledger_entry e ON e.id = w.entry_id
LEFT JOIN {s}.ledger_seq q ON q.entry_id = w.entry_id
WHERE e.id IS NULL OR e.leaf <> w.leaf OR q.entry_id IS NOT NULL ORDER BY 1 LIMIT 1000
"""
_LAST_STEPS = """
SELECT h.cseq FROM {s}.ledger_casehead h
WHERE h.cseq > 0
AND NOT EXISTS (SELECT 1 FROM {s}.ledger_entry e WHERE e.tag = h.tag AND e.cseq = h.cseq AND e.leaf = h.leaf)
LIMIT 1000
"""


def _is_signed(key: VerifierKey | None, note: bytes, stated: Checkpoint) -> bool:
    if key is None:
        return False
    try:
        return open_checkpoint(note, key) == stated
    except NoteError:
        return False


def _named(row: Row) -> str:
    return row.columns[0] or row.type


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


# --- the command ------------------------------------------------------------------------------------------------------


def every_log() -> list[str]:
    """Return the codes of all tenants that have a log."""
    with psycopg.connect(**database.params(database.role(database.SEQUENCER)), autocommit=True) as conn:
        return logs_of(conn)


def verify_command(tenants: Sequence[str] | None, as_json: bool, out: TextIO) -> int:
    """Check these tenants' logs (all when none is named) and print what was found.

    Returns 0 when everything is as it was signed, 1 when something is not, 2 when a tenant is not known.
    """
    reports: list[Report] = []
    for tenant in tenants or every_log():
        try:
            reports.append(verify_log(tenant))
        except LookupError:
            said = _("没有这个租户的日志：{tenant}").format(tenant=tenant)
            print(json.dumps({"error": said}, ensure_ascii=False) if as_json else said, file=out)
            return 2
    if as_json:
        print(json.dumps([each.as_json() for each in reports], ensure_ascii=False, indent=2), file=out)
    else:
        for report in reports:
            _print(report, out)
    return 0 if all(report.ok for report in reports) else 1


def _print(report: Report, out: TextIO) -> None:
    words = _("{tenant}：{entries} 条已签名，{checkpoints} 个签名，{waiting} 条等待签名")
    print(
        words.format(
            tenant=report.tenant, entries=report.entries, checkpoints=report.checkpoints, waiting=report.waiting
        ),
        file=out,
    )
    for origin in report.origins:
        print(f"  {origin}" + (_("（演示，不是证据）") if is_simulation(origin) else ""), file=out)
    if not report.key_confirmed:
        print("  " + _("注意：没有密钥文件，只能用数据库自己写的公钥检查"), file=out)
    if not report.outside:
        print("  " + _("注意：数据库之外没有签名副本，发现不了数据库整体退回"), file=out)
    if report.lost:
        print("  " + _("说明：恢复数据库时丢失了 {count} 条已签名的记录").format(count=report.lost), file=out)
    for finding in report.findings:
        print(f"  ✗ {report.tenant} · {finding.text} [{finding.code}]", file=out)
    hidden = report.findings_total - len(report.findings)
    if hidden > 0:
        print("  " + _("另有 {count} 处未列出").format(count=hidden), file=out)
    if report.ok:
        print("  ✓ " + _("与签名一致"), file=out)
