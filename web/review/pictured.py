"""Which pictures belong to an Entry. Rule: what the log names; nothing is opened here."""

from __future__ import annotations

from controller.core.words import Kind
from web.feed.row import Picture, pictures
from web.feed.rows import rows
from web.i18n import translated
from web.log import Entry, entries
from web.names import name
from web.now.shots import shots
from web.review.here import here

AFTER = 120
"""Entries behind an event among which its pictures are looked for: they come within seconds."""


def pictured(entry: Entry, raised: Entry | None, look: int) -> tuple[Picture, ...]:
    """Pictures of an Entry in order of their moments, before, at and after it.

    An Entry of an alarm, which ``raised`` began, and the fact behind it have the pictures of that alarm.
    """
    own = pictures(entry) if entry.get("kind") in (Kind.PICTURES_TAKEN, Kind.SNAPSHOT) else ()
    found = own or _given(int(entry["n"]), look)
    return found if found or raised is None else _of_alarm(raised)


def _of_alarm(raised: Entry) -> tuple[Picture, ...]:
    asked = shots(int(raised["n"]), str(raised.get("place", "")), str(raised.get("alarm", "")))
    found = (Picture(one.n, one.camera, one.moment) for one in asked if one.n is not None)
    return tuple(sorted(found, key=lambda one: (one.moment, one.camera)))


def _given(n: int, look: int) -> tuple[Picture, ...]:
    run = list(entries(after=n - 1, before=min(look, n + AFTER), limit=AFTER))
    found = {line.n: line for line in rows(run, translated, name, here())}
    return found[n].pictures if n in found else ()
