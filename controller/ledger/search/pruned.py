"""How the index follows pruning: what a pruned entry left in it goes too. Rule: reads; the Indexer writes.

What entries disclosed about people (table `personal`) goes with the next step. Their tokens, in which
nothing is personal, cannot be taken out of a full-text table that does not keep its text: when more than
a tenth of the index is of pruned entries, it is made anew. Until then the finder, which reads every entry
that is proposed, finds that it is gone. Of a pruned entry its day is counted, under the kind `pruned`
once the index was made anew.
"""

from controller.ledger.entry import utc_millis
from controller.ledger.pruning import BODIES, marked
from controller.ledger.search.question import Entry, is_pruned
from controller.ledger.sqlite import sqlite3
from controller.ledger.walk import Fetch, kept_from

LEAST, PART = 1_000, 10
"""Pruned entries for which no index is made anew, and the part of all entries from which on it is."""


class Pruned:
    """What was pruned of a log, as far as one index has to follow."""

    def __init__(self, index: sqlite3.Connection, log: Fetch, edge: int) -> None:
        self._index, self._log = index, log
        self._seen = -1  # nobody knows what the last process had come to
        self._now = marked(log, BODIES)
        if not edge:
            index.execute("UPDATE about SET bodies = ?", (self._now,))
        ((self._begun,),) = index.execute("SELECT bodies FROM about").fetchall()

    def changed(self) -> bool:
        """Whether something was pruned since `settle`."""
        self._now = marked(self._log, BODIES)
        return self._now != self._seen

    def is_much(self, edge: int) -> bool:
        """Whether so much of an index with `edge` entries is of pruned ones that it is better made anew."""
        return bool(self._now - self._begun > max(LEAST, edge // PART))

    def named(self) -> set[int]:
        """Pruned entries of which the index still knows what they disclosed."""
        if self._now == self._seen:
            return set()
        rows = self._index.execute("SELECT DISTINCT n FROM personal WHERE n < ?", (kept_from(self._log),))
        return {n for (n,) in rows.fetchall() if self._log(_IS_PRUNED, (n,))}

    def settle(self) -> None:
        """Everything was followed."""
        self._seen = self._now


def time_of(log: Fetch, entry: Entry) -> int:
    """The time of an entry, milliseconds since 1970 UTC; of a pruned one it stands in its column."""
    if not is_pruned(entry):
        return utc_millis(entry.get("time"))
    ((time,),) = log("SELECT time FROM entry WHERE n = ?", (entry["n"],))
    return int(time)


_IS_PRUNED = "SELECT 1 FROM entry WHERE n = ? AND body = x''"
