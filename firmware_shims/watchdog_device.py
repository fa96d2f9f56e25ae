"""A hardware watchdog in software: it runs from its opening, and bites when it is not fed in time.

Rule 1: what would reset the box sets ``bitten``, once; nothing is killed.
Rule 2: only a last ``V`` before the close stops it, as the kernel's drivers have it without NOWAYOUT.
"""

import errno
import os
import select
import struct
import threading
import time
from contextlib import suppress
from pathlib import Path

from firmware_shims.kernel_device import KernelDevice
from firmware_shims.kernel_wire import Call

SETTIMEOUT, GETTIMEOUT = 0xC0045706, 0x80045707
PIPE = 4096
_INT = struct.Struct("i")


class WatchdogDevice(KernelDevice):
    """``path`` is the file to open. ``longest`` seconds are the most it takes, as its own at the start.

    ``second`` is how long one of its seconds lasts, so that a test need not wait. ``feeds`` counts what was
    written beside ``V``, and ``magics`` that; ``opened`` and ``bitten`` are events, ``orderly`` is so after a
    magic close.
    """

    def __init__(self, path: str | Path, *, longest: int = 15, second: float = 1.0) -> None:
        self.longest = self.timeout = longest
        self.second = second
        self.feeds = self.magics = 0
        self.opened, self.bitten = threading.Event(), threading.Event()
        self.orderly = False
        self._state = threading.Condition()
        self._due: float | None = None
        self._reading = threading.Event()
        self._reading.set()
        self._listener: threading.Thread | None = None
        self._timer: threading.Thread | None = threading.Thread(
            target=self._watch, name="watchdog-timer", daemon=True
        )
        self._timer.start()
        super().__init__(path, fifo=True)

    def back(self) -> None:
        """Plug it in; it runs when somebody opens it."""
        super().back()
        self._here = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        self._woken, self._wake = os.pipe()
        self._unplugged = False
        self._listener = threading.Thread(target=self._listen, name="watchdog-device", daemon=True)
        self._listener.start()

    def vanish(self) -> None:
        """Pull it out; what is open can no longer be fed. A timer that runs goes on."""
        if self._listener is not None:
            self._unplugged = True
            self.go_on()
            # The listener may wait for an opening, now or in a moment, or for food.
            opening = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            os.close(self._wake)
            self._listener.join()
            self._listener = None
            for file in (opening, self._here, self._woken):
                os.close(file)
        super().vanish()

    def close(self) -> None:
        """Take it away for good, its timer too."""
        super().close()
        timer, self._timer = self._timer, None
        self._set(None)
        if timer is not None:
            timer.join()

    def stall(self) -> None:
        """Take no more food: what is written waits, until no more can be."""
        self._reading.clear()

    def go_on(self) -> None:
        """Take food again."""
        self._reading.set()

    def wait_feeds(self, count: int, timeout: float) -> bool:
        """Wait until it was fed so often; whether it was."""
        with self._state:
            return self._state.wait_for(lambda: self.feeds >= count, timeout)

    def wait_closed(self, timeout: float) -> bool:
        """Wait until whoever had it open has closed it; whether that came."""
        with self._state:
            return self._state.wait_for(lambda: not self.opened.is_set(), timeout)

    def ioctl(self, call: Call) -> tuple[bytes, ...]:
        """Set or tell the time."""
        if call.request == SETTIMEOUT:
            (wanted,) = _INT.unpack(call.parts[0].data)
            if not 1 <= wanted <= self.longest:
                raise OSError(errno.EINVAL, "no such time")
            self.timeout = wanted
            self._set(self._later())
        elif call.request != GETTIMEOUT:
            raise OSError(errno.ENOTTY, "no such call")
        return (_INT.pack(self.timeout),)

    def _listen(self) -> None:
        while not self._unplugged:
            file = os.open(self.path, os.O_RDONLY)  # returns when somebody opens it for writing
            os.set_blocking(file, False)
            try:
                if not self._unplugged:
                    self._attend(file)
            finally:
                os.close(file)

    def _attend(self, file: int) -> None:
        self.orderly, last = False, b""
        self._set(self._later())
        self.opened.set()
        while data := self._food(file):
            last = data[-1:]
            with self._state:
                self.magics += data.count(b"V")
                self.feeds += len(data) - data.count(b"V")
                self._due = self._later()
                self._state.notify_all()
        with self._state:
            if last == b"V":
                self.orderly, self._due = True, None
            self.opened.clear()
            self._state.notify_all()

    def _food(self, file: int) -> bytes:
        while True:
            ready, _, _ = select.select([file, self._woken], [], [])
            self._reading.wait()
            if self._woken in ready or self._unplugged:
                return b""
            with suppress(BlockingIOError):  # it was closed, and is pulled out since: vanish() has it open
                return os.read(file, PIPE)

    def _later(self) -> float:
        return time.monotonic() + self.timeout * self.second

    def _set(self, due: float | None) -> None:
        with self._state:
            self._due = due
            self._state.notify_all()

    def _watch(self) -> None:
        with self._state:
            while self._timer is not None and not self.bitten.is_set():
                left = None if self._due is None else self._due - time.monotonic()
                if left is not None and left <= 0:
                    self.bitten.set()
                self._state.wait(left)
