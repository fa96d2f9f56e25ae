"""The newest part of the log verified here: read-only, bounded. Rule: it says what it did not do."""

from __future__ import annotations

from dataclasses import dataclass

from controller.errors import LogDamaged
from controller.ledger.reading import LogReader
from controller.ledger.verify_range import verify_range
from controller.ledger.walk import Head, stored_frontier

MOST = 10_000
"""Entries that are verified while somebody waits: a second or two."""
_HEADS = "SELECT size, root, frontier FROM head WHERE size > ? ORDER BY size"
_BEGIN = "SELECT max(size) FROM head WHERE size <= ?"


@dataclass(frozen=True, slots=True)
class Verified:
    """Entries ``first`` to ``last`` and the stored heads over them; ``wrong`` says what is not right."""

    first: int
    last: int
    heads: int
    wrong: str = ""
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A verification and when it was, by the room's clock with its distance to UTC."""

    at: str
    found: Verified


def verify_newest(reader: LogReader, most: int = MOST) -> Verified:
    """Read, respell and hash the newest Entries, and compare every head over them."""
    size = reader.count()
    ((begin,),) = reader.fetch(_BEGIN, (max(size - most, 0),))
    begin = begin or 0
    rows = reader.fetch(_HEADS, (begin,))
    try:
        frontiers = [stored_frontier(reader.file, *row) for row in rows]
        heads = [Head(one.size, one.root()) for one in frontiers]
        verify_range(reader.file, begin, heads, lambda _more: None)
    except LogDamaged as error:
        return Verified(begin, size - 1, len(rows), error.wrong, error.entry)
    return Verified(begin, heads[-1].size - 1 if heads else begin - 1, len(heads))
