"""How often something may happen: so many at once, and so many a second from then on.

Rule: it never waits and has no clock; whoever asks says what time it is.
"""

from __future__ import annotations


class Allowance:
    """``burst`` at once, ``a_second`` in the long run."""

    def __init__(self, burst: int, a_second: float) -> None:
        self._burst, self._a_second = float(burst), a_second
        self._left, self._then = self._burst, 0.0

    def take(self, now: float) -> bool:
        """Whether one more is allowed at this monotonic second."""
        self._left = min(self._burst, self._left + max(0.0, now - self._then) * self._a_second)
        self._then = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
