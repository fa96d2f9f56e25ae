"""Answers questions about the log: from the index as far as it goes, from the log itself behind its edge.

Rule: reads only. Every answer is complete and every entry in it was read from custody.db and compared
with the question; without a usable index the answer is the same and takes as long as reading the log.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Self, TypeVar
from zoneinfo import ZoneInfo

from controller.ledger.pruning import PRUNED
from controller.ledger.reading import LogReader
from controller.ledger.search.identity import NOTHING
from controller.ledger.search.index_reader import About, IndexLost, IndexReader
from controller.ledger.search.proposals import Proposals
from controller.ledger.search.pruned import time_of
from controller.ledger.search.question import Question, Vocabulary
from controller.ledger.search.schema import NAME
from controller.ledger.search.times import local_day
from controller.ledger.selection import Selection

MOST = 1_000
"""Entries of the largest page."""

_ATTEMPTS = 3
_NO_END = 2**63 - 1
_ROLLUP = (
    "SELECT day, kind, sum(entries) FROM rollup WHERE day BETWEEN ? AND ? AND sealed <= ? GROUP BY day, kind"
)
_NO_INDEX = About("", NOTHING)

Answer = TypeVar("Answer")


class Page(NamedTuple):
    """Entries, the newest first; the `before` of the next page, None on the last; entries in the index."""

    entries: list[dict[str, object]]
    next: int | None
    indexed: int


class DayCount(NamedTuple):
    """How many entries of a kind were written on a local day."""

    day: date
    kind: str
    entries: int


class Finder:
    """Searches one log; belongs to one thread, as its LogReader does."""

    def __init__(
        self, log: Path, sentences: Mapping[str, Sequence[str]] | None = None, zone: str | None = None
    ) -> None:
        """Open the log `custody.db`; raises LogMissing, LogUnreadable or LogDamaged.

        `sentences` gives the texts, in any language, of the stable words of kinds, reasons and alarms.
        `zone` (IANA) is for days; None: that of the index, UTC where there is none.
        """
        self._reader = LogReader(log)
        self._index = IndexReader(self._reader.file.with_name(NAME))
        self._vocabulary = Vocabulary(sentences or {})
        self._zone = zone

    def find(
        self, question: Question, before: int | None = None, limit: int = 50, *, sealed: bool = False
    ) -> Page:
        """The newest entries below counter `before` that answer the question, at most `limit` (to 1,000).

        Without `sealed` (the right of chief and auditor) a sealed entry answers no question; where
        nothing is asked it is `{"n": n, "sealed": True}`. Raises LogDamaged at an entry that cannot
        be read.
        """
        limit = max(1, min(limit, MOST))
        end = _NO_END if before is None else max(0, min(before, _NO_END))
        return self._with_index(lambda about: self._page(question, about, end, limit, sealed=sealed))

    def counts(self, first: date, last: date, *, sealed: bool = False) -> list[DayCount]:
        """Entries by local day, from `first` to `last`, and kind; sealed ones only with that right."""
        counted = self._with_index(lambda about: self._counted(about, first, last, sealed=sealed))
        return [
            DayCount(date.fromordinal(day), kind, count) for (day, kind), count in sorted(counted.items())
        ]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the days."""
        return ZoneInfo(self._zone or self._with_index(lambda about: about.zone) or "UTC")

    def close(self) -> None:
        """Close both files."""
        self._index.close()
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _with_index(self, ask: Callable[[About], Answer]) -> Answer:
        for _ in range(_ATTEMPTS):
            try:
                return ask(self._about())
            except IndexLost:
                continue
        return ask(_NO_INDEX)

    def _about(self) -> About:
        """What the index covers, nothing where it is not an index of this log as it is now."""
        about = self._index.about()
        return about if about.edge.is_of(self._reader.fetch) else _NO_INDEX

    def _page(self, question: Question, about: About, end: int, limit: int, *, sealed: bool) -> Page:
        found: list[dict[str, object]] = []
        for entry in chain(
            self._behind(question, about.edge.size, end, limit), self._indexed(question, about, end, limit)
        ):
            if not sealed and "sealed" in entry:
                if not question.asks_for_content:
                    found.append({"n": entry["n"], "sealed": True})
            elif question.matches(entry, self._vocabulary):
                found.append(entry)
            if len(found) == limit:
                return Page(found, int(str(found[-1]["n"])), about.edge.size)
        return Page(found, None, about.edge.size)

    def _behind(self, question: Question, edge: int, end: int, limit: int) -> Iterator[dict[str, object]]:
        """The entries from the edge to `end`, as far as the log's own columns can tell them apart."""
        selection = Selection(
            edge - 1,
            end,
            who=question.who,
            newest_first=True,
            kinds=question.kinds,
            places=question.places,
            since=question.since,
            until=question.until,
        )
        return self._reader.selected(selection, limit, sealed=True)

    def _indexed(self, question: Question, about: About, end: int, limit: int) -> Iterator[dict[str, object]]:
        if not about.edge.size:
            return
        proposed = Proposals(self._index.fetch, question, self._vocabulary)
        for low, high in proposed.spans(min(end, about.edge.size)):
            if not proposed.by_tokens:
                yield from self._behind(question, low, high, limit)
                continue
            for n in proposed.counters(low, high):
                yield from self._reader.entries(after=n - 1, before=n + 1, limit=1, sealed=True)

    def _counted(self, about: About, first: date, last: date, *, sealed: bool) -> Counter[tuple[int, str]]:
        days = (first.toordinal(), last.toordinal())
        zone = ZoneInfo(self._zone or about.zone or "UTC")
        counted: Counter[tuple[int, str]] = Counter()
        edge = about.edge.size if about.zone == zone.key else 0
        if edge:
            rows = self._index.fetch(_ROLLUP, (*days, sealed))
            counted.update({(day, kind): entries for day, kind, entries in rows})
        for entry in self._reader.entries(after=edge - 1, sealed=True):
            day = local_day(time_of(self._reader.fetch, entry), zone)
            if days[0] <= day <= days[1] and (sealed or "sealed" not in entry):
                counted[day, str(entry.get("kind", PRUNED))] += 1
        return counted
