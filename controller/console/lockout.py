"""Guessing passwords is slow, and never costs anybody their passkey.

Rule 1: five wrong in a row lock a name's password for 30 s, then twice as long each time, at most 15 min.
Rule 2: a name that nobody has is locked in the same way, so that a lock tells nothing.
Rule 3: too many wrong ones of all names together make every password wait for a minute, and no passkey.
Rule 4: one that is being looked at counts as wrong until it is known; many at the same moment gain nothing.
It is kept in memory: whoever can restart the controller has the box.
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


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    locks: int = 0
    until: float = 0.0
    last: float = 0.0


class Lockout:
    """Wrong sign-ins by name; ``now`` is a monotonic second."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._lock = now, Lock()
        self._names: OrderedDict[str, _Tries] = OrderedDict()
        self._all: deque[float] = deque(maxlen=FLOOD)
        self._begun = Counter[str]()

    @contextmanager
    def one(self, name: str) -> Iterator[int]:
        """One password of a name is looked at meanwhile; unless that is 0, for so many seconds it is not."""
        wait_s = self._begin(name)
        try:
            yield wait_s
        finally:
            if not wait_s:
                self._end(name)

    def wait_s(self, name: str) -> int:
        """For how many seconds this name's password is not looked at; 0 when it is."""
        with self._lock:
            return self._wait_s(name, self._now())

    def wrong(self, name: str) -> str:
        """One more wrong: "" or why the guard is called, "locked" (this name) or "flood" (of all names)."""
        now = self._now()
        with self._lock:
            tries = self._of(name, now)
            tries.wrong, tries.last = tries.wrong + 1, now
            full = len(self._all) == FLOOD and now - self._all[0] < FLOOD_S
            self._all.append(now)
            flooded = not full and len(self._all) == FLOOD and now - self._all[0] < FLOOD_S
            if tries.wrong < IN_A_ROW:
                return "flood" if flooded else ""
            tries.until = now + min(LONGEST_S, FIRST_S * 2**tries.locks)
            tries.wrong, tries.locks = 0, min(tries.locks + 1, 16)
            return "locked"

    def right(self, name: str) -> None:
        """It was right: the row ends."""
        with self._lock:
            self._names.pop(name, None)

    def _begin(self, name: str) -> int:
        with self._lock:
            if wait_s := self._wait_s(name, self._now()):
                return wait_s
            tries = self._names.get(name)
            if (
                self._begun.total() >= AT_ONCE
                or self._begun[name] + (tries.wrong if tries else 0) >= IN_A_ROW
            ):
                return BUSY_S
            self._begun[name] += 1
            return 0

    def _end(self, name: str) -> None:
        with self._lock:
            self._begun[name] -= 1
            self._begun += Counter()  # drops whoever has none

    def _wait_s(self, name: str, now: float) -> int:
        tries = self._names.get(name)
        own = tries.until - now if tries else 0.0
        crowd = self._all[0] + FLOOD_S - now if len(self._all) == FLOOD else 0.0
        return max(0, -int(-max(own, crowd) // 1))

    def _of(self, name: str, now: float) -> _Tries:
        tries = self._names.get(name)
        if tries is None or now - tries.last > FORGOTTEN_S:
            tries = self._names[name] = _Tries()
        self._names.move_to_end(name)
        while len(self._names) > MOST_NAMES:
            self._names.popitem(last=False)
        return tries
