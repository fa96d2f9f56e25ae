"""The Merkle tree over the entries, to the letter of RFC 6962 section 2.1. Rule: hashes only, no storage.

    leaf hash    SHA-256(0x00 || entry)
    node hash    SHA-256(0x01 || left || right)
    empty tree   SHA-256()
    tree of n    node hash of the trees over the first k and the other n - k leaves,
                 k the largest power of two smaller than n

A Frontier is what an append needs of a tree: the roots of its perfect subtrees, largest first,
one for every bit that is set in the size. As bytes: the size in 8 bytes, big endian, then the
roots in that order, 32 bytes each. A tree of 5 leaves: 0000000000000005 || H(0..3) || H(4).

A Node is the root of a perfect subtree of 256, 65,536, … leaves (tile level 1, 2, …): the first line
of a tile of C2SP tlog-tiles. They are kept, so that any proof costs a few hundred hashes at most.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple, Self

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry's bytes, set apart from inner nodes by a leading zero byte."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over its two subtrees' hashes."""
    return sha256(b"\x01" + left + right).digest()


TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
"""Hashes in a full tile (C2SP tlog-tiles, "Merkle Tree")."""


class Node(NamedTuple):
    """The root of perfect subtree `i` of 256^level leaves."""

    level: int
    i: int
    hash: bytes


class Frontier:
    """The growing edge of a tree: `append` leaf hashes, read `size` and `root()` at any time.

    Where `nodes` is a list, every Node that is completed is added to it.
    """

    __slots__ = ("_peaks", "nodes", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = (), nodes: list[Node] | None = None) -> None:
        self.size = size
        self._peaks = list(peaks)
        self.nodes = nodes

    def append(self, leaf: bytes) -> None:
        """Add the next leaf hash; costs one node hash on average, log2(size) at most."""
        peaks, bits = self._peaks, self.size
        if self.nodes is not None and bits % TILE_WIDTH == TILE_WIDTH - 1:
            self.nodes.extend(self._completed_by(leaf))
        while bits & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            bits >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The Merkle tree hash of everything appended so far, 32 bytes."""
        if not self._peaks:
            return EMPTY_ROOT
        *larger, root = self._peaks
        for peak in reversed(larger):
            root = node_hash(peak, root)
        return root

    def copy(self) -> Self:
        """A second edge of the same tree, without its nodes: an append can be tried before it is durable."""
        return type(self)(self.size, self._peaks)

    def _completed_by(self, leaf: bytes) -> Iterator[Node]:
        height, index, hashed = 0, self.size, leaf
        for peak in reversed(self._peaks):
            if not index & 1:
                return
            height, index, hashed = height + 1, index >> 1, node_hash(peak, hashed)
            if height % TILE_HEIGHT == 0:
                yield Node(height // TILE_HEIGHT, index, hashed)

    def to_bytes(self) -> bytes:
        """The spelling in this file's first lines."""
        return self.size.to_bytes(8, "big") + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Read `to_bytes` back; raises ValueError when the hashes do not fit the size."""
        size = int.from_bytes(stored[:8], "big")
        if len(stored) != 8 + HASH_BYTES * size.bit_count():
            raise ValueError(f"a frontier of {size} leaves does not have {len(stored)} bytes")
        return cls(size, (stored[at : at + HASH_BYTES] for at in range(8, len(stored), HASH_BYTES)))
