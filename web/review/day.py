"""One day of the queue: between which Entries it lies. Rule: by the clock that they were written with.

Entries stand as they were written: where a clock was set back, a day may hold some of the one before.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, time

from controller.ledger.reading import LogReader
from web.review.moments import DAY, millis


def span_of(reader: LogReader, day: datetime) -> tuple[int, int]:
    """The counters strictly between which the Entries of a day lie; ``day`` is a moment of it in its zone."""
    begins = datetime.combine(day.date(), time(), day.tzinfo)
    ends = datetime.combine(day.date() + DAY, time(), day.tzinfo)
    return _first(reader, begins) - 1, _first(reader, ends)


def _first(reader: LogReader, moment: datetime) -> int:
    """The first counter from a moment on; that of the next Entry where none was written since."""
    return bisect_left(range(reader.count()), millis(moment), key=lambda n: _time(reader, n))


def _time(reader: LogReader, n: int) -> int:
    ((at,),) = reader.fetch("SELECT time FROM entry WHERE n = ?", (n,))
    return int(at)
