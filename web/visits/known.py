"""What the log tells of visitors: name, company, contact, photograph, and why they came last.

Rule 1: a document number is not remembered here, only what a screen shows of it.
Rule 2: an erasure takes what was remembered; whose id is erased is nobody's again.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from controller.core.documents import masked
from controller.core.words import Kind
from controller.errors import IronroomError
from controller.ledger.reading import LogReader
from web.log import reader

KINDS = (
    *(Kind.ENROLLED, Kind.VISIT_REQUESTED, Kind.VISIT_CHANGED, Kind.PASS_ISSUED, Kind.PASS_RETURNED),
    Kind.ERASED,
)
CLAIMS = ("name", "company", "contact", "photo")
LAST = ("host", "areas", "purpose")
_SHOWN = 2


@dataclass(slots=True)
class Known:
    """One visitor: ``claims`` about them, what the last visit was for (``last``), and words by visit.

    ``purposes`` are those in free words, ``missing`` what was said of things that did not come back.
    """

    claims: dict[str, str] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)
    purposes: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


class Guests:
    """Visitor's id → what is known; brought up to date by the log's counter."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._upto = -1
        self._mine = threading.Lock()

    def of(self, log: LogReader, visitor: str) -> Known:
        """What is known of a visitor; nothing where the log tells nothing (any more)."""
        with self._mine:
            self._catch_up(log)
            return self._known.get(visitor, Known())

    def _catch_up(self, log: LogReader) -> None:
        newest = log.fetch("SELECT max(n) FROM entry", ())[0][0]
        if newest is None or newest == self._upto:
            return
        asked = [log.entries(after=self._upto, before=newest + 1, kind=kind) for kind in KINDS]
        for entry in sorted((entry for one in asked for entry in one), key=lambda one: int(str(one["n"]))):
            self._learn(entry)
        self._upto = newest

    def _learn(self, entry: Mapping[str, Any]) -> None:
        if entry["kind"] == Kind.ERASED:
            for one in (entry.get("person"), *entry.get("erases", ())):
                self._known.pop(str(one), None)
            return
        if note := entry.get("note") if entry["kind"] == Kind.PASS_RETURNED else "":
            known = self._known.setdefault(str(entry.get("visitor", "")), Known())
            known.missing[str(entry.get("visit", ""))] = str(note)
        personal = entry.get("personal")
        for visitor, claims in personal.items() if isinstance(personal, Mapping) else ():
            if isinstance(claims, Mapping):
                self._told(self._known.setdefault(str(visitor), Known()), entry, claims)

    def _told(self, known: Known, entry: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
        known.claims |= {name: str(claims[name]) for name in CLAIMS if claims.get(name)}
        if claims.get("document"):
            known.claims["document"] = masked(str(claims["document"]))
        if claims.get("purpose"):
            known.purposes[str(entry.get("visit", ""))] = str(claims["purpose"])
        if entry["kind"] == Kind.VISIT_REQUESTED:
            known.last = {name: entry[name] for name in LAST if name in entry}
            known.last["words"] = str(claims.get("purpose", ""))


def known(visitor: str) -> Known:
    """What the log tells of a visitor; nothing where it cannot be read."""
    guests: Guests = current_app.extensions.setdefault("guests", Guests())
    try:
        return guests.of(reader(), visitor)
    except IronroomError:
        return Known()


def half_shown(text: str) -> str:
    """A contact as it is shown to be recognised: its beginning and end."""
    if len(text) <= 2 * _SHOWN:
        return "*" * len(text)
    return f"{text[:_SHOWN]}{'*' * (len(text) - 2 * _SHOWN)}{text[-_SHOWN:]}"
