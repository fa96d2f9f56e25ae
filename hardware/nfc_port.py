"""The serial port of a PN532, opened for nfcpy's own driver and won back from whatever used it before.

Rule 1: ours alone, never stuck in a write, closed in any state it may be in.
Rule 2: every way in which a port, a chip or nfcpy can fail is one of FAULTS.
"""

import logging
import re
import struct
import termios
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import nfc.clf
import serial
from nfc.clf import pn532
from nfc.clf.transport import TTY

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
# nfcpy hands the path to a shell (stty), so nothing that a shell understands may be in it.
_PLAIN = re.compile(r"/[A-Za-z0-9._/+-]+")
_RAISED_SPEEDS = (921600, 460800, 230400)
_SET_115200 = bytes(10) + bytes.fromhex("0000ff03fdd410041800")  # UM0701-02, 7.2.11
_ACK = bytes(pn532.Chipset.ACK)

# Its messages hold card data; and on a Pi it leaves a file to the garbage collector.
logging.getLogger("nfc").setLevel(logging.CRITICAL + 1)
warnings.filterwarnings("ignore", category=ResourceWarning, module=r"nfc\.")


def plain(path: str) -> bool:
    """Whether this is an absolute device path that no shell could misread, such as ``/dev/ttyUSB0``."""
    return _PLAIN.fullmatch(path) is not None


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

    def open(self, port: str, baudrate: int = 115200) -> None:
        super().open(port, baudrate)
        self.tty.exclusive = True
        self.tty.write_timeout = WRITE_S
        # A USB adapter may keep short answers for 16 ms, which would look like a relay; not every port can.
        with suppress(ValueError, OSError):
            self.tty.set_low_latency_mode(True)

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
        return pn532.init(port)
    except FAULTS:
        # A program that died left the chip at the speed nfcpy had raised it to, deaf to a new beginning.
        port.shut()
        if not any(_lowered(path, speed) for speed in _RAISED_SPEEDS):
            raise
    port.open(path)
    return pn532.init(port)


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
