"""What is still to be reviewed, the oldest first. Rule: what was signed off is not shown again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice

from controller.ledger.reading import LogReader
from controller.ledger.sign_off import Range
from web.review.groups import kinds_of
from web.review.lists import within

PAGE = 60
_AT_ONCE = 1_000
_OF_KIND = "SELECT n FROM entry WHERE kind = ? AND n > ? AND n < ? ORDER BY n LIMIT ?"
_OF_ANY = "SELECT n FROM entry WHERE n > ? AND n < ? AND body != x'' ORDER BY n LIMIT ?"


def waiting(
    reader: LogReader, only: str, signed: Sequence[Range], span: tuple[int, int], limit: int = PAGE
) -> list[int]:
    """Counters strictly between the two of ``span`` that nobody has signed off, by loudness (groups.py)."""
    kinds = kinds_of("", only)
    streams = [_of_kind(reader, kind, span) for kind in sorted(kinds)] or [_of_any(reader, signed, span)]
    return list(islice((n for n in merge(*streams) if not within(n, signed)), limit))


def _of_kind(reader: LogReader, kind: str, span: tuple[int, int]) -> Iterator[int]:
    after, before = span
    while rows := reader.fetch(_OF_KIND, (kind, after, before, _AT_ONCE)):
        yield from (n for (n,) in rows)
        after = rows[-1][0]


def _of_any(reader: LogReader, signed: Sequence[Range], span: tuple[int, int]) -> Iterator[int]:
    after, before = span
    while rows := reader.fetch(_OF_ANY, (after, before, _AT_ONCE)):
        yield from (n for (n,) in rows)
        after = rows[-1][0]
        after = next((last for first, last in signed if first <= after + 1 <= last), after)
