"""The write-ahead log of custody.db, which its one writer alone copies and empties. Rule: no entries here."""

from sqlite_utils import Database


def copy(db: Database) -> None:
    """Copy what no reader holds back into the database; raises sqlite3.Error when the disk refuses."""
    db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def emptied(db: Database) -> bool:
    """Copy everything and leave an empty file; False, without waiting, while somebody reads from it."""
    db.execute("PRAGMA busy_timeout = 0").fetchall()
    ((busy, _, _),) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.execute("PRAGMA busy_timeout = 5000").fetchall()
    return not busy
