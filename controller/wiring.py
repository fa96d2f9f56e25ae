"""All drivers of a site, and what may be asked of them.

Rule 1: only this file, its parts (wiring_*.py) and board.py know both the core and the hardware.
Rule 2: bolts are built first, before anything can fail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Protocol

from controller import wiring_parts
from controller.badge_keys import BadgeKeys
from controller.board import SIREN, ShowLamp
from controller.config import SiteFile
from controller.core.events import Event
from controller.core.state import State
from controller.device_addresses import ClockAddress, GpioAddress, NfcAddress, OsdpAddress, WatchdogAddress
from controller.errors import ConfigError
from controller.reader_keys import ReaderKeys
from controller.wiring_events import Meanings
from controller.wiring_parts import LAMP, Site, buses, gpio_board, nfc_readers, schemes_at
from hardware import signals
from hardware.analogue.loops import AnalogueLoops
from hardware.credentials import CREDENTIALS
from hardware.ntp_clock import NtpClock
from hardware.signals import Signal, Sink
from hardware.watchdog import Watchdog, WatchdogError

CLOCK = "clock"
WATCHDOG = "watchdog"
SITE_KEY = "site key"


class Driver(Protocol):
    """A thread with a wire."""

    def start(self) -> None:
        """Begin to report."""

    def stop(self) -> None:
        """End."""


class Wiring:
    """All drivers of a site; constructing it leaves every output bolted and starts nothing.

    Raises ConfigError when a pin, a port or a reader's key is not as it must be.
    """

    def __init__(self, site: SiteFile, data: Path, sink: Sink) -> None:
        self.plan, self._sink = site.plan, sink
        self.badge_keys = BadgeKeys(data, lambda: sink(signals.DeviceBack(SITE_KEY)))
        self._reader_keys = ReaderKeys(data)
        self._site = Site(site.plan, site.devices, site.wires, self.badge_keys.current, sink)
        self._clock = next((a for a in self._site.of(ClockAddress).values() if a.host), None)
        self._meanings = Meanings(site.plan, site.devices)
        self.siren = SIREN in site.devices
        self.gpio = gpio_board(self._site)
        self.lamps: dict[str, ShowLamp] = {
            d.removesuffix(LAMP): self.gpio.show
            for d, a in self._site.of(GpioAddress).items()
            if a.part == "lamp"
        }
        try:
            self._buses = list(buses(self._site, self._reader_keys))
            self._nfc = dict(zip(self._site.of(NfcAddress), nfc_readers(self._site), strict=True))
        except ConfigError:
            self.gpio.stop(leave_latching=True)  # bolted, and its pins are free for another try
            raise
        self.lamps |= {d: bus.show for bus, names in self._buses for d in names if d in site.plan.readers}
        self._loops: list[AnalogueLoops] = []
        self.drivers: list[Driver] = [*(bus for bus, _ in self._buses), *self._nfc.values()]
        if self._clock:
            self.drivers.append(_ntp(self._clock, sink))

    @property
    def has_clock(self) -> bool:
        """Whether the time comes from outside."""
        return self._clock is not None

    def settle(self, state: State) -> None:
        """Once, before the start: the site key in force and what loops measure at rest, as the log knows."""
        if not self.badge_keys.settle(state.site_key):
            self._sink(signals.DeviceLost(SITE_KEY, f"the site key {state.site_key} is not on this box"))
        self._loops = list(wiring_parts.loops(self._site, state.learned))
        self.drivers += self._loops

    def start(self) -> None:
        """Start every driver; bolts first."""
        self.gpio.start()
        for driver in self.drivers:
            driver.start()

    def stop(self) -> None:
        """Stop every driver; bolts drop first and stay so, and a siren that sounds goes on sounding."""
        self.gpio.stop(leave_latching=True)
        for driver in self.drivers:
            driver.stop()

    def alarm(self) -> None:
        """Drop every bolt and sound: something ended that must not end."""
        self.gpio.secure_all()
        if self.siren:
            self.gpio.set(SIREN, on=True)

    def events(self, at: int, signal: Signal) -> list[Event]:
        """What a Signal means to the core."""
        return self._meanings.events(at, signal)

    def personalise(self, reader: str, level: str, until_monotonic: float, taken: frozenset[str]) -> None:
        """Make the next card at an enrolment reader a badge; it answers with BadgeMade or BadgeNotMade."""
        scheme = next((one for one in CREDENTIALS if one.name == level), None)
        if reader not in self._nfc or scheme is None:
            self._sink(signals.BadgeNotMade(reader, f"no {level} badge can be made at {reader}"))
            return
        self._nfc[reader].personalise(scheme, until_monotonic, taken)

    def withdraw(self, reader: str) -> None:
        """Make no badge there after all; BadgeNotMade says so, unless a card is being made just now."""
        if reader in self._nfc:
            self._nfc[reader].withdraw()

    def display(self, panel: str, notice: str, text: str, until_monotonic: float) -> None:
        """Show a text on a panel of the site until then; an empty one takes the notice off."""
        for bus, names in self._buses:
            if panel in names and panel in self.plan.panels:
                bus.write(panel, notice, text, until_monotonic)

    def pair(self, device: str, until_monotonic: float) -> None:
        """Give a reader or board a fresh key; it answers with ReaderPaired or PairingFailed."""
        for bus, names in self._buses:
            if device in names:
                try:
                    bus.pair(device, until_monotonic, self._reader_keys.keep)
                except RuntimeError as error:
                    self._sink(signals.PairingFailed(device, str(error)))
                return
        self._sink(signals.PairingFailed(device, "is on no bus"))

    def learn(self, lines: Iterable[str]) -> None:
        """Learn what loops measure now as their rest; each answers with LoopLearned."""
        wanted = set(lines)
        for each in self._loops:
            if here := sorted(wanted & each.lines):
                each.learn(here)

    def watchdog(self) -> Watchdog | None:
        """The hardware watchdog, which runs from here on; None where the site file names none."""
        for address in self._site.of(WatchdogAddress).values():
            try:
                return Watchdog(address.port, address.timeout_s, sink=self._sink, device=WATCHDOG)
            except WatchdogError as error:
                raise ConfigError(f"outputs.watchdog: {error}") from error
        return None

    def health(self) -> dict[str, Any]:
        """Every bus, reader and loop as it is now, in plain values; from any thread."""
        keys, of = self.badge_keys.current(), self._site.of(OsdpAddress)
        told = [asdict(bus.health()) for bus, _ in self._buses]
        for bus in told:
            for device in bus["devices"]:
                device["reads"] = of[device["device"]].reads if device["device"] in self.plan.readers else ""
                device["keyed"] = self._reader_keys.has(device["device"])
        loops = [
            {"line": line, "ppm": ppm, "learned": learned}
            for each in self._loops
            for line, ppm, learned in each.measured()
        ]
        nfc = [
            {"device": d, "port": a.port, "reads": " ".join(one.name for one in schemes_at(self._site, d))}
            for d, a in self._site.of(NfcAddress).items()
        ]
        return {"site_key": keys.check_value if keys else "", "buses": told, "nfc": nfc, "loops": loops}

    def outside_wall_ms(self, patience_s: float) -> int | None:
        """What the outside clock says now, in UTC milliseconds; None without one, or when it is silent."""
        if self._clock is None:
            return None
        told: SimpleQueue[Signal] = SimpleQueue()
        clock = _ntp(self._clock, told.put)
        clock.start()
        try:
            return _first_wall(told, monotonic() + patience_s)
        finally:
            clock.stop()


def _ntp(clock: ClockAddress, sink: Sink) -> NtpClock:
    return NtpClock(CLOCK, clock.host, clock.port, every_s=clock.every_s, sink=sink)


def _first_wall(told: SimpleQueue[Signal], end: float) -> int | None:
    """Time of the first answer; what else the clock says, such as that it is back, is no time."""
    while (left := end - monotonic()) > 0:
        try:
            signal = told.get(timeout=left)
        except Empty:
            return None
        if isinstance(signal, signals.WallClock):
            return signal.wall_ms
    return None
