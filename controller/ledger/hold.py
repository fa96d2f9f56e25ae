"""The hold on a log: one controller keeps it, and a kept log cannot vanish unseen. Law 3 and law 5.

A file beside the database, `custody.lock`, is locked with flock for as long as the controller runs.
It says, in 17 bytes, whether an entry was ever durable here, and which process has the hold; then, in
95, the newest head that was durable here (high_water.py): size, root, and the first 8 digits of SHA-256
over both:

    begun       4711
                     120 6f1c… 09b3a7d1

If it says `begun` and the database holds nothing, the log is gone: nobody starts an empty room.
"""

import fcntl
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Self

from controller.errors import LogBusy
from controller.ledger.private import private_file
from controller.ledger.walk import Head

_MARK_AT = 17
_MARK_BYTES = 95


class Hold:
    """The lock itself, from construction to `release`; the system lets go of it when the process dies."""

    def __init__(self, file: Path, descriptor: int) -> None:
        self.file = file
        self._descriptor = descriptor
        self.begun = os.pread(descriptor, 5, 0) == b"begun"
        self.newest = _parsed(os.pread(descriptor, _MARK_BYTES + 1, _MARK_AT))
        self._write()

    @classmethod
    def take(cls, file: Path) -> Self:
        """Lock the file, made with mode 0600 if it is new; raises LogBusy when somebody else has it."""
        private_file(file)
        descriptor = os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            keeper = os.pread(descriptor, 11, 5).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise LogBusy(
                f"{file.parent}: another controller (process {keeper}) keeps this log; "
                "one log has one writer, so stop that one first"
            ) from None
        return cls(file, descriptor)

    def mark_begun(self) -> None:
        """Remember durably that this log has had an entry."""
        if not self.begun:
            self.begun = True
            self._write()
            os.fdatasync(self._descriptor)

    def mark(self, head: Head) -> None:
        """Remember a head that is durable; called after its commit, so that the log is never behind it.

        Not synced: after a power cut an older head may stand here, which is as true.
        """
        self.newest = head
        with suppress(OSError):  # the log's own writes judge the disk; this is a hint
            os.pwrite(self._descriptor, _spelled(head), _MARK_AT)

    def sync(self) -> None:
        """Make what is remembered durable, if the disk can."""
        with suppress(OSError):
            os.fdatasync(self._descriptor)

    def release(self) -> None:
        """Let go of the log; the file stays, for what it remembers."""
        self.sync()
        os.close(self._descriptor)

    def _write(self) -> None:
        word = "begun" if self.begun else "empty"
        os.pwrite(self._descriptor, f"{word}{os.getpid():>11}\n".encode(), 0)


def _spelled(head: Head) -> bytes:
    told = f"{head.size:>20} {head.root.hex()}"
    return f"{told} {sha256(told.encode()).hexdigest()[:8]}\n".encode()


def _parsed(line: bytes) -> Head | None:
    """The head of a mark that is whole; None for anything else, such as a file of an older version."""
    words = line.split()
    if len(words) == 3 and words[0].isdigit() and len(words[1]) == 64:
        with suppress(ValueError):
            head = Head(int(words[0]), bytes.fromhex(words[1].decode("ascii")))
            return head if _spelled(head) == line else None
    return None
