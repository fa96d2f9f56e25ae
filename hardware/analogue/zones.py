"""One supervised loop: what the site says of it, and how its readings become levels. No I/O, no clock.

Rule 1: a level is believed when it has lasted and was measured all the while, by the filter that all lines
have. A reading is the middle one of three, so that one spark on the wire moves nothing; three readings in
three states are no reading of rest, but CUT.
Rule 2: a loop is learned only at rest and quiet; a refused learning is told as ``ppm=-1``.
"""

from collections import deque
from dataclasses import dataclass, field
from statistics import median_low

from hardware.analogue.learned import LearnedWindow
from hardware.analogue.windows import Resistors, Windows
from hardware.gpio_filter import ZoneFilter
from hardware.signals import Level, LineLevel, LoopLearned, Signal

REFUSED_PPM = -1
SAMPLES = 64
# A resting loop on a 12 bit converter moves by two or three counts of 244 ppm.
QUIET_PPM = 2_000
MIDDLE_OF = 3


@dataclass(frozen=True, slots=True)
class LoopZone:
    """One loop under the name the site file gives it; ValueError for a value outside its range.

    ``filter_ms`` (30 to 200): how long a level must last to be believed; 400 ms are seen either way
    (IEC 60839-11-1). ``tolerance_ppm`` (1,500 to 50,000): how far from the learned ratio is still rest.
    4,000 are some 75 ohm of 4,700: room for heat and a 12 bit converter, none for the next usual resistor
    value, nor for 10 kilo-ohm across an open contact. ``drift_ppm`` (500 up to the tolerance): when slow
    change is told. ``drift_s`` (1 to 86,400): what is slow.
    """

    line: str
    channel: int
    resistors: Resistors = field(default_factory=Resistors)
    filter_ms: int = 50
    tolerance_ppm: int = 4_000
    drift_ppm: int = 2_000
    drift_s: float = 60.0

    def __post_init__(self) -> None:
        self._within("filter_ms", 30, 200)
        self._within("tolerance_ppm", 1_500, 50_000)
        self._within("drift_ppm", 500, self.tolerance_ppm)
        self._within("drift_s", 1, 86_400)

    def _within(self, name: str, low: int, high: int) -> None:
        value = getattr(self, name)
        if not low <= value <= high:
            raise ValueError(f"{self.line}: {name} is {value}, must be {low} to {high}")


class Loop:
    """One loop in time. ``born`` and every ``at`` are monotonic seconds."""

    def __init__(self, zone: LoopZone, learned_ppm: int | None, born: float) -> None:
        self.zone = zone
        self._windows = Windows.of(zone.resistors)
        self._filter = ZoneFilter(zone.line, zone.filter_ms / 1000, born)
        self._learned = LearnedWindow(
            zone.line,
            tolerance_ppm=zone.tolerance_ppm,
            drift_ppm=zone.drift_ppm,
            lasting_s=zone.filter_ms / 1000,
            drift_s=zone.drift_s,
        )
        self._last: deque[int] = deque(maxlen=MIDDLE_OF)
        self._samples: list[int] | None = None
        if learned_ppm is not None:
            self._learned.learn(learned_ppm)

    @property
    def measured_ppm(self) -> int | None:
        """The newest ratio; None while the loop is not measured. From any thread."""
        last = tuple(self._last)
        return last[-1] if last else None

    @property
    def learned_ppm(self) -> int | None:
        """The rest it was taught; None before. From any thread."""
        return self._learned.learned_ppm

    def read(self, ppm: int, at: float) -> list[Signal]:
        """Take one measured ratio; what it completes. Nothing is judged before three in a row."""
        self._last.append(ppm)
        if len(self._last) < MIDDLE_OF:
            return []
        middle = median_low(self._last)
        rest = self._state(middle)
        learned = self._learning(rest, ppm)
        level, moved = self._learned.judge(rest, middle, at)
        return [*learned, *moved, *self._filter.read(level, at)]

    def learn(self) -> list[Signal]:
        """Begin to measure the rest."""
        again = self.refuse()
        self._samples = []
        return again

    def refuse(self) -> list[Signal]:
        """End a learning without a result; nothing when none is under way."""
        if self._samples is None:
            return []
        self._samples = None
        return [LoopLearned(self.zone.line, REFUSED_PPM)]

    def interrupt(self) -> list[Signal]:
        """A reading failed: three in a row are needed again, and a change under way begins anew."""
        self._last.clear()
        self._learned.interrupt()
        if self._filter.due() is None:
            return []
        if self._filter.level is None:
            self._filter.forget()
            return []
        # Back to what was believed, at the time of the last reading: the filter takes no earlier one.
        return list(self._filter.read(self._filter.level, 0.0))

    def lost(self) -> list[Signal]:
        """Nobody measures the loop any more: it counts as cut, and its next level is reported in any case."""
        noise = self.interrupt()
        self._filter.forget()
        return [*noise, *self.refuse(), LineLevel(self.zone.line, Level.CUT)]

    def settle(self, now: float) -> list[Signal]:
        """What fell due up to ``now``, such as the end of a noise."""
        return list(self._filter.settle(now)) if self._last else []

    def _state(self, middle: int) -> Level:
        state = self._windows.level(middle)
        agreeing = sum(self._windows.level(ppm) is state for ppm in self._last)
        return state if agreeing > 1 else Level.CUT

    def _learning(self, rest: Level, ppm: int) -> list[Signal]:
        if self._samples is None:
            return []
        self._samples.append(ppm)
        spread = max(self._samples) - min(self._samples)
        if rest is not Level.NORMAL or self._filter.noisy or spread > QUIET_PPM:
            return self.refuse()
        if len(self._samples) < SAMPLES:
            return []
        learned = round(sum(self._samples) / SAMPLES)
        self._samples = None
        self._learned.learn(learned)
        return [LoopLearned(self.zone.line, learned)]
