"""The dead man: a thread that bolts a bolt when its time has passed, whatever the rest of the program does.

Rule 1: nothing is released while that thread does not run; when it ends, everything is bolted.
Rule 2: the lock is held for the wire and never for the sink.
Rule 3: every output is read back each ``CHECK_S``, also when nothing happens.
"""

import math
import threading
import time
from collections.abc import Collection, Sequence

from hardware.gpio_chip import Chip, GpioError
from hardware.gpio_relays import Relays
from hardware.pins import OutputPin
from hardware.signals import DeviceLost, Signal, Sink

CHECK_S = 0.25


class Outputs:
    """Bolts with their ends, and outputs that latch."""

    def __init__(
        self, chip: Chip, outputs: Sequence[OutputPin], sink: Sink, one_at_a_time: Collection[str] = ()
    ) -> None:
        self._relays = Relays(chip, outputs, one_at_a_time)
        self._latching = [output.line for output in outputs if output.latching]
        self._sink = sink
        self._turn = threading.Condition()
        self._running = False
        self._next_check = 0.0
        self._thread = threading.Thread(target=self._guard, name="gpio-deadman", daemon=True)

    def start(self) -> None:
        """From here on releases are accepted, and ended."""
        self._running = True
        self._thread.start()

    def stop(self, *, leave_latching: bool) -> None:
        """Bolt everything; latching outputs rest too unless they are to be left."""
        with self._turn:
            self._running = False
            self._turn.notify()
        if self._thread.ident is not None:
            self._thread.join()
        self.secure_all()
        for line in [] if leave_latching else self._latching:
            self.set(line, on=False)

    def release(self, line: str, until: float) -> None:
        """Release a bolt until a monotonic second; too late is reported as LateRelease and not done."""
        self._relays.output(line, latching=False)
        if not math.isfinite(until):
            raise ValueError(f"{line}: a release needs an end, not {until}")
        with self._turn:
            if not self._running:
                raise GpioError(f"{line}: nothing is released while nobody is there to end it")
            found = self._relays.release(line, until)
            self._turn.notify()
        self._tell(found)

    def secure(self, line: str) -> None:
        """Bolt at once."""
        self._relays.output(line, latching=False)
        with self._turn:
            found = self._relays.bolt(line)
            self._turn.notify()
        self._tell(found)

    def secure_all(self) -> None:
        """Bolt every bolt at once; one that fails does not keep the others open."""
        with self._turn:
            found = self._relays.bolt_all()
            self._turn.notify()
        self._tell(found)

    def set(self, line: str, *, on: bool) -> None:
        """Switch a latching output."""
        self._relays.output(line, latching=True)
        with self._turn:
            found = self._relays.switch(line, on=on)
        self._tell(found)

    def level(self, line: str) -> bool:
        """Whether the output is energised, read back from the chip; GpioError when it cannot be read."""
        return self._relays.energised(line)

    def _guard(self) -> None:
        try:
            while self._running:
                self._tell(self._settle())
        finally:
            orderly, self._running = not self._running, False
            self.secure_all()
            if not orderly:
                self._tell(
                    [
                        DeviceLost(line, "the thread that ends releases has ended")
                        for line in self._relays.lines
                    ]
                )

    def _settle(self) -> list[Signal]:
        with self._turn:
            if self._running:
                self._turn.wait(self._pause())
            found = self._relays.settle() if self._running else []
            return [*found, *self._check()]

    def _check(self) -> list[Signal]:
        if not self._running or time.monotonic() < self._next_check:
            return []
        self._next_check = time.monotonic() + CHECK_S
        return self._relays.check()

    def _pause(self) -> float:
        wake = self._relays.wake()
        due = self._next_check if wake is None else min(wake, self._next_check)
        return max(0.0, due - time.monotonic())

    def _tell(self, found: list[Signal]) -> None:
        for signal in found:
            self._sink(signal)
