"""The reading half of the custody log: for the console, the auditor and the command line. Rule 26.

Readers cannot write: `mode=ro`, `query_only`, and the WAL's index is opened read-only, so that a
reader leaves no file behind that would belong to the wrong user. After a clean stop there is no WAL
and the database is opened as immutable; when a controller starts, the reader notices the new WAL
and opens it again. Every page is a transaction of its own. One reader belongs to one thread.
"""

from collections.abc import Iterator, Sequence
from errno import ENOSPC
from itertools import islice
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database

from controller.errors import LogDamaged, LogMissing, LogUnreadable
from controller.ledger import picture_keys
from controller.ledger.schema import APPLICATION_ID
from controller.ledger.selection import Selection
from controller.ledger.signing import newest_note
from controller.ledger.sqlite import REFUSALS, reading, sqlite3
from controller.ledger.subtrees import disclosed, subtree
from controller.ledger.walk import PAGE, Head, decoded, newest

_ALONE = ("mode=ro&immutable=1",)
_BESIDE_A_WAL = ("mode=ro&readonly_shm=1", "mode=ro")
_ATTEMPTS = 5


class LogReader:
    """Reads a custody log, beside a running controller, after its death, or after its clean stop."""

    def __init__(self, file: Path) -> None:
        """Open the log's database file; raises LogMissing, LogUnreadable or LogDamaged."""
        self.file = file.absolute()
        self._connect()
        if self.fetch("PRAGMA application_id", ()) != [(APPLICATION_ID,)]:
            self.close()
            raise LogDamaged(self.file, "this database is not a custody log")

    def entries(  # noqa: PLR0913 — a question has as many words as it needs
        self,
        *,
        after: int = -1,
        before: int | None = None,
        kind: str | None = None,
        place: str | None = None,
        who: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
        sealed: bool = False,
    ) -> Iterator[dict[str, object]]:
        """Yield entries with counters strictly between `after` and `before`, by kind, place and person.

        Without `sealed` (the right of chief and auditor) a sealed entry is `{"n": n, "sealed": True}`,
        and is left out altogether where a kind, place or person is asked for: what it holds cannot be
        guessed by asking. Of a pruned entry `{"n": n, "pruned": True}` is left, and nothing where
        something is asked for. Personal data is there as far as it was not erased. Raises LogDamaged
        at an entry that cannot be read.
        """
        selection = Selection(after, before, kind, place, who, newest_first)
        page_size = PAGE if limit is None else min(limit, PAGE)
        return islice(self.selected(selection, page_size, sealed=sealed), limit)

    def selected(
        self, selection: Selection, page_size: int = PAGE, *, sealed: bool = False
    ) -> Iterator[dict[str, object]]:
        """Yield the entries of a selection, as `entries` does, so many in one SELECT."""
        last = None
        while page := self.fetch(*selection.page(last, page_size)):
            for last, body in page:
                if not body:
                    if not selection.is_filtered:
                        yield {"n": last, "pruned": True}
                    continue
                entry = disclosed(self.fetch, decoded(self.file, last, body))
                if sealed or not entry.get("sealed"):
                    yield entry
                elif not selection.is_filtered:
                    yield {"n": last, "sealed": True}

    def head(self) -> Head:
        """Size and RFC 6962 root after the newest commit; raises LogDamaged when they do not agree."""
        frontier = newest(self.fetch, self.file)
        return Head(frontier.size, frontier.root())

    def note(self) -> bytes | None:
        """The newest head as a signed note (C2SP tlog-checkpoint), None before the first entry."""
        return newest_note(self.fetch)

    def subtree(self, start: int, end: int) -> bytes:
        """The tree hash over leaves `start` to `end` - 1, for proofs (proofs.py)."""
        return subtree(self.fetch, start, end)

    def count(self) -> int:
        """The number of entries."""
        return newest(self.fetch, self.file).size

    def picture_identities(self, subjects: Sequence[str]) -> list[str]:
        """Secret keys that open what was sealed for all these subjects, in their order.

        [] when one of them has none: it was erased. Show a picture only after the look is an Entry, and a
        key to nobody who was not asked to take it away.
        """
        return picture_keys.identities(self.fetch, subjects)

    def fetch(self, sql: str, parameters: Sequence[object]) -> list[Any]:
        """Run one SELECT and answer all its rows, on the state of the log at this moment."""
        while True:
            with reading(self.file):
                rows = self._db.execute(sql, parameters).fetchall()
            if self._unchanged is None or self._unchanged == self._signature():
                return rows
            self._db.close()
            self._connect()

    def copy(self, file: Path) -> None:
        """Copy the database, as it is at one moment, into an empty file; the writer goes on meanwhile.

        SQLite's online backup in one step. Nothing is synced. Raises LogDamaged, and OSError for the target.
        """
        target = sqlite3.connect(file)
        try:
            target.execute("PRAGMA synchronous = OFF")
            with reading(self.file):
                self._copy_into(target)
        finally:
            target.close()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _copy_into(self, target: sqlite3.Connection) -> None:
        try:
            self._db.conn.backup(target)
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise OSError(ENOSPC, "no room for a copy") from None
            raise

    def _signature(self) -> tuple[bool, int, int, int]:
        status = self.file.stat()
        has_wal = self.file.with_name(self.file.name + "-wal").exists()
        return has_wal, status.st_ino, status.st_mtime_ns, status.st_size

    def _connect(self) -> None:
        for _ in range(_ATTEMPTS):
            try:
                signature = self._signature()
                # An immutable connection takes no locks and sees no WAL: good while nothing changes.
                self._unchanged = None if signature[0] else signature
                self._db = _opened(self.file, _BESIDE_A_WAL if signature[0] else _ALONE)
            except FileNotFoundError:
                raise LogMissing(f"{self.file}: there is no custody log, name the folder of one") from None
            except (OSError, sqlite3.OperationalError) as error:
                wrong = error  # a controller may just have started or stopped: look again
            else:
                return
        raise LogUnreadable(
            f"{self.file}: it cannot be opened ({wrong}); reading needs the right to read the folder and "
            "its files, and where custody.db-shm is missing beside custody.db-wal, to make it"
        ) from wrong


def _opened(file: Path, ways: Sequence[str]) -> Database:
    for way in ways:
        connection = sqlite3.connect(f"{file.as_uri()}?{way}", uri=True, timeout=5)
        try:
            db = Database(connection, execute_plugins=False)
            db.execute("PRAGMA query_only = 1")
            db.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except sqlite3.OperationalError as error:
            connection.close()
            wrong = error
        except REFUSALS as error:
            connection.close()
            raise LogDamaged(file, f"it is no readable database ({error})") from error
        else:
            return db
    raise wrong
