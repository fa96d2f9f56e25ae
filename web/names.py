"""Names of people by their ids, out of the log. Rule: what was erased is not remembered here either.

Kept for the whole process, brought up to date by the log's counter; an erasure empties it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app

from controller.core.words import Kind
from controller.errors import IronroomError
from controller.ledger.reading import LogReader
from web.log import reader

KINDS = (Kind.ENROLLED, Kind.PERSON_CHANGED, Kind.VISIT_REQUESTED, Kind.VISIT_CHANGED, Kind.VISIT_STARTED)
FORGETS = (Kind.ERASED,)


class Names:
    """id → name, as far as the log tells it."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._upto = -1
        self._mine = threading.Lock()

    def of(self, log: LogReader, person: str) -> str:
        """The newest name of that id, the id itself where none is known."""
        with self._mine:
            self._catch_up(log)
            return self._names.get(person, person)

    def _catch_up(self, log: LogReader) -> None:
        newest = log.fetch("SELECT max(n) FROM entry", ())[0][0]
        if newest is None or newest == self._upto:
            return
        if any(True for kind in FORGETS for _ in log.entries(after=self._upto, kind=kind, limit=1)):
            self._names, self._upto = {}, -1
        self._learn(log, newest)
        self._upto = newest

    def _learn(self, log: LogReader, newest: int) -> None:
        for kind in KINDS:
            for entry in log.entries(after=self._upto, before=newest + 1, kind=kind):
                self._names.update(_told(entry.get("personal")))


def name(person: str) -> str:
    """The name of the person with that id, the id where the log tells none (any more) or cannot be read."""
    kept: Names = current_app.extensions["names"]
    try:
        return kept.of(reader(), person)
    except IronroomError:
        return person


def names(people: Iterable[str]) -> list[str]:
    """The names of people by their ids."""
    return [name(person) for person in people]


def _told(personal: Any) -> dict[str, str]:
    people = personal.items() if isinstance(personal, Mapping) else ()
    return {
        person: claims["name"]
        for person, claims in people
        if isinstance(claims, Mapping) and isinstance(claims.get("name"), str)
    }
