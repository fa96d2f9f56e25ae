"""What a log's entries say of pictures, as a table of no stay. Rule: bounded memory, however many there are.

SQLite keeps the table in a file of its own that has no name and goes with the connection; no key and no
picture is ever in it, digests alone.

    named     n, digest, size, camera: every picture that an entry names
    deleted   digest: every picture of which an entry says that it went (kind `pictures_deleted`)
    absent    n, digest, camera: named, and not in the folder
    found     digest: in the folder
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

from controller.ledger.pictures import described_in, is_digest
from controller.ledger.sqlite import sqlite3
from controller.ledger.walk import Fetch, decoded

DELETED = "pictures_deleted"
MOST = 200
"""Entries, each of at most 65,535 bytes, that are looked at together."""

_RANGE = 10_000
_SPOKEN = (
    "SELECT n, kind, body FROM entry WHERE n >= ? AND n < ? AND body != x'' "
    "AND (kind = ? OR instr(body, ?)) ORDER BY n LIMIT ?"
)
_NEEDLE = b'"pictures":'
_TABLES = """
CREATE TABLE named (n INTEGER NOT NULL, digest BLOB NOT NULL, size INTEGER NOT NULL, camera TEXT NOT NULL);
CREATE INDEX named_digest ON named (digest);
CREATE TABLE deleted (digest BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE absent (n INTEGER NOT NULL, digest BLOB NOT NULL, camera TEXT NOT NULL);
CREATE TABLE found (digest BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_LOST = "FROM absent WHERE digest NOT IN (SELECT digest FROM deleted)"


class Named(NamedTuple):
    """A picture as an entry names it: `row` counts them from 1, `digest` is the SHA-256, 32 bytes."""

    row: int
    n: int
    digest: bytes
    size: int
    camera: str


class PictureIndex:
    """The tables, from the first entry on."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES} BEGIN;")

    def read(self, fetch: Fetch, file: Path, begin: int, end: int) -> None:
        """Take in what entries `begin` to `end` - 1 say; pruned ones say nothing any more."""
        while begin < end:
            until = min(begin + _RANGE, end)
            rows = fetch(_SPOKEN, (begin, until, DELETED, _NEEDLE, MOST))
            for n, kind, body in rows:
                self._take(n, kind, decoded(file, n, body))
            begin = rows[-1][0] + 1 if len(rows) == MOST else until

    def count(self) -> int:
        """How many pictures are named."""
        return self._number("SELECT count(*) FROM named")

    def pages(self, size: int) -> Iterator[list[Named]]:
        """Yield what is named, in the order of the entries."""
        last = 0
        asked = "SELECT rowid, n, digest, size, camera FROM named WHERE rowid > ? ORDER BY rowid LIMIT ?"
        while rows := self._db.execute(asked, (last, size)).fetchall():
            yield [Named(*row) for row in rows]
            last = rows[-1][0]

    def namer(self, digest: bytes) -> tuple[int, str] | None:
        """Entry and camera of a picture, None where no entry names it."""
        rows = self._db.execute("SELECT n, camera FROM named WHERE digest = ? LIMIT 1", (digest,)).fetchall()
        return (int(rows[0][0]), str(rows[0][1])) if rows else None

    def missed(self, one: Named) -> None:
        """Keep in mind that a picture is not in the folder."""
        self._db.execute("INSERT INTO absent VALUES (?, ?, ?)", (one.n, one.digest, one.camera))

    def seen(self, digest: bytes) -> None:
        """Keep in mind that a file of this name is in the folder."""
        self._db.execute("INSERT OR IGNORE INTO found VALUES (?)", (digest,))

    def gone(self) -> int:
        """How many are absent because an entry says so."""
        return self._number("SELECT count(*) FROM absent WHERE digest IN (SELECT digest FROM deleted)")

    def lost(self, since: int, before: int) -> int:
        """How many of entries `since` to `before` - 1 are absent, and no entry says why."""
        return self._number(f"SELECT count(*) {_LOST} AND n >= ? AND n < ?", since, before)

    def first_lost(self, since: int, limit: int) -> list[tuple[int, bytes, str]]:
        """The first of those from entry `since` on: entry, digest, camera."""
        asked = f"SELECT n, digest, camera {_LOST} AND n >= ? ORDER BY rowid LIMIT ?"
        return self._db.execute(asked, (since, limit)).fetchall()

    def strays(self) -> int:
        """How many files no entry names."""
        return self._number("SELECT count(*) FROM found WHERE digest NOT IN (SELECT digest FROM named)")

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take(self, n: int, kind: str, entry: dict[str, object]) -> None:
        rows = [
            (n, bytes.fromhex(picture.sha256), picture.size, str(told.get("camera", "")))
            for picture, told in described_in(entry)
        ]
        self._db.executemany("INSERT INTO named VALUES (?, ?, ?, ?)", rows)
        if kind == DELETED:
            went = ((digest,) for digest in deleted_in(entry))
            self._db.executemany("INSERT OR IGNORE INTO deleted VALUES (?)", went)

    def _number(self, sql: str, *values: object) -> int:
        return int(self._db.execute(sql, values).fetchone()[0])


def deleted_in(entry: dict[str, object]) -> Iterator[bytes]:
    """The digests, 32 bytes each, that an Entry of kind `pictures_deleted` names."""
    for word in str(entry.get("digests", "")).split():
        if is_digest(word):
            yield bytes.fromhex(word)
