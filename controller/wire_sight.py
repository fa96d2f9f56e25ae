"""What can be seen of a controller from outside: its Entries, and the room as its gate shows it.

Rule: nothing is done here. Waiting is looking again and again until it is so, or until the time is over.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from controller.child import Child
from controller.core.effects import Body
from controller.errors import IronroomError
from controller.ledger.reading import LogReader
from controller.view import View

AGAIN_S = 0.01


class Sight:
    """A look at one controller, beside it and across its deaths."""

    def __init__(self, child: Child, log: Path) -> None:
        self._child, self._file = child, log
        self._open: LogReader | None = None

    @property
    def newest(self) -> int:
        """Counter of the newest durable Entry, -1 when there is none."""
        return self._reader.count() - 1

    def view(self) -> View:
        """The room as the gate shows it to the controller's own user; IronroomError when nobody answers."""
        if view := self._child.look(sealed=True):
            return view
        raise IronroomError(f"the controller does not answer any more: {self._child.words.strip()}")

    def entries(self, after: int) -> list[Body]:
        """Durable Entries behind a counter."""
        return list(self._reader.entries(after=after, sealed=True))

    def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is so; whether it came to that."""
        end = time.monotonic() + seconds
        while not (so := true()) and time.monotonic() < end:
            Event().wait(AGAIN_S)
        return so

    def written(self, after: int, fits: Callable[[list[Body]], list[Body]], seconds: float) -> list[Body]:
        """Wait for Entries behind a counter that fit, and give them; none when none came in time."""
        found: list[Body] = []

        def look() -> bool:
            found[:] = fits(self.entries(after))
            return bool(found)

        self.until(look, seconds)
        return found

    def close(self) -> None:
        """Let go of the log."""
        if self._open:
            self._open.close()

    @property
    def _reader(self) -> LogReader:
        self._open = self._open or LogReader(self._file)
        return self._open
