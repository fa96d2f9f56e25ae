"""How long to wait for one device, learned from its own answers. Rule 1: numbers only.

Rule 2: a device that is silent for once costs the others one short wait; before it counts as lost it gets
the full time of the standard once.
"""

from __future__ import annotations

REPLY_TIME = 0.200
"""What the standard grants a peripheral for its answer (OSDP v2.2 section 5)."""
LEAST = 0.030
GLANCE = LEAST
"""What a peripheral that is lost gets for its first word, so that a dead one costs the others little."""
FULL_AT = 2
"""So many silences in a row, and the next wait is a full one."""
PAUSES = (0.0, 0.0, 0.05, 0.1)
"""Before the question is repeated for the first, second, ... time."""


class Patience:
    """The mean of the answer times and their spread, in seconds, as TCP keeps them (RFC 6298)."""

    def __init__(self) -> None:
        self._mean = self._spread = 0.0
        self._known = False
        self._silences = 0

    def answered(self, took: float) -> None:
        """An answer came after so many seconds."""
        self._silences = 0
        if not self._known:
            self._known, self._mean, self._spread = True, took, took / 2
            return
        self._spread += (abs(took - self._mean) - self._spread) / 4
        self._mean += (took - self._mean) / 8

    def silent(self) -> float:
        """No answer came; gives the pause before the question is repeated."""
        pause = PAUSES[min(self._silences, len(PAUSES) - 1)]
        self._silences += 1
        return pause

    @property
    def wait(self) -> float:
        """How long to wait for the next answer."""
        if not self._known or self._silences == FULL_AT:
            return REPLY_TIME
        return min(REPLY_TIME, max(LEAST, self._mean + 4 * self._spread))
