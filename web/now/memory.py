"""What the desk needs of the log again and again, followed Entry by Entry and searched for once.

Rule: nothing personal is kept here; whoever asks says whether sealed Entries may be told. The log has no
index by kind and place, so that what is older than where this began is looked for once, and then known.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from typing import Any

from flask import current_app

from controller.core.words import Kind
from controller.ledger.reading import LogReader
from web.log import reader

Entry = Mapping[str, Any]
BEGIN = 4_000
"""Entries that are read at the beginning, the newest of all."""
NEWEST = 240
"""Entries of the whole house that are kept: most are quiet, and pictures come after what they show."""
LATEST = 30
"""Entries of a place that are kept."""
OLDER = 40
"""Older alarms of a place that are looked through for one kind."""


class Memory:
    """The newest alarms, whoever came in last, and the latest Entries of every place."""

    def __init__(self) -> None:
        self._mine = threading.Lock()
        self._begun = self._upto = -1
        self._raised: dict[tuple[str, str], Entry | None] = {}
        self._entered: dict[str, dict[str, str]] = {}
        self._latest: dict[str, deque[Entry]] = {}
        self._whole: set[str] = set()
        self._newest: deque[Entry] = deque(maxlen=NEWEST)

    def raised(self, log: LogReader, kind: str, place: str, *, sealed: bool) -> Entry | None:
        """The Entry that raised an alarm last; None where none did, or it is sealed."""
        with self._mine:
            self._follow(log)
            if (kind, place) not in self._raised:
                self._raised[kind, place] = self._older(log, kind, place)
            found = self._raised[kind, place]
        return None if found is None or (found.get("sealed") and not sealed) else found

    def entered(self, log: LogReader, room: str) -> dict[str, str]:
        """When people came into a room last, as far as it is known: id → an Entry's time."""
        with self._mine:
            self._follow(log)
            return dict(self._entered.get(room, {}))

    def latest(self, log: LogReader, place: str) -> list[Entry]:
        """The latest Entries of a place that are not sealed, oldest first."""
        with self._mine:
            self._follow(log)
            kept = self._latest.setdefault(place, deque(maxlen=LATEST))
            if len(kept) < LATEST and place not in self._whole and self._begun >= 0:
                before = int(kept[0]["n"]) if kept else self._upto + 1
                older = log.entries(place=place, before=before, newest_first=True, limit=LATEST - len(kept))
                kept.extendleft(_plain(one) for one in older)
            self._whole.add(place)
            return list(kept)

    def newest(self, log: LogReader) -> tuple[int, list[Entry]]:
        """The newest Entries, oldest first, sealed ones as such alone; and the counter of the last."""
        with self._mine:
            self._follow(log)
            return self._upto, list(self._newest)

    def _older(self, log: LogReader, kind: str, place: str) -> Entry | None:
        asked: dict[str, Any] = {"kind": Kind.ALARM_RAISED, "place": place, "before": self._begun + 1}
        older = log.entries(**asked, newest_first=True, limit=OLDER, sealed=True)
        return next((_plain(one) for one in older if one.get("alarm") == kind), None)

    def _follow(self, log: LogReader) -> None:
        newest = log.fetch("SELECT max(n) FROM entry", ())[0][0]
        if newest is None or newest == self._upto:
            return
        if self._upto < 0:
            self._begun = self._upto = max(-1, newest - BEGIN)
        for one in log.entries(after=self._upto, before=newest + 1, sealed=True):
            self._take(_plain(one))
            self._upto = int(str(one["n"]))

    def _take(self, entry: Entry) -> None:
        kind, place = entry.get("kind"), str(entry.get("place", ""))
        self._newest.append({"n": entry["n"], "sealed": True} if entry.get("sealed") else entry)
        if kind == Kind.ALARM_RAISED:
            self._raised[str(entry["alarm"]), place] = entry
        elif kind == Kind.ENTERED:
            people = (*entry.get("who", ()), *entry.get("visitors", ()))
            self._entered.setdefault(place, {}).update({str(one): str(entry["time"]) for one in people})
        if kind and not entry.get("sealed"):
            self._latest.setdefault(place, deque(maxlen=LATEST)).append(entry)


def memory() -> tuple[Memory, LogReader]:
    """The console's memory, and the thread's reader of the log; raises as ``reader``."""
    kept: Memory = current_app.extensions.setdefault("now.memory", Memory())
    return kept, reader()


def _plain(entry: Entry) -> Entry:
    """An Entry without what an erasure takes away."""
    return {name: value for name, value in entry.items() if name != "personal"}
