"""Readers and input boards of a whole room: on RS-485 lines and on serial ports of their own.

Rule: keys are random and made here; they are written where whoever assembles the room says.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from firmware_shims.osdp_display import DisplayPanel
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.osdp_transparent import TransparentReader
from firmware_shims.room_peers import NfcPeer, OsdpPeer, PanelPeer, Peer, TransparentPeer
from firmware_shims.room_plan import Address, of
from firmware_shims.rs485 import Rs485Hub
from hardware.osdp.display import Display

KEY_BYTES = 16
NO_DISPLAYS: Mapping[str, Display] = MappingProxyType({})


class Readers:
    """Everything on serial lines: ``osdp`` and ``nfc`` by device name, ``moved`` from old to new address.

    Devices that are ``unpaired`` are as from the factory; those in ``displays`` have one of that size.
    """

    def __init__(
        self,
        addresses: Iterable[Address],
        unpaired: Iterable[str] = (),
        displays: Mapping[str, Display] = NO_DISPLAYS,
    ) -> None:
        every = list(addresses)
        self.moved: dict[str, str] = {}
        self._unpaired, self._displays = frozenset(unpaired), displays
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

    @property
    def panels(self) -> dict[str, DisplayPanel]:
        """Those with a display, to be read or to lie."""
        return {name: peer.panel for name, peer in self.osdp.items() if isinstance(peer, PanelPeer)}

    @property
    def flat(self) -> dict[str, NfcPeer | TransparentPeer]:
        """Those on which cards can lie."""
        through = {name: peer for name, peer in self.osdp.items() if isinstance(peer, TransparentPeer)}
        return {**self.nfc, **through}

    def write_keys(self, folder: Path) -> None:
        """Write the keys of those that have one into a new private folder, as the controller reads them."""
        folder.mkdir(mode=0o700)
        for device, peer in self.osdp.items():
            if peer.key is not None:
                _write_private(folder / f"{device}.key", f"{peer.key.hex()}\n{peer.identity}\n")

    def close(self) -> None:
        """End every peer, then the wires between them."""
        for peer in self.all.values():
            peer.close()
        for hub in self._hubs:
            hub.close()

    def _line(self, line: list[Address], sizes: Mapping[str, int]) -> None:
        # Bytes take their time, as on real wires: without it a bus is asked as fast as two cores can.
        baud = int(line[0].query.get("baud", "115200"))
        hub = Rs485Hub(1 + len(line), baud=baud)
        self._hubs.append(hub)
        for address, port in zip(line, hub.names[1:], strict=True):
            self.osdp[address.device] = peer = self._peer(address, sizes.get(address.device, 0))
            self.moved[address.text] = address.at(hub.names[0])
            peer.start(port)

    def _peer(self, address: Address, inputs: int) -> OsdpPeer:
        key = None if address.device in self._unpaired else secrets.token_bytes(KEY_BYTES)
        serial = f"1A2B3C-01-01-{len(self.osdp) + 1:08X}"
        if address.query.get("reads") == "transparent":
            through = TransparentReader(address.number, key, inputs=inputs, identity=serial)
            return TransparentPeer(through, key, serial)
        if size := self._displays.get(address.device):
            return PanelPeer(DisplayPanel(address.number, key, size=size, identity=serial), key, serial)
        return OsdpPeer(OsdpPeripheral(address.number, key, inputs=inputs, identity=serial), key, serial)


def _inputs(addresses: Iterable[Address]) -> dict[str, int]:
    """How many inputs each board needs."""
    sizes: dict[str, int] = {}
    for address in addresses:
        board, number = address.place
        sizes[board] = max(sizes.get(board, 0), number + 1)
    return sizes


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(text)
