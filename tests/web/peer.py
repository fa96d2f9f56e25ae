"""The other end of the console's line for tests of pages alone: a real Unix socket, answers as told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

Told = dict[str, Any]
Answer = Told | Callable[[Told], Told]

TOKEN = "a-token-of-nobody-else"
SITE: Told = {
    "site": "North vault",
    "zone": "Asia/Shanghai",
    "rp_id": "console.vault.lan",
    "origin": "https://console.vault.lan",
    "set_up": True,
    "plan": {},
}
REFUSED: Told = {"refused": "signed_out", "need": "signing in"}


def person(*roles: str, fresh_s: int = 10, name: str = "c1") -> Callable[[Told], Told]:
    """The answer to ``who`` for one signed-in person."""
    told = {
        "person": name,
        "roles": list(roles),
        "since": 1_795_341_699_774,
        "how": "passkey",
        "seat": "127.0.0.1",
        "idle_s": 3600,
        "absolute_s": 40_000,
        "fresh_s": fresh_s,
        "passkeys": [],
        "password": False,
        "totp": False,
    }
    return lambda said: told if said.get("token") == TOKEN else REFUSED


class Peer:
    """Answers each ``do`` by ``answers``; keeps what it heard; falls silent while ``frozen`` is set."""

    def __init__(self, path: Path, answers: Mapping[str, Answer]) -> None:
        self.path = path
        self.answers: dict[str, Answer] = {"site": SITE, **answers}
        self.heard: list[Told] = []
        self.frozen = threading.Event()
        self._open: set[socket.socket] = set()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(path))
        self._socket.listen(64)
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Vanish, as a controller that was stopped: nobody listens, and open lines are hung up."""
        self.path.unlink(missing_ok=True)
        for one in (self._socket, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def said(self, do: str) -> list[Told]:
        """What was asked so."""
        return [one for one in self.heard if one.get("do") == do]

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._socket.accept()
                self._open.add(line)
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError, ValueError), line.makefile("rb") as lines:
            for text in lines:
                said = json.loads(text)
                if self.frozen.is_set():
                    continue
                self.heard.append(said)
                line.sendall(json.dumps(self._answer(said)).encode() + b"\n")

    def _answer(self, said: Told) -> Told:
        answer = self.answers.get(said["do"], {"refused": "not_understood", "need": "another word"})
        return answer(said) if callable(answer) else answer
