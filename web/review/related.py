"""What belongs to an Entry: the life of its alarm, and the Session of its room. Rule: as the log tells it.

An alarm is raised in the step that wrote the fact down, at the same moment and place; it ends with the
first acknowledgement behind it. A Session goes from `room_opened` to the next `room_closed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from controller.core.words import Kind
from controller.ledger.selection import Selection
from web.desk import me
from web.log import Entry, reader
from web.review.here import plan
from web.review.places import room_of

LIFE = (Kind.ALARM_RAISED, Kind.ALARM_TAKEN, Kind.ALARM_ESCALATED, Kind.ALARM_ACKNOWLEDGED)
NO_CAUSE = frozenset({*LIFE, Kind.SNAPSHOT, Kind.PICTURES_TAKEN})
SESSION = (Kind.ROOM_OPENED, Kind.ROOM_CLOSED)
NEARBY = 12
"""Entries of one step: what raises an alarm, and what else it moves."""
MOST = 40
"""Entries of one alarm's life that are listed."""


@dataclass(frozen=True, slots=True)
class Session:
    """A Session of a room: the Entry that began it, and the one that ended it, None while it goes on."""

    room: str
    opened: Entry
    closed: Entry | None


def alarm_of(entry: Entry, look: int) -> list[Entry]:
    """The life of the alarm that an Entry raised or is about, oldest first; [] for none."""
    raised = _raised(entry, look)
    if raised is None:
        return []
    life = [raised]
    for one in islice(_near(raised, LIFE[1:], look), MOST):
        life.append(one)
        if one["kind"] == Kind.ALARM_ACKNOWLEDGED:
            break
    return life


def cause_of(raised: Entry) -> Entry | None:
    """What raised an alarm: the last fact before it in the same step, at the same place, no picture."""
    n, place = int(raised["n"]), str(raised.get("place", ""))
    before = Selection(max(-1, n - NEARBY), n, newest_first=True, places=(place,))
    facts = (one for one in _told(before) if "kind" in one and one["kind"] not in NO_CAUSE)
    return next((one for one in facts if one.get("at") == raised.get("at")), None)


def session_of(entry: Entry, look: int) -> Session | None:
    """The Session in which an Entry was written; None where its room was closed or it is of no room."""
    room, n = room_of(plan(), str(entry.get("place", ""))), int(entry["n"])
    if not room:
        return None
    before = Selection(-1, n + 1, newest_first=True, kinds=SESSION, places=(room,))
    found = next(_told(before), None)
    if found is not None and found["kind"] == Kind.ROOM_CLOSED and int(found["n"]) == n:
        found = next(_told(Selection(-1, n, newest_first=True, kinds=SESSION, places=(room,))), None)
        return Session(room, found, entry) if found and found["kind"] == Kind.ROOM_OPENED else None
    if found is None or found["kind"] != Kind.ROOM_OPENED:
        return None
    behind = Selection(n, look, kinds=SESSION, places=(room,))
    closed = next(_told(behind), None)
    return Session(room, found, closed if closed and closed["kind"] == Kind.ROOM_CLOSED else None)


def _raised(entry: Entry, look: int) -> Entry | None:
    """The Entry that raised it."""
    n, place = int(entry["n"]), str(entry.get("place", ""))
    if entry["kind"] == Kind.ALARM_RAISED:
        return entry
    if entry["kind"] in LIFE:
        selection = Selection(-1, n, newest_first=True, kinds=(Kind.ALARM_RAISED,), places=(place,))
        return next((one for one in _told(selection) if one.get("alarm") == entry.get("alarm")), None)
    behind = Selection(n, min(look, n + NEARBY), kinds=(Kind.ALARM_RAISED,), places=(place,))
    return next((one for one in _told(behind) if one.get("at") == entry.get("at")), None)


def _near(raised: Entry, kinds: tuple[Kind, ...], look: int) -> Iterator[Entry]:
    selection = Selection(int(raised["n"]), look, kinds=kinds, places=(str(raised.get("place", "")),))
    return (one for one in _told(selection) if one.get("alarm") == raised.get("alarm"))


def _told(selection: Selection) -> Iterator[Entry]:
    """One by one, so that nothing is looked for behind what was wanted."""
    return reader().selected(selection, 1, sealed=me().sees_sealed)
