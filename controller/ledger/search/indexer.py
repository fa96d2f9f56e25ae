"""The one writer of search.db: brings it up to date with the log, step by step. Law 5; never evidence.

Each step is one transaction, so the index always covers exactly the entries below its edge. It is made
anew where the log behind the edge is another one, was rolled back, or the file cannot be used.
Erasing follows the log: an entry that `erases` subjects takes their words out in the step that comes
to it, also after a crash. So does pruning (pruned.py). One Indexer belongs to one thread.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from controller.errors import LogBusy
from controller.ledger.hold import Hold
from controller.ledger.pruning import PRUNED
from controller.ledger.reading import LogReader
from controller.ledger.search import schema
from controller.ledger.search.identity import Edge, edge_at
from controller.ledger.search.pruned import Pruned, time_of
from controller.ledger.search.question import Entry, codes, is_pruned, names
from controller.ledger.search.times import Runs, local_day
from controller.ledger.search.tokens import entry_tokens, personal_tokens
from controller.ledger.sqlite import sqlite3

STEP = 256
"""Entries of a step that leaves the processor to others often enough."""

_ATTEMPTS = 200
_MILLISECONDS_BETWEEN = 25


class Indexer:
    """Keeps the index beside the log `custody.db`; `edge` counts the entries in it."""

    def __init__(self, log: Path, zone: str = "UTC") -> None:
        """Open or make the index, with days of the IANA `zone`.

        Raises LogBusy when another Indexer keeps it, LogMissing or LogUnreadable when there is no log
        to read, zoneinfo.ZoneInfoNotFoundError for a zone that does not exist, sqlite3.OperationalError
        when the disk refuses.
        """
        self._zone, self._zone_name = ZoneInfo(zone), zone
        self.file = log.with_name(schema.NAME)
        self._reader = LogReader(log)
        try:
            self._hold = Hold.take(self.file.with_suffix(".lock"))
        except BaseException:
            self._reader.close()
            raise
        try:
            self._open()
        except BaseException:
            self._hold.release()
            self._reader.close()
            raise

    def step(self, limit: int = STEP) -> int:
        """Index at most `limit` further entries and answer how many; 0 when the index is up to date.

        Raises LogDamaged at an entry that cannot be read, sqlite3.OperationalError when the disk refuses.
        """
        try:
            return self._step(limit)
        except sqlite3.DatabaseError as error:
            if schema.is_refusal(error):
                raise
            self._begin_anew()
            return self._step(limit)

    def forget(self, subjects: Collection[str]) -> None:
        """Remove every trace of what was disclosed about the subjects, from the file and its WAL.

        On return no byte of it is left in search.db or search.db-wal. Raises LogBusy when a reader held
        the WAL for five seconds; what is deleted stays deleted, call it again.
        """
        with self._transaction():
            self._remove(lambda subject, _: subject in subjects)
        self._empty_wal()

    @property
    def edge(self) -> int:
        """How many entries are in the index."""
        return self._edge.size

    def close(self) -> None:
        """End, and let go of the index."""
        self._db.close()
        self._hold.release()
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> None:
        self._db = schema.connect_writer(self.file, self._reader.file, self._zone_name)
        try:
            self._remember()
        except sqlite3.DatabaseError as error:
            if schema.is_refusal(error):
                self._db.close()
                raise
            self._begin_anew()

    def _remember(self) -> None:
        self._read_edge()
        self._codes = set(self._db.execute("SELECT name, code FROM code").fetchall())
        self._runs = Runs(self._db)
        self._pruned = Pruned(self._db, self._reader.fetch, self.edge)
        self._empty_wal()  # the last process may have died between forgetting and this

    def _begin_anew(self) -> None:
        self._db.close()
        schema.remove(self.file)
        self._db = schema.connect_writer(self.file, self._reader.file, self._zone_name)
        self._remember()

    def _step(self, limit: int) -> int:
        if not self._edge.is_of(self._reader.fetch):
            self._begin_anew()
        self._follow_pruning()
        entries = list(self._reader.entries(after=self._edge.size - 1, limit=limit, sealed=True))
        if not entries:
            return 0
        erased = {subject: _counter(entry) for entry in entries for subject in names(entry, "erases")}
        try:
            with self._transaction():
                self._write(entries)
                if erased:
                    self._remove(lambda subject, n: n < erased.get(subject, 0))
        except BaseException:
            self._runs = Runs(self._db)  # as they are on disk
            raise
        self._advance(entries)
        if erased:
            self._empty_wal()
        return len(entries)

    def _follow_pruning(self) -> None:
        if self._pruned.changed() and self._pruned.is_much(self.edge):
            self._begin_anew()
        elif gone := self._pruned.named():
            with self._transaction():
                self._remove(lambda _, n: n in gone)
            self._empty_wal()
        self._pruned.settle()

    def _write(self, entries: Sequence[Entry]) -> None:
        rollup: Counter[tuple[int, str, bool]] = Counter()
        for entry in entries:
            time = time_of(self._reader.fetch, entry)
            self._runs.follow(_counter(entry), time)
            rollup[local_day(time, self._zone), str(entry.get("kind", PRUNED)), "sealed" in entry] += 1
        last = _counter(entries[-1])
        entries = [entry for entry in entries if not is_pruned(entry)]
        write = self._db.executemany
        write("INSERT INTO token(rowid, words) VALUES (?, ?)", ((e["n"], entry_tokens(e)) for e in entries))
        write("INSERT OR IGNORE INTO personal VALUES (?, ?, ?)", _personal_rows(entries))
        write("INSERT OR IGNORE INTO code VALUES (?, ?)", self._new_codes(entries))
        write(
            "INSERT INTO rollup VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET entries = entries + excluded.entries",
            ((*key, entries) for key, entries in rollup.items()),
        )
        self._runs.write()
        edge = edge_at(self._reader.fetch, last + 1)
        self._db.execute("UPDATE about SET size = ?, leaf = ?, head = ?, root = ?", edge)

    def _advance(self, entries: Sequence[Entry]) -> None:
        self._codes |= self._new_codes(entries)
        self._read_edge()

    def _new_codes(self, entries: Sequence[Entry]) -> set[tuple[str, str]]:
        return {code for entry in entries for code in codes(entry)} - self._codes

    def _read_edge(self) -> None:
        ((*edge,),) = self._db.execute("SELECT size, leaf, head, root FROM about").fetchall()
        self._edge = Edge(*edge)

    def _remove(self, is_gone: Callable[[str, int], bool]) -> None:
        """Write the table anew without the rows of which this holds, by subject and counter.

        Pages that are freed whole are zeroed whole; rows that are deleted one by one would leave copies
        behind in the gaps of pages that were split.
        """
        self._db.create_function("is_gone", 2, is_gone)
        if self._db.execute("SELECT 1 FROM personal WHERE is_gone(subject, n) LIMIT 1").fetchall():
            self._db.execute(schema.PERSONAL.format("kept"))
            self._db.execute("INSERT INTO kept SELECT * FROM personal WHERE NOT is_gone(subject, n)")
            self._db.execute("DROP TABLE personal")
            self._db.execute("ALTER TABLE kept RENAME TO personal")

    def _empty_wal(self) -> None:
        self._db.execute(f"PRAGMA busy_timeout = {_MILLISECONDS_BETWEEN}").fetchall()
        try:
            for _ in range(_ATTEMPTS):
                if not self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                    return
        finally:
            self._db.execute("PRAGMA busy_timeout = 5000").fetchall()
        raise LogBusy(f"{self.file}: a reader holds its WAL, so what was erased is still in it; try again")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


def _counter(entry: Entry) -> int:
    n = entry["n"]
    assert isinstance(n, int)
    return n


def _personal_rows(entries: Sequence[Entry]) -> Iterator[tuple[str, int, str]]:
    for entry in entries:
        yield from ((word, _counter(entry), subject) for word, subject in personal_tokens(entry))
