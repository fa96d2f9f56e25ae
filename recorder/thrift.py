"""How much of a core the recorder uses, and which share of frames it gives up to use no more.

Rule: what is given up is said in the beat; evidence that is asked for is never given up, only its density.
"""

from __future__ import annotations

_WINDOW_S = 2.0
_LEAST_KEPT = 0.1
_EASE = 0.75
_STEP = 1.25


class Thrift:
    """``kept`` is the share of frames to ring (0.1 to 1); ``cpu_percent`` what was used of a core lately."""

    def __init__(self, now: float, used_s: float) -> None:
        self.kept, self.cpu_percent = 1.0, 0.0
        self._at, self._used_s = now, used_s

    def note(self, now: float, used_s: float, most_percent: int) -> None:
        """``used_s`` of CPU time have been used since the process began."""
        if (passed := now - self._at) < _WINDOW_S:
            return
        self.cpu_percent = max(0.0, 100 * (used_s - self._used_s) / passed)
        self._at, self._used_s = now, used_s
        if self.cpu_percent > most_percent:
            self.kept = max(_LEAST_KEPT, self.kept * max(0.5, most_percent / self.cpu_percent))
        elif self.cpu_percent < _EASE * most_percent:
            self.kept = min(1.0, self.kept * _STEP)
