"""Rows of the review: Entries as sentences with what a chief wants beside. Rule: shows, decides nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from controller.ledger.search.finder import Finder
from controller.ledger.sign_off import Range
from web.desk import me
from web.feed.row import Row, row
from web.i18n import need_sentence, translated
from web.log import Entry
from web.markup import instant
from web.names import name
from web.review.asked import Asked
from web.review.proof_state import Heads

PAGE = 50
MOST = 400
"""Marks of a timeline: more cannot be told apart."""
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the sentence, when exactly, who, how far proven, whether signed off, whether sealed."""

    row: Row
    at: datetime | None
    who: tuple[str, ...]
    proof: str
    signed_off: bool
    sealed: bool

    @property
    def exact(self) -> str:
        """The moment to the millisecond, with its distance to UTC."""
        if self.at is None:
            return ""
        return f"{self.at:%Y-%m-%d %H:%M:%S}.{self.at.microsecond // 1000:03d} UTC{self.at:%z}"


def line(entry: Entry, zone: ZoneInfo, heads: Heads, signed: Sequence[Range]) -> Line:
    """The row of an Entry."""
    n = int(entry["n"])
    at = instant(entry.get("time"))
    who = entry.get("who", ())
    return Line(
        row(entry, translated, name, zone, need_sentence),
        at.astimezone(zone) if at else None,
        tuple(map(str, who)) if isinstance(who, list) else (),
        heads.state(n),
        within(n, signed),
        bool(entry.get("sealed")),
    )


def within(n: int, ranges: Sequence[Range]) -> bool:
    """Whether a counter lies in one of rising ranges that do not touch."""
    at = bisect_right(ranges, (n, 2**63)) - 1
    return at >= 0 and ranges[at][0] <= n <= ranges[at][1]


@dataclass(frozen=True, slots=True)
class Found:
    """Entries of a question, newest first, and where the next page begins; None on the last."""

    entries: tuple[Entry, ...]
    next: int | None


def found(
    finder: Finder,
    asked: Asked,
    places: dict[str, frozenset[str]],
    before: int,
    signed: Sequence[Range],
    limit: int = PAGE,
) -> Found:
    """The newest Entries below a counter that answer; raises UserMistake for words, LogDamaged."""
    question, entries, end = asked.question(places), [], before
    for _ in range(_ATTEMPTS):
        page = finder.find(question, end, limit, sealed=me().sees_sealed)
        entries += [one for one in page.entries if not (asked.new and within(int(str(one["n"])), signed))]
        if page.next is None or len(entries) >= limit:
            return Found(tuple(entries), page.next)
        end = page.next
    return Found(tuple(entries), end)


def answers(finder: Finder, asked: Asked, places: dict[str, frozenset[str]], n: int) -> bool:
    """Whether Entry ``n`` is in the answer to a question."""
    page = finder.find(asked.question(places), n + 1, 1, sealed=me().sees_sealed)
    return bool(page.entries) and page.entries[0]["n"] == n


def numbers(lines: Iterable[Line]) -> list[int]:
    """Counters of the rows that show something."""
    return [one.row.n for one in lines if one.row.kind]
