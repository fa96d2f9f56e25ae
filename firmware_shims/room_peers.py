"""One reader or board of a room, as people and faults deal with it, whatever its wire.

Rule 1: a reader of any kind delivers the same token for the same card.
Rule 2: cards that talk are held before readers through which the controller talks to them; any other reader
tells a number by itself.
"""

from __future__ import annotations

from typing import Protocol

from firmware_shims.cards import iso_dep
from firmware_shims.cards.desfire_lies import Stubborn
from firmware_shims.osdp_display import DisplayPanel
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.osdp_transparent import TransparentReader, VirtualCard
from firmware_shims.pn532 import Pn532
from hardware.signals import Lamp, Level

INPUT_STATES = {Level.NORMAL: 0, Level.ACTIVE: 1, Level.SHORT: 2, Level.CUT: 3}
"""Input states of osdp_ISTATR (OSDP v2.2.2 table 52)."""
SCANS = 2
READ = 4
"""Scans from laying a card to its having been read: one under way, one that finds it, one that selects it,
and the next."""
AWAY = 3
"""Scans after which a card counts as away: one under way, and two that do not find it."""
PATIENCE_S = 10.0
UNKNOWN = b"\x6d\x00"
"""What a card says to commands that mean nothing to it (ISO/IEC 7816-4, 5.6)."""

Held = str | VirtualCard
"""A card as people hold it: its UID in hexadecimal, where that is all of it; or a card that talks."""


class Peer(Protocol):
    """What a person or a fault can do to a reader, whatever its wire; ``gone`` while its plug is pulled."""

    gone: bool

    def present(self, card: Held) -> None:
        """Hold a card before it until it was read."""

    def vanish(self) -> None:
        """Pull its plug."""

    def back(self) -> None:
        """Plug it in again."""

    def watched(self, timeout: float) -> bool:
        """Wait until the controller looks at it; whether it does."""

    def close(self) -> None:
        """End it."""


class NfcPeer:
    """A PN532 on a port of its own (``chip``); unplugged it ignores cards."""

    def __init__(self) -> None:
        self.chip = Pn532()
        self.gone = False
        self.port = self.chip.port

    def present(self, card: Held) -> None:
        """Hold a card before it until it was sensed and read; nobody does that on an unplugged reader."""
        if self.gone:
            return
        if isinstance(card, str):
            self.chip.present(card)
            return
        self.lay(card)
        self.chip.wait_scans(READ)
        self.take()

    def lay(self, *cards: Held) -> None:
        """Lay cards on it in one movement."""
        self.chip.put_together(*(one if isinstance(one, str) else iso_dep.card(one) for one in cards))

    def take(self) -> None:
        """Take everything away, and let the chip notice."""
        self.chip.take()
        if not self.gone:
            self.chip.wait_scans(AWAY)

    def vanish(self) -> None:
        """Pull its plug."""
        self.gone = True
        self.chip.vanish()

    def back(self) -> None:
        """Plug it in again."""
        self.gone = False
        self.chip.back()

    def watched(self, timeout: float) -> bool:
        """Wait until the controller senses for cards."""
        return self.gone or self.chip.wait_scans(SCANS, timeout)

    def close(self) -> None:
        """End it."""
        self.chip.close()


class OsdpPeer:
    """A peripheral on an RS-485 line (``reader``), with its key; None: as from the factory."""

    def __init__(self, reader: OsdpPeripheral, key: bytes | None, identity: str) -> None:
        self.key, self.identity = key, identity
        self.reader = reader
        self.gone = False

    def start(self, port: str) -> None:
        """Plug it into its line."""
        self.reader.start(port)

    @property
    def lamp(self) -> Lamp | None:
        """What its LED shows; None before the first command."""
        return self.reader.lamp

    def present(self, card: Held) -> None:
        """Hold a card before it; the controller fetches its number with its next poll."""
        if not isinstance(card, str):
            raise TypeError("this reader reads cards by itself and tells a number: give it the number")
        if not self.gone:
            self.reader.present(card)

    def type_keys(self, keys: str) -> None:
        """Type at its keypad."""
        if not self.gone:
            self.reader.type_keys(keys)

    def set_input(self, number: int, level: Level) -> None:
        """Bring one of its inputs to a level."""
        self.reader.set_input(number, INPUT_STATES[level])

    def cover(self, *, is_open: bool) -> None:
        """Open or shut its cover."""
        self.reader.tamper(is_open)

    def vanish(self) -> None:
        """Pull its plug."""
        self.gone = True
        self.reader.vanish()

    def back(self) -> None:
        """Plug it in again."""
        self.gone = False
        self.reader.back()

    def watched(self, timeout: float) -> bool:
        """Wait until a secure session stands; with a reader from the factory none will."""
        return self.gone or self.key is None or self.reader.wait_secure(timeout)

    def close(self) -> None:
        """Switch it off."""
        self.reader.stop()


class TransparentPeer(OsdpPeer):
    """A peripheral that lets the controller talk to the card before it."""

    def __init__(self, reader: TransparentReader, key: bytes | None, identity: str) -> None:
        super().__init__(reader, key, identity)
        self.through = reader

    def present(self, card: Held) -> None:
        """Hold a card before it until the controller has done with it."""
        if self.gone or not self.through.wait_ready(PATIENCE_S):
            return
        before = self.through.left
        self.lay(card)
        self.through.wait_left(before + 1, PATIENCE_S)
        self.take()

    def lay(self, *cards: Held) -> None:
        """Hold a card before it, and leave it there; of several it sees the last."""
        for card in cards:
            self.through.put(Stubborn(bytes.fromhex(card), UNKNOWN) if isinstance(card, str) else card)

    def take(self) -> None:
        """Take it away."""
        self.through.take()

    def watched(self, timeout: float) -> bool:
        """Wait until the controller waits for cards."""
        return super().watched(timeout) and (
            self.gone or self.key is None or self.through.wait_ready(timeout)
        )


class PanelPeer(OsdpPeer):
    """A peripheral with a display."""

    def __init__(self, panel: DisplayPanel, key: bytes | None, identity: str) -> None:
        super().__init__(panel, key, identity)
        self.panel = panel
