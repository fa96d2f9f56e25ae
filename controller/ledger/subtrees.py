"""Hashes of subtrees out of the stored leaves and nodes, and disclosures out of their table. Reads only.

A proof asks for some 24 subtrees; each costs at most 255 stored hashes a tile level, whatever the log's
size, because the Nodes of every 256th leaf, 65,536th, … are kept (tree.py, schema.py).
"""

from collections.abc import Callable
from functools import partial

from controller.errors import ProofRefused
from controller.ledger.disclosures import digests_in, reveal
from controller.ledger.tree import TILE_HEIGHT, Frontier, node_hash
from controller.ledger.walk import Fetch

Rows = Callable[[int, int, int], list[bytes]]
"""Answer hashes `start` to `end` - 1 of a tile level, all of them, or raise."""

_LEAVES = "SELECT leaf FROM entry WHERE n >= ? AND n < ? ORDER BY n"
_NODES = "SELECT hash FROM node WHERE i >= ? AND i < ? AND level = ? ORDER BY i"


def hashes(fetch: Fetch, level: int, start: int, end: int) -> list[bytes]:
    """Stored hashes `start` to `end` - 1 of a tile level: leaves at 0, else Nodes; all, or ProofRefused."""
    rows = fetch(_NODES, (start, end, level)) if level else fetch(_LEAVES, (start, end))
    if len(rows) != end - start:
        raise ProofRefused(f"hashes {start} to {end - 1} of tile level {level} are not all in the log")
    return [row[0] for row in rows]


def subtree(fetch: Fetch, start: int, end: int) -> bytes:
    """The tree hash (RFC 6962 section 2.1) over leaves `start` to `end` - 1.

    `start` is a multiple of the smallest power of two that holds the subtree, as in every proof. Raises
    ProofRefused for leaves that are not in the log.
    """
    return subtree_of_rows(partial(hashes, fetch), start, end)


def subtree_of_rows(rows: Rows, start: int, end: int) -> bytes:
    """`subtree`, wherever the rows of the tile levels are kept."""
    peaks, at = [], start
    while at < end:
        height = (end - at).bit_length() - 1
        level, above = divmod(height, TILE_HEIGHT)
        index = at >> height
        peaks.append(perfect_root(rows(level, index << above, (index + 1) << above)))
        at += 1 << height
    return Frontier(end - start, peaks).root()


def perfect_root(row: list[bytes]) -> bytes:
    """The hash over hashes that are as many as a power of two."""
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def disclosed(fetch: Fetch, entry: dict[str, object]) -> dict[str, object]:
    """The entry with what its personal digests still stand for (disclosures.py)."""
    digests = list(digests_in(entry))
    if not digests:
        return reveal(entry, {})
    marks = ", ".join("?" * len(digests))
    rows = fetch(f"SELECT digest, text FROM disclosure WHERE digest IN ({marks})", digests)  # noqa: S608
    return reveal(entry, dict(rows))
