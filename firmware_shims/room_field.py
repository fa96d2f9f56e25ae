"""The field side of the controller's own pins: contacts that are driven, locks and lamps that are looked at.

Rule 1: pin numbers and polarity come from hardware.pins; a level is driven on both relays of its zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Event

from firmware_shims.pinboard import PinBoard
from firmware_shims.room_plan import Address
from hardware import pins
from hardware.signals import Lamp, Level

PICTURES = {
    (False, False, False): Lamp.IDLE,
    (True, True, False): Lamp.PENDING,
    (False, True, False): Lamp.GRANTED,
    (True, False, True): Lamp.REFUSED,
    (True, False, False): Lamp.WAIT,
}
"""What a person reads from red, green and sounder."""
FLICK_S = 0.015
_LAMP = ".lamp"


class Field:
    """What hangs on the pins: ``zones`` and ``relays`` and ``lamps`` by the names of the site file."""

    def __init__(self, socket: Path, addresses: Iterable[Address]) -> None:
        every = list(addresses)
        self.zones = {a.device: pins.zone(a.pin, a.device) for a in every if a.pin.startswith("input/")}
        self.relays = {a.device: pins.pin(a.pin) for a in every if a.pin.startswith("relay/")}
        self._magnets = {a.device for a in every if a.query.get("power") == "locks"}
        self.lamps: Mapping[str, pins.LampPins] = {
            reader: pins.lamp(a.pin, reader)
            for a in every
            if a.pin.startswith("lamp/")
            for reader in [a.device.removesuffix(_LAMP)]
        }
        self.board = PinBoard(socket)
        for name in self.zones:
            self.level(name, Level.NORMAL)

    def level(self, name: str, level: Level) -> None:
        """Bring a supervised line to a level."""
        zone = self.zones[name]
        for pin, on in zip(zone.pins, pins.zone_bits(level), strict=True):
            self.board.drive(pin.bcm, pin.level(on=on))

    def flicker(self, name: str, times: int) -> None:
        """Make a line chatter: active and back, each for a moment too short to count."""
        for _ in range(times):
            for level in (Level.ACTIVE, Level.NORMAL):
                self.level(name, level)
                Event().wait(FLICK_S)

    def energised(self, name: str) -> bool:
        """Whether a relay has current now, as commanded."""
        pin = self.relays[name]
        return pin.is_on(int(self.board.level(pin.bcm)))

    def free(self, name: str) -> bool:
        """Whether a lock is commanded free: a strike with current, a magnet without."""
        return self.energised(name) != (name in self._magnets)

    def wait(self, name: str, *, energised: bool, timeout: float) -> bool:
        """Wait until a relay has current, or none; whether it came to that."""
        pin = self.relays[name]
        return self.board.wait(pin.bcm, pin.level(on=energised), timeout)

    def lamp(self, reader: str) -> Lamp | None:
        """What the lamp on the pins shows; None while it changes from one picture to the next."""
        of = self.lamps[reader]
        on = [pin.is_on(int(self.board.level(pin.bcm))) for pin in (of.red, of.green, of.sounder)]
        return PICTURES.get((on[0], on[1], on[2]))

    def close(self) -> None:
        """Take the world away."""
        self.board.close()
