"""Stand-in for the module ``usb1`` (libusb1 3.4), first on PYTHONPATH: USB readers without a USB.

Rule 1: only what drivers here and nfcpy name, with the module's own names, numbers and errors.
Rule 2: the world is on a Unix socket named by IRONROOM_USB (``firmware_shims.usb_world``). Without it there
is a bus with nothing on it.
Not shown: what else a device could be asked, more than one interface, transfers in the background.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from types import TracebackType
from typing import Any, Self

from firmware_shims.usb_wire import LONGEST, PATH_VARIABLE, packed, unpacked

TRANSFER_TYPE_MASK, TRANSFER_TYPE_BULK = 0x03, 0x02
ENDPOINT_DIR_MASK, ENDPOINT_IN, ENDPOINT_OUT = 0x80, 0x80, 0x00


class USBError(Exception):
    """A call of libusb failed."""

    value = -99

    def __init__(self, value: int | None = None) -> None:
        super().__init__()
        self.value = self.value if value is None else value


class USBErrorIO(USBError):  # noqa: N818
    """The transfer failed."""

    value = -1


class USBErrorAccess(USBError):  # noqa: N818
    """It may not be opened."""

    value = -3


class USBErrorNoDevice(USBError):  # noqa: N818
    """It is gone."""

    value = -4


class USBErrorNotFound(USBError):  # noqa: N818
    """There is no such thing."""

    value = -5


class USBErrorBusy(USBError):  # noqa: N818
    """Somebody else has it."""

    value = -6


class USBErrorTimeout(USBError):  # noqa: N818
    """Nothing came in time."""

    value = -7


class USBErrorOverflow(USBError):  # noqa: N818
    """More came than there was room for."""

    value = -8


class USBErrorPipe(USBError):  # noqa: N818
    """The endpoint is halted."""

    value = -9


_ERRORS = {kind.value: kind for kind in USBError.__subclasses__()}


def getVersion() -> tuple[int, int, int]:  # noqa: N802  the module's own spelling
    """Of libusb itself."""
    return 1, 0, 26


class _Line:
    """A connection to the world."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise USBErrorNoDevice from None

    def ask(self, **question: Any) -> dict[str, Any]:
        try:
            self._socket.sendall(packed(question))
            answer = unpacked(self._socket.recv(LONGEST) or b'{"error": -4}')
        except OSError:
            raise USBErrorNoDevice from None
        if "error" in answer:
            raise _ERRORS.get(answer["error"], USBError)(answer["error"])
        return answer

    def close(self) -> None:
        self._socket.close()


class USBEndpoint:
    """An endpoint's descriptor."""

    def __init__(self, address: int, attributes: int, packet: int) -> None:
        self._told = address, attributes, packet

    def getAddress(self) -> int:  # noqa: N802
        """Number and direction."""
        return self._told[0]

    def getAttributes(self) -> int:  # noqa: N802
        """Kind of transfer."""
        return self._told[1]

    def getMaxPacketSize(self) -> int:  # noqa: N802
        """Bytes of one packet."""
        return self._told[2]


class USBInterfaceSetting:
    """The only setting."""

    def __init__(self, endpoints: list[list[int]]) -> None:
        self._endpoints = endpoints

    def iterEndpoints(self) -> Iterator[USBEndpoint]:  # noqa: N802
        """Every endpoint."""
        return (USBEndpoint(*told) for told in self._endpoints)


class USBDeviceHandle:
    """An opened device."""

    def __init__(self, line: _Line) -> None:
        self._line = line

    def close(self) -> None:
        """Let go of it; as in the kernel, another may have it when this returns."""
        with suppress(USBError):
            self._line.ask(do="release")
        self._line.close()

    def claimInterface(self, interface: int) -> None:  # noqa: N802
        """Have it alone."""
        self._line.ask(do="claim", interface=interface)

    def clearHalt(self, endpoint: int) -> None:  # noqa: N802
        """Tell a halted endpoint to go on."""
        self._line.ask(do="clear", endpoint=endpoint)

    def bulkWrite(self, endpoint: int, data: bytes, timeout: int = 0) -> int:  # noqa: N802
        """Send; how many bytes were taken."""
        told = self._line.ask(do="write", endpoint=endpoint, data=bytes(data).hex(), timeout_ms=timeout)
        return int(told["sent"])

    def bulkRead(self, endpoint: int, length: int, timeout: int = 0) -> bytes:  # noqa: N802
        """Receive one transfer."""
        told = self._line.ask(do="read", endpoint=endpoint, size=length, timeout_ms=timeout)
        return bytes.fromhex(told["data"])


class USBDevice:
    """A device that is plugged in."""

    def __init__(self, path: str, told: dict[str, Any]) -> None:
        self._path, self._told = path, told

    def getVendorID(self) -> int:  # noqa: N802
        """Who made it."""
        return int(self._told["make"][0])

    def getProductID(self) -> int:  # noqa: N802
        """What it is."""
        return int(self._told["make"][1])

    def getBusNumber(self) -> int:  # noqa: N802
        """Number of its bus."""
        return int(self._told["bus"])

    def getDeviceAddress(self) -> int:  # noqa: N802
        """Another one whenever it is plugged in."""
        return int(self._told["address"])

    def getPortNumberList(self) -> list[int]:  # noqa: N802
        """The way to it through the hubs."""
        return list(self._told["ports"])

    def iterSettings(self) -> Iterator[USBInterfaceSetting]:  # noqa: N802
        """Its settings."""
        return iter((USBInterfaceSetting(self._told["endpoints"]),))

    def open(self) -> USBDeviceHandle:
        """Open it."""
        line = _Line(self._path)
        try:
            line.ask(do="open", bus=self._told["bus"], address=self._told["address"])
        except USBError:
            line.close()
            raise
        return USBDeviceHandle(line)


class USBContext:
    """The way to all devices."""

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        self.close()

    def open(self) -> Self:
        """Begin."""
        return self

    def close(self) -> None:
        """End."""

    def getDeviceList(  # noqa: N802
        self,
        skip_on_access_error: bool = False,  # noqa: ARG002
        skip_on_error: bool = False,  # noqa: ARG002
    ) -> list[USBDevice]:
        """Every device that is plugged in."""
        path = os.environ.get(PATH_VARIABLE, "")
        try:
            line = _Line(path)
        except USBErrorNoDevice:
            return []
        with closing(line):
            return [USBDevice(path, told) for told in line.ask(do="list")["devices"]]
