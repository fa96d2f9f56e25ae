"""The serial port of a PN532, opened for nfcpy's driver and won back from whatever used it before.

Rule 1: ours alone, never stuck in a write, closed in any state it may be in.
Rule 2: every way in which a port, a chip or nfcpy can fail is one of FAULTS.
Rule 3: no process is started. nfcpy's own beginning asks a shell for the speeds of the port; ours asks the
port (NXP UM0701-02, 6.2 and 7.2).
"""

import logging
import os
import re
import struct
import termios
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any

import serial

from hardware.nfc_library import TTY, nfc, pn532

WRITE_S = 0.5
# nfcpy gives the chip 100 ms for most answers, which a busy machine can miss.
SHORTEST_WAIT_MS = 250
# What nfcpy and pyserial raise on dead ports and on bytes that are no frames, found by feeding it both.
FAULTS = (
    OSError,
    termios.error,
    nfc.clf.CommunicationError,
    pn532.Chipset.Error,
    struct.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
)
_PLAIN = re.compile(r"/[A-Za-z0-9._/+-]+")
_SPEED = 115200
_RAISED_SPEEDS = {921600: 7, 460800: 6, 230400: 5}  # and their numbers in SetSerialBaudrate (7.2.11)
_ADAPTER, _FIRST_MS = "/dev/ttyUSB", 1500  # on a Pi the first bytes of an adapter may take so long
_SLOW = "/dev/ttyS"  # UARTs of PCs and the small one of a Pi know no raised speed and may claim to
_WAKING = bytes(10)
_ACK = bytes(pn532.Chipset.ACK)
_SETTLING_S = 0.001

# Its messages hold card data; and on a Pi it leaves a file to the garbage collector.
logging.getLogger("nfc").setLevel(logging.CRITICAL + 1)
warnings.filterwarnings("ignore", category=ResourceWarning, module=r"nfc\.")


def parse_path(text: str) -> str:
    """An absolute device path and nothing else, such as ``/dev/ttyUSB0``; or ValueError."""
    if not _PLAIN.fullmatch(text):
        raise ValueError(f"{text!r} must be an absolute device path such as /dev/ttyAMA2")
    return text


def _framed(direction: int, *body: int) -> bytes:
    told = bytes((direction, *body))
    return b"\x00\x00\xff" + bytes((len(told), -len(told) & 0xFF)) + told + bytes((-sum(told) & 0xFF, 0))


_SET_115200 = _WAKING + _framed(0xD4, 0x10, 0x04)


@contextmanager
def opened(path: str) -> Iterator[pn532.Device]:
    """The driver of the chip on a port, nfcpy's own, in its first state. Raises one of FAULTS."""
    port = _Port(path)
    device = None
    try:
        device = _driver(port, path)
        yield device
    finally:
        # Closing lowers the speed and puts the chip to sleep, as far as it still listens.
        with suppress(*FAULTS):
            if device is not None:
                device.close()
        port.shut()


class _Port(TTY):  # type: ignore[misc]  # nfcpy has no types
    """nfcpy's serial port, ours alone, more patient, and never stuck in a write."""

    tty: Any

    def open(self, port: str, baudrate: int = _SPEED) -> None:
        self.close()
        self.tty = serial.Serial(port, baudrate, timeout=0.05, write_timeout=WRITE_S, exclusive=True)
        # A USB adapter may keep short answers for 16 ms, which would look like a relay; not every port can.
        with suppress(ValueError, OSError):
            self.tty.set_low_latency_mode(True)

    def asked(self, frame: bytes, answer: bytes, first_ms: int = SHORTEST_WAIT_MS) -> None:
        """Wake the chip and send it a frame. Raises OSError where the answer does not begin so."""
        self.write(_WAKING + frame)
        if self.read(first_ms) != _ACK or not self.read(SHORTEST_WAIT_MS).startswith(answer):
            raise OSError("no PN532 answers")

    def fastest(self) -> int:
        """The highest speed that both the chip and this port know; the port stays at its own."""
        try:
            return next((speed for speed in _RAISED_SPEEDS if self._takes(speed)), _SPEED)
        finally:
            self.tty.baudrate = _SPEED

    def _takes(self, speed: int) -> bool:
        if os.path.realpath(self.tty.port).startswith(_SLOW):
            return False
        with suppress(ValueError, OSError, termios.error):
            self.tty.baudrate = speed
            # A driver that cannot do it sets another one and says nothing.
            return bool(termios.tcgetattr(self.tty.fileno())[5] == getattr(termios, f"B{speed}"))
        return False

    def read(self, timeout: int) -> Any:
        return super().read(max(timeout, SHORTEST_WAIT_MS))

    def shut(self) -> None:
        """Close whatever state the port is in; a dead one cannot even be flushed."""
        line, self.tty = self.tty, None
        if line is not None:
            with suppress(OSError, termios.error):
                line.reset_output_buffer()
            line.close()


def _driver(port: _Port, path: str) -> pn532.Device:
    try:
        return _begun(port, path)
    except FAULTS:
        # A program that died left the chip at the speed it had raised it to, deaf to a new beginning.
        port.shut()
        if not any(_lowered(path, speed) for speed in _RAISED_SPEEDS):
            raise
    port.open(path)
    return _begun(port, path)


def _begun(port: _Port, path: str) -> pn532.Device:
    """GetFirmwareVersion, SAMConfiguration to normal mode, SetSerialBaudrate; then nfcpy's own settings."""
    patience = _FIRST_MS if os.path.realpath(path).startswith(_ADAPTER) else SHORTEST_WAIT_MS
    port.asked(_framed(0xD4, 0x02), bytes.fromhex("0000ff06fad50332"), patience)
    port.asked(_framed(0xD4, 0x14, 1, 0, 0), _framed(0xD5, 0x15))
    speed = port.fastest()
    if speed > _SPEED:
        port.asked(_framed(0xD4, 0x10, _RAISED_SPEEDS[speed]), _framed(0xD5, 0x11))
        port.write(_ACK)
        port.open(path, speed)
        Event().wait(_SETTLING_S)
    log = logging.getLogger("nfc.clf.pn532")
    return pn532.Device(pn532.Chipset(port, logger=log), logger=log)


def _lowered(path: str, speed: int) -> bool:
    with serial.Serial(
        path, speed, timeout=SHORTEST_WAIT_MS / 1000, write_timeout=WRITE_S, exclusive=True
    ) as line:
        line.write(_SET_115200)
        if line.read(len(_ACK)) != _ACK:
            return False
        line.read(9)
        line.write(_ACK)
    return True
