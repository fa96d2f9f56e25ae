"""One connection with the controller, from hello to its end. The worker's main thread reads it.

Rule 1: the first message is Settings; whatever is not as agreed ends the conversation, never the worker.
Rule 2: a beat a second both ways; a controller that has been silent for too long is taken for gone.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from recorder.eyes import Eyes
from recorder.messages import (
    BEAT_S,
    FROM_CONTROLLER,
    SILENT_S,
    VERSION,
    BadMessageError,
    Beat,
    FromController,
    FromRecorder,
    Hello,
    Learn,
    Messages,
    Rooms,
    Settings,
    Snapshot,
)

_LOOK_S = 0.2
_CONNECT_S = 3
_SAY_S = 3.0
HUNG_UP = "the controller hung up"


class Line:
    """Where reports go: to the controller that is connected, or nowhere; safe from any thread."""

    def __init__(self, messages: Messages[FromController] | None = None) -> None:
        self._messages = messages

    def use(self, messages: Messages[FromController] | None) -> None:
        """From now on this connection."""
        self._messages = messages

    def say(self, said: FromRecorder) -> None:
        """Say it; when nobody takes it the connection ends, and its reader learns that."""
        if (messages := self._messages) is None:
            return
        try:
            messages.say(said, _SAY_S)
        except OSError:
            messages.hang_up()


class Conversation:
    """Over one connection; ``talk`` ends with it, ``pulse`` is called at least every second.

    ``settled`` tells whether the controller has told settings.
    """

    def __init__(
        self,
        messages: Messages[FromController],
        eyes: Eyes,
        line: Line,
        pulse: Callable[[], None],
        over: Callable[[], bool],
    ) -> None:
        self._messages, self._eyes, self._pulse, self._over = messages, eyes, pulse, over
        self._line, self._own = line, Line(messages)
        self.settled = False
        self._heard_at = self._beat_at = monotonic()
        self._n = 0

    def talk(self) -> str:
        """Why it ended, as half a sentence; empty when the worker is to end."""
        try:
            self._messages.say(Hello(VERSION, os.getpid()), _SAY_S)
            while not self._over():
                if (message := self._messages.next(_LOOK_S)) is not None:
                    self._heard_at = monotonic()
                    self._hear(message)
                elif monotonic() - self._heard_at > SILENT_S:
                    return "the controller is silent"
                self._beat()
        except BadMessageError as bad:
            return f"the controller said no message of this line: {bad}"
        except OSError:
            return HUNG_UP
        finally:
            self._line.use(None)
            self._own.use(None)
            self._eyes.forget()
        return ""

    def _hear(self, message: FromController) -> None:
        if not self.settled and not isinstance(message, Settings):
            raise BadMessageError("settings come first")
        match message:
            case Settings():
                self._settle(message)
            case Snapshot():
                self._eyes.take(message, self._own.say)
            case Learn():
                self._eyes.learn(message.cameras)
            case Rooms():
                self._eyes.registered(message.rooms)
            case Beat():
                return

    def _settle(self, settings: Settings) -> None:
        self._eyes.apply(settings)
        if not self.settled:
            self.settled = True
            self._line.use(self._messages)
            for level in self._eyes.levels():
                self._own.say(level)

    def _beat(self) -> None:
        if monotonic() < self._beat_at:
            return
        self._beat_at = monotonic() + BEAT_S
        self._pulse()
        self._n += 1
        self._own.say(self._eyes.beat(self._n))


@contextmanager
def connected(path: Path) -> Iterator[Messages[FromController]]:
    """A connection to the controller's socket; raises OSError when nobody listens."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # In the kernel, not by `settimeout`: before a full queue that one gives up at once, so that whoever
        # may knock at the socket could keep the recorder out; waiting in line, it is let in in its turn.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _CONNECT_S, 0))
        # A path in any folder, in another spelling that fits into the 108 bytes of unix(7).
        folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            line.connect(f"/proc/self/fd/{folder}/{path.name}")
        finally:
            os.close(folder)
    except OSError:
        line.close()
        raise
    messages = Messages(line, FROM_CONTROLLER)
    try:
        yield messages
    finally:
        messages.close()
