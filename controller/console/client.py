"""The other end of the console's line: says one thing, reads one answer. Rule: it holds no right of its own.

One client serves every thread of a process: each conversation is lent to one thread at a time.
"""

from __future__ import annotations

import json
import socket
from pathlib import Path
from select import select
from threading import BoundedSemaphore, Lock
from typing import Any, Self

from controller.console.lines import LONGEST_ANSWER
from controller.gate_client import short

Told = dict[str, Any]
PATIENCE_S = 15.0
MOST_AT_ONCE = 48
"""Conversations of one client; the desk listens to 64 in all."""


class ConsoleClient:
    """The controller whose console socket is at ``path``; nothing is opened before the first word."""

    def __init__(self, path: Path, timeout_s: float = PATIENCE_S) -> None:
        self._path, self._timeout_s = path, timeout_s
        self._free = BoundedSemaphore(MOST_AT_ONCE)
        self._lock = Lock()
        self._idle: list[socket.socket] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def tell(self, said: Told) -> Told:
        """Send one object and read its answer; raises OSError when the controller is gone or too late."""
        if not self._free.acquire(timeout=self._timeout_s):
            raise TimeoutError("every conversation with the controller is taken")
        try:
            return self._told(_line(said))
        finally:
            self._free.release()

    def close(self) -> None:
        """End every conversation that is not in use."""
        with self._lock:
            idle, self._idle = self._idle, []
        for line in idle:
            line.close()

    def _told(self, said: bytes) -> Told:
        line = self._line()
        try:
            line.sendall(said)
            answer = _answer(line)
        except BaseException:  # a late answer would be taken for the next one's
            line.close()
            raise
        with self._lock:
            self._idle.append(line)
        return answer

    def _line(self) -> socket.socket:
        while True:
            with self._lock:
                line = self._idle.pop() if self._idle else None
            if line is None:
                return self._fresh()
            if not select([line], [], [], 0)[0]:
                return line
            line.close()  # the desk has hung up on a silent conversation

    def _fresh(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self._timeout_s)
        try:
            with short(self._path) as spelled:
                line.connect(spelled)
        except OSError:
            line.close()
            raise
        return line


def _line(said: Told) -> bytes:
    """One line; half characters, which a browser can send, go escaped, and the desk refuses them in words."""
    try:
        return json.dumps(said, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(said).encode() + b"\n"


def _answer(line: socket.socket) -> Told:
    with line.makefile("rb", buffering=1 << 16) as lines:
        text = lines.readline(LONGEST_ANSWER)
    if not text.endswith(b"\n"):
        raise ConnectionResetError("the controller closed the console's line")
    try:
        answer = json.loads(text)
    except ValueError:
        raise ConnectionResetError("what answers at the console's line is no controller") from None
    if not isinstance(answer, dict):
        raise ConnectionResetError("what answers at the console's line is no controller")
    return answer
