"""Which entries the index proposes for a question, the newest first. Rule: proposes too many, never too few.

Two streams of counters are merged: entries whose tokens meet the whole question, and entries with one of
the words in what they disclose about people, which is kept apart (table `personal`).
"""

import json
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import neg

from controller.ledger.search.question import Question, Vocabulary
from controller.ledger.search.times import intervals
from controller.ledger.search.tokens import things_expression, whole_expression
from controller.ledger.walk import Fetch

_FIRST, _LATER = 64, 4096  # rows of a SELECT: a page is short, a search that finds little is long

_TOKENS = (
    "SELECT rowid FROM token WHERE token MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
)
_PERSONAL = "SELECT DISTINCT n FROM personal WHERE word IN (SELECT value FROM json_each(?))"
_OF_THESE_THINGS = " AND EXISTS (SELECT 1 FROM token WHERE token MATCH ? AND rowid = personal.n)"
_NEWEST = " AND n >= ? AND n < ? ORDER BY n DESC LIMIT ?"


class Proposals:
    """The proposals of one index for one question."""

    def __init__(self, fetch: Fetch, question: Question, vocabulary: Vocabulary) -> None:
        self._fetch, self._question = fetch, question
        self._things = things_expression(question)
        known = fetch("SELECT name, code FROM code", ()) if question.wanted else ()
        self._whole = whole_expression(question, known, vocabulary)

    @property
    def by_tokens(self) -> bool:
        """Whether tokens can tell entries apart; otherwise every entry of a span is meant."""
        return bool(self._whole)

    def spans(self, end: int) -> Iterator[tuple[int, int]]:
        """Intervals of counters [low, high) below `end`, the newest first, that hold the time asked for."""
        if self._question.since is None and self._question.until is None:
            yield 0, end
            return
        for low, high in intervals(self._fetch, self._question.since, self._question.until):
            if low < min(high, end):
                yield low, min(high, end)

    def counters(self, low: int, high: int) -> Iterator[int]:
        """Counters of [low, high) that may answer the question, the newest first, each once."""
        streams = [self._selected(_TOKENS, (self._whole,), low, high)]
        if self._question.wanted:
            streams.append(self._personal(low, high))
        return (n for n, _ in groupby(merge(*streams, key=neg)))

    def _personal(self, low: int, high: int) -> Iterator[int]:
        words = json.dumps([token for one in self._question.wanted for token in one.anchors()])
        if self._things:
            return self._selected(_PERSONAL + _OF_THESE_THINGS + _NEWEST, (words, self._things), low, high)
        return self._selected(_PERSONAL + _NEWEST, (words,), low, high)

    def _selected(self, sql: str, parameters: Sequence[object], low: int, high: int) -> Iterator[int]:
        size = _FIRST
        while rows := self._fetch(sql, (*parameters, low, high, size)):
            yield from (n for (n,) in rows)
            if len(rows) < size:
                return
            high, size = rows[-1][0], _LATER
