"""Grow the tree anew from leaf hashes and compare it on the way with everything that was signed or kept."""

from collections.abc import Mapping

from amana.ledger import merkle, tiles
from amana.ledger.merkle import HASH_SIZE
from amana.ledger.verify.findings import Finding
from amana.ledger.verify.kept import Kept

CHUNK = 65_536


class Retrace:
    """A tree being grown again. `signed` maps sizes to the roots that published checkpoints claim."""

    def __init__(self, signed: Mapping[int, bytes], kept: Kept | None) -> None:
        """Begin with the empty tree."""
        self.edge = tiles.Edge()
        self.findings: list[Finding] = []
        self._tree = merkle.CompactRange()
        self._kept = kept
        self._signed = dict(signed)
        self._sizes = sorted({*signed, *([kept.checkpoint.size] if kept else [])})
        self._agreed = 0
        self._rewritten = self._contradicted = False

    def add(self, hashes: bytes) -> list[tiles.Tile]:
        """Add leaf hashes that stand one after another; return the tiles that should hold them."""
        self._compare_copy(hashes)
        at, end = self._tree.size, self._tree.size + len(hashes) // HASH_SIZE
        for size in [size for size in self._sizes if at < size <= end] + [end]:
            first = (self._tree.size - at) * HASH_SIZE
            self._tree.extend(hashes[first : (size - at) * HASH_SIZE])
            self._compare_roots()
        return self.edge.extend(hashes)

    def finish(self) -> list[Finding]:
        """Return what was found, also that the record ends before what was signed or kept."""
        size = self._tree.size
        kept = self._kept.checkpoint.size if self._kept else 0
        missing = max([kept, *self._signed]) - size
        if missing > 0:
            detail = f"{missing} entries are missing at the end"
            self.findings.append(Finding(size, None, "entry_missing", detail))
        return self.findings

    def _compare_copy(self, hashes: bytes) -> None:
        if self._kept is None or self._kept.hashes is None or self._rewritten:
            return
        first = self._tree.size * HASH_SIZE
        copy = self._kept.hashes[first : first + len(hashes)]
        place = first_difference(copy, hashes[: len(copy)])
        if place is not None:
            self._rewritten = True
            self.findings.append(Finding(self._tree.size + place, None, "entry_rewritten"))

    def _compare_roots(self) -> None:
        size, root = self._tree.size, self._tree.root()
        if self._kept and self._kept.checkpoint.size == size and self._kept.checkpoint.root != root:
            self.findings.append(Finding(None, None, "history_rewritten", f"within entries 0 to {size - 1}"))
        # Once a root differs every later one does: only what the first narrows down is worth saying.
        if size not in self._signed or self._contradicted:
            return
        if self._signed[size] == root:
            self._agreed = size
            return
        self._contradicted = True
        detail = f"checkpoint of {size} entries; what differs stands within {self._agreed} to {size - 1}"
        self.findings.append(Finding(None, None, "checkpoint_false", detail))


def first_difference(one: bytes, other: bytes) -> int | None:
    """Return the place of the first hash that differs; one that only one of them has differs too."""
    if one == other:
        return None
    longer = max(len(one), len(other))
    return next(
        at // HASH_SIZE
        for at in range(0, longer, HASH_SIZE)
        if one[at : at + HASH_SIZE] != other[at : at + HASH_SIZE]
    )
