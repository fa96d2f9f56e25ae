"""The one SQLite of this process: the module that sqlite-utils has chosen (pysqlite3 where it has a wheel).

Rule: whatever opens the log imports `sqlite3` from here. Two SQLite libraries in one process must never
open one file: closing one connection drops the other library's POSIX locks (sqlite.org/howtocorrupt.html
section 2.2).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from controller.errors import LogBusy, LogDamaged, LogDead

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlite_utils.utils import sqlite3

__all__ = ["REFUSALS", "reading", "sqlite3", "sqlite_note"]

REFUSALS = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; the second where its message would quote damaged bytes."""


_LOOK = "look at the disk and its cable; there is no reason yet to restore a backup"


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Turn what SQLite raises while reading into LogDamaged, LogDead where the disk refuses, or LogBusy."""
    try:
        yield
    except REFUSALS as error:
        if "locked" in str(error):
            raise LogBusy(f"{file}: the database is locked by another program; try again") from error
        if refused := _refused_by_the_disk(file):
            raise LogDead(f"{file}: the disk does not let it be read ({refused}); {_LOOK}") from error
        raise LogDamaged(file, f"it cannot be read ({error})") from error


def _refused_by_the_disk(file: Path) -> str:
    """What the system says where it does not let the file be read to its end; "" where it does.

    SQLite calls that damage too (it makes SQLITE_CORRUPT of EIO), so the file is read once more, plainly.
    """
    try:
        with file.open("rb", buffering=0) as opened:
            while opened.read(1 << 20):
                pass
    except OSError as error:
        return str(error)
    return ""


def sqlite_note() -> str:
    """One sentence on the SQLite in use, with a warning for versions known to damage WAL databases."""
    version = sqlite3.sqlite_version
    if (3, 7, 0) <= sqlite3.sqlite_version_info <= (3, 51, 2):
        return (
            f"SQLite {version} has the WAL-reset defect of 3.7.0 to 3.51.2: "
            "no other program may write to or checkpoint the log"
        )
    return f"SQLite {version}"
