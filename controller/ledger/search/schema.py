"""The tables of search.db and how its one writer connects. Law 5; and the cache is never evidence.

about     one row: the zone of the days; the entries indexed so far, and by what the log is known again
          (identity.py), so that another one, or this one rolled back, is noticed; how many bodies had
          been pruned when the index was begun, so that the tokens of later ones do not stay for ever
token     full text without the text: the tokens of entry `rowid` (tokens.py)
code      the stable words met so far, by the name they stand under
personal  tokens of what entries disclose about a subject; rewritten without a subject that is erased
run, mark see times.py
rollup    entries by local day (days since 0001-01-01, as date.toordinal), kind, and whether sealed

WAL with synchronous=NORMAL: a power cut may take the last steps back but leaves a whole index, which
then catches up; no fsync stands between a badge and its door. secure_delete overwrites what is deleted.
"""

import stat
from pathlib import Path

from controller.ledger.private import private_file
from controller.ledger.sqlite import sqlite3

APPLICATION_ID = 0x49524653
"""Bytes 68 to 71 of the file's header, "IRFS"."""

FORMAT = 2
"""Raised whenever tokens or tables change: an index of another format is built anew."""

NAME = "search.db"

_SETTINGS = (
    "mmap_size = 0",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "secure_delete = ON",
    "cache_size = -32000",
    "journal_size_limit = 4194304",
)

_REFUSED = ("locked", "full", "disk I/O", "readonly", "unable to open", "memory", "interrupted")
# What else SQLite calls operational, a table that is not there, is a file that is not an index.

PERSONAL = (
    "CREATE TABLE {} (word TEXT, n INTEGER, subject TEXT, PRIMARY KEY (word, n, subject)) WITHOUT ROWID"
)

_TABLES = (
    "CREATE TABLE about (zone TEXT, size INTEGER, leaf BLOB, head INTEGER, root BLOB, bodies INTEGER)",
    """CREATE VIRTUAL TABLE token USING fts5(
        words, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '-_.+'"
    )""",
    "CREATE TABLE code (name TEXT, code TEXT, PRIMARY KEY (name, code)) WITHOUT ROWID",
    PERSONAL.format("personal"),
    """CREATE TABLE run (
        id INTEGER PRIMARY KEY, first_n INTEGER, first_top INTEGER, last_n INTEGER, last_top INTEGER
    )""",
    "CREATE TABLE mark (run INTEGER, top INTEGER, n INTEGER, PRIMARY KEY (run, top, n)) WITHOUT ROWID",
    """CREATE TABLE rollup (
        day INTEGER, kind TEXT, sealed INTEGER, entries INTEGER, PRIMARY KEY (day, kind, sealed)
    ) WITHOUT ROWID""",
)


def connect_writer(file: Path, log: Path, zone: str) -> sqlite3.Connection:
    """Open the index for its one writer, made with the modes of the log's file and empty if it is new.

    An index that is not ours, of another format, or for days of another zone is made anew; so is one
    that SQLite cannot read. Raises sqlite3.OperationalError when the disk refuses.
    """
    try:
        return _connected(file, log, zone)
    except sqlite3.DatabaseError as error:
        if is_refusal(error):
            raise
        remove(file)
        return _connected(file, log, zone)


def is_refusal(error: sqlite3.Error) -> bool:
    """Whether the disk or another program refused, so that making the index anew would not help."""
    return isinstance(error, sqlite3.OperationalError) and any(word in str(error) for word in _REFUSED)


def remove(file: Path) -> None:
    """Delete the index; readers notice, and read the log itself until there is a new one."""
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _connected(file: Path, log: Path, zone: str) -> sqlite3.Connection:
    private_file(file)
    file.chmod(stat.S_IMODE(log.stat().st_mode) & 0o640)
    connection = sqlite3.connect(file, isolation_level=None, timeout=5)
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}").fetchall()
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            _create(connection, zone)
        _require_ours(connection, zone)
    except BaseException:
        connection.close()
        raise
    return connection


def _create(connection: sqlite3.Connection, zone: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for table in _TABLES:
        connection.execute(table)
    connection.execute("INSERT INTO about VALUES (?, 0, x'', 0, x'', 0)", (zone,))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")


def _require_ours(connection: sqlite3.Connection, zone: str) -> None:
    ((application,),) = connection.execute("PRAGMA application_id").fetchall()
    ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    if (application, version) != (APPLICATION_ID, FORMAT):
        raise sqlite3.DatabaseError(f"not an index of format {FORMAT}")
    if connection.execute("SELECT zone FROM about").fetchall() != [(zone,)]:
        raise sqlite3.DatabaseError(f"its days are not those of {zone}")
