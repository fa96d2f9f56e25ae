"""How often or how much something may be: so much at once, and so much a second from then on.

Rule: it never waits and has no clock; whoever asks says what time it is.
"""

from __future__ import annotations


class Allowance:
    """``burst`` at once, ``a_second`` in the long run."""

    def __init__(self, burst: int, a_second: float) -> None:
        self._burst, self._a_second = float(burst), a_second
        self._left, self._then = self._burst, 0.0

    def take(self, now: float, many: int = 1) -> bool:
        """Whether so many more are allowed at this monotonic second; nothing is taken when they are not."""
        self._left = min(self._burst, self._left + max(0.0, now - self._then) * self._a_second)
        self._then = now
        if self._left < many:
            return False
        self._left -= many
        return True

    def give(self, many: int) -> None:
        """So many that were taken were not needed."""
        self._left = min(self._burst, self._left + many)
