"""Which of the pictures that arrive are kept, and when they are too many. Rule 1: arithmetic, no clock.

Rule 2: pictures are thinned to the configured rate and never held back, so that none is older than it says.
"""

from __future__ import annotations

# A camera that sends its own 25 or 30 a second where fewer are configured is no flood.
_SPARE, _TIMES = 30, 3
_WINDOW_S, _WINDOWS = 1.0, 2


class Pace:
    """Chooses ``per_second`` pictures a second out of more; ``since`` is when the stream began."""

    def __init__(self, per_second: float, since: float) -> None:
        self._period = 1 / per_second
        self._most = max(_TIMES * per_second, per_second + _SPARE) * _WINDOW_S
        self._due = since
        self._window, self._arrived, self._over = since, 0, 0
        self._calm = False

    @property
    def flooded(self) -> bool:
        """More than three times the rate, and more than 30 a second above it, for two seconds in a row."""
        return self._over >= _WINDOWS

    @property
    def calm(self) -> bool:
        """For the last whole second there were not too many."""
        return self._calm

    def arrived(self, at: float) -> bool:
        """A picture arrived; whether it is to be kept. It may come half a period early."""
        self._count(at)
        if at < self._due - self._period / 2:
            return False
        self._due = max(self._due, at - self._period) + self._period
        return True

    def _count(self, at: float) -> None:
        self._arrived += 1
        if (length := at - self._window) < _WINDOW_S:
            return
        # A window closes with the first picture after it: after a silence it has become a long one.
        self._calm = self._arrived <= self._most * length / _WINDOW_S
        self._over = 0 if self._calm else self._over + 1
        self._window, self._arrived = at, 0
