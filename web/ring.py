"""The newest entries' kinds, for whoever waits for them. Rule: bounded; who fell behind is told so."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

KEPT = 2048


@dataclass(frozen=True, slots=True)
class News:
    """One entry: its counter and its kind; ``sealed`` where the kind is not for everybody."""

    n: int
    kind: str
    sealed: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What a waiting screen hears: news since its place, whether some were missed, what stands now."""

    news: tuple[News, ...]
    missed: bool
    newest: int
    answers: bool
    ended: bool


class Ring:
    """The last news, and whether the controller answers; written by two threads, waited on by many."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._news: deque[News] = deque(maxlen=KEPT)
        self._newest, self._answers, self._ended = -1, True, False

    @property
    def answers(self) -> bool:
        """Whether the controller answered the last time it was asked."""
        return self._answers

    @property
    def newest(self) -> int:
        """The counter of the newest entry that was told of."""
        return self._newest

    def begin(self, newest: int) -> None:
        """Start behind counter ``newest``: what is older is no news, and who stood elsewhere missed some.

        A log that was put back from a copy may end earlier than the one before.
        """
        with self._changed:
            if newest != self._newest:
                self._news.clear()
                self._newest = newest
                self._changed.notify_all()

    def add(self, news: Sequence[News]) -> None:
        """Tell of new entries, in the order of their counters."""
        with self._changed:
            self._news.extend(news)
            self._newest = news[-1].n
            self._changed.notify_all()

    def answering(self, answers: bool) -> None:
        """Tell whether the controller answers."""
        with self._changed:
            if answers != self._answers:
                self._answers = answers
                self._changed.notify_all()

    def end(self) -> None:
        """Let everybody go."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait(self, cursor: int | None, answers: bool, timeout_s: float) -> Heard:
        """Wait for news behind ``cursor`` (None: from now on), another health or the end, and hear them."""
        with self._changed:
            after = self._newest if cursor is None else cursor
            self._changed.wait_for(lambda: self._is_news(after, answers), timeout_s)
            news = tuple(one for one in self._news if one.n > after)
            missed = news[0].n != after + 1 if news else after != self._newest
            return Heard(news, missed, self._newest, self._answers, self._ended)

    def _is_news(self, after: int, answers: bool) -> bool:
        return self._ended or self._newest != after or self._answers != answers
