"""The kernel's side of a device file, played by another process: ``fcntl.ioctl`` asks its world.

Rule 1: libraries run as they are; only calls on a file with a socket ``<file>.world`` beside it are taken,
every other goes to the kernel.
Rule 2: what a structure points at is fetched and written back here; a new structure is one more Shape.
A call without one is passed by value, which suits every ioctl that carries an integer or plain memory
(``watchdog(4)``, the settings of ``spidev``).
Not shown: ``open`` and ``close`` are the file's own. A world that must see writes gives its file as a FIFO.
"""

import atexit
import ctypes
import errno
import fcntl
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from firmware_shims.kernel_wire import PACKET, WORLD_SUFFIX, Answer, Call, Part

_KERNEL: Callable[..., Any] = fcntl.ioctl
_DELETED = " (deleted)"


class Shape(Protocol):
    """How the argument of some requests is fetched from memory and written back."""

    def fits(self, request: int) -> bool:
        """Whether this request has this shape."""

    def gather(self, memory: bytes) -> tuple[Part, ...]:
        """The pieces that the argument points at."""

    def scatter(self, memory: bytes, parts: tuple[bytes, ...]) -> None:
        """Write the answer where the argument points to."""


SHAPES: list[Shape] = []


class World:
    """The connection of this process to the world behind one device file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._one_call = threading.Lock()
        self._socket: socket.socket | None = None

    def ask(self, call: Call) -> Answer:
        """One call; a world that is gone or hangs up answers as a device that was pulled out."""
        with self._one_call:
            try:
                return Answer.decode(self._exchanged(call.encode()))
            except OSError:
                self._hang_up()
                return Answer(errno.ENODEV)

    def close(self) -> None:
        """End the connection; the next call makes a new one."""
        with self._one_call:
            self._hang_up()

    def _exchanged(self, packet: bytes) -> bytes:
        # No limit of time: a call that the hardware does not finish hangs in the kernel, too.
        if not (answer := self._sent(packet).recv(PACKET)):
            raise ConnectionResetError
        return answer

    def _sent(self, packet: bytes) -> socket.socket:
        # A connection to a device that was pulled out and plugged in again since the last call.
        with suppress(BrokenPipeError):
            if self._socket is not None:
                self._socket.send(packet)
                return self._socket
        self._hang_up()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.connect(self._path + WORLD_SUFFIX)
        self._socket.send(packet)
        return self._socket

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


_WORLDS: dict[str, World] = {}


def install() -> None:
    """From now on ``fcntl.ioctl`` in this process reaches the worlds."""
    atexit.register(uninstall)
    fcntl.ioctl = ioctl


def uninstall() -> None:
    """Give ``fcntl.ioctl`` back to the kernel and hang up."""
    atexit.unregister(uninstall)
    fcntl.ioctl = _KERNEL
    for world in _WORLDS.values():
        world.close()
    _WORLDS.clear()


def ioctl(fd: Any, request: int, arg: Any = 0, mutate_flag: bool = True) -> Any:
    """As ``fcntl.ioctl``; OSError with the errno that the world gives."""
    path = _path(fd if isinstance(fd, int) else fd.fileno())
    world = _world(path)
    if world is None:
        return _KERNEL(fd, request, arg, mutate_flag)
    if path.endswith(_DELETED):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
    return _asked(world, request & 0xFFFFFFFF, arg, mutate_flag)


def _path(fd: int) -> str:
    with suppress(OSError):
        return str(Path(f"/proc/self/fd/{fd}").readlink())
    return ""


def _world(path: str) -> World | None:
    path = path.removesuffix(_DELETED)
    if path in _WORLDS:
        return _WORLDS[path]
    with suppress(OSError):
        if Path(path + WORLD_SUFFIX).is_socket():
            return _WORLDS.setdefault(path, World(path))
    return None


def _asked(world: World, request: int, arg: Any, mutate: bool) -> Any:
    if isinstance(arg, int):
        _checked(world.ask(Call(request, (Part(arg & 0xFFFFFFFFFFFFFFFF),))))
        return 0
    memory = bytes(arg)
    shape = next((shape for shape in SHAPES if shape.fits(request)), None)
    if shape is not None:
        parts = _checked(world.ask(Call(request, shape.gather(memory))))
        shape.scatter(memory, parts)
        return memory if not mutate else 0
    return _by_value(world, request, arg, memory, mutate)


def _by_value(world: World, request: int, arg: Any, memory: bytes, mutate: bool) -> Any:
    parts = _checked(world.ask(Call(request, (Part(data=memory),))))
    after = parts[0] if parts and parts[0] else memory
    if isinstance(arg, bytes) or not mutate:
        return after
    place = (ctypes.c_ubyte * len(memory)).from_buffer(arg)
    ctypes.memmove(place, after, min(len(after), len(memory)))
    return 0


def _checked(answer: Answer) -> tuple[bytes, ...]:
    if answer.errno:
        raise OSError(answer.errno, os.strerror(answer.errno))
    return answer.parts
