"""Entries of the feed with their pictures beside the event, not far below it.

Rule: a picture belongs to the newest Entry before its asking that has that event and that place; where
there is none, it stays with its own Entry. Nothing is left out here; what is quiet is for the page to hide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from controller.core.words import Kind
from web.feed.row import Row, pictures, row

Entry = Mapping[str, Any]


def rows(
    entries: Iterable[Entry],
    say: Callable[[str], str],
    named: Callable[[str], str],
    zone: tzinfo,
) -> list[Row]:
    """Lines of Entries that are given oldest first, newest line first."""
    found: dict[int, Row] = {}
    owners: dict[int, int] = {}  # the event's Entry by the number of its Snapshot
    events: dict[tuple[str, str], int] = {}
    for entry in entries:
        line = row(entry, say, named, zone)
        found[line.n] = line
        if line.kind == Kind.SNAPSHOT:
            _asked(entry, found, owners, events)
        elif line.kind == Kind.PICTURES_TAKEN and entry.get("shot") in owners:
            _given(entry, found, owners[entry["shot"]])
        for event in (line.kind, str(entry.get("alarm", ""))):
            events[event, line.place] = line.n
    return sorted(found.values(), key=lambda one: -one.n)


def _asked(
    entry: Entry, found: dict[int, Row], owners: dict[int, int], events: dict[tuple[str, str], int]
) -> None:
    """Remember whose pictures were asked for."""
    owner = events.get((str(entry.get("why", "")), str(entry.get("place", ""))))
    if owner is not None and "shot" in entry:
        owners[entry["shot"]] = owner
        found[owner] = replace(found[owner], wanted=found[owner].wanted + len(entry.get("wanted", ())))


def _given(entry: Entry, found: dict[int, Row], owner: int) -> None:
    """Put pictures beside their event."""
    line = found[owner]
    every = sorted({*line.pictures, *pictures(entry)}, key=lambda one: (one.moment, one.camera))
    found[owner] = replace(line, pictures=tuple(every))
