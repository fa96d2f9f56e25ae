"""What is new, to every open screen: kinds and counters only. Rule: a screen fetches what it may see itself.

One thread follows the log, one asks whether the controller answers; a screen keeps a place in the ring
and nothing else, so that a slow one costs nothing. A stream holds a thread of the server: there is a cap,
and nobody who has several takes the last places.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from controller.console.client import ConsoleClient
from controller.errors import IronroomError
from controller.ledger.reading import LogReader
from web.log import inode
from web.outage import Outage, outage
from web.ring import Heard, News, Ring
from web.settings import Settings

TICK_S = 3.0
LOOK_S = 0.15
HEALTH_S = 1.5
_NEWEST = "SELECT max(n) FROM entry"
_AT_ONCE = 500
LAST, FEW = 8, 3
"""So many places are left for people who have fewer streams than that."""


class Live:
    """The streams of one console."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ring = Ring()
        self._stop = threading.Event()
        self._places, self._taken = threading.Lock(), Counter[str]()
        self._why = Outage.SILENT
        self._threads: list[threading.Thread] = []

    @property
    def answers(self) -> bool:
        """Whether the controller answered the last time it was asked."""
        return self._ring.answers

    def heard(self, *, answers: bool) -> None:
        """Take note whether the controller answers."""
        self._ring.answering(answers)

    def start(self) -> None:
        """Begin to follow the log and the controller."""
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._follow, self._listen)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End both threads and every stream."""
        self._stop.set()
        self._ring.end()
        for thread in self._threads:
            thread.join()

    def open(self, person: str) -> bool:
        """Take one of the places for somebody's stream; False when there is none for them."""
        with self._places:
            left = self._settings.streams - self._taken.total()
            if left <= (LAST if self._taken[person] >= FEW else 0):
                return False
            self._taken[person] += 1
            return True

    def close(self, person: str) -> None:
        """Give a place back."""
        with self._places:
            self._taken[person] -= 1
            self._taken += Counter()  # drops whoever has none

    def events(self, after: int | None, *, sealed: bool, watches: bool = True) -> Iterator[str]:
        """Server-sent events (HTML § 9.2) for one screen, behind counter ``after``, until the end.

        ``sealed`` tells of the kinds of sealed entries; a screen that ``watches`` is woken by them without
        their kind, because a guard acts on them (behaviour 35); any other is not.
        """
        heard = self._ring.wait(None, not self._ring.answers, 0)
        cursor = heard.newest if after is None else after
        yield "retry: 1000\n\n" + _tick(cursor, heard, self._why)
        due = time.monotonic() + TICK_S
        while not heard.ended:
            answers = heard.answers
            heard = self._ring.wait(cursor, answers, max(0.0, due - time.monotonic()))
            if heard.missed or heard.news:
                cursor = heard.newest
                if heard.missed or sealed or watches or not all(one.sealed for one in heard.news):
                    yield _entries(cursor, heard, sealed=sealed, watches=watches)
            if time.monotonic() >= due or heard.answers != answers:
                due = time.monotonic() + TICK_S
                yield _tick(cursor, heard, self._why)

    def _follow(self) -> None:
        """Follow the log; what cannot be read now is read later."""
        while not self._stop.is_set():
            file = inode(self._settings.log)
            with suppress(IronroomError, OSError), LogReader(self._settings.log) as log:
                self._ring.begin(_newest(log))
                cursor = self._ring.newest
                while file == inode(self._settings.log) and not self._stop.wait(LOOK_S):
                    cursor = self._read(log, cursor)
            self._stop.wait(TICK_S)

    def _read(self, log: LogReader, cursor: int) -> int:
        if _newest(log) == cursor:
            return cursor
        news = [_news(entry) for entry in log.entries(after=cursor, limit=_AT_ONCE, sealed=True)]
        if news:
            self._ring.add(news)
        return news[-1].n if news else cursor

    def _listen(self) -> None:
        """Ask the controller for a sign of life, oftener than anybody would call a screen stale."""
        with ConsoleClient(self._settings.socket, HEALTH_S) as client:
            while not self._stop.wait(HEALTH_S):
                try:
                    client.tell({"do": "site"})
                except OSError as error:
                    self._why = outage(self._settings, error)
                    self._ring.answering(False)
                else:
                    self._ring.answering(True)


def _newest(log: LogReader) -> int:
    newest = log.fetch(_NEWEST, ())[0][0]
    return -1 if newest is None else int(newest)


def _news(entry: dict[str, object]) -> News:
    return News(int(str(entry["n"])), str(entry.get("kind", "pruned")), bool(entry.get("sealed")))


def _tick(cursor: int, heard: Heard, why: Outage) -> str:
    told = {"answers": heard.answers, "n": cursor} | ({} if heard.answers else {"why": why})
    return f"event: tick\nid: {cursor}\ndata: {json.dumps(told)}\n\n"


def _entries(cursor: int, heard: Heard, *, sealed: bool, watches: bool) -> str:
    told = [one for one in heard.news if sealed or watches or not one.sealed]
    kinds = sorted({one.kind if sealed or not one.sealed else "sealed" for one in told})
    data = {"n": cursor, "kinds": kinds, "missed": heard.missed}
    return f"event: entries\nid: {cursor}\ndata: {json.dumps(data)}\n\n"
