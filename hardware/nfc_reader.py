"""A PN532 reader on a serial port, through nfcpy's own driver. The only file that knows nfcpy.

Rule 1: a card is a CardRead once per presentation; what cannot be read is silence, never a card.
Rule 2: every fault of port, chip or library ends in one DeviceLost; the thread keeps trying and says
DeviceBack. It ends only when it is told to, or with a DeviceLost.
Limits: nfcpy asks for one card (InListPassiveTarget, MaxTg 1). With two in the field the chip settles on
one by its UID; the other counts when the first is gone. Type A cards only.
"""

import logging
import re
import struct
import termios
import threading
import warnings
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import nfc.clf
import serial
from nfc.clf import pn532
from nfc.clf.transport import TTY

from hardware.nfc_presence import Presence
from hardware.signals import CardRead, DeviceBack, DeviceLost, Sink

CHIPS = ("pn532",)
SENSE_PAUSE_S = 0.05
LONGEST_PAUSE_S = 1.0
WRITE_S = 0.5
STOP_S = 5.0
# nfcpy gives the chip 100 ms for most answers, which a busy machine can miss.
SHORTEST_WAIT_MS = 250
# One fault is a hiccup, two without a good sense between them are a loss.
PATIENCE = 2
# nfcpy hands the path to a shell (stty), so nothing that a shell understands may be in it.
_PORT = re.compile(r"/[A-Za-z0-9._/+-]+")
_UID_SIZES = (4, 7, 10)  # ISO/IEC 14443-3, 6.5.4
# What nfcpy and pyserial raise on dead ports and on bytes that are no frames, found by feeding it both.
_FAULTS = (
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
_RAISED_SPEEDS = (921600, 460800, 230400)
_SET_115200 = bytes(10) + bytes.fromhex("0000ff03fdd410041800")  # UM0701-02, 7.2.11
_ACK = bytes(pn532.Chipset.ACK)

# Its messages hold card data; and on a Pi it leaves a file to the garbage collector.
logging.getLogger("nfc").setLevel(logging.CRITICAL + 1)
warnings.filterwarnings("ignore", category=ResourceWarning, module=r"nfc\.")


class NfcReader:
    """Reads cards on a PN532 at ``port`` (a device path) and says so under the name ``device``.

    ``sink`` is called from the reader's own thread and must not block. DeviceBack is said when the reader
    first answers, DeviceLost once when it does not. Raises ValueError for an unknown chip or a port that
    is no plain absolute path.
    """

    def __init__(self, device: str, port: str, *, sink: Sink, chip: str = "pn532") -> None:
        if chip not in CHIPS:
            raise ValueError(f"{device}: chip {chip!r} is not known; there is {', '.join(CHIPS)}")
        if not _PORT.fullmatch(port):
            raise ValueError(f"{device}: port {port!r} must be an absolute device path such as /dev/ttyAMA2")
        self._device = device
        self._port = port
        self._sink = sink
        self._presence = Presence()
        self._there: bool | None = None
        self._faults = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"nfc-{device}", daemon=True)

    def start(self) -> None:
        """Open the reader and go on trying until it answers."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, within a sense or an attempt to open (2 s at most), and free the port."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_S)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._session()
                self._stopping.wait(self._pause())
        finally:
            if not self._stopping.is_set():
                self._sink(DeviceLost(self._device, "the thread that reads it has ended"))

    def _session(self) -> None:
        with closing(self._senses()) as senses:
            for sensed in senses:
                if isinstance(sensed, Exception):
                    self._fault(sensed)
                else:
                    self._sensed(sensed)

    def _senses(self) -> Generator[bytes | Exception | None, None, None]:
        # Only what the library does is tried here; an error of the sink is not the reader's.
        try:
            with _opened(self._port) as frontend:
                while not self._stopping.is_set():
                    yield _uid(frontend.sense(nfc.clf.RemoteTarget("106A")))
                    self._stopping.wait(SENSE_PAUSE_S)
        except _FAULTS as error:
            yield error

    def _sensed(self, uid: bytes | None) -> None:
        self._faults = 0
        if not self._there:
            self._there = True
            self._sink(DeviceBack(self._device))
        if self._presence.sensed(uid) and uid is not None:
            self._sink(CardRead(self._device, uid.hex().upper()))

    def _fault(self, error: Exception) -> None:
        self._faults += 1
        if self._faults >= PATIENCE and self._there is not False:
            self._there = False
            self._sink(DeviceLost(self._device, f"no reader answers properly on {self._port} ({error})"))

    def _pause(self) -> float:
        if self._faults < PATIENCE:
            return 0.0
        return float(min(LONGEST_PAUSE_S, 0.1 * 2 ** min(self._faults - PATIENCE, 10)))


class _Port(TTY):  # type: ignore[misc]  # nfcpy has no types
    """nfcpy's serial port, ours alone, more patient, and never stuck in a write."""

    tty: Any

    def open(self, port: str, baudrate: int = 115200) -> None:
        super().open(port, baudrate)
        self.tty.exclusive = True
        self.tty.write_timeout = WRITE_S

    def read(self, timeout: int) -> Any:
        return super().read(max(timeout, SHORTEST_WAIT_MS))

    def shut(self) -> None:
        """Close whatever state the port is in; a dead one cannot even be flushed."""
        line, self.tty = self.tty, None
        if line is not None:
            with suppress(OSError, termios.error):
                line.reset_output_buffer()
            line.close()


@contextmanager
def _opened(path: str) -> Iterator[nfc.clf.ContactlessFrontend]:
    frontend = nfc.clf.ContactlessFrontend()
    port = _Port(path)
    try:
        frontend.device = _driver(port, path)
        yield frontend
    finally:
        # Closing lowers the speed and puts the chip to sleep, as far as it still listens.
        with suppress(*_FAULTS):
            frontend.close()
        port.shut()


def _driver(port: _Port, path: str) -> pn532.Device:
    try:
        return pn532.init(port)
    except _FAULTS:
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


def _uid(target: nfc.clf.RemoteTarget | None) -> bytes | None:
    if target is None or target.sdd_res is None:
        return None
    uid = bytes(target.sdd_res)
    if len(uid) not in _UID_SIZES:
        raise ValueError(f"a UID of {len(uid)} bytes")
    return uid
