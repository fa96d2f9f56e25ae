"""The folder of references. Rule: whoever can write there tells the recorder what cameras should see.

It holds a picture of every room, too, however small: its owner alone may go in.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_PRIVATE = 0o700


class StateFolderError(Exception):
    """The folder cannot be used; the sentence names it and what to do."""


def make(folder: Path) -> None:
    """Make it with mode 0700, or check the one that is there; raises StateFolderError."""
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError as error:
        raise StateFolderError(f"{folder} cannot be used as a folder: {error.strerror}") from None
    if status.st_uid != os.geteuid():
        raise StateFolderError(f"{folder} belongs to somebody else: make it the recorder's own with `chown`")
    if stat.S_IMODE(status.st_mode) & _OTHERS_WRITE:
        raise StateFolderError(
            f"{folder} can be written by others: `chmod 700 {folder}`, empty it, and let cameras learn"
        )
