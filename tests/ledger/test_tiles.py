"""Tiles, their paths and bundles, by the words of C2SP tlog-tiles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.ledger import merkle, tiles
from amana.ledger.tiles import Address, Edge


def hashes(first: int, upto: int) -> bytes:
    """Return the hashes of numbered leaves."""
    return b"".join(merkle.leaf_hash(str(number).encode()) for number in range(first, upto))


@pytest.mark.parametrize(
    ("index", "written"),
    [(0, "000"), (7, "007"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")],
)
def test_an_index_is_written_in_elements_of_three_digits(index: int, written: str) -> None:
    assert tiles.numbered(index) == written


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("0/000", Address(0, 0, 256)),
        ("0/x001/x234/067", Address(0, 1234067, 256)),
        ("1/000.p/17", Address(1, 0, 17)),
        ("63/000.p/255", Address(63, 0, 255)),
        ("entries/x001/000.p/1", Address(None, 1000, 1)),
    ],
)
def test_a_path_is_read_as_it_is_written(path: str, address: Address) -> None:
    assert (tiles.find_address(path), address.path) == (address, f"tile/{path}")


@pytest.mark.parametrize(
    "path",
    [
        "", "0", "0/0", "0/1000", "0/x000/001", "00/000", "64/000", "-1/000", "0/001/000", "0/x001",
        "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000/", "0/000.p/", "entries/000.p/999", "0/٠٠٠",
        "0/000\n", "x/000", "0/" + "x999/" * 6 + "999",
    ],
)  # fmt: skip
def test_a_path_written_otherwise_is_none(path: str) -> None:
    assert tiles.find_address(path) is None


def test_a_tree_of_70000_has_the_tiles_the_specification_names() -> None:
    level0, level1, level2 = (tiles.addresses(70_000, level) for level in range(3))
    assert (len(level0), level0[-1]) == (274, Address(0, 273, 112))
    assert level1 == [Address(1, 0, 256), Address(1, 1, 17)]
    assert level2 == [Address(2, 0, 1)]
    assert tiles.right_edge(70_000) == [level0[-1], level1[-1], level2[-1]]


def test_a_tree_of_256_has_a_full_tile_and_one_above_of_width_one() -> None:
    grown = Edge().extend(hashes(0, 256))
    assert [(tile.level, tile.index, tile.width) for tile in grown] == [(0, 0, 256), (1, 0, 1)]
    assert grown[1].hashes == merkle.root(hashes(0, 256))


@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_growing_in_steps_gives_the_tiles_and_root_of_the_whole(steps: list[int]) -> None:
    edge = Edge()
    stored: dict[tuple[int, int], bytes] = {}
    for step in steps:
        edge = Edge(edge.size, edge.partial)
        for tile in edge.extend(hashes(edge.size, edge.size + step)):
            assert tile.hashes.startswith(stored.get((tile.level, tile.index), b""))
            stored[tile.level, tile.index] = tile.hashes
    whole = Edge()
    assert stored == {(tile.level, tile.index): tile.hashes for tile in whole.extend(hashes(0, sum(steps)))}
    assert edge.size == whole.size == sum(steps)
    assert edge.root() == whole.root() == merkle.root(hashes(0, sum(steps)))


def test_three_levels_of_tiles_give_the_root() -> None:
    edge = Edge()
    grown = edge.extend(hashes(0, 65_536 + 257))
    assert {tile.level for tile in grown} == {0, 1, 2}
    assert edge.root() == merkle.root(hashes(0, 65_536 + 257))


def test_partial_tiles_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="not those of a tree of 3 leaves"):
        Edge(3, {0: hashes(0, 2)})


@given(st.integers(1, 70_000), st.data())
def test_inclusion_is_proved_from_the_named_tiles_alone(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = ALL_HASHES[: size * 32]
    held = {(tile.level, tile.index): tile for tile in Edge().extend(leaves)}
    wanted = tiles.proof_addresses(index, size)
    named = [held[key] for key in {(a.level or 0, a.index) for a in wanted} if key in held]
    proof = merkle.inclusion_proof(index, size, tiles.node_reader(named))
    assert merkle.verify_inclusion(
        index=index, size=size, leaf=leaves[index * 32 :][:32], proof=proof, root=merkle.root(leaves)
    )


ALL_HASHES = hashes(0, 70_000)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_its_leaves_back(leaves: list[bytes]) -> None:
    assert tiles.unbundle(tiles.bundle(leaves)) == leaves


def test_a_bundle_has_two_bytes_of_length_before_each_leaf() -> None:
    assert tiles.bundle([b"ab", b""]) == b"\x00\x02ab\x00\x00"


@pytest.mark.parametrize("content", [b"\x00", b"\x00\x05abcd", b"\x00\x01a\x00"])
def test_a_bundle_that_ends_too_early_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="ends too early"):
        tiles.unbundle(content)


def test_a_leaf_of_more_than_65535_bytes_does_not_fit_a_bundle() -> None:
    with pytest.raises(ValueError, match="65,535"):
        tiles.bundle([bytes(65_536)])
