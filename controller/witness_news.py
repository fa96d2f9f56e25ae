"""What the thread of one log witness tells the loop. Rule: news only; nothing here talks to a log witness.

The thread says what it found out as often as it likes; only what is new goes into the inbox.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.core.events import DeviceBack, DeviceLost, Witnessed
from controller.inbox import Report

Put = Callable[[Report], None]


class WitnessNews:
    """News of one log witness, by its name in the site file; ``put`` is that of the inbox. For one thread."""

    def __init__(self, name: str, put: Put) -> None:
        self.name, self._put = name, put
        self._size = 0
        self._silent: bool | None = (
            None  # whether the room thinks so from before this start is not known here
        )

    def cosigned(self, size: int) -> None:
        """It has cosigned the first ``size`` Entries, and the cosignature was verified and kept."""
        if self._silent is not False:
            self._silent = False
            self._put(DeviceBack(0, self.name))
        if size > self._size:
            self._size = size
            self._put(Witnessed(0, self.name, size))

    def silent(self, why: str) -> None:
        """It does not answer, or not as it must."""
        if not self._silent:
            self._silent = True
            self._put(DeviceLost(0, self.name, why))
