"""The pins of the controller board: names, BCM numbers, polarity. Data only.

Rule 1: a pin number or a polarity stands here and nowhere else.
Rule 2: a relay sits on a pin that resets to pull-down (BCM 9-27, BCM2711 peripherals 5.2), and relays
are active high: between power and program none has current, a strike is bolted and a magnet holds nothing.
Rule 3: inputs are contacts to ground that are closed at rest, with a pull-up: a lead torn off
between supervision module and board reads (1, 1), which is ``cut``, never ``normal``.
Rule 4: pins that the Pi itself may want come last: SPI0 in zones 4-6, I2C in zone 7, HAT EEPROM in
zone 8, UART receive in relay/8 (unsafe for a strike while the UART is on). BCM 14 stays free for the UART.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType

from hardware.signals import Level


class PinError(ValueError):
    """A name that is no pin of this board, or a pin wanted twice. The sentence says what would be right."""


class Pull(StrEnum):
    """The resistor inside the chip."""

    NONE = "none"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Pin:
    """One pin: BCM number 0-27, polarity, inner resistor, and what else of the Pi uses it."""

    name: str
    bcm: int
    active_high: bool = True
    pull: Pull = Pull.NONE
    shared_with: str = ""

    def level(self, *, on: bool) -> int:
        """The electrical level, 0 or 1, that means ``on``."""
        return int(on == self.active_high)

    def is_on(self, level: int) -> bool:
        """What an electrical level, 0 or 1, means."""
        return bool(level) == self.active_high


@dataclass(frozen=True, slots=True)
class OutputPin:
    """One relay under the name the site file gives it.

    A ``latching`` output (siren) stays as told; any other is a bolt and only ever released with an end.

    A bolt is a strike that needs current to open (fail secure): bolted between power and program, in a
    brown-out and after a power cut; after a killed program it stays as last commanded, unless the Pi's
    ``strict_gpiod`` is on, which bolts it. With ``power_to_lock`` it is a magnet that needs current to
    hold (fail safe): in all these moments it holds nothing, with ``strict_gpiod`` after every end of the
    program too. It belongs on ways out and behind a second lock, on a buffered supply.
    """

    line: str
    pin: Pin
    latching: bool = False
    power_to_lock: bool = False

    def __post_init__(self) -> None:
        if self.latching and self.power_to_lock:
            raise PinError(f"{self.line}: an output that stays as told locks nothing; it is no magnet")

    def current(self, *, released: bool) -> bool:
        """Whether current flows through the relay when the bolt is released, or else stands bolted."""
        return released != self.power_to_lock

    @property
    def at_rest(self) -> bool:
        """Whether current flows at rest: a bolt that is bolted, a siren that is silent."""
        return self.power_to_lock


@dataclass(frozen=True, slots=True)
class InputZone:
    """One supervised line: alarm and trouble relay of its end-of-line module.

    Without ``trouble`` the line is bare and only ever normal or active. ``filter_ms`` (1-200): how long
    a level must last to be believed; the upper end keeps any 400 ms level visible (IEC 60839-11-1).
    """

    line: str
    alarm: Pin
    trouble: Pin | None = None
    filter_ms: int = 50

    def __post_init__(self) -> None:
        if not 1 <= self.filter_ms <= 200:
            raise PinError(f"{self.line}: filter_ms is {self.filter_ms}, must be 1 to 200")

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The one or two pins of the zone."""
        return (self.alarm,) if self.trouble is None else (self.alarm, self.trouble)


@dataclass(frozen=True, slots=True)
class LampPins:
    """Lamp and sounder of one reader."""

    device: str
    red: Pin
    green: Pin
    sounder: Pin


# Alarm relay, trouble relay: what the end-of-line module says about its loop.
ZONE_LEVELS: Mapping[tuple[bool, bool], Level] = MappingProxyType(
    {
        (False, False): Level.NORMAL,
        (True, False): Level.ACTIVE,
        (True, True): Level.CUT,
        (False, True): Level.SHORT,
    },
)

_RELAYS = ((17, ""), (27, ""), (22, ""), (23, ""), (24, ""), (25, ""), (16, ""), (15, "UART RXD"))
_ZONES = (
    (4, 5, ""),
    (12, 13, ""),
    (20, 21, ""),
    (6, 7, "SPI0 CE1"),
    (8, 9, "SPI0 CE0/MISO"),
    (10, 11, "SPI0 MOSI/SCLK"),
    (2, 3, "I2C1"),
    (0, 1, "HAT ID EEPROM"),
)
_LAMPS = ((18, 19, 26),)


def _zone_pin(name: str, bcm: int, shared: str) -> Pin:
    # BCM 2 and 3 carry 1.8 kOhm to 3.3 V on the board itself.
    return Pin(name, bcm, pull=Pull.NONE if bcm in {2, 3} else Pull.UP, shared_with=shared)


def _table() -> dict[str, Pin]:
    pins = [Pin(f"relay/{n}", bcm, shared_with=shared) for n, (bcm, shared) in enumerate(_RELAYS, 1)]
    for n, (alarm, trouble, shared) in enumerate(_ZONES, 1):
        pins += [_zone_pin(f"input/{n}", alarm, shared), _zone_pin(f"trouble/{n}", trouble, shared)]
    for n, lamp in enumerate(_LAMPS, 1):
        pins += [
            Pin(f"lamp/{n}/{part}", bcm) for part, bcm in zip(("red", "green", "sounder"), lamp, strict=True)
        ]
    return {pin.name: pin for pin in pins}


PINS: Mapping[str, Pin] = MappingProxyType(_table())


def pin(name: str) -> Pin:
    """The pin of a name such as ``relay/1``; PinError names the near matches."""
    if name in PINS:
        return PINS[name]
    near = get_close_matches(name, PINS, n=3) or sorted(PINS)
    raise PinError(f"no pin is called {name!r}; there is {', '.join(near)}")


def output(
    name: str, line: str | None = None, *, latching: bool = False, power_to_lock: bool = False
) -> OutputPin:
    """A relay (``relay/1``) under the line name the site file uses; without one, its own name.

    ``power_to_lock``: what hangs on it holds with current and lets go without (OutputPin says when).
    """
    return OutputPin(line or name, pin(name), latching=latching, power_to_lock=power_to_lock)


def zone(name: str, line: str | None = None, *, filter_ms: int = 50) -> InputZone:
    """A supervised zone (``input/1`` with ``trouble/1``) under the line name the site file uses."""
    return InputZone(line or name, pin(name), pin(name.replace("input/", "trouble/", 1)), filter_ms)


def lamp(name: str, device: str) -> LampPins:
    """Lamp and sounder (``lamp/1``) of the reader ``device``."""
    return LampPins(device, pin(f"{name}/red"), pin(f"{name}/green"), pin(f"{name}/sounder"))


def zone_bits(level: Level) -> tuple[bool, bool]:
    """Alarm and trouble relay as the end-of-line module sets them for a level."""
    return next(bits for bits, meaning in ZONE_LEVELS.items() if meaning is level)
