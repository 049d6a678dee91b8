"""Merkle tree of the evidence log: RFC 6962 hashes, RFC 9162 proofs, C2SP tiles of height 8.

Pure: no database, no clock, no Django. A leaf is the SHA-256 of 0x00 and an entry's exact bytes, an inner node the
SHA-256 of 0x01 and its two children. Every hash is 32 bytes; an index counts leaves from 0; a size counts leaves.

A log is stored as tiles (c2sp.org/tlog-tiles): tile `index` of `level` holds up to 256 hashes, each the root of a
full tile of the level below (level 0 holds leaves). Only `TileReader.read` stands between this module and storage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
SIZE_MAX = (1 << 53) - 1
"""Largest tree size: the largest whole number that every JSON reader keeps exact."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of the tree without leaves (RFC 6962, section 2.1)."""

_FOLD_CHUNK = 1 << 12


class TreeError(ValueError):
    """A proof, tile or size does not fit the tree it is held against."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says of a tree: number of leaves and root (32 bytes)."""

    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.size <= SIZE_MAX or len(self.root) != HASH_BYTES:
            raise TreeError(f"not a tree head: size {self.size}, root of {len(self.root)} bytes")


EMPTY = Head(0, EMPTY_ROOT)


@dataclass(frozen=True, slots=True)
class Tile:
    """`width` hashes (1..256) side by side at `level`; `index` counts tiles of 256; `data` is 32 x width bytes."""

    level: int
    index: int
    width: int
    data: bytes

    @property
    def path(self) -> str:
        """Where c2sp.org/tlog-tiles serves it: `tile/0/x001/234.p/7`."""
        return tile_path(self.level, self.index, self.width)


class TileReader(Protocol):
    """Storage of tiles, as the tree sees it."""

    def read(self, level: int, index: int, width: int) -> bytes:
        """Return at least the first `width` hashes of a tile (a wider one may be returned whole).

        Raises LookupError when neither that tile nor a wider one is stored.
        """
        ...


@dataclass(frozen=True, slots=True)
class MemoryTiles:
    """Tiles held in memory, over an optional store beneath: what a batch has written and not yet stored."""

    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)
    beneath: TileReader | None = None

    def put(self, tiles: Iterable[Tile]) -> None:
        """Keep the tiles; a wider tile replaces the narrower one of the same place."""
        for tile in tiles:
            self.tiles[tile.level, tile.index] = tile.data

    def read(self, level: int, index: int, width: int) -> bytes:
        """See TileReader."""
        data = self.tiles.get((level, index), b"")
        if len(data) >= width * HASH_BYTES:
            return data
        if self.beneath is None:
            raise LookupError(tile_path(level, index, width))
        return self.beneath.read(level, index, width)


# --- hashes -----------------------------------------------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf: SHA-256(0x00 || entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Leaf hashes of many entries, in their order: the loop that checking a whole log spends most of its time in."""
    fresh = hashlib.sha256(b"\x00").copy
    leaves: list[bytes] = []
    keep = leaves.append
    for entry in entries:
        state = fresh()
        state.update(entry)
        keep(state.digest())
    return leaves


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Merkle tree hash over leaf hashes (not over entries); EMPTY_ROOT for none."""
    if not leaves:
        return EMPTY_ROOT
    sha256 = hashlib.sha256
    row = list(leaves)
    while len(row) > 1:
        odd = row[-1:] if len(row) & 1 else []
        pairs = iter(row)
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)] + odd
    return row[0]


class RootBuilder:
    """Root of a log that is read once from front to back, in memory that grows with the logarithm of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []
        self._waiting: list[bytes] = []

    def add_entries(self, entries: Iterable[bytes]) -> None:
        """Take the next entries (exact bytes) of the log."""
        self.add_leaves(leaf_hashes(entries))

    def add_leaves(self, leaves: Sequence[bytes]) -> None:
        """Take the next leaf hashes of the log."""
        self.size += len(leaves)
        self._waiting.extend(leaves)
        whole = len(self._waiting) - len(self._waiting) % _FOLD_CHUNK
        for start in range(0, whole, _FOLD_CHUNK):
            self._push(_FOLD_CHUNK, root_of(self._waiting[start : start + _FOLD_CHUNK]))
        del self._waiting[:whole]

    def head(self) -> Head:
        """Size and root of what was read so far; more may follow."""
        peaks = [peak for _, peak in self._peaks]
        if self._waiting or not peaks:
            peaks.append(root_of(self._waiting))
        root = peaks.pop()
        while peaks:
            root = node_hash(peaks.pop(), root)
        return Head(self.size, root)

    def _push(self, width: int, root: bytes) -> None:
        while self._peaks and self._peaks[-1][0] == width:
            root = node_hash(self._peaks.pop()[1], root)
            width *= 2
        self._peaks.append((width, root))


