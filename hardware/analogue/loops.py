"""The supervised loops on one converter, as a driver: one thread measures, one judges and tells.

Rule 1: levels, not edges: every level is told after the start and after a loss, then each change.
Rule 2: the judging thread ends when it is told to, or with DeviceLost.
"""

import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from hardware.analogue.converter import Converter, checked_channel
from hardware.analogue.judge import Failure, Judge, Supply, Sweep
from hardware.analogue.sampler import Sampler
from hardware.analogue.zones import REFUSED_PPM, LoopZone
from hardware.signals import LoopLearned, Signal, Sink

EVERY_S = 0.01
SETTLE_S = 0.1
NEWS = 1024
NOTHING_LEARNED: Mapping[str, int] = MappingProxyType({})


class AnalogueLoops:
    """Watches the loops on one converter.

    ``learned``: what lines measured at rest when it was last learned, in ppm of the supply. ``sink`` is
    called from the driver's thread, and from a caller of ``learn`` after the end; it must not block.
    Raises ValueError for a channel or a line used twice or a channel that the converter does not have.
    """

    def __init__(
        self,
        device: str,
        converter: Converter,
        zones: Sequence[LoopZone],
        *,
        supply: Supply,
        sink: Sink,
        learned: Mapping[str, int] = NOTHING_LEARNED,
        every_s: float = EVERY_S,
    ) -> None:
        self.lines = frozenset(zone.line for zone in zones)
        channels = tuple(checked_channel(zone.channel, converter.channels) for zone in zones)
        _each_once(device, [zone.line for zone in zones])
        _each_once(device, [*channels, checked_channel(supply.channel, converter.channels)])
        self._sink = sink
        self._judge = Judge(
            device,
            zones,
            supply,
            full_scale=(converter.full_scale, converter.full_scale_mv),
            learned=learned,
            born=time.monotonic(),
        )
        self._news: deque[Sweep | Failure] = deque(maxlen=NEWS)
        self._asked: list[tuple[str, ...]] = []
        self._some = threading.Condition()
        self._stopping = False
        self._ended = False
        self._sampler = Sampler(converter, channels, supply.channel, every_s, self._take)
        self._thread = threading.Thread(target=self._run, name=f"analogue-{device}", daemon=True)

    def start(self) -> None:
        """Begin to measure and to tell every level once it has lasted."""
        self._thread.start()
        self._sampler.start()

    def stop(self) -> None:
        """End both threads and let go of the bus."""
        self._sampler.stop()
        with self._some:
            self._stopping = True
            self._some.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def learn(self, lines: Iterable[str]) -> None:
        """Learn what these lines measure now as their rest, from any thread.

        Each line answers with one LoopLearned: its ratio, which counts from then on, or ``ppm=-1`` when
        it was not at rest, not quiet, or not measured; then nothing is changed. KeyError for a line that
        is not on this converter.
        """
        wanted = tuple(lines)
        if strange := sorted(set(wanted) - self.lines):
            raise KeyError(f"no loop of this converter: {', '.join(strange)}")
        with self._some:
            if not self._ended:
                self._asked.append(wanted)
                self._some.notify()
                return
        self._tell([LoopLearned(line, REFUSED_PPM) for line in wanted])

    def measured(self) -> list[tuple[str, int | None, int | None]]:
        """Each line, its newest ratio and the learned one, in ppm of the supply; None where there is none."""
        return self._judge.measured()

    def _take(self, news: Sweep | Failure) -> None:
        with self._some:
            self._news.append(news)
            self._some.notify()

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._turn()
        finally:
            self._end()

    def _turn(self) -> None:
        with self._some:
            self._some.wait_for(lambda: self._news or self._asked or self._stopping, SETTLE_S)
            news, asked = list(self._news), list(self._asked)
            self._news.clear()
            self._asked.clear()
        for lines in asked:
            self._tell(self._judge.learn(lines))
        for each in news:
            self._tell(self._judge.take(each))
        self._tell(self._judge.settle(time.monotonic()))

    def _end(self) -> None:
        with self._some:
            self._ended = True
            asked = [line for lines in self._asked for line in lines]
        if not self._stopping:
            self._tell(self._judge.lose("the thread that watches it has ended"))
        self._tell([LoopLearned(line, REFUSED_PPM) for line in asked])

    def _tell(self, found: Iterable[Signal]) -> None:
        for signal in found:
            self._sink(signal)


def _each_once(device: str, names: Sequence[object]) -> None:
    if twice := sorted({str(name) for name in names if names.count(name) > 1}):
        raise ValueError(f"{device}: {', '.join(twice)} is used twice on this converter")
