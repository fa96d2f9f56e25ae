"""Which pictures belong to an Entry. Rule: what the log names; nothing is opened here."""

from __future__ import annotations

from controller.core.words import Kind
from web.feed.row import Picture, pictures
from web.feed.rows import rows
from web.i18n import translated
from web.log import Entry, entries
from web.names import name
from web.review.here import here

AFTER = 120
"""Entries behind an event among which its pictures are looked for: they come within seconds."""


def pictured(entry: Entry, look: int) -> tuple[Picture, ...]:
    """Pictures of an Entry in order of their moments, before, at and after it."""
    if entry.get("kind") in (Kind.PICTURES_TAKEN, Kind.SNAPSHOT):
        return pictures(entry) or _given(int(entry["n"]), look)
    return _given(int(entry["n"]), look)


def _given(n: int, look: int) -> tuple[Picture, ...]:
    run = list(entries(after=n - 1, before=min(look, n + AFTER), limit=AFTER))
    found = {line.n: line for line in rows(run, translated, name, here())}
    return found[n].pictures if n in found else ()
