"""From the site file's addresses to drivers, and from their Signals to the core's events.

Rule 1: only this file and board.py know both the core and the hardware.
Rule 2: every kind of address has one builder here; bolts are built first, before anything can fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Protocol

from controller import pin_entry
from controller.board import SIREN, ShowLamp
from controller.core.events import (
    BadgeMade,
    BadgeNotMade,
    BadgeRead,
    DeviceBack,
    DeviceLost,
    DeviceNoisy,
    Event,
    InputLevel,
    Level,
    LoopLearned,
    LoopMoved,
    PairingFailed,
    PinTyped,
    ReaderPaired,
    ReleaseDropped,
)
from controller.core.plan import Role, SitePlan
from controller.device_addresses import (
    Address,
    BoardAddress,
    ClockAddress,
    GpioAddress,
    NfcAddress,
    OsdpAddress,
)
from controller.errors import ConfigError
from controller.keys import reader_key
from hardware import pins, signals
from hardware.gpio import GpioBoard, GpioError
from hardware.nfc_reader import NfcReader
from hardware.ntp_clock import NtpClock
from hardware.osdp.bus import OsdpBus
from hardware.osdp.peripheral import Peripheral
from hardware.signals import Signal, Sink

CLOCK = "clock"
LAMP = ".lamp"


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

    def __init__(self, plan: SitePlan, devices: Mapping[str, Address], data: Path, sink: Sink) -> None:
        self.plan, self._data, self._sink = plan, data, sink
        self._pins = pin_entry.PinEntry()
        self._all = dict(devices)
        self._clock = next((a for a in self._all.values() if isinstance(a, ClockAddress) and a.host), None)
        self.siren = SIREN in devices
        self.lamps: dict[str, ShowLamp] = {}
        self.gpio = self._gpio()
        try:
            self.drivers: list[Driver] = [*self._buses(), *self._nfc()]
        except ConfigError:
            self.gpio.stop(leave_latching=True)  # bolted, and its pins are free for another try
            raise
        if self._clock:
            self.drivers.append(_ntp(self._clock, sink))
        self._falls_with = self._door_lines()

    @property
    def has_clock(self) -> bool:
        """Whether the time comes from outside."""
        return self._clock is not None

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

    def events(self, at: int, signal: Signal) -> list[Event]:  # noqa: C901, PLR0911, PLR0912 - one line a Signal
        """What a Signal means to the core."""
        match signal:
            case signals.CardRead(device, token, scheme, uid, counter, fault, took_ms):
                return [BadgeRead(at, device, token, scheme, uid, counter, fault or "", took_ms)]
            case signals.KeysTyped(device, digits):
                return [PinTyped(at, device, pin) for pin in self._pins.typed(device, digits, at)]
            case signals.LineLevel(line, level):
                return [InputLevel(at, line, Level(level.value))]
            case signals.TamperLevel(device, active):
                cover = Level.ACTIVE if active else Level.NORMAL
                return [InputLevel(at, f"{device}.tamper", cover)]
            case signals.PowerLevel(device, lost):
                supply = Level.ACTIVE if lost else Level.NORMAL
                return [InputLevel(at, f"{device}.power", supply)]
            case signals.DeviceLost(device, why, suspect):
                return [DeviceLost(at, name, why, suspect) for name in self._gone_with(device)]
            case signals.DeviceBack(device):
                return [DeviceBack(at, name) for name in self._gone_with(device)]
            case signals.DeviceNoisy(device, quiet):
                return [DeviceNoisy(at, device, quiet)]
            case signals.LateRelease(line, late_ms):
                return [ReleaseDropped(at, line, late_ms)]
            case signals.BadgeMade(device, scheme, token, uid):
                return [BadgeMade(at, device, scheme, token, uid)]
            case signals.BadgeNotMade(device, why):
                return [BadgeNotMade(at, device, why)]
            case signals.ReaderPaired(device, identity):
                return [ReaderPaired(at, device, identity)]
            case signals.PairingFailed(device, why):
                return [PairingFailed(at, device, why)]
            case signals.LoopLearned(line, ppm):
                return [LoopLearned(at, line, ppm)]
            case signals.LoopMoved(line, ppm, learned, drift):
                return [LoopMoved(at, line, ppm, learned, drift)]
            case signals.WallClock():
                return []  # the loop's own affair: it alone knows what the clock said before

    def _gpio(self) -> GpioBoard:
        of = {d: a for d, a in self._all.items() if isinstance(a, GpioAddress)}
        try:
            board = GpioBoard(
                [pins.output(a.pin, d, latching=d == SIREN) for d, a in of.items() if a.part == "relay"],
                [pins.zone(a.pin, d) for d, a in of.items() if a.part == "input"],
                [pins.lamp(a.pin, d.removesuffix(LAMP)) for d, a in of.items() if a.part == "lamp"],
                sink=self._sink,
            )
        except (GpioError, pins.PinError) as error:
            raise ConfigError(f"gpio: {error}") from error
        self.lamps.update({d.removesuffix(LAMP): board.show for d, a in of.items() if a.part == "lamp"})
        return board

    def _buses(self) -> list[OsdpBus]:
        """One bus for each port; several readers and boards share it."""
        of = {d: a for d, a in self._all.items() if isinstance(a, OsdpAddress)}
        ports = dict.fromkeys(a.port for a in of.values())
        return [self._bus(port, {d: a for d, a in of.items() if a.port == port}) for port in ports]

    def _bus(self, port: str, of: Mapping[str, OsdpAddress]) -> OsdpBus:
        baud = next(iter(of.values())).baud
        try:
            peripherals = [
                Peripheral(a.address, d, reader_key(self._data, d), self._inputs_of(d)) for d, a in of.items()
            ]
            bus = OsdpBus(port, baud=baud, peripherals=peripherals, sink=self._sink)
        except ValueError as error:
            raise ConfigError(f"{port}: {error}") from error
        self.lamps.update({d: bus.show for d in of if d in self.plan.readers})
        return bus

    def _nfc(self) -> list[NfcReader]:
        of = {d: a for d, a in self._all.items() if isinstance(a, NfcAddress)}
        return [NfcReader(d, a.port, sink=self._sink, chip=a.chip) for d, a in of.items()]

    def _inputs_of(self, board: str) -> dict[int, str]:
        return {a.index: line for line, a in self._on_boards().items() if a.board == board}

    def _on_boards(self) -> dict[str, BoardAddress]:
        return {line: a for line, a in self._all.items() if isinstance(a, BoardAddress)}

    def _door_lines(self) -> dict[str, tuple[str, ...]]:
        """Contacts and bolt senses of doors that hang on each board: when it is lost, so are they."""
        found: dict[str, tuple[str, ...]] = {}
        for line, address in self._on_boards().items():
            point = self.plan.inputs.get(line)
            if point and point.role in {Role.CONTACT, Role.BOLT} and point.at in self.plan.doors:
                found[address.board] = (*found.get(address.board, ()), line)
        return found

    def _gone_with(self, device: str) -> tuple[str, ...]:
        return (device, *self._falls_with.get(device, ()))


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
