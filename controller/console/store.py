"""What the desk keeps of how people sign in: one SQLite file, 0600, beside the log and never in it.

Rule 1: passwords only as Argon2id hashes and tokens only as SHA-256; the secret of one-time codes must be
kept as it is, for the desk computes the codes itself.
Rule 2: it goes into no backup. On a new box everybody signs in with their passkey, whose public half is in
the log, and sets password and one-time codes anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from controller.errors import ConfigError
from controller.ledger.private import private_file
from controller.ledger.sqlite import sqlite3

FILE = "console.sqlite"
PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
SCHEMA = """
CREATE TABLE IF NOT EXISTS password (person TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS totp (person TEXT PRIMARY KEY, secret TEXT NOT NULL, step INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS counter (credential TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS offer (
    credential TEXT PRIMARY KEY, person TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS session (
    hash BLOB PRIMARY KEY, id TEXT NOT NULL UNIQUE, person TEXT NOT NULL, roles TEXT NOT NULL,
    since INTEGER NOT NULL, seen INTEGER NOT NULL, fresh INTEGER NOT NULL, how TEXT NOT NULL,
    seat TEXT NOT NULL
) STRICT;
"""
BUSY_S = 5.0


class Store:
    """The file in a data folder; every change is durable on return, else sqlite3.Error is raised.

    Raises LogExposed, and ConfigError when the file is damaged or the disk does not take it.
    """

    def __init__(self, data: Path) -> None:
        file = data / FILE
        private_file(file)
        self._lock = RLock()
        self._db = sqlite3.connect(
            str(file), timeout=BUSY_S, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        try:
            self._db.executescript(PRAGMAS + SCHEMA)
        except sqlite3.Error as error:
            self._db.close()
            raise ConfigError(
                f"{file}: it cannot be used ({error}); move it away, then passwords are set anew"
            ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Everything inside, or nothing of it, and nobody in between."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def script(self, sql: str) -> None:
        """Make tables that are not there yet."""
        with self._lock:
            self._db.executescript(sql)

    def do(self, sql: str, *values: object) -> int:
        """Change something; answers how many rows it touched."""
        with self._lock:
            return int(self._db.execute(sql, values).rowcount)

    def rows(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What is there."""
        with self._lock:
            return list(self._db.execute(sql, values))

    def one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first of what is there, None for nothing."""
        found = self.rows(sql, *values)
        return found[0] if found else None
