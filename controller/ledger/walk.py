"""Walking over stored entries, in order, with their hashes. Rule: reads only, and believes nothing.

Of a pruned entry (an empty body before `kept_from`) the leaf hash is believed: the root checks it.
Open, replay and verification all go through here, so that nothing is replayed that was not checked.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from controller.errors import LogDamaged, NotCanonical
from controller.ledger.canonical import decode
from controller.ledger.tree import HASH_BYTES, Frontier

Fetch = Callable[[str, Sequence[object]], list[Any]]
"""Run one SELECT and answer all its rows; what lies between two calls is not one transaction."""

PAGE = 1000
"""Entries fetched at once: a reader that stops between pages never holds the WAL back."""

Row = tuple[int, int, int, str, str | None, bytes, bytes]
"""n, at, time, kind, place, leaf, body: the columns of table `entry`."""

_PAGE_OF_ENTRIES = (
    "SELECT n, at, time, kind, place, leaf, body FROM entry WHERE n >= ? AND n < ? ORDER BY n LIMIT ?"
)


class Head(NamedTuple):
    """A tree head: how many entries, and the RFC 6962 root over them (32 bytes)."""

    size: int
    root: bytes


def walk(fetch: Fetch, file: Path, frontier: Frontier, size: int) -> Iterator[Row]:
    """Yield the entries from `frontier.size` to `size`, hashing each body into the frontier first.

    Raises LogDamaged at the first counter that is missing and the first body that is not the one
    that was hashed. Whether the frontier then has the right root is the caller's question.
    """
    kept = kept_from(fetch) if frontier.size < size else 0
    while frontier.size < size:
        page: list[Row] = fetch(_PAGE_OF_ENTRIES, (frontier.size, size, PAGE))
        for row in page:
            n = frontier.size
            if row[0] != n:
                raise LogDamaged(file, f"entry {n} is missing, entry {row[0]} follows", entry=n)
            try:
                leaf = sha256(b"\x00" + row[6]).digest()
            except TypeError:  # damage can make anything of a column
                leaf = b""
            if row[5] != leaf and not (n < kept and is_pruned(row)):
                raise LogDamaged(file, f"the bytes of entry {n} are not those that were written", entry=n)
            frontier.append(row[5])
            yield row
        if not page:
            n = frontier.size
            raise LogDamaged(file, f"entry {n} is missing, the log should end with {size - 1}", entry=n)


def kept_from(fetch: Fetch) -> int:
    """The counter before which entries may have been pruned; 0 where nothing ever was."""
    rows = fetch("SELECT value FROM mark WHERE name = 'kept_from'", ())
    return int(rows[0][0]) if rows else 0


def is_pruned(row: Row) -> bool:
    """Whether only the leaf hash of this entry was kept."""
    return row[6] == b"" and type(row[5]) is bytes and len(row[5]) == HASH_BYTES


def anchor(fetch: Fetch, file: Path, size: int) -> Frontier:
    """The frontier of the newest stored head with at most `size` entries, or of the empty tree."""
    rows = fetch("SELECT size, root, frontier FROM head WHERE size <= ? ORDER BY size DESC LIMIT 1", (size,))
    return stored_frontier(file, *rows[0]) if rows else Frontier()


def newest(fetch: Fetch, file: Path) -> Frontier:
    """The frontier of the newest head; raises LogDamaged unless the log has exactly that many entries."""
    rows = fetch(
        "SELECT (SELECT max(n) FROM entry), size, root, frontier FROM (SELECT 1) "
        "LEFT JOIN head ORDER BY size DESC LIMIT 1",
        (),
    )
    last, *head = rows[0]
    frontier = Frontier() if head[0] is None else stored_frontier(file, *head)
    ends = 0 if last is None else last + 1
    if frontier.size != ends:
        wrong = f"the entries end before {ends}, the newest head counts {frontier.size}"
        raise LogDamaged(file, wrong, entry=min(ends, frontier.size))
    return frontier


def stored_frontier(file: Path, size: int, root: bytes, stored: bytes) -> Frontier:
    """Read a row of table `head`; raises LogDamaged unless its three columns belong together."""
    try:
        frontier = Frontier.from_bytes(stored)
    except (TypeError, ValueError) as error:
        raise LogDamaged(file, f"the head of {size} entries is damaged: {error}") from None
    if (frontier.size, frontier.root()) != (size, root):
        raise LogDamaged(file, f"the head of {size} entries does not agree with itself")
    return frontier


def decoded(file: Path, n: int, body: bytes) -> dict[str, object]:
    """The entry of canonical bytes; raises LogDamaged when they are not, or when it is not entry `n`."""
    try:
        entry = decode(body)
    except NotCanonical as error:
        raise LogDamaged(file, f"the bytes of entry {n} are {error}", entry=n) from None
    if entry.get("n") != n:
        raise LogDamaged(file, f"entry {n} says that it is entry {entry.get('n')!r}", entry=n)
    return entry


def require_root(file: Path, frontier: Frontier, head: Head, since: int) -> None:
    """Raise LogDamaged unless the hashed entries give the head's root."""
    if (frontier.size, frontier.root()) != head:
        raise LogDamaged(
            file, f"entries {since} to {head.size - 1} do not give the root stored for {head.size} entries"
        )
