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
    """What is to be signed: the fields of ``sign_off``, its Entries, and those that are the signer's own.

    ``gone`` are those that were left out because nothing of them is left.
    """

    fields: dict[str, Any]
    count: int
    own: int
    gone: int = 0


def to_sign(
    reader: LogReader, seen: Iterable[int], signed: Sequence[Range], signer: str, *, with_own: bool
) -> Set | None:
    """The set of what was seen; without the signer's own where they are left out; None for nothing."""
    ranges = _few(n for n in seen if not within(n, signed))
    if not ranges:
        return None
    found = covered(reader, ranges, signer)
    gone = len(found.gone)
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
    return Set(fields, found.count, len(found.own), gone)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a signature would hold now: entries without the signer's own, with them, and those own alone.

    ``later`` were seen and do not fit into one signature; the oldest come first.
    """

    count: int
    with_own: int
    own: int
    later: int


def standing(reader: LogReader, seen: Iterable[int], signed: Sequence[Range], signer: str) -> Standing:
    """The very numbers that ``to_sign`` would sign, so that what is shown is what is signed."""
    fresh = [n for n in seen if not within(n, signed)]
    every = to_sign(reader, fresh, signed, signer, with_own=True)
    if every is None:
        return Standing(0, 0, 0, 0)
    others = to_sign(reader, fresh, signed, signer, with_own=False) if every.own else every
    later = len(fresh) - every.count - every.gone
    return Standing(others.count if others else 0, every.count, every.own, later)


def own_among(reader: LogReader, numbers: Iterable[int], signer: str) -> frozenset[int]:
    """Which of these are the signer's own."""
    ranges = _few(numbers)
    return frozenset(covered(reader, ranges, signer).own) if ranges else frozenset()


def _few(numbers: Iterable[int]) -> tuple[Range, ...]:
    """The oldest ranges of a set, as many as one signature takes."""
    return tuple(islice(ranges_of(numbers), MOST_RANGES))
