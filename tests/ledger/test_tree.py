"""The tree promises: the standard's roots, proofs that hold, and no proof that holds for anything else."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiyan.ledger import tree
from guiyan.ledger.tree import EMPTY, Head, MemoryTiles, StoredTree, Tile, TreeError

# Inputs and roots published with the first Certificate Transparency logs and used by every RFC 6962 library since.
VECTOR_ENTRIES = [
    bytes.fromhex(each)
    for each in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
]
VECTOR_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

SIZE_LIMIT = 301
LEAVES = [hashlib.sha256(b"leaf %d" % number).digest() for number in range(SIZE_LIMIT)]


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition in RFC 6962, section 2.1, written down as it stands."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


PLAIN_ROOTS = [plain_root(LEAVES[:size]) for size in range(SIZE_LIMIT + 1)]
STORED = [tree.stored_from_leaves(LEAVES[:size]) for size in range(SIZE_LIMIT + 1)]


def head(size: int) -> Head:
    return Head(size, PLAIN_ROOTS[size])


def test_roots_are_those_of_the_published_vectors() -> None:
    for size, root in enumerate(VECTOR_ROOTS, start=1):
        assert tree.root_of(tree.leaf_hashes(VECTOR_ENTRIES[:size])).hex() == root
        assert tree.head_of_entries(VECTOR_ENTRIES[:size], chunk=3) == Head(size, bytes.fromhex(root))
    assert tree.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_published_inclusion_and_consistency_proofs_are_made_and_accepted() -> None:
    leaves = tree.leaf_hashes(VECTOR_ENTRIES)
    whole = tree.stored_from_leaves(leaves)
    assert [each.hex() for each in whole.inclusion(5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [each.hex() for each in whole.consistency(6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_size_has_the_root_of_the_definition() -> None:
    for size in range(SIZE_LIMIT + 1):
        assert tree.root_of(LEAVES[:size]) == PLAIN_ROOTS[size]
        assert STORED[size].head() == head(size)


def test_every_leaf_of_every_size_is_proved_and_no_other_leaf_is() -> None:
    for size in range(1, 140):
        for index in range(size):
            proof = STORED[size].inclusion(index)
            tree.verify_inclusion(index=index, leaf=LEAVES[index], proof=proof, head=head(size))
            wrong = (index + 1) % size
            if wrong != index:
                with pytest.raises(TreeError):
                    tree.verify_inclusion(index=wrong, leaf=LEAVES[index], proof=proof, head=head(size))


def test_every_pair_of_sizes_is_consistent_and_no_other_root_is() -> None:
    for new in range(1, 90):
        for old in range(new + 1):
            proof = STORED[new].consistency(old)
            tree.verify_consistency(old=head(old), new=head(new), proof=proof)
            with pytest.raises(TreeError):
                tree.verify_consistency(old=Head(old, b"\x07" * 32), new=head(new), proof=proof)


@st.composite
def bent_hashes(draw: st.DrawFn, proof: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The proof with one bit changed, a hash dropped, doubled, added, or two exchanged."""
    hashes = list(proof)
    kind = draw(st.sampled_from(["bit", "drop", "double", "add", "swap"]))
    if kind == "add" or not hashes:
        hashes.insert(draw(st.integers(0, len(hashes))), draw(st.binary(min_size=32, max_size=32)))
        return tuple(hashes)
    place = draw(st.integers(0, len(hashes) - 1))
    if kind == "bit":
        bit = draw(st.integers(0, 255))
        hashes[place] = (int.from_bytes(hashes[place], "big") ^ (1 << bit)).to_bytes(32, "big")
    elif kind == "drop":
        del hashes[place]
    elif kind == "double":
        hashes.insert(place, hashes[place])
    else:
        hashes[place], hashes[0] = hashes[0], hashes[place]
    return tuple(hashes)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_bent_inclusion_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, SIZE_LIMIT))
    index = data.draw(st.integers(0, size - 1))
    proof = STORED[size].inclusion(index)
    bent = data.draw(bent_hashes(proof))
    if bent == proof:
        return
    with pytest.raises(TreeError):
        tree.verify_inclusion(index=index, leaf=LEAVES[index], proof=bent, head=head(size))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_bent_consistency_proof_is_refused(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, SIZE_LIMIT))
    old = data.draw(st.integers(0, new))
    proof = STORED[new].consistency(old)
    bent = data.draw(bent_hashes(proof))
    if bent == proof:
        return
    with pytest.raises(TreeError):
        tree.verify_consistency(old=head(old), new=head(new), proof=bent)


