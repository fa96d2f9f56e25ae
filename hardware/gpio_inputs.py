"""Supervised zones on pins: edges for speed, a slow reading of every level for truth.

Rule 1: the library's thread only notes the edge; one thread of ours judges. The notes are bounded, and
what overflows or never arrived is healed by the next reading of the levels.
Rule 2: levels, not edges: a missed edge can delay a report, never invert one.
"""

import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from hardware.gpio_chip import Chip, GpioError
from hardware.gpio_filter import Found, ZoneFilter
from hardware.pins import ZONE_LEVELS, InputZone, Pin
from hardware.signals import DeviceBack, DeviceLost, Level, Signal, Sink

REREAD_S = 0.1
NOTES = 4096


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of a pin and what the pin read a moment later."""

    pin: Pin
    on: bool
    at: float


class Zone:
    """One zone: its pins as last read, and its filter."""

    def __init__(self, chip: Chip, zone: InputZone) -> None:
        self.zone = zone
        self.lost = False
        self._chip = chip
        self._bits: dict[int, bool] = {}
        self._unpaired: dict[int, float] = {}
        self._filter = ZoneFilter(zone.line, zone.filter_ms / 1000, time.monotonic())

    def edge(self, edge: Edge) -> Found:
        """Judge one noted edge."""
        if edge.pin.bcm not in self._bits:
            return []
        if self._bits[edge.pin.bcm] == edge.on:
            return self._unchanged(edge)
        self._bits[edge.pin.bcm] = edge.on
        return self._filter.read(self._level(), edge.at)

    def reread(self) -> list[Signal]:
        """Read the levels: heals what edges missed, reports a line that cannot be read, and its return."""
        at = time.monotonic()
        try:
            self._bits = {pin.bcm: self._chip.read(pin) for pin in self.zone.pins}
        except GpioError as error:
            return self._gone(error)
        back: list[Signal] = [DeviceBack(self.zone.line)] if self.lost else []
        self.lost = False
        return [*back, *self._filter.read(self._level(), at), *self._filter.settle(time.monotonic())]

    def due(self) -> float | None:
        """When the filter wants to be asked again."""
        return self._filter.due()

    def _unchanged(self, edge: Edge) -> Found:
        # The pin moved and reads as before: with a second such edge it was away and came back. A single
        # one is only the edge of a change that a reading saw first.
        before = self._unpaired.pop(edge.pin.bcm, None)
        if before is not None and edge.at - before < REREAD_S:
            return self._filter.flickered(edge.at)
        self._unpaired[edge.pin.bcm] = edge.at
        return []

    def _level(self) -> Level:
        bits = [self._bits[pin.bcm] for pin in self.zone.pins]
        return ZONE_LEVELS[bits[0], bits[1] if len(bits) > 1 else False]

    def _gone(self, error: GpioError) -> list[Signal]:
        self._filter.forget()
        self._bits = {}
        if self.lost:
            return []
        self.lost = True
        return [DeviceLost(self.zone.line, str(error))]


class Inputs:
    """All zones of a board and the thread that watches them."""

    def __init__(self, chip: Chip, zones: Sequence[InputZone], sink: Sink) -> None:
        self._chip = chip
        self._sink = sink
        self._zones = [Zone(chip, zone) for zone in zones]
        self._of_pin = {pin.bcm: zone for zone in self._zones for pin in zone.zone.pins}
        self._notes: deque[Edge] = deque(maxlen=NOTES)
        self._next = 0.0
        self._renewing = False
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gpio-inputs", daemon=True)

    def start(self) -> None:
        """Make the pins inputs, watch their edges, and report every level once it has lasted."""
        self._make()
        self._thread.start()

    def renew(self) -> None:
        """Make the pins inputs again soon: without its resistor a torn-off lead would read normal."""
        self._renewing = True
        self._wake.set()

    def stop(self) -> None:
        """End the thread and free the pins."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()
        for pin in self._pins():
            self._chip.unwatch(pin)

    def _pins(self) -> Iterable[Pin]:
        return (pin for zone in self._zones for pin in zone.zone.pins)

    def _make(self) -> None:
        for pin in self._pins():
            self._chip.make_input(pin)
        for pin in self._pins():
            self._chip.watch(pin, self._note)

    def _make_again(self) -> None:
        self._renewing = False
        for pin in self._pins():
            self._chip.unwatch(pin)
        try:
            self._make()
        except GpioError:
            self._renewing = True  # every line reads as lost now; tried again with the next reading

    def _note(self, pin: Pin) -> None:
        # Runs on the library's thread, which prints and forgets what is raised here.
        at = time.monotonic()
        # A pin that cannot be read is met and reported by the next reading of the levels.
        with suppress(GpioError):
            self._notes.append(Edge(pin, self._chip.read(pin), at))
        self._wake.set()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._turn()
        finally:
            if not self._stopping.is_set():
                self._tell(
                    [
                        DeviceLost(zone.zone.line, "the thread that watches it has ended")
                        for zone in self._zones
                    ]
                )

    def _turn(self) -> None:
        self._wake.clear()
        if self._renewing:
            self._make_again()
        while self._notes:
            edge = self._notes.popleft()
            self._tell(self._of_pin[edge.pin.bcm].edge(edge))
        for zone in self._to_reread(time.monotonic()):
            self._tell(zone.reread())
        self._wake.wait(self._pause(time.monotonic()))

    def _to_reread(self, now: float) -> list[Zone]:
        # All of them now and then; a line whose level is about to be believed also at that moment.
        if now >= self._next:
            self._next = now + REREAD_S
            return self._zones
        return [zone for zone in self._zones if (due := zone.due()) is not None and due <= now]

    def _pause(self, now: float) -> float:
        dues = [due for zone in self._zones if (due := zone.due()) is not None]
        return max(0.0, min([self._next, *dues]) - now)

    def _tell(self, found: Iterable[Signal]) -> None:
        for signal in found:
            self._sink(signal)
