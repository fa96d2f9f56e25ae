"""The CustodyLog: appends entries durably and gives them back for replay. Law 4: what is not here never was.

One transaction is one durable commit: entries, their hashes and the new head together. After any
error the log is dead for ever; a failed fsync is never tried again, because the kernel may have
thrown the pages away (behaviour 59, facts on fsync). One thread calls; nobody else writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database

from controller.errors import LogDead
from controller.ledger import saved_states
from controller.ledger.batch import Batch, compose
from controller.ledger.hold import Hold
from controller.ledger.opening import begin, checked_tail
from controller.ledger.private import private_folder
from controller.ledger.saved_states import SavedState
from controller.ledger.sqlite import reading, sqlite3, sqlite_note
from controller.ledger.tree import Frontier
from controller.ledger.walk import Head, anchor, decoded, require_root, walk

ANCHOR_EVERY = 1024
"""Entries between two heads that are kept: so many are hashed again at most when the log is opened."""

UPKEEP_BYTES = 4_000_000
"""Bytes in the WAL after which `upkeep` copies them into the database; `append` does it at four times."""

_PAGES_OF_A_COMMIT = 5 * 4096  # entry, index and head, rarely a split


class CustodyLog:
    """The one writer of a custody log; `notes` says what was worth knowing at its opening."""

    def __init__(self, file: Path, hold: Hold, db: Database) -> None:
        self.file = file
        self.notes: list[str] = [sqlite_note()]
        self._hold, self._db = hold, db
        self._cause = ""  # why the log is dead
        self._wal_bytes = UPKEEP_BYTES  # unknown, so the first upkeep is due
        self._frontier, self._last_at = checked_tail(self._fetch, file, hold)
        self._root = self._frontier.root()
        self._keep_head = True  # the newest head's row stays when the next commit comes

    @classmethod
    def open(cls, file: Path) -> Self:
        """Open the log for writing, or begin it where there is none, and check its tail.

        The folder has mode 0700 (or 0750), the files 0600 (or 0640). Raises LogBusy when another
        controller has it, LogExposed for wrong modes, LogDamaged when what is stored does not give
        the last head or has gone altogether, LogDead when the disk refuses.
        """
        try:
            private_folder(file.parent)
            hold = Hold.take(file.with_suffix(".lock"))
            return cls._opened(file, hold)
        except OSError as error:
            raise LogDead(f"{file}: the log cannot be opened: {error}") from error

    @classmethod
    def _opened(cls, file: Path, hold: Hold) -> Self:
        db = None
        try:
            db = begin(file, hold)
            return cls(file, hold, db)
        except BaseException:
            if db is not None:
                db.close()
            hold.release()
            raise

    @property
    def head(self) -> Head:
        """Size and RFC 6962 root (32 bytes) after the last durable commit."""
        return Head(self._frontier.size, self._root)

    @property
    def size(self) -> int:
        """The number of durable entries; the next one gets this counter."""
        return self._frontier.size

    @property
    def root(self) -> bytes:
        """The RFC 6962 root over all durable entries, 32 bytes."""
        return self._root

    @property
    def last_at(self) -> int:
        """Room time of the last entry in milliseconds, 0 in an empty log; the next is not earlier."""
        return self._last_at

    def append(self, drafts: Sequence[Mapping[str, object]]) -> list[int]:
        """Write drafts as one durable commit and answer their counters, in order.

        A draft is an entry (entry.py) without its `n`. On return everything is on disk. Raises
        EntryRefused, and nothing is written, for an unlawful draft; LogDead when the disk refuses,
        now and for ever after.
        """
        self._require_alive()
        batch = compose(drafts, self._frontier, self._last_at)
        if batch.rows:
            self._commit(batch)
        return [row[0] for row in batch.rows]

    def tail(self, after_n: int = -1) -> Iterator[dict[str, object]]:
        """Yield the entries after counter `after_n` (-1: all) as they are now, for replay.

        Their hashes are checked on the way against the head; act on nothing before the iterator
        has ended. Raises LogDamaged at an entry that is not what was written.
        """
        head, frontier = self.head, anchor(self._fetch, self.file, after_n + 1)
        since = frontier.size
        for row in walk(self._fetch, self.file, frontier, head.size):
            if row[0] > after_n:
                yield decoded(self.file, row[0], row[6])
        require_root(self.file, frontier, head, since)

    def save_state(self, n: int, state: bytes) -> None:
        """Keep the core's state after entry `n`, which must be the last one; durable on return.

        Raises ValueError for another `n`, LogDead when the disk refuses.
        """
        self._require_alive()
        if n != self.size - 1:
            raise ValueError(f"a state after entry {n} was offered, the last entry is {self.size - 1}")
        with self._durably("saving a state"), self._db.atomic():
            saved_states.save(self._db, self.head, state)
        self._keep_head = True
        self._wal_bytes += len(state) + _PAGES_OF_A_COMMIT

    def latest_state(self) -> SavedState | None:
        """The newest saved state that is whole; those passed over are added to `notes`."""
        found, notes = saved_states.latest(self._fetch)
        self.notes += notes
        return found

    def upkeep(self) -> None:
        """Copy a grown WAL into the database: call it when nobody is waiting at a door.

        Takes some 10 ms when it is due, nothing otherwise. Raises LogDead when the disk refuses.
        """
        self._require_alive()
        if self._wal_bytes >= UPKEEP_BYTES:
            self._copy_wal()

    def close(self) -> None:
        """End: copy the WAL into the database, let go of the lock; a second call does nothing."""
        if self._cause != "it is closed":
            self._cause = "it is closed"
            with suppress(sqlite3.Error):  # a dead log may not be able to copy its WAL; the next open does
                self._db.close()
            self._hold.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _commit(self, batch: Batch) -> None:
        with self._durably("a commit"):
            with self._db.atomic():
                self._db.conn.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", batch.rows)
                root = self._write_head(batch.frontier)
            self._hold.mark_begun()
        self._keep_head = batch.frontier.size // ANCHOR_EVERY > self.size // ANCHOR_EVERY
        self._frontier, self._root, self._last_at = batch.frontier, root, batch.last_at
        self._wal_bytes += batch.body_bytes + _PAGES_OF_A_COMMIT
        if self._wal_bytes >= 4 * UPKEEP_BYTES:
            self._copy_wal()

    def _write_head(self, frontier: Frontier) -> bytes:
        root = frontier.root()
        row = (frontier.size, root, frontier.to_bytes())
        self._db.execute("INSERT INTO head VALUES (?, ?, ?)", row)
        if not self._keep_head:
            self._db.execute("DELETE FROM head WHERE size = ?", (self.size,))
        return root

    def _copy_wal(self) -> None:
        with self._durably("copying the WAL"):
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        self._wal_bytes = 0

    @contextmanager
    def _durably(self, deed: str) -> Iterator[None]:
        self._cause = f"{deed} did not come to its end"  # stays, whatever interrupts us
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            self._cause = f"{deed} failed: {error}"
            raise LogDead(f"{self.file}: {self._cause}; {_DEAD}") from error
        self._cause = ""

    def _require_alive(self) -> None:
        if self._cause:
            raise LogDead(f"{self.file}: {self._cause}; {_DEAD}")

    def _fetch(self, sql: str, parameters: Sequence[object]) -> list[Any]:
        with reading(self.file):
            return self._db.execute(sql, parameters).fetchall()


_DEAD = (
    "nothing more is written, and nothing may open, until the disk was looked at and the controller restarted"
)