def head_of_entries(entries: Iterable[bytes], *, chunk: int = 1 << 14) -> Head:
    """Size and root of a whole log from its entries' exact bytes, read once and `chunk` entries at a time."""
    builder = RootBuilder()
    for batch in _batches(entries, chunk):
        builder.add_entries(batch)
    return builder.head()


def _batches(entries: Iterable[bytes], chunk: int) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == chunk:
            yield batch
            batch = []
    if batch:
        yield batch


# --- proofs: checking (RFC 9162, sections 2.1.3.2 and 2.1.4.2) --------------------------------------------------------


def verify_inclusion(*, index: int, leaf: bytes, proof: Sequence[bytes], head: Head) -> None:
    """Return when `leaf` is the leaf `index` of the tree that `head` names; raises TreeError when it is not."""
    if not 0 <= index < head.size:
        raise TreeError(f"index {index} lies outside a tree of {head.size} leaves")
    _need_hashes([leaf, *proof])
    position, last, root = index, head.size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise TreeError("the proof is longer than the tree is high")
        if position & 1 or position == last:
            root = node_hash(sibling, root)
            position, last = _past_right_edge(position, last)
        else:
            root = node_hash(root, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise TreeError("the proof is shorter than the tree is high")
    if root != head.root:
        raise TreeError(f"leaf {index} does not lead to the root")


def verify_consistency(*, old: Head, new: Head, proof: Sequence[bytes]) -> None:
    """Return when the tree `new` begins with the tree `old`; raises TreeError when it does not."""
    _need_hashes(proof)
    if old.size > new.size:
        raise TreeError(f"the tree shrank from {old.size} to {new.size} leaves")
    if old.size in (0, new.size):
        _need_trivial(old, new, proof)
        return
    path = list(proof)
    if old.size & (old.size - 1) == 0:
        path.insert(0, old.root)
    if not path:
        raise TreeError("the consistency proof is empty")
    shared = (~(old.size - 1) & old.size).bit_length() - 1
    position, last = (old.size - 1) >> shared, (new.size - 1) >> shared
    old_root = new_root = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise TreeError("the consistency proof is too long")
        if position & 1 or position == last:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
            position, last = _past_right_edge(position, last)
        else:
            new_root = node_hash(new_root, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise TreeError("the consistency proof is too short")
    if old_root != old.root or new_root != new.root:
        raise TreeError(f"the tree of {new.size} leaves does not begin with the tree of {old.size}")


def _past_right_edge(position: int, last: int) -> tuple[int, int]:
    while not position & 1 and position:
        position, last = position >> 1, last >> 1
    return position, last


def _need_trivial(old: Head, new: Head, proof: Sequence[bytes]) -> None:
    if proof:
        raise TreeError("no proof is due between these sizes, but one was given")
    if old.size == 0 and old.root != EMPTY_ROOT:
        raise TreeError("the root of the empty tree is wrong")
    if old.size == new.size and old.root != new.root:
        raise TreeError(f"two different trees of {new.size} leaves")


def _need_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise TreeError("every hash in a proof is 32 bytes long")


# --- proofs: making, from stored tiles --------------------------------------------------------------------------------


class StoredTree:
    """The tree of the first `size` leaves of a stored log. Reads each tile it needs once."""

    def __init__(self, tiles: TileReader, size: int) -> None:
        if not 0 <= size <= SIZE_MAX:
            raise TreeError(f"not a tree size: {size}")
        self.size = size
        self._tiles = tiles
        self._read: dict[tuple[int, int], bytes] = {}

    def head(self) -> Head:
        """Size and root, computed from the hashes on the right edge of the stored tiles."""
        return Head(self.size, self._range(0, self.size) if self.size else EMPTY_ROOT)

    def leaf(self, index: int) -> bytes:
        """Leaf hash at `index`; raises TreeError outside the tree."""
        if not 0 <= index < self.size:
            raise TreeError(f"index {index} lies outside a tree of {self.size} leaves")
        return self.subtree(0, index)

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """Inclusion proof of leaf `index`, from the leaf's sibling up; raises TreeError outside the tree."""
        if not 0 <= index < self.size:
            raise TreeError(f"index {index} lies outside a tree of {self.size} leaves")
        proof: list[bytes] = []
        low, high = 0, self.size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                proof.append(self._range(middle, high))
                high = middle
            else:
                proof.append(self._range(low, middle))
                low = middle
        return tuple(reversed(proof))

    def consistency(self, old_size: int) -> tuple[bytes, ...]:
        """Proof that this tree begins with the tree of its first `old_size` leaves (RFC 9162, section 2.1.4.1)."""
        if not 0 <= old_size <= self.size:
            raise TreeError(f"no proof from {old_size} to {self.size} leaves")
        if old_size in (0, self.size):
            return ()
        proof: list[bytes] = []
        low, high, wanted, is_old_root = 0, self.size, old_size, True
        while wanted != high:
            middle = low + _split(high - low)
            if wanted <= middle:
                proof.append(self._range(middle, high))
                high = middle
            else:
                proof.append(self._range(low, middle))
                low, is_old_root = middle, False
        if not is_old_root:
            proof.append(self._range(low, high))
        return tuple(reversed(proof))

    def _range(self, low: int, high: int) -> bytes:
        width = high - low
        if width & (width - 1) == 0 and low % width == 0:
            return self.subtree(width.bit_length() - 1, low // width)
        middle = low + _split(width)
        return node_hash(self._range(low, middle), self._range(middle, high))

    def subtree(self, height: int, index: int) -> bytes:
        """Root of the full subtree of `2**height` leaves that starts at leaf `index * 2**height`."""
        level, inner = divmod(height, TILE_HEIGHT)
        first = index << inner
        tile, offset = divmod(first, TILE_WIDTH)
        data = self._tile(level, tile)[offset * HASH_BYTES : (offset + (1 << inner)) * HASH_BYTES]
        return root_of(_hashes(data))

    def _tile(self, level: int, index: int) -> bytes:
        if (level, index) not in self._read:
            width = tile_width(self.size, level, index)
            data = self._tiles.read(level, index, width)
            if len(data) < width * HASH_BYTES:
                raise TreeError(f"{tile_path(level, index, width)} is cut short")
            self._read[level, index] = data[: width * HASH_BYTES]
        return self._read[level, index]


def _split(width: int) -> int:
    return 1 << ((width - 1).bit_length() - 1)


def _hashes(data: bytes) -> list[bytes]:
    return [data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES)]


# --- growing: what a sequencer does -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Growth:
    """What one batch adds: the tiles to store (new full ones and the new partial right edge) and the new head."""

    old: Head
    new: Head
    tiles: tuple[Tile, ...]


def grow(tiles: TileReader, old: Head, leaves: Sequence[bytes]) -> Growth:
    """Append leaf hashes to a stored log and return what must be stored; storage is read and not written.

    Raises TreeError when the stored tiles do not have the root of `old`: a log whose storage has changed under its
    last checkpoint is not extended.
    """
    _need_hashes(leaves)
    if StoredTree(tiles, old.size).head() != old:
        raise TreeError(f"the stored tiles are not the tree of {old.size} leaves that was signed")
    made: list[Tile] = []
    level, start, row = 0, old.size, list(leaves)
    while row:
        written, row = _extend_row(tiles, level, start, row)
        made.extend(written)
        start >>= TILE_HEIGHT
        level += 1
    overlay = MemoryTiles(beneath=tiles)
    overlay.put(made)
    return Growth(old, StoredTree(overlay, old.size + len(leaves)).head(), tuple(made))


def _extend_row(tiles: TileReader, level: int, start: int, row: list[bytes]) -> tuple[list[Tile], list[bytes]]:
    index, offset = divmod(start, TILE_WIDTH)
    data = tiles.read(level, index, offset)[: offset * HASH_BYTES] if offset else b""
    data += b"".join(row)
    made: list[Tile] = []
    above: list[bytes] = []
    full = TILE_WIDTH * HASH_BYTES
    for position in range(0, len(data), full):
        cut = data[position : position + full]
        made.append(Tile(level, index + position // full, len(cut) // HASH_BYTES, cut))
        if len(cut) == full:
            above.append(root_of(_hashes(cut)))
    return made, above


def confirm(tiles: TileReader, growth: Growth) -> None:
    """Second look before a head is signed: read back what was stored and hold it against both heads.

    Recomputes the new root and a consistency proof from the stored tiles, and every full tile of the batch against
    its parent. Raises TreeError (or LookupError for a missing tile): then nothing may be signed.
    """
    stored = StoredTree(tiles, growth.new.size)
    if stored.head() != growth.new:
        raise TreeError("the tiles read back do not have the new root")
    verify_consistency(old=growth.old, new=growth.new, proof=stored.consistency(growth.old.size))
    for tile in growth.tiles:
        data = tiles.read(tile.level, tile.index, tile.width)[: tile.width * HASH_BYTES]
        if data != tile.data:
            raise TreeError(f"{tile.path} was not stored as it was made")
        parent_height = (tile.level + 1) * TILE_HEIGHT
        if tile.width == TILE_WIDTH and root_of(_hashes(data)) != stored.subtree(parent_height, tile.index):
            raise TreeError(f"{tile.path} does not match the tile above it")


def check_tiles(tiles: TileReader, size: int) -> list[str]:
    """Every full tile that does not hash to the tile above it, and every tile missing or cut short, by path.

    Reads the whole stored tree of `size` leaves once; an empty list means that the tiles agree with one another.
    """
    wrong: list[str] = []
    tree = StoredTree(tiles, size)
    level = 0
    while size >> (TILE_HEIGHT * level):
        count = -(-(size >> (TILE_HEIGHT * level)) // TILE_WIDTH)
        for index in range(count):
            width = tile_width(size, level, index)
            try:
                data = tiles.read(level, index, width)[: width * HASH_BYTES]
                sound = len(data) == width * HASH_BYTES and (
                    width < TILE_WIDTH or root_of(_hashes(data)) == tree.subtree((level + 1) * TILE_HEIGHT, index)
                )
            except (LookupError, TreeError):
                sound = False
            if not sound:
                wrong.append(tile_path(level, index, width))
        level += 1
    return wrong


def tile_width(size: int, level: int, index: int) -> int:
    """Number of hashes (0..256) that tile `index` of `level` holds in a tree of `size` leaves."""
    return max(0, min(TILE_WIDTH, (size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH))


def tile_path(level: int, index: int, width: int) -> str:
    """Path of a tile in c2sp.org/tlog-tiles: groups of three digits, `.p/W` when it is partial."""
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{level}/{name}" if width == TILE_WIDTH else f"tile/{level}/{name}.p/{width}"


def stored_from_leaves(leaves: Sequence[bytes]) -> StoredTree:
    """A tree over leaf hashes held in memory."""
    tiles = MemoryTiles()
    tiles.put(grow(tiles, EMPTY, leaves).tiles)
    return StoredTree(tiles, len(leaves))
