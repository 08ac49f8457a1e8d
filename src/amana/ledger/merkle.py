"""Merkle trees as in RFC 6962 and RFC 9162, section 2.1: roots, inclusion and consistency proofs."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

Node = Callable[[int, int], bytes]
"""Reads the hash of a perfect subtree: (level, index) begins at leaf index·2^level and has 2^level leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf (RFC 6962, section 2.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (RFC 6962, section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def root(hashes: bytes) -> bytes:
    """Return the root over leaf hashes that stand one after another, 32 bytes each.

    Pairing level by level and carrying an odd last node up gives the tree of RFC 6962, section 2.1.
    """
    if not hashes:
        return EMPTY_ROOT
    while len(hashes) > HASH_SIZE:
        hashes = parents(hashes) + odd_one(hashes)
    return hashes


def parents(hashes: bytes) -> bytes:
    """Return the hashes of all complete pairs among `hashes`, one after another."""
    whole = len(hashes) - len(hashes) % (2 * HASH_SIZE)
    return b"".join([sha256(b"\x01" + hashes[at : at + 64]).digest() for at in range(0, whole, 64)])


def odd_one(hashes: bytes) -> bytes:
    """Return the last hash when it has no partner, else nothing."""
    return hashes[-HASH_SIZE:] if len(hashes) % (2 * HASH_SIZE) else b""


class CompactRange:
    """A tree that only grows: it remembers one hash for each perfect subtree on its left edge.

    Source: the compact range described by the transparency-dev project; roots are those of RFC 6962.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Continue a tree of `size` leaves whose perfect subtrees, largest first, have the hashes `peaks`."""
        if len(peaks) != size.bit_count():
            raise ValueError("a tree has one peak for each bit of its size")
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        node = leaf
        for _ in range(_trailing_ones(self.size)):
            node = node_hash(self.peaks.pop(), node)
        self.peaks.append(node)
        self.size += 1

    def extend(self, hashes: bytes) -> None:
        """Add leaf hashes that stand one after another; whole aligned blocks are hashed at once."""
        at, end = 0, len(hashes)
        while at < end:
            level = _fitting_level(self.size, (end - at) // HASH_SIZE)
            block = hashes[at : at + (HASH_SIZE << level)]
            self._append_subtree(root(block), level)
            at += len(block)

    def root(self) -> bytes:
        """Return the root of the tree as it is now."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node

    def _append_subtree(self, node: bytes, level: int) -> None:
        for _ in range(_trailing_ones(self.size >> level)):
            node = node_hash(self.peaks.pop(), node)
        self.peaks.append(node)
        self.size += 1 << level


def _trailing_ones(number: int) -> int:
    return (~number & (number + 1)).bit_length() - 1


def _fitting_level(size: int, count: int) -> int:
    room = count.bit_length() - 1
    return room if size == 0 else min(room, (size & -size).bit_length() - 1)


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves (RFC 6962, section 2.1.1).

    Raises ValueError when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("the tree has no such leaf")
    path: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            path.append(range_root(middle, last, node))
            last = middle
        else:
            path.append(range_root(first, middle, node))
            first = middle
    path.reverse()
    return path


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is a prefix of that of `new` (RFC 6962, section 2.1.2).

    Raises ValueError unless 0 < old ≤ new: nothing can be proved about an empty tree.
    """
    if not 0 < old <= new:
        raise ValueError("a consistency proof needs an older, smaller tree that is not empty")
    path: list[bytes] = []
    first, last = 0, new
    whole = True
    while last != old:
        middle = first + _split(last - first)
        if old <= middle:
            path.append(range_root(middle, last, node))
            last = middle
        else:
            path.append(range_root(first, middle, node))
            first, whole = middle, False
    if not whole:
        path.append(range_root(first, last, node))
    path.reverse()
    return path


def range_root(first: int, last: int, node: Node) -> bytes:
    """Return the hash over the leaves first … last − 1, a range that a proof of RFC 6962 may name."""
    count = last - first
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, first >> level)
    middle = first + _split(count)
    return node_hash(range_root(first, middle, node), range_root(middle, last, node))


def _split(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def verify_inclusion(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether `proof` shows leaf hash `leaf` at `index` under `root` (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes([leaf, root, *proof]):
        return False
    position, end, node = index, size - 1, leaf
    for sibling in proof:
        if end == 0:
            return False
        if position & 1 or position == end:
            node = node_hash(sibling, node)
            position, end = _skip_promoted(position, end)
        else:
            node = node_hash(node, sibling)
        position, end = position >> 1, end >> 1
    return end == 0 and node == root


def _skip_promoted(position: int, end: int) -> tuple[int, int]:
    while position & 1 == 0 and position != 0:
        position, end = position >> 1, end >> 1
    return position, end


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether `proof` shows that the tree of `new` leaves extends that of `old`.

    Source: RFC 9162, section 2.1.4.2. An empty old tree proves nothing and is refused.
    """
    if old == new:
        return old > 0 and not proof and old_root == new_root
    if not 0 < old < new or not _are_hashes([old_root, new_root, *proof]):
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(path) and _walk_consistency(old - 1, new - 1, path) == (old_root, new_root)


def _walk_consistency(position: int, end: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while position & 1:
        position, end = position >> 1, end >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if end == 0:
            return None
        if position & 1 or position == end:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            position, end = _skip_promoted(position, end)
        else:
            newer = node_hash(newer, sibling)
        position, end = position >> 1, end >> 1
    return (older, newer) if end == 0 else None


def _are_hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_SIZE for value in values)
