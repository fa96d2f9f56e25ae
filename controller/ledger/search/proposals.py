"""Which entries the index proposes for a question, the newest first. Rule: proposes too many, never too few.

Two streams of counters are merged: entries whose tokens meet the whole question, and entries that also
have words of it in what they disclose about people, which is kept apart (table `personal`). The SQL is
put together from fixed words and numbered parameters; no text of a caller is in it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from heapq import merge
from itertools import groupby
from operator import neg
from typing import Any

from controller.ledger.search.index_reader import Parameters
from controller.ledger.search.question import Question, Vocabulary
from controller.ledger.search.times import intervals
from controller.ledger.search.tokens import DISCLOSED, both, things_expression, word_expressions

Fetch = Callable[[str, Parameters], list[Any]]

_FIRST, _LATER = 64, 4096  # rows of a SELECT: a page is short, a search that finds little is long

_BY_TOKENS = "SELECT rowid AS n FROM token WHERE token MATCH :{} AND rowid >= :low AND rowid < :high"
_BY_DISCLOSED = (
    "SELECT n FROM personal WHERE word IN (SELECT value FROM json_each(:{})) AND n >= :low AND n < :high"
)
_EITHER = "SELECT n FROM ({} UNION {})"
_EVERY = "SELECT n FROM ({})"
_NEWEST = " ORDER BY n DESC LIMIT :size"


class Proposals:
    """The proposals of one index for one question."""

    def __init__(self, fetch: Fetch, question: Question, vocabulary: Vocabulary) -> None:
        self._fetch, self._question = fetch, question
        known = fetch("SELECT name, code FROM code", ()) if question.wanted else ()
        self._things = things_expression(question)
        self._words = word_expressions(question, known, vocabulary)

    @property
    def by_tokens(self) -> bool:
        """Whether tokens can tell entries apart; otherwise every entry of a span is meant."""
        return bool(self._things or self._words)

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
        whole = both(self._things, *self._words)
        streams = [self._selected(_BY_TOKENS.format("whole"), {"whole": whole}, low, high)]
        if self._words:
            streams.append(self._selected(*self._disclosed(), low, high))
        return (n for n, _ in groupby(merge(*streams, key=neg)))

    def _disclosed(self) -> tuple[str, dict[str, str]]:
        """The SELECT of entries with every word, each in what is personal or elsewhere; few have either."""
        parts, values = [_BY_TOKENS.format("things")], {"things": both(f'"{DISCLOSED}"', self._things)}
        for number, (one, expression) in enumerate(zip(self._question.wanted, self._words, strict=True)):
            tokens, words = f"tokens{number}", f"words{number}"
            parts.append(_EITHER.format(_BY_TOKENS.format(tokens), _BY_DISCLOSED.format(words)))
            values[tokens] = both(values["things"], expression)
            values[words] = json.dumps(one.anchors())
        return _EVERY.format(" INTERSECT ".join(parts)), values

    def _selected(self, sql: str, values: Mapping[str, str], low: int, high: int) -> Iterator[int]:
        size = _FIRST
        while rows := self._fetch(sql + _NEWEST, {**values, "low": low, "high": high, "size": size}):
            yield from (n for (n,) in rows)
            if len(rows) < size:
                return
            high, size = rows[-1][0], _LATER
