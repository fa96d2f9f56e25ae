"""Where a device is, as values: serial port and address, pin, board input, clock, camera.

Rule: values only; how they are written stands in device_urls.py. A ``seat`` is what only one device may have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class OsdpAddress:
    """A reader or an input board on an OSDP bus: serial port, address 0 to 126, speed of the whole bus.

    ``reads``: how far a reader that reads cards itself authenticates them; ``transparent``: it lets the
    controller talk to the card.
    """

    port: str
    address: int
    baud: int = 115200
    reads: str = "uid"
    kind: ClassVar[str] = "osdp"

    @property
    def seat(self) -> str:
        """What nobody else may have."""
        return f"osdp://{self.port}?address={self.address}"


@dataclass(frozen=True, slots=True)
class NfcAddress:
    """A card reader chip that has a serial port or a USB socket of its own.

    ``port`` is a device path; or, for an ``acr122u``, ``usb:072f:2200`` where there is one of the make, and
    ``usb:072f:2200:1-1.2`` with the socket (bus and ports) where there are several.
    """

    port: str
    chip: str = "pn532"
    kind: ClassVar[str] = "nfc"

    @property
    def seat(self) -> str:
        """What nobody else may have; in one socket there is one device, whatever it is."""
        bus, *make_and_socket = self.port.split(":")
        return f"nfc:{bus}:{make_and_socket[2]}" if len(make_and_socket) == 3 else f"nfc:{self.port}"


@dataclass(frozen=True, slots=True)
class GpioAddress:
    """A relay, a supervised input or a lamp of the controller board, numbered from 1.

    ``power_to_lock``: current through the relay holds the lock shut (a magnet) instead of drawing the bolt.
    """

    part: str
    number: int
    power_to_lock: bool = False

    @property
    def kind(self) -> str:
        """Which kind of pin."""
        return f"gpio:{self.part}"

    @property
    def pin(self) -> str:
        """Name of the pin or pins: ``relay/1``."""
        return f"{self.part}/{self.number}"

    @property
    def seat(self) -> str:
        """What nobody else may have."""
        return f"gpio:{self.pin}"


@dataclass(frozen=True, slots=True)
class BoardAddress:
    """An input of an OSDP input board, numbered from 1 as on its terminals."""

    board: str
    number: int
    kind: ClassVar[str] = "board"

    @property
    def index(self) -> int:
        """The number in an OSDP input status report, which counts from 0 (SIA OSDP 2.2, osdp_ISTATR)."""
        return self.number - 1

    @property
    def seat(self) -> str:
        """What nobody else may have."""
        return f"board:{self.board}/{self.number}"


@dataclass(frozen=True, slots=True)
class LoopAddress:
    """A supervised loop at an input of an analogue converter, numbered from 1."""

    converter: str
    number: int
    kind: ClassVar[str] = "adc"

    @property
    def channel(self) -> int:
        """The number as the converter's datasheet counts, from 0."""
        return self.number - 1

    @property
    def seat(self) -> str:
        """What nobody else may have."""
        return f"adc:{self.converter}/{self.number}"


@dataclass(frozen=True, slots=True)
class ConverterAddress:
    """An analogue converter on an SPI or I2C bus, with so many inputs; ``address`` is that on I2C."""

    port: str
    chip: str
    inputs: int
    address: int = 0
    kind: ClassVar[str] = "converter"

    @property
    def seat(self) -> str:
        """What nobody else may have."""
        return f"converter:{self.port}?address={self.address}"


@dataclass(frozen=True, slots=True)
class WatchdogAddress:
    """A hardware watchdog; ``timeout_s`` None leaves it at its own time."""

    port: str
    timeout_s: int | None = None
    kind: ClassVar[str] = "watchdog"

    @property
    def seat(self) -> str:
        """What nobody else may have."""
        return f"watchdog:{self.port}"


@dataclass(frozen=True, slots=True)
class ClockAddress:
    """Where the time comes from: the system clock (no ``host``) or an NTP server asked every so often."""

    host: str = ""
    port: int = 123
    every_s: int = 64

    @property
    def kind(self) -> str:
        """Which kind of clock."""
        return "ntp" if self.host else "system"

    @property
    def seat(self) -> str:
        """What nobody else may have."""
        return "clock"


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """A camera's stream."""

    url: str
    kind: ClassVar[str] = "camera"

    @property
    def seat(self) -> str:
        """What nobody else may have."""
        return self.url


Address = (
    OsdpAddress
    | NfcAddress
    | GpioAddress
    | BoardAddress
    | LoopAddress
    | ConverterAddress
    | WatchdogAddress
    | ClockAddress
    | CameraAddress
)
