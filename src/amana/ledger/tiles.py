"""Tiles of a growing tree, their paths and entry bundles, as in C2SP tlog-tiles (https://c2sp.org/tlog-tiles)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count as count_from

from amana.ledger import merkle
from amana.ledger.merkle import HASH_SIZE

WIDTH = 256
HEIGHT = 8
LEAF_LIMIT = 65_535

_ADDRESS = re.compile(r"(entries|0|[1-9]\d?)/((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a tile stands: `level` is None for a bundle of entries, `width` 1–256."""

    level: int | None
    index: int
    width: int

    @property
    def path(self) -> str:
        """The path below the log's prefix."""
        level = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{numbered(self.index)}{partial}"


@dataclass(frozen=True, slots=True)
class Tile:
    """Up to 256 hashes of one level, one after another."""

    level: int
    index: int
    hashes: bytes

    @property
    def width(self) -> int:
        """How many hashes it holds."""
        return len(self.hashes) // HASH_SIZE


def numbered(index: int) -> str:
    """Write an index as path elements of three digits: 1234067 is `x001/x234/067`."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def find_address(path: str) -> Address | None:
    """Read a path below `tile/`; None unless it is written exactly as the specification has it."""
    match = _ADDRESS.fullmatch(path)
    if match is None:
        return None
    level, high, low, width = match.groups()
    index = int(high.replace("x", "").replace("/", "") + low)
    address = Address(None if level == "entries" else int(level), index, int(width or WIDTH))
    possible = (address.level or 0) < 64 and address.width <= WIDTH and index < 2**55
    return address if possible and address.path == f"tile/{path}" else None


def addresses(size: int, level: int | None = 0) -> list[Address]:
    """List the tiles of one level that a tree of `size` leaves has, the partial one last."""
    whole, rest = divmod(size >> HEIGHT * (level or 0), WIDTH)
    full = [Address(level, index, WIDTH) for index in range(whole)]
    return [*full, Address(level, whole, rest)] if rest else full


def right_edge(size: int) -> list[Address]:
    """List the partial tiles of a tree of `size` leaves, at most one for each level, lowest first."""
    edge = []
    for level in range(size.bit_length() // HEIGHT + 1):
        nodes = size >> HEIGHT * level
        if nodes % WIDTH:
            edge.append(Address(level, nodes // WIDTH, nodes % WIDTH))
    return edge


class Edge:
    """The right edge of a tree, the partial tile of each level: it grows by leaf hashes and has a root."""

    def __init__(self, size: int = 0, partial: Mapping[int, bytes] | None = None) -> None:
        """Continue a tree of `size` leaves whose partial tile of a level is `partial[level]`.

        Raises ValueError when a partial tile does not have the width that the size demands.
        """
        self.size = size
        self.partial = dict(partial or {})
        expected = {tile.level: tile.width * HASH_SIZE for tile in right_edge(size)}
        if {level: len(hashes) for level, hashes in self.partial.items()} != expected:
            raise ValueError(f"the partial tiles are not those of a tree of {size} leaves")

    def extend(self, hashes: bytes) -> list[Tile]:
        """Add leaf hashes that stand one after another; return the tiles that are new or wider."""
        touched: list[Tile] = []
        added = len(hashes) // HASH_SIZE
        for level in count_from():
            if not hashes:
                break
            first = (self.size >> HEIGHT * level) // WIDTH
            joined = self.partial.pop(level, b"") + hashes
            tiles = [
                Tile(level, first + number, joined[at : at + WIDTH * HASH_SIZE])
                for number, at in enumerate(range(0, len(joined), WIDTH * HASH_SIZE))
            ]
            touched += tiles
            if tiles[-1].width < WIDTH:
                self.partial[level] = tiles[-1].hashes
            hashes = b"".join([merkle.root(tile.hashes) for tile in tiles if tile.width == WIDTH])
        self.size += added
        return touched

    def root(self) -> bytes:
        """Return the root of the tree (RFC 6962, section 2.1): a partial tile carries the one beneath."""
        below = b""
        for level in sorted(self.partial):
            below = merkle.root(self.partial[level] + below)
        return below or merkle.EMPTY_ROOT


def proof_addresses(index: int, size: int) -> list[Address]:
    """List the tiles from which the inclusion of leaf `index` in a tree of `size` is proved."""
    path = [
        Address(level, (index >> HEIGHT * level) // WIDTH, WIDTH)
        for level in range(size.bit_length() // HEIGHT + 1)
    ]
    return [*path, *right_edge(size)]


def node_reader(tiles: Iterable[Tile]) -> merkle.Node:
    """Return a reader of perfect subtrees held in `tiles`; it raises KeyError for one they do not hold."""
    held = {(tile.level, tile.index): tile.hashes for tile in tiles}

    def node(level: int, index: int) -> bytes:
        height = level % HEIGHT
        tile, place = divmod(index << height, WIDTH)
        hashes = held[level // HEIGHT, tile][place * HASH_SIZE : (place + (1 << height)) * HASH_SIZE]
        if len(hashes) != HASH_SIZE << height:
            raise KeyError((level, index))
        return merkle.root(hashes)

    return node


def bundle(leaves: Iterable[bytes]) -> bytes:
    """Join leaves, each behind its length as two bytes, big-endian. Raises ValueError for a leaf too long."""
    parts = []
    for leaf in leaves:
        if len(leaf) > LEAF_LIMIT:
            raise ValueError("an entry of a bundle holds at most 65,535 bytes")
        parts += [len(leaf).to_bytes(2, "big"), leaf]
    return b"".join(parts)


def unbundle(content: bytes) -> list[bytes]:
    """Split an entry bundle into its leaves. Raises ValueError when it ends too early."""
    leaves, at = [], 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 2], "big")
        leaf = content[at + 2 : at + 2 + length]
        if at + 2 > len(content) or len(leaf) != length:
            raise ValueError("the entry bundle ends too early")
        leaves.append(leaf)
        at += 2 + length
    return leaves
