"""A listening Unix socket whose file is looked after: whoever takes it away only makes us make it anew.

Rule 1: a file that is gone, that is no socket, or at which nobody listens is replaced; one at which somebody
else listens is theirs. Rule 2: rights that were changed are put back.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_ISSOCK
from threading import Event

from controller.gate_client import short
from controller.unix_sockets import OWNER_ONLY, coming, listening

_Known = tuple[int, int, int]


class KeptSocket:
    """Listens at ``path``; raises OSError when it cannot be made there at the start.

    ``most`` may wait to be let in; ``accept_s`` is how long one look lasts, in seconds, and how soon a file
    that is gone is missed; ``mask`` says who may open it (unix_sockets.py).
    """

    def __init__(self, path: Path, most: int, accept_s: float, mask: int = OWNER_ONLY) -> None:
        self._path, self._most, self._accept_s, self._mask = path, most, accept_s, mask
        self._socket = listening(path, most, accept_s, mask)
        self._known = _stands(path)

    def coming(self, stopping: Event) -> Iterator[socket.socket]:
        """Whoever connects, one after the other, until ``stopping`` is set."""
        while not stopping.is_set():
            yield from coming(self._socket, stopping, self._accept_s, once=True)
            if not stopping.is_set() and _stands(self._path) != self._known:
                self._mend()

    def close(self) -> None:
        """Listen no more and take the file away, unless it is somebody else's by now."""
        self._socket.close()
        with suppress(OSError):  # on a disk that takes nothing it stays; the next start puts it right
            if not _listens(self._path):
                self._path.unlink(missing_ok=True)

    def _mend(self) -> None:
        found = _stands(self._path)
        with suppress(OSError):  # a folder that is away or full is looked at again in a moment
            if found and self._known and found[:2] == self._known[:2]:
                self._path.chmod(0o777 & ~self._mask)
            elif not _listens(self._path):
                fresh = listening(self._path, self._most, self._accept_s, self._mask)
                self._socket.close()
                self._socket = fresh
            else:
                return
            self._known = _stands(self._path)


def _stands(path: Path) -> _Known | None:
    """Which file stands there and with which rights, None for none that can be seen."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, S_IMODE(found.st_mode)


def _listens(path: Path) -> bool:
    """Whether somebody listens at a path."""
    try:
        if not S_ISSOCK(path.lstat().st_mode):
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe, short(path) as spelled:
            probe.setblocking(False)
            probe.connect(spelled)
    except BlockingIOError:
        return True  # so many wait to be let in that there must be somebody
    except OSError:
        return False
    return True
