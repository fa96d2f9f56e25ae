"""The write-ahead log of custody.db, which its one writer alone copies and empties. Rule: no entries here."""

from sqlite_utils import Database

_SMALL = 3
"""Frames of the small commit: its page, the first page of the file, and one that may be split."""

_OTHERWISE = (
    "INSERT INTO mark VALUES ('emptied', 1) ON CONFLICT (name) DO UPDATE SET value = (value + 1) & 0xFFFF"
)
"""A value that was not there before: SQLite writes no page for a row that stays as it is."""


def copy(db: Database) -> None:
    """Copy what no reader holds back into the database; raises sqlite3.Error when the disk refuses."""
    db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def emptied(db: Database) -> bool:
    """Copy everything and leave an empty file; False, without waiting, while somebody reads from it.

    A power cut may leave a file whose truncation arrived in part. So that no older commits can come back
    from its first half, over newer pages, the file is first begun again with one small commit: that one
    alone is valid in it then, and half of a commit is none.
    """
    db.execute("PRAGMA busy_timeout = 0").fetchall()
    try:
        return _restarted(db) and not _checkpoint(db, "TRUNCATE")[0]
    finally:
        db.execute("PRAGMA busy_timeout = 5000").fetchall()


def _restarted(db: Database) -> bool:
    """Copy everything and write a small commit; whether the file began again with that one."""
    _, frames, copied = _checkpoint(db, "PASSIVE")
    if copied < frames:
        return False
    with db.atomic():
        db.execute(_OTHERWISE)
    return _checkpoint(db, "PASSIVE")[1] <= _SMALL


def _checkpoint(db: Database, mode: str) -> tuple[int, int, int]:
    """Whether somebody was in the way, frames in the file, and frames of it that were copied."""
    ((busy, frames, copied),) = db.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
    return busy, frames, copied
