"""The way in for people's wishes: a Unix socket with one JSON object a line.

    {"ask": "acknowledge", "by": "zhao", "fields": {"alarm": "forced", "reason": "checked"}}
    {"accepted": true}                            or  {"refused": "oneself", "need": "somebody else's …"}
    {"look": "room"}                              answers the room as it is

Rule 1: the peer's uid is checked by the kernel's word (SO_PEERCRED); nobody else is listened to.
Rule 2: the gate judges nothing and changes nothing; it hands over and passes the answer on.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from pathlib import Path
from queue import Empty, Queue
from threading import BoundedSemaphore, Event, Thread
from typing import Any

from controller.core.effects import Answer
from controller.core.events import Asking, CameraSeen, TagGone, TagSeen
from controller.inbox import Inbox, Look, Report

LONGEST_LINE = 65_536
MOST_PEERS = 16
IDLE_S = 60.0
ANSWER_S = 10.0
DEEPEST = 8
LONGEST_NAME = 200
CONDITIONS = frozenset({"covered", "moved", "frozen", "lost", "back"})

Told = dict[str, Any]


class BadLineError(ValueError):
    """A line that is no Asking; the text says what would be right."""


class Gate:
    """Listens on a Unix socket that only its owner can open."""

    def __init__(self, path: Path, inbox: Inbox, uids: frozenset[int]) -> None:
        self._path, self._inbox, self._uids = path, inbox, uids
        self._stopping = Event()
        self._peers = BoundedSemaphore(MOST_PEERS)
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            self._socket.bind(str(path))
        finally:
            os.umask(before)
        self._socket.listen(MOST_PEERS)
        self._socket.settimeout(0.2)
        self._thread = Thread(target=self._listen, name="gate", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and take the socket away."""
        self._stopping.set()
        self._thread.join()
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                peer, _ = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                self._stopping.wait(0.2)
                continue
            if peer_uid(peer) not in self._uids or not self._peers.acquire(blocking=False):
                peer.close()
                continue
            Thread(target=self._serve, args=(peer,), name="gate peer", daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        peer.settimeout(IDLE_S)
        try:
            with peer, peer.makefile("rb") as lines:
                while (line := lines.readline(LONGEST_LINE + 1)) and not self._stopping.is_set():
                    if len(line) > LONGEST_LINE:
                        break
                    peer.sendall(json.dumps(self._answer(line), ensure_ascii=False).encode() + b"\n")
        except (OSError, ValueError):
            pass  # a peer that goes away or babbles costs nobody else anything
        finally:
            self._peers.release()

    def _answer(self, line: bytes) -> Told:
        try:
            content = parsed(line)
        except BadLineError as error:
            return {"refused": "not_understood", "need": str(error)}
        if isinstance(content, Report):
            self._inbox.put(content)
            return {"accepted": True}
        answers: Queue[Answer | dict[str, Any]] = Queue()
        self._inbox.put(content, answers.put)
        try:
            return told(answers.get(timeout=ANSWER_S))
        except Empty:
            return {"refused": "no_answer", "need": "a controller that runs; the log tells what became of it"}


def told(answer: Answer | dict[str, Any]) -> Told:
    """Answer as the socket tells it."""
    if isinstance(answer, dict):
        return answer
    if answer.reason is None:
        return {"accepted": True, **answer.more}
    return {"refused": answer.reason.value, "need": answer.need}


def peer_uid(peer: socket.socket) -> int:
    """User at the other end, as the kernel knows it (unix(7), SO_PEERCRED)."""
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(uid)


def parsed(line: bytes) -> Asking | Look | Report:
    """Asking or look out of one line; raises BadLineError."""
    try:
        said = json.loads(line, parse_constant=_no_constant, object_pairs_hook=_no_twins)
    except (ValueError, RecursionError):
        raise BadLineError("one JSON object a line") from None
    if not isinstance(said, dict) or _depth(said) > DEEPEST:
        raise BadLineError("one JSON object a line, not deeply nested")
    if set(said) == {"look"} and said["look"] == "room":
        return Look("room")
    if set(said) == {"report"}:
        return _report(said["report"])
    if set(said) - {"ask", "by", "second", "fields"} or not isinstance(said.get("ask"), str):
        raise BadLineError('"ask" with "by", "second" and "fields", or "look"')
    names = [said["ask"], said.get("by", ""), said.get("second", "")]
    fields = said.get("fields", {})
    if not all(isinstance(n, str) for n in names) or not isinstance(fields, dict):
        raise BadLineError('names are texts, "fields" is an object')
    return Asking(0, names[0], names[1], names[2], fields)


def _report(said: Any) -> Report:
    """What the recorder and the tag readers see, told by their own processes."""
    if isinstance(said, dict) and all(isinstance(v, str) and len(v) <= LONGEST_NAME for v in said.values()):
        match said:
            case {"camera": camera, "condition": condition} if len(said) == 2 and condition in CONDITIONS:
                return CameraSeen(0, camera, condition)
            case {"tag_seen": carrier, "place": place}:
                return TagSeen(0, carrier, place)
            case {"tag_gone": carrier, "place": place}:
                return TagGone(0, carrier, place)
    raise BadLineError('"report" with "camera" and "condition", or "tag_seen" or "tag_gone" and "place"')


def _no_constant(word: str) -> Any:
    raise BadLineError(f"no {word}")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise BadLineError("each key once")
    return dict(pairs)


def _depth(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max((_depth(v) for v in inside), default=0)


class GateClient:
    """The other end: asks, and waits for the answer."""

    def __init__(self, path: Path, timeout_s: float = ANSWER_S + 5) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")

    def tell(self, said: Told) -> Told:
        """Send one object and read its answer; raises OSError when the controller is gone."""
        self._socket.sendall(json.dumps(said, ensure_ascii=False).encode() + b"\n")
        line = self._lines.readline()
        if not line:
            raise ConnectionResetError("the controller closed the gate")
        answer = json.loads(line)
        return answer if isinstance(answer, dict) else {}

    def ask(self, name: str, by: str = "", second: str = "", **fields: Any) -> Told:
        """Ask for something."""
        return self.tell({"ask": name, "by": by, "second": second, "fields": fields})

    def look(self) -> Told:
        """The room as it is."""
        return self.tell({"look": "room"})

    def close(self) -> None:
        """End the conversation."""
        self._lines.close()
        self._socket.close()
