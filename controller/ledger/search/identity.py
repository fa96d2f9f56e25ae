"""By what an index knows its log again. Rule: reads the log's hashes, no entries.

The leaf hash of the last entry that is indexed; and the root of the newest stored head that will stay,
which stands for every entry before it. Two logs that differ only since that head, some thousand entries
at most, and agree in the entry at the edge, would be taken for one.
"""

from typing import NamedTuple

from controller.ledger.walk import Fetch


class Edge(NamedTuple):
    """How far an index goes in its log: entries, last leaf hash, size and root of a head before it."""

    size: int
    leaf: bytes
    head: int
    root: bytes

    def is_of(self, fetch: Fetch) -> bool:
        """Whether the log that `fetch` reads has the same entries up to this edge."""
        if not self.size:
            return True
        last = fetch("SELECT leaf FROM entry WHERE n = ?", (self.size - 1,))
        roots = fetch("SELECT root FROM head WHERE size = ?", (self.head,))
        return last == [(self.leaf,)] and (not self.head or roots == [(self.root,)])


NOTHING = Edge(0, b"", 0, b"")


def edge_at(fetch: Fetch, size: int) -> Edge:
    """The edge of an index that holds the first `size` entries of the log, `size` > 0."""
    ((leaf,),) = fetch("SELECT leaf FROM entry WHERE n = ?", (size - 1,))
    heads = fetch(
        "SELECT size, root FROM head WHERE size <= ? AND size < (SELECT max(size) FROM head) "
        "ORDER BY size DESC LIMIT 1",
        (size,),
    )
    return Edge(size, leaf, *(heads[0] if heads else (0, b"")))
