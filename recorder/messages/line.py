"""One end of the line: messages out of bytes and bytes out of messages, with limits in length and in time.

Rule 1: no more is kept than the longest message and one piece.
Rule 2: a message that has begun is whole within WHOLE_S; one that is sent has left within its own time.
"""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Sequence
from dataclasses import replace
from math import inf
from threading import Lock
from time import monotonic
from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta

from recorder.messages.orders import Beat, Learn, Rooms, Snapshot
from recorder.messages.reports import (
    MOST_BYTES,
    Condition,
    FramesSeen,
    Health,
    Hello,
    Learned,
    NoPicture,
    Picture,
    RoomLooks,
)
from recorder.messages.settings import Settings
from recorder.messages.shapes import BadMessageError, checked

LONGEST_LINE = 65_536
WHOLE_S = 5.0
SAID_S = 5.0
_PIECE = 262_144
_Size = Annotated[int, Meta(ge=1, le=MOST_BYTES)]

FromController = Settings | Snapshot | Learn | Rooms | Beat
FromRecorder = Hello | Picture | NoPicture | FramesSeen | Condition | Learned | RoomLooks | Health
Message = FromController | FromRecorder
Heard = TypeVar("Heard", bound=Message)
FROM_CONTROLLER: tuple[type[FromController], ...] = (Settings, Snapshot, Learn, Rooms, Beat)
FROM_RECORDER: tuple[type[FromRecorder], ...] = (
    Hello,
    Picture,
    NoPicture,
    FramesSeen,
    Condition,
    Learned,
    RoomLooks,
    Health,
)


def spelled(message: Message) -> bytes:
    """The bytes of a message; raises BadMessageError where it does not keep its limits."""
    said, body = message.plain(), b""
    if isinstance(message, Picture):
        body = said.pop("sealed")
        said["size"] = checked(len(body), _Size)
    line = json.dumps({message.WORD: said}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    if len(line) > LONGEST_LINE:
        raise BadMessageError(f"at most {LONGEST_LINE} bytes a line")
    return line + body


class Incoming(Generic[Heard]):
    """Messages of some kinds out of pieces of bytes, cut anywhere."""

    def __init__(self, kinds: Sequence[type[Heard]]) -> None:
        self._kinds = {kind.WORD: kind for kind in kinds}
        self._bytes = bytearray()
        self._head: Heard | None = None
        self._size = 0

    @property
    def begun(self) -> bool:
        """Whether a part of a message has come."""
        return bool(self._bytes) or self._head is not None

    def feed(self, piece: bytes) -> None:
        """More bytes; to be called when ``taken`` has nothing left."""
        self._bytes += piece

    def taken(self) -> Heard | None:
        """The next whole message, None while there is none; raises BadMessageError, after which all ends."""
        if self._head is None and not self._headed():
            return None
        head = self._head
        if head is None or len(self._bytes) < self._size:
            return None
        if isinstance(head, Picture):
            head = replace(head, sealed=bytes(self._bytes[: self._size]))
        del self._bytes[: self._size]
        self._head, self._size = None, 0
        return head

    def _headed(self) -> bool:
        end = self._bytes.find(b"\n", 0, LONGEST_LINE)
        if end < 0:
            if len(self._bytes) >= LONGEST_LINE:
                raise BadMessageError(f"at most {LONGEST_LINE} bytes a line")
            return False
        line = bytes(self._bytes[:end])
        del self._bytes[: end + 1]
        self._head, self._size = _head(line, self._kinds)
        return True


class Messages(Generic[Heard]):
    """A connected socket that hears messages of some kinds; one thread reads, any number may speak."""

    def __init__(self, line: socket.socket, hears: Sequence[type[Heard]]) -> None:
        line.setblocking(False)
        self._line = line
        self._incoming = Incoming(hears)
        self._begun_at = 0.0
        self._saying = Lock()
        self._closed = False

    def next(self, within_s: float) -> Heard | None:
        """The next message, None when none was whole in time.

        Raises BadMessageError for whatever is no message, ConnectionError when the other end has hung up.
        """
        until = monotonic() + within_s
        while (message := self._incoming.taken()) is None:
            whole = self._begun_at + WHOLE_S if self._incoming.begun else inf
            if monotonic() >= whole:
                raise BadMessageError(f"a message that has begun is whole within {WHOLE_S} s")
            if self._may(select.POLLIN, min(until, whole)):
                self._hear()
            elif monotonic() >= until:
                return None
        self._begun_at = monotonic()  # of the next one, part of which may have come already
        return message

    def say(self, message: Message, within_s: float = SAID_S) -> None:
        """Send it; raises OSError when it has not left in time: then the line is good for nothing more."""
        octets = memoryview(spelled(message))
        until = monotonic() + within_s
        with self._saying:
            if self._closed:
                raise ConnectionResetError("we hung up")
            while octets:
                if not self._may(select.POLLOUT, until):
                    self.hang_up()
                    raise TimeoutError("nobody takes what is said")
                try:
                    octets = octets[self._line.send(octets) :]
                except BlockingIOError:
                    continue

    def hang_up(self) -> None:
        """End the conversation, from any thread; who reads or says something learns it at once."""
        try:
            self._line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is over already

    def close(self) -> None:
        """Hang up and let go of the socket; whoever says something later learns that, who reads has ended."""
        self.hang_up()
        with self._saying:
            self._closed = True
            self._line.close()

    def _may(self, what: int, until: float) -> bool:
        poll = select.poll()
        poll.register(self._line, what)
        return bool(poll.poll(max(0.0, until - monotonic()) * 1_000))

    def _hear(self) -> None:
        try:
            piece = self._line.recv(_PIECE)
        except BlockingIOError:
            return
        if not piece:
            raise ConnectionResetError("the other end hung up")
        if not self._incoming.begun:
            self._begun_at = monotonic()
        self._incoming.feed(piece)


def _head(line: bytes, kinds: dict[str, type[Heard]]) -> tuple[Heard, int]:
    """A message without its body, and the length of that."""
    try:
        said = json.loads(line.decode(), parse_constant=_no_constant, object_pairs_hook=_no_twins)
    except BadMessageError:
        raise
    except (ValueError, RecursionError):
        raise BadMessageError("one JSON object a line, in UTF-8") from None
    if not isinstance(said, dict) or len(said) != 1 or not set(said) <= set(kinds):
        raise BadMessageError(f"an object with one of {', '.join(kinds)}")
    ((word, inner),) = said.items()
    kind: Any = kinds[word]
    if kind.WORD != Picture.WORD:
        return kind.of(inner), 0
    if not isinstance(inner, dict) or "size" not in inner or "sealed" in inner:
        raise BadMessageError('a picture with "size"')
    size = checked(inner.pop("size"), _Size)
    return kind.of({**inner, "sealed": b""}), size


def _no_constant(word: str) -> Any:
    raise BadMessageError(f"no {word}")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise BadMessageError("each key once")
    return dict(pairs)
