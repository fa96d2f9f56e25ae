"""Full verification: every byte of evidence read, respelt and hashed again. Rule 14: it raises or it reports.

In this order, and the first thing found is told:
  1. SQLite's own structure and indexes (PRAGMA integrity_check);
  2. the newest head counts exactly the entries that are there;
  3. each entry: counter without gaps, bytes canonical and lawful, `at` never decreasing, leaf hash,
     the columns for searching equal to the body;
  4. each stored head equal to the tree over its entries.

What no log can show by itself, an older state of the whole, needs a remembered head from outside:
compare `root` and `size` of the report with what was written down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from controller.errors import EntryRefused, LogDamaged
from controller.ledger.entry import check
from controller.ledger.reading import LogReader
from controller.ledger.tree import Frontier
from controller.ledger.walk import PAGE, Head, Row, decoded, newest, require_root, stored_frontier, walk

Progress = Callable[[int, int], None]
"""Called now and then with the entries verified and the entries there are."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified: the file, its entries, the root over them, and the heads compared."""

    file: Path
    entries: int
    root: bytes
    heads: int


def verify(file: Path, progress: Progress | None = None) -> Report:
    """Verify a log from its first entry to its newest head, beside a running controller too.

    Raises LogDamaged with the first entry that is wrong, LogMissing or LogUnreadable when there is
    nothing to verify.
    """
    with LogReader(file) as reader:
        return _Verification(reader, progress or (lambda _done, _all: None)).run()


class _Verification:
    def __init__(self, reader: LogReader, progress: Progress) -> None:
        self._reader, self._file, self._progress = reader, reader.file, progress
        self._last_at = 0

    def run(self) -> Report:
        self._check_structure()
        heads = self._heads()
        frontier, size = Frontier(), heads[-1].size if heads else 0
        for head in heads:
            since = frontier.size
            for row in walk(self._reader.fetch, self._file, frontier, head.size):
                self._check(row)
                if not row[0] % PAGE:
                    self._progress(row[0], size)
            require_root(self._file, frontier, head, since)
        self._progress(size, size)
        return Report(self._file, size, frontier.root(), len(heads))

    def _check_structure(self) -> None:
        ((answer,),) = self._reader.fetch("PRAGMA integrity_check(1)", ())
        if answer != "ok":
            raise LogDamaged(self._file, f"the database is damaged ({answer})")

    def _heads(self) -> list[Head]:
        """Every stored head up to the newest one, which a running controller may move meanwhile."""
        last = newest(self._reader.fetch, self._file)
        rows = self._reader.fetch(
            "SELECT size, root, frontier FROM head WHERE size < ? ORDER BY size", (last.size,)
        )
        frontiers = [stored_frontier(self._file, *row) for row in rows] + ([last] if last.size else [])
        return [Head(frontier.size, frontier.root()) for frontier in frontiers]

    def _check(self, row: Row) -> None:
        n, at, time, kind, place, _, body = row
        entry = decoded(self._file, n, body)
        try:
            written = check(entry)
        except EntryRefused as error:
            raise LogDamaged(self._file, f"entry {n} is unlawful: {error}", entry=n) from None
        if (at, time, kind, place) != (entry["at"], written, entry["kind"], entry.get("place")):
            raise LogDamaged(
                self._file, f"the columns for searching entry {n} do not agree with its bytes", entry=n
            )
        if at < self._last_at:
            raise LogDamaged(self._file, f"room time runs backwards at entry {n}", entry=n)
        self._last_at = at
