"""The tree against outside vectors, and against the definition of RFC 6962 word for word."""

import json
from base64 import b64decode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.ledger import merkle

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "merkle"
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason=f"outside vectors are absent: {VECTORS}")


def cases(kind: str) -> list[Any]:
    """Return every case of a kind, named by its path."""
    folder = VECTORS / kind
    return [pytest.param(path, id=str(path.relative_to(folder))) for path in sorted(folder.rglob("*.json"))]


def proof_of(case: dict[str, Any]) -> list[bytes]:
    """Return the proof of a case as bytes."""
    return [b64decode(node) for node in case["proof"] or ()]


@needs_vectors
def test_all_196_proof_vectors_are_present() -> None:
    assert len(cases("inclusion")) + len(cases("consistency")) == 196


@needs_vectors
@pytest.mark.parametrize("path", cases("inclusion"))
def test_inclusion_vector(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    accepted = merkle.verify_inclusion(
        index=case["leafIdx"],
        size=case["treeSize"],
        leaf=b64decode(case["leafHash"] or ""),
        proof=proof_of(case),
        root=b64decode(case["root"] or ""),
    )
    assert accepted == (not case["wantErr"])


@needs_vectors
@pytest.mark.parametrize("path", cases("consistency"))
def test_consistency_vector(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    accepted = merkle.verify_consistency(
        old=case["size1"],
        new=case["size2"],
        old_root=b64decode(case["root1"] or ""),
        new_root=b64decode(case["root2"] or ""),
        proof=proof_of(case),
    )
    assert accepted == (not case["wantErr"])


@needs_vectors
def test_roots_of_the_eight_leaf_tree() -> None:
    vector = json.loads((VECTORS / "rfc6962.json").read_text("utf-8"))
    hashes = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in vector["leaves"]]
    roots = [merkle.root(b"".join(hashes[:count])).hex() for count in range(len(hashes) + 1)]
    assert roots == vector["roots"]


def defined_root(hashes: list[bytes]) -> bytes:
    """Return MTH of RFC 6962, section 2.1, written as the text has it."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\x01" + defined_root(hashes[:split]) + defined_root(hashes[split:])).digest()


@cache
def leaves(count: int) -> tuple[bytes, ...]:
    """Return the hashes of numbered leaves."""
    return tuple(merkle.leaf_hash(str(number).encode()) for number in range(count))


def node_of(count: int) -> merkle.Node:
    """Return a reader of perfect subtrees over numbered leaves that never looks past `count`."""

    def node(level: int, index: int) -> bytes:
        assert (index + 1) << level <= count
        return defined_root(list(leaves(count)[index << level : (index + 1) << level]))

    return node


def test_roots_follow_the_definition() -> None:
    assert [merkle.root(b"".join(leaves(count))) for count in range(70)] == [
        defined_root(list(leaves(count))) for count in range(70)
    ]


@given(st.lists(st.integers(0, 40), max_size=12))
def test_a_growing_tree_has_the_root_of_the_whole(steps: list[int]) -> None:
    grown = merkle.CompactRange()
    for step in steps:
        grown.extend(b"".join(leaves(grown.size + step)[grown.size :]))
        assert grown.root() == merkle.root(b"".join(leaves(grown.size)))
    assert grown.size == sum(steps)


def test_appending_one_by_one_equals_extending() -> None:
    one = merkle.CompactRange()
    for number, leaf in enumerate(leaves(300)):
        assert one.root() == merkle.root(b"".join(leaves(number)))
        one.append(leaf)
    other = merkle.CompactRange(one.size, one.peaks)
    other.extend(b"".join(leaves(777)[300:]))
    assert other.root() == merkle.root(b"".join(leaves(777)))


def test_every_inclusion_proof_of_every_tree_up_to_forty_verifies() -> None:
    for size in range(1, 41):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, node_of(size))
            assert merkle.verify_inclusion(
                index=index,
                size=size,
                leaf=leaves(size)[index],
                proof=proof,
                root=merkle.root(b"".join(leaves(size))),
            )


def test_every_consistency_proof_of_every_pair_up_to_forty_verifies() -> None:
    for new in range(1, 41):
        for old in range(1, new + 1):
            assert merkle.verify_consistency(
                old=old,
                new=new,
                old_root=merkle.root(b"".join(leaves(old))),
                new_root=merkle.root(b"".join(leaves(new))),
                proof=merkle.consistency_proof(old, new, node_of(new)),
            )


@given(st.integers(2, 60), st.data())
def test_a_proof_with_any_bit_changed_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, node_of(size))
    joined = bytearray(b"".join(proof))
    bit = data.draw(st.integers(0, len(joined) * 8 - 1))
    joined[bit // 8] ^= 1 << bit % 8
    changed = [bytes(joined[at : at + 32]) for at in range(0, len(joined), 32)]
    assert not merkle.verify_inclusion(
        index=index,
        size=size,
        leaf=leaves(size)[index],
        proof=changed,
        root=merkle.root(b"".join(leaves(size))),
    )


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 3), (4, 3), (-1, 3)])
def test_no_consistency_proof_is_made_for_impossible_sizes(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="older, smaller tree"):
        merkle.consistency_proof(old, new, node_of(3))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_inclusion_proof_is_made_for_a_leaf_outside(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_proof(index, size, node_of(3))
