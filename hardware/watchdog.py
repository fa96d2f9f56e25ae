"""The box's hardware watchdog: a device that resets the box unless it is fed in time (Linux watchdog API).

Rule 1: it is fed by the thread that must be alive, never by a thread of its own.
Rule 2: only an orderly end stops it; whatever else ends the program leaves it running, and the box starts
anew unless another program feeds it in time.
Source: Documentation/watchdog/watchdog-api.rst of the Linux kernel.
"""

import errno
import fcntl
import os
import struct
from pathlib import Path
from types import TracebackType
from typing import Self

from hardware.signals import DeviceBack, DeviceLost, Sink

SETTIMEOUT, GETTIMEOUT = 0xC0045706, 0x80045707  # WDIOC_SETTIMEOUT, WDIOC_GETTIMEOUT
SHORTEST_S = 5
"""A turn of the loop may wait for a slow disk; a shorter watchdog would reset a box that is well."""
_FOOD, _MAGIC = b"\0", b"V"
_INT = struct.Struct("i")
_WHY = {
    errno.ENOENT: "there is no such device; load its driver or leave the watchdog out",
    errno.EACCES: "this user may not open it; a udev rule gives it to the controller's group",
    errno.EBUSY: "something else feeds it already, such as systemd with RuntimeWatchdogSec",
    errno.ENXIO: "no driver is behind it",
}


class WatchdogError(Exception):
    """The watchdog cannot be used. The sentence is for people."""


class Watchdog:
    """A running watchdog: it runs from construction on, and wants ``feed`` within ``timeout_s`` seconds.

    ``timeout_s`` (5 and more; a Raspberry Pi takes up to 15) is set in the device, None leaves the device's
    own; what the device granted is the attribute of that name. A feed that fails is told to ``sink`` once,
    as DeviceLost of ``device``, and its recovery as DeviceBack. As a context manager it stops in an orderly
    end of the block only. A kernel built with NOWAYOUT never stops it. Raises WatchdogError.
    """

    def __init__(
        self, path: str | Path, timeout_s: int | None = None, *, sink: Sink, device: str = "watchdog"
    ) -> None:
        if timeout_s is not None and timeout_s < SHORTEST_S:
            raise WatchdogError(f"{path}: a watchdog of {timeout_s} s is too short; {SHORTEST_S} s or more")
        self._sink, self._device = sink, device
        self._lost = False
        self._file: int | None = _opened(path)
        try:
            self.timeout_s = self._granted(path, timeout_s)
        except WatchdogError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def feed(self) -> None:
        """Tell the device that the program is alive; never blocks, and does nothing once it was stopped."""
        if self._file is not None:
            self._write(_FOOD)

    def close(self) -> None:
        """Stop the watchdog: the program ends in order."""
        if self._file is not None:
            self._write(_MAGIC)
            self.abandon()

    def abandon(self) -> None:
        """Let go of the device and leave it running: the box starts anew unless somebody else feeds it."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _granted(self, path: str | Path, timeout_s: int | None) -> int:
        try:
            if timeout_s is not None:
                self._ioctl(SETTIMEOUT, timeout_s)
            return self._ioctl(GETTIMEOUT, 0)
        except OSError as error:
            if error.errno == errno.ENOTTY:
                self.abandon()  # whatever this is, a magic letter has no place in it
                raise WatchdogError(f"{path} is no watchdog; the device is usually /dev/watchdog") from error
            wish = "tell its time" if timeout_s is None else f"take {timeout_s} s"
            raise WatchdogError(f"{path} does not {wish}: {error.strerror}") from error

    def _ioctl(self, request: int, number: int) -> int:
        assert self._file is not None
        answer: bytes = fcntl.ioctl(self._file, request, _INT.pack(number))
        return int(_INT.unpack(answer)[0])

    def _write(self, what: bytes) -> None:
        assert self._file is not None
        try:
            os.write(self._file, what)
        except OSError as error:
            self._gone(f"it cannot be fed: {error.strerror}; the box will start anew")
            return
        if self._lost:
            self._lost = False
            self._sink(DeviceBack(self._device))

    def _gone(self, why: str) -> None:
        if not self._lost:
            self._lost = True
            self._sink(DeviceLost(self._device, why))


def _opened(path: str | Path) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        why = _WHY.get(error.errno or 0, error.strerror)
        raise WatchdogError(f"{path}: the watchdog cannot be opened: {why}") from error
