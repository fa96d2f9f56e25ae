"""A serial device in software: a thread behind a pty, under one path that survives unplugging.

Rule 1: one thread owns the device; everybody else hands it functions to run.
Rule 2: like a UART it never waits for the host: what the host does not take is lost.
"""

import os
import select
import tempfile
import termios
import threading
import tty
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_SPEEDS = {
    getattr(termios, f"B{baud}"): baud for baud in (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
}
_CALL_S = 10.0


class PtyDevice:
    """Base of a device on a serial line: subclasses answer ``received`` with ``send``."""

    def __init__(self, name: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ironroom-")
        self.port = str(Path(self._folder.name) / name)
        self._master = self._slave = -1
        self._calls: deque[Callable[[], None]] = deque()
        self._wake_read, self._wake_write = os.pipe()
        self._closing = False
        self._plug()
        self._thread = threading.Thread(target=self._run, name=f"shim-{name}", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the thread and take the port away."""
        if not self._closing:
            self._closing = True
            os.write(self._wake_write, b"!")
            self._thread.join()
            os.close(self._wake_read)
            os.close(self._wake_write)
            self._folder.cleanup()

    def vanish(self) -> None:
        """Pull the plug: the port hangs up and its path is gone."""
        self.call(self._unplug)

    def back(self) -> None:
        """Plug in again under the same path, freshly powered."""
        self.call(self._plug)
        self.call(self.powered)

    def powered(self) -> None:
        """What the device does when it gets power; runs on its thread."""

    def received(self, data: bytes) -> None:
        """What the device does with bytes from the host; runs on its thread."""
        raise NotImplementedError

    def send(self, data: bytes) -> None:
        """Bytes to the host; for the device's own thread."""
        with suppress(OSError):
            os.write(self._master, data)

    def host_speed(self) -> int:
        """The speed in baud that the host has set; 0 when it is an unusual one."""
        return _SPEEDS.get(termios.tcgetattr(self._slave)[4], 0)

    def call(self, function: Callable[[], None]) -> None:
        """Run a function on the device's thread and wait for its end."""
        if self._closing:
            raise RuntimeError("the device is closed")
        done = threading.Event()

        def run() -> None:
            function()
            done.set()

        self._calls.append(run)
        os.write(self._wake_write, b"!")
        if not done.wait(_CALL_S):
            raise TimeoutError("the device's thread does not answer")

    def _run(self) -> None:
        while not self._closing:
            ready, _, _ = select.select(
                [self._wake_read, *([self._master] if self._master >= 0 else [])], [], []
            )
            if self._master in ready:
                self._read()
            if self._wake_read in ready:
                os.read(self._wake_read, 4096)
                while self._calls:
                    self._calls.popleft()()
        self._unplug()

    def _read(self) -> None:
        data = b""
        with suppress(OSError):
            data = os.read(self._master, 4096)
        if data:
            self.received(data)

    def _plug(self) -> None:
        self._unplug()
        # The slave stays open here too, so that the line does not hang up when the host closes it.
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        fresh = Path(f"{self.port}.new")
        fresh.symlink_to(os.ttyname(self._slave))
        fresh.replace(self.port)

    def _unplug(self) -> None:
        if self._master >= 0:
            Path(self.port).unlink(missing_ok=True)
            os.close(self._master)
            os.close(self._slave)
            self._master = self._slave = -1
