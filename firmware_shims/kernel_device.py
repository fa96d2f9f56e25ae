"""A device file in software: the file, the socket beside it, and a thread for each process that calls.

Rule 1: one call at a time, as a driver's lock has it. Subclasses answer ``ioctl``; OSError is the errno.
Rule 2: a device that vanishes takes its file along; what was open before stays dead.
"""

import errno
import os
import socket
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from firmware_shims.kernel_wire import PACKET, WORLD_SUFFIX, Answer, Call


class KernelDevice:
    """Base of a device. ``path`` is the file to give to a driver. Use it as a context manager.

    With ``fifo`` the file is a FIFO, on which a subclass can hear writes and the last close.
    """

    def __init__(self, path: str | Path, *, fifo: bool = False) -> None:
        self.path = str(path)
        self._fifo = fifo
        self._one_call = threading.RLock()
        self._callers: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._server: socket.socket | None = None
        self.back()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the device away for good."""
        self.vanish()

    def ioctl(self, call: Call) -> tuple[bytes, ...]:
        """Answer one call: the memory of each Part afterwards (empty: unchanged); OSError for an errno."""
        raise NotImplementedError

    def vanish(self) -> None:
        """Pull the device out: the file goes, and what has it open gets ENODEV."""
        server, self._server = self._server, None
        if server is None:
            return
        Path(self.path).unlink(missing_ok=True)
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        Path(self.path + WORLD_SUFFIX).unlink(missing_ok=True)
        self._hang_up()

    def back(self) -> None:
        """Plug the device in under the same path."""
        self.vanish()
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._server.bind(self.path + WORLD_SUFFIX)
        self._server.listen()
        if self._fifo:
            os.mkfifo(self.path, 0o600)
        else:
            Path(self.path).touch(0o600)
        self._start(self._accept, self._server)

    def _hang_up(self) -> None:
        for caller in list(self._callers):
            with suppress(OSError):
                caller.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join()
        self._threads.clear()

    def _start(self, target: object, connection: socket.socket) -> None:
        assert callable(target)
        name = f"kernel-{Path(self.path).name}"
        thread = threading.Thread(target=target, args=(connection,), name=name, daemon=True)
        self._threads = [*(old for old in self._threads if old.is_alive()), thread]
        thread.start()

    def _accept(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                self._callers.append(connection)
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while packet := connection.recv(PACKET):
                connection.send(self._answer(Call.decode(packet)).encode())
        self._callers.remove(connection)

    def _answer(self, call: Call) -> Answer:
        try:
            with self._one_call:
                return Answer(parts=self.ioctl(call))
        except OSError as error:
            return Answer(error.errno or errno.EIO)
