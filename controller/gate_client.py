"""The other end of the gate: says one thing, reads one answer.

Rule: one conversation belongs to one thread; an answer that is late ends the conversation, so that it
cannot be taken for the next one's.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from typing import Any, Self

Told = dict[str, Any]
PATIENCE_S = 15.0


@contextmanager
def short(path: Path) -> Iterator[str]:
    """Another spelling of a path in any folder, that fits into the 108 bytes of unix(7)."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class GateClient:
    """A conversation with the controller whose gate is at ``path``; raises OSError when nobody listens."""

    def __init__(self, path: Path, timeout_s: float = PATIENCE_S) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        try:
            with short(path) as spelled:
                self._socket.connect(spelled)
        except OSError:
            self._socket.close()
            raise
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the controller still holds the line; it hangs up on whoever is silent for a minute."""
        something, _, _ = select([self._socket], [], [], 0)
        return not something or self._socket.recv(1, socket.MSG_PEEK) != b""

    def tell(self, said: Told) -> Told:
        """Send one object and read its answer; raises OSError when the controller is gone or too late."""
        self._socket.sendall(json.dumps(said, ensure_ascii=False).encode() + b"\n")
        line = self._lines.readline()
        if not line.endswith(b"\n"):
            raise ConnectionResetError("the controller closed the gate")
        answer = json.loads(line)
        if not isinstance(answer, dict):
            raise ConnectionResetError("what answers at the gate is no controller")
        return answer

    def ask(self, name: str, by: str = "", second: str = "", /, **fields: Any) -> Told:
        """Ask for something: ``{"accepted": true, …}`` or ``{"refused": reason, "need": sentence}``."""
        return self.tell({"ask": name, "by": by, "second": second, "fields": fields})

    def look(self, *, sealed: bool = False) -> Told:
        """The room as it is; ``sealed`` shows duress too, to the controller's own user."""
        return self.tell({"look": "sealed" if sealed else "room"})

    def wires(self) -> Told:
        """Every device on a bus and how it answers."""
        return self.tell({"look": "wires"})

    def eyes(self) -> Told:
        """The recorder and every camera, as they are now; ``recorder`` is None in a site without cameras."""
        return self.tell({"look": "eyes"})

    def enter_site_key(self, halves: tuple[str, str], by: str, second: str, replace: str = "") -> Told:
        """Bring both halves of the site key; ``{"accepted": true, "check": …}`` or a refusal.

        One that replaces another is refused unless ``replace`` is its check value; the refusal tells both
        (``check``, ``in_force``), and how many ``badges`` would be dead.
        """
        return self.tell({"site_key": list(halves), "by": by, "second": second, "replace": replace})

    def report(self, **said: str) -> Told:
        """Tell what a camera or a tag reader sees."""
        return self.tell({"report": said})

    def close(self) -> None:
        """End the conversation."""
        self._lines.close()
        self._socket.close()
