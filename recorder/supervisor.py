"""The parent of the worker: starts it, starts it anew when it dies, hangs or grows, and ends it.

Rule 1: it parses nothing that comes from a camera or from the line, and loads no library that does.
Rule 2: it says why, in one sentence; the gap in the pictures is for the controller to write down.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from types import FrameType
from typing import Self

from recorder.bounds import rss_mb
from recorder.pulse import NEEDS_PEOPLE, Heard

_LOOK_MS = 200


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: until the first pulse, between two, for an orderly end, and between two starts."""

    start_s: float = 30.0
    pulse_s: float = 8.0
    end_s: float = 2.0
    longest_pause_s: float = 8.0
    good_life_s: float = 60.0


class Supervisor:
    """Keeps one worker running until SIGTERM or SIGINT; ``command`` is its command line without the pulse."""

    def __init__(self, command: Sequence[str], patience: Patience | None = None) -> None:
        self._command = list(command)
        self._patience = patience or Patience()
        self._ending = False

    def run(self) -> int:
        """Work until told to end; 0, or 2 when the worker says that people must first put something right."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        starts = 0
        while not self._ending:
            began = monotonic()
            with Worker(self._command, self._patience) as worker:
                why = self._watched(worker)
            if worker.code == NEEDS_PEOPLE:
                return NEEDS_PEOPLE
            starts = 0 if monotonic() - began > self._patience.good_life_s else starts + 1
            self._pause(why or worker.died, starts)
        return 0

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._ending = True

    def _watched(self, worker: Worker) -> str:
        """Why the worker must end; empty when it ended by itself, or when all shall end."""
        while not self._ending and worker.running:
            if why := worker.complaint():
                return why
            worker.listen(_LOOK_MS)
        return ""

    def _pause(self, why: str, starts: int) -> None:
        """None before the first start anew, then twice as long each time."""
        if self._ending:
            return
        _say(f"the recorder's worker is started anew: {why}")
        until = monotonic() + (min(self._patience.longest_pause_s, 2.0 ** (starts - 2)) if starts > 1 else 0)
        while not self._ending and monotonic() < until:
            select.select((), (), (), _LOOK_MS / 1_000)


class Worker:
    """One worker process; it is on a leash, and it ends with the context at the latest."""

    def __init__(self, command: Sequence[str], patience: Patience) -> None:
        self._patience = patience
        ours, theirs = os.pipe()
        self._heard = Heard(ours)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
                [*command, "--pulse", str(theirs)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs,),
                env={**os.environ, "MALLOC_ARENA_MAX": "2"},  # many threads, one bound
            )
        finally:
            os.close(theirs)
        self._began = monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.running and not self.complaint():
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self._patience.end_s)
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._heard.close()

    @property
    def running(self) -> bool:
        """Whether it lives."""
        return self._process.poll() is None

    @property
    def code(self) -> int | None:
        """What it ended with; negative: by that signal."""
        return self._process.returncode

    @property
    def died(self) -> str:
        """How it ended, as half a sentence."""
        code = self.code or 0
        return f"it was killed by signal {-code}" if code < 0 else f"it ended with {code}"

    def listen(self, wait_ms: int) -> None:
        """Hear its pulse."""
        self._heard.listen(wait_ms)

    def complaint(self) -> str:
        """Why it must be ended, as half a sentence; empty when it is well."""
        since, limit = (
            (self._heard.at, self._patience.pulse_s)
            if self._heard.at
            else (self._began, self._patience.start_s)
        )
        if monotonic() - since > limit:
            return f"it gave no sign of life for {limit:.0f} s"
        most, used = self._heard.memory_mb, rss_mb(self._process.pid)
        return f"it uses {used:.0f} MiB, more than {most}" if used > most else ""


def worker_command(arguments: Sequence[str]) -> list[str]:
    """The command line of a worker, which loads nothing from the folder that it is started in."""
    return [sys.executable, "-P", "-m", "recorder.worker", *arguments]


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
