"""The set that a chief signs off: seen in this session, signed by nobody. Rule: never all, blindly.

What it holds is worked out from the log here, and once more by the controller (console/sign_off_check.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from controller.ledger.reading import LogReader
from controller.ledger.sign_off import Range, covered, exceptions_in, ranges_of
from web.review.lists import within

MOST_RANGES = 600
"""Of one signature: a command is read by people, and holds at most 16,384 signs."""


@dataclass(frozen=True, slots=True)
class Set:
    """What is to be signed: the fields of ``sign_off``, its Entries, and those that are the signer's own."""

    fields: dict[str, Any]
    count: int
    own: int


def to_sign(
    reader: LogReader, seen: Iterable[int], signed: Sequence[Range], signer: str, *, with_own: bool
) -> Set | None:
    """The set of what was seen; without the signer's own where they are left out; None for nothing."""
    ranges = _few(n for n in seen if not within(n, signed))
    if not ranges:
        return None
    found = covered(reader, ranges, signer)
    left_out = {*found.gone, *(() if with_own else found.own)}
    if left_out:
        ranges = _few(n for first, last in ranges for n in range(first, last + 1) if n not in left_out)
        if not ranges:
            return None
        found = covered(reader, ranges, signer)
    fields = {
        "digest": found.digest,
        "ranges": [list(one) for one in ranges],
        "exceptions": list(exceptions_in(reader, ranges)),
        "own": bool(found.own),
    }
    return Set(fields, found.count, len(found.own))


def own_of(reader: LogReader, seen: Iterable[int], signed: Sequence[Range], signer: str) -> int:
    """How many of those that were seen are the signer's own."""
    ranges = _few(n for n in seen if not within(n, signed))
    return len(covered(reader, ranges, signer).own) if ranges else 0


def _few(numbers: Iterable[int]) -> tuple[Range, ...]:
    """The oldest ranges of a set, as many as one signature takes."""
    return tuple(islice(ranges_of(numbers), MOST_RANGES))
