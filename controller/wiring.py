"""From the site file's addresses to drivers, and from their Signals to the core's events.

Rule 1: only this file and board.py know both the core and the hardware.
Rule 2: every scheme has one builder here; an address with another scheme stops the start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, urlsplit

from controller import pin_entry
from controller.board import SIREN, ShowLamp
from controller.core.events import (
    BadgeRead,
    DeviceBack,
    DeviceLost,
    DeviceNoisy,
    Event,
    InputLevel,
    Level,
    PinTyped,
    ReleaseDropped,
)
from controller.core.plan import SitePlan
from controller.errors import ConfigError
from controller.keys import reader_key
from hardware import pins, signals
from hardware.gpio import GpioBoard, GpioError
from hardware.nfc_reader import NfcReader
from hardware.ntp_clock import NtpClock
from hardware.osdp.bus import OsdpBus
from hardware.osdp.peripheral import Peripheral
from hardware.signals import Signal, Sink

DEFAULT_BAUD = 115_200
CLOCK = "clock"


class Driver(Protocol):
    """A thread with a wire."""

    def start(self) -> None:
        """Begin to report."""

    def stop(self) -> None:
        """End."""


@dataclass(frozen=True, slots=True)
class Address:
    """A device's URL, taken apart."""

    device: str
    url: SplitResult

    @property
    def query(self) -> dict[str, str]:
        """Settings behind the question mark."""
        return {key: values[-1] for key, values in parse_qs(self.url.query).items()}

    @property
    def path(self) -> str:
        """Device file, or what stands behind the scheme."""
        return self.url.path


class Wiring:
    """All drivers of a site; constructing it leaves every output bolted and starts nothing."""

    def __init__(self, plan: SitePlan, addresses: Mapping[str, str], data: Path, sink: Sink) -> None:
        self.plan, self._data, self._sink = plan, data, sink
        self._pins = pin_entry.PinEntry()
        self.drivers: list[Driver] = []
        self.lamps: dict[str, ShowLamp] = {}
        self._all = [Address(device, urlsplit(url)) for device, url in addresses.items()]
        self.gpio = self._gpio()
        for scheme, build in BUILDERS.items():
            found = [a for a in self._all if a.url.scheme == scheme]
            if found:
                build(self, found)
        self.has_clock = any(a.url.scheme == "ntp" for a in self._all)
        self.siren = SIREN in addresses

    def start(self) -> None:
        """Start every driver; bolts first."""
        self.gpio.start()
        for driver in self.drivers:
            driver.start()

    def stop(self) -> None:
        """Stop every driver; bolts drop first and stay so."""
        self.gpio.stop()
        for driver in self.drivers:
            driver.stop()

    def _gpio(self) -> GpioBoard:
        of = [a for a in self._all if a.url.scheme == "gpio"]
        outputs = [
            pins.output(a.path, a.device, latching=a.device == SIREN)
            for a in of
            if a.path.startswith("relay/")
        ]
        inputs = [pins.zone(a.path, a.device) for a in of if a.path.startswith("input/")]
        lamps = [pins.lamp(a.path, _reader(a.device)) for a in of if a.path.startswith("lamp/")]
        try:
            board = GpioBoard(outputs, inputs, lamps, sink=self._sink)
        except (GpioError, pins.PinError) as error:
            raise ConfigError(f"gpio: {error}") from error
        self.lamps.update({lamp.device: board.show for lamp in lamps})
        return board

    def build_osdp(self, found: list[Address]) -> None:
        """One bus for each port; several readers and boards share it."""
        zones: dict[str, dict[int, str]] = {}
        for address in self._all:
            if address.url.scheme == "board":
                name, _, number = address.path.partition("/")
                zones.setdefault(name, {})[int(number)] = address.device
        for port in dict.fromkeys(a.path for a in found):
            of = [a for a in found if a.path == port]
            baud = int(of[0].query.get("baud", DEFAULT_BAUD))
            peripherals = [
                Peripheral(
                    int(a.query["address"]),
                    a.device,
                    reader_key(self._data, a.device),
                    zones.get(a.device, {}),
                )
                for a in of
            ]
            try:
                bus = OsdpBus(port, baud=baud, peripherals=peripherals, sink=self._sink)
            except ValueError as error:
                raise ConfigError(f"{port}: {error}") from error
            self.drivers.append(bus)
            self.lamps.update({a.device: bus.show for a in of if a.device in self.plan.readers})

    def build_nfc(self, found: list[Address]) -> None:
        """One reader for each port."""
        for address in found:
            path, chip = _nfc_path(address)
            self.drivers.append(NfcReader(address.device, path, sink=self._sink, chip=chip))

    def build_ntp(self, found: list[Address]) -> None:
        """The outside clock."""
        for address in found:
            host, port = address.url.hostname or "", address.url.port or 123
            every = float(address.query.get("every", "64"))
            self.drivers.append(NtpClock(CLOCK, host, port, every_s=every, sink=self._sink))

    def events(self, at: int, signal: Signal) -> list[Event]:  # noqa: PLR0911 - one line a Signal
        """What a Signal means to the core."""
        match signal:
            case signals.CardRead(device, token, scheme):
                return [BadgeRead(at, device, token, scheme)]
            case signals.KeysTyped(device, digits):
                return [PinTyped(at, device, pin) for pin in self._pins.typed(device, digits, at)]
            case signals.LineLevel(line, level):
                return [InputLevel(at, line, Level(level.value))]
            case signals.TamperLevel(device, active):
                cover = Level.ACTIVE if active else Level.NORMAL
                return [InputLevel(at, f"{device}.tamper", cover)]
            case signals.DeviceLost(device, why):
                return [DeviceLost(at, device, why)]
            case signals.DeviceBack(device):
                return [DeviceBack(at, device)]
            case signals.DeviceNoisy(device, quiet):
                return [DeviceNoisy(at, device, quiet)]
            case signals.LateRelease(line, late_ms):
                return [ReleaseDropped(at, line, late_ms)]
            case signals.WallClock():
                return []  # the loop's own affair: it alone knows what the clock said before


BUILDERS: dict[str, Callable[[Wiring, list[Address]], None]] = {
    "osdp": Wiring.build_osdp,
    "nfc": Wiring.build_nfc,
    "ntp": Wiring.build_ntp,
}


def _reader(lamp: str) -> str:
    return lamp.removesuffix(".lamp")


def _nfc_path(address: Address) -> tuple[str, str]:
    """Device file and chip of ``nfc:tty:AMA2:pn532`` or ``nfc:///dev/ttyAMA2?chip=pn532``."""
    if address.path.startswith("/"):
        return address.path, address.query.get("chip", "pn532")
    _, name, chip = address.path.split(":")
    return f"/dev/tty{name}", chip
