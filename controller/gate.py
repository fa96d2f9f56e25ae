"""The way in for people's wishes: a Unix socket with one JSON object a line (gate_lines.py).

    {"ask": "acknowledge", "by": "zhao", "fields": {"alarm": "forced", "reason": "checked"}}
    {"accepted": true}                            or  {"refused": "oneself", "need": "somebody else's …"}
    {"look": "room"}                              answers the room as it is
    {"look": "sealed"}                            with duress, for the controller's own user alone
    {"look": "wires"}                             buses, readers and loops: addresses, retries, answer times
    {"look": "eyes"}                              recorder and cameras: how they are, as they last told
    {"site_key": ["…", "…"], "by": "li", "second": "wang"}   both halves, for the controller's own user alone
    and "replace": "646442CB", the check value of a key that is meant to replace another

Rule 1: the peer's uid is checked by the kernel's word (SO_PEERCRED); nobody else is listened to.
Rule 2: the gate judges nothing and changes nothing; it hands over and passes the answer on.
Rule 3: a look at evidence is asked for by the peer the kernel names, whatever the line says.
Rule 4: whoever asks or reports waits for the answer, so that no flood at the gate fills the inbox.
Rule 5: once a recorder has come, it alone says what the cameras see; a report of one is refused here.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import BoundedSemaphore, Event, Thread
from typing import Any, Protocol

from controller.badge_keys import BadgeKeys
from controller.core.effects import Answer
from controller.core.events import Asking, CameraSeen, LogNews
from controller.errors import ConfigError
from controller.gate_client import GateClient, Told
from controller.gate_lines import LONGEST_LINE, SITE_KEY, BadLineError, Halves, parsed
from controller.inbox import EYES, SEALED, WIRES, Inbox, Look, Report
from controller.kept_socket import KeptSocket
from controller.key_halves import WrongHalf
from controller.os_users import asked_by
from controller.unix_sockets import peer_uid

__all__ = ["Gate", "GateClient", "told"]

Wires = Callable[[], Told]
NO_ANSWER: Told = {
    "refused": "no_answer",
    "need": "a controller that runs; the log tells what became of it",
}
NO_EYES: Told = {"recorder": None, "cameras": []}
MOST_PEERS = 16
IDLE_S = 60.0
ANSWER_S = 10.0
LISTEN_S = 0.2


class Watching(Protocol):
    """Who looks through the cameras, in production ``controller.eyes.eyes.Eyes``; from any thread."""

    @property
    def came(self) -> bool:
        """Whether a recorder has come since the start."""

    def health(self) -> Told:
        """Recorder and cameras as they are now."""


class Gate:
    """Listens on a Unix socket that only its owner can open; ConfigError when it cannot be made there."""

    def __init__(
        self,
        path: Path,
        inbox: Inbox,
        uids: frozenset[int],
        keys: BadgeKeys | None = None,
        wires: Wires = dict,
        eyes: Watching | None = None,
    ) -> None:
        self._inbox, self._uids = inbox, uids
        self._keys, self._wires, self._eyes = keys, wires, eyes
        self._stopping = Event()
        self._free = BoundedSemaphore(MOST_PEERS)
        self._peers: set[socket.socket] = set()
        try:
            self._socket = KeptSocket(path, MOST_PEERS, LISTEN_S)
        except OSError as error:
            raise ConfigError(
                f"{path}: the gate cannot be made here ({error}); name another folder"
            ) from error
        self._thread = Thread(target=self._listen, name="gate", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, hang up on everybody and take the socket away."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._socket.close()
        for peer in list(self._peers):
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        for peer in self._socket.coming(self._stopping):
            uid = peer_uid(peer)
            if uid not in self._uids or not self._free.acquire(blocking=False):
                peer.close()
                continue
            self._peers.add(peer)
            Thread(target=self._serve, args=(peer, uid), name="gate peer", daemon=True).start()

    def _serve(self, peer: socket.socket, uid: int) -> None:
        peer.settimeout(IDLE_S)
        try:
            with peer, peer.makefile("rb") as lines:
                while (line := lines.readline(LONGEST_LINE + 1)) and not self._stopping.is_set():
                    if len(line) > LONGEST_LINE:
                        break
                    peer.sendall(_spelled(self._answer(line, uid)))
        except OSError:
            pass  # a peer that goes away or falls silent costs nobody else anything
        finally:
            self._peers.discard(peer)
            self._free.release()

    def _answer(self, line: bytes, uid: int) -> Told:
        try:
            said = parsed(line)
        except BadLineError as error:
            return {"refused": "not_understood", "need": str(error)}
        if isinstance(said, Halves):
            return self._enter(said, uid)
        if (known := self._known(said)) is not None:
            return known
        content = asked_by(said, uid)
        if (content == Look(SEALED) or isinstance(content, LogNews)) and uid != os.geteuid():
            return {"refused": "not_allowed", "need": "the controller's own user"}
        return self._asked(content)

    def _known(self, said: Asking | Look | Report) -> Told | None:
        """What is answered here, without the loop."""
        if said == Look(WIRES):
            return self._wires()
        if said == Look(EYES):
            return self._eyes.health() if self._eyes else dict(NO_EYES)
        if isinstance(said, CameraSeen) and self._eyes and self._eyes.came:
            return {"refused": "not_allowed", "need": "the recorder's own word: it looks through the cameras"}
        return None

    def _asked(self, content: Asking | Look | Report) -> Told:
        answers: Queue[Answer | dict[str, Any]] = Queue()
        self._inbox.put(content, answers.put)
        try:
            return told(answers.get(timeout=ANSWER_S))
        except Empty:
            return NO_ANSWER

    def _enter(self, said: Halves, uid: int) -> Told:
        """Two people bring the site key; the core judges who they are, the key itself goes past it."""
        if uid != os.geteuid() or self._keys is None:
            return {"refused": "not_allowed", "need": "the controller's own user"}
        heard: list[Told] = []

        def agree(check: str) -> bool:
            fields = {"check": check, "replace": said.replace}
            heard.append(self._asked(Asking(0, SITE_KEY, said.by, said.second, fields)))
            if heard[-1] == NO_ANSWER:
                raise TimeoutError
            return "accepted" in heard[-1]

        try:
            check = self._keys.enter(said.halves, agree)
        except WrongHalf as wrong:
            return {"refused": "not_understood", "need": wrong.sentence}
        except TimeoutError:
            return NO_ANSWER
        return {**heard[-1], "check": check} if check else heard[-1]


def told(answer: Answer | dict[str, Any]) -> Told:
    """Answer as the socket tells it."""
    if isinstance(answer, dict):
        return answer
    if answer.reason is None:
        return {"accepted": True, **answer.more}
    return {**answer.more, "refused": answer.reason.value, "need": answer.need}


def _spelled(answer: Told) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
