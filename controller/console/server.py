"""Where the console comes in: a Unix socket, one line asked, one line answered, a thread for each peer.

Rule 1: the kernel says who comes (SO_PEERCRED); another user than ours and the console's is not listened to.
Rule 2: at most 64 at a time; one that is silent for a minute, or says a line that is too long, is hung up on.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from threading import BoundedSemaphore, Event, Lock, Thread

from controller.console.desk import Desk
from controller.console.lines import LONGEST_LINE
from controller.console.place import ConsolePlace
from controller.errors import ConfigError
from controller.kept_socket import KeptSocket
from controller.unix_sockets import ANYBODY, OWNER_ONLY, peer_uid

MOST_PEERS = 64
IDLE_S = 60.0
LISTEN_S = 0.2


class ConsoleServer:
    """Listens for the console's process; raises ConfigError when the socket cannot be made."""

    def __init__(self, place: ConsolePlace, desk: Desk) -> None:
        self._place, self._desk = place, desk
        self._stopping, self._lock = Event(), Lock()
        self._free = BoundedSemaphore(MOST_PEERS)
        self._peers: set[socket.socket] = set()
        mask = OWNER_ONLY if place.uids == {os.geteuid()} else ANYBODY
        try:
            self._socket = KeptSocket(place.path, MOST_PEERS, LISTEN_S, mask)
        except OSError as error:
            raise ConfigError(
                f"{place.path}: the console's line cannot be made here ({error}); name another with --console"
            ) from error
        self._thread = Thread(target=self._listen, name="console", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._desk.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, hang up on everybody, and take the socket away."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._socket.close()
        with self._lock:
            peers = list(self._peers)
        for peer in peers:
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
        self._desk.stop()

    def _listen(self) -> None:
        for peer in self._socket.coming(self._stopping):
            if peer_uid(peer) not in self._place.uids or not self._free.acquire(blocking=False):
                peer.close()
                continue
            with self._lock:
                self._peers.add(peer)
            Thread(target=self._serve, args=(peer,), name="console peer", daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        peer.settimeout(IDLE_S)
        try:
            with peer, peer.makefile("rb") as lines:
                while (line := lines.readline(LONGEST_LINE + 1)) and not self._stopping.is_set():
                    if len(line) > LONGEST_LINE:
                        break
                    peer.sendall(json.dumps(self._desk.answer(line), ensure_ascii=False).encode() + b"\n")
        except OSError:
            pass  # a peer that goes away or falls silent costs nobody else anything
        finally:
            with self._lock:
                self._peers.discard(peer)
            self._free.release()
