"""Refused sign-ins as the log hears of them. Rule: a flood of them is told, and fills no disk.

The first of a kind is told at once; within a minute more of it are counted, and told with the next one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from controller.console.core_line import CoreLine
from controller.core.words import Kind

AGAIN_S = 60.0
MOST = 30
"""Told within AGAIN_S, of all people together; what is above is counted under no name."""
MOST_KINDS = 1_024
LONGEST_SEAT = 60


class RefusalNews:
    """Tells the loop; ``now`` is a monotonic second."""

    def __init__(self, core: CoreLine, now: Callable[[], float]) -> None:
        self._core, self._now, self._lock = core, now, Lock()
        self._told: OrderedDict[tuple[str, str, str], tuple[float, int]] = OrderedDict()
        self._since, self._count, self._unnamed = 0.0, 0, 0

    def tell(self, person: str, how: str, why: str, seat: str = "", wait_s: int = 0) -> None:
        """One more refused sign-in of somebody ("" where nobody is named)."""
        if times := self._times(person, how, why):
            who = [person] if person else []
            fields = {"how": how, "why": why, "seat": seat[:LONGEST_SEAT], "times": times, "wait_s": wait_s}
            self._core.tell(Kind.SIGN_IN_REFUSED, *who, **fields)

    def _times(self, person: str, how: str, why: str) -> int:
        """How many are to be told now; 0 for later."""
        now, key = self._now(), (person, how, why)
        with self._lock:
            if now - self._since >= AGAIN_S:
                self._since, self._count = now, 0
            last, waiting = self._told.get(key, (-AGAIN_S, 0))
            if now - last < AGAIN_S or (self._count >= MOST and why != "locked"):
                self._keep(key, last, waiting + 1)
                return 0
            self._count += 1
            self._keep(key, now, 0)
            return waiting + 1

    def _keep(self, key: tuple[str, str, str], last: float, waiting: int) -> None:
        self._told[key] = (last, waiting)
        self._told.move_to_end(key)
        while len(self._told) > MOST_KINDS:
            self._told.popitem(last=False)
