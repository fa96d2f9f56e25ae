"""Sealed pictures on the disk: ``DATA/pictures/<sha256>``, whole and durable or not at all.

Rule 1: nothing is ever written over; a name that is taken, by whatever, refuses the picture.
Rule 2: only while the disk has room that is not the log's (disk_reserve.py).
Rule 3: the file's time is that of the Entry its shot began with (picture_keeping.py, Rule 1).
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from controller.disk_reserve import room_for_pictures
from controller.ledger.pictures import FOLDER
from controller.ledger.private import make_folder, require_private, sync_folder

UNFINISHED = ".new"

_is_unfinished = re.compile(r"[0-9a-f]{64}\.new").fullmatch


class NotKeptError(Exception):
    """A picture is not on the disk: there is no room for it there, or none under its name."""


class PictureStore:
    """The folder of pictures of one data folder; raises OSError and LogExposed when it cannot be used."""

    def __init__(self, data: Path) -> None:
        self._data, self.folder = data, data / FOLDER
        make_folder(self.folder)
        require_private(self.folder, "chmod 700")
        for one in os.scandir(self.folder):
            if _is_unfinished(one.name):  # a crash left it, and no Entry names it
                Path(one.path).unlink(missing_ok=True)

    def put(self, sealed: bytes, wall_ms: int) -> str:
        """Keep a sealed picture and give its SHA-256; its name is durable after ``sync``.

        ``wall_ms`` is its time, UTC milliseconds. Raises NotKeptError.
        """
        if room_for_pictures(self._data) < len(sealed):
            raise NotKeptError("the rest of the disk is the log's")
        digest = sha256(sealed).hexdigest()
        try:
            self._write(digest, sealed, wall_ms)
        except OSError as error:
            raise NotKeptError(str(error)) from error
        return digest

    def forget(self, digest: str) -> None:
        """Take away a picture that no Entry will name; one that cannot be taken away ages like any other."""
        with suppress(OSError):
            (self.folder / digest).unlink(missing_ok=True)

    def sync(self) -> None:
        """Make the names of all that was put durable; raises OSError."""
        sync_folder(self.folder)

    def _write(self, digest: str, sealed: bytes, wall_ms: int) -> None:
        file = self.folder / digest
        fresh = self.folder / f"{digest}{UNFINISHED}"
        descriptor = os.open(
            fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(sealed)
                opened.flush()
                os.utime(opened.fileno(), ns=(wall_ms * 1_000_000, wall_ms * 1_000_000))
                os.fsync(opened.fileno())
            os.link(fresh, file, follow_symlinks=False)  # unlike a renaming, it replaces nothing
        finally:
            with suppress(OSError):
                fresh.unlink()
