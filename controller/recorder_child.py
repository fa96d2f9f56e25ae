"""A recorder as a process of its own, as ``ironroom recorder`` starts it: begun, killed, begun again.

Rule 1: it is reached by its line alone, which is the controller's; whether it is well, the gate of that says.
Rule 2: it is on a leash: when this process dies, however, the recorder and its worker die too (leashed.py).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Self

MOST_WORDS = 65_536
DOWN_S = 10.0


class RecorderChild:
    """One recorder process at a time, for the socket of a controller.

    ``state`` is the folder that keeps what each camera should see; without it they learn anew at every start.
    The controller need not be there: the recorder comes in as soon as it is.
    """

    def __init__(self, line: Path, state: Path | None = None) -> None:
        self._command = [sys.executable, "-m", "controller.leashed", "recorder", "--line", str(line)]
        if state is not None:
            self._command += ["--state", str(state)]
        self._process: subprocess.Popen[bytes] | None = None
        self._words: IO[bytes] | None = None  # while it runs
        self._last_words = ""

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
        """Number of the process that watches the worker; 0 before the first start."""
        return self._process.pid if self._process else 0

    @property
    def words(self) -> str:
        """What it has said on its error output since it was last started."""
        if self._words is None:
            return self._last_words
        # Read at a place of its own: the process writes at the place that both share.
        return os.pread(self._words.fileno(), MOST_WORDS, 0).decode(errors="replace")

    def start(self) -> None:
        """Start it, unless it runs, and wait for nothing."""
        if self.running:
            return
        self._ended()
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._words
        )

    def kill(self) -> None:
        """Kill it and its worker at this very point (SIGKILL)."""
        if self._process:
            self._process.kill()
            self._process.wait()
        self._ended()

    def stop(self) -> int:
        """End it in order (SIGTERM) and give its exit code; one that does not end in time is killed."""
        if self._process is None:
            return 0
        self._process.terminate()
        try:
            self._process.wait(DOWN_S)
        except subprocess.TimeoutExpired:
            self.kill()
        self._ended()
        return self._process.returncode

    def _ended(self) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()  # and with it the leash, should the process live
        if self._words:
            self._last_words = self.words
            self._words.close()
            self._words = None
