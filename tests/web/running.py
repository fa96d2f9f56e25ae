"""A controller on wire shims and its console, each a process, and a browser that speaks HTTP alone.

Rule: processes are stopped, frozen and bereft of files from outside; nothing looks into them but the kernel.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.console.house import House
from tests.web.conftest import mark

PATIENCE_S = 90.0
NOBODY = 65_534
AS_NOBODY = """
# Whoever it becomes may have no right to Python's own folder: what is loaded late is loaded before.
import encodings.idna, encodings.unicode_escape, multiprocessing.popen_fork, os, sys, zoneinfo, _strptime
import web.serving
from controller.cli import main
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
main(sys.argv[1:], prog_name="ironroom")
"""
"""As root the console becomes nobody with the folder's group; where others cannot read our own files it stays
itself, as does an ordinary user's."""
Answer = tuple[int, str, dict[str, str]]


def everybody_reads_us() -> bool:
    """Whether another user can read the product's own files here; in a folder of root's alone nobody can."""
    folders = Path(__file__).resolve().parents
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in folders)


class Running:
    """``ironroom console`` at a port of this computer, for a house in which zhao, a chief, has signed in."""

    def __init__(self, house: House, *, nobody: bool = False) -> None:
        self.house, self.data = house, house.data
        self.port = _free_port()
        self.log, self.socket = self.data / "custody.db", self.data / "console.sock"
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        begin = ["-c", AS_NOBODY] if nobody and everybody_reads_us() else ["-m", "controller"]
        command = [
            *(sys.executable, *begin, "console", "--socket", str(self.socket)),
            *("--log", str(self.log), "--listen", f"127.0.0.1:{self.port}"),
            *("--origin", f"http://localhost:{self.port}"),
        ]
        self.process = subprocess.Popen(command, stderr=self._said)
        try:
            self.until(lambda: self.reached("/alive"))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End it, however it stands."""
        self.process.kill()
        self.process.wait()
        self._said.close()

    @property
    def said(self) -> str:
        """What it has said on its error output."""
        return os.pread(self._said.fileno(), 1 << 20, 0).decode()

    @property
    def token(self) -> str:
        """The chief's token."""
        return self.house.tokens["zhao"]

    def line(self) -> HTTPConnection:
        """A connection of its own."""
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)

    def get(self, path: str) -> Answer:
        """A page in the chief's browser: status, text, headers."""
        return self.ask("GET", path)

    def post(self, path: str, body: str) -> Answer:
        """A form of the chief's browser."""
        return self.ask("POST", path, body.encode())

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """One request over a connection of its own."""
        sent = {
            "Host": f"localhost:{self.port}",
            "Cookie": f"ironroom={self.token}",
            "Origin": f"http://localhost:{self.port}",
            "X-Ironroom-Mark": mark(self.token),
            "Accept-Language": "en",
        }
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        line = self.line()
        try:
            line.request(method, path, body or None, sent | headers)
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
            return answer.status, text, {name.lower(): value for name, value in answer.getheaders()}
        finally:
            line.close()

    def stream(self) -> tuple[HTTPConnection, int, str]:
        """A stream that is opened and then not read: its connection, status and Retry-After."""
        line = self.line()
        line.request("GET", "/stream", headers={"Cookie": f"ironroom={self.token}"})
        answer = line.getresponse()
        return line, answer.status, answer.getheader("Retry-After") or ""

    def reached(self, path: str) -> int:
        """Status of a page, 0 where nobody listens."""
        assert self.process.poll() is None, self.said
        try:
            return self.get(path)[0]
        except OSError:
            return 0

    def becomes(self, path: str, status: int) -> None:
        """Wait until a page has a status."""
        self.until(lambda: self.reached(path) == status)

    def until(self, true: Callable[[], object]) -> None:
        """Wait for what must come true."""
        end, never = time.monotonic() + PATIENCE_S, threading.Event()
        while not true():
            assert time.monotonic() < end, self.said
            never.wait(0.05)

    def family(self) -> list[int]:
        """The console's process and its worker."""
        return [self.process.pid, *_children(self.process.pid)]


@contextmanager
def running(house: House, *, nobody: bool = False) -> Iterator[Running]:
    """A console that is taken away again."""
    made = Running(house, nobody=nobody)
    try:
        yield made
    finally:
        made.close()


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(one) for task in tasks for one in (task / "children").read_text().split()]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
