"""Signs of life of the loop: passed on to whoever resets or restarts the box without them.

Rule 1: it has no thread. Who calls it is alive, and nobody else may call it.
"""

import time
from collections.abc import Callable

EVERY_S = 1.0


class Alive:
    """Calls every one of ``feeds``, at most once in ``every_s`` seconds however often it is called itself.

    ``clock`` gives monotonic seconds. A feed must neither block nor raise.
    """

    def __init__(
        self,
        *feeds: Callable[[], None],
        every_s: float = EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._feeds, self._every_s, self._clock = feeds, every_s, clock
        self._next = float("-inf")

    def __call__(self) -> None:
        """The loop has come round."""
        if (now := self._clock()) < self._next:
            return
        self._next = now + self._every_s
        for feed in self._feeds:
            feed()
