"""The last seconds of one camera, in order of arrival. Rule 1: bounded in seconds and in bytes.

Rule 2: a picture is found by its time and never merely because it is the latest.
Rule 3: it knows nothing of cameras and has no clock of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from threading import Lock

# What Python and the queue add to a picture; it keeps a rain of tiny pictures within the bound, too.
OVERHEAD = 512
COUNTED_S = 60.0
"""How far back pictures are counted, whether or not there was room to keep them."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: a whole JPEG and when it arrived, in seconds of CLOCK_MONOTONIC of this box.

    ``at`` is the moment at which the last byte of the picture had been read here. Exposure, encoding and
    the way through the network came before: the camera saw it earlier, by tens of milliseconds as a rule.
    The camera's own clock is not used, because whoever holds the camera could set it.
    """

    jpeg: bytes
    at: float
    width: int
    height: int
    masked: bool = False

    @property
    def cost(self) -> int:
        """Bytes it takes in a ring."""
        return len(self.jpeg) + OVERHEAD


@dataclass(frozen=True, slots=True)
class Frames:
    """What came in a span: pictures seen, those missed at the configured rate, longest time without any."""

    seen: int
    missed: int
    gap_ms: int


class Ring:
    """Pictures of the last ``seconds`` before the newest one, in at most ``most_bytes`` of memory.

    ``per_second`` is the rate that the camera is configured for. A camera that falls silent leaves its last
    seconds here until it comes back: they may show how it was silenced. Safe to use from many threads.
    ``tell`` is called after every picture, on the thread that adds it; it must return at once.
    """

    def __init__(
        self,
        seconds: float,
        most_bytes: int,
        per_second: float,
        tell: Callable[[], None] | None = None,
    ) -> None:
        if not (isfinite(seconds) and seconds > 0 and most_bytes > 0 and per_second > 0):
            raise ValueError(f"ring of {seconds} s, {most_bytes} bytes, {per_second}/s: all must be above 0")
        self.seconds = seconds
        self.most_bytes = most_bytes
        self.per_second = per_second
        self.tell = tell
        self._frames: deque[Frame] = deque()
        self._times: deque[float] = deque(maxlen=max(1, round(2 * COUNTED_S * per_second)))
        self._bytes = 0
        self._ended = False
        self._changing = Lock()

    def __len__(self) -> int:
        with self._changing:
            return len(self._frames)

    @property
    def bytes(self) -> int:
        """Memory in use, at most ``most_bytes``."""
        with self._changing:
            return self._bytes

    def add(self, frame: Frame) -> bool:
        """Take the newest picture; False, and nothing changes, if it is larger than the ring or that ended.

        ValueError for one that is older than the newest.
        """
        with self._changing:
            if self._frames and not frame.at >= self._frames[-1].at:
                raise ValueError(f"a picture of {frame.at} after one of {self._frames[-1].at}")
            if self._ended or frame.cost > self.most_bytes:
                return False
            self._frames.append(frame)
            self._times.append(frame.at)
            self._bytes += frame.cost
            self._drop_old(frame.at)
        if self.tell:
            self.tell()
        return True

    def _drop_old(self, now: float) -> None:
        while self._bytes > self.most_bytes or now - self._frames[0].at > self.seconds:
            self._bytes -= self._frames.popleft().cost

    def newest(self) -> Frame | None:
        """The picture that arrived last, however long ago that was."""
        with self._changing:
            return self._frames[-1] if self._frames else None

    def nearest(self, at: float, tolerance_s: float) -> Frame | None:
        """The picture whose time is nearest to ``at``, the earlier of two; None beyond the tolerance."""
        with self._changing:
            found = min(self._frames, key=lambda one: abs(one.at - at), default=None)
        return found if found and abs(found.at - at) <= tolerance_s else None

    def span(self) -> tuple[float, float] | None:
        """Times of the oldest and of the newest picture; None while there is none."""
        with self._changing:
            return (self._frames[0].at, self._frames[-1].at) if self._frames else None

    def reach_s(self, now: float) -> float:
        """How many seconds before ``now`` the oldest picture lies; 0 while there is none."""
        span = self.span()
        return max(0.0, now - span[0]) if span else 0.0

    def counts(self, since: float, until: float) -> Frames:
        """What came in a span of the last minute, both ends within; edges count as gaps, too.

        Pictures count that the ring has dropped since: a short ring is no fault of the camera.
        """
        if not since <= until:
            raise ValueError(f"a span from {since} to {until} runs backwards")
        with self._changing:
            times = [at for at in self._times if since <= at <= until]
        gap = max(b - a for a, b in pairwise((since, *times, until)))
        expected = int((until - since) * self.per_second)
        return Frames(len(times), max(0, expected - len(times)), round(gap * 1000))

    def first(self, at: float) -> Frame | None:
        """The first picture at or after ``at``; None while there is none."""
        with self._changing:
            if not self._frames or self._frames[-1].at < at:
                return None
            return next(one for one in self._frames if one.at >= at)

    def end(self) -> None:
        """No more pictures are taken."""
        with self._changing:
            self._ended = True
