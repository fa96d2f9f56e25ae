"""What cameras should see, kept over restarts: one file a camera in a folder of the recorder's own.

Rule 1: a file is there whole or not at all, and only its owner reads it.
Rule 2: a file that is not as it was written is no reference; the camera learns anew, and says so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hardware.cameras.reference import NoReferenceError, Reference, parsed

MOST_BYTES = 200_000
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


class References:
    """The folder ``state``; without one nothing is kept."""

    def __init__(self, state: Path | None) -> None:
        self._state = state
        if state is not None:
            state.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)

    def load(self, camera: str, areas: Sequence[tuple[int, int, int, int]]) -> Reference | None:
        """The reference of a camera, None where there is none for these areas."""
        if self._state is None:
            return None
        try:
            # What stands there instead, a pipe or a link, holds nobody up and leads nowhere.
            handle = os.open(self._file(camera), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(handle, "rb") as file:  # noqa: PTH123 - opened as above
                found = parsed(file.read(MOST_BYTES))
        except (OSError, NoReferenceError):
            return None
        return found if sorted(found.areas) == sorted(areas) else None

    def save(self, camera: str, reference: Reference) -> None:
        """Keep it; where that fails one sentence says so, and the camera learns anew after a start."""
        if self._state is None:
            return
        new = self._state / f"{camera}.new"
        try:
            new.unlink(missing_ok=True)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE_FILE)
            with open(handle, "wb") as file:  # noqa: PTH123 - made with its rights from the beginning
                file.write(reference.spelled())
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._file(camera))
            _settle(self._state)
        except OSError as error:
            sys.stderr.write(f"{new}: what the camera should see cannot be kept: {error.strerror}\n")

    def _file(self, camera: str) -> Path:
        assert self._state is not None
        return self._state / f"{camera}.reference"


def _settle(folder: Path) -> None:
    """A new name is durable when its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
