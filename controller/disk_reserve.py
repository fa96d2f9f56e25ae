"""The last room on the disk, which belongs to the log: a file that is given up when nothing else is left.

    DATA/reserve   `reserve_mb` really allocated; no byte in it means anything

Rule 1: it is given up before a commit could fail, and then the log alone may use what that frees.
Rule 2: pictures are written while it is there, and never into the last quarter of its size beside it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from controller.ledger.private import sync_folder

MB = 1_000_000
NAME = "reserve"
PART = 4
"""The floor is this part of the reserve: below so much free space it is given up."""


class Reserve:
    """The file, and what is free beside it."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.file, self.size = folder / NAME, megabytes * MB
        self.floor = self.size // PART
        self.enough = self.size + 2 * self.floor  # free bytes from which on it can be taken
        self.held = _allocated(self.file) >= self.size

    @property
    def free(self) -> int:
        """Bytes that can be written now."""
        return _free(self.file.parent)

    @property
    def room(self) -> int:
        """Bytes that can be written beside the reserve, whether or not it is there."""
        return max(0, self.free - (0 if self.held else self.size))

    def make_room(self) -> None:
        """Give the reserve up if the log could need it soon; some microseconds while it does not."""
        if self.held and self.free < self.floor:
            self.held = False
            self.file.unlink(missing_ok=True)
            sync_folder(self.file.parent)  # only then may the space be used again

    def take(self) -> bool:
        """Allocate the reserve if there is room enough not to give it up at once; whether it is there."""
        if not self.held and self.free >= self.enough:
            with suppress(OSError):  # somebody else was quicker
                self.file.unlink(missing_ok=True)
                _allocate(self.file, self.size)
            self.held = _allocated(self.file) >= self.size
        return self.held


def make_room_to_start(folder: Path) -> None:
    """Give up the reserve of a folder whose disk is so full that its log might not even open."""
    reserve = _allocated(folder / NAME)
    if reserve and _free(folder) < reserve // PART:
        (folder / NAME).unlink(missing_ok=True)
        sync_folder(folder)


def room_for_pictures(folder: Path) -> int:
    """Bytes of pictures that may be written into this data folder now, for whoever writes them."""
    reserve = _allocated(folder / NAME)
    return max(0, _free(folder) - 2 * (reserve // PART)) if reserve else 0


def _free(folder: Path) -> int:
    space = os.statvfs(folder)
    return space.f_bavail * space.f_frsize


def _allocated(file: Path) -> int:
    try:
        status = file.lstat()
    except FileNotFoundError:
        return 0
    return min(status.st_size, 512 * status.st_blocks)  # 512: as st_blocks counts on every file system


def _allocate(file: Path, size: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(file, flags, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, size)
        os.fsync(descriptor)
    except OSError:
        file.unlink()
        raise
    finally:
        os.close(descriptor)
    sync_folder(file.parent)
