"""Controllers that need not import the house again: each is forked from a process that has done it already.

Rule: what it starts is a process of its own that runs the very command line of controller/leashed.py; only
the importing is shared. Tests of the start itself begin theirs as anybody does (controller/child.py).
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import IO, cast

from controller.child import Child
from firmware_shims.pi_host import child_environment

ROOT = Path(__file__).parents[1]
LONGEST = 1 << 17
Told = dict[str, object]


class Zygote:
    """The process that controllers are forked from; it ends with this one."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forking"],
                cwd=ROOT,
                env=child_environment("/nowhere"),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
            )
        atexit.register(self.close)

    def fork(self, command: Sequence[str], environment: dict[str, str] | None, *fds: int) -> int:
        """Start ``ironroom COMMAND…`` with this standard input and error output; its process number."""
        told: Told = {"command": [*command], "environment": environment or dict(os.environ)}
        return self._ask({**told, "folder": str(Path.cwd())}, *fds)

    def reap(self, pid: int) -> int:
        """The exit code of one that has ended, as subprocess gives it."""
        return self._ask({"reap": pid})

    def _ask(self, told: Told, *fds: int) -> int:
        with self._turn:
            socket.send_fds(self._line, [json.dumps(told).encode()], fds)
            return int(self._line.recv(LONGEST))

    def close(self) -> None:
        """Let it end."""
        self._line.close()
        self._process.wait()


@cache
def zygote() -> Zygote:
    """The one of this process, begun at first use."""
    return Zygote()


class Forked:
    """A forked process, with what LeashedChild asks of a subprocess.Popen."""

    def __init__(self, command: Sequence[str], environment: dict[str, str] | None, words: IO[bytes]) -> None:
        leash, held = os.pipe()
        self.pid = zygote().fork(command, environment, leash, words.fileno())
        os.close(leash)
        self.stdin: IO[bytes] = os.fdopen(held, "wb")
        self.args = command
        self.returncode: int | None = None
        self._end = os.pidfd_open(self.pid)

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        if self.returncode is None and select.select([self._end], [], [], 0)[0]:
            self.returncode = zygote().reap(self.pid)
            os.close(self._end)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises subprocess.TimeoutExpired."""
        if self.returncode is None and not select.select([self._end], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(list(self.args), timeout or 0.0)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._end, number)

    def terminate(self) -> None:
        """Tell it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)


class ForkedChild(Child):
    """A controller that is forked; under a tracer it is started as any other."""

    def launch(self) -> None:
        """Start it and wait for nothing."""
        if self._command[:3] != [sys.executable, "-m", "controller.leashed"]:
            super().launch()
            return
        self._ended()
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        forked = Forked(self._command[3:], self._environment, self._words)
        self._process = cast("subprocess.Popen[bytes]", forked)
