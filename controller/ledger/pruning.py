"""Pruning: the bodies of old entries go, their leaf hashes stay, and every proof with them. Behaviour 63.

C2SP tlog-tiles v0.1.0 ("Pruning"): of entries before a minimum index the data need not be there any
more. Ours is the mark `kept_from`; some kinds of entries before it stay longer, or for ever, and all
leaf hashes do, so that old receipts and inclusion proofs can still be made and checked.

    a pruned row   n, at, time and leaf as they were; kind "pruned"; place NULL; body empty

    mark   kept_from      before this counter bodies may be gone
           bodies         bodies that went so far
           pruned NAME    before this counter the term of this name has done its work

Rule: kinds are words here. How old which of them may become, and whether anything may go at all, is the
caller's question; so is the Entry that says so, which is durable before the first body goes.
"""

import json
from collections.abc import Iterator, Sequence
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

PRUNED = "pruned"
BODIES = "bodies"

_OF_KINDS = "n >= ? AND n < ? AND kind IN (SELECT value FROM json_each(?)) AND body != x''"
_GONE = "UPDATE entry SET kind = ?, place = NULL, body = x'' WHERE n = ?"
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
    """Empty the next bodies, inside the caller's transaction: whether the round is done, bytes that went."""
    for term, end in planned.ends:
        begin = marked(fetch, term.mark)
        if begin < end:
            step = min(begin + PORTION, end)
            rows = fetch(f"SELECT n, leaf, body FROM entry WHERE {_OF_KINDS}", (begin, step, term.listed))  # noqa: S608
            gone = [body for row in rows for body in _emptied(connection, *row)]
            marks = (("kept_from", planned.kept_from), (term.mark, step))
            connection.executemany(_MARK, [*marks, (BODIES, marked(fetch, BODIES) + len(gone))])
            done = step == end and term is planned.ends[-1][0]
            return done, sum(map(len, gone))
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


def _emptied(connection: Any, n: int, leaf: bytes, body: bytes) -> Iterator[bytes]:
    """Empty one body and give it; one that is not what was written stays, so that pruning hides no change."""
    if leaf_hash(body) != leaf:
        return
    with suppress(NotCanonical):  # then nobody was ever able to read what it disclosed
        digests = digests_in(decode(body))
        connection.executemany("DELETE FROM disclosure WHERE digest = ? AND n = ?", [(d, n) for d in digests])
    connection.execute(_GONE, (PRUNED, n))
    yield body
