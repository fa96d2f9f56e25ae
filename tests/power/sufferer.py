"""Logs whose disk fails: ``python -m tests.power.sufferer FOLDER CALL FIRST LAST STEP``, under strace -f.

The tracer lets the burnt(CALL)-th call of every process fail. For each n of the range a process of its own
burns all but n of them, and works in FOLDER/n: so its n-th call fails, and the interpreter has started only
once.
CALL may be `limit`: then n is a size that no file may pass, and a write that reaches it is cut short.

Rule: what was promised is said on the standard output (``commit SIZE ROOT``, ``state N``, ``coming SIZE``
before a commit); the last line is ``dead SENTENCE``, or ``done`` when the disk never refused. It is
all in FOLDER/n.said.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from controller.errors import IronroomError, LogDead
from controller.ledger import custody_log
from controller.ledger.custody_log import CustodyLog
from tests.power.writer import DRAFT, told

COMMITS = 3


def say(*words: object) -> None:
    """One line."""
    told(*words, "\n")


def work(log: CustodyLog, commits: int) -> None:
    """A little of everything, saying what was promised."""
    for number in range(commits):
        say("coming", log.size + 2)
        log.append([DRAFT | {"pad": "x" * 900}] * 2)
        say("commit", log.size, log.root.hex())
        if number % 3 == 1:
            log.save_state(log.size - 1, b"s" * 5000)
            say("state", log.size - 1)
            log.upkeep()


def stays_dead(log: CustodyLog, first: LogDead) -> None:
    """Nothing brings a dead log back."""
    deeds: tuple[Callable[[], object], ...] = (
        lambda: log.append([DRAFT]),
        lambda: log.save_state(log.size - 1, b""),
        log.upkeep,
    )
    for deed in deeds:
        told_again = ""
        try:
            deed()
        except LogDead as still:
            told_again = str(still)
        assert told_again == str(first), "a dead log did something"


def suffer(file: Path, commits: int = COMMITS) -> str:
    """Work until the disk refuses, or to the end, in two lives; what is left to say at the end."""
    for _ in range(2):
        try:
            log = CustodyLog.open(file)
        except IronroomError as refused:
            return f"dead {refused}"
        try:
            work(log, commits)
        except LogDead as dead:
            stays_dead(log, dead)
            return f"dead {dead}"
        finally:
            log.close()
    return "done"


def burnt(call: str) -> int:
    """The number of the call that fails: more than the interpreter's start and the first log make."""
    return 3_000 if call == "openat" else 500


def burn(call: str, times: int) -> None:
    """Make a call many times, where it does nothing."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    calls: dict[str, Callable[[], object]] = {
        "fsync": lambda: os.fsync(nowhere),
        "fdatasync": lambda: os.fdatasync(nowhere),
        "pwrite64": lambda: os.pwrite(nowhere, b"-", 0),
        "pread64": lambda: os.pread(nowhere, 1, 0),
        "ftruncate": lambda: os.ftruncate(nowhere, 0),
        "unlink": Path("/dev/null/nothing").unlink,
        "openat": lambda: os.open("/dev/null/nothing", os.O_RDONLY),
    }
    for _ in range(times):
        with suppress(OSError):
            calls[call]()
    os.close(nowhere)


def live(folder: Path, call: str, number: int) -> None:
    """One of the processes."""
    stdout = os.open(folder.with_suffix(".said"), os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(stdout, 1)
    say("process", os.getpid())
    if call == "limit":
        sys.dont_write_bytecode = True  # half of a compiled file would stand in everybody's way
        resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
    else:
        burn(call, burnt(call) - number)
    say(suffer(folder / "data" / "custody.db"))


def main(folder: Path, call: str, numbers: range) -> None:
    """One process after the other."""
    custody_log.UPKEEP_BYTES = 20_000
    suffer(folder / "first" / "custody.db")  # what is imported at first use is here from now on
    for number in numbers:
        (folder / str(number)).mkdir()
        if os.fork() == 0:
            live(folder / str(number), call, number)
            sys.stdout.flush()
            os._exit(0)
        _, status = os.wait()
        assert status == 0, number


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], range(*map(int, sys.argv[3:])))
