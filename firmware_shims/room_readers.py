"""Readers and input boards of a whole room: on RS-485 lines and on serial ports of their own.

Rule 1: keys are random and made here; whoever assembles the room writes them where the controller looks.
Rule 2: a reader of either kind delivers the same token for the same card.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Protocol

from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.pn532 import Pn532
from firmware_shims.room_plan import Address, of
from firmware_shims.rs485 import Rs485Hub
from hardware.signals import Lamp, Level

KEY_BYTES = 16
INPUT_STATES = {Level.NORMAL: 0, Level.ACTIVE: 1, Level.SHORT: 2, Level.CUT: 3}
"""Input states of osdp_ISTATR (OSDP v2.2.2 table 52)."""
SCANS = 2


class Peer(Protocol):
    """What a person or a fault can do to a reader, whatever its wire; ``gone`` while its plug is pulled."""

    gone: bool

    def present(self, token: str) -> None:
        """Hold a card before it."""

    def vanish(self) -> None:
        """Pull its plug."""

    def back(self) -> None:
        """Plug it in again."""

    def watched(self, timeout: float) -> bool:
        """Wait until the controller looks at it; whether it does."""

    def close(self) -> None:
        """End it."""


class NfcPeer:
    """A PN532 on a port of its own; unplugged it ignores cards."""

    def __init__(self) -> None:
        self._chip = Pn532()
        self.gone = False
        self.port = self._chip.port

    def present(self, token: str) -> None:
        """Hold a card before it until it was sensed; nobody senses it on an unplugged reader."""
        if not self.gone:
            self._chip.present(token)

    def vanish(self) -> None:
        """Pull its plug."""
        self.gone = True
        self._chip.vanish()

    def back(self) -> None:
        """Plug it in again."""
        self.gone = False
        self._chip.back()

    def watched(self, timeout: float) -> bool:
        """Wait until the controller senses for cards."""
        return self.gone or self._chip.wait_scans(SCANS, timeout)

    def close(self) -> None:
        """End it."""
        self._chip.close()


class OsdpPeer:
    """A peripheral on an RS-485 line, with its key."""

    def __init__(self, address: Address, inputs: int) -> None:
        self.key = secrets.token_bytes(KEY_BYTES)
        self._reader = OsdpPeripheral(address.number, self.key, inputs=inputs)
        self.gone = False

    def start(self, port: str) -> None:
        """Plug it into its line."""
        self._reader.start(port)

    @property
    def lamp(self) -> Lamp | None:
        """What its LED shows; None before the first command."""
        return self._reader.lamp

    def present(self, token: str) -> None:
        """Hold a card before it; the controller fetches it with its next poll."""
        if not self.gone:
            self._reader.present(token)

    def type_keys(self, keys: str) -> None:
        """Type at its keypad."""
        if not self.gone:
            self._reader.type_keys(keys)

    def set_input(self, number: int, level: Level) -> None:
        """Bring one of its inputs to a level."""
        self._reader.set_input(number, INPUT_STATES[level])

    def cover(self, *, is_open: bool) -> None:
        """Open or shut its cover."""
        self._reader.tamper(is_open)

    def vanish(self) -> None:
        """Pull its plug."""
        self.gone = True
        self._reader.vanish()

    def back(self) -> None:
        """Plug it in again."""
        self.gone = False
        self._reader.back()

    def watched(self, timeout: float) -> bool:
        """Wait until a secure session stands."""
        return self.gone or self._reader.wait_secure(timeout)

    def close(self) -> None:
        """Switch it off."""
        self._reader.stop()


class Readers:
    """Everything on serial lines: ``osdp`` and ``nfc`` by device name, ``moved`` from old to new address."""

    def __init__(self, addresses: Iterable[Address]) -> None:
        every = list(addresses)
        self.moved: dict[str, str] = {}
        self.osdp: dict[str, OsdpPeer] = {}
        self.nfc: dict[str, NfcPeer] = {}
        self._hubs: list[Rs485Hub] = []
        sizes = _inputs(of(every, "board"))
        lines: dict[str, list[Address]] = {}
        for address in of(every, "osdp"):
            lines.setdefault(address.port, []).append(address)
        for line in lines.values():
            self._line(line, sizes)
        for address in of(every, "nfc"):
            self.nfc[address.device] = peer = NfcPeer()
            self.moved[address.text] = address.at(peer.port)

    @property
    def all(self) -> dict[str, Peer]:
        """Every reader and board by name."""
        return {**self.osdp, **self.nfc}

    def close(self) -> None:
        """End every peer, then the wires between them."""
        for peer in self.all.values():
            peer.close()
        for hub in self._hubs:
            hub.close()

    def _line(self, line: list[Address], sizes: Mapping[str, int]) -> None:
        hub = Rs485Hub(1 + len(line))
        self._hubs.append(hub)
        for address, port in zip(line, hub.names[1:], strict=True):
            self.osdp[address.device] = peer = OsdpPeer(address, sizes.get(address.device, 0))
            self.moved[address.text] = address.at(hub.names[0])
            peer.start(port)


def _inputs(addresses: Iterable[Address]) -> dict[str, int]:
    """How many inputs each board needs."""
    sizes: dict[str, int] = {}
    for address in addresses:
        board, number = address.place
        sizes[board] = max(sizes.get(board, 0), number + 1)
    return sizes
