"""What a log's one writer reads of it: replay, kept states, proofs. Rule: nothing here writes."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from controller.errors import LogDamaged
from controller.ledger import picture_keys, saved_states
from controller.ledger.saved_states import SavedState
from controller.ledger.signing import newest_note
from controller.ledger.sqlite import reading, sqlite_note
from controller.ledger.subtrees import disclosed, subtree
from controller.ledger.walk import Head, Row, anchor, decoded, is_pruned, kept_from, require_root, walk


class StoredLog(ABC):
    """The reading half of a CustodyLog; `notes` says what was worth knowing at its opening."""

    def __init__(self, file: Path, db: Database) -> None:
        self.file = file
        self.notes: list[str] = [sqlite_note()]
        self._db = db

    @property
    @abstractmethod
    def head(self) -> Head:
        """Size and RFC 6962 root (32 bytes) after the last durable commit."""

    @property
    def kept_from(self) -> int:
        """The counter before which entries may have been pruned."""
        return kept_from(self._fetch)

    def note(self) -> bytes | None:
        """The newest head as a signed note (C2SP tlog-checkpoint), None before the first entry."""
        return newest_note(self._fetch)

    def subtree(self, start: int, end: int) -> bytes:
        """The tree hash over leaves `start` to `end` - 1, for proofs (proofs.py)."""
        return subtree(self._fetch, start, end)

    def recipients(self, subjects: Sequence[str]) -> list[str]:
        """Public keys that pictures are sealed for, one a subject in their order, `age1…` each.

        All or none: [] when a subject has none, because no `seals` named it or it was erased since; then no
        picture may be kept. Some ten microseconds.
        """
        return picture_keys.recipients(self._fetch, subjects)

    def tail(self, after_n: int = -1) -> Iterator[dict[str, object]]:
        """Yield the entries after counter `after_n` (-1: all) as they are now, for replay.

        Their hashes are checked on the way against the head; act on nothing before the iterator
        has ended. Raises LogDamaged at an entry that is not what was written.
        """
        head, frontier = self.head, anchor(self._fetch, self.file, after_n + 1)
        since = frontier.size
        for row in walk(self._fetch, self.file, frontier, head.size):
            if row[0] > after_n:
                yield self._disclosed(row)
        require_root(self.file, frontier, head, since)

    def saved_states(self) -> Iterator[SavedState]:
        """Yield the saved states that are whole, newest first; those passed over are added to `notes`."""
        return saved_states.whole(self._fetch, self.notes)

    def _disclosed(self, row: Row) -> dict[str, object]:
        if is_pruned(row):
            wrong = f"entry {row[0]} was pruned, and no saved state from behind it is left"
            raise LogDamaged(self.file, wrong, entry=row[0])
        return disclosed(self._fetch, decoded(self.file, row[0], row[6]))

    def _fetch(self, sql: str, parameters: Sequence[object]) -> list[Any]:
        with reading(self.file):
            return self._db.execute(sql, parameters).fetchall()
