"""What the worker may do to the box, set by itself before it loads anything that parses pictures.

Rule 1: whatever cannot be set is an error; a worker without its bounds does not begin.
Rule 2: how much it uses is read from /proc (proc(5)), not believed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path
from threading import Thread

MIB = 1 << 20
_ADDRESS_SPACE = 8 << 30  # addresses, not memory: OpenCV, FFmpeg and the stacks of threads reserve much
_OPEN_FILES = 512
_NICE = 5  # the door comes first
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38  # linux/prctl.h


def put_on() -> None:
    """No core dumps, no new rights, few files, bounded addresses, death with the parent; raises OSError."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),  # a dump would hold passwords and pictures
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_AS, _ADDRESS_SPACE),
    ):
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.nice(_NICE)


def leash(end: int) -> None:
    """Die as soon as the other end of this pipe is closed: the parent may have died before `put_on`."""
    Thread(target=_die_with_the_holder, args=(end,), name="leash", daemon=True).start()


def rss_mb(pid: int) -> float:
    """Memory of a process in MiB; 0 when it is gone."""
    try:
        statm = Path(f"/proc/{pid}/statm").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(statm.split()[1]) * resource.getpagesize() / MIB


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _die_with_the_holder(end: int) -> None:
    while os.read(end, 1):
        pass
    os.kill(os.getpid(), signal.SIGKILL)
