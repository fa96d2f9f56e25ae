"""The OSDP control panel: one thread, one serial port, several peripherals.

Rule 1: what is said on the line is the line's affair, and what it means the engines'.
Rule 2: the thread ends only by ``stop``; if it must end otherwise, its last words report every device lost.
"""

from __future__ import annotations

import termios
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

from serial import Serial

from hardware.osdp.duties import Duties
from hardware.osdp.ear import PAUSE
from hardware.osdp.engine import Engine
from hardware.osdp.health import BusHealth
from hardware.osdp.line import Line
from hardware.osdp.pairing import Pairing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hardware.osdp.pairing import Keep
    from hardware.osdp.peripheral import Peripheral
    from hardware.signals import Lamp, Signal, Sink

REOPEN_EVERY = 0.25
HICCUP_EVERY = 1.0
"""A port that fails once in so many seconds is opened again without a word; oftener, its devices are lost."""
WRITE_TIMEOUT = 0.5


class OsdpBus:
    """Polls the peripherals on one RS-485 line over the Secure Channel and reports what they say.

    ``port`` is a serial device, ``baud`` its speed (8N1); ``sink`` gets every Signal, on the bus thread, and
    must not block. A device is reported lost within 2 s and back within 1 s, on a line of up to 16 devices.
    Each DeviceBack is followed by its TamperLevel, its PowerLevel and all its LineLevels. Raises ValueError
    without a peripheral, or when two share an address, a name or a key.
    """

    def __init__(
        self, port: str, *, baud: int = 115200, peripherals: Sequence[Peripheral], sink: Sink
    ) -> None:
        if not peripherals:
            raise ValueError(f"the bus on {port} has no peripheral")
        for part in ("address", "device", "key"):
            _refuse_twins(part, [getattr(peripheral, part) for peripheral in peripherals])
        self._port = port
        self._baud = baud
        self._sink = sink
        self._engines = {one.address: Engine(one, monotonic()) for one in peripherals}
        self._named = {one.device: self._engines[one.address] for one in peripherals}
        self._duties = {one.device: Duties.of(one) for one in peripherals}
        for device, duties in self._duties.items():
            self._named[device].entrust(duties)
        longest = max(duties.longest_reply for duties in self._duties.values())
        self._line = Line(baud, self._engines, self._tell, longest)
        self._trouble_at = -HICCUP_EVERY
        self._stop = Event()
        self._thread: Thread | None = None

    @property
    def rubbish(self) -> int:
        """Bytes heard on the line that belonged to no frame, since the bus was made."""
        return self._line.rubbish

    def start(self) -> None:
        """Starts the thread; the port may still be missing, then its devices are reported lost."""
        if self._thread is not None:
            raise RuntimeError(f"the bus on {self._port} is running already")
        self._stop.clear()
        for engine in self._engines.values():
            engine.begin(monotonic())
        self._thread = Thread(target=self._run, name=f"osdp {self._port}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and waits for it; the lamps stay as they are."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None
        self._give_up()

    def show(self, device: str, lamp: Lamp) -> None:
        """Shows a lamp at a reader with its next poll; never blocks, from any thread; KeyError if unknown."""
        self._named[device].show(lamp)

    def set_output(self, device: str, number: int, on: bool, for_s: float | None = None) -> None:
        """Sets an output of a board at once, for ``for_s`` seconds (0.1 to 6553.5) or for good; never blocks.

        The board ends the time by itself. What it then says comes as LineLevel ``device.outN``: cut, when it
        refuses; LateRelease instead, when it was away for so long that the order is void. KeyError for a
        device or an output that is not in use, ValueError for a time that no board can keep.
        """
        self._duties[device].outputs.set(number, on, for_s)

    def write(self, device: str, notice: str, text: str, until: float) -> None:
        """Shows a text on the display of a device until then (``time.monotonic``), as TextErrand.show does.

        It comes with the next free turns of the device, and again after it was away; never blocks, from any
        thread. KeyError for a device without a display.
        """
        texts = self._duties[device].texts
        if texts is None:
            raise KeyError(f"{device} has no display")
        texts.show(notice, text, until)

    def pair(self, device: str, until: float, keep: Keep) -> None:
        """Gives a device a new random key before ``until`` (``time.monotonic``); from any thread.

        ``keep`` makes the key durable: once before it is sent (``proved=False``), once when the device has
        shown that it holds it. Ends with exactly one ReaderPaired or PairingFailed. KeyError for an unknown
        device, RuntimeError while it is being paired already or the bus is not running.
        """
        engine = self._named[device]
        if self._thread is None:
            raise RuntimeError(f"the bus on {self._port} is not running")
        engine.pair(Pairing(device, until, keep))

    def health(self) -> BusHealth:
        """How well the bus and its devices work; from any thread, at any time."""
        devices = tuple(engine.health() for engine in self._engines.values())
        return BusHealth(self._port, self._baud, self.rubbish, devices)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._serve()
        finally:
            if not self._stop.is_set():
                self._give_up()
                self._lose_all("is no longer watched: the driver of its bus has ended")

    def _serve(self) -> None:
        """Opens the port and works on it until it fails or the bus stops."""
        try:
            with self._open() as port:
                while not self._stop.is_set():
                    self._line.turn(port, self._stop)
        except (OSError, termios.error) as error:
            self._troubled(error)

    def _troubled(self, error: Exception) -> None:
        """One hiccup of a port is mended by opening it again, which sessions outlive; a second is a loss."""
        hiccup = monotonic() > self._trouble_at + HICCUP_EVERY
        self._trouble_at = monotonic()
        if not hiccup:
            self._lose_all(f"cannot be reached: {error}")
            self._stop.wait(REOPEN_EVERY)

    def _open(self) -> Serial:
        return Serial(self._port, self._baud, timeout=PAUSE, write_timeout=WRITE_TIMEOUT, exclusive=True)

    def _give_up(self) -> None:
        for engine in self._engines.values():
            self._tell(engine.give_up())

    def _lose_all(self, why: str) -> None:
        for engine in self._engines.values():
            self._tell(engine.lose(why, monotonic()))

    def _tell(self, signals: Iterable[Signal]) -> None:
        for signal in signals:
            self._sink(signal)


def _refuse_twins(part: str, values: Sequence[object]) -> None:
    if len(set(values)) != len(values):
        raise ValueError(f"two peripherals on one bus have the same {part}")
