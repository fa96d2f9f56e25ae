"""Pruning: the bodies of old entries go, their leaf hashes stay, and every proof with them. Behaviour 63.

C2SP tlog-tiles v0.1.0 ("Pruning"): of entries before a minimum index the data need not be there any
more. Ours is the mark `kept_from`; some kinds of entries before it stay longer, or for ever, and all
leaf hashes do, so that old receipts and inclusion proofs can still be made and checked.

    a pruned row   n, at, time and leaf as they were; kind "pruned"; place NULL; body empty

    mark   kept_from      before this counter bodies may be gone
           bodies         bodies that went so far
           pruned NAME    before this counter the term of this name has emptied its bodies
           joined         before this counter the room that bodies left was given back to the file

Rule: kinds are words here. How old which of them may become, and whether anything may go at all, is the
caller's question; so is the Entry that says so, which is durable before the first body goes.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from controller.errors import NotCanonical
from controller.ledger.canonical import decode
from controller.ledger.disclosures import digests_in
from controller.ledger.tree import leaf_hash
from controller.ledger.walk import Fetch, kept_from

PORTION = 500
"""Entries that one commit looks at: some milliseconds, so that no door waits."""

ROUND = 5_000
"""Entries that one round looks at, for each term: what is counted before its Entry is written."""

BEHIND = 500
"""Entries by which the joining of pages stays behind: more than the few pages that SQLite moves at once."""

BYTES_LEFT = 64
"""About what stays of a pruned entry: its leaf hash, two times, and its place in the file."""

PRUNED = "pruned"
BODIES, JOINED = "bodies", "joined"

_OF_KINDS = "n >= ? AND n < ? AND kind IN (SELECT value FROM json_each(?)) AND body != x''"
_GONE = "UPDATE entry SET kind = ?, place = NULL, body = x'' WHERE n = ?"
_EMPTY = "SELECT n, at, time, leaf FROM entry WHERE n >= ? AND n < ? AND body = x''"
_BACK = "INSERT INTO entry (n, at, time, leaf, kind, place, body) VALUES (?, ?, ?, ?, ?, NULL, x'')"
_MARK = "INSERT INTO mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)"


@dataclass(frozen=True, slots=True)
class Term:
    """Kinds of entries whose bodies go once they are older than room time `before`; `name` stays the same."""

    name: str
    kinds: frozenset[str]
    before: int

    @property
    def mark(self) -> str:
        """The mark of how far this term has come."""
        return f"pruned {self.name}"

    @property
    def listed(self) -> str:
        """The kinds as the SQL of this file wants them."""
        return json.dumps(sorted(self.kinds))


@dataclass(frozen=True, slots=True)
class Round:
    """What goes next: for each term the counter where it ends, and how many bodies that is altogether."""

    kept_from: int
    bodies: int
    ends: tuple[tuple[Term, int], ...]


def plan(fetch: Fetch, terms: Sequence[Term], limit: int) -> Round | None:
    """The next round, with nothing in it from counter `limit` on; None when no term has anything to look at.

    A round without bodies only moves the marks and needs no Entry.
    """
    ends = []
    for term in terms:
        begin = marked(fetch, term.mark)
        end = min(begin + ROUND, first_from(fetch, term.before, limit))
        if end > begin:
            ends.append((term, end))
    if not ends:
        return None
    bodies = [_count(fetch, term, end) for term, end in ends]
    reached = (end for (_, end), some in zip(ends, bodies, strict=True) if some)
    return Round(max([kept_from(fetch), *reached]), sum(bodies), tuple(ends))


def portion(connection: Any, fetch: Fetch, planned: Round) -> tuple[bool, int]:
    """The next commit of a round, inside the caller's transaction: whether none was left, bytes written."""
    for term, end in planned.ends:
        begin = marked(fetch, term.mark)
        if begin < end:
            step = min(begin + PORTION, end)
            rows = fetch(f"SELECT n, leaf, body FROM entry WHERE {_OF_KINDS}", (begin, step, term.listed))  # noqa: S608
            gone = [(n, body) for n, leaf, body in rows if leaf_hash(body) == leaf]  # pruning hides no change
            _empty(connection, gone)
            marks = (("kept_from", planned.kept_from), (term.mark, step))
            connection.executemany(_MARK, [*marks, (BODIES, marked(fetch, BODIES) + len(gone))])
            return False, sum(len(body) for _, body in gone)
    begin = marked(fetch, JOINED)
    if begin + PORTION <= planned.kept_from - BEHIND:
        _join(connection, fetch(_EMPTY, (begin, begin + PORTION)))
        connection.execute(_MARK, (JOINED, begin + PORTION))
        return False, PORTION * BYTES_LEFT
    return True, 0


def marked(fetch: Fetch, name: str) -> int:
    """The value of a mark, 0 where there is none."""
    rows = fetch("SELECT value FROM mark WHERE name = ?", (name,))
    return int(rows[0][0]) if rows else 0


def first_from(fetch: Fetch, at: int, limit: int) -> int:
    """The first counter whose entry is not older than room time `at`, at most `limit`."""
    low, high = 0, limit
    while low < high:
        middle = (low + high) // 2
        ((then,),) = fetch("SELECT at FROM entry WHERE n = ?", (middle,))
        low, high = (middle + 1, high) if then < at else (low, middle)
    return low


def _count(fetch: Fetch, term: Term, end: int) -> int:
    asked = (marked(fetch, term.mark), end, term.listed)
    ((bodies,),) = fetch(f"SELECT count(*) FROM entry WHERE {_OF_KINDS}", asked)  # noqa: S608
    return int(bodies)


def _empty(connection: Any, rows: Sequence[tuple[int, bytes]]) -> None:
    """Overwrite the bodies in their place, where secure_delete leaves nothing of them."""
    for n, body in rows:
        with suppress(NotCanonical):  # then nobody was ever able to read what it disclosed
            digests = [(digest, n) for digest in digests_in(decode(body))]
            connection.executemany("DELETE FROM disclosure WHERE digest = ? AND n = ?", digests)
    connection.executemany(_GONE, [(PRUNED, n) for n, _ in rows])


def _join(connection: Any, rows: Sequence[tuple[int, int, int, bytes]]) -> None:
    """Take emptied rows out and put them back: SQLite joins almost empty pages only when rows are deleted.

    What it moves then leaves copies in the gaps of pages, so this stays BEHIND where bodies still go.
    """
    connection.executemany("DELETE FROM entry WHERE n = ?", [row[:1] for row in rows])
    connection.executemany(_BACK, [(*row, PRUNED) for row in rows])
