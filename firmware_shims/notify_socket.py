"""The service manager's end of sd_notify(3): a socket that keeps what a program says of itself.

Rule 1: it keeps and judges nothing; one datagram is one message of ``NAME=value`` lines.
"""

import socket
import threading
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

KEPT = 10_000


class NotifySocket:
    """Listens on ``path``, which belongs into NOTIFY_SOCKET (``@name`` is an abstract one)."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._said: deque[str] = deque(maxlen=KEPT)
        self._more = threading.Condition()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._address = "\0" + self.path[1:] if self.path.startswith("@") else self.path
        self._socket.bind(self._address)
        self._thread = threading.Thread(target=self._listen, name="notify-socket", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    @property
    def said(self) -> list[str]:
        """Every message so far, in order."""
        with self._more:
            return list(self._said)

    def wait(self, message: str, count: int = 1, timeout: float = 20.0) -> bool:
        """Wait until exactly this was said ``count`` times; whether it was."""
        with self._more:
            return self._more.wait_for(lambda: self._said.count(message) >= count, timeout)

    def close(self) -> None:
        """Stop listening, with everything heard that was said before."""
        # An empty datagram is the end: shutting a datagram socket down does not end its reader.
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._address)
        self._thread.join()
        self._socket.close()
        if not self.path.startswith("@"):
            Path(self.path).unlink(missing_ok=True)

    def _listen(self) -> None:
        while data := self._socket.recv(65536):
            with self._more:
                self._said.append(data.decode("latin-1"))
                self._more.notify_all()
