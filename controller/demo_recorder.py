"""The demo's recorder: the production one, a process of its own that is begun, killed and ended.

Rule 1: it is reached by its line alone. Rule 2: it is on a leash, and dies with whoever began it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

END_S = 15.0


class DemoRecorder:
    """``ironroom recorder`` at a ``line``, with what it learned in a folder ``state``."""

    def __init__(self, line: Path, state: Path) -> None:
        self._command = ["recorder", "--line", str(line), "--state", str(state)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait for nothing: it looks for its controller by itself."""
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-m", "controller.leashed", *self._command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, worker: int | None) -> bool:
        """Kill the process that looks through the cameras, at this very point; whether it was there.

        ``worker`` is what the recorder told its number to be; only a child of ours is believed.
        """
        if self._process is None or worker is None or _parent(worker) != self._process.pid:
            return False
        os.kill(worker, signal.SIGKILL)
        return True

    def stop(self) -> None:
        """End it in order; one that does not end in time is killed, and its worker with it by its leash."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()


def _parent(process: int) -> int:
    """Number of a process's parent; 0 when there is no such process. Source: proc_pid_stat(5)."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(told.rpartition(")")[2].split()[1])
