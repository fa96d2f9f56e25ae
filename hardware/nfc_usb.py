"""A PN532 behind the USB of an ACR122U, for nfcpy's driver (USB CCID 1.1, chapter 6; ACS ACR122U API 2.04).

Rule 1: it is ours alone and taken from nobody: pcscd must not run beside it, and the kernel's module
pn533_usb, which claims such readers, must be kept from loading. While one of them holds it, it is lost.
Rule 2: no wait is without end, and an answer counts only for the question whose number it carries: what
comes late is never taken for the answer to what was asked since.
Rule 3: where a reader is told by its make alone, there is one of that make, or none is used.
Limits: frames between reader and card of 128 bytes at most. Its lamp and sounder stay as nfcpy's driver sets
them (green, silent): they show nobody anything. The card's state in a message is not looked at.
"""

from __future__ import annotations

import errno
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

import usb1

from hardware.nfc_library import acr122
from hardware.nfc_port import FAULTS, SHORTEST_WAIT_MS

WRITE_MS = 500
# A device that fills every wait with old messages is not listened to for ever.
_MESSAGES = 16
_ROOM = 512  # more than its longest message (271), in whole packets of any size
_HEAD = 10
_NUMBER, _STATUS = 6, 7  # bSeq, bStatus (6.2)
_TIME_ASKED = 0x80  # bmCommandStatus 2 (6.2.6)
_PLACE = re.compile(
    r"usb:([0-9a-f]{4}):([0-9a-f]{4})(?::([1-9]\d{0,2}-[1-9]\d{0,2}(?:\.[1-9]\d{0,2}){0,6}))?"
)
_SAID: tuple[tuple[str, int, str], ...] = (
    ("USBErrorTimeout", errno.ETIMEDOUT, "it does not answer"),
    ("USBErrorNoDevice", errno.ENODEV, "it was unplugged"),
    ("USBErrorNotFound", errno.ENODEV, "it was unplugged"),
    ("USBErrorAccess", errno.EACCES, "this program may not open it"),
    ("USBErrorBusy", errno.EBUSY, "another program (pcscd) or the kernel (pn533_usb) holds it"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A make (vendor and product) and, where told, the socket: bus and ports as the kernel names them."""

    vendor: int
    product: int
    socket: str = ""


def parse_place(text: str) -> Place:
    """Read ``usb:072f:2200`` or ``usb:072f:2200:1-1.2``, as lsusb and the kernel spell it; or ValueError."""
    told = _PLACE.fullmatch(text)
    if told is None or not text.isascii():
        raise ValueError(f"{text!r} must be a place such as usb:072f:2200 or usb:072f:2200:1-1.2")
    return Place(int(told[1], 16), int(told[2], 16), told[3] or "")


@contextmanager
def opened(port: str) -> Iterator[acr122.Device]:
    """The driver of the chip in a reader at a place, in its first state. Raises one of FAULTS."""
    wire = _Wire(parse_place(port))
    device = None
    try:
        device = acr122.Device(acr122.Chipset(wire))
        yield device
    finally:
        with suppress(*FAULTS):
            if device is not None:
                device.close()
        wire.close()


class _Wire:
    """What nfcpy's driver calls its transport: messages to the reader and back."""

    TYPE = "USB"

    def __init__(self, place: Place) -> None:
        self._context = usb1.USBContext()
        self._handle: Any = None
        # What a program before us left unread shall not look like an answer to us.
        self._number = secrets.randbelow(256)
        try:
            with _told():
                self._context.open()
                device = _found(self._context, place)
                self._in, self._out, self._packet = _endpoints(device)
                self._handle = device.open()
                self._handle.claimInterface(0)
        except FAULTS:
            self.close()
            raise

    def write(self, message: bytearray) -> None:
        """Send a message, numbered anew. Raises OSError."""
        self._number = self._number + 1 & 0xFF
        whole = bytes((*message[:_NUMBER], self._number, *message[_NUMBER + 1 :]))
        with self._flowing(self._out) as handle:
            if handle.bulkWrite(self._out, whole, WRITE_MS) != len(whole):
                raise OSError(errno.EIO, "it does not take a whole message")
            if len(whole) % self._packet == 0:
                handle.bulkWrite(self._out, b"", WRITE_MS)

    def read(self, timeout: int) -> bytearray:
        """The answer to the last message, within so many milliseconds. Raises OSError."""
        late = monotonic() + max(timeout, SHORTEST_WAIT_MS) / 1000
        for _ in range(_MESSAGES):
            left_ms = int((late - monotonic()) * 1000)
            if left_ms <= 0:
                break
            with self._flowing(self._in) as handle:
                message = bytearray(handle.bulkRead(self._in, _ROOM, left_ms))
            if len(message) < _HEAD:
                raise OSError(errno.EIO, "its answer is cut short")
            if message[_NUMBER] == self._number and message[_STATUS] & 0xC0 != _TIME_ASKED:
                return message
        raise OSError(errno.ETIMEDOUT, "it does not answer")

    def close(self) -> None:
        """Let go of the reader, whatever state it is in."""
        handle, self._handle = self._handle, None
        with suppress(usb1.USBError):
            if handle is not None:
                handle.close()
        with suppress(usb1.USBError):
            self._context.close()

    @contextmanager
    def _flowing(self, endpoint: int) -> Iterator[Any]:
        if self._handle is None:
            raise OSError(errno.ENODEV, "it is closed")
        with _told():
            try:
                yield self._handle
            except usb1.USBErrorPipe:
                # It refused a message and will refuse every other until it is told to go on (USB 2.0, 9.4.5).
                self._handle.clearHalt(endpoint)
                raise


@contextmanager
def _told() -> Iterator[None]:
    """Errors of libusb, as OSError with words for people."""
    try:
        yield
    except usb1.USBError as error:
        kind = type(error).__name__
        number, why = next(((n, w) for name, n, w in _SAID if name == kind), (errno.EIO, f"USB: {kind}"))
        raise OSError(number, why) from error


def _found(context: Any, place: Place) -> Any:
    make = (place.vendor, place.product)
    every = [
        d for d in context.getDeviceList(skip_on_error=True) if (d.getVendorID(), d.getProductID()) == make
    ]
    here = [device for device in every if place.socket in {"", _socket(device)}]
    if not here:
        others = ", ".join(map(_socket, every))
        raise OSError(errno.ENODEV, f"none is plugged in there{' but at ' if others else ''}{others}")
    if len(here) > 1:
        raise OSError(errno.ENOTUNIQ, f"several are plugged in; name one of {', '.join(map(_socket, here))}")
    return here[0]


def _socket(device: Any) -> str:
    return f"{device.getBusNumber()}-{'.'.join(map(str, device.getPortNumberList()))}"


def _endpoints(device: Any) -> tuple[int, int, int]:
    """Addresses of bulk-in and bulk-out, and the packet size of the latter."""
    setting = next(iter(device.iterSettings()), None)
    every = [] if setting is None else list(setting.iterEndpoints())
    bulk = [e for e in every if e.getAttributes() & usb1.TRANSFER_TYPE_MASK == usb1.TRANSFER_TYPE_BULK]
    ways = {e.getAddress() & usb1.ENDPOINT_DIR_MASK: e for e in bulk}
    if set(ways) != {usb1.ENDPOINT_IN, usb1.ENDPOINT_OUT}:
        raise OSError(errno.ENODEV, "it has no pair of bulk endpoints")
    out = ways[usb1.ENDPOINT_OUT]
    return ways[usb1.ENDPOINT_IN].getAddress(), out.getAddress(), out.getMaxPacketSize()
