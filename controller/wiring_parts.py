"""From the site file's addresses to drivers: one builder for each kind of address.

Rule 1: a part of wiring.py, which with its parts and board.py alone knows both the core and the hardware.
Rule 2: a builder starts nothing; it raises ConfigError when a pin, a port or a key is not as it must be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from controller.board import SIREN
from controller.core.plan import SitePlan
from controller.device_addresses import (
    Address,
    BoardAddress,
    ConverterAddress,
    GpioAddress,
    LoopAddress,
    NfcAddress,
    OsdpAddress,
)
from controller.device_urls import TRANSPARENT
from controller.errors import ConfigError
from controller.reader_keys import ReaderKeys
from controller.wire_settings import ConverterSettings, WireSettings
from hardware import pins
from hardware.analogue.ads1115 import Ads1115
from hardware.analogue.converter import ConverterError
from hardware.analogue.judge import Supply
from hardware.analogue.loops import AnalogueLoops
from hardware.analogue.mcp3208 import Mcp3208
from hardware.analogue.windows import Resistors
from hardware.analogue.zones import LoopZone
from hardware.credentials import CREDENTIALS
from hardware.credentials.exchange import Scheme
from hardware.credentials.running import Bounds
from hardware.credentials.site_keys import SiteKeys
from hardware.gpio import GpioBoard, GpioError
from hardware.nfc_reader import NfcReader
from hardware.osdp.bus import OsdpBus
from hardware.osdp.display import Display
from hardware.osdp.peripheral import Peripheral
from hardware.osdp.transparent_reading import CardReading
from hardware.signals import Sink

LAMP = ".lamp"
UID = "uid"
PPM_PER_PERMILLE = 1_000
Kind = TypeVar("Kind", bound=Address)
Keys = Callable[[], SiteKeys | None]


@dataclass(frozen=True, slots=True)
class Site:
    """What a builder needs to know of a site; ``keys`` gives the badge keys of the moment."""

    plan: SitePlan
    devices: Mapping[str, Address]
    settings: WireSettings
    keys: Keys
    sink: Sink

    def of(self, kind: type[Kind]) -> dict[str, Kind]:
        """Devices at addresses of one kind."""
        return {name: address for name, address in self.devices.items() if isinstance(address, kind)}


def gpio_board(site: Site) -> GpioBoard:
    """The controller's own pins; every bolt stands bolted from here on."""
    of, shared = site.of(GpioAddress), site.settings.one_at_a_time
    relays = {name: address for name, address in of.items() if address.part == "relay"}
    try:
        return GpioBoard(
            [
                pins.output(a.pin, d, latching=d == SIREN, power_to_lock=a.power_to_lock)
                for d, a in relays.items()
            ],
            [pins.zone(a.pin, d) for d, a in of.items() if a.part == "input"],
            [pins.lamp(a.pin, d.removesuffix(LAMP)) for d, a in of.items() if a.part == "lamp"],
            sink=site.sink,
            one_at_a_time=[lock for lock in relays if lock in shared],
        )
    except (GpioError, pins.PinError) as error:
        raise ConfigError(f"gpio: {error}") from error


def buses(site: Site, keys: ReaderKeys) -> Iterator[tuple[OsdpBus, tuple[str, ...]]]:
    """One bus for each port, with the names of what hangs on it; several readers and boards share one."""
    of = site.of(OsdpAddress)
    for port in dict.fromkeys(address.port for address in of.values()):
        here = {name: address for name, address in of.items() if address.port == port}
        baud = next(iter(here.values())).baud
        try:
            peripherals = [_peripheral(site, keys, name, address) for name, address in here.items()]
            yield OsdpBus(port, baud=baud, peripherals=peripherals, sink=site.sink), tuple(here)
        except ValueError as error:
            raise ConfigError(f"{port}: {error}") from error


def _peripheral(site: Site, keys: ReaderKeys, device: str, address: OsdpAddress) -> Peripheral:
    key, pending, earlier = keys.of(device), keys.pending(device), keys.earlier(device)
    display = site.settings.displays.get(device)
    return Peripheral(
        address.address,
        device,
        key.key,
        {a.index: line for line, a in site.of(BoardAddress).items() if a.board == device},
        identity=key.identity,
        pending=pending.key if pending else None,
        pending_identity=pending.identity if pending else "",
        earlier=earlier.key if earlier else None,
        earlier_identity=earlier.identity if earlier else "",
        reading=_reading(site, device) if address.reads == TRANSPARENT else None,
        scheme=UID if address.reads == TRANSPARENT else address.reads,
        display=Display(display.rows, display.columns) if display else None,
    )


def _reading(site: Site, device: str) -> CardReading:
    return CardReading(schemes_at(site, device), site.keys)


def nfc_readers(site: Site) -> Iterator[NfcReader]:
    """A reader for each chip with a port of its own."""
    bounds = Bounds(quickest_ms=site.settings.card_ms)
    for name, a in site.of(NfcAddress).items():
        yield NfcReader(
            name,
            a.port,
            sink=site.sink,
            schemes=schemes_at(site, name),
            keys=site.keys,
            bounds=bounds,
            chip=a.chip,
        )


def schemes_at(site: Site, reader: str) -> tuple[Scheme, ...]:
    """Schemes by which cards are asked at a reader, strongest first.

    Where any proof is let in every proof is taken: a genuine badge of another level is then refused as that,
    and not taken for a copy. Where only uids are let in no card is asked anything.
    """
    at = site.plan.readers[reader].at
    home = site.plan.doors.get(at) or site.plan.cabinets.get(at)
    levels = set(home.levels) if home else set()
    proving = home is None or levels - {UID}
    return tuple(
        one for one in CREDENTIALS if (proving if one.name != UID else home is None or UID in levels)
    )


def loops(site: Site, learned: Mapping[str, int]) -> Iterator[AnalogueLoops]:
    """The supervised loops of each converter; ``learned`` is what lines measured at rest, in ppm."""
    of = site.of(LoopAddress)
    for name, address in site.of(ConverterAddress).items():
        told = site.settings.converters[name]
        resistors = Resistors(told.series_ohm, told.across_ohm, told.pull_ohm)
        tolerance = told.tolerance_ppm
        try:
            zones = [
                LoopZone(line, a.channel, resistors, tolerance_ppm=tolerance, drift_ppm=tolerance // 2)
                for line, a in of.items()
                if a.converter == name
            ]
            share = told.supply_permille * PPM_PER_PERMILLE
            supply = Supply(told.supply - 1, told.supply_mv, share)
            mine = {zone.line: learned[zone.line] for zone in zones if zone.line in learned}
            yield AnalogueLoops(
                name, _chip(address, told), zones, supply=supply, sink=site.sink, learned=mine
            )
        except (ConverterError, ValueError) as error:
            raise ConfigError(f"converter.{name}: {error}") from error


def _chip(address: ConverterAddress, told: ConverterSettings) -> Mcp3208 | Ads1115:
    if address.chip == "mcp3208":
        return Mcp3208(address.port, reference_mv=told.reference_mv)
    return Ads1115(address.port, address=address.address)
