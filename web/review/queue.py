"""What is still to be reviewed, the oldest first. Rule: what was signed off is not shown again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from controller.ledger.reading import LogReader
from controller.ledger.sign_off import Range
from web.review.groups import kinds_of
from web.review.lists import within

PAGE = 60
_AT_ONCE = 1_000
_SOME = (
    "SELECT n FROM entry WHERE n > ? AND n < ? AND kind IN (SELECT value FROM json_each(?)) "
    "AND body != x'' ORDER BY n LIMIT ?"
)
_ANY = "SELECT n FROM entry WHERE n > ? AND n < ? AND body != x'' ORDER BY n LIMIT ?"


def waiting(
    reader: LogReader, only: str, signed: Sequence[Range], span: tuple[int, int], limit: int = PAGE
) -> list[int]:
    """Counters strictly between the two of ``span`` that nobody has signed off, by loudness (groups.py)."""
    every = _numbers(reader, kinds_of("", only), signed, span)
    return list(islice((n for n in every if not within(n, signed)), limit))


def _numbers(
    reader: LogReader, kinds: frozenset[str], signed: Sequence[Range], span: tuple[int, int]
) -> Iterator[int]:
    """Counters of those kinds, none: of any; what was signed in one piece is stepped over."""
    after, before = span
    while True:
        after = next((last for first, last in signed if first <= after + 1 <= last), after)
        rows = (
            reader.fetch(_SOME, (after, before, json.dumps(sorted(kinds)), _AT_ONCE))
            if kinds
            else reader.fetch(_ANY, (after, before, _AT_ONCE))
        )
        yield from (n for (n,) in rows)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1][0]
