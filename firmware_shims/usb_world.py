"""The sockets of a USB and what is plugged into them, for the stand-in for libusb, also in other processes.

Rule 1: as on a real bus a device has a new address whenever it is plugged in, and the same socket.
Rule 2: a device belongs to one opener at a time; its end, even its death, sets it free.
"""

from __future__ import annotations

import socket
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from firmware_shims.usb_wire import LONGEST, UsbError, packed, unpacked

BULK_OUT, BULK_IN, INTERRUPT_IN = 0x02, 0x82, 0x81
_BULK, _INTERRUPT = 2, 3
_PACKET = 64
_ROOM = 32


class UsbDevice:
    """Base of a device with a pair of bulk endpoints; subclasses answer ``received`` with ``send``.

    ``turn`` is held while it works. ``held``: the kernel or another program has it. ``shut``: nobody may
    open it. ``halted``: it refuses every transfer until it is told to go on.
    """

    make = (0, 0)

    def __init__(self) -> None:
        self.turn = threading.Condition()
        self.held = self.shut = self.halted = False
        self.opened = 0
        """How often it was opened."""
        self.to_host: deque[bytes] = deque()

    def powered(self) -> None:
        """What it does when it gets power."""

    def received(self, data: bytes) -> None:
        """What it does with a transfer from the host."""
        raise NotImplementedError

    def send(self, data: bytes) -> None:
        """A transfer to the host, which fetches it when it likes; what there is no room for is lost."""
        if len(self.to_host) < _ROOM:
            self.to_host.append(data)
            self.turn.notify_all()


class _Socket:
    """A device in its place since it was last plugged in."""

    def __init__(self, device: UsbDevice, address: int) -> None:
        self.device, self.address = device, address
        self.there = True
        self.claimed_by: object = None


class UsbWorld:
    """A bus; ``path`` is its Unix socket, whose folder must exist. Sockets are named as ``1-1.2``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._addresses = 1
        self._plugged: dict[str, _Socket] = {}
        self._lock = threading.Lock()
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._server.bind(str(path))
        self._server.listen()
        self._clients: list[tuple[socket.socket, threading.Thread]] = []
        self._closing = False
        self._thread = threading.Thread(target=self._accept, name="shim-usb", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def plug(self, device: UsbDevice, at: str) -> None:
        """Plug a device in, which gives it power."""
        with device.turn:
            device.to_host.clear()
            device.halted = False
            device.powered()
        with self._lock:
            self._addresses += 1
            self._plugged[at] = _Socket(device, self._addresses)

    def unplug(self, at: str) -> UsbDevice:
        """Pull the device out, whoever is talking to it."""
        with self._lock:
            seat = self._plugged.pop(at)
        with seat.device.turn:
            seat.there = False
            seat.device.turn.notify_all()
        return seat.device

    def close(self) -> None:
        """Unplug everything and end every connection."""
        self._closing = True
        for at in list(self._plugged):
            self.unplug(at)
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()
        for client, thread in self._clients:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            thread.join()
        self.path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while not self._closing:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(client,), name="shim-usb-host", daemon=True)
            self._clients = [one for one in self._clients if one[1].is_alive()]
            self._clients.append((client, thread))
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        opener = _Opener(self)
        with suppress(OSError):
            while packet := client.recv(LONGEST):
                client.sendall(packed(opener.answer(unpacked(packet))))
        opener.end()
        client.close()

    def devices(self) -> list[dict[str, Any]]:
        """Every device with what its descriptors tell."""
        with self._lock:
            return [_described(at, seat) for at, seat in self._plugged.items()]

    def seat(self, bus: int, address: int) -> _Socket | None:
        """The device at an address, if it is still there."""
        with self._lock:
            every = [(at, seat) for at, seat in self._plugged.items() if seat.address == address]
        return next((seat for at, seat in every if at.startswith(f"{bus}-")), None)


def _described(at: str, seat: _Socket) -> dict[str, Any]:
    bus, _, ports = at.partition("-")
    ends = ((INTERRUPT_IN, _INTERRUPT), (BULK_OUT, _BULK), (BULK_IN, _BULK))
    return {
        "bus": int(bus),
        "address": seat.address,
        "ports": [int(port) for port in ports.split(".")],
        "make": list(seat.device.make),
        "endpoints": [[address, kind, _PACKET] for address, kind in ends],
    }


class _Opener:
    """One connection: what it has opened and claimed."""

    def __init__(self, world: UsbWorld) -> None:
        self._world = world
        self._seat: _Socket | None = None

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What a question is answered with."""
        match asked["do"]:
            case "list":
                return {"devices": self._world.devices()}
            case "open":
                return self._open(asked["bus"], asked["address"])
            case "release":
                self.end()
                return {}
        if self._seat is None:
            return {"error": UsbError.NO_DEVICE}
        with self._seat.device.turn:
            return self._at(self._seat, asked)

    def end(self) -> None:
        """The connection is over."""
        if self._seat is not None and self._seat.claimed_by is self:
            self._seat.claimed_by = None

    def _open(self, bus: int, address: int) -> dict[str, Any]:
        self._seat = self._world.seat(bus, address)
        if self._seat is None:
            return {"error": UsbError.NO_DEVICE}
        if self._seat.device.shut:
            return {"error": UsbError.ACCESS}
        self._seat.device.opened += 1
        return {}

    def _at(self, seat: _Socket, asked: dict[str, Any]) -> dict[str, Any]:
        if not seat.there:
            return {"error": UsbError.NO_DEVICE}
        match asked["do"]:
            case "claim":
                return self._claim(seat)
            case "clear":
                seat.device.halted = False
                return {}
        if seat.device.halted:
            return {"error": UsbError.PIPE}
        if asked["do"] == "write":
            return _taken(seat.device, bytes.fromhex(asked["data"]))
        return _fetched(seat, asked["size"], asked["timeout_ms"])

    def _claim(self, seat: _Socket) -> dict[str, Any]:
        if seat.device.held or seat.claimed_by not in {None, self}:
            return {"error": UsbError.BUSY}
        seat.claimed_by = self
        return {}


def _taken(device: UsbDevice, data: bytes) -> dict[str, Any]:
    if data:
        device.received(data)
    return {"sent": len(data)}


def _fetched(seat: _Socket, size: int, timeout_ms: int) -> dict[str, Any]:
    device = seat.device

    def ready() -> bool:
        return bool(device.to_host) or not seat.there or device.halted

    if not device.turn.wait_for(ready, timeout_ms / 1000 if timeout_ms else None):
        return {"error": UsbError.TIMEOUT}
    if not seat.there:
        return {"error": UsbError.NO_DEVICE}
    if device.halted:
        return {"error": UsbError.PIPE}
    data = device.to_host.popleft()
    return {"error": UsbError.OVERFLOW} if len(data) > size else {"data": data.hex()}
