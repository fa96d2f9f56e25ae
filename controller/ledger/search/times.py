"""From times to counters and to days, although clocks jump. Rule: numbers in, numbers out; no entries.

Along the log, `top` is the latest time so far. A run of entries ends where the time falls more than
SLACK below it (a clock without battery wakes up in 1970), so that within a run no time is earlier than
its top less SLACK, and the tops never decrease: a span of time is one interval of counters in each run.

run   id, first_n, first_top, last_n, last_top
mark  run, top, n: the top at each run's first entry and at every 256th
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from controller.ledger.sqlite import sqlite3
from controller.ledger.walk import Fetch

SLACK = 600_000
"""Milliseconds by which a time may lie below an earlier one in the same run."""

_MARK_EVERY = 256
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ALWAYS = 2**62


class Runs:
    """The writing side: follows the entries in order and gives the rows to be written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._marks: list[tuple[int, int, int]] = []
        self._ended: list[tuple[int, int, int, int, int]] = []
        rows = connection.execute("SELECT * FROM run ORDER BY id DESC LIMIT 1").fetchall()
        self._run: tuple[int, int, int, int, int] | None = rows[0] if rows else None

    def follow(self, n: int, time: int) -> None:
        """Take note of the next entry's time."""
        run = self._run
        if run is None or time < run[4] - SLACK:
            if run is not None:
                self._ended.append(run)
            run = (run[0] + 1 if run else 0, n, time, n, time)
            self._marks.append((run[0], time, n))
        else:
            top = max(run[4], time)
            run = (*run[:3], n, top)
            if n % _MARK_EVERY == 0:
                self._marks.append((run[0], top, n))
        self._run = run

    def write(self) -> None:
        """Write what was noted, within the transaction of the caller."""
        runs = [*self._ended, *([self._run] if self._run else [])]
        self._connection.executemany("INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?, ?)", runs)
        self._connection.executemany("INSERT INTO mark VALUES (?, ?, ?)", self._marks)
        self._ended, self._marks = [], []


def intervals(fetch: Fetch, since: int | None, until: int | None) -> Iterator[tuple[int, int]]:
    """Yield intervals of counters [low, high), the newest first, that hold every entry of the span.

    They hold a few entries more: up to 256, and those within SLACK after `until`.
    """
    since = -_ALWAYS if since is None else max(since, -_ALWAYS)
    until = _ALWAYS if until is None else min(until + SLACK, _ALWAYS)
    runs = fetch(
        "SELECT id, first_n, last_n FROM run WHERE last_top >= ? AND first_top < ? ORDER BY id DESC",
        (since, until),
    )
    for run, first, last in runs:
        below = fetch(
            "SELECT n FROM mark WHERE run = ? AND top < ? ORDER BY top DESC, n DESC LIMIT 1", (run, since)
        )
        above = fetch("SELECT n FROM mark WHERE run = ? AND top >= ? ORDER BY top, n LIMIT 1", (run, until))
        yield (below[0][0] + 1 if below else first), (above[0][0] if above else last + 1)


def local_day(time: int, zone: tzinfo) -> int:
    """The day (date.toordinal) that a time in milliseconds since 1970 UTC falls on in the zone."""
    moment = _EPOCH + timedelta(milliseconds=time)
    try:
        return moment.astimezone(zone).toordinal()
    except OverflowError:  # the first and the last day there is
        return moment.toordinal()
