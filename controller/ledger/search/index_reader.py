"""The reading half of search.db. Rule: reads only, and an index that cannot be believed is no index.

As with the log (reading.py): another user than the owner opens the WAL's index read-only where SQLite
lets us; the owner must not, since connections of one process share it, and the writer may be in this
one. Without a WAL the file is opened as immutable. After every question the file must be the one that
was opened. One reader belongs to one thread.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from controller.ledger.search.identity import Edge
from controller.ledger.search.schema import APPLICATION_ID, FORMAT
from controller.ledger.sqlite import REFUSALS, sqlite3

_ALONE = ("mode=ro&immutable=1",)
_BESIDE_A_WAL = ("mode=ro&readonly_shm=1", "mode=ro")
_AS_OWNER = ("mode=ro",)

Parameters = Sequence[object] | Mapping[str, object]

Signature = tuple[bool, int, int, int]


class IndexLost(Exception):  # noqa: N818 — what happened, not an error of anybody
    """The index is not there, was replaced, or cannot be read: open it again, or do without it."""


class About(NamedTuple):
    """What an index says of itself: the zone of its days, and how far it goes in which log."""

    zone: str
    edge: Edge


class IndexReader:
    """Reads an index that may come, go and be replaced meanwhile."""

    def __init__(self, file: Path) -> None:
        self.file = file.absolute()
        self._db: sqlite3.Connection | None = None
        self._signature: Signature | None = None

    def about(self) -> About:
        """What the index says of itself now, and what `fetch` goes on with; raises IndexLost."""
        with self._losing():
            if self._db is None or self._signature != self._look():
                self._open()
        rows = self.fetch("SELECT zone, size, leaf, head, root FROM about", ())
        if len(rows) != 1:
            raise IndexLost(f"{self.file}: it does not say what it is")
        return About(rows[0][0], Edge(*rows[0][1:]))

    def fetch(self, sql: str, parameters: Parameters) -> list[Any]:
        """Run one SELECT on the index that `about` described and answer all its rows; raises IndexLost.

        Raised too when the index was replaced since: what was read before belongs to another one.
        """
        with self._losing():
            if self._db is None:
                raise IndexLost(f"{self.file}: it is not open")
            rows = self._db.execute(sql, parameters).fetchall()
            if self._signature != self._look():
                raise IndexLost(f"{self.file}: it was replaced meanwhile")
            return rows

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._db is not None:
            self._db.close()
        self._db = None

    @contextmanager
    def _losing(self) -> Iterator[None]:
        try:
            yield
        except IndexLost:
            self.close()
            raise
        except (OSError, *REFUSALS) as error:
            self.close()
            raise IndexLost(f"{self.file}: {error}") from error

    def _look(self) -> Signature:
        status = self.file.stat()
        has_wal = self.file.with_name(self.file.name + "-wal").exists()
        # Beside a WAL the file changes under its reader, who is told by SQLite; alone it must not.
        return (has_wal, status.st_ino, *((0, 0) if has_wal else (status.st_mtime_ns, status.st_size)))

    def _open(self) -> None:
        self.close()
        self._signature = self._look()
        beside = _AS_OWNER if self.file.stat().st_uid == os.geteuid() else _BESIDE_A_WAL
        self._db = _opened(self.file, beside if self._signature[0] else _ALONE)
        ((application,),) = self._db.execute("PRAGMA application_id").fetchall()
        ((version,),) = self._db.execute("PRAGMA user_version").fetchall()
        if (application, version) != (APPLICATION_ID, FORMAT):
            raise IndexLost(f"{self.file}: it is not an index of format {FORMAT}")


def _opened(file: Path, ways: Sequence[str]) -> sqlite3.Connection:
    for way in ways:
        connection = sqlite3.connect(f"{file.as_uri()}?{way}", uri=True, timeout=5, isolation_level=None)
        try:
            connection.execute("PRAGMA query_only = 1")
            connection.execute("PRAGMA cache_size = -32000")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except sqlite3.OperationalError as error:
            connection.close()
            wrong = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise wrong
