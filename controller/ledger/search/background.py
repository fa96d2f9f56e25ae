"""The index kept up to date beside a running controller, in a thread of its own.

Rule: the log and the doors never wait for it. It works in short steps with a rest after each, which
leaves the interpreter to others; whatever goes wrong is told in `trouble` and tried again later.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Condition, Thread

from controller.errors import IronroomError
from controller.ledger.search.indexer import STEP, Indexer
from controller.ledger.sqlite import sqlite3

_REST = 0.002
_AFTER_TROUBLE = 10.0


class BackgroundIndexer:
    """Indexes what is committed; `start` it once the log is open, `stop` it before the process ends."""

    def __init__(self, log: Path, zone: str = "UTC", every: float = 1.0) -> None:
        """Look for new entries every `every` seconds and whenever it is woken."""
        self.trouble = ""
        self._log, self._zone, self._every = log, zone, every
        self._changed = Condition()
        self._edge, self._stopping, self._woken = 0, False, False
        self._thread = Thread(target=self._run, name="search index", daemon=True)

    @property
    def edge(self) -> int:
        """The number of entries in the index."""
        return self._edge

    def start(self) -> None:
        """Begin; what was written meanwhile is caught up first."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there is something new; never waits."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def wait_for(self, size: int, timeout: float) -> bool:
        """Wait until `size` entries are indexed, and the subjects they erase are gone from the index.

        Answers False when `timeout` seconds were not enough.
        """
        self.wake()
        with self._changed:
            return self._changed.wait_for(lambda: self._edge >= size, timeout)

    def stop(self) -> None:
        """End after the step that is under way; a second call does nothing."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._keep_up()
            except (IronroomError, sqlite3.Error, OSError) as error:
                self.trouble = str(error)
                self._rest(_AFTER_TROUBLE, lambda: self._stopping)

    def _keep_up(self) -> None:
        with Indexer(self._log, self._zone) as indexer:
            while not self._stopping:
                self._woken = False
                done = indexer.step()
                self._reached(indexer.edge)
                if done < STEP:
                    self._rest(self._every, lambda: self._stopping or self._woken)
                else:
                    self._rest(_REST, lambda: self._stopping)

    def _reached(self, edge: int) -> None:
        with self._changed:
            self.trouble, self._edge = "", edge
            self._changed.notify_all()

    def _rest(self, seconds: float, enough: Callable[[], bool]) -> None:
        with self._changed:
            self._changed.wait_for(enough, seconds)
