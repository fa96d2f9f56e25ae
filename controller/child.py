"""A controller as a process of its own, as ``ironroom run`` starts it: begun, asked, killed, begun again.

Rule 1: it is reached by its gate and its wires alone; nothing looks into it.
Rule 2: a controller that ends by itself is an error with its own last words and its own exit code.
Rule 3: it is on a leash: when this process dies, however, the controller dies too (leashed.py).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import IO, Any, Self

from controller.errors import IronroomError
from controller.gate_client import GateClient, Told

GATE = "gate.sock"
MOST_WORDS = 65_536
UP_S = 60.0
DOWN_S = 30.0
LOOK_S = 0.01
NOBODY: Told = {"refused": "no_answer", "need": "a controller that runs"}


class Child:
    """One controller process at a time, for a site file and a data folder; ``under`` is a tracer, say."""

    def __init__(
        self, site: Path, data: Path, environment: Mapping[str, str], under: Sequence[str] = ()
    ) -> None:
        self._under = under
        self._site, self._data, self._environment = site, data, dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._words: IO[bytes] | None = None  # while it runs
        self._last_words = ""
        self._gate: GateClient | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Process number; 0 before the first start."""
        return self._process.pid if self._process else 0

    @property
    def words(self) -> str:
        """What it has said on its error output since it was last started."""
        if self._words is None:
            return self._last_words
        # Read at a place of its own: the process writes at the place that both share.
        return os.pread(self._words.fileno(), MOST_WORDS, 0).decode(errors="replace")

    def start(self) -> None:
        """Start it and wait until its gate answers; raises IronroomError when it ends instead."""
        self.launch()
        end = time.monotonic() + UP_S
        while not self.look():
            if not self.running or time.monotonic() > end:
                raise self._failure()
            Event().wait(LOOK_S)

    def launch(self) -> None:
        """Start it and wait for nothing."""
        self._ended()
        command = [
            *self._under,
            sys.executable,
            "-m",
            "controller.leashed",
            "run",
            "--site",
            str(self._site),
            "--data",
            str(self._data),
        ]
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            command,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._words,
        )

    def kill(self) -> None:
        """Kill it at this very point (SIGKILL)."""
        if self._process:
            self._process.kill()
            self._process.wait()
        self._ended()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process:
            self._process.send_signal(number)

    def stop(self) -> int:
        """End it in order (SIGTERM) and give its exit code; one that does not end in time is killed."""
        if self._process is None:
            self._ended()
            return 0
        self._process.terminate()
        try:
            return self.wait(DOWN_S)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.returncode

    def wait(self, timeout: float) -> int:
        """Wait for its end and give its exit code; raises subprocess.TimeoutExpired."""
        if self._process is None:
            return 0
        code = self._process.wait(timeout)
        self._ended()
        return code

    def ask(self, name: str, by: str = "", second: str = "", /, **fields: Any) -> Told:
        """Ask for something at the gate; refused with ``no_answer`` when nobody is there."""
        return self.tell({"ask": name, "by": by, "second": second, "fields": fields}) or dict(NOBODY)

    def look(self, *, sealed: bool = False) -> Told:
        """The room as it is; empty when nobody is there."""
        return self.tell({"look": "sealed" if sealed else "room"})

    def report(self, **said: str) -> Told:
        """Tell what a camera or a tag reader sees; empty when nobody is there."""
        return self.tell({"report": said})

    def tell(self, said: Told) -> Told:
        """One object to the gate and its answer; empty when nobody is there."""
        try:
            if self._gate and not self._gate.alive:
                self._hang_up()
            self._gate = self._gate or GateClient(self._data / GATE)
            return self._gate.tell(said)
        except OSError:
            self._hang_up()
            return {}

    def _hang_up(self) -> None:
        if self._gate:
            self._gate.close()
            self._gate = None

    def _ended(self) -> None:
        self._hang_up()
        if self._process and self._process.stdin:
            self._process.stdin.close()  # and with it the leash, should the process live
        if self._words:
            self._last_words = self.words
            self._words.close()
            self._words = None

    def _failure(self) -> IronroomError:
        self.kill()
        code = self._process.returncode if self._process else 1
        failure = IronroomError(f"the controller ended with {code}: {self.words.strip()}")
        failure.exit_code = code if code > 0 else 1
        return failure
