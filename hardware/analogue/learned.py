"""What a loop measures at rest, learned once: a far narrower window than resistors on paper can give.

Rule 1: a loop that measures another rest than the learned one is tampered with until it measures as
learned again or two people have it learned anew: somebody put his own resistor there.
Rule 2: slow change is told before it becomes tamper. Only readings inside the window move the average.
No I/O, no clock: readings come with their time in monotonic seconds.
"""

from math import exp

from hardware.signals import Level, LoopMoved


class LearnedWindow:
    """The learned window of one line.

    ``tolerance_ppm``: how far from the learned ratio is still rest. ``drift_ppm``: how far the average may
    wander before it is told. ``lasting_s``: how long a step must last. ``drift_s``: what is slow.
    """

    def __init__(
        self, line: str, *, tolerance_ppm: int, drift_ppm: int, lasting_s: float, drift_s: float
    ) -> None:
        self.learned_ppm: int | None = None
        self._line = line
        self._tolerance = tolerance_ppm
        self._drift = drift_ppm
        self._lasting_s = lasting_s
        self._drift_s = drift_s
        self._average = 0.0
        self._averaged_at: float | None = None
        self._inside: bool | None = None
        self._since = 0.0
        self._told_outside = self._told_drift = False

    def learn(self, ppm: int) -> None:
        """From now on this is the rest, whatever was before."""
        self.learned_ppm = ppm
        self._average = float(ppm)
        self._averaged_at = self._inside = None
        self._told_outside = self._told_drift = False

    def interrupt(self) -> None:
        """The line was unreadable: nothing has lasted, and no time has passed for the average."""
        self._averaged_at = self._inside = None

    def judge(self, level: Level, ppm: int, at: float) -> tuple[Level, list[LoopMoved]]:
        """What the learned window makes of a state and its ratio, and what is to be told of it."""
        if self.learned_ppm is None or level is not Level.NORMAL:
            self._averaged_at = self._inside = None
            return level, []
        off = ppm - self.learned_ppm
        inside = abs(off) <= self._tolerance
        if inside is not self._inside:
            self._inside, self._since = inside, at
        if inside:
            return Level.NORMAL, self._at_rest(self.learned_ppm, ppm, at)
        self._averaged_at = None
        return (Level.CUT if off > 0 else Level.SHORT), self._outside(self.learned_ppm, ppm, at)

    def _at_rest(self, learned: int, ppm: int, at: float) -> list[LoopMoved]:
        if self._lasted(at):
            self._told_outside = False
        self._follow(ppm, at)
        away = abs(self._average - learned)
        # A little hysteresis, so that an average at the limit is one excursion and not many.
        if self._told_drift and away < self._drift * 3 / 4:
            self._told_drift = False
        if self._told_drift or away <= self._drift:
            return []
        self._told_drift = True
        return [LoopMoved(self._line, round(self._average), learned, drift=True)]

    def _outside(self, learned: int, ppm: int, at: float) -> list[LoopMoved]:
        if self._told_outside or not self._lasted(at):
            return []
        self._told_outside = True
        slowly = abs(ppm - self._average) <= self._tolerance / 2
        if slowly and self._told_drift:
            return []
        self._told_drift = self._told_drift or slowly
        return [LoopMoved(self._line, ppm, learned, drift=slowly)]

    def _follow(self, ppm: int, at: float) -> None:
        passed = 0.0 if self._averaged_at is None else max(0.0, at - self._averaged_at)
        self._average += (ppm - self._average) * (1 - exp(-passed / self._drift_s))
        self._averaged_at = at

    def _lasted(self, at: float) -> bool:
        return at - self._since >= self._lasting_s
