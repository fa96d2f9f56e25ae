"""Guessing passwords is slow, and never costs anybody their passkey.

Rule 1: five wrong in a row lock a name's password for 30 s, then twice as long each time, at most 15 min.
Rule 2: a name that nobody has is locked in the same way, so that a lock tells nothing.
Rule 3: too many wrong ones of all names together make every password wait for a minute, and no passkey.
Rule 4: one that is being looked at counts as wrong until it is known; many at the same moment gain nothing.
Rule 5: a seat from which somebody has signed in has rows of its own for that name: whoever guesses at another
computer locks nobody out who sits where they always sit. All other seats share one row of a name, so that
nobody guesses more by saying many seats; a console that was taken over has one row more for each known seat.
It is kept in memory: whoever can restart the controller has the box. Seats of sessions that last are known
anew.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

IN_A_ROW = 5
FIRST_S, LONGEST_S = 30, 15 * 60
MOST_NAMES = 4_096
FLOOD, FLOOD_S = 40, 60
FORGOTTEN_S = 24 * 3600
AT_ONCE = 6
"""Passwords that are looked at or wait for it, of all names: a flood of them holds up nobody's other work."""
BUSY_S = 2
KEPT_FREE = 2
"""Beside AT_ONCE, for whoever sits where they have signed in before."""
MOST_SEATS = 4
"""That are known of one name; the oldest makes room."""
QUIETER_S = 3600
"""So long without a wrong one, and the next lock is half as long again."""


Row = tuple[str, str]
"""Name, and the seat where it is known of that name."""


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    locks: int = 0
    until: float = 0.0
    last: float = 0.0


class Lockout:
    """Wrong sign-ins by name, and by seat where it is known of that name; ``now`` is a monotonic second."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._lock = now, Lock()
        self._names: OrderedDict[Row, _Tries] = OrderedDict()
        self._seats: OrderedDict[str, list[str]] = OrderedDict()
        self._all: deque[float] = deque(maxlen=FLOOD)
        self._begun = Counter[Row]()

    @contextmanager
    def one(self, name: str, seat: str = "") -> Iterator[int]:
        """One password of a name is looked at meanwhile; unless that is 0, for so many seconds it is not."""
        row, wait_s = self._begin(name, seat)
        try:
            yield wait_s
        finally:
            if not wait_s:
                self._end(row)

    def wait_s(self, name: str, seat: str = "") -> int:
        """For how many seconds this name's password is not looked at; 0 when it is."""
        with self._lock:
            return self._wait_s(self._row(name, seat), self._now())

    def knows(self, name: str, seat: str) -> None:
        """Somebody has signed in from a seat: it is known of them."""
        with self._lock:
            kept = [one for one in self._seats.get(name, ()) if one != seat]
            self._seats[name] = [*kept, seat][-MOST_SEATS:] if seat else kept
            self._seats.move_to_end(name)
            while len(self._seats) > MOST_NAMES:
                self._seats.popitem(last=False)

    def wrong(self, name: str, seat: str = "") -> str:
        """One more wrong: "" or why the guard is called, "locked" (this name) or "flood" (of all names)."""
        now = self._now()
        with self._lock:
            tries = self._of(self._row(name, seat), now)
            tries.wrong, tries.last = tries.wrong + 1, now
            full = len(self._all) == FLOOD and now - self._all[0] < FLOOD_S
            self._all.append(now)
            flooded = not full and len(self._all) == FLOOD and now - self._all[0] < FLOOD_S
            if tries.wrong < IN_A_ROW:
                return "flood" if flooded else ""
            tries.until = now + min(LONGEST_S, FIRST_S * 2**tries.locks)
            tries.wrong, tries.locks = 0, min(tries.locks + 1, 16)
            return "locked"

    def right(self, name: str, seat: str = "") -> None:
        """It was right: the row ends, and no other one of that name."""
        with self._lock:
            self._names.pop(self._row(name, seat), None)

    def _row(self, name: str, seat: str) -> Row:
        return name, seat if seat in self._seats.get(name, ()) else ""

    def _begin(self, name: str, seat: str) -> tuple[Row, int]:
        with self._lock:
            row = self._row(name, seat)
            if wait_s := self._wait_s(row, self._now()):
                return row, wait_s
            tries, most = self._names.get(row), AT_ONCE + (KEPT_FREE if row[1] else 0)
            if self._begun.total() >= most or self._begun[row] + (tries.wrong if tries else 0) >= IN_A_ROW:
                return row, BUSY_S
            self._begun[row] += 1
            return row, 0

    def _end(self, row: Row) -> None:
        with self._lock:
            self._begun[row] -= 1
            self._begun += Counter()  # drops whoever has none

    def _wait_s(self, row: Row, now: float) -> int:
        tries = self._names.get(row)
        own = tries.until - now if tries else 0.0
        crowd = self._all[0] + FLOOD_S - now if len(self._all) == FLOOD and not row[1] else 0.0
        return max(0, -int(-max(own, crowd) // 1))

    def _of(self, name: Row, now: float) -> _Tries:
        tries = self._names.get(name)
        if tries is None or now - tries.last > FORGOTTEN_S:
            tries = self._names[name] = _Tries()
        tries.locks = max(0, tries.locks - int((now - max(tries.last, tries.until)) // QUIETER_S))
        self._names.move_to_end(name)
        while len(self._names) > MOST_NAMES:
            self._names.popitem(last=False)
        return tries
