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
from controller.ledger.selection import Selection
from web.i18n import _
from web.log import reader

KINDS = (
    *(Kind.ENROLLED, Kind.PERSON_CHANGED, Kind.ERASED),
    *(Kind.VISIT_REQUESTED, Kind.VISIT_CHANGED, Kind.VISIT_STARTED),
)


BOX = "os:"
"""What stands before the name of a user of the box (controller/os_users.py)."""


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
        for entry in self._news(log, newest):
            if entry["kind"] == Kind.ERASED:
                for one in (entry.get("person"), *entry.get("erases", ())):
                    self._names.pop(str(one), None)
            self._names.update(_told(entry.get("personal")))
        self._upto = newest

    def _news(self, log: LogReader, newest: int) -> list[dict[str, Any]]:
        """What tells names and takes them away, in the order of the log."""
        asked = Selection(self._upto, newest + 1, kinds=KINDS)
        return list(log.selected(asked))


def name(person: str) -> str:
    """The name of the person with that id, the id where the log tells none (any more) or cannot be read.

    A user of the box is no person of the roster: ``os:root`` is "root, at the box".
    """
    if person.startswith(BOX) and person.removeprefix(BOX).isidentifier():
        return _("%(user)s, at the box", user=person.removeprefix(BOX))
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
