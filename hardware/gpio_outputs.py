"""Bolts and siren on pins, and the dead man who drops a bolt when its time has passed.

Rule 1: a bolt is constructed bolted and is only ever released with an end; the end is kept here, by a
thread of its own, whatever the rest of the program does.
Rule 2: a release that comes after its time is not carried out (behaviour 33e).
Rule 3: bolting that fails is tried again until it succeeds; releasing that fails is not.
"""

import math
import threading
import time
from collections.abc import Sequence

from hardware.gpio_chip import Chip, GpioError
from hardware.pins import OutputPin, PinError
from hardware.signals import DeviceBack, DeviceLost, LateRelease, Signal, Sink

RETRY_S = 0.05


class Outputs:
    """Bolts with their ends, and outputs that latch."""

    def __init__(self, chip: Chip, outputs: Sequence[OutputPin], sink: Sink) -> None:
        self._chip = chip
        self._sink = sink
        self._outputs = {output.line: output for output in outputs}
        self._until: dict[str, float] = {}
        self._lost: set[str] = set()
        self._turn = threading.Condition()
        self._running = False
        self._thread = threading.Thread(target=self._guard, name="gpio-deadman", daemon=True)
        for output in outputs:
            chip.make_output(output.pin, on=False)

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
        for line, output in self._outputs.items():
            if output.latching and not leave_latching:
                self.set(line, on=False)

    def release(self, line: str, until: float) -> None:
        """Release a bolt until a monotonic second; too late is reported as LateRelease and not done."""
        self._output(line, latching=False)
        if not math.isfinite(until):
            raise ValueError(f"{line}: a release needs an end, not {until}")
        with self._turn:
            if not self._running:
                raise GpioError(f"{line}: nothing is released while nobody is there to end it")
            found = self._release(line, until)
            self._turn.notify()
        self._tell(found)

    def secure(self, line: str) -> None:
        """Bolt at once."""
        self._output(line, latching=False)
        with self._turn:
            found = self._bolt(line)
            self._turn.notify()
        self._tell(found)

    def secure_all(self) -> None:
        """Bolt every bolt at once; one that fails does not keep the others open."""
        for line, output in self._outputs.items():
            if not output.latching:
                self.secure(line)

    def set(self, line: str, *, on: bool) -> None:
        """Switch a latching output."""
        output = self._output(line, latching=True)
        with self._turn:
            try:
                self._chip.write(output.pin, on=on)
                found = self._back(line)
            except GpioError as error:
                found = self._gone(line, error)
        self._tell(found)

    def level(self, line: str) -> bool:
        """Whether the output is energised, read back from the chip; GpioError when it cannot be read."""
        return self._chip.read(self._outputs[line].pin)

    def _output(self, line: str, *, latching: bool) -> OutputPin:
        output = self._outputs.get(line)
        if output is None:
            raise PinError(f"no output is called {line!r}; there is {', '.join(sorted(self._outputs))}")
        if output.latching != latching:
            raise PinError(f"{line} {'stays as told' if output.latching else 'is a bolt and needs an end'}")
        return output

    def _release(self, line: str, until: float) -> list[Signal]:
        if (now := time.monotonic()) >= until:
            return [_late(line, now, until)]
        # The end is noted before the current flows: whatever happens now, the dead man knows.
        self._until[line] = until
        try:
            self._chip.write(self._outputs[line].pin, on=True)
        except GpioError as error:
            self._until[line] = now
            return self._gone(line, error)
        if (now := time.monotonic()) >= until:
            return [*self._bolt(line), _late(line, now, until)]
        return self._back(line)

    def _bolt(self, line: str) -> list[Signal]:
        try:
            self._chip.write(self._outputs[line].pin, on=False)
        except GpioError as error:
            self._until[line] = time.monotonic() + RETRY_S
            return self._gone(line, error)
        self._until.pop(line, None)
        return self._back(line)

    def _guard(self) -> None:
        try:
            while self._running:
                self._tell(self._drop_due())
        finally:
            orderly, self._running = not self._running, False
            self.secure_all()
            if not orderly:
                self._tell(
                    [DeviceLost(line, "the thread that ends releases has ended") for line in self._outputs]
                )

    def _drop_due(self) -> list[Signal]:
        with self._turn:
            if self._running and not self._overdue():
                self._turn.wait(self._next_end())
            return [signal for line in self._overdue() for signal in self._bolt(line)]

    def _overdue(self) -> list[str]:
        now = time.monotonic()
        return sorted((line for line, end in self._until.items() if end <= now), key=self._until.__getitem__)

    def _next_end(self) -> float | None:
        return max(0.0, min(self._until.values()) - time.monotonic()) if self._until else None

    def _gone(self, line: str, error: GpioError) -> list[Signal]:
        if line in self._lost:
            return []
        self._lost.add(line)
        return [DeviceLost(line, str(error))]

    def _back(self, line: str) -> list[Signal]:
        if line not in self._lost:
            return []
        self._lost.discard(line)
        return [DeviceBack(line)]

    def _tell(self, found: list[Signal]) -> None:
        for signal in found:
            self._sink(signal)


def _late(line: str, now: float, until: float) -> LateRelease:
    return LateRelease(line, late_ms=max(0, round((now - until) * 1000)))