def test_an_index_outside_the_tree_and_a_tree_that_shrank_are_refused() -> None:
    for index in (-1, 5, 6):
        with pytest.raises(TreeError):
            tree.verify_inclusion(index=index, leaf=LEAVES[0], proof=STORED[5].inclusion(0), head=head(5))
        with pytest.raises(TreeError):
            STORED[5].inclusion(index)
    with pytest.raises(TreeError):
        tree.verify_consistency(old=head(6), new=head(5), proof=())
    with pytest.raises(TreeError):
        STORED[5].consistency(6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=8))
def test_a_log_that_grows_in_batches_is_the_log_written_at_once(batches: list[int]) -> None:
    leaves = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(sum(batches))]
    store, current, builder = MemoryTiles(), EMPTY, tree.RootBuilder()
    for batch in batches:
        part = leaves[current.size : current.size + batch]
        growth = tree.grow(store, current, part)
        store.put(growth.tiles)
        tree.confirm(store, growth)
        builder.add_leaves(part)
        assert growth.new == builder.head()
        current = growth.new
    assert current == Head(len(leaves), tree.root_of(leaves))
    assert tree.check_tiles(store, current.size) == []


def test_a_log_of_three_levels_keeps_its_promises() -> None:
    leaves = [number.to_bytes(32, "big") for number in range(70_000)]
    store = MemoryTiles()
    first = tree.grow(store, EMPTY, leaves[:65_530])
    store.put(first.tiles)
    second = tree.grow(store, first.new, leaves[65_530:])
    store.put(second.tiles)
    tree.confirm(store, second)
    assert second.new.root == tree.root_of(leaves)
    assert {(tile.level, tile.index, tile.width) for tile in second.tiles if tile.level > 0} == {
        (1, 0, 256),
        (1, 1, 17),
        (2, 0, 1),
    }
    whole = StoredTree(store, 70_000)
    for index in (0, 65_535, 65_536, 69_999):
        tree.verify_inclusion(index=index, leaf=leaves[index], proof=whole.inclusion(index), head=second.new)


def grown(size: int) -> tuple[MemoryTiles, tree.Growth]:
    store = MemoryTiles()
    growth = tree.grow(store, EMPTY, LEAVES[:size])
    store.put(growth.tiles)
    return store, growth


@pytest.mark.parametrize("place", [(0, 0), (0, 1), (1, 0)])
def test_a_flipped_bit_in_a_stored_tile_is_found_before_anything_is_signed(place: tuple[int, int]) -> None:
    store, growth = grown(300)
    sound = store.tiles[place]
    store.tiles[place] = bytes([sound[0] ^ 1]) + sound[1:]
    with pytest.raises(TreeError):
        tree.confirm(store, growth)


@pytest.mark.parametrize("place", [(0, 0), (1, 0)])
def test_a_flipped_bit_under_or_over_a_full_tile_is_found_by_the_nightly_check(place: tuple[int, int]) -> None:
    store, _ = grown(300)
    store.tiles[place] = store.tiles[place][:-1] + bytes([store.tiles[place][-1] ^ 1])
    assert tree.check_tiles(store, 300) == ["tile/0/000"]


def test_a_log_whose_storage_changed_is_not_extended() -> None:
    store, growth = grown(300)
    store.tiles[1, 0] = b"\x00" * 32
    with pytest.raises(TreeError):
        tree.grow(store, growth.new, LEAVES[300:])
    store, growth = grown(300)
    with pytest.raises(TreeError):
        tree.grow(store, replace(growth.new, root=b"\x00" * 32), LEAVES[300:])


def test_a_missing_or_shortened_tile_is_named() -> None:
    store, growth = grown(300)
    del store.tiles[0, 0]
    assert tree.check_tiles(store, 300) == ["tile/0/000"]
    store, growth = grown(300)
    store.tiles[0, 1] = store.tiles[0, 1][:-1]
    assert tree.check_tiles(store, 300) == ["tile/0/001.p/44"]
    with pytest.raises(LookupError):
        tree.confirm(store, growth)


def test_tiles_are_found_where_the_standard_serves_them() -> None:
    assert Tile(0, 1_234_067, 256, b"").path == "tile/0/x001/x234/067"
    assert Tile(1, 0, 17, b"").path == "tile/1/000.p/17"
    assert tree.tile_path(0, 1_000, 256) == "tile/0/x001/000"


def test_hashes_of_a_wrong_length_are_refused() -> None:
    with pytest.raises(TreeError):
        tree.verify_inclusion(index=0, leaf=b"short", proof=(), head=Head(1, LEAVES[0]))
    with pytest.raises(TreeError):
        tree.grow(MemoryTiles(), EMPTY, [b"short"])
    with pytest.raises(TreeError):
        Head(1, b"short")
