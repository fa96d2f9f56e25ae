"""Doors as somebody before them sees them: cards and PINs in, signs of every kind out, each with its time.

Rule: what is recorded is what the far end of each wire got, and when; nothing here knows the controller.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Condition
from time import monotonic
from typing import Any

from firmware_shims.cards import iso_dep
from firmware_shims.cards.iso_dep import Applet
from firmware_shims.osdp_transparent import TransparentMachine, TransparentReader
from firmware_shims.pinboard import PinBoard
from firmware_shims.pn532 import Pn532
from hardware import pins
from hardware.osdp import lamps
from hardware.osdp.messages import Command, Message
from hardware.signals import Lamp

LONG_S = 60.0


@dataclass(frozen=True, slots=True)
class Sign:
    """What came out of the room: when (``time.monotonic``), and which bytes or which edge of which pin."""

    at: float
    what: tuple[Any, ...]


class _Machine(TransparentMachine):
    """A transparent reader that keeps every lamp and sounder command with the time at which it came."""

    def __init__(self, address: int, key: bytes) -> None:
        self.signs: list[Sign] = []
        super().__init__(address, key)

    def execute(self, asked: Message) -> Message:
        """As any reader does it."""
        if asked.code in {Command.LED, Command.BUZ}:
            self.signs.append(Sign(monotonic(), (int(asked.code), asked.data)))
        return super().execute(asked)


class WatchedReader(TransparentReader):
    """Such a reader on a serial device."""

    def __init__(self, address: int, key: bytes) -> None:
        super().__init__(address, key)
        self._transparent = self._machine = self.machine = _Machine(address, key)

    def signs(self) -> list[Sign]:
        """Everything shown so far, oldest first."""
        with self._changed:
            return list(self.machine.signs)

    def wait(self, count: int, timeout: float) -> bool:
        """Wait until so many commands came; whether they did."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.machine.signs) >= count, timeout)

    def told_all(self, timeout: float) -> bool:
        """Wait until the controller knows everything that happened here."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.machine.news, timeout)


class BusDoor:
    """A door with an OSDP reader in transparent mode, which has a keypad and a lamp of its own."""

    name = "bus"
    no = tuple((int(m.code), m.data) for m in lamps.commands(Lamp.REFUSED))
    rest = tuple((int(m.code), m.data) for m in lamps.commands(Lamp.IDLE))

    def __init__(self, reader: WatchedReader) -> None:
        self._reader = reader

    def put(self, *cards: Applet) -> float:
        """Hold a card before the reader; when."""
        begun = monotonic()
        self._reader.put(cards[0])
        return begun

    def type_keys(self, keys: str) -> float:
        """Type at the keypad; when."""
        begun = monotonic()
        self._reader.type_keys(keys)
        return begun

    def take(self) -> None:
        """Take the card away; returns when the reader's panel knows it."""
        self._reader.take()
        self._reader.told_all(LONG_S)

    def signs(self) -> list[Sign]:
        """Everything shown so far, oldest first."""
        return self._reader.signs()

    def rests(self) -> bool:
        """Whether nothing is shown, or nothing yet."""
        last = tuple(sign.what for sign in self.signs()[-2:])
        return last in {(), self.rest}

    def wait(self, count: int) -> bool:
        """Wait until so many signs were given."""
        return self._reader.wait(count, LONG_S)


class ChipDoor:
    """A door with a PN532, and lamp and sounder on the controller's pins."""

    name = "chip"
    no = (("red", True), ("sounder", True))

    def __init__(self, chip: Pn532, board: PinBoard) -> None:
        self._chip = chip
        self._signs: list[Sign] = []
        self._changed = Condition()
        lamp = pins.lamp("lamp/1", "chip")
        self._names = {lamp.red.bcm: "red", lamp.green.bcm: "green", lamp.sounder.bcm: "sounder"}
        board.listeners.append(self._edge)

    def _edge(self, bcm: int, level: bool) -> None:
        if bcm in self._names:
            with self._changed:
                self._signs.append(Sign(monotonic(), (self._names[bcm], level)))
                self._changed.notify_all()

    def put(self, *cards: Applet) -> float:
        """Lay cards on the reader in one movement, just after it has looked for some; when."""
        those = [iso_dep.card(card) for card in cards]
        self._chip.wait_scans(1, LONG_S)
        begun = monotonic()
        self._chip.put_together(*those)
        return begun

    def put_far(self, delay_s: float, card: Applet) -> float:
        """Hold a relay before the reader: every answer of the card behind it comes so much later; when."""
        self._chip.relay(delay_s)
        return self.put(card)

    def take(self) -> None:
        """Take the cards away; returns when the controller has seen it."""
        self._chip.take()
        self._chip.wait_scans(4, LONG_S)
        self._chip.relay(0.0)

    def signs(self) -> list[Sign]:
        """Everything shown so far, oldest first."""
        with self._changed:
            return list(self._signs)

    def rests(self) -> bool:
        """Whether every lamp is dark and the sounder still."""
        return not any({sign.what[0]: sign.what[1] for sign in self.signs()}.values())

    def wait(self, count: int) -> bool:
        """Wait until so many signs were given."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._signs) >= count, LONG_S)


Door = BusDoor | ChipDoor
