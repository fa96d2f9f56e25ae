"""``python -m tests.forking``: has imported the house, and forks controllers for tests/forked.py.

Rule: what is forked goes on as controller/leashed.py does, from its first line to the end of the interpreter.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
from importlib import import_module
from typing import Any

from controller import leashed
from controller.cli import main as ironroom

LONGEST = 1 << 17
HEAVY = ("controller.run_command", "pypinyin")


def fork(line: socket.socket, told: dict[str, Any], leash: int, words: int) -> int:
    """The number of the new process; in that process it never returns."""
    if pid := os.fork():
        os.close(leash)
        os.close(words)
        return pid
    line.close()
    os.dup2(leash, leashed.STANDARD_INPUT)
    os.dup2(words, sys.stderr.fileno())
    os.closerange(sys.stderr.fileno() + 1, max(leash, words) + 1)
    os.environ.clear()
    os.environ.update(told["environment"])
    os.chdir(told["folder"])
    sys.argv[1:] = told["command"]
    leashed.put_on()
    ironroom(prog_name="ironroom")
    raise SystemExit(0)


def reaped(pid: int) -> int:
    """The exit code of a process that has ended."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    """Do as told until nobody is there to tell."""
    for name in HEAVY:
        import_module(name)
    gc.freeze()
    with socket.socket(fileno=os.dup(leashed.STANDARD_INPUT)) as line:
        while told := socket.recv_fds(line, LONGEST, 2):
            text, fds, _, _ = told
            if not text:
                break
            asked = json.loads(text)
            number = reaped(asked["reap"]) if "reap" in asked else fork(line, asked, *fds)
            line.send(str(number).encode())


if __name__ == "__main__":
    main()
