"""Opening a log for writing: begin it, or believe nothing until its tail gives its head. Law 3."""

from pathlib import Path

from sqlite_utils import Database

from controller.errors import LogDamaged
from controller.ledger.hold import Hold
from controller.ledger.private import private_file, require_private, sync_folder, write_again
from controller.ledger.schema import connect_writer
from controller.ledger.tree import Frontier
from controller.ledger.walk import Fetch, Head, anchor, decoded, newest, require_root, walk

_GONE = "Put the last backup that verifies back; to begin a new log on purpose, remove {} too"


def begin(file: Path, hold: Hold) -> Database:
    """Connect to the log's file, made if this folder never had an entry; raises as `CustodyLog.open` says."""
    if hold.begun and not file.exists():
        raise LogDamaged(file, "a log was kept here and its file is gone", _GONE.format(hold.file))
    private_file(file)
    for suffix in ("-wal", "-shm"):
        beside = file.with_name(file.name + suffix)
        if beside.exists():
            require_private(beside, "chmod 600")
            if suffix == "-wal":
                write_again(beside)
    db = connect_writer(file)
    sync_folder(file.parent)  # the WAL's name is new
    return db


def checked_tail(fetch: Fetch, file: Path, hold: Hold) -> tuple[Frontier, int]:
    """The frontier of the newest head and the last `at`, after hashing the entries since an older head.

    Costs a count of the entries and the hashing of about `custody_log.ANCHOR_EVERY` of them. The bytes
    before are checked by replay, as far as it goes, and entirely by `verify`. Raises LogDamaged.
    """
    frontier = newest(fetch, file)
    if not frontier.size:
        if hold.begun:
            raise LogDamaged(file, "a log was kept here and it is empty", _GONE.format(hold.file))
        return frontier, 0
    ((count,),) = fetch("SELECT count(*) FROM entry", ())
    if count != frontier.size:
        raise LogDamaged(file, f"the counter has gaps: {count} entries are left of {frontier.size}")
    hashed = anchor(fetch, file, frontier.size - 1)
    since, last = hashed.size, b""
    for row in walk(fetch, file, hashed, frontier.size):
        last = row[6]
    require_root(file, hashed, Head(frontier.size, frontier.root()), since)
    hold.mark_begun()
    at = decoded(file, frontier.size - 1, last)["at"]
    assert isinstance(at, int)
    return frontier, at
