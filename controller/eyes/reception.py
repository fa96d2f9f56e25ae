"""Where the recorder comes in: a Unix socket, one recorder at a time, and never too soon again.

Rule 1: the kernel says who comes; another user than ours and the recorder's is not listened to.
Rule 2: one that did not stay well is let in again only after a pause, which doubles each time.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from controller.errors import ConfigError
from controller.unix_sockets import ANYBODY, OWNER_ONLY, coming, listening, peer_uid

ACCEPT_S = 0.2
MOST_COMING = 4
STRANGER_S = 0.05
"""A pause after each one who is sent away, so that nobody keeps this thread busy."""
SHORTEST_S, LONGEST_S = 0.25, 8.0
STEADY_S = 60.0
"""One that was well for so long is let in again as if it had never failed."""


class Reception:
    """Listens there and gives every recorder to ``welcome``, which takes it or says no at once.

    ``uids`` are the users that may come. Raises ConfigError.
    """

    def __init__(self, path: Path, uids: frozenset[int], welcome: Callable[[socket.socket], bool]) -> None:
        self._path, self._uids, self._welcome = path, uids, welcome
        self._stopping = Event()
        self._pause_s, self._not_before = SHORTEST_S, 0.0
        self._stranger: int | None = None
        mask = OWNER_ONLY if self._uids == {os.geteuid()} else ANYBODY
        try:
            self._socket = listening(path, MOST_COMING, ACCEPT_S, mask)
        except OSError as error:
            raise ConfigError(
                f"{path}: the recorder's line cannot be made here ({error}); name another with --eyes"
            ) from error
        self._thread = Thread(target=self._listen, name="eyes: reception", daemon=True)

    @property
    def turned_away(self) -> str:
        """Why a recorder may have come and was not let in, as half a sentence."""
        if (stranger := self._stranger) is not None:
            return f"user {stranger} came and was turned away: name it with --recorder-user"
        named = " or ".join(str(uid) for uid in sorted(self._uids))
        return f"it may come as user {named}, another is named with --recorder-user"

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more and take the socket away."""
        self._stopping.set()
        with suppress(OSError):  # ends an accept that waits; Linux, for sockets that listen, too
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread.ident is not None:
            self._thread.join()
        self._socket.close()
        with suppress(OSError):  # on a disk that takes nothing it stays; the next start puts it right
            self._path.unlink(missing_ok=True)

    def left(self, well_s: float) -> None:
        """A recorder has gone that was well for so long."""
        self._pause_s = SHORTEST_S if well_s >= STEADY_S else self._pause_s
        self._not_before = monotonic() + self._pause_s
        self._pause_s = min(LONGEST_S, 2 * self._pause_s)

    def _listen(self) -> None:
        for peer in coming(self._socket, self._stopping, ACCEPT_S):
            if not self._may_come(peer) or not self._welcome(peer):
                peer.close()
                self._stopping.wait(STRANGER_S)

    def _may_come(self, peer: socket.socket) -> bool:
        uid = peer_uid(peer)
        if uid not in self._uids:
            self._stranger = uid
            return False
        return monotonic() >= self._not_before
