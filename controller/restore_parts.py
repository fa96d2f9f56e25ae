"""Out of the seal into a folder that nobody uses yet: members, checks of a database from outside, erasures.

Rule 1: nothing is believed before the seal has come to its authenticated end, and nothing is written
anywhere but under the folder. Rule 2: age proves no authorship, so the database may be anybody's: it must
hold plain tables, and is verified whole before anything is changed in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from stat import S_ISREG
from typing import Any, BinaryIO

from controller.backup_manifest import Erased
from controller.backup_seal import unseal
from controller.backup_tar import ABOUT, LOG, Sink, Unpacker
from controller.errors import RestoreRefused, UserMistake
from controller.ledger.private import sync_folder
from controller.ledger.reading import LogReader
from controller.ledger.restored import RESTORED
from controller.ledger.schema import ERASABLE, connect_writer
from controller.ledger.verify import Report

_STRANGE = (
    "SELECT type, name FROM sqlite_master WHERE type NOT IN ('table', 'index') OR sql LIKE '% VIRTUAL %'"
)


def unsealed(file: Path, folder: Path, by: Sequence[Any], *, drill: bool) -> str:
    """Unpack a backup into an empty folder and answer the SHA-256 of its file; a drill leaves secrets out."""
    with _opened(file) as (sealed, size), ExitStack() as files:
        _require_room(folder, size)

        def begin(name: str, _size: int) -> Sink:
            files.close()  # the one before is whole
            if drill and name not in {ABOUT, LOG, RESTORED}:
                return len
            return files.enter_context(_member(folder / name)).write

        unpacker = Unpacker(size, begin)
        sha = unseal(sealed, unpacker, by)
        if not {ABOUT, LOG} <= unpacker.finish().keys():
            raise RestoreRefused(f"{file}: there is no log in it")
    return sha


def require_plain(reader: LogReader) -> None:
    """Raise RestoreRefused for a database that could do anything by itself when it is written to."""
    for kind, name in reader.fetch(_STRANGE, ()):
        raise RestoreRefused(f"the log in the backup holds a {kind}, {name!r}, that no log has")


def require_as_told(folder: Path, report: Report) -> str:
    """Raise RestoreRefused unless backup.json speaks of this very log; answer when it was backed up."""
    try:
        told = json.loads((folder / ABOUT).read_bytes())
        version, size, root, time = (told[key] for key in ("version", "size", "root", "time"))
    except (ValueError, TypeError, KeyError, RecursionError):
        version, size, root, time = 0, 0, "", ""
    if (version, size, root) != (1, report.entries, report.root.hex()) or not isinstance(time, str):
        raise RestoreRefused(f"what {ABOUT} in the backup says is not what lies beside it")
    return time


def erase(file: Path, erased: Sequence[Erased]) -> int:
    """Remove what is personal about people erased since, leave no trace; how many claims and keys went."""
    db = connect_writer(file)
    try:
        gone = 0
        with db.atomic():
            for one in erased:
                for table in ERASABLE:
                    found = db.execute(
                        f"DELETE FROM {table} WHERE subject = ? AND n < ?",  # noqa: S608 - two names of ours
                        (one.subject, one.n),
                    )
                    gone += found.rowcount
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        db.close()
    return gone


@contextmanager
def _opened(file: Path) -> Iterator[tuple[BinaryIO, int]]:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UserMistake(f"{file}: the backup cannot be opened ({error.strerror})") from None
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode):
            raise UserMistake(f"{file}: this is no file")
        yield opened, status.st_size


@contextmanager
def _member(file: Path) -> Iterator[BinaryIO]:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(file, flags, 0o600), "wb") as opened:
        yield opened
        opened.flush()
        os.fsync(opened.fileno())
    sync_folder(file.parent)


def _require_room(folder: Path, size: int) -> None:
    free = os.statvfs(folder)
    if free.f_bavail * free.f_frsize < 2 * size:
        raise UserMistake(f"{folder.parent}: {2 * size // 1_000_000 + 1} MB must be free here")
