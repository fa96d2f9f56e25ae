"""How far room time had come when the controller died: one number in a file, rewritten with every turn.

Rule 1: it is a hint and no evidence. It takes room time neither behind the log nor further than the wall
clock has gone since the last Entry, so that forging it shortens no delay (behaviour 37); and never further
than ``LONGEST_MS``, so that whoever forges it and the clock ages no Entry by years, to have it pruned.
Rule 2: it survives a kill, which leaves the kernel's pages alone; after a power loss it may be missing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Self

DIGITS = 20
LONGEST_MS = 604_800_000
"""A week: a room that is alive writes an Entry far more often, that of its nightly backup at least."""


class Beat:
    """The file, from construction to ``close``; one that cannot be read or written is none."""

    def __init__(self, file: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        self._descriptor = os.open(file, flags, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def last(self) -> int | None:
        """Room time of the last turn in milliseconds, if it is known."""
        text = os.pread(self._descriptor, DIGITS + 1, 0)
        return int(text) if len(text) == DIGITS and text.isdigit() else None

    def mark(self, at: int) -> None:
        """Note room time."""
        with suppress(OSError):  # a full disk is the log's affair; without the hint nothing is less safe
            os.pwrite(self._descriptor, f"{at:0{DIGITS}}".encode(), 0)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)


def continued(last_at: int, beat: int | None, gone_ms: int | None) -> int:
    """Room time to go on from: behind the last Entry, and where the last turn was, if that can be.

    ``gone_ms`` is how far the wall clock went since the last Entry; None when nobody can say.
    """
    if beat is None or gone_ms is None:
        return last_at + 1
    return max(last_at + 1, min(beat, last_at + min(gone_ms, LONGEST_MS)))
