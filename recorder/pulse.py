"""The pulse of the worker: a pipe on which it says, about every second, that it lives and what it may use.

Rule: a line of at most ten digits, the bound of its memory in MiB; whatever else comes is no pulse.
"""

from __future__ import annotations

import os
import select
from time import monotonic

BEFORE_SETTINGS_MB = 1_024
"""What a worker may use that has not been told yet."""

MOST_MB = 65_536
NEEDS_PEOPLE = 2
"""Exit code of a worker that cannot begin until people put something right, which it has said."""

_PIECE = 4_096
_LINE = 11


class Pulse:
    """The worker's end."""

    def __init__(self, end: int) -> None:
        os.set_blocking(end, False)
        os.set_inheritable(end, False)
        self._end = end

    def beat(self, memory_mb: int) -> None:
        """Say it; a parent that does not listen just now is not waited for."""
        try:
            os.write(self._end, b"%d\n" % memory_mb)
        except BlockingIOError:
            return
        except BrokenPipeError:
            return  # the leash is about to end us


class Heard:
    """The parent's end: ``at`` when the pulse was last heard (0: never), ``memory_mb`` what it said."""

    def __init__(self, end: int) -> None:
        os.set_blocking(end, False)
        self._end = end
        self._rest = b""
        self.at = 0.0
        self.memory_mb = BEFORE_SETTINGS_MB

    def listen(self, wait_ms: int) -> None:
        """Hear what there is, or wait for it."""
        poll = select.poll()
        poll.register(self._end, select.POLLIN)
        if not poll.poll(wait_ms):
            return
        piece = os.read(self._end, _PIECE)
        if not piece:  # it closed its end: nothing more will be heard, and a poll would not wait
            select.select((), (), (), wait_ms / 1_000)
        *lines, rest = (self._rest + piece).split(b"\n")
        self._rest = rest[:_LINE]
        for line in lines:
            self._take(line)

    def close(self) -> None:
        """Let go of the pipe."""
        os.close(self._end)

    def _take(self, line: bytes) -> None:
        if line.isdigit() and len(line) < _LINE and 0 < int(line) <= MOST_MB:
            self.at, self.memory_mb = monotonic(), int(line)
