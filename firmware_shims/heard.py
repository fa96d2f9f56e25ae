"""A sink for drivers that can be waited on: what was said, in order, by whom.

Rule 1: it keeps Signals and judges nothing.
"""

import threading
from collections import deque

from hardware.signals import Signal

KEPT = 100_000


class Heard:
    """Everything a driver said, the newest 100,000. Pass it as ``sink``."""

    def __init__(self) -> None:
        self._said: deque[Signal] = deque(maxlen=KEPT)
        self._more = threading.Condition()

    def __call__(self, signal: Signal) -> None:
        """Take one Signal."""
        with self._more:
            self._said.append(signal)
            self._more.notify_all()

    @property
    def all(self) -> list[Signal]:
        """All Signals so far."""
        with self._more:
            return list(self._said)

    def of(self, *kinds: type[Signal]) -> list[Signal]:
        """The Signals of some kinds."""
        return [signal for signal in self.all if isinstance(signal, kinds)]

    def wait(self, signal: Signal, count: int = 1, timeout: float = 20.0) -> bool:
        """Wait until exactly this Signal was said ``count`` times; whether it was."""
        with self._more:
            return self._more.wait_for(lambda: self._said.count(signal) >= count, timeout)

    def wait_kind(self, kind: type[Signal], count: int = 1, timeout: float = 20.0) -> bool:
        """Wait until Signals of one kind were said ``count`` times; whether they were."""
        with self._more:
            return self._more.wait_for(lambda: sum(isinstance(s, kind) for s in self._said) >= count, timeout)
