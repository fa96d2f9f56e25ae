"""The thread that measures: nothing but the bus, so that a call that hangs there holds up nobody else.

Rule 1: it judges nothing. Every sweep ends as counts or as a failure, and after a failure the bus is
opened anew.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from hardware.analogue.converter import Converter, ConverterError
from hardware.analogue.judge import Failure, Sweep

JOIN_S = 1.5


class Sampler:
    """Sweeps over the channels every ``every_s`` seconds and hands each result to ``take``."""

    def __init__(
        self,
        converter: Converter,
        channels: tuple[int, ...],
        supply: int,
        every_s: float,
        take: Callable[[Sweep | Failure], None],
    ) -> None:
        self._converter = converter
        self._channels = channels
        self._supply = supply
        self._every_s = every_s
        self._take = take
        self._is_open = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="analogue-sampler", daemon=True)

    def start(self) -> None:
        """Begin to measure."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; one that hangs in the kernel is left behind and ends with the process."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stopping.wait(max(0.0, due - time.monotonic())):
            # Sweeps that were missed are not made up for: the levels of now count.
            due = max(due + self._every_s, time.monotonic())
            self._take(self._sweep())
        self._shut()

    def _sweep(self) -> Sweep | Failure:
        try:
            self._open()
            before = self._converter.read(self._supply)
            zones = tuple(self._converter.read(channel) for channel in self._channels)
            after = self._converter.read(self._supply)
        except ConverterError as error:
            self._shut()
            return Failure(time.monotonic(), str(error))
        return Sweep(time.monotonic(), before, zones, after)

    def _open(self) -> None:
        if not self._is_open:
            self._converter.open()
            self._is_open = True

    def _shut(self) -> None:
        self._is_open = False
        with suppress(ConverterError):
            self._converter.close()
