"""Photographs of visitors in the desk's file. Rule: none stands unsealed there, nor in its log of changes.

Until a visit names it, a photograph is sealed to a key of its own, which lies beside it. From then on it is
sealed to the key of the visitor's pictures in the log (picture_keys.py), as pictures of the room are: where
that key is erased, the photograph is gone, here and in every copy of this file (behaviour 60).

    sealed_photo  digest (SHA-256 of the JPEG), sealed (recorder/seal.py), key ("" from the naming on), since
    photo_of      digest, visitor          photo_log  upto: counter of the newest Entry that was looked at
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256

from pyrage import x25519

from controller.console.store import Store
from controller.ledger.picture_keys import recipients
from controller.ledger.reading import LogReader
from recorder.seal import SealError, opened, seal

SCHEMA = """
CREATE TABLE IF NOT EXISTS sealed_photo (
    digest TEXT PRIMARY KEY, sealed BLOB NOT NULL, key TEXT NOT NULL, since INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS photo_of (
    digest TEXT NOT NULL, visitor TEXT NOT NULL, PRIMARY KEY (digest, visitor)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS photo_log (one INTEGER PRIMARY KEY CHECK (one = 1), upto INTEGER NOT NULL) STRICT;
"""
DROP = "DELETE FROM sealed_photo"
OF_VISITOR = "SELECT digest FROM photo_of WHERE visitor = ?"
UNNAMED = "digest NOT IN (SELECT digest FROM photo_of)"
FORMER = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'photo'"
"""An earlier version kept them unsealed, in this table."""


class SealedPhotos:
    """The tables of photographs."""

    def __init__(self, store: Store) -> None:
        self._store, self._has_changed = store, False
        store.script(SCHEMA)
        if store.one(FORMER):
            self._seal_former()
        self._forget()  # whoever died between a change and this left it undone

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Everything inside, or nothing of it; what went away then stands in no file any more."""
        with self._store.whole():
            yield
        if self._has_changed:
            self._forget()

    def add(self, jpeg: bytes, since: int) -> str:
        """Keep a photograph that nobody has named yet; its digest."""
        digest, own = sha256(jpeg).hexdigest(), x25519.Identity.generate()
        row = (digest, seal(jpeg, [str(own.to_public())]), str(own), since)
        self._store.do("INSERT OR IGNORE INTO sealed_photo VALUES (?, ?, ?, ?)", *row)
        return digest

    def opened(self, digest: str, log: LogReader) -> bytes | None:
        """A photograph, None where there is none that opens."""
        row = self._store.one("SELECT sealed, key FROM sealed_photo WHERE digest = ?", digest)
        if row is None:
            return None
        try:
            return opened(row[0], [row[1]] if row[1] else self._keys(digest, log)).picture
        except SealError:
            return None

    def name(self, digest: str, visitor: str, since: int, log: LogReader) -> None:
        """Somebody's visit names a photograph: from now on it opens with the visitor's own key alone."""
        row = self._store.one("SELECT sealed, key FROM sealed_photo WHERE digest = ?", digest)
        if row is None:
            return
        self._store.do("INSERT OR IGNORE INTO photo_of VALUES (?, ?)", digest, visitor)
        self._store.do("UPDATE sealed_photo SET since = ? WHERE digest = ?", since, digest)
        to = recipients(log.fetch, [visitor]) if row[1] else []
        if to:  # an older version wrote Entries that made no key: then it goes with its row alone
            sealed = seal(opened(row[0], [row[1]]).picture, to)
            self._store.do("UPDATE sealed_photo SET sealed = ?, key = '' WHERE digest = ?", sealed, digest)
            self._has_changed = True

    def erase(self, visitors: Sequence[str]) -> None:
        """Take away what was any of theirs, and what nobody has named: it may be."""
        for visitor in visitors:
            self._note(self._store.do(f"{DROP} WHERE digest IN ({OF_VISITOR})", visitor))
            self._store.do("DELETE FROM photo_of WHERE visitor = ?", visitor)
        self._note(self._store.do(f"{DROP} WHERE {UNNAMED}"))

    def drop_unnamed(self, before: int) -> None:
        """Take away what nobody has named since."""
        with self.whole():
            self._note(self._store.do(f"{DROP} WHERE since < ? AND {UNNAMED}", before))

    def drop_named(self, before: int) -> None:
        """Take away what no visit has named since."""
        with self.whole():
            self._note(self._store.do(f"{DROP} WHERE since < ?", before))
            self._store.do("DELETE FROM photo_of WHERE digest NOT IN (SELECT digest FROM sealed_photo)")

    def unnamed(self) -> int:
        """How many nobody has named yet."""
        row = self._store.one(f"SELECT count(*) FROM sealed_photo WHERE {UNNAMED}")  # noqa: S608 - ours alone
        return int(row[0]) if row else 0

    def whose(self, digest: str) -> str:
        """The visitor whose it is, "" for nobody's."""
        row = self._store.one("SELECT visitor FROM photo_of WHERE digest = ? ORDER BY visitor", digest)
        return str(row[0]) if row else ""

    def upto(self, newest: int | None) -> int:
        """The Entry up to which the log was looked at; -1 for none, and where the log is shorter now."""
        row = self._store.one("SELECT upto FROM photo_log")
        return int(row[0]) if row and newest is not None and row[0] <= newest else -1

    def learned(self, upto: int) -> None:
        """The log was looked at up to this Entry."""
        self._store.do("INSERT OR REPLACE INTO photo_log VALUES (1, ?)", upto)

    def _keys(self, digest: str, log: LogReader) -> list[str]:
        rows = self._store.rows("SELECT visitor FROM photo_of WHERE digest = ?", digest)
        return [key for (visitor,) in rows for key in log.picture_identities([visitor])]

    def _note(self, gone: int) -> None:
        self._has_changed = self._has_changed or bool(gone)

    def _forget(self) -> None:
        """Let nothing of what was deleted stand in the file's log of changes (SQLite, secure_delete)."""
        self._store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self._has_changed = False

    def _seal_former(self) -> None:
        """Seal what an earlier version kept as it was; the log is read again from its beginning."""
        with self._store.whole():
            for jpeg, since in self._store.rows("SELECT jpeg, since FROM photo"):
                self.add(jpeg, since)
            self._store.do("DROP TABLE photo")
            self._store.do("DELETE FROM photo_log")
