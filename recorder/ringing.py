"""A camera and its ring as the recorder needs them: the ring tells of every picture, the camera is thinned.

Rule: what is thinned is not decoded either; the ring still counts it as missed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hardware.cameras.capture import Camera
from hardware.cameras.pace import Pace
from hardware.cameras.ring import Frame, Ring
from hardware.cameras.stream import Stream


class TellingRing(Ring):
    """A ring that calls ``tell`` on the camera's own thread after every picture; it must return at once."""

    def __init__(self, seconds: float, most_bytes: int, per_second: float) -> None:
        super().__init__(seconds, most_bytes, per_second)
        self.tell: Callable[[], None] = _nobody

    def add(self, frame: Frame) -> bool:
        """As every ring does."""
        added = super().add(frame)
        self.tell()
        return added


class ThinnedCamera(Camera):
    """A camera of whose pictures only the share ``kept`` (0 to 1) is ringed, evenly."""

    def __init__(self, *camera: Any, **options: Any) -> None:
        super().__init__(*camera, **options)
        self.kept = 1.0
        self._next = 0.0

    def _take(self, stream: Stream, at: float, pace: Pace) -> None:
        if self.kept < 1.0:
            if at < self._next:
                return
            self._next = max(self._next, at - 1.0) + 1 / (self.ring.per_second * self.kept)
        super()._take(stream, at, pace)


def _nobody() -> None:
    """Until somebody wants to be told."""
