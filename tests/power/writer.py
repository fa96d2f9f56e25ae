"""Writers whose power is cut: ``python -m tests.power.writer DEED FOLDER FULL|NORMAL``, under the recorder.

Rule: what `CustodyLog` has promised is said at once, on the standard output, which the recorder sees in its
place among the writes: ``coming SIZE`` before `append`, ``commit SIZE ROOT`` when it has returned or a log
was opened, ``state N`` when `save_state` has returned.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from sqlite_utils import Database, Migrations

from controller.errors import LogDead
from controller.ledger import custody_log, schema
from controller.ledger.batch import compose
from controller.ledger.custody_log import CustodyLog
from controller.ledger.private import private_file, private_folder
from controller.ledger.sqlite import sqlite3
from controller.ledger.tree import Frontier

DRAFT = {"time": "2026-03-02T01:00:00.000Z", "clock": "synced", "policy": "p1", "kind": "granted", "at": 0}
PLACES = ("main", "c1.a", "north")


def told(*words: object) -> None:
    """Say what was promised."""
    os.write(1, " ".join(map(str, words)).encode())


def draft(dice: Random, size: int = 200) -> dict[str, object]:
    """An entry of some length."""
    return DRAFT | {
        "kind": f"kind{dice.randrange(64)}",
        "place": dice.choice(PLACES),
        "pad": "x" * dice.randrange(size),
    }


class Writer:
    """One log that is opened, written to, and closed; in order or not."""

    def __init__(self, folder: Path, synchronous: str) -> None:
        self.left_open: CustodyLog | None = None
        self.file, self._synchronous, self.dice = folder / "data" / "custody.db", synchronous, Random(7)  # noqa: S311

    @contextmanager
    def opened(self) -> Iterator[CustodyLog]:
        """The log, until it is closed in order."""
        with CustodyLog.open(self.file) as log:
            log._db.execute(f"PRAGMA synchronous = {self._synchronous}")
            if log.size:  # what is replayed is acted upon, and so it must stay
                told("commit", log.size, log.root.hex())
            yield log

    def commit(self, log: CustodyLog, entries: int = 1, size: int = 200) -> None:
        """Append, and say so when it is promised."""
        told("coming", log.size + entries)
        log.append([draft(self.dice, size) for _ in range(entries)])
        told("commit", log.size, log.root.hex())

    def state(self, log: CustodyLog, size: int) -> None:
        """Save a state, and say so when it is promised."""
        log.save_state(log.size - 1, self.dice.randbytes(size))
        told("state", log.size - 1)


def begins(writer: Writer) -> None:
    """A box at its first start: nothing is there, not even the folder."""
    with writer.opened() as log:
        writer.commit(log)
        writer.commit(log, 2)


def works(writer: Writer) -> None:
    """Ordinary commits, one entry each."""
    with writer.opened() as log:
        for _ in range(40):
            writer.commit(log)


def works_in_crowds(writer: Writer) -> None:
    """Up to sixty-four entries a commit, some of them long: pages split, and lie over one another."""
    with writer.opened() as log:
        for entries in (1, 64, 7, 30, 2, 64, 16, 1, 40):
            writer.commit(log, entries, 1500)


def copies(writer: Writer) -> None:
    """The WAL is copied into the database, and begun again, time after time."""
    custody_log.UPKEEP_BYTES = 30_000
    with writer.opened() as log:
        for _ in range(40):
            writer.commit(log, writer.dice.randrange(1, 4), 600)
            log.upkeep()


def saves(writer: Writer) -> None:
    """States of all sizes are kept between commits, and the WAL is copied."""
    custody_log.UPKEEP_BYTES = 60_000
    with writer.opened() as log:
        for number in range(24):
            writer.commit(log, number % 3 + 1)
            if number % 3 == 2:
                writer.state(log, 9000 * (number % 4))
                log.upkeep()


def comes_and_goes(writer: Writer) -> None:
    """Opened and closed in order, again and again: the WAL is unlinked and made anew."""
    for number in range(6):
        with writer.opened() as log:
            writer.commit(log, number + 1)
            writer.state(log, 3000)


def seals(writer: Writer) -> None:
    """Keys of pictures are made, and erased with those they belong to, and the WAL is emptied for it."""
    custody_log.UPKEEP_BYTES = 30_000
    with writer.opened() as log:
        for number in range(16):
            told("coming", log.size + 2)
            log.append([draft(writer.dice) | {"seals": [f"v{number}", "li"]}, draft(writer.dice)])
            told("commit", log.size, log.root.hex())
            if number % 3 == 2:
                told("coming", log.size + 1)
                log.append([draft(writer.dice) | {"erases": [f"v{number - 1}", "li"]}])
                told("commit", log.size, log.root.hex())
                log.upkeep()


def comes_back(writer: Writer) -> None:
    """The power goes again while the log is put right after the first time."""
    custody_log.UPKEEP_BYTES = 20_000
    with writer.opened() as log:
        for _ in range(12):
            writer.commit(log, 2)
            log.upkeep()


def grows_up(writer: Writer) -> None:
    """A log that the first version of this product has written is brought up to date."""
    with writer.opened() as log:
        writer.commit(log)


def is_started_again(writer: Writer) -> None:
    """Works until the disk refuses and ends there and then, three lives long, as if nothing had been."""
    custody_log.UPKEEP_BYTES = 25_000
    writer.left_open = log = CustodyLog.open(writer.file)
    if log.size:
        told("commit", log.size, log.root.hex())
    for number in range(4):
        writer.commit(log, 2, 600)
        if number == 2:
            writer.state(log, 5000)
        log.upkeep()


def is_closed_dead(writer: Writer) -> None:
    """Works until the disk refuses, and is then closed; entries lie in many pages, few of them in the WAL."""
    custody_log.UPKEEP_BYTES = 1
    with writer.opened() as log:
        writer.commit(log, 600, 100)
        log.upkeep()
        for _ in range(5):
            writer.commit(log)


DEEDS: dict[str, Callable[[Writer], None]] = {
    deed.__name__: deed
    for deed in (
        begins,
        works,
        works_in_crowds,
        copies,
        saves,
        seals,
        comes_and_goes,
        comes_back,
        grows_up,
        is_started_again,
        is_closed_dead,
    )
}


def first_version(folder: Path) -> None:
    """Leave a log of 40 entries behind, in the tables of the first version (step one of `schema.STEPS`)."""
    file = folder / "data" / "custody.db"
    private_folder(file.parent)
    for name in (file, file.with_suffix(".lock")):
        private_file(name)
    file.with_suffix(".lock").write_bytes(b"begun          1\n")
    db = Database(sqlite3.connect(file), execute_plugins=False)
    db.execute("PRAGMA journal_mode = WAL").fetchall()
    db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    steps = Migrations(schema.MIGRATIONS.name)
    steps()(schema.STEPS[0])
    steps.apply(db)
    dice, frontier = Random(8), Frontier()  # noqa: S311 - the same entries every time
    with db.atomic():
        batch = compose([draft(dice) for _ in range(40)], frontier, 0)
        db.conn.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", [row[:7] for row in batch.rows])
        head = (batch.frontier.size, batch.frontier.root(), batch.frontier.to_bytes())
        db.execute("INSERT INTO head VALUES (?, ?, ?)", head)
    db.close()


def main(deed: str, folder: str, synchronous: str, lives: str = "1") -> None:
    """Do a deed; one with more lives ends like a killed process, and begins again."""
    writer = Writer(Path(folder), synchronous)
    with suppress(LogDead):
        DEEDS[deed](writer)
    if lives != "1":
        more = [deed, folder, synchronous, str(int(lives) - 1)]
        os.execv(sys.executable, [sys.executable, "-m", "tests.power.writer", *more])  # noqa: S606


if __name__ == "__main__":
    custody_log.ANCHOR_EVERY = 16
    main(*sys.argv[1:])
