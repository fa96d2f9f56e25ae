"""One supervised line in time: what lasted is reported, what did not is counted. No I/O, no clock.

Rule 1: a level is believed when it has lasted ``filter_s``, however late the caller comes
(IEC 60839-11-1: 400 ms must be seen, shorter is chatter).
Rule 2: more than 10 flickers in 10 s are a fault of the line; 10 s without one end it.
"""

from collections import deque

from hardware.signals import DeviceNoisy, Level, LineLevel

FLICKERS = 10
NOISE_WINDOW_S = 10.0
FIRST_LEVEL_S = 1.0  # a line that chatters from the start is reported as it stands after this time

Found = list[LineLevel | DeviceNoisy]


class ZoneFilter:
    """Turns timed readings of one line into LineLevel and DeviceNoisy. Times are monotonic seconds."""

    def __init__(self, line: str, filter_s: float, born: float) -> None:
        self.line = line
        self.level: Level | None = None
        self.noisy = False
        self._filter_s = filter_s
        self._born = born
        self._raw: Level | None = None
        self._before: Level | None = None
        self._since = born
        self._now = born
        self._flickers: deque[float] = deque(maxlen=FLICKERS + 1)

    def read(self, raw: Level, at: float) -> Found:
        """Take one reading; what it completes. A time before the last one counts as the last one."""
        found = self.settle(at)
        if raw is self._raw:
            return found
        if self._is_flicker(raw):
            self._flickers.append(self._now)
        self._before, self._raw, self._since = self._raw, raw, self._now
        return found + self._noise()

    def flickered(self, at: float) -> Found:
        """The line left its level and came back between two readings."""
        found = self.settle(at)
        self._flickers.append(self._now)
        self._since = self._now
        return found + self._noise()

    def settle(self, now: float) -> Found:
        """What fell due up to ``now``."""
        self._now = max(self._now, now)
        if not self._lasted():
            return self._noise()
        assert self._raw is not None
        self.level = self._raw
        return [LineLevel(self.line, self._raw), *self._noise()]

    def due(self) -> float | None:
        """When the present reading will be believed; None when it already is."""
        if self._raw is None or self._raw is self.level:
            return None
        due = self._since + self._filter_s
        return due if self.level is not None else min(due, self._born + FIRST_LEVEL_S)

    def forget(self) -> None:
        """The line was unreadable: its next level is reported whatever it is."""
        self.level = self._raw = self._before = None
        self._born = self._now

    def _lasted(self) -> bool:
        due = self.due()
        return due is not None and self._now >= due

    def _is_flicker(self, raw: Level) -> bool:
        # Back where it was, too soon: N-A-N counts once, and so does A-C-A on the way somewhere else.
        short = self._raw is not None and self._now < self._since + self._filter_s
        return short and (raw is self.level or (raw is self._before and self._raw is not self.level))

    def _noise(self) -> Found:
        # The deque holds one more than the limit: full and young means too many.
        full = len(self._flickers) > FLICKERS
        if not self.noisy and full and self._now - self._flickers[0] <= NOISE_WINDOW_S:
            self.noisy = True
            return [DeviceNoisy(self.line)]
        if self.noisy and self._now - self._flickers[-1] >= NOISE_WINDOW_S:
            self.noisy = False
            self._flickers.clear()
            return [DeviceNoisy(self.line, quiet=True)]
        return []
