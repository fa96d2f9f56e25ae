"""The hold on a log: one controller keeps it, and a kept log cannot vanish unseen. Law 3 and law 5.

A file beside the database, `custody.lock`, is locked with flock for as long as the controller runs.
It says, in 17 bytes, whether an entry was ever durable here, and which process has the hold:

    begun       4711

If it says `begun` and the database holds nothing, the log is gone: nobody starts an empty room.
"""

import fcntl
import os
from pathlib import Path
from typing import Self

from controller.errors import LogBusy
from controller.ledger.private import private_file


class Hold:
    """The lock itself, from construction to `release`; the system lets go of it when the process dies."""

    def __init__(self, file: Path, descriptor: int) -> None:
        self.file = file
        self._descriptor = descriptor
        self.begun = os.pread(descriptor, 5, 0) == b"begun"
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

    def release(self) -> None:
        """Let go of the log; the file stays, for what it remembers."""
        os.close(self._descriptor)

    def _write(self) -> None:
        word = "begun" if self.begun else "empty"
        os.pwrite(self._descriptor, f"{word}{os.getpid():>11}\n".encode(), 0)
