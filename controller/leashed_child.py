"""A command of ours as a process on a leash: begun, listened to, killed, begun again.

Rule: when this process dies, however, the child dies too (leashed.py); what it has said outlives it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import IO, Self

MOST_WORDS = 65_536


class LeashedChild:
    """One process of ``ironroom COMMAND…`` at a time; ``under`` is a tracer, say.

    ``down_s``: how long an orderly end may take before it is killed.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        under: Sequence[str] = (),
        down_s: float = 30.0,
    ) -> None:
        self._command = [*under, sys.executable, "-m", "controller.leashed", *command]
        self._environment = None if environment is None else dict(environment)
        self._down_s = down_s
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
        """Start it, unless it runs, and wait for nothing."""
        if not self.running:
            self.launch()

    def launch(self) -> None:
        """Start it and wait for nothing."""
        self._ended()
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            self._command,
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
            return self.wait(self._down_s)
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

    def _ended(self) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()  # and with it the leash, should the process live
        if self._words:
            self._last_words = self.words
            self._words.close()
            self._words = None
