"""One serial line and whose turn it is on it. Rule 1: moves bytes and asks for the time, nothing more.

Rule 2: one peripheral that is dead, slow or babbling costs the others at most one wait.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from hardware.osdp.codec import MARK
from hardware.osdp.ear import Ear
from hardware.osdp.patience import GLANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from threading import Event

    from serial import Serial

    from hardware.osdp.engine import Engine
    from hardware.signals import Signal

    Tell = Callable[[Iterable[Signal]], None]

MOST_AT_ONCE = 4096


class Line:
    """The exchanges on one pair of wires; outlives the ports it is given.

    ``engines`` by address; ``tell`` takes what they have to say; ``longest`` is the size in bytes of the
    longest reply that may come.
    """

    def __init__(self, baud: int, engines: Mapping[int, Engine], tell: Tell, longest: int) -> None:
        self._baud = baud
        self._engines = engines
        self._tell = tell
        self._ear = Ear(baud, longest)
        self._silent: set[int] = set()
        self._hurried = False

    @property
    def rubbish(self) -> int:
        """Bytes heard that belonged to no frame."""
        return self._ear.rubbish

    def turn(self, port: Serial, stop: Event) -> None:
        """One exchange with whoever has the turn, or the wait until it is due."""
        now = monotonic()
        engine = self._whose_turn(now)
        early = engine.due - now
        if early > 0:
            stop.wait(early)
        else:
            self._exchange(port, engine)

    def _whose_turn(self, now: float) -> Engine:
        """Who is due first; but every second turn belongs to errands, where there are any.

        A card is asked a dozen things while somebody waits, and on a full line a round takes long.
        """
        engines = self._engines.values()
        pressing = [] if self._hurried else [one for one in engines if one.due <= now and one.pressing]
        self._hurried = bool(pressing)
        return min(pressing or engines, key=lambda one: one.due)

    def _exchange(self, port: Serial, engine: Engine) -> None:
        self._take_arrived(port)
        question = MARK + engine.ask(monotonic())
        port.write(question)
        end = monotonic() + self._patience(engine) + 10 * len(question) / self._baud
        rubbish, spoilt = self._ear.rubbish, False
        while engine.waiting and not spoilt and self._worth_waiting(end):
            data = port.read(min(port.in_waiting, MOST_AT_ONCE) or 1)
            self._take(data)
            # The answer has come and was damaged: nothing more will.
            spoilt = not data and not self._ear.expecting and self._ear.rubbish > rubbish
        if engine.waiting:
            # This thread itself may have been held up: what has arrived by now was in time.
            self._take_arrived(port)
        self._settle(engine)

    def _settle(self, engine: Engine) -> None:
        if engine.waiting:
            if not engine.lost:
                self._silent.add(engine.address)
            self._tell(engine.miss(monotonic()))

    def _patience(self, engine: Engine) -> float:
        """Two silent ones in a row are a cut line rather than slow readers: then all are asked briefly."""
        return engine.patience if len(self._silent) < 2 else GLANCE

    def _worth_waiting(self, end: float) -> bool:
        """Until the end; a frame that has begun may be finished."""
        now = monotonic()
        return now < end or (self._ear.expecting and now < end + self._ear.longest)

    def _take_arrived(self, port: Serial) -> None:
        if waiting := port.in_waiting:
            self._take(port.read(min(waiting, MOST_AT_ONCE)))

    def _take(self, data: bytes) -> None:
        """Gives each reply to the engine of its address, expected or late; our own echo is no reply."""
        now = monotonic()
        for frame in self._ear.hear(data, now):
            if frame.reply and frame.address in self._engines:
                self._silent.clear()
                self._tell(self._engines[frame.address].hear(frame, now))
