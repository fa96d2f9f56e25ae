"""The demo's recorder: the production one, whose worker can be killed in the middle of its work.

Rule: only a process that is really its worker is ever killed.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from controller.recorder_child import RecorderChild


class DemoRecorder(RecorderChild):
    """``ironroom recorder`` at a ``line``, with what it learned in a folder ``state``."""

    def kill_worker(self, worker: int | None) -> bool:
        """Kill the process that looks through the cameras, at this very point; whether it was there.

        ``worker`` is what the recorder told its number to be; only a child of ours is believed.
        """
        if worker is None or not self.running or _parent(worker) != self.pid:
            return False
        os.kill(worker, signal.SIGKILL)
        return True


def _parent(process: int) -> int:
    """Number of a process's parent; 0 when there is no such process. Source: proc_pid_stat(5)."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(told.rpartition(")")[2].split()[1])
