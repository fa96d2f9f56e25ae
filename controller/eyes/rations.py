"""How much room on the disk each camera has: whoever sends without end fills neither disk nor log with it.

Rule: each camera has its own; none uses up another's, and a recorder that comes again gets no new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from controller.eyes.allowance import Allowance

BURST_BYTES = 256_000_000
"""At once, since the start or after quiet days: an hour of events one after the other in a busy room."""
BYTES_A_SECOND = 100_000
"""In the long run: 8.6 GB a day, more than events need; no disk is full in a night."""


class Rations:
    """Bytes that the pictures of each camera may still take up; for one thread at a time."""

    def __init__(self, cameras: Iterable[str]) -> None:
        self._of = {camera: Allowance(BURST_BYTES, BYTES_A_SECOND) for camera in cameras}

    def take(self, camera: str, size: int) -> bool:
        """Whether so many bytes of it may be kept now."""
        return camera in self._of and self._of[camera].take(monotonic(), size)

    def give(self, camera: str, size: int) -> None:
        """So many bytes were not kept after all."""
        self._of[camera].give(size)
