"""All loops of one converter: sweeps become ratios, failures become one loss. No I/O, no thread, no clock.

Rule 1: a sweep counts whole or not at all: the supply is read before and after the loops, must be within
its limits and must not have moved in between.
Rule 2: no news is bad news: a converter that fails for 0.3 s, or is silent for 1.5 s, is lost, and every
loop on it is cut until it measures again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hardware.analogue.windows import WHOLE
from hardware.analogue.zones import REFUSED_PPM, Loop, LoopZone
from hardware.gpio_filter import ZoneFilter
from hardware.signals import DeviceBack, DeviceLost, LoopLearned, Signal

FAILING_S = 0.3
SILENT_S = 1.5
BACK_SWEEPS = 5
# How far the supply may move within one sweep, of its measured value: 1/50.
STEADY = 50


@dataclass(frozen=True, slots=True)
class Supply:
    """The supply of the loops, on one channel; ValueError for a value outside its range.

    ``millivolts`` (1,000 to 30,000): what it should be. ``share_ppm`` (1,000 to 1,000,000): how much of it
    the divider before the channel lets through. ``tolerance_ppm`` (10,000 to 300,000): how far it may be
    off before the loops count as cut.
    """

    channel: int
    millivolts: int = 3300
    share_ppm: int = WHOLE
    tolerance_ppm: int = 150_000

    def __post_init__(self) -> None:
        for name, low, high in (
            ("millivolts", 1_000, 30_000),
            ("share_ppm", 1_000, WHOLE),
            ("tolerance_ppm", 10_000, 300_000),
        ):
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"supply: {name} is {getattr(self, name)}, must be {low} to {high}")

    def millivolts_of(self, counts: int, full_scale: int, full_scale_mv: int) -> int:
        """What counts of its channel say of the supply."""
        return counts * full_scale_mv * WHOLE // (full_scale * self.share_ppm)

    def is_good(self, millivolts: int) -> bool:
        """Whether it is within its limits."""
        return abs(millivolts - self.millivolts) * WHOLE <= self.millivolts * self.tolerance_ppm


@dataclass(frozen=True, slots=True)
class Sweep:
    """Counts of the supply before, of every loop in the order of the zones, and of the supply after."""

    at: float
    before: int
    zones: tuple[int, ...]
    after: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A sweep that did not come to its end. ``why`` is for people."""

    at: float
    why: str


class Judge:
    """What the sweeps of one converter mean. ``full_scale`` in counts and millivolts as the converter's."""

    def __init__(
        self,
        device: str,
        zones: Sequence[LoopZone],
        supply: Supply,
        *,
        full_scale: tuple[int, int],
        learned: Mapping[str, int],
        born: float,
    ) -> None:
        self.lost = False
        self._device = device
        self._supply = supply
        self._full_scale = full_scale
        self._loops = {zone.line: Loop(zone, learned.get(zone.line), born) for zone in zones}
        self._noise = ZoneFilter(device, FAILING_S, born)
        self._good = 0
        self._heard = born
        self._failing_since: float | None = None

    def take(self, news: Sweep | Failure) -> list[Signal]:
        """Judge one sweep or failure."""
        self._heard = max(self._heard, news.at)
        if isinstance(news, Failure):
            return self._failed(news)
        if why := self._why_not(news):
            return self._failed(Failure(news.at, why))
        return self._measured(news)

    def settle(self, now: float) -> list[Signal]:
        """What fell due up to ``now``."""
        due: list[Signal] = list(self._noise.settle(now))
        for loop in [] if self.lost else self._loops.values():
            due += loop.settle(self._heard)
        if now - self._heard >= SILENT_S:
            due += self.lose("it has not answered for too long")
        return due

    def measured(self) -> list[tuple[str, int | None, int | None]]:
        """Each line with its newest ratio and the learned one, in ppm of the supply. From any thread."""
        return [(line, loop.measured_ppm, loop.learned_ppm) for line, loop in self._loops.items()]

    def learn(self, lines: Iterable[str]) -> list[Signal]:
        """Begin to learn the rest of these lines; a converter that is lost teaches nothing."""
        if self.lost:
            return [LoopLearned(line, REFUSED_PPM) for line in lines]
        return [signal for line in lines for signal in self._loops[line].learn()]

    def lose(self, why: str) -> list[Signal]:
        """The converter is lost; nothing when it was already."""
        self._good = 0
        if self.lost:
            return []
        self.lost = True
        cut = [signal for loop in self._loops.values() for signal in loop.lost()]
        return [DeviceLost(self._device, why), *cut]

    def _measured(self, sweep: Sweep) -> list[Signal]:
        self._good += 1
        if self.lost and self._good < BACK_SWEEPS:
            return []
        found: list[Signal] = [DeviceBack(self._device)] if self.lost else []
        self.lost = False
        whole = sweep.before + sweep.after
        for loop, counts in zip(self._loops.values(), sweep.zones, strict=True):
            found += loop.read(2 * counts * self._supply.share_ppm // whole, sweep.at)
        # A bus that works now and then is failing until the loops have three readings in a row.
        if self._good >= BACK_SWEEPS:
            self._failing_since = None
        return found

    def _failed(self, failure: Failure) -> list[Signal]:
        self._good = 0
        if self.lost:
            return []
        if self._failing_since is None:
            self._failing_since = failure.at
        noise: list[Signal] = [signal for loop in self._loops.values() for signal in loop.interrupt()]
        noise += self._noise.flickered(failure.at)
        lasted = failure.at - self._failing_since >= FAILING_S
        return [*noise, *(self.lose(failure.why) if lasted else [])]

    def _why_not(self, sweep: Sweep) -> str:
        for counts in (sweep.before, sweep.after):
            found = self._supply.millivolts_of(counts, *self._full_scale)
            if not self._supply.is_good(found):
                return f"the supply of its loops is {found} mV, must be about {self._supply.millivolts} mV"
        if abs(sweep.before - sweep.after) * STEADY > sweep.before:
            return "the supply of its loops is not steady"
        return ""
