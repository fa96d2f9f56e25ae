"""Unix sockets that the controller listens on: who may open them, and who is at the other end.

Rule: the kernel's word (SO_PEERCRED) says who a peer is; what a peer says of itself never does.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from controller.gate_client import short

OWNER_ONLY = 0o177
"""The mask of a socket that its owner alone can open (0600)."""
ANYBODY = 0o111
"""The mask of a socket that everybody can open (0666); whoever listens looks at the peer's uid."""


def peer_uid(peer: socket.socket) -> int:
    """User at the other end, as the kernel knows it (unix(7), SO_PEERCRED)."""
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(uid)


def listening(path: Path, most: int, accept_s: float, mask: int = OWNER_ONLY) -> socket.socket:
    """A socket that listens there in place of one that a crash left; ``accept`` waits ``accept_s`` at most.

    Raises OSError when it cannot be made.
    """
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # Linux gives the file the socket's own mode less the umask: never more than it may have, from its
        # first moment. The umask itself is every thread's, and theirs make files of their own meanwhile.
        os.fchmod(listener.fileno(), 0o777 & ~mask)
        with short(path) as spelled:
            listener.bind(spelled)
        path.chmod(0o777 & ~mask)
    except OSError:
        listener.close()
        raise
    listener.listen(most)
    listener.settimeout(accept_s)
    return listener


def coming(
    listener: socket.socket, stopping: Event, pause_s: float, *, once: bool = False
) -> Iterator[socket.socket]:
    """Whoever connects, one after the other, until ``stopping`` is set; an error costs a pause.

    With ``once`` it ends as soon as nobody has come for as long as the listener waits, or after an error.
    """
    while not stopping.is_set():
        try:
            peer, _ = listener.accept()
        except TimeoutError:
            if once:
                return
        except OSError:
            stopping.wait(pause_s)
            if once:
                return
        else:
            yield peer
